//! Mapping: the fields of a structured record to ours.

mod path;
mod unmapped;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use goldpress_model::{Field, FieldSource, Fields};
use goldpress_text::normalise_fragment;
use serde_json::Value;

pub(crate) use self::path::Path;
use self::{path::visit, unmapped::Known};
use crate::{dates, markup::value_of, presets::Preset, values::listed};

/// Whether a mapping may fill this: one of our fields, or what a record is made of.
pub(crate) fn is_target(name: &str) -> bool {
    ["text", "html", "fetched_at"].contains(&name) || name.parse::<Field>().is_ok()
}

/// What people call our fields besides.
const ALIASES: &[(&str, &str)] = &[
    ("title", "headline"),
    ("author", "authors"),
    ("date", "date_published"),
    ("published", "date_published"),
    ("modified", "date_modified"),
    ("summary", "description"),
    ("lang", "language"),
    ("tags", "keywords"),
    ("category", "section"),
    ("source", "publisher"),
    ("body", "text"),
    ("content", "text"),
];

/// What a mapping fills that was asked for by this name, ours or a usual one.
pub(crate) fn target_of(name: &str) -> Option<&str> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, ours)| *ours);
    alias.or_else(|| is_target(name).then_some(name))
}

/// All that may be mapped by hand: our fields, and where the preset of the obvious names
/// looks for each.
pub fn mappable() -> Vec<(&'static str, Vec<String>)> {
    let common = Preset::named(COMMON).expect("is there");
    let theirs = |name: &str| {
        let paths = common.fields.get(name).into_iter().flatten();
        paths.map(|path| path.text.clone()).collect()
    };
    targets().map(|name| (name, theirs(name))).collect()
}

/// What a mapping made of a record.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    /// The preset that was used.
    pub(crate) preset: Option<&'static Preset>,
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
    /// Fields of records that nothing maps, and in how many records they are.
    unmapped: Arc<Mutex<BTreeMap<String, u64>>>,
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
        Mapping { preset, own: own.collect(), unmapped: Arc::default() }
    }

    /// Fields of records that nothing maps, and in how many records they are.
    pub(crate) fn unmapped(&self) -> BTreeMap<String, u64> {
        self.unmapped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a record has a text, as this mapping reads it.
    pub(crate) fn holds_text(&self, record: &Value) -> bool {
        let record = &*self.opened(record);
        let preset = self.preset(record);
        ["text", "html"].iter().any(|name| self.find(preset, name, record).is_some())
    }

    /// Whether a record says what an article is called or where it is, text or none.
    pub(crate) fn is_about_article(&self, record: &Value) -> bool {
        let record = &*self.opened(record);
        let preset = self.preset(record).or_else(|| Preset::named(COMMON));
        ["headline", "url"].iter().any(|name| self.find(preset, name, record).is_some())
    }

    /// The same mapping, with nothing counted.
    pub(crate) fn afresh(&self) -> Mapping {
        Mapping { unmapped: Arc::default(), ..self.clone() }
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
        let columns = match self.preset {
            Some(preset) => preset.implied_columns(row),
            None => Preset::all().iter().find_map(|preset| preset.columns_of(row)),
        };
        columns.map(<[_]>::to_vec)
    }

    /// Whether any of these is the name of a column that could be read.
    pub(crate) fn knows_any(&self, names: &[String]) -> bool {
        let own: Vec<String> = self.own.iter().flat_map(|own| own.path.keys()).collect();
        names.iter().any(|name| {
            let name = name.trim().to_ascii_lowercase();
            own.contains(&name)
                || Preset::all().iter().any(|preset| preset.keys().contains(&name))
        })
    }

    /// Reads a record.
    pub(crate) fn apply(&self, record: &Value) -> Mapped {
        let record = &*self.opened(record);
        let preset = self.preset(record);
        let mut mapped = Mapped { preset, ..Mapped::default() };
        self.count_unmapped(preset, record);
        for name in targets() {
            let Some((_, mut texts)) = self.find(preset, name, record) else {
                mapped.n_broken += u32::from(self.is_no_date(preset, name, record));
                continue;
            };
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
        let record = &*self.opened(record);
        let preset = self.preset(record);
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
            let texts = texts_of(&own.path, name, record);
            if !texts.is_empty() {
                own.is_met.store(true, Ordering::Relaxed);
                return Some((&own.path, texts));
            }
        }
        let theirs = preset.and_then(|preset| preset.fields.get(name));
        let paths = theirs.into_iter().flatten();
        let found = paths.map(|path| (path, texts_of(path, name, record)));
        found.into_iter().find(|(_, texts)| !texts.is_empty())
    }

    /// Whether an object stands where a date is expected, of which none can be read.
    fn is_no_date(
        &self,
        preset: Option<&'static Preset>,
        name: &str,
        record: &Value,
    ) -> bool {
        if !["date_published", "date_modified", "fetched_at"].contains(&name) {
            return false;
        }
        let own = self.own.iter().filter(|own| own.target == name).map(|own| &own.path);
        let theirs = preset.and_then(|preset| preset.fields.get(name));
        // Most records are flat.
        if !record.as_object().is_some_and(|map| map.values().any(Value::is_object)) {
            return false;
        }
        own.chain(theirs.into_iter().flatten()).any(|path| {
            let mut is_object = false;
            for steps in &path.parts {
                visit(record, steps, &mut |value| {
                    is_object |= value.as_object().is_some_and(|map| !map.is_empty());
                });
            }
            is_object
        })
    }

    /// A record without what is around it: of a hit of Elasticsearch its source, unless the
    /// user has a path that goes through it.
    fn opened<'v>(&self, record: &'v Value) -> Cow<'v, Value> {
        let through = |key: &str| {
            let mut own = self.own.iter().flat_map(|own| own.path.keys());
            own.any(|path| path.split('.').next() == Some(key))
        };
        // An object with nothing in it but an article.
        if let Value::Object(map) = record
            && let (1, Some((key, inner))) = (map.len(), map.iter().next())
            && inner.is_object()
            && !through(key)
            && Preset::of(inner).is_some()
        {
            return Cow::Borrowed(inner);
        }
        let wrapped = WRAPPERS.iter().filter(|key| !through(key));
        match wrapped.filter_map(|key| record.get(*key)).find(|inner| inner.is_object()) {
            Some(inner) if Preset::of(record).is_none() => Cow::Borrowed(inner),
            _ => with_metadata(record),
        }
    }

    /// Counts the fields of a record that say something and that nothing maps.
    fn count_unmapped(&self, preset: Option<&'static Preset>, record: &Value) {
        let Value::Object(map) = record else { return };
        let own = || self.own.iter().flat_map(|own| own.path.keys()).collect::<Vec<_>>();
        let own = if self.own.is_empty() { Vec::new() } else { own() };
        let known = Known { own: &own, preset: preset.map(Preset::keys) };
        let mut counts = self.unmapped.lock().unwrap_or_else(PoisonError::into_inner);
        known.count(map, "", &mut counts);
    }
}

/// The texts at a path; of a list that a program wrote into one cell, its items.
fn texts_of(path: &Path, name: &str, record: &Value) -> Vec<String> {
    let texts = path.texts(record);
    let is_list = |text: &String| match name {
        "text" => text.starts_with("['") || text.starts_with("[\""),
        "html" => false,
        _ => text.trim_start().starts_with(['[', '{', '(']) || text.starts_with("array("),
    };
    if !texts.iter().any(is_list) {
        return texts;
    }
    let opened = texts.into_iter().flat_map(|text| {
        let items = if is_list(&text) { listed(&text) } else { None };
        items.unwrap_or_else(|| vec![text])
    });
    opened.collect()
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
            // A name ends with its line.
            (_, Ok(Field::Authors)) => {
                let lines = texts.iter().flat_map(|text| text.lines());
                let lines = lines.filter(|line| !line.trim().is_empty());
                lines.for_each(|line| self.state(Field::Authors, line));
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

/// Keys under which a database or an interface hands out the record itself.
const WRAPPERS: &[&str] = &["_source", "attributes", "node"];
/// The preset of the obvious names.
const COMMON: &str = "scrapy";

/// A record of which a string of JSON under `metadata` is opened: datatrove writes it so.
fn with_metadata(record: &Value) -> Cow<'_, Value> {
    let inner = record.get("metadata").and_then(Value::as_str);
    let Some(Ok(inner)) = inner
        .filter(|text| text.trim_start().starts_with('{'))
        .map(serde_json::from_str::<Value>)
    else {
        return Cow::Borrowed(record);
    };
    let mut record = record.clone();
    record["metadata"] = inner;
    Cow::Owned(record)
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
