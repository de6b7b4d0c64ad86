//! `jsonl`: lines of a label file without header and provenance.
//!
//! Offsets count code points, every annotation quotes its words, ids are kept. Nothing is
//! lost but provenance.

use goldpress_model::{AttrValue, LooseAnnotation, Schema, Status, layer::REVIEW};
use goldpress_store::{
    json::canonical,
    labels::{LabelLine, parse_line, parse_loose},
};
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, Task, Written, numbered, utf8,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Jsonl;

/// The key of a label file's first line.
const HEADER: &str = "goldpress_labels";

impl Format for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn keeps_ids(&self) -> bool {
        true
    }

    fn recognises(&self, source: &Source) -> bool {
        let Ok(text) = utf8(&source.bytes) else { return false };
        // Read through, and nothing to mark.
        if source.is_blank() && source.name.ends_with(".jsonl") {
            return true;
        }
        let first = text.lines().find(|line| !line.trim().is_empty());
        let value: Option<serde_json::Value> =
            first.and_then(|line| serde_json::from_str(line).ok());
        let has = |key| value.as_ref().is_some_and(|value| value.get(key).is_some());
        has(HEADER) || has("layer") && has("label")
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let mut foreign = Foreign::default();
        let mut is_label_file = false;
        let mut done = Vec::new();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if line.trim().is_empty() {
                continue;
            }
            let value = || serde_json::from_str::<Value>(line).unwrap_or_default();
            if number == 1 && line.contains(HEADER) {
                is_label_file = true;
                foreign.doc = value()["doc"].as_str().map(str::to_owned);
                continue;
            }
            if is_label_file {
                match parse_line(line) {
                    Ok(LabelLine { annotation, .. }) if annotation.layer == REVIEW => {
                        review(annotation, &mut done, &mut foreign);
                    }
                    Ok(LabelLine { provenance, .. })
                        if provenance.status == Status::Rejected => {}
                    Ok(LabelLine { annotation, .. }) => {
                        let whole = value();
                        foreign
                            .drafts
                            .push(draft(number, annotation).beside(Some(&whole)));
                    }
                    Err(message) => foreign.misread.push(Misread::new(number, message)),
                }
                continue;
            }
            match parse_loose(line) {
                Ok(annotation) if annotation.layer == REVIEW => {
                    review(annotation, &mut done, &mut foreign);
                }
                Ok(annotation) => foreign.drafts.push(draft(number, annotation)),
                Err(message) => foreign.misread.push(Misread::new(number, message)),
            }
        }
        if is_label_file || !done.is_empty() {
            foreign.task = Task::Configured(done);
        }
        Ok(vec![foreign])
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity::ALL)
    }

    fn write(
        &self,
        _schema: &Schema,
        page: &Page<'_>,
        _options: &WriteOptions,
        written: &mut Written,
    ) {
        let name = format!("{}.jsonl", page.doc);
        // A file without a line says that there is nothing in this text.
        written.append(&name, "");
        for line in &page.lines {
            written.append(&name, &(spell(&line.annotation) + "\n"));
        }
    }
}

/// What a line of the layer `review` says: that a layer is done. A region that nobody
/// judged is counted as lost: a draft has no place for it.
fn review(annotation: LooseAnnotation, done: &mut Vec<String>, foreign: &mut Foreign) {
    let of = annotation.attrs.get("of").and_then(AttrValue::as_text);
    match annotation.label.as_str() {
        "done" => done.extend(of.map(str::to_owned)),
        "unannotated" => *foreign.lost.entry("unannotated").or_default() += 1,
        _ => {}
    }
}

/// The line of a label file without its provenance.
fn spell(annotation: &LooseAnnotation) -> String {
    let fragments: Vec<(u32, u32)> =
        annotation.fragments.iter().map(|range| (range.start, range.end)).collect();
    let LooseAnnotation { id, layer, label, text, args, attrs, score, .. } = annotation;
    let mut value = json!({"id": id, "layer": layer, "label": label});
    if !fragments.is_empty() {
        value["fragments"] = json!(fragments);
        value["text"] = json!(text);
    }
    if !args.is_empty() {
        value["args"] = json!(args);
    }
    if !attrs.is_empty() {
        value["attrs"] = json!(attrs);
    }
    if let Some(score) = score {
        value["score"] = json!(score);
    }
    canonical(&value)
}

pub(super) fn draft(line: usize, annotation: LooseAnnotation) -> Draft {
    let ranges = annotation.fragments.iter();
    let args = annotation
        .args
        .into_iter()
        .flat_map(|(role, ids)| ids.into_iter().map(move |id| (role.clone(), id)));
    Draft {
        line,
        id: annotation.id,
        reference: None,
        aliases: Vec::new(),
        layer: Some(annotation.layer),
        label: annotation.label,
        ranges: ranges.map(|range| (range.start.into(), range.end.into())).collect(),
        quote: Some(annotation.text).filter(|text| !text.is_empty()),
        args: args.collect(),
        attrs: annotation.attrs,
        score: annotation.score,
        whole: None,
    }
}
