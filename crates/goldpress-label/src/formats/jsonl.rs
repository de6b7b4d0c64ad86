//! `jsonl`: lines of a label file without header and provenance.
//!
//! Offsets count code points, every annotation quotes its words, ids are kept. Nothing is
//! lost but provenance.

use super::{Draft, Foreign, Format, Misread, Source, numbered, utf8};
use crate::units::Unit;
use goldpress_model::LooseAnnotation;
use goldpress_store::labels::parse_loose;

/// The format.
pub(super) struct Jsonl;

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
        let first = text.lines().find(|line| !line.trim().is_empty());
        let value: Option<serde_json::Value> =
            first.and_then(|line| serde_json::from_str(line).ok());
        let has = |key| value.as_ref().is_some_and(|value| value.get(key).is_some());
        has("layer") && has("label")
    }

    fn read(&self, source: &Source) -> Result<Vec<Foreign>, Misread> {
        let mut foreign = Foreign::default();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if line.trim().is_empty() {
                continue;
            }
            match parse_loose(line) {
                Ok(annotation) => foreign.drafts.push(draft(number, annotation)),
                Err(message) => foreign.misread.push(Misread::new(number, message)),
            }
        }
        Ok(vec![foreign])
    }
}

fn draft(line: usize, annotation: LooseAnnotation) -> Draft {
    let ranges = annotation.fragments.iter();
    let args = annotation
        .args
        .into_iter()
        .flat_map(|(role, ids)| ids.into_iter().map(move |id| (role.clone(), id)));
    Draft {
        line,
        id: annotation.id,
        aliases: Vec::new(),
        layer: Some(annotation.layer),
        label: annotation.label,
        ranges: ranges.map(|range| (range.start.into(), range.end.into())).collect(),
        quote: Some(annotation.text).filter(|text| !text.is_empty()),
        args: args.collect(),
        attrs: annotation.attrs,
        score: annotation.score,
    }
}
