//! `w3c`: Web Annotation pages in JSON-LD.
//!
//! The standard asks for code points and quotes every target; some pages count UTF-16
//! units, and the quotes tell. The layer is a classifying body, the label a tagging one,
//! attributes a describing one; arguments and relations are linking annotations.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, CharIndex, CharRange, Schema, layer::METADATA};
use goldpress_store::{json::canonical, labels::LabelLine};
use serde_json::{Value, json};

use super::{
    Draft, Foreign, Format, Link, Misread, ReadOptions, Source, WHOLE, Written,
    carrier::carry, json_of, rest,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct W3c;

/// What our own documents and annotations are called.
const DOC: &str = "urn:goldpress:doc:";
const SET: &str = "urn:goldpress:set:";
const ANNOTATION: &str = "urn:goldpress:annotation:";

/// Characters that a quote brings of what stands around it, so that others find it again.
const AROUND: usize = 10;

impl Format for W3c {
    fn name(&self) -> &'static str {
        "w3c"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        json_of(source).is_ok_and(|value| {
            let context = value.get("@context").map(Value::to_string).unwrap_or_default();
            context.contains("anno.jsonld")
        })
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let page = json_of(source)?;
        let items = match &page["items"] {
            Value::Array(items) => items.clone(),
            _ => vec![page.clone()],
        };
        let mut by_source: BTreeMap<String, Foreign> = BTreeMap::new();
        let mut homes: BTreeMap<String, String> = BTreeMap::new();
        let (links, spans): (Vec<&Value>, Vec<&Value>) =
            items.iter().partition(|item| linked(item).is_some());
        for item in spans {
            let Some((doc, draft)) = draft(item) else {
                let message = format!("`{}` has no place in a text", item["id"]);
                let home = by_source.entry(String::new()).or_default();
                home.misread.push(Misread::new(1, message));
                continue;
            };
            homes.insert(draft.id.clone(), doc.clone());
            by_source.entry(doc).or_default().drafts.push(draft);
        }
        for item in links {
            let Some((from, to)) = linked(item) else { continue };
            let doc = homes.get(&from).cloned().unwrap_or_default();
            let draft = Draft { ranges: Vec::new(), quote: None, ..described(item) };
            let draft = draft.beside(item.get(WHOLE));
            by_source.entry(doc).or_default().links.push(Link { draft, from, to });
        }
        // A page of ours speaks of one text.
        if let Some(lines) = page.get(WHOLE) {
            let told = page["id"].as_str().and_then(|id| id.strip_prefix(SET));
            let doc = by_source.keys().find(|doc| !doc.is_empty()).cloned();
            let doc = doc.or_else(|| Some(format!("{DOC}{}", told?))).unwrap_or_default();
            rest(1, Some(lines), by_source.entry(doc).or_default());
        }
        // One without items says that there is nothing in its text: that of its id, or of
        // the name of its file.
        if by_source.is_empty() {
            let told = page["id"].as_str().and_then(|id| id.strip_prefix(SET));
            let doc = told.map(|doc| format!("{DOC}{doc}")).unwrap_or_default();
            by_source.entry(doc).or_default();
        }
        Ok(by_source
            .into_iter()
            .map(|(doc, foreign)| {
                let doc = doc.strip_prefix(DOC).unwrap_or(&doc).to_owned();
                Foreign { doc: Some(doc).filter(|doc| !doc.is_empty()), ..foreign }
            })
            .collect())
    }

    fn carries_lines(&self) -> bool {
        true
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity {
            publication_time: false,
            fields: false,
            null_fields: false,
            scores: false,
            ..Capacity::ALL
        })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        _options: &WriteOptions,
        written: &mut Written,
    ) {
        let doc = page.doc;
        let carried = carry(schema, page, written);
        let letters: Vec<char> = page.text.chars().collect();
        let index = CharIndex::new(page.text);
        let name = |id: &str| format!("{ANNOTATION}{doc}:{id}");
        let mut items: Vec<Value> = Vec::new();
        for line in &carried.spans {
            let targets: Vec<Value> = line
                .annotation
                .fragments
                .iter()
                .map(|range| target(&format!("{DOC}{doc}"), *range, &index, &letters))
                .collect();
            let target = match targets.as_slice() {
                [target] => target.clone(),
                targets => json!(targets),
            };
            let mut item = json!({
                "id": name(&line.annotation.id), "type": "Annotation",
                "motivation": "tagging", "body": bodies(line), "target": target,
            });
            page.put_whole(&line.annotation.id, &mut item);
            items.push(item);
        }
        let mut n_targets: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for link in &carried.links {
            let own = &link.line.annotation;
            let is_role = !own.fragments.is_empty();
            let id = match is_role {
                true => {
                    let n = n_targets.entry((&own.id, link.label)).or_default();
                    *n += 1;
                    let number = if *n == 1 { String::new() } else { n.to_string() };
                    format!("{}:{}{number}", name(&own.id), link.label)
                }
                false => name(&own.id),
            };
            let mut body = vec![
                json!({"type": "SpecificResource", "purpose": "linking", "source": name(link.to)}),
                textual("classifying", &own.layer),
                textual("tagging", link.label),
            ];
            if !is_role {
                body.extend(description(&own.attrs));
            }
            let mut item = json!({
                "id": id, "type": "Annotation", "motivation": "linking", "body": body,
                "target": name(link.from),
            });
            if !is_role {
                page.put_whole(&own.id, &mut item);
            }
            items.push(item);
        }
        let mut written_page = json!({
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": format!("{SET}{doc}"),
            "type": "AnnotationPage",
            "items": items,
        });
        page.put_homeless(&carried.homeless, &mut written_page);
        written.append(&format!("{doc}.jsonld"), &format!("{written_page}\n"));
    }
}

fn bodies(line: &LabelLine) -> Vec<Value> {
    let annotation = &line.annotation;
    let mut bodies = vec![
        textual("classifying", &annotation.layer),
        textual("tagging", &annotation.label),
    ];
    bodies.extend(description(&annotation.attrs));
    bodies
}

fn textual(purpose: &str, value: &str) -> Value {
    json!({"type": "TextualBody", "purpose": purpose, "value": value})
}

fn description(attrs: &BTreeMap<String, AttrValue>) -> Option<Value> {
    let mut body = textual("describing", &canonical(attrs));
    body["format"] = json!("application/json");
    (!attrs.is_empty()).then_some(body)
}

fn target(
    source: &str,
    range: CharRange,
    index: &CharIndex<'_>,
    letters: &[char],
) -> Value {
    let [start, end] = [range.start as usize, range.end as usize];
    let slice = |from: usize, to: usize| -> String {
        letters.get(from..to.min(letters.len())).unwrap_or_default().iter().collect()
    };
    let exact = index.span(range).map_or("", |span| span.slice(index.text()));
    let prefix = slice(start.saturating_sub(AROUND), start);
    let suffix = slice(end, end + AROUND);
    json!({"source": source, "selector": [
        {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
        {"type": "TextPositionSelector", "start": range.start, "end": range.end},
    ]})
}

/// A value or a list of values, as JSON-LD writes them.
fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    }
}

/// From and to of a linking annotation.
fn linked(item: &Value) -> Option<(String, String)> {
    let to = several(&item["body"])
        .into_iter()
        .find(|body| body["purpose"] == "linking")
        .and_then(|body| body["source"].as_str())?;
    Some((item["target"].as_str()?.to_owned(), to.to_owned()))
}

/// What the bodies of an annotation say.
fn described(item: &Value) -> Draft {
    let id = item["id"].as_str().unwrap_or_default().to_owned();
    let mut draft = Draft {
        line: 1,
        reference: Some(id.clone()).filter(|id| !id.is_empty()),
        id,
        ..Draft::default()
    };
    for body in several(&item["body"]) {
        let value = body["value"].as_str().unwrap_or_default();
        match body["purpose"].as_str() {
            Some("classifying") => draft.layer = Some(value.to_owned()),
            Some("tagging") => draft.label = value.to_owned(),
            Some("describing") => {
                draft.attrs = serde_json::from_str(value).unwrap_or_default();
            }
            Some("commenting") => {
                draft.attrs.insert("note".to_owned(), AttrValue::from(value));
            }
            _ => {}
        }
    }
    draft
}

fn draft(item: &Value) -> Option<(String, Draft)> {
    let mut draft = described(item);
    let mut quotes = Vec::new();
    let mut doc = String::new();
    for target in several(&item["target"]) {
        doc = target["source"].as_str()?.to_owned();
        for selector in several(&target["selector"]) {
            match selector["type"].as_str() {
                Some("TextPositionSelector") => {
                    let (start, end) = (&selector["start"], &selector["end"]);
                    draft.ranges.push((start.as_i64()?, end.as_i64()?));
                }
                Some("TextQuoteSelector") => quotes.extend(selector["exact"].as_str()),
                _ => {}
            }
        }
    }
    if quotes.len() == draft.ranges.len() {
        draft.quote = Some(quotes.join(" "));
    }
    let is_field = draft.layer.as_deref() == Some(METADATA);
    let draft = draft.beside(item.get(WHOLE));
    (!draft.ranges.is_empty() || is_field).then_some((doc, draft))
}
