//! `cas-json`: UIMA CAS JSON 0.4, with types `webanno.custom.<Layer>`.
//!
//! Offsets count UTF-16 units, as Java does; nothing is quoted. Arguments are link
//! features, a relation has a Governor and a Dependent; its range is that of its evidence
//! where it is not the Dependent's.

mod write;

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, Schema};
use serde_json::{Map, Value};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, WHOLE, Written, attr_of,
    json_of,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct CasJson;

/// Where types of layers live.
const TYPE: &str = "webanno.custom.";

impl Format for CasJson {
    fn name(&self) -> &'static str {
        "cas-json"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::Utf16)
    }

    fn recognises(&self, source: &Source) -> bool {
        json_of(source).is_ok_and(|value| value.get("%FEATURE_STRUCTURES").is_some())
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let cas = json_of(source)?;
        let structures = structures(&cas);
        let sofa = structures.values().find(|fs| fs["%TYPE"] == "uima.cas.Sofa");
        let text = sofa.and_then(|sofa| sofa["sofaString"].as_str());
        let text =
            text.ok_or_else(|| Misread::new(1, "there is no text (sofaString)"))?;
        let mut foreign = Foreign { text: Some(text.to_owned()), ..Foreign::default() };
        for (id, fs) in &structures {
            let kind = fs["%TYPE"].as_str().and_then(|name| name.strip_prefix(TYPE));
            let is_annotation = fs.get("begin").is_some();
            if let (Some(kind), true) = (kind, is_annotation) {
                foreign.drafts.extend(draft(*id, kind, fs, &structures));
            }
        }
        Ok(vec![foreign])
    }

    fn carries_lines(&self) -> bool {
        true
    }

    /// Its readers keep what the views list, and these list annotations alone.
    fn carries_rest(&self) -> bool {
        false
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity {
            args: true,
            links: true,
            relations: true,
            attrs: true,
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
        let cas = write::cas(schema, page, written);
        written.append(&format!("{}.json", page.doc), &format!("{cas}\n"));
    }
}

type Structures<'a> = BTreeMap<i64, &'a Value>;

/// Feature structures by id; in CAS JSON they stand in a list or under their ids.
fn structures(cas: &Value) -> Structures<'_> {
    match &cas["%FEATURE_STRUCTURES"] {
        Value::Array(all) => {
            all.iter().filter_map(|fs| Some((fs["%ID"].as_i64()?, fs))).collect()
        }
        Value::Object(all) => {
            all.iter().filter_map(|(id, fs)| Some((id.parse().ok()?, fs))).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn draft(id: i64, kind: &str, fs: &Value, all: &Structures<'_>) -> Option<Draft> {
    let begin_end = |fs: &Value| Some((fs["begin"].as_i64()?, fs["end"].as_i64()?));
    // A feature holds a string.
    let whole = fs[WHOLE].as_str().and_then(|line| serde_json::from_str(line).ok());
    let draft = Draft {
        line: 1,
        id: id.to_string(),
        layer: Some(lowered(kind)),
        label: fs["label"].as_str().unwrap_or(kind).to_owned(),
        ranges: vec![begin_end(fs)?],
        attrs: attributes(fs.as_object()?, all),
        ..Draft::default()
    };
    let mut draft = draft.beside(whole.as_ref());
    let end = |key: &str| fs.get(key).and_then(Value::as_i64);
    if let (Some(head), Some(tail)) = (end("@Governor"), end("@Dependent")) {
        draft.args.push(("head".to_owned(), head.to_string()));
        draft.args.push(("tail".to_owned(), tail.to_string()));
        if all.get(&tail).and_then(|tail| begin_end(tail)) == begin_end(fs) {
            draft.ranges.clear();
        }
    }
    for link in elements(fs, "@args", all) {
        let link = link.as_i64().and_then(|id| all.get(&id));
        let role = link.and_then(|link| link["role"].as_str());
        let target = link.and_then(|link| link["@target"].as_i64());
        if let (Some(role), Some(target)) = (role, target) {
            draft.args.push((role.to_owned(), target.to_string()));
        }
    }
    Some(draft)
}

fn attributes(
    fs: &Map<String, Value>,
    all: &Structures<'_>,
) -> BTreeMap<String, AttrValue> {
    let mut attrs = BTreeMap::new();
    for (name, value) in fs {
        let is_own = ["begin", "end", "label", WHOLE].contains(&name.as_str());
        if is_own || name.starts_with('%') {
            continue;
        }
        match name.strip_prefix('@') {
            None => {
                attrs.insert(name.clone(), attr_of(value));
            }
            Some("args" | "sofa" | "Governor" | "Dependent") => {}
            Some(list) => {
                let array = value.as_i64().and_then(|id| all.get(&id));
                let texts = array.and_then(|array| array["%ELEMENTS"].as_array());
                let texts = texts.into_iter().flatten().filter_map(Value::as_str);
                let texts = texts.map(str::to_owned).collect();
                attrs.insert(list.to_owned(), AttrValue::List(texts));
            }
        }
    }
    attrs
}

/// What an array that a feature names holds.
fn elements<'a>(fs: &Value, feature: &str, all: &Structures<'a>) -> Vec<&'a Value> {
    let array = fs.get(feature).and_then(Value::as_i64).and_then(|id| all.get(&id));
    array.and_then(|array| array["%ELEMENTS"].as_array()).into_iter().flatten().collect()
}

/// `Entity` is the layer `entity`.
fn lowered(kind: &str) -> String {
    let mut letters = kind.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
