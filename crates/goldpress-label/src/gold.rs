//! Gold as those who score read it: what counts, what is covered, what nobody judged.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, CharRange, Digest, LooseAnnotation, layer::REVIEW};
use goldpress_store::{CompiledAnnotation, Dataset, json::canonical, labels::LabelLine};
use serde_json::{Value, json};

use crate::sets::{LabelError, LabelSets};

/// The gold of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldDocument {
    /// The article.
    pub doc_id: Digest,
    /// Annotations that are accepted or edited, of all layers but `review`.
    pub annotations: Vec<LooseAnnotation>,
    /// Layers that are done: what is not marked there is not there.
    pub covered: BTreeSet<String>,
    /// Regions that nobody judged, by layer.
    pub unannotated: BTreeMap<String, Vec<CharRange>>,
    /// What makes this gold equal to another.
    pub hash: Digest,
}

/// The gold of a dataset.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldSet {
    /// Documents by `doc_id`; those without a line are not among them.
    pub documents: Vec<GoldDocument>,
    /// What makes this set equal to another: of all documents and their gold.
    pub hash: Digest,
}

/// Reads a layer set as gold, from its label files.
///
/// Files are read as they stand and not checked: `label check` does that.
///
/// # Errors
///
/// A file cannot be read, or a line of it is not sound.
pub fn gold(dataset: &Dataset, set: &str) -> Result<GoldSet, LabelError> {
    let sets = LabelSets::of(dataset.root());
    let mut documents = Vec::new();
    for name in sets.list()?.into_iter().filter(|name| name.set == set) {
        if let Some(file) = sets.read(&name)? {
            documents.push(document(name.doc, file.lines));
        }
    }
    Ok(gold_set(documents))
}

/// The same from compiled rows, which `label build` has checked and put in order.
///
/// # Errors
///
/// The first error among the rows.
pub fn gold_of_rows<E>(
    rows: impl Iterator<Item = Result<CompiledAnnotation, E>>,
    set: &str,
) -> Result<GoldSet, E> {
    let mut documents = Vec::new();
    let mut open: Option<(Digest, Vec<LabelLine>)> = None;
    for row in rows {
        let row = row?;
        if row.set != set {
            continue;
        }
        match &mut open {
            Some((doc, lines)) if *doc == row.doc_id => lines.push(row.line),
            _ => {
                let done = open.replace((row.doc_id, vec![row.line]));
                documents.extend(done.map(|(doc, lines)| document(doc, lines)));
            }
        }
    }
    documents.extend(open.map(|(doc, lines)| document(doc, lines)));
    Ok(gold_set(documents))
}

fn gold_set(mut documents: Vec<GoldDocument>) -> GoldSet {
    documents.sort_by_key(|document| document.doc_id);
    let hash = set_hash(documents.iter().map(|one| (one.doc_id, one.hash)));
    GoldSet { hash, documents }
}

/// What makes a set of gold equal to another: documents with the hash of the gold of each,
/// by `doc_id`.
pub fn set_hash(documents: impl Iterator<Item = (Digest, Digest)>) -> Digest {
    let spelt: String = documents.map(|(doc, hash)| format!("{doc} {hash}\n")).collect();
    Digest::of(spelt.as_bytes())
}

fn document(doc_id: Digest, lines: Vec<LabelLine>) -> GoldDocument {
    let hash = gold_hash(&lines);
    let mut covered = BTreeSet::new();
    let mut unannotated: BTreeMap<String, Vec<CharRange>> = BTreeMap::new();
    let mut annotations = Vec::new();
    for line in lines.into_iter().filter(|line| line.provenance.status.counts()) {
        let annotation = line.annotation;
        if annotation.layer != REVIEW {
            annotations.push(annotation);
            continue;
        }
        let of = annotation.attrs.get("of").and_then(AttrValue::as_text);
        let Some(of) = of.map(str::to_owned) else { continue };
        match annotation.label.as_str() {
            "done" => {
                covered.insert(of);
            }
            "unannotated" => {
                unannotated.entry(of).or_default().extend(&annotation.fragments);
            }
            _ => {}
        }
    }
    GoldDocument { doc_id, annotations, covered, unannotated, hash }
}

/// What makes the gold of two documents equal: content alone.
///
/// Ids, order, notes and provenance do not count, so that adjudicating again to the same
/// result changes no baseline. Targets are named by what they say and where they stand.
pub fn gold_hash<'a>(lines: impl IntoIterator<Item = &'a LabelLine>) -> Digest {
    let annotations: Vec<&LooseAnnotation> = lines
        .into_iter()
        .filter(|line| line.provenance.status.counts())
        .map(|line| &line.annotation)
        .collect();
    let by_id: BTreeMap<&str, &LooseAnnotation> = annotations
        .iter()
        .map(|annotation| (annotation.id.as_str(), *annotation))
        .collect();
    let mut spelt: Vec<String> = annotations
        .iter()
        .map(|annotation| canonical(&reduced(annotation, &by_id)))
        .collect();
    spelt.sort();
    Digest::of(spelt.join("\n").as_bytes())
}

fn reduced(
    annotation: &LooseAnnotation,
    by_id: &BTreeMap<&str, &LooseAnnotation>,
) -> Value {
    let place = |annotation: &LooseAnnotation| -> Vec<(u32, u32)> {
        annotation.fragments.iter().map(|range| (range.start, range.end)).collect()
    };
    if annotation.layer == REVIEW {
        let of = annotation.attrs.get("of");
        return json!({"label": annotation.label, "of": of, "fragments": place(annotation)});
    }
    let target = |id: &String| match by_id.get(id.as_str()) {
        Some(target) => json!([target.layer, target.label, place(target)]),
        None => json!(id),
    };
    let mut args: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (role, ids) in &annotation.args {
        let mut targets: Vec<Value> = ids.iter().map(target).collect();
        targets.sort_by_key(canonical);
        args.insert(role, targets);
    }
    let attrs: BTreeMap<&String, &AttrValue> =
        annotation.attrs.iter().filter(|(name, _)| *name != "note").collect();
    json!({
        "layer": annotation.layer,
        "label": annotation.label,
        "fragments": place(annotation),
        "args": args,
        "attrs": attrs,
    })
}
