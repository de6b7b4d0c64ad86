//! What two or more layer sets say of the articles that all of them have done.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, CharRange, Digest, LooseAnnotation, layer::REVIEW};
use goldpress_store::{Dataset, labels::LabelFile};

use crate::sets::{LabelError, LabelName, LabelSets};

/// One set's word on one layer of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Accepted and edited annotations of the layer, less those left out.
    pub annotations: Vec<LooseAnnotation>,
    /// Whether the person saw suggestions: then people agree with what they were shown.
    pub saw_suggestions: bool,
    /// Versions of guidelines under which it was decided.
    pub guidelines: BTreeSet<String>,
}

/// One article that takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    /// The article.
    pub doc_id: Digest,
    /// Length of its text in code points.
    pub n_chars: u32,
    /// One opinion a set, in the order of the sets.
    pub opinions: Vec<Opinion>,
    /// Annotations inside regions that one of the sets did not judge.
    pub n_left_out: u64,
}

impl Gathered {
    /// Whether nobody marked anything: that adds nothing to counts, and is told apart.
    pub fn is_empty(&self) -> bool {
        self.opinions.iter().all(|opinion| opinion.annotations.is_empty())
    }

    /// Whether nobody saw suggestions.
    pub fn is_blind(&self) -> bool {
        !self.opinions.iter().any(|opinion| opinion.saw_suggestions)
    }
}

/// Articles of which every one of `sets` holds `done` for the layer, by `doc_id`.
///
/// Files are read as they stand and not checked.
///
/// # Errors
///
/// A file cannot be read, or a line of it is not sound.
pub fn gather(
    dataset: &Dataset,
    sets: &[String],
    layer: &str,
) -> Result<Vec<Gathered>, LabelError> {
    let folder = LabelSets::of(dataset.root());
    let mut docs: BTreeMap<Digest, usize> = BTreeMap::new();
    for name in folder.list()?.into_iter().filter(|name| sets.contains(&name.set)) {
        *docs.entry(name.doc).or_default() += 1;
    }
    let mut all = Vec::new();
    for doc in docs.into_iter().filter(|(_, n)| *n == sets.len()).map(|(doc, _)| doc) {
        let mut files = Vec::with_capacity(sets.len());
        for set in sets {
            let name = LabelName { set: set.clone(), doc };
            files.extend(folder.read(&name)?.filter(|file| done(file, layer).is_some()));
        }
        if files.len() == sets.len() {
            all.push(gathered(doc, &files, layer));
        }
    }
    Ok(all)
}

fn gathered(doc_id: Digest, files: &[LabelFile], layer: &str) -> Gathered {
    let regions: Vec<CharRange> = files
        .iter()
        .flat_map(|file| reviews(file, "unannotated", layer))
        .flat_map(|a| &a.fragments)
        .copied()
        .collect();
    let mut n_left_out = 0;
    let mut opinions = Vec::with_capacity(files.len());
    for file in files {
        let lines = file.lines.iter().filter(|line| {
            line.annotation.layer == layer && line.provenance.status.counts()
        });
        let mut annotations = Vec::new();
        let mut guidelines = BTreeSet::new();
        for line in lines {
            guidelines.extend(line.provenance.guideline.clone());
            match is_inside(&line.annotation, &regions) {
                true => n_left_out += 1,
                false => annotations.push(line.annotation.clone()),
            }
        }
        let suggestions =
            done(file, layer).and_then(|done| done.attrs.get("suggestions"));
        let saw_suggestions =
            matches!(suggestions, Some(AttrValue::List(sets)) if !sets.is_empty());
        opinions.push(Opinion { annotations, saw_suggestions, guidelines });
    }
    let n_chars = files.first().map_or(0, |file| file.header.chars);
    Gathered { doc_id, n_chars, opinions, n_left_out }
}

fn is_inside(annotation: &LooseAnnotation, regions: &[CharRange]) -> bool {
    let inside = |range: &CharRange| {
        regions
            .iter()
            .any(|region| region.start <= range.start && range.end <= region.end)
    };
    !annotation.fragments.is_empty() && annotation.fragments.iter().all(inside)
}

fn done<'f>(file: &'f LabelFile, layer: &'f str) -> Option<&'f LooseAnnotation> {
    reviews(file, "done", layer).next()
}

fn reviews<'f>(
    file: &'f LabelFile,
    label: &'f str,
    layer: &'f str,
) -> impl Iterator<Item = &'f LooseAnnotation> {
    file.lines
        .iter()
        .filter(|line| line.provenance.status.counts())
        .map(|line| &line.annotation)
        .filter(move |a| a.layer == REVIEW && a.label == label)
        .filter(move |a| a.attrs.get("of").and_then(AttrValue::as_text) == Some(layer))
}
