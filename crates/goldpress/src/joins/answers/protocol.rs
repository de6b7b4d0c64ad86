//! Answers as a worker gave them: JSON Lines of the extractor protocol, saved.

use anyhow::{Context, bail};
use goldpress_model::{
    CharRange, FieldClaim, LooseAnnotation, Prediction, Role, RunOutcome,
};
use goldpress_store::{json, labels};
use serde_json::{Map, Value};

use super::{Answers, Ids, complete, nothing};

/// Whether the first line is an object of the protocol.
pub(super) fn is_protocol(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice::<Map<String, Value>>(line)
        .is_ok_and(|first| first.contains_key("type"))
}

/// Reads the saved output of a worker: a `ready` object, then an object an article.
pub(super) fn protocol(bytes: &[u8], ids: &mut Ids<'_>) -> anyhow::Result<Answers> {
    let mut about = complete();
    let mut rows = Vec::new();
    // Only a line feed ends a line: U+2028 stands in texts.
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (n, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let context = || format!("line {}", n + 1);
        let message: Map<String, Value> =
            serde_json::from_slice(line).with_context(context)?;
        let word =
            |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        match word("type") {
            "ready" => {
                about.name = word("name").to_owned();
                about.version = word("version").to_owned();
                about.config_hash = word("config_hash").to_owned();
                let tasks = message.get("tasks").and_then(Value::as_array);
                let tasks = tasks.into_iter().flatten().filter_map(Value::as_str);
                about.tasks = tasks.map(str::to_owned).collect();
                if !matches!(word("offsets"), "" | "codepoints") {
                    bail!(
                        "line {}: offsets are `{}`, and must be `codepoints`",
                        n + 1,
                        word("offsets")
                    );
                }
            }
            "result" => {
                rows.push(result(&about.name, &message, ids).with_context(context)?)
            }
            "error" => {
                rows.push(error(&about.name, &message, ids).with_context(context)?)
            }
            _ => {}
        }
    }
    if about.name.is_empty() || about.tasks.is_empty() {
        bail!("the first line is no `ready` object with `name` and `tasks`");
    }
    Ok(Answers { about, rows })
}

/// What a system says of one article.
pub(super) fn result(
    system: &str,
    message: &Map<String, Value>,
    ids: &mut Ids<'_>,
) -> anyhow::Result<Prediction> {
    let list = |key: &str| message.get(key).and_then(Value::as_array);
    let mut annotations: Vec<LooseAnnotation> = Vec::new();
    for value in list("annotations").into_iter().flatten() {
        let line = labels::parse_loose(&json::canonical(value));
        annotations.push(line.map_err(|error| anyhow::anyhow!("{error}"))?);
    }
    let block = |value: &Value| -> Option<(CharRange, Role)> {
        let number = |key: &str| value.get(key)?.as_u64()?.try_into().ok();
        let role = value.get("role")?.as_str()?.parse().ok()?;
        Some((CharRange { start: number("start")?, end: number("end")? }, role))
    };
    let blocks = list("blocks").map(|blocks| {
        let read: Option<Vec<_>> = blocks.iter().map(block).collect();
        read.context("a block needs `start`, `end` and a `role` of the schema")
    });
    let fields = message.get("fields").and_then(Value::as_object).map(|fields| {
        fields.iter().map(|(name, value)| (name.clone(), claim(value))).collect()
    });
    Ok(Prediction {
        body: message.get("body").and_then(Value::as_str).map(str::to_owned),
        blocks: blocks.transpose()?,
        fields,
        annotations,
        ..blank(system, message, ids)?
    })
}

fn error(
    system: &str,
    message: &Map<String, Value>,
    ids: &mut Ids<'_>,
) -> anyhow::Result<Prediction> {
    let word = |key: &str| message.get(key).and_then(Value::as_str);
    let outcome = match word("code") {
        Some("unsupported") => RunOutcome::Unsupported,
        _ => RunOutcome::Failed,
    };
    let message = blank(system, message, ids)?;
    Ok(Prediction { outcome, ..message })
}

fn blank(
    system: &str,
    message: &Map<String, Value>,
    ids: &mut Ids<'_>,
) -> anyhow::Result<Prediction> {
    let word = |key: &str| message.get(key).and_then(Value::as_str);
    let doc_id = ids.article(message)?;
    let message = word("message").map(str::to_owned);
    Ok(Prediction { message, ..nothing(system, doc_id) })
}

/// What is said of a field: nothing, a value, or several.
pub(super) fn claim(value: &Value) -> FieldClaim {
    let text =
        |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Null => FieldClaim::Null,
        Value::Array(values) => FieldClaim::Many(values.iter().map(text).collect()),
        value => FieldClaim::One(text(value)),
    }
}
