//! `value-invalid`: attributes that are not declared, or outside their values.

use std::collections::BTreeMap;

use goldpress_model::{
    AttrKind, AttrSpec, AttrValue, LayerKind, LayerSpec, layer::EVENT,
};
use regex::Regex;

use super::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let mut patterns = Patterns::default();
    for entry in report.sound(sheet) {
        let Some(layer) = sheet.layer_of(entry) else { continue };
        for (name, value) in &entry.line.annotation.attrs {
            let specs = specs_of(layer, entry, name, sheet.schema.follows("news"));
            let sound = match specs.as_slice() {
                _ if name == "note" => matches!(value, AttrValue::Text(_)),
                [] => {
                    let message =
                        format!("`{}/{}` has no `{name}`", entry.layer(), entry.label());
                    report.error(entry, "value-invalid", message);
                    break;
                }
                specs => specs.iter().any(|spec| fits(layer, spec, value, &mut patterns)),
            };
            if !sound {
                let message = format!("`{name}` cannot be {}", spell(value));
                report.error(entry, "value-invalid", message);
                break;
            }
        }
    }
}

/// What is declared of an attribute for this label.
///
/// The mode of an event is a matter of its type, and asked for when the layer is done:
/// whoever changes the type of an event changes its mode next.
fn specs_of<'a>(
    layer: &'a LayerSpec,
    entry: &Entry<'_>,
    name: &str,
    is_news: bool,
) -> Vec<&'a AttrSpec> {
    let any_type = is_news && layer.name == EVENT && name == "mode";
    layer
        .attrs
        .iter()
        .filter(|spec| spec.name == name && (any_type || holds_for(spec, entry.label())))
        .collect()
}

/// Whether an attribute is one of that label.
pub(crate) fn holds_for(spec: &AttrSpec, label: &str) -> bool {
    spec.labels.is_empty() || spec.labels.iter().any(|name| name == label)
}

/// Whether an attribute may have a value, whatever the layer.
pub(crate) fn can_be(spec: &AttrSpec, value: &AttrValue) -> bool {
    let mut patterns = Patterns::default();
    match value {
        AttrValue::Null => spec.nullable,
        value => fits_value(spec, value, &mut patterns),
    }
}

/// Compiled patterns, by their source.
#[derive(Default)]
pub(super) struct Patterns(BTreeMap<String, Option<Regex>>);

impl Patterns {
    fn holds(&mut self, pattern: &str, text: &str) -> bool {
        let whole = || Regex::new(&format!("^(?:{pattern})$")).ok();
        let regex = self.0.entry(pattern.to_owned()).or_insert_with(whole);
        regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

fn fits(
    layer: &LayerSpec,
    spec: &AttrSpec,
    value: &AttrValue,
    patterns: &mut Patterns,
) -> bool {
    let is_field_value = layer.kind == LayerKind::Field && spec.name == "value";
    match value {
        AttrValue::Null => spec.nullable || is_field_value,
        value => fits_value(spec, value, patterns),
    }
}

fn fits_value(spec: &AttrSpec, value: &AttrValue, patterns: &mut Patterns) -> bool {
    match value {
        AttrValue::Null => spec.nullable,
        AttrValue::Bool(_) => spec.kind == AttrKind::Bool && !spec.list,
        AttrValue::Integer(_) => spec.kind == AttrKind::Integer && !spec.list,
        AttrValue::Text(text) => !spec.list && fits_text(spec, text, patterns),
        AttrValue::List(texts) => {
            spec.list && texts.iter().all(|text| fits_text(spec, text, patterns))
        }
    }
}

fn fits_text(spec: &AttrSpec, text: &str, patterns: &mut Patterns) -> bool {
    match spec.kind {
        AttrKind::Enum => spec.values.iter().any(|value| value == text),
        AttrKind::String => {
            spec.pattern.as_ref().is_none_or(|pattern| patterns.holds(pattern, text))
        }
        AttrKind::Bool | AttrKind::Integer => false,
    }
}

/// A value as messages show it.
pub(crate) fn spell(value: &AttrValue) -> String {
    match value {
        AttrValue::Null => "null".to_owned(),
        AttrValue::Bool(yes) => yes.to_string(),
        AttrValue::Integer(number) => number.to_string(),
        AttrValue::Text(text) => format!("`{text}`"),
        AttrValue::List(texts) => format!("`{}`", texts.join("`, `")),
    }
}
