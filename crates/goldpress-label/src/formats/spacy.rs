//! `spacy`: what spaCy trains from, the binary DocBin or JSON lines of a text and offsets.
//!
//! Offsets count code points; nothing is quoted. One span group a layer holds everything
//! in one piece; entities are the outermost flat part of one layer, for tools that read
//! no groups, and are read only where no group says the same.

mod docbin;
mod msgpack;
mod strings;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{CharIndex, CharRange, LayerKind, LooseAnnotation, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, Written,
    carrier::carry,
    numbered,
    tokens::{self, Place, outermost, place},
    utf8,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

use self::docbin::{Doc, Span};

/// The format.
pub(super) struct Spacy;

type Offsets = (i64, i64, String);

#[derive(Deserialize, Default)]
struct Marks {
    #[serde(default)]
    entities: Vec<Offsets>,
    #[serde(default)]
    spans: BTreeMap<String, Vec<Offsets>>,
}

/// All texts stand in one file.
const LINES: &str = "spacy.jsonl";
const DOCBIN: &str = "docbin.spacy";

/// The first byte of a zlib stream as every spaCy writes it.
const ZLIB: u8 = 0x78;

impl Format for Spacy {
    fn name(&self) -> &'static str {
        "spacy"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        if source.bytes.first() == Some(&ZLIB) && docbin::read(&source.bytes).is_ok() {
            return true;
        }
        let first = utf8(&source.bytes).ok().and_then(|text| text.lines().next());
        first.is_some_and(|line| serde_json::from_str::<(String, Marks)>(line).is_ok())
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        if source.bytes.first() == Some(&ZLIB) {
            let docs = docbin::read(&source.bytes)
                .map_err(|message| Misread::new(1, message))?;
            let all = docs.into_iter().enumerate();
            return Ok(all.map(|(n, doc)| foreign_of_doc(n + 1, doc)).collect());
        }
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
        let words = words(page.text);
        let ends: Vec<CharRange> = words.iter().map(|(_, _, range)| *range).collect();
        let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut kept: Vec<LooseAnnotation> = Vec::new();
        for line in &carried.spans {
            let mut annotation = line.annotation.clone();
            let range = &mut annotation.fragments[0];
            // A span of a DocBin is a run of words; a line takes any.
            let mut words = None;
            if !options.jsonl {
                let found = place(&ends, *range, options);
                if !found.as_ref().is_some_and(|place| place.is_exact) {
                    written.lose("misaligned");
                }
                let Some(Place { words: (from, to), .. }) = found else {
                    written.n_left_out += 1;
                    continue;
                };
                *range = CharRange { start: ends[from].start, end: ends[to - 1].end };
                words = Some([from, to]);
            }
            let mut offsets = json!([range.start, range.end, annotation.label]);
            if let (Some(words), Some(list)) = (words, offsets.as_array_mut()) {
                list.extend(words.map(Value::from));
            }
            groups.entry(annotation.layer.clone()).or_default().push(offsets);
            kept.push(annotation);
        }
        let flat = options.flat.as_ref().or_else(|| first_of_spans(schema, written));
        let of_flat = |annotation: &&LooseAnnotation| {
            flat.is_some_and(|layer| annotation.layer == *layer)
        };
        let flat = outermost(kept.iter().filter(of_flat).collect());
        let entity = |annotation: &&LooseAnnotation| {
            let range = annotation.fragments[0];
            json!([range.start, range.end, annotation.label])
        };
        let entities: Vec<Value> = flat.iter().map(entity).collect();
        let line = json!([page.text, {"entities": entities, "spans": groups}]);
        // A DocBin has one table of strings for all texts: it is made at the end.
        let file = if options.jsonl { LINES } else { DOCBIN };
        written.append(file, &format!("{line}\n"));
    }

    fn finish(&self, _schema: &Schema, options: &WriteOptions, written: &mut Written) {
        if options.jsonl {
            return;
        }
        let lines = written.files.remove(DOCBIN).unwrap_or_default();
        let lines = String::from_utf8_lossy(&lines).into_owned();
        let docs: Vec<Doc> = lines.lines().filter_map(doc).collect();
        if let Ok(bytes) = docbin::write(&docs) {
            written.files.insert(DOCBIN.to_owned(), bytes);
        }
    }
}

/// Words as spaCy cuts them: white space other than one space is a word.
fn words(text: &str) -> Vec<(String, bool, CharRange)> {
    let index = CharIndex::new(text);
    let mut words: Vec<(String, bool, CharRange)> = Vec::new();
    let mut at = 0;
    let push_gap = |words: &mut Vec<(String, bool, CharRange)>,
                    from: usize,
                    to: usize| {
        let mut from = from;
        if let (true, Some(last)) = (text[from..to].starts_with(' '), words.last_mut()) {
            last.1 = true;
            from += 1;
        }
        if from < to {
            let start = index.chars_before(from);
            let range = CharRange { start, end: index.chars_before(to) };
            words.push((text[from..to].to_owned(), false, range));
        }
    };
    for token in tokens::words(text) {
        push_gap(&mut words, at, token.start());
        words.push((token.slice(text).to_owned(), false, index.chars(token)));
        at = token.end();
    }
    push_gap(&mut words, at, text.len());
    words
}

/// The layer whose outermost spans are entities, where none is named.
fn first_of_spans<'w>(schema: &Schema, written: &'w Written) -> Option<&'w String> {
    let is_of_spans = |name: &&String| {
        schema.layer(name).is_some_and(|layer| layer.kind == LayerKind::Span)
    };
    written.layers.iter().find(is_of_spans)
}

/// A collected line as a text of spaCy.
fn doc(line: &str) -> Option<Doc> {
    let (text, marks): (String, Value) = serde_json::from_str(line).ok()?;
    let words = words(&text);
    let ends: Vec<CharRange> = words.iter().map(|(_, _, range)| *range).collect();
    let narrow = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    // Outside of everything, if entities were asked for; else nobody said.
    let outside = if marks["entities"].as_array()?.is_empty() { 0 } else { 2 };
    let mut entities = vec![(outside, String::new()); words.len()];
    for entity in marks["entities"].as_array()? {
        let range = CharRange { start: narrow(&entity[0])?, end: narrow(&entity[1])? };
        let (from, to) = place(&ends, range, &WriteOptions::default())?.words;
        for (n, cell) in entities[from..to].iter_mut().enumerate() {
            *cell = (if n == 0 { 3 } else { 1 }, entity[2].as_str()?.to_owned());
        }
    }
    let mut groups = BTreeMap::new();
    for (layer, spans) in marks["spans"].as_object()? {
        let span = |offsets: &Value| {
            Some(Span {
                label: offsets[2].as_str()?.to_owned(),
                chars: (narrow(&offsets[0])?, narrow(&offsets[1])?),
                words: (narrow(&offsets[3])?, narrow(&offsets[4])?),
            })
        };
        let spans: Option<Vec<Span>> = spans.as_array()?.iter().map(span).collect();
        groups.insert(layer.clone(), spans?);
    }
    let words = words.into_iter().map(|(word, space, _)| (word, space)).collect();
    Some(Doc { words, entities, groups })
}

/// A text of spaCy as a foreign article: words put together, entities in code points.
fn foreign_of_doc(number: usize, doc: Doc) -> Foreign {
    let mut text = String::new();
    let mut marks = Marks::default();
    let mut at: i64 = 0;
    for ((word, space), (tag, kind)) in doc.words.iter().zip(doc.entities) {
        let end = at + word.chars().count() as i64;
        match (tag, marks.entities.last_mut()) {
            (3, _) => marks.entities.push((at, end, kind)),
            (1, Some(last)) => last.1 = end,
            _ => {}
        }
        text.push_str(word);
        at = end + i64::from(*space);
        text.push_str(if *space { " " } else { "" });
    }
    let offsets = |span: Span| (span.chars.0.into(), span.chars.1.into(), span.label);
    for (name, spans) in doc.groups {
        marks.spans.insert(name, spans.into_iter().map(offsets).collect());
    }
    foreign(number, text, marks)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A DocBin that spaCy wrote.
    const ARTICLE: &[u8] =
        include_bytes!("../../tests/vectors/formats/spacy/article.spacy");

    #[test]
    fn our_words_are_those_that_spacy_was_given() {
        let docs = docbin::read(ARTICLE).expect("a DocBin");
        let text = foreign_of_doc(1, docs[0].clone()).text.expect("a text");
        let ours = words(&text).into_iter().map(|(word, space, _)| (word, space));
        assert_eq!(ours.collect::<Vec<_>>(), docs[0].words);
        assert_eq!(docbin::read(&docbin::write(&docs).expect("bytes")), Ok(docs));
    }

    #[test]
    fn a_docbin_cut_off_anywhere_is_refused() {
        for cut in 0..ARTICLE.len() {
            assert!(docbin::read(&ARTICLE[..cut]).is_err(), "{cut}");
        }
    }
}
