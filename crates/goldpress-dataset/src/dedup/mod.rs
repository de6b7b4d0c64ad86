//! Near-duplicates: which articles are copies of one another, as clusters.
//!
//! A body is a set of shingles. Bodies that share a band of their signatures are compared,
//! first by the signatures, then exactly. Each cluster has a keeper, the first of it in
//! input order, and every other member is as similar to the keeper as was asked for: a
//! chain of small changes does not join its ends.
//!
//! # Boilerplate
//!
//! Short articles of one outlet may share more words of a standing text than they have of
//! their own. Where two articles of one outlet (or of none known) share what at least ten
//! that resemble others of that outlet have, and more than a seventh of each is their own,
//! only what is their own is compared. Copies at different outlets are compared whole,
//! however many there are.

mod groups;
mod signature;
mod sketches;
mod standing;

use std::{
    collections::{HashMap, HashSet},
    io,
};

use goldpress_model::Digest;
use goldpress_store::{BodyRow, Dataset, DedupRow, StoreError};
use goldpress_text::Shingles;
use rayon::prelude::*;

pub use self::signature::{BANDS, PERMUTATIONS, Signature};
use self::{
    groups::Groups,
    sketches::{Sketch, Sketches, Writer},
    standing::Standing,
};

/// Bodies that are sketched side by side.
const BATCH_ROWS: usize = 512;
/// How far below the threshold an estimate may be for the pair to be compared exactly:
/// three standard errors of 128 permutations.
const SLACK: f32 = 0.13;
/// Share of own shingles below which two documents are not more than their boilerplate.
const OWN: f32 = 1.0 / 7.0;

/// What is a near-duplicate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DedupOptions {
    /// Words of a shingle.
    pub shingle: usize,
    /// Least Jaccard similarity to the keeper, in `0.0..=1.0`.
    pub threshold: f32,
    /// Bytes of band keys, and of counts of shingles, in memory; beyond them they are
    /// sorted on disk.
    pub memory: usize,
}

impl Default for DedupOptions {
    fn default() -> Self {
        DedupOptions { shingle: 5, threshold: 0.6, memory: 512 << 20 }
    }
}

/// Why clusters could not be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DedupError {
    /// The dataset cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk that holds what memory does not.
    #[error("temporary files: {0}")]
    Scratch(#[from] io::Error),
    /// More documents than there are numbers.
    #[error("there are more than {} articles", u32::MAX)]
    TooMany,
}

/// The clusters of a dataset, a row a document in input order.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Rows of `dedup.parquet`.
    pub rows: Vec<DedupRow>,
    /// Clusters of at least two articles, the largest first.
    pub clusters: Vec<Cluster>,
    /// Articles whose body stood in an earlier row.
    pub n_exact: u64,
    /// Articles that are near-duplicates of an earlier row and no exact ones.
    pub n_near: u64,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its keeper, by which it is called.
    pub keeper: Digest,
    /// The keeper's headline, if it has one.
    pub headline: Option<String>,
    /// Number of articles.
    pub n_articles: u64,
    /// Number of outlets, of articles whose outlet is known.
    pub n_sources: u64,
    /// Least similarity to the keeper, in `0.0..=1.0`.
    pub least: f32,
}

/// What is known of a row.
struct Row {
    doc_id: Digest,
    /// The document whose body it has.
    document: u32,
    source: Option<u32>,
}

/// Finds exact and near-duplicates.
///
/// The same for any number of threads and any bound on memory. Takes about 60 bytes an
/// article, besides the band keys and counts up to their bound.
///
/// # Errors
///
/// The dataset cannot be read, or there is no room for temporary files.
pub fn dedup(dataset: &Dataset, options: &DedupOptions) -> Result<Clusters, DedupError> {
    clusters(dataset.bodies(), options)
}

/// As [`dedup`], of bodies from anywhere.
///
/// # Errors
///
/// As [`dedup`].
pub fn clusters(
    bodies: impl Iterator<Item = Result<BodyRow, StoreError>>,
    options: &DedupOptions,
) -> Result<Clusters, DedupError> {
    let mut bodies = bodies.peekable();
    let (mut rows, mut sources) = (Vec::new(), HashMap::new());
    let mut documents: HashMap<Digest, u32> = HashMap::new();
    let mut first_rows: Vec<usize> = Vec::new();
    let mut writer = Writer::new()?;
    let mut bands = Groups::within(options.memory / 2);
    while bodies.peek().is_some() {
        let batch: Vec<BodyRow> =
            bodies.by_ref().take(BATCH_ROWS).collect::<Result<_, _>>()?;
        let sketches: Vec<Option<Sketch>> = batch
            .par_iter()
            .map(|row| row.dup_of.is_none().then(|| sketch(&row.body, options.shingle)))
            .collect();
        for (row, sketch) in batch.into_iter().zip(sketches) {
            let n_sources =
                u32::try_from(sources.len()).map_err(|_| DedupError::TooMany)?;
            let source = row.source.map(|name| *sources.entry(name).or_insert(n_sources));
            let known = row.dup_of.and_then(|keeper| documents.get(&keeper).copied());
            let known = known.or_else(|| documents.get(&row.doc_id).copied());
            let document = match known {
                Some(document) => document,
                None => {
                    let document = u32::try_from(first_rows.len())
                        .map_err(|_| DedupError::TooMany)?;
                    let sketch = sketch
                        .unwrap_or_else(|| self::sketch(&row.body, options.shingle));
                    writer.push(&sketch)?;
                    if !sketch.shingles.is_empty() {
                        for key in sketch.signature.band_keys() {
                            bands.add(key, document)?;
                        }
                    }
                    documents.entry(row.doc_id).or_insert(document);
                    first_rows.push(rows.len());
                    document
                }
            };
            rows.push(Row { doc_id: row.doc_id, document, source });
        }
    }
    drop(documents);
    let sketches = writer.finish()?;
    let sources: Vec<Option<u32>> =
        first_rows.iter().map(|row| rows[*row].source).collect();
    let standing = Standing::of(&mut bands, &sketches, &sources, options.memory / 2)?;
    let compare = Compare { sketches, sources, standing, threshold: options.threshold };
    let components = components(bands, first_rows.len(), &compare)?;
    let keepers = keepers(&components, first_rows.len(), &compare)?;
    Ok(told(&rows, &first_rows, &keepers))
}

fn sketch(body: &str, shingle: usize) -> Sketch {
    let hashes = Shingles::of(body);
    let shingles: Vec<u32> = hashes.hashes(shingle).map(|hash| hash as u32).collect();
    Sketch { signature: Signature::of(&shingles), shingles }
}

/// Compares documents.
struct Compare {
    sketches: Sketches,
    sources: Vec<Option<u32>>,
    standing: Standing,
    threshold: f32,
}

impl Compare {
    /// The similarity of two documents that are near-duplicates; `None` of others.
    fn similarity(&self, a: u32, b: u32) -> io::Result<Option<f32>> {
        let signature = |document| self.sketches.signature(document);
        if signature(a)?.similarity(&signature(b)?) < self.threshold - SLACK {
            return Ok(None);
        }
        let (left, right) = (self.sketches.shingles(a)?, self.sketches.shingles(b)?);
        let similarity = jaccard(&left, &right);
        let (source, other) = (self.sources[a as usize], self.sources[b as usize]);
        let is_near = similarity >= self.threshold
            && (source != other || self.is_near_without_standing(source, &left, &right));
        Ok(is_near.then_some(similarity))
    }

    /// Whether two documents of one outlet are alike in what is their own, if that is
    /// worth a look.
    fn is_near_without_standing(
        &self,
        source: Option<u32>,
        left: &[u32],
        right: &[u32],
    ) -> bool {
        let own = |shingles: &[u32]| -> Vec<u32> {
            let is_own = |shingle: &u32| !self.standing.holds(source, *shingle);
            shingles.iter().copied().filter(is_own).collect()
        };
        let (own_left, own_right) = (own(left), own(right));
        let share = |own: &[u32], of: &[u32]| own.len() as f32 / of.len().max(1) as f32;
        let is_much = share(&own_left, left).min(share(&own_right, right)) > OWN;
        !is_much || jaccard(&own_left, &own_right) >= self.threshold
    }
}

/// The Jaccard similarity of two sorted sets, in `0.0..=1.0`; 0 of two empty ones.
fn jaccard(left: &[u32], right: &[u32]) -> f32 {
    let (mut l, mut r, mut both) = (0, 0, 0_usize);
    while let (Some(a), Some(b)) = (left.get(l), right.get(r)) {
        both += usize::from(a == b);
        l += usize::from(a <= b);
        r += usize::from(b <= a);
    }
    let all = left.len() + right.len() - both;
    if all == 0 { 0.0 } else { both as f32 / all as f32 }
}

/// Documents that a chain of near-duplicates joins: each with the first of its chain.
fn components(
    mut bands: Groups,
    n_documents: usize,
    compare: &Compare,
) -> io::Result<Vec<u32>> {
    let n_documents = u32::try_from(n_documents).unwrap_or(u32::MAX);
    let mut parents: Vec<u32> = (0..n_documents).collect();
    // In a group each is compared with the first and with the one before: all pairs would
    // be quadratic where many share a band.
    bands.each(&mut |_, group| {
        for pair in group.windows(2) {
            for other in [group[0], pair[0]] {
                let (a, b) = (root(&mut parents, other), root(&mut parents, pair[1]));
                if a != b && compare.similarity(other, pair[1])?.is_some() {
                    parents[a.max(b) as usize] = a.min(b);
                }
            }
        }
        Ok(())
    })?;
    Ok((0..n_documents).map(|document| root(&mut parents, document)).collect())
}

fn root(parents: &mut [u32], mut document: u32) -> u32 {
    while parents[document as usize] != document {
        let parent = parents[document as usize];
        // Halving the path keeps later ones short.
        parents[document as usize] = parents[parent as usize];
        document = parent;
    }
    document
}

/// The keeper of every document and the similarity to it: in each chain the first
/// document keeps what is near to it, the first of what is left the next, and so on.
fn keepers(
    components: &[u32],
    n_documents: usize,
    compare: &Compare,
) -> io::Result<Vec<(u32, f32)>> {
    let mut keepers: Vec<(u32, f32)> =
        (0..).take(n_documents).map(|n| (n, 1.0)).collect();
    let mut members: Vec<u32> = (0..).take(n_documents).collect();
    members.sort_by_key(|document| components[*document as usize]);
    let chains =
        members.chunk_by(|a, b| components[*a as usize] == components[*b as usize]);
    for chain in chains.filter(|chain| chain.len() > 1) {
        let mut left = chain.to_vec();
        while let Some((&keeper, others)) = left.split_first() {
            let mut rest = Vec::new();
            for &document in others {
                match compare.similarity(keeper, document)? {
                    Some(similarity) => {
                        keepers[document as usize] = (keeper, similarity);
                    }
                    None => rest.push(document),
                }
            }
            left = rest;
        }
    }
    Ok(keepers)
}

fn told(rows: &[Row], first_rows: &[usize], keepers: &[(u32, f32)]) -> Clusters {
    let keeper_of = |row: &Row| {
        let (keeper, similarity) = keepers[row.document as usize];
        (first_rows[keeper as usize], similarity)
    };
    let (mut n_exact, mut n_near) = (0, 0);
    let mut seen = HashSet::new();
    let mut members: Vec<(usize, usize)> = Vec::new();
    let mut made = Vec::with_capacity(rows.len());
    for (n, row) in rows.iter().enumerate() {
        let (keeper, similarity) = keeper_of(row);
        let is_keeper = keeper == n;
        n_exact += u64::from(first_rows[row.document as usize] != n);
        n_near += u64::from(!is_keeper && first_rows[row.document as usize] == n);
        members.push((keeper, n));
        made.push(DedupRow {
            doc_id: row.doc_id,
            cluster_id: rows[keeper].doc_id,
            keeper: is_keeper,
            similarity,
        });
    }
    members.sort_unstable();
    let same = |a: &(usize, usize), b: &(usize, usize)| a.0 == b.0;
    let cluster = |members: &[(usize, usize)]| {
        let mut sources: Vec<u32> =
            members.iter().filter_map(|(_, n)| rows[*n].source).collect();
        sources.sort_unstable();
        sources.dedup();
        let similar = members.iter().map(|(_, n)| made[*n].similarity);
        Cluster {
            keeper: rows[members[0].0].doc_id,
            headline: None,
            n_articles: members.len() as u64,
            n_sources: sources.len() as u64,
            least: similar.fold(1.0, f32::min),
        }
    };
    let groups = members.chunk_by(same).filter(|members| members.len() > 1);
    let mut clusters: Vec<Cluster> = groups.map(cluster).collect();
    // Stable: of equal size, the first in input order stands first.
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.n_articles));
    // Rows of one text are one document, and the first of them is.
    made.retain(|row: &DedupRow| seen.insert(row.doc_id));
    Clusters { rows: made, clusters, n_exact, n_near }
}

/// Adds the headlines of the first clusters of a list.
///
/// # Errors
///
/// The dataset cannot be read.
pub fn add_headlines(
    clusters: &mut [Cluster],
    dataset: &Dataset,
) -> Result<(), DedupError> {
    let mut by_keeper: HashMap<Digest, &mut Cluster> =
        clusters.iter_mut().map(|cluster| (cluster.keeper, cluster)).collect();
    let mut bodies = dataset.bodies();
    while !by_keeper.is_empty()
        && let Some(row) = bodies.next()
    {
        let row = row?;
        if let Some(cluster) = by_keeper.remove(&row.doc_id) {
            cluster.headline = row.headline;
        }
    }
    Ok(())
}
