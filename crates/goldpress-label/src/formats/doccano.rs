//! `doccano`: a JSON line a text, with spans and, in relation projects, links.
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
        let first = utf8(&source.bytes).ok().and_then(|text| text.lines().next());
        let value: Option<Value> = first.and_then(|line| serde_json::from_str(line).ok());
        value.is_some_and(|value| {
            let has = |key: &str| value.get(key).is_some_and(Value::is_array);
            value.get("text").is_some_and(Value::is_string)
                && (has("entities") || has("label") || has("labels"))
        })
    }

    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let mut all = Vec::new();
        for (number, line) in numbered(utf8(&source.bytes)?) {
            if line.trim().is_empty() {
                continue;
            }
            let task = task(line, &options.columns)
                .map_err(|error| Misread::new(number, error.to_string()))?;
            all.push(foreign(number, task));
        }
        Ok(all)
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

/// A line as a task, under the names that the project gives its keys.
fn task(line: &str, columns: &BTreeMap<String, String>) -> serde_json::Result<Task> {
    if columns.is_empty() {
        return serde_json::from_str(line);
    }
    let mut task: Value = serde_json::from_str(line)?;
    for (ours, theirs) in columns {
        rename(&mut task, theirs, ours);
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
