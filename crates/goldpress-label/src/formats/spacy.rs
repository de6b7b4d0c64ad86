//! `spacy`: the JSON lines that spaCy trains from, a text and its offsets.
//!
//! Offsets count code points; nothing is quoted. One span group a layer holds everything
//! in one piece; `entities` is the outermost flat part of one layer, for tools that read
//! no groups. The binary DocBin is not read.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::Schema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, Written, carrier::carry,
    numbered, tokens::outermost, utf8,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Spacy;

type Offsets = (i64, i64, String);

#[derive(Deserialize)]
struct Marks {
    #[serde(default)]
    entities: Vec<Offsets>,
    #[serde(default)]
    spans: BTreeMap<String, Vec<Offsets>>,
}

impl Format for Spacy {
    fn name(&self) -> &'static str {
        "spacy"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        let first = utf8(&source.bytes).ok().and_then(|text| text.lines().next());
        first.is_some_and(|line| serde_json::from_str::<(String, Marks)>(line).is_ok())
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let mut all = Vec::new();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if line.trim().is_empty() {
                continue;
            }
            let (text, marks): (String, Marks) = serde_json::from_str(line)
                .map_err(|error| Misread::new(number, error.to_string()))?;
            all.push(foreign(number, text, marks));
        }
        Ok(all)
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity::default())
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let carried = carry(schema, page, written);
        let mut groups: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for line in &carried.spans {
            let annotation = &line.annotation;
            let range = annotation.fragments[0];
            let offsets = json!([range.start, range.end, annotation.label]);
            groups.entry(&annotation.layer).or_default().push(offsets);
        }
        let of_layer = |layer: &String| {
            let lines = carried.spans.iter().map(|line| &line.annotation);
            outermost(lines.filter(|annotation| annotation.layer == *layer).collect())
        };
        let flat = options.flat.as_ref().map(of_layer).unwrap_or_default();
        let entities: Vec<Value> = flat
            .iter()
            .map(|annotation| {
                let range = annotation.fragments[0];
                json!([range.start, range.end, annotation.label])
            })
            .collect();
        let marks = json!({"entities": entities, "spans": groups});
        written.append("spacy.jsonl", &format!("{}\n", json!([page.text, marks])));
    }
}

fn foreign(line: usize, text: String, marks: Marks) -> Foreign {
    let mut foreign = Foreign { text: Some(text), ..Foreign::default() };
    let grouped: BTreeSet<String> =
        marks.spans.values().flatten().map(|(_, _, label)| label.clone()).collect();
    let mut add = |layer: Option<&String>, (start, end, label): Offsets| {
        foreign.drafts.push(Draft {
            line,
            layer: layer.cloned(),
            label,
            ranges: vec![(start, end)],
            ..Draft::default()
        });
    };
    for (layer, group) in &marks.spans {
        group.iter().for_each(|offsets| add(Some(layer), offsets.clone()));
    }
    // The flat part repeats a group; it says something only where there is no such group.
    let alone = |(_, _, label): &Offsets| !grouped.contains(label);
    marks.entities.into_iter().filter(alone).for_each(|offsets| add(None, offsets));
    foreign
}
