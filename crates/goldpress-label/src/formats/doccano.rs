//! `doccano`: a JSON line a text, with spans and, in relation projects, links; old projects
//! call the text `data`, and write one array of all.
//!
//! The files do not say what their offsets count: code points in some projects, UTF-16
//! units or grapheme clusters in others. They quote nothing, so `label import` asks where
//! it matters. We write UTF-16 units, as the page that edits them counts. Projects may call
//! the keys otherwise: `--column label=labels`.

use std::collections::BTreeMap;

use goldpress_model::Schema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Link, Misread, ReadOptions, Source, Written, carrier::carry,
    numbered, utf8, written_label,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::{LineEnds, Reading, Ruler, Unit},
};

/// The format.
pub(super) struct Doccano;

#[derive(Deserialize)]
struct Task {
    text: String,
    #[serde(default)]
    entities: Vec<Entity>,
    #[serde(default)]
    relations: Vec<Relation>,
    #[serde(default, alias = "labels")]
    label: Vec<(i64, i64, String)>,
}

#[derive(Deserialize)]
struct Entity {
    id: i64,
    label: String,
    start_offset: i64,
    end_offset: i64,
}

#[derive(Deserialize)]
struct Relation {
    from_id: i64,
    to_id: i64,
    #[serde(rename = "type")]
    label: String,
}

impl Format for Doccano {
    fn name(&self) -> &'static str {
        "doccano"
    }

    fn unit(&self) -> Option<Unit> {
        None
    }

    fn columns(&self) -> &'static [&'static str] {
        &["text", "label", "entities", "relations"]
    }

    fn recognises(&self, source: &Source) -> bool {
        let Ok(text) = utf8(&source.bytes) else { return false };
        let start = text.trim_start().strip_prefix('[').unwrap_or(text);
        let mut values = serde_json::Deserializer::from_str(start).into_iter::<Value>();
        let Some(Ok(first)) = values.next() else { return false };
        let has_text = |key: &str| first.get(key).is_some_and(Value::is_string);
        let marks = |key: &str| first.get(key).and_then(Value::as_array);
        let is_triple = |mark: &Value| mark[0].is_i64() && mark[1].is_i64();
        let has_triples =
            |key: &str| marks(key).is_some_and(|marks| marks.iter().all(is_triple));
        (has_text("text") || has_text("data"))
            && (marks("entities").is_some()
                || has_triples("label")
                || has_triples("labels"))
    }

    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let text = utf8(&source.bytes)?;
        let read = |number: usize, value: Value| {
            let task = task(value, &options.columns);
            let task = task.map_err(|error| Misread::new(number, error.to_string()))?;
            Ok(foreign(number, task))
        };
        if text.trim_start().starts_with('[') {
            let tasks: Vec<Value> = serde_json::from_str(text)
                .map_err(|error| Misread::new(error.line(), error.to_string()))?;
            return (1..).zip(tasks).map(|(number, task)| read(number, task)).collect();
        }
        let lines = numbered(text).filter(|(_, line)| !line.trim().is_empty());
        let of_line = |(number, line): (usize, &str)| {
            let value = serde_json::from_str(line)
                .map_err(|error| Misread::new(number, error.to_string()))?;
            read(number, value)
        };
        lines.map(of_line).collect()
    }

    fn capacity(&self, options: &WriteOptions) -> Option<Capacity> {
        let links = !options.spans_only;
        Some(Capacity { args: links, links, relations: links, ..Capacity::default() })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let utf16 = Reading { unit: Unit::Utf16, line_ends: LineEnds::AsInFile };
        let ruler = Ruler::new(page.text, utf16);
        let carried = carry(schema, page, written);
        let n_before = written
            .files
            .get(FILE)
            .map_or(0, |file| file.iter().filter(|byte| **byte == b'\n').count());
        let range = |annotation: &goldpress_model::LooseAnnotation| {
            let range = annotation.fragments[0];
            (ruler.offset(range.start), ruler.offset(range.end))
        };
        let mut task = json!({"id": n_before + 1, "text": page.text, "Comments": []});
        if options.spans_only {
            let label = |line: &&goldpress_store::labels::LabelLine| {
                let (start, end) = range(&line.annotation);
                json!([start, end, written_label(schema, &line.annotation)])
            };
            task["label"] = carried.spans.iter().map(label).collect();
        } else {
            let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
            let mut entities = Vec::new();
            for (number, line) in carried.spans.iter().enumerate() {
                numbers.insert(&line.annotation.id, number);
                let (start, end) = range(&line.annotation);
                let label = written_label(schema, &line.annotation);
                entities.push(json!({
                    "id": number, "label": label, "start_offset": start, "end_offset": end,
                }));
            }
            let relation = |(number, link): (usize, &super::carrier::CarriedLink<'_>)| {
                let (from, to) = (numbers.get(link.from)?, numbers.get(link.to)?);
                let label = link.label;
                Some(json!({"id": number, "from_id": from, "to_id": to, "type": label}))
            };
            task["entities"] = entities.into();
            task["relations"] =
                carried.links.iter().enumerate().filter_map(relation).collect();
        }
        for (ours, theirs) in &options.columns {
            rename(&mut task, ours, theirs);
        }
        written.append(FILE, &format!("{task}\n"));
    }
}

/// An object as a task, under the names that the project gives its keys.
fn task(mut task: Value, columns: &BTreeMap<String, String>) -> serde_json::Result<Task> {
    for (ours, theirs) in columns {
        rename(&mut task, theirs, ours);
    }
    if task.get("text").is_none() {
        rename(&mut task, "data", "text");
    }
    serde_json::from_value(task)
}

fn rename(task: &mut Value, from: &str, to: &str) {
    if let Some(keys) = task.as_object_mut()
        && let Some(value) = keys.shift_remove(from)
    {
        keys.insert(to.to_owned(), value);
    }
}

/// All texts stand in one file.
const FILE: &str = "doccano.jsonl";

fn foreign(line: usize, task: Task) -> Foreign {
    let mut foreign = Foreign { text: Some(task.text), ..Foreign::default() };
    for entity in task.entities {
        foreign.drafts.push(Draft {
            line,
            id: entity.id.to_string(),
            reference: Some(entity.id.to_string()),
            label: entity.label,
            ranges: vec![(entity.start_offset, entity.end_offset)],
            ..Draft::default()
        });
    }
    for (start, end, label) in task.label {
        let ranges = vec![(start, end)];
        foreign.drafts.push(Draft { line, label, ranges, ..Draft::default() });
    }
    for relation in task.relations {
        let draft = Draft { line, label: relation.label, ..Draft::default() };
        let [from, to] = [relation.from_id, relation.to_id].map(|id| id.to_string());
        foreign.links.push(Link { draft, from, to });
    }
    foreign
}
