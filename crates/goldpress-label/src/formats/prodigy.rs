//! `prodigy`: a JSON line a task, with tokens, spans and links.
//!
//! Offsets count code points, checked by the tokens that stand beside them. `token_end`
//! is the last token, not the one behind it. Only tasks answered with `accept` hold
//! gold: refused ones stand in the same export.

use std::collections::BTreeMap;

use goldpress_model::{CharIndex, CharRange, LooseAnnotation, Schema};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Link, Misread, ReadOptions, Source, Task, Written,
    carrier::carry,
    numbered, rest,
    tokens::{Place, place, words},
    utf8, written_label,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Prodigy;

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    tokens: Vec<TokenRange>,
    #[serde(default)]
    spans: Vec<SpanRange>,
    #[serde(default)]
    relations: Vec<Relation>,
    answer: Option<String>,
    /// Whole lines without a place of their own, which are ours.
    goldpress: Option<Value>,
}

#[derive(Deserialize)]
struct TokenRange {
    text: String,
    start: usize,
}

#[derive(Deserialize, Clone, PartialEq)]
struct SpanRange {
    start: i64,
    end: i64,
    label: String,
    /// The whole line, which is ours.
    goldpress: Option<Value>,
}

#[derive(Deserialize)]
struct Relation {
    head_span: SpanRange,
    child_span: SpanRange,
    label: String,
    goldpress: Option<Value>,
}

impl Format for Prodigy {
    fn name(&self) -> &'static str {
        "prodigy"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        let first = utf8(&source.bytes).ok().and_then(|text| text.lines().next());
        let value: Option<Value> = first.and_then(|line| serde_json::from_str(line).ok());
        value.is_some_and(|value| {
            let has = |key: &str| value.get(key).is_some();
            has("text") && (has("_task_hash") || has("answer") || has("spans"))
        })
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
            let task: Line = serde_json::from_str(line)
                .map_err(|error| Misread::new(number, error.to_string()))?;
            all.push(foreign(number, task));
        }
        Ok(all)
    }

    fn carries_lines(&self) -> bool {
        true
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity { args: true, links: true, relations: true, ..Capacity::default() })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let index = CharIndex::new(page.text);
        let places: Vec<CharRange> =
            words(page.text).map(|word| index.chars(word)).collect();
        let told: Vec<Value> = words(page.text)
            .zip(&places)
            .enumerate()
            .map(|(id, (word, range))| {
                let ws = page.text[word.end()..].starts_with(' ');
                let text = word.slice(page.text);
                let (start, end) = (range.start, range.end);
                json!({"text": text, "start": start, "end": end, "id": id, "ws": ws})
            })
            .collect();
        let carried = carry(schema, page, written);
        let mut homeless = carried.homeless.clone();
        let mut by_id: BTreeMap<&str, Value> = BTreeMap::new();
        let mut spans = Vec::new();
        for line in &carried.spans {
            // Prodigy shows and keeps spans of whole tokens alone.
            let range = line.annotation.fragments.first();
            let found = range.and_then(|range| place(&places, *range, options));
            let is_kept = page.whole(&line.annotation.id).is_some();
            if found.is_none() && is_kept {
                homeless.push(*line);
                continue;
            }
            if !found.as_ref().is_some_and(|place| place.is_exact) {
                written.lose("misaligned");
            }
            let Some(place) = found else {
                written.n_left_out += 1;
                continue;
            };
            let mut span = span(schema, &line.annotation, &places, &place);
            page.put_whole(&line.annotation.id, &mut span);
            by_id.insert(&line.annotation.id, span.clone());
            spans.push(span);
        }
        let mut relations = Vec::new();
        for link in &carried.links {
            let (Some(from), Some(to)) = (by_id.get(link.from), by_id.get(link.to))
            else {
                match page.whole(&link.line.annotation.id) {
                    // The whole line of a relation lies in no span.
                    Some(_) if link.line.annotation.fragments.is_empty() => {
                        homeless.push(link.line);
                    }
                    Some(_) => {}
                    None => written.lose("dependent"),
                }
                continue;
            };
            let mut relation = json!({
                "head": from["token_end"], "child": to["token_end"],
                "head_span": from, "child_span": to, "label": link.label,
            });
            if link.line.annotation.fragments.is_empty() {
                page.put_whole(&link.line.annotation.id, &mut relation);
            }
            relations.push(relation);
        }
        let mut task = json!({
            "text": page.text, "tokens": told, "spans": spans, "relations": relations,
            "_view_id": "relations", "answer": "accept",
        });
        page.put_homeless(&homeless, &mut task);
        written.append("prodigy.jsonl", &format!("{task}\n"));
    }
}

fn span(
    schema: &Schema,
    annotation: &LooseAnnotation,
    words: &[CharRange],
    place: &Place,
) -> Value {
    let (from, to) = place.words;
    json!({
        "start": words[from].start, "end": words[to - 1].end,
        "token_start": from, "token_end": to - 1,
        "label": written_label(schema, annotation),
    })
}

fn foreign(line: usize, task: Line) -> Foreign {
    let answer = task.answer.as_deref();
    let mut foreign = Foreign { text: Some(task.text), ..Foreign::default() };
    foreign.task = match answer {
        Some("accept") => Task::Submitted,
        Some("reject") => Task::Skipped("answer-reject"),
        Some("ignore") => Task::Skipped("answer-ignore"),
        _ => Task::Unknown,
    };
    let quotes = Quotes::of(&task.tokens);
    for (n, span) in task.spans.iter().enumerate() {
        let draft = Draft {
            line,
            id: format!("s{n}"),
            label: span.label.clone(),
            ranges: vec![(span.start, span.end)],
            quote: quotes.of_range(span.start, span.end),
            ..Draft::default()
        };
        foreign.drafts.push(draft.beside(span.goldpress.as_ref()));
    }
    let find = |end: &SpanRange| {
        let at = task.spans.iter().position(|span| span == end);
        at.map_or_else(|| "?".to_owned(), |n| format!("s{n}"))
    };
    for relation in &task.relations {
        let draft = Draft { line, label: relation.label.clone(), ..Draft::default() };
        let draft = draft.beside(relation.goldpress.as_ref());
        let (from, to) = (find(&relation.head_span), find(&relation.child_span));
        foreign.links.push(Link { draft, from, to });
    }
    rest(line, task.goldpress.as_ref(), &mut foreign);
    foreign
}

/// What tokens say stands at a range: the only quotes of this format.
struct Quotes {
    /// Offset → token, as the file counts.
    starts: BTreeMap<usize, String>,
}

impl Quotes {
    fn of(tokens: &[TokenRange]) -> Quotes {
        let starts = tokens.iter().map(|token| (token.start, token.text.clone()));
        Quotes { starts: starts.collect() }
    }

    /// The only token of a range, in full. Of several, what stands between them is not
    /// told.
    fn of_range(&self, start: i64, end: i64) -> Option<String> {
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        let token = self.starts.get(&start)?;
        (start + token.chars().count() == end).then(|| token.clone())
    }
}
