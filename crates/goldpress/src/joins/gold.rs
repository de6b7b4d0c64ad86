//! Gold joined with the articles it speaks of.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{Body, CONTENT, GoldDocument, Snippets};
use goldpress_label::{GoldSet, gold_of_rows, set_hash};
use goldpress_model::{
    Article, AttrValue, CharIndex, CharRange, Digest, LooseAnnotation, layer,
};
use goldpress_store::Dataset;

use crate::exit::Refusal;

/// Name of the layer set that is gold.
pub(crate) const SET: &str = "gold";

/// All that is needed to score any run of a dataset.
pub(crate) struct Gold {
    /// Hash of the set.
    pub(crate) hash: Digest,
    /// Articles of the dataset without exact copies of others.
    pub(crate) n_keepers: u64,
    pub(super) documents: Vec<Document>,
}

/// Which of several near-copies are scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Duplicates {
    /// The keeper of each cluster
    Keepers,
    /// Every copy
    All,
}

/// Gold of one article, with its text cut into words.
pub(super) struct Document {
    pub(super) doc_id: Digest,
    hash: Digest,
    source: Option<String>,
    /// The input that it came from, with the record where a file holds several.
    file: String,
    text: String,
    pub(super) covered: BTreeSet<String>,
    /// Words of the text, where a metric counts them.
    words: Vec<CharRange>,
    pub(super) annotations: Vec<LooseAnnotation>,
    unannotated: BTreeMap<String, Vec<CharRange>>,
    pub(super) body: Body,
    snippets: Snippets,
}

impl Gold {
    /// Reads compiled gold and the articles it speaks of.
    ///
    /// # Errors
    ///
    /// There is no compiled gold (a refusal), a table cannot be read, or gold speaks of an
    /// article that the dataset does not hold.
    pub(crate) fn read(dataset: &Dataset) -> anyhow::Result<Gold> {
        let set = gold_of_rows(dataset.annotations(), SET)?;
        if set.documents.is_empty() {
            let root = dataset.root().display();
            return Err(Refusal::error(
                "it has no compiled gold",
                format!(
                    "goldpress label import FILES --as gold --dataset {root}, \
                     then goldpress label build {root}"
                ),
            ));
        }
        Gold::join(dataset, set)
    }

    fn join(dataset: &Dataset, set: GoldSet) -> anyhow::Result<Gold> {
        let mut waiting: BTreeMap<Digest, goldpress_label::GoldDocument> = set
            .documents
            .into_iter()
            .map(|document| (document.doc_id, document))
            .collect();
        let mut documents = Vec::with_capacity(waiting.len());
        let mut n_keepers = 0;
        for article in dataset.keepers() {
            let article = article?;
            n_keepers += 1;
            if let Some(gold) = waiting.remove(&article.doc_id()) {
                documents.push(Document::of(&article, gold));
            }
        }
        if let Some(gone) = waiting.keys().next() {
            return Err(Refusal::error(
                format!("gold speaks of article {gone}, which is not in it"),
                "the text changed or the article is a copy of another: see `goldpress label check`",
            ));
        }
        documents.sort_by_key(|document| document.doc_id);
        Ok(Gold { hash: set.hash, n_keepers, documents })
    }

    /// Leaves near-copies out: of each cluster of `dedup.parquet` its keeper alone is
    /// scored, or the first that has gold. Gives how many went; `None` where nobody looked
    /// for copies, or all are wanted: then copies share a cluster with each other.
    ///
    /// # Errors
    ///
    /// The table cannot be read, or is made of other articles.
    pub(crate) fn leave_copies_out(
        &mut self,
        dataset: &Dataset,
        which: Duplicates,
    ) -> anyhow::Result<Option<u64>> {
        let mut clusters: BTreeMap<Digest, Digest> = BTreeMap::new();
        for row in dataset.dedup()? {
            let row = row?;
            clusters.insert(row.doc_id, row.cluster_id);
        }
        if clusters.is_empty() {
            return Ok(None);
        }
        let cluster = |doc: Digest| clusters.get(&doc).copied().unwrap_or(doc);
        if which == Duplicates::All {
            self.tie_copies(cluster);
            return Ok(None);
        }
        let with_gold: BTreeSet<Digest> =
            self.documents.iter().map(|one| one.doc_id).collect();
        let mut taken: BTreeSet<Digest> = BTreeSet::new();
        let is_kept = |doc: &Digest| {
            let keeper = cluster(*doc);
            // The keeper of a cluster gives it its name.
            *doc == keeper || !with_gold.contains(&keeper) && taken.insert(keeper)
        };
        let n_before = self.documents.len();
        let kept: BTreeSet<Digest> = with_gold.iter().copied().filter(is_kept).collect();
        if kept.len() < n_before {
            self.keep(&kept);
        }
        Ok(Some((n_before - kept.len()) as u64))
    }

    /// Puts outlets that share a copy under one name, so that no test takes them for
    /// independent of each other.
    fn tie_copies(&mut self, cluster: impl Fn(Digest) -> Digest) {
        let own = |one: &Document| one.source.clone().unwrap_or(one.doc_id.to_string());
        let mut name: BTreeMap<String, String> =
            self.documents.iter().map(|one| (own(one), own(one))).collect();
        let mut first: BTreeMap<Digest, String> = BTreeMap::new();
        for one in &self.documents {
            let (here, there) = (
                name[&own(one)].clone(),
                first.entry(cluster(one.doc_id)).or_insert_with(|| own(one)).clone(),
            );
            let there = name[&there].clone();
            name.values_mut()
                .filter(|name| **name == here)
                .for_each(|n| n.clone_from(&there));
        }
        let sizes =
            name.values().fold(BTreeMap::new(), |mut n: BTreeMap<String, u64>, one| {
                *n.entry(one.clone()).or_default() += 1;
                n
            });
        for one in &mut self.documents {
            let tied = &name[&own(one)];
            if sizes[tied] > 1 {
                one.source = Some(tied.clone());
            }
        }
    }

    /// Leaves all documents out but some; the hash becomes that of what is left.
    pub(super) fn keep(&mut self, kept: &BTreeSet<Digest>) {
        self.documents.retain(|document| kept.contains(&document.doc_id));
        self.hash = set_hash(self.documents.iter().map(|one| (one.doc_id, one.hash)));
    }

    /// Cuts every text into words, for metrics that count these.
    pub(crate) fn cut_words(&mut self) {
        for document in &mut self.documents {
            let index = CharIndex::new(&document.text);
            let words = goldpress_text::words(&document.text);
            document.words = words.map(|word| index.chars(word)).collect();
        }
    }

    /// Documents that cover a layer.
    pub(crate) fn covering(&self, layer: &str) -> Vec<Digest> {
        let covers = |one: &&Document| one.covered.contains(layer);
        self.documents.iter().filter(covers).map(|one| one.doc_id).collect()
    }

    /// Number of documents.
    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Each document with the hash of its gold and its source, by `doc_id`.
    pub(crate) fn documents(
        &self,
    ) -> impl Iterator<Item = (Digest, Digest, Option<&str>)> {
        self.documents.iter().map(|one| (one.doc_id, one.hash, one.source.as_deref()))
    }

    /// The input files of some documents, by `doc_id`.
    pub(crate) fn files(&self, named: &BTreeSet<String>) -> BTreeMap<String, String> {
        let name = |one: &Document| Some((one.doc_id.to_string(), one.file.clone()));
        let all = self.documents.iter().filter_map(name);
        all.filter(|(doc, _)| named.contains(doc)).collect()
    }

    /// The bodies that gold gives, by document.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = (Digest, &str)> {
        let with_body = self.documents.iter().filter(|one| one.covered.contains(CONTENT));
        with_body.map(|one| (one.doc_id, one.body.text.as_str()))
    }

    /// Documents that are marked in a layer and in which it is not done, by layer.
    pub(crate) fn n_open(&self) -> BTreeMap<String, u64> {
        let mut n = BTreeMap::new();
        for document in &self.documents {
            let marked = document.annotations.iter().map(|line| line.layer.as_str());
            let marked: BTreeSet<&str> = marked.collect();
            for layer in marked.into_iter().filter(|one| !document.covered.contains(*one))
            {
                *n.entry(layer.to_owned()).or_default() += 1;
            }
        }
        n
    }

    /// Documents that cover each layer; the body of an article counts as `content`.
    pub(crate) fn n_documents(&self) -> BTreeMap<String, u64> {
        let mut n = BTreeMap::new();
        for layer in self.documents.iter().flat_map(|document| &document.covered) {
            *n.entry(layer.clone()).or_default() += 1;
        }
        n
    }
}

impl Document {
    fn of(article: &Article, gold: goldpress_label::GoldDocument) -> Document {
        let text = article.text();
        let index = CharIndex::new(text);
        let mut covered = gold.covered;
        let (body, snippets) = body_of(article, &index, &gold.annotations, &covered);
        if body.is_some() {
            covered.insert(CONTENT.to_owned());
        }
        Document {
            doc_id: gold.doc_id,
            hash: gold.hash,
            source: article.parts().source.clone(),
            file: file_of(article),
            text: text.to_owned(),
            covered,
            words: Vec::new(),
            annotations: gold.annotations,
            unannotated: gold.unannotated,
            body: body.unwrap_or_default(),
            snippets,
        }
    }

    /// Which blocks of its article the gold roles make body.
    pub(super) fn body_blocks(&self, article: &Article) -> Vec<bool> {
        let index = CharIndex::new(article.text());
        let blocks = self.annotations.iter().filter(|line| line.layer == layer::BLOCK);
        let is_body = |line: &&LooseAnnotation| {
            line.label.parse::<goldpress_model::Role>().is_ok_and(|role| role.is_body())
        };
        let spans: Vec<_> = blocks
            .filter(is_body)
            .flat_map(|line| &line.fragments)
            .filter_map(|range| index.span(*range).ok())
            .collect();
        let is_held = |block: &goldpress_model::Block| {
            spans.iter().any(|span| span.overlaps(block.span))
        };
        article.blocks().iter().map(is_held).collect()
    }

    pub(super) fn view(&self) -> GoldDocument<'_> {
        let regions = self.unannotated.iter().flat_map(|(layer, ranges)| {
            ranges.iter().map(|&range| goldpress_eval::Region { layer, range })
        });
        GoldDocument {
            covered: self.covered.iter().map(String::as_str).collect(),
            regions: regions.collect(),
            // No metric of the default tables counts words of the text.
            tokens: &self.words,
            body: self.body.clone(),
            snippets: self.snippets.clone(),
            ..GoldDocument::reviewed(self.doc_id, &self.text, &self.annotations)
        }
    }
}

/// The input of an article: the name of its file, and the record where it is not the first.
fn file_of(article: &Article) -> String {
    let origin = &article.parts().origin;
    let name = origin.file.rsplit('/').next().unwrap_or(&origin.file);
    match origin.record {
        0 | 1 => name.to_owned(),
        record => format!("{name} record {record}"),
    }
}

/// The gold body: of gold blocks where they are done, else the text that came with them.
fn body_of(
    article: &Article,
    index: &CharIndex<'_>,
    annotations: &[LooseAnnotation],
    covered: &BTreeSet<String>,
) -> (Option<Body>, Snippets) {
    if covered.contains(layer::BLOCK) {
        let blocks = annotations.iter().filter(|line| line.layer == layer::BLOCK);
        let is_main = |line: &&LooseAnnotation| {
            line.label
                .parse::<goldpress_model::Role>()
                .is_ok_and(goldpress_model::Role::is_body)
        };
        let mut spans: Vec<_> = blocks
            .filter(is_main)
            .flat_map(|line| &line.fragments)
            .filter_map(|range| index.span(*range).ok())
            .collect();
        spans.sort();
        let lines: Vec<&str> =
            spans.iter().map(|span| span.slice(article.text())).collect();
        return (Some(cut(&lines.join("\n\n"))), Snippets::default());
    }
    let whole = annotations.iter().find(|line| line.label == "articleBody");
    let Some(whole) = whole.filter(|_| covered.contains(layer::METADATA)) else {
        return (None, Snippets::default());
    };
    let snippets = |name: &str| match whole.attrs.get(name) {
        Some(AttrValue::List(texts)) => {
            texts.iter().map(|text| cut(text).tokens).collect()
        }
        _ => Vec::new(),
    };
    let text = whole.attrs.get("value").and_then(AttrValue::as_text).unwrap_or_default();
    (Some(cut(text)), Snippets { with: snippets("with"), without: snippets("without") })
}

/// A text with its words, both in NFC and without what the normaliser removes.
pub(super) fn cut(text: &str) -> Body {
    let text: Vec<String> =
        text.lines().map(goldpress_text::normalise_fragment).collect();
    let text = text.join("\n");
    let tokens =
        goldpress_text::words(&text).map(|word| word.slice(&text).to_owned()).collect();
    Body { text, tokens }
}
