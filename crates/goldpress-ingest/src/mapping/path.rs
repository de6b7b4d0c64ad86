//! Paths: where a value stands in a record, as presets and users write it.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::Value;

use crate::values::{flatten, is_nothing};

/// Where a value stands in a record: `body.sections[].headline[] + title`.
///
/// A point goes into an object, `[]` into every item of a list, a plus sign joins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Path {
    pub(super) parts: Vec<Vec<Step>>,
    /// As it was written.
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Items,
}

/// What a path cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no path to a field, such as `content.body` or `sections[].text`")]
pub(crate) struct PathError(String);

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Path, PathError> {
        let part = |part: &str| -> Option<Vec<Step>> {
            let mut steps = Vec::new();
            for piece in part.trim().split('.') {
                let key = piece.trim_end_matches("[]");
                if key.is_empty() {
                    return None;
                }
                steps.push(Step::Key(key.to_owned()));
                let n_items = (piece.len() - key.len()) / 2;
                steps.extend(std::iter::repeat_n(Step::Items, n_items));
            }
            Some(steps)
        };
        let parts: Option<Vec<_>> = text.split(" + ").map(part).collect();
        parts
            .map(|parts| Path { parts, text: text.to_owned() })
            .ok_or_else(|| PathError(text.to_owned()))
    }
}

impl TryFrom<String> for Path {
    type Error = PathError;

    fn try_from(text: String) -> Result<Path, PathError> {
        text.parse()
    }
}

impl Path {
    /// Whether a record has something there, be it null.
    pub(crate) fn is_in(&self, record: &Value) -> bool {
        self.parts.iter().any(|steps| {
            let mut found = false;
            visit(record, steps, &mut |_| found = true);
            found
        })
    }

    /// The texts that stand there, in order.
    pub(super) fn texts(&self, record: &Value) -> Vec<String> {
        let mut texts = Vec::new();
        for steps in &self.parts {
            visit(record, steps, &mut |value| flatten(value, &mut texts));
        }
        texts.retain(|text| !is_nothing(text));
        texts
    }

    /// The keys of each part, joined by points, in lower case.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        self.parts.iter().map(|steps| {
            let keys = steps.iter().filter_map(|step| match step {
                Step::Key(key) => Some(key.to_ascii_lowercase()),
                Step::Items => None,
            });
            keys.collect::<Vec<_>>().join(".")
        })
    }
}

/// Calls `found` with every value at these steps.
pub(super) fn visit<'v>(
    value: &'v Value,
    steps: &[Step],
    found: &mut dyn FnMut(&'v Value),
) {
    match (steps.split_first(), value) {
        (None, _) => found(value),
        (Some((Step::Key(key), rest)), Value::Object(map)) => {
            let same = |known: &str| known.eq_ignore_ascii_case(key);
            let inner = map.get(key).or_else(|| {
                map.iter().find(|(known, _)| same(known)).map(|(_, value)| value)
            });
            // A key with points in it, as flat exports have them.
            if let Some(inner) = inner {
                visit(inner, rest, found);
            }
        }
        (Some((Step::Items, rest)), Value::Array(items)) => {
            items.iter().for_each(|item| visit(item, rest, found));
        }
        // A list of one is often written without its brackets.
        (Some((Step::Items, rest)), value) => visit(value, rest, found),
        // A list where an object was expected: all of them.
        (Some((Step::Key(_), _)), Value::Array(items)) => {
            items.iter().for_each(|item| visit(item, steps, found));
        }
        _ => {}
    }
}
