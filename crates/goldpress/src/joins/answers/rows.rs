//! Answers as plain rows: one JSON object a line, an article each.
//!
//! A row names its article and holds what the system says of it: `annotations`, `blocks`,
//! `body`, `fields`, or the columns of `articles` that are fields.

use std::collections::BTreeSet;

use anyhow::Context;
use goldpress_extract::Task;
use goldpress_model::{Field, FieldClaim, Prediction};
use serde_json::{Map, Value};

use super::{Answers, Ids, of_file, protocol};

/// Keys of what a system says; a row has one of them at the least.
const SAID: [&str; 4] = ["annotations", "blocks", "body", "fields"];

/// Keys of formats of labels, whose rows are not ours.
const FOREIGN: [&str; 9] = [
    "type",
    "data",
    "spans",
    "label",
    "labels",
    "tokens",
    "entities",
    "text",
    "articleBody",
];

/// Whether the first line is such a row.
pub(super) fn is_rows(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Ok(first) = serde_json::from_slice::<Map<String, Value>>(line) else {
        return false;
    };
    let has = |keys: &[&str]| keys.iter().any(|key| first.contains_key(*key));
    let is_named = has(&["id", "doc_id", "url", "canonical_url", "file", "record"]);
    let says =
        has(&SAID) || Field::ALL.iter().any(|field| first.contains_key(field.name()));
    let is_ours = !has(&FOREIGN[..4])
        && (has(&["annotations"]) || !has(&FOREIGN[4..]))
        && first.get("annotations").is_none_or(are_annotations);
    is_named && says && is_ours
}

/// Tasks of Label Studio have a key of this name too.
fn are_annotations(value: &Value) -> bool {
    let is_ours = |one: &Value| one.get("layer").is_some() && one.get("label").is_some();
    value.as_array().is_some_and(|list| list.iter().all(is_ours))
}

/// Reads the rows of a system of this name.
pub(super) fn rows(
    bytes: &[u8],
    name: &str,
    ids: &mut Ids<'_>,
) -> anyhow::Result<Answers> {
    let mut tasks = BTreeSet::new();
    let mut rows = Vec::new();
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (n, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let context = || format!("line {}", n + 1);
        let row: Map<String, Value> =
            serde_json::from_slice(line).with_context(context)?;
        let mut answer = protocol::result(name, &row, ids).with_context(context)?;
        add_columns(&mut answer, &row);
        tasks.extend(answer.annotations.iter().map(|line| line.layer.clone()));
        for (there, task) in [
            (answer.body.is_some(), Task::Content),
            (answer.blocks.is_some(), Task::Blocks),
            (answer.fields.is_some(), Task::Metadata),
        ] {
            if there {
                tasks.insert(task.name().to_owned());
            }
        }
        rows.push(answer);
    }
    Ok(Answers { about: of_file(name.to_owned(), tasks.into_iter().collect()), rows })
}

/// Takes the columns of `articles` that are fields for what the system says of them.
fn add_columns(answer: &mut Prediction, row: &Map<String, Value>) {
    for field in Field::ALL {
        let (Some(label), Some(value)) = (field.label(), row.get(field.name())) else {
            continue;
        };
        // The address of a row names its article.
        if *field == Field::CanonicalUrl {
            continue;
        }
        let claim = match protocol::claim(value) {
            FieldClaim::Many(values) if values.is_empty() => FieldClaim::Null,
            claim => claim,
        };
        answer.fields.get_or_insert_default().entry(label.to_owned()).or_insert(claim);
    }
}
