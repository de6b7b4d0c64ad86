//! JSON Lines: one object a line.
//!
//! A line that is no object is one reject, and its neighbours are read as if it were not
//! there. Lines that hold nothing but white space are no records.

use std::path::Path;

use goldpress_model::{Flaw, RawDocument, RejectReason};
use goldpress_text::{Declared, decode};
use serde_json::{Map, Value};

use super::{
    Input, Reader, document,
    envelope::may_wrap,
    extension, head_text,
    lenient::{Parsed, parse},
    lost, too_large,
};
use crate::{
    Item, Options, Record,
    compression::reason_of,
    cursor::LineEnd,
    mapping::Mapped,
    markup::{content_of, markup_of},
    record::reject,
};

pub(super) struct Jsonl;

impl Reader for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        let text = head_text(head);
        if !text.starts_with('{') {
            return false;
        }
        let first = text.lines().next().unwrap_or("");
        if may_wrap(first) || text.contains('\r') && !text.contains('\n') {
            return false;
        }
        let is_whole = parse(first).is_ok();
        let is_named = ["jsonl", "ndjson", "jl"].contains(&extension(path).as_str());
        let is_longer = first.len() == text.len() && head.len() >= super::HEAD_BYTES;
        is_whole || is_named || is_longer
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        Box::new(Lines { input: input.in_utf8(), options, record: 0, is_done: false })
    }
}

struct Lines<'a> {
    input: Input<'a>,
    options: &'a Options,
    record: u64,
    is_done: bool,
}

impl Iterator for Lines<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.is_done {
            let start = self.input.cursor.offset();
            let mut line = Vec::new();
            let limit = self.options.limits.record_bytes;
            let end = self.input.cursor.line(limit, &mut line);
            self.is_done = matches!(end, Ok(LineEnd::Input));
            let content = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
            if content.trim_ascii().is_empty() && end.is_ok() {
                continue;
            }
            self.record += 1;
            let raw = document(
                self.input.origin(self.record, start),
                content.trim_ascii().to_vec(),
                "application/json",
            );
            return Some(match end {
                Ok(LineEnd::TooLong) => {
                    let why = too_large(limit);
                    Item::Reject(reject(&raw, why.reason, why.detail))
                }
                Ok(_) => read_object(raw, self.options),
                Err(error) => {
                    let why = reason_of(&error);
                    self.is_done = why.reason == RejectReason::Unreadable;
                    if raw.bytes.is_empty() {
                        Item::Reject(lost(&self.input, self.record, &error))
                    } else {
                        Item::Reject(reject(&raw, why.reason, why.detail))
                    }
                }
            });
        }
        None
    }
}

/// Reads the bytes of one JSON object.
pub(super) fn read_object(raw: RawDocument, options: &Options) -> Item {
    if let Some(depth) = too_deep(&raw.bytes, options.limits.json_depth) {
        let what = format!("the record is nested {depth} deep and more");
        return Item::Reject(reject(&raw, RejectReason::TooDeep, what));
    }
    let parsed = match str::from_utf8(&raw.bytes) {
        Ok(text) => parse(text),
        // JSON is UTF-8, but not all who write it know.
        Err(_) => match decode(&raw.bytes, Declared::default()) {
            Ok(decoded) => parse(&decoded.text),
            Err(error) => {
                let reason = RejectReason::Undecodable;
                return Item::Reject(reject(&raw, reason, error.to_string()));
            }
        },
    };
    match parsed {
        Ok(Parsed { value: Value::Object(map), .. }) if is_bulk_action(&map) => {
            Item::Apart("bulk action".to_owned())
        }
        Ok(Parsed { value: value @ Value::Object(_), n_replaced }) => {
            let mut item = from_value(raw, &value, options);
            if let Item::Record(record) = &mut item
                && n_replaced > 0
            {
                record.flaws.push((Flaw::BytesReplaced, n_replaced));
            }
            item
        }
        Ok(Parsed { value, .. }) => {
            let what = format!("the record is {} and no object", kind_of(&value));
            Item::Reject(reject(&raw, RejectReason::BrokenRecord, what))
        }
        Err(error) => {
            let what = format!("the record is no JSON: {error}");
            Item::Reject(reject(&raw, RejectReason::BrokenRecord, what))
        }
    }
}

/// Whether an object is a line of Elasticsearch's bulk format that says what to do with the
/// next one.
fn is_bulk_action(map: &Map<String, Value>) -> bool {
    let Some((action, Value::Object(about))) = map.iter().next() else { return false };
    let is_action = ["index", "create", "update", "delete"].contains(&action.as_str());
    map.len() == 1 && is_action && about.keys().all(|key| key.starts_with('_'))
}

/// Whether all fields hold values by the number of their row, as tables are written a
/// column after the other.
fn is_table(value: &Value) -> bool {
    let is_column = |value: &Value| match value {
        Value::Object(rows) => {
            !rows.is_empty()
                && rows.keys().zip(0_u64..).all(|(key, n)| *key == n.to_string())
        }
        _ => false,
    };
    value.as_object().is_some_and(|map| !map.is_empty() && map.values().all(is_column))
}

/// Makes a record of an object's fields.
pub(super) fn from_value(mut raw: RawDocument, value: &Value, options: &Options) -> Item {
    let Mapped { preset, text, html, fields, fetched_at_us, n_broken } =
        options.mapping.apply(value);
    raw.url = fields.get(goldpress_model::Field::Url).map(str::to_owned);
    raw.fetched_at_us = fetched_at_us;
    let content = match (text, html) {
        (Some(text), _) => content_of(text),
        (None, Some(html)) => markup_of(html),
        (None, None) => {
            let keys = keys_of(value);
            let what = if is_table(value) {
                format!(
                    "the record is a table, a column a key: write an object a row \
                     (pandas: orient=\"records\"); it has {keys}"
                )
            } else {
                format!("no field holds the text; the record has {keys}")
            };
            return Item::Reject(reject(&raw, RejectReason::NoText, what));
        }
    };
    Item::Record(Box::new(Record {
        stated: fields,
        preset: preset.map(|preset| preset.name.clone()),
        n_broken_fields: n_broken,
        mapped: match options.is_explaining {
            true => options.mapping.explain(value),
            false => Vec::new(),
        },
        ..Record::plain(raw, content)
    }))
}

fn keys_of(value: &Value) -> String {
    let Value::Object(map) = value else { return "no fields".to_owned() };
    let mut keys: Vec<String> =
        map.keys().take(12).map(|key| format!("`{key}`")).collect();
    if map.len() > keys.len() {
        keys.push(format!("{} more", map.len() - keys.len()));
    }
    if keys.is_empty() { "no fields".to_owned() } else { keys.join(", ") }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The limit, where brackets outside of strings nest deeper than it.
fn too_deep(bytes: &[u8], limit: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return Some(limit);
        }
    }
    None
}
