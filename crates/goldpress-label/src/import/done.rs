//! Layers that a file covers: `done`, where the layer is complete.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, LooseAnnotation, Schema, layer::REVIEW};
use goldpress_store::labels::{LabelFile, LabelLine, new_id};

use super::{ImportReport, NoteKind, lines::imported, note};
use crate::{
    checks::{Entries, Finding, Severity, TextOf, When, check_entries},
    formats::Format,
};

/// Findings whose line is the place in the file's list, counted from 0.
pub(super) fn check(
    schema: &Schema,
    article: &TextOf<'_>,
    file: &LabelFile,
    when: When,
) -> Vec<Finding> {
    let lines = file.lines.iter().enumerate().collect();
    let entries = Entries { set: &file.header.set, lines, judged: &[], file: "" };
    check_entries(schema, article, entries, when)
}

/// Adds `done` for the layers that the file covers and that are complete.
pub(super) fn mark_done(
    schema: &Schema,
    format: &dyn Format,
    article: &TextOf<'_>,
    layers: &BTreeSet<String>,
    file: &mut LabelFile,
    report: &mut ImportReport,
) {
    let n_before = file.lines.len();
    for layer in layers {
        let says_done = |line: &LabelLine| {
            line.annotation.layer == REVIEW
                && line.annotation.label == "done"
                && line.annotation.attrs.get("of")
                    == Some(&AttrValue::from(layer.as_str()))
        };
        if !file.lines.iter().any(says_done) {
            let line = done(layer, format, file);
            file.lines.push(line);
        }
    }
    let findings = check(schema, article, file, When::Complete);
    let errors = findings.into_iter().filter(|f| f.severity == Severity::Error);
    let mut incomplete: BTreeMap<String, Finding> = BTreeMap::new();
    for finding in errors {
        let annotation = &file.lines[finding.line].annotation;
        let of = annotation.attrs.get("of").and_then(AttrValue::as_text);
        let layer = of.unwrap_or(&annotation.layer).to_owned();
        incomplete.entry(layer).or_insert(finding);
    }
    let name = format!("{}/{}", file.header.set, file.header.doc);
    for (at, line) in file.lines.split_off(n_before).into_iter().enumerate() {
        let of = line.annotation.attrs.get("of").and_then(AttrValue::as_text);
        let layer = of.unwrap_or_default().to_owned();
        match incomplete.get(&layer) {
            None => {
                *report.done.entry(layer).or_default() += 1;
                file.lines.push(line);
            }
            Some(finding) => {
                let own = finding.line == n_before + at;
                let found = if own { "" } else { " in one of its lines" };
                let message = format!("`{layer}`{found}: {}", finding.message);
                let kind = NoteKind::NotDone;
                report.notes.push(note(&name, 0, kind, finding.code, message));
            }
        }
    }
}

fn done(layer: &str, format: &dyn Format, file: &LabelFile) -> LabelLine {
    let attrs = BTreeMap::from([("of".to_owned(), AttrValue::from(layer))]);
    let none = BTreeMap::new();
    let taken = |id: &str| file.lines.iter().any(|line| line.annotation.id == id);
    let annotation = LooseAnnotation {
        id: new_id(REVIEW, "done", &[], &none, &attrs, taken),
        layer: REVIEW.to_owned(),
        label: "done".to_owned(),
        attrs,
        ..LooseAnnotation::default()
    };
    LabelLine { annotation, provenance: imported(format, None) }
}
