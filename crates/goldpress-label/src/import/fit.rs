//! What a draft says, in the terms of the schema: roles, attributes, characters.

use std::collections::BTreeMap;

use goldpress_model::{AttrKind, AttrValue, LayerKind, LayerSpec};

use super::ImportReport;
use crate::{checks::specs_of, formats::Draft};

/// Roles of tools that number repeated ones: `actor2` is `actor`.
pub(super) fn fit_args(
    spec: &LayerSpec,
    label: &str,
    args: &[(String, String)],
) -> BTreeMap<String, Vec<String>> {
    let mut fitted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (role, id) in args {
        let stem = role.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_numbered = specs_of(spec, label, role).is_empty()
            && !specs_of(spec, label, stem).is_empty();
        let role = if is_numbered { stem } else { role };
        fitted.entry(role.to_owned()).or_default().push(id.clone());
    }
    fitted
}

pub(super) fn fit_attrs(
    spec: &LayerSpec,
    draft: &Draft,
    has_no_place: bool,
    report: &mut ImportReport,
) -> BTreeMap<String, AttrValue> {
    let mut attrs = BTreeMap::new();
    for (name, value) in &draft.attrs {
        let declared = spec.attrs.iter().find(|attr| attr.name == *name);
        match declared {
            // Formats that link names to a base bring it whether or not it is asked for.
            None if name == "norm" => *report.lost.entry("attribute").or_default() += 1,
            None => {
                attrs.insert(name.clone(), clean(value.clone()));
            }
            Some(attr) => {
                let typed = fit_value(attr.kind, attr.list, value.clone());
                attrs.insert(name.clone(), clean(typed));
            }
        }
    }
    let has_value = matches!(attrs.get("value"), Some(AttrValue::Text(_)));
    let read_off = spec.kind == LayerKind::Field && has_value && has_no_place;
    let takes_document = spec.attrs.iter().any(|attr| {
        attr.name == "source" && attr.values.iter().any(|value| value == "document")
    });
    if read_off && takes_document && !attrs.contains_key("source") {
        attrs.insert("source".to_owned(), AttrValue::from("document"));
    }
    attrs
}

/// Values of formats without types, as the schema types them.
fn fit_value(kind: AttrKind, list: bool, value: AttrValue) -> AttrValue {
    match (value, kind) {
        (AttrValue::Text(text), _) if list => AttrValue::List(vec![text]),
        (AttrValue::Text(text), AttrKind::Bool) if text == "true" => {
            AttrValue::Bool(true)
        }
        (AttrValue::Text(text), AttrKind::Bool) if text == "false" => {
            AttrValue::Bool(false)
        }
        (AttrValue::Text(text), AttrKind::Integer) => match text.parse() {
            Ok(number) => AttrValue::Integer(number),
            Err(_) => AttrValue::Text(text),
        },
        (value, _) => value,
    }
}

/// Characters that a label line cannot hold: line ends become line feeds, controls go.
fn clean(value: AttrValue) -> AttrValue {
    let clean_text = |text: String| -> String {
        let is_end = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
        let keeps = |c: &char| !c.is_control() || matches!(*c, '\n' | '\t');
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        text.chars().map(|c| if is_end(c) { '\n' } else { c }).filter(keeps).collect()
    };
    match value {
        AttrValue::Text(text) => AttrValue::Text(clean_text(text)),
        AttrValue::List(texts) => {
            AttrValue::List(texts.into_iter().map(clean_text).collect())
        }
        value => value,
    }
}
