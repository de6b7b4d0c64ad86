//! `done`: somebody has been through a layer of an article, and what is not marked there is
//! not there.

use std::collections::BTreeMap;

use goldpress_model::{
    AttrValue, LooseAnnotation, ProposedBy, Provenance, Schema, Status, layer::REVIEW,
};
use goldpress_store::{
    Dataset,
    labels::{LabelFile, LabelHeader, LabelLine, new_id},
};

use crate::{
    checks::{Entries, Finding, Severity, TextOf, When, check_entries},
    locks::lock,
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
};

/// What became of the layers of one article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoneReport {
    /// Annotations that count, by layer that is done now.
    pub done: BTreeMap<String, u64>,
    /// Layers that were done before.
    pub held: Vec<String>,
    /// What keeps layers from being done; then nothing is written.
    pub findings: Vec<Finding>,
}

/// Says that a person has been through some layers of an article.
///
/// An article without a label file gets one: read, and nothing to mark. Layers that lack
/// something are named with their lines, and nothing is written.
///
/// # Errors
///
/// The schema is not valid or lacks a layer; a file cannot be read or written.
pub fn mark_done(
    dataset: &Dataset,
    article: &TextOf<'_>,
    set: &str,
    layers: &[String],
) -> Result<DoneReport, LabelError> {
    let schema = load_schema(dataset.root())?;
    let sets = LabelSets::of(dataset.root());
    let name = LabelName { set: set.to_owned(), doc: article.doc };
    let _locks = lock(&sets, [set])?;
    let chars = u32::try_from(article.text.chars().count()).unwrap_or(u32::MAX);
    let header = LabelHeader { chars, doc: name.doc, set: name.set.clone() };
    let empty = LabelFile { header, lines: Vec::new() };
    let mut file = sets.read(&name)?.unwrap_or(empty);
    let mut report = DoneReport::default();
    for layer in layers {
        if file.lines.iter().any(|line| says_done(line, layer)) {
            report.held.push(layer.clone());
            continue;
        }
        let line = done_line(layer, decided(&schema), &file);
        file.lines.push(line);
        let of_layer = file.lines.iter().filter(|line| {
            line.annotation.layer == *layer && line.provenance.status.counts()
        });
        report.done.insert(layer.clone(), of_layer.count() as u64);
    }
    let path = format!("labels/{}/{}.jsonl", name.set, name.doc);
    let errors = check(&schema, article, &file, When::Complete).into_iter();
    report.findings = errors
        .filter(|finding| finding.severity == Severity::Error)
        // Line 1 is the header.
        .map(|finding| Finding { file: path.clone(), line: finding.line + 2, ..finding })
        .collect();
    if report.findings.is_empty() {
        sets.write(&schema, article, &file)?;
    }
    Ok(report)
}

/// What a person decides under a schema.
fn decided(schema: &Schema) -> Provenance {
    Provenance {
        status: Status::Accepted,
        origin: ProposedBy::Human,
        from: Vec::new(),
        was: None,
        carried: None,
        guideline: Some(schema.id()),
        spent_ds: None,
    }
}

/// Findings whose line is the place in the file's list, counted from 0.
pub(crate) fn check(
    schema: &Schema,
    article: &TextOf<'_>,
    file: &LabelFile,
    when: When,
) -> Vec<Finding> {
    let lines = file.lines.iter().enumerate().collect();
    let entries = Entries { set: &file.header.set, lines, judged: &[], file: "" };
    check_entries(schema, article, entries, when)
}

/// Whether a line says that a layer is done.
pub(crate) fn says_done(line: &LabelLine, layer: &str) -> bool {
    line.annotation.layer == REVIEW
        && line.annotation.label == "done"
        && line.annotation.attrs.get("of") == Some(&AttrValue::from(layer))
}

/// The line that says so.
pub(crate) fn done_line(
    layer: &str,
    provenance: Provenance,
    file: &LabelFile,
) -> LabelLine {
    done_line_with(layer, BTreeMap::new(), provenance, file)
}

/// The same line with further attributes: how the layer came to be done.
pub(crate) fn done_line_with(
    layer: &str,
    mut attrs: BTreeMap<String, AttrValue>,
    provenance: Provenance,
    file: &LabelFile,
) -> LabelLine {
    attrs.insert("of".to_owned(), AttrValue::from(layer));
    let none = BTreeMap::new();
    let taken = |id: &str| file.lines.iter().any(|line| line.annotation.id == id);
    let annotation = LooseAnnotation {
        id: new_id(REVIEW, "done", &[], &none, &attrs, taken),
        layer: REVIEW.to_owned(),
        label: "done".to_owned(),
        attrs,
        ..LooseAnnotation::default()
    };
    LabelLine { annotation, provenance }
}
