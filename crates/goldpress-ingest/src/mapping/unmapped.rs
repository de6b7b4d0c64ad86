//! Fields of records that nothing maps: counted, so that none vanishes unsaid.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
};

use serde_json::Value;

use crate::values::is_nothing;

/// Fields that nothing maps of which names are kept.
const MOST_UNMAPPED: usize = 1000;

/// The keys that a mapping knows: those it reads, and those on the way to them.
pub(super) struct Known<'k> {
    pub(super) own: &'k [String],
    pub(super) preset: Option<&'k HashSet<String>>,
}

impl Known<'_> {
    fn reads(&self, key: &str) -> bool {
        self.own.iter().any(|own| own == key)
            || self.preset.is_some_and(|known| known.contains(key))
    }

    fn goes_through(&self, key: &str) -> bool {
        let is_before = |other: &String| {
            other.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))
        };
        self.own.iter().any(is_before)
            || self.preset.is_some_and(|known| known.iter().any(is_before))
    }

    /// Counts the fields of a record that it does not know and that say something.
    pub(super) fn count(
        &self,
        map: &serde_json::Map<String, Value>,
        outer: &str,
        counts: &mut BTreeMap<String, u64>,
    ) {
        for (key, value) in map {
            let is_empty = match value {
                Value::Null => true,
                Value::String(text) => is_nothing(text),
                Value::Array(items) => items.is_empty(),
                Value::Object(map) => map.is_empty(),
                Value::Bool(_) | Value::Number(_) => false,
            };
            if is_empty {
                continue;
            }
            let is_plain =
                outer.is_empty() && !key.bytes().any(|b| b.is_ascii_uppercase());
            let lower = match is_plain {
                true => Cow::Borrowed(key.as_str()),
                false => format!("{outer}{}", key.to_ascii_lowercase()).into(),
            };
            if self.reads(&lower) {
                continue;
            }
            let is_nested = matches!(value, Value::Object(_) | Value::Array(_));
            if is_nested && self.goes_through(&lower) {
                if let Value::Object(inner) = value {
                    self.count(inner, &format!("{lower}."), counts);
                }
                continue;
            }
            let name = match outer.is_empty() {
                true => Cow::Borrowed(key.as_str()),
                false => format!("{outer}{key}").into(),
            };
            if let Some(n) = counts.get_mut(&*name) {
                *n += 1;
            } else if counts.len() < MOST_UNMAPPED {
                counts.insert(name.into_owned(), 1);
            }
        }
    }
}
