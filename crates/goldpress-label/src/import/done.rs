//! Layers that a file covers: `done`, where the layer is complete.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, Schema};
use goldpress_store::labels::LabelFile;

use super::{ImportReport, NoteKind, lines::imported, note};
use crate::{
    checks::{Finding, Severity, TextOf, When},
    done::{check, done_line, says_done},
    formats::Format,
};

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
        if !file.lines.iter().any(|line| says_done(line, layer)) {
            let line = done_line(layer, imported(format, None), file);
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
