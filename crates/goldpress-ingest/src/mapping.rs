//! Mapping: the fields of a structured record to ours.

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use goldpress_model::{Field, FieldSource, Fields};
use goldpress_text::normalise_fragment;
use serde::Deserialize;
use serde_json::Value;

use crate::{dates, markup::value_of, presets::Preset};

/// Words that exporters write for nothing.
const NOTHING: &[&str] = &["", "none", "null", "nan", "n/a", "undefined"];

/// Keys where an object says what it is called, and where a nested value stands.
const NAME_KEYS: &[&str] = &["name", "text", "title", "@value", "url", "@id"];

/// Where a value stands in a record: `body.sections[].headline[] + title`.
///
/// A point goes into an object, `[]` into every item of a list, a plus sign joins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Path {
    parts: Vec<Vec<Step>>,
    /// As it was written.
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
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
    fn texts(&self, record: &Value) -> Vec<String> {
        let mut texts = Vec::new();
        for steps in &self.parts {
            visit(record, steps, &mut |value| flatten(value, &mut texts));
        }
        texts.retain(|text| !is_nothing(text));
        texts
    }
}

fn visit<'v>(value: &'v Value, steps: &[Step], found: &mut dyn FnMut(&'v Value)) {
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

/// The texts of a value: of a list its items, of an object what it is called.
fn flatten(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::String(text) => into.push(text.clone()),
        Value::Bool(is) => into.push(is.to_string()),
        Value::Number(number) => into.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| flatten(item, into)),
        Value::Object(map) => {
            if let Some(name) = NAME_KEYS.iter().find_map(|key| map.get(*key)) {
                flatten(name, into);
            }
        }
    }
}

fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 9 && NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a mapping may fill this: one of our fields, or what a record is made of.
pub(crate) fn is_target(name: &str) -> bool {
    ["text", "html", "fetched_at"].contains(&name) || name.parse::<Field>().is_ok()
}

/// What a mapping made of a record.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    pub(crate) text: Option<String>,
    pub(crate) html: Option<String>,
    pub(crate) fields: Fields,
    pub(crate) fetched_at_us: Option<i64>,
    /// Values that are not what their field needs.
    pub(crate) n_broken: u32,
}

/// A mapping as the user asked for it: a preset or the one that fits, with changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapping {
    preset: Option<&'static Preset>,
    own: Vec<Own>,
}

/// A field that the user mapped, and whether any record had something there.
#[derive(Debug, Clone)]
struct Own {
    target: String,
    path: Path,
    is_met: Arc<AtomicBool>,
}

impl Mapping {
    pub(crate) fn new(
        preset: Option<&'static Preset>,
        own: Vec<(String, Path)>,
    ) -> Mapping {
        let own = own.into_iter().map(|(target, path)| Own {
            target,
            path,
            is_met: Arc::default(),
        });
        Mapping { preset, own: own.collect() }
    }

    /// What the user mapped and no record had, as it was written: `text=nosuch`.
    pub(crate) fn unmet(&self) -> Vec<String> {
        let unmet = self.own.iter().filter(|own| !own.is_met.load(Ordering::Relaxed));
        unmet.map(|own| format!("{}={}", own.target, own.path.text)).collect()
    }

    /// The preset for a record: the one asked for, else the first whose keys are there.
    pub(crate) fn preset(&self, record: &Value) -> Option<&'static Preset> {
        self.preset.or_else(|| Preset::of(record))
    }

    /// The columns of a table whose first row is an article already.
    pub(crate) fn columns_of(&self, row: &[String]) -> Option<Vec<String>> {
        let presets: Vec<&Preset> = match self.preset {
            Some(preset) => vec![preset],
            None => Preset::all().iter().collect(),
        };
        presets.iter().find_map(|preset| preset.columns_of(row)).map(<[_]>::to_vec)
    }

    /// Reads a record.
    pub(crate) fn apply(&self, record: &Value) -> Mapped {
        let preset = self.preset(record);
        let mut mapped = Mapped::default();
        let record = &opened(record);
        for name in targets() {
            let Some((_, mut texts)) = self.find(preset, name, record) else { continue };
            let separator = preset.and_then(|preset| preset.split.get(name));
            if let Some(separator) = separator {
                let parts = texts.iter().flat_map(|text| text.split(separator.as_str()));
                texts = parts.map(str::to_owned).collect();
            }
            mapped.fill(name, texts);
        }
        mapped
    }

    /// Our fields, and where a record has theirs.
    pub(crate) fn explain(&self, record: &Value) -> Vec<(String, String)> {
        let preset = self.preset(record);
        let record = &opened(record);
        let found = targets().filter_map(|name| {
            let (path, _) = self.find(preset, name, record)?;
            Some((name.to_owned(), path.text.clone()))
        });
        found.collect()
    }

    /// The first path of a field at which a record has something.
    fn find<'p>(
        &'p self,
        preset: Option<&'static Preset>,
        name: &str,
        record: &Value,
    ) -> Option<(&'p Path, Vec<String>)> {
        for own in self.own.iter().filter(|own| own.target == name) {
            let texts = own.path.texts(record);
            if !texts.is_empty() {
                own.is_met.store(true, Ordering::Relaxed);
                return Some((&own.path, texts));
            }
        }
        let theirs = preset.and_then(|preset| preset.fields.get(name));
        let paths = theirs.into_iter().flatten();
        paths.map(|path| (path, path.texts(record))).find(|(_, texts)| !texts.is_empty())
    }
}

/// All that a mapping may fill.
fn targets() -> impl Iterator<Item = &'static str> {
    let fields = Field::ALL.iter().map(|field| field.name());
    ["text", "html", "fetched_at"].into_iter().chain(fields)
}

impl Mapped {
    /// Takes the values of one of our fields.
    pub(crate) fn fill(&mut self, name: &str, texts: Vec<String>) {
        match (name, name.parse::<Field>()) {
            ("text", _) => self.text = Some(texts.join("\n\n")),
            ("html", _) => self.html = texts.into_iter().next(),
            ("fetched_at", _) => {
                self.fetched_at_us = texts.first().and_then(|text| dates::micros(text));
                self.n_broken += u32::from(self.fetched_at_us.is_none());
            }
            (_, Ok(field)) => texts.iter().for_each(|text| self.state(field, text)),
            _ => {}
        }
    }

    fn state(&mut self, field: Field, text: &str) {
        let value = match field {
            Field::DatePublished | Field::DateModified => match dates::iso(text) {
                Some(date) => date,
                None => {
                    self.n_broken += 1;
                    return;
                }
            },
            Field::Headline | Field::AlternativeHeadline | Field::Description => {
                normalise_fragment(&value_of(text))
            }
            _ => normalise_fragment(text),
        };
        self.fields.state(field, &value, FieldSource::Record);
    }
}

/// A copy of a record in which a string of JSON under `metadata` is opened: datatrove
/// writes it so.
fn opened(record: &Value) -> std::borrow::Cow<'_, Value> {
    let inner = record.get("metadata").and_then(Value::as_str);
    let Some(Ok(inner)) = inner
        .filter(|text| text.trim_start().starts_with('{'))
        .map(serde_json::from_str::<Value>)
    else {
        return std::borrow::Cow::Borrowed(record);
    };
    let mut record = record.clone();
    record["metadata"] = inner;
    std::borrow::Cow::Owned(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_into_objects_and_lists() {
        let record = serde_json::json!({
            "body": {"summary": ["S"], "sections": [
                {"headline": [], "paragraphs": ["A", "B"]},
                {"headline": ["H"], "paragraphs": ["C"]},
            ]},
            "author": {"@type": "Person", "name": "Ilse"}, "n": 3, "none": "None",
        });
        let texts = |path: &str| path.parse::<Path>().expect("is a path").texts(&record);
        assert_eq!(
            texts("body.summary[] + body.sections[].paragraphs[]"),
            ["S", "A", "B", "C"]
        );
        assert_eq!(texts("body.sections.headline"), ["H"]);
        assert_eq!(texts("Author"), ["Ilse"]);
        assert_eq!(texts("n"), ["3"]);
        assert_eq!(texts("none"), Vec::<String>::new());
        assert_eq!(texts("body.missing[].x"), Vec::<String>::new());
        assert!("a..b".parse::<Path>().is_err());
    }

    #[test]
    fn a_preset_is_found_by_its_keys_and_changed_by_hand() {
        let record = serde_json::json!({
            "maintext": "Text.", "authors": ["A", "B"], "date_publish": "None", "hl": "Own",
            "date_download": "2024-03-22 05:00:00", "title": "Theirs",
        });
        let path = "hl".parse().expect("is a path");
        let mapping = Mapping::new(None, vec![("headline".to_owned(), path)]);
        let mapped = mapping.apply(&record);
        assert_eq!(mapped.text.as_deref(), Some("Text."));
        assert_eq!(mapped.fields.get(Field::Headline), Some("Own"));
        assert_eq!(mapped.fields.all(Field::Authors).count(), 2);
        assert_eq!(mapped.fields.get(Field::DatePublished), None);
        assert_eq!(
            (mapped.n_broken, mapped.fetched_at_us),
            (0, Some(1_711_083_600_000_000))
        );
    }
}
