//! `derived`: an attribute that follows from others, and what it must be.

use goldpress_model::{AttrValue, DeriveRule, LayerSpec, LooseAnnotation};

use super::{Report, Sheet, attributes::spell};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done(sheet) {
        let Some(layer) = sheet.layer_of(entry) else { continue };
        for (name, found) in &entry.line.annotation.attrs {
            if !layer.derive.iter().any(|rule| rule.attr == *name) {
                continue;
            }
            let expected = derived_value(layer, &entry.line.annotation, name);
            if *found != expected {
                let message =
                    format!("`{name}` is {}, by rule {}", spell(found), spell(&expected));
                report.error(entry, "derived", message);
            }
        }
    }
}

/// What the first rule that holds gives; null where none holds.
pub(crate) fn derived_value(
    layer: &LayerSpec,
    annotation: &LooseAnnotation,
    attr: &str,
) -> AttrValue {
    let rules = layer.derive.iter().filter(|rule| rule.attr == attr);
    for rule in rules {
        if holds(rule, annotation) {
            return match &rule.value {
                None => AttrValue::Null,
                Some(AttrValue::Text(value)) if value == "$label" => {
                    AttrValue::Text(annotation.label.clone())
                }
                Some(value) => value.clone(),
            };
        }
    }
    AttrValue::Null
}

fn holds(rule: &DeriveRule, annotation: &LooseAnnotation) -> bool {
    rule.when.iter().all(|(name, values)| {
        if name == "label" {
            return values.contains(&annotation.label);
        }
        match annotation.attrs.get(name) {
            None | Some(AttrValue::Null) => false,
            Some(AttrValue::Bool(yes)) => values.contains(&yes.to_string()),
            Some(AttrValue::Integer(number)) => values.contains(&number.to_string()),
            Some(AttrValue::Text(text)) => values.contains(text),
            Some(AttrValue::List(texts)) => {
                texts.iter().any(|text| values.contains(text))
            }
        }
    })
}
