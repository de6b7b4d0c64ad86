//! `label-studio`: tasks with results, and the labelling configuration beside them.
//!
//! Tasks are also read as JSON-MIN has them, where each control is a key of the task.
//!
//! Controls are named after layers, fields and attributes. Offsets count code points, in
//! old files UTF-16 units; every region quotes its words. Regions whose control the
//! configuration lacks are dropped by the tool, so an export brings its own.

mod min;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, Schema};
use regex::Regex;
use serde_json::Value;

use super::{
    Draft, Foreign, Format, Link, Misread, ReadOptions, Source, Task, WHOLE, Written,
    json_of, rest,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct LabelStudio;

impl Format for LabelStudio {
    fn name(&self) -> &'static str {
        "label-studio"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        json_of(source).is_ok_and(|value| {
            let first = value.as_array().and_then(|tasks| tasks.first());
            first.is_some_and(|task| {
                task.get("data").is_some()
                    && (task.get("annotations").is_some()
                        || task.get("predictions").is_some())
            }) || value.as_array().is_some_and(|tasks| min::recognises(tasks))
        })
    }

    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let tasks = json_of(source)?;
        let tasks =
            tasks.as_array().ok_or_else(|| Misread::new(1, "no list of tasks"))?;
        let whole = min::recognises(tasks).then(|| min::whole(tasks));
        let tasks = whole.as_ref().unwrap_or(tasks);
        let controls = options.config.as_deref().map(controls);
        let people = people(tasks);
        let annotator = options.annotator.as_ref();
        if people.len() > 1 && annotator.is_none() {
            let people: Vec<&str> = people.iter().map(String::as_str).collect();
            let message = format!(
                "the tasks hold the work of {} people: `--annotator` with one of {}, \
                 each into a set of its own",
                people.len(),
                people.join(", ")
            );
            return Err(Misread::of("several-annotators", 1, message));
        }
        let mut all = Vec::new();
        for (n, task) in tasks.iter().enumerate() {
            all.push(foreign(n + 1, task, controls.as_deref(), annotator)?);
            all.extend(claims(n + 1, task)?);
        }
        Ok(all)
    }

    fn carries_lines(&self) -> bool {
        true
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity {
            args: true,
            links: true,
            relations: true,
            attrs: true,
            notes: true,
            fields: true,
            ..Capacity::default()
        })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        _options: &WriteOptions,
        written: &mut Written,
    ) {
        write::task(schema, page, written);
    }

    fn finish(&self, schema: &Schema, _options: &WriteOptions, written: &mut Written) {
        write::finish(schema, written);
    }
}

/// Names of the controls of a labelling configuration.
fn controls(config: &str) -> Vec<String> {
    let tag = Regex::new(r#"<(?:Labels|Choices|TextArea)\b[^>]*\bname="([^"]+)""#)
        .expect("the pattern is valid");
    tag.captures_iter(config).map(|found| found[1].to_owned()).collect()
}

/// `number` counts tasks from 1: it stands where others have a line.
fn foreign(
    number: usize,
    task: &Value,
    controls: Option<&[String]>,
    annotator: Option<&String>,
) -> Result<Foreign, Misread> {
    let mut foreign =
        Foreign { text: Some(text_of(number, task)?), ..Foreign::default() };
    let is_asked = |annotation: &&Value| {
        annotator.is_none_or(|name| person(annotation).as_ref() == Some(name))
    };
    let own: Vec<&Value> = submitted(task).filter(is_asked).collect();
    // Who submits a task twice says what holds with the last.
    if own.len() > 1 {
        foreign.lost.insert("superseded", own.len() as u64 - 1);
    }
    let Some(annotation) = own.last() else {
        foreign.task = Task::Skipped("not-submitted");
        return Ok(foreign);
    };
    foreign.task = match controls {
        Some(controls) => Task::Configured(controls.to_vec()),
        None => Task::Submitted,
    };
    read_results(number, annotation, &mut foreign);
    rest(number, task["meta"].get(WHOLE), &mut foreign);
    Ok(foreign)
}

/// Annotations of a task that somebody submitted.
fn submitted(task: &Value) -> impl Iterator<Item = &Value> {
    let annotations = task["annotations"].as_array().into_iter().flatten();
    annotations.filter(|annotation| annotation["was_cancelled"] != true)
}

/// Who made an annotation, by number or address.
fn person(annotation: &Value) -> Option<String> {
    let who = match &annotation["completed_by"] {
        Value::Object(about) => about.get("email").or(about.get("id"))?,
        who => who,
    };
    match who {
        Value::Null => None,
        Value::String(name) => Some(name.clone()),
        who => Some(who.to_string()),
    }
}

/// Everybody who submitted a task.
fn people(tasks: &[Value]) -> BTreeSet<String> {
    tasks.iter().flat_map(submitted).filter_map(person).collect()
}

/// What systems claim of a task, each prediction for itself.
fn claims(number: usize, task: &Value) -> Result<Vec<Foreign>, Misread> {
    let mut all = Vec::new();
    for prediction in task["predictions"].as_array().into_iter().flatten() {
        // The tool lists predictions of a project by their number alone when it exports so.
        if prediction["result"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        let model = prediction["model_version"].as_str().filter(|name| !name.is_empty());
        let mut claim = Foreign {
            text: Some(text_of(number, task)?),
            model: Some(model.unwrap_or("undefined").to_owned()),
            ..Foreign::default()
        };
        read_results(number, prediction, &mut claim);
        for draft in &mut claim.drafts {
            draft.score = draft.score.or(prediction["score"].as_f64());
        }
        all.push(claim);
    }
    Ok(all)
}

fn text_of(number: usize, task: &Value) -> Result<String, Misread> {
    let data = task["data"].as_object();
    let text = data.and_then(|data| {
        let own = data.get("text").and_then(Value::as_str);
        own.or_else(|| data.values().find_map(Value::as_str))
    });
    text.map(str::to_owned).ok_or_else(|| Misread::new(number, "the task has no text"))
}

fn read_results(number: usize, annotation: &Value, foreign: &mut Foreign) {
    let results: Vec<&Value> =
        annotation["result"].as_array().into_iter().flatten().collect();
    for result in &results {
        read_region(number, result, foreign);
    }
    for result in &results {
        read_rest(number, result, foreign);
    }
}

/// A region with labels.
fn read_region(number: usize, result: &Value, foreign: &mut Foreign) {
    let value = &result["value"];
    let Some(labels) = value["labels"].as_array().or(value["hypertextlabels"].as_array())
    else {
        return;
    };
    if result["type"] == "relation" {
        return;
    }
    let id = result["id"].as_str().unwrap_or_default();
    let offsets = match value.get("globalOffsets") {
        Some(offsets) => offsets,
        None => value,
    };
    let range = offsets["start"].as_i64().zip(offsets["end"].as_i64());
    let Some(range) = range else {
        // Places in a page's elements are no places in its text.
        let message = format!("region `{id}` has no offsets of the whole text");
        foreign.misread.push(Misread::new(number, message));
        return;
    };
    for (n, label) in labels.iter().filter_map(Value::as_str).enumerate() {
        let draft = Draft {
            line: number,
            id: if n == 0 { id.to_owned() } else { format!("{id}#{n}") },
            reference: Some(id.to_owned()),
            layer: result["from_name"].as_str().map(str::to_owned),
            label: label.to_owned(),
            ranges: vec![range],
            quote: value["text"].as_str().map(str::to_owned),
            score: result["score"].as_f64(),
            ..Draft::default()
        };
        foreign.drafts.push(draft.beside(whole_of(result).filter(|_| n == 0)));
    }
}

/// Attributes of regions, links, and fields of the whole text.
fn read_rest(number: usize, result: &Value, foreign: &mut Foreign) {
    let value = &result["value"];
    if result["type"] == "relation" {
        let end = |key: &str| result[key].as_str().unwrap_or_default().to_owned();
        let label = result["labels"].as_array().and_then(|labels| labels.first());
        let label = label.and_then(Value::as_str).unwrap_or("related").to_owned();
        let draft = Draft { line: number, label, ..Draft::default() };
        let draft = draft.beside(whole_of(result));
        let (mut from, mut to) = (end("from_id"), end("to_id"));
        if result["direction"] == "left" {
            std::mem::swap(&mut from, &mut to);
        }
        foreign.links.push(Link { draft, from, to });
        return;
    }
    if value["labels"].is_array() {
        return;
    }
    let values = value["choices"].as_array().or(value["text"].as_array());
    let texts: Vec<String> = values
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let name = result["from_name"].as_str().unwrap_or_default();
    let id = result["id"].as_str().unwrap_or_default();
    if texts.is_empty() || name.is_empty() {
        let message = format!("`{id}` says nothing that could be read");
        foreign.misread.push(Misread::new(number, message));
        return;
    }
    match foreign.drafts.iter_mut().find(|draft| draft.id == id && !id.is_empty()) {
        Some(region) => {
            region.attrs.insert(name.to_owned(), one_or_many(texts));
        }
        None => {
            for (n, text) in texts.into_iter().enumerate() {
                let draft = Draft {
                    line: number,
                    id: if n == 0 { id.to_owned() } else { format!("{id}#{n}") },
                    reference: Some(id.to_owned()),
                    label: name.to_owned(),
                    attrs: BTreeMap::from([("value".to_owned(), AttrValue::Text(text))]),
                    ..Draft::default()
                };
                foreign.drafts.push(draft.beside(whole_of(result).filter(|_| n == 0)));
            }
        }
    }
}

/// The whole line that an export laid into the meta data of a result.
fn whole_of(result: &Value) -> Option<&Value> {
    result.get("meta")?.get(WHOLE)
}

fn one_or_many(mut texts: Vec<String>) -> AttrValue {
    match texts.len() {
        1 => AttrValue::Text(texts.remove(0)),
        _ => AttrValue::List(texts),
    }
}
