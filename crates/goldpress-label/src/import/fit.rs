//! What a draft says, in the terms of the schema: roles, attributes, characters.

use std::collections::BTreeMap;

use goldpress_model::{AttrKind, AttrValue, LayerKind, LayerSpec};

use super::{ImportOptions, ImportReport, Unsaid};
use crate::{
    checks::{can_be, holds_for, specs_of},
    formats::Draft,
};

/// Roles of tools that number repeated ones: `actor2` is `actor`. A role that an open layer
/// does not have costs itself.
pub(super) fn fit_args(
    spec: &LayerSpec,
    label: &str,
    args: &[(String, String)],
    report: &mut ImportReport,
) -> BTreeMap<String, Vec<String>> {
    let mut fitted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (role, id) in args {
        let has = |role: &str| !specs_of(spec, label, role).is_empty();
        let stem = role.trim_end_matches(|c: char| c.is_ascii_digit());
        let role = if !has(role) && has(stem) { stem } else { role };
        if spec.open && !has(role) {
            report.lose("argument", 1);
            continue;
        }
        fitted.entry(role.to_owned()).or_default().push(id.clone());
    }
    fitted
}

/// How attributes of a file are taken.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) spec: &'a LayerSpec,
    pub(super) label: &'a str,
    /// Whether an attribute that cannot be refuses its annotation: in lines of our own a
    /// misspelt one would be lost, from other tools it costs itself alone.
    pub(super) strict: bool,
    /// Names of labels and attributes that are left out by option.
    pub(super) ignored: &'a [String],
}

/// An attribute that is left out by option or has no room, by its name.
pub(super) struct LeftOut {
    pub(super) name: String,
    pub(super) by_option: bool,
}

impl Fit<'_> {
    /// Attributes as the schema types them; what does not fit is named beside them.
    pub(super) fn attrs(
        self,
        draft: &Draft,
        has_no_place: bool,
    ) -> (BTreeMap<String, AttrValue>, Vec<LeftOut>) {
        let (mut attrs, mut left_out) = (BTreeMap::new(), Vec::new());
        let mut leave = |name: &str, by_option| {
            left_out.push(LeftOut { name: name.to_owned(), by_option });
        };
        for (name, value) in &draft.attrs {
            if self.ignored.contains(name) {
                leave(name, true);
                continue;
            }
            let (value, n_more) = self.typed(name, value.clone());
            (0..n_more).for_each(|_| leave(name, false));
            // Formats that link names to a base bring it whether or not it is asked for.
            if (self.strict && name != "norm") || self.can_be(name, &value) {
                attrs.insert(name.clone(), value);
            } else {
                leave(name, false);
            }
        }
        let spec = self.spec;
        let has_value = matches!(attrs.get("value"), Some(AttrValue::Text(_)));
        let read_off = spec.kind == LayerKind::Field && has_value && has_no_place;
        let takes_document = spec.attrs.iter().any(|attr| {
            attr.name == "source" && attr.values.iter().any(|value| value == "document")
        });
        if read_off && takes_document && !attrs.contains_key("source") {
            attrs.insert("source".to_owned(), AttrValue::from("document"));
        }
        (attrs, left_out)
    }

    /// A value as its attribute is declared, and how many values beside it had no room.
    fn typed(&self, name: &str, value: AttrValue) -> (AttrValue, usize) {
        let declared = self.spec.attrs.iter().find(|attr| attr.name == name);
        let is_list = declared.is_some_and(|attr| attr.list);
        let takes_one = declared.is_some() || name == "note";
        let (value, n_more) = match value {
            AttrValue::List(mut values)
                if !self.strict && takes_one && !is_list && !values.is_empty() =>
            {
                let n_more = values.len() - 1;
                (AttrValue::Text(values.swap_remove(0)), n_more)
            }
            value => (value, 0),
        };
        let typed = match declared {
            Some(attr) => fit_value(attr.kind, attr.list, value),
            None => value,
        };
        (clean(typed), n_more)
    }

    fn can_be(&self, name: &str, value: &AttrValue) -> bool {
        if name == "note" {
            return matches!(value, AttrValue::Text(_));
        }
        let is_field_null = self.spec.kind == LayerKind::Field
            && name == "value"
            && *value == AttrValue::Null;
        let named = self.spec.attrs.iter().filter(|attr| attr.name == name);
        let mut of_label = named.filter(|attr| holds_for(attr, self.label));
        of_label.any(|attr| is_field_null || can_be(attr, value))
    }
}

/// What is said of required attributes that a file does not bring: the value that the
/// schema or the user gives, by `layer.attribute=value`.
pub(super) fn fill_in(
    spec: &LayerSpec,
    label: &str,
    options: &ImportOptions,
    attrs: &mut BTreeMap<String, AttrValue>,
) -> Vec<(String, AttrValue)> {
    let mut filled = Vec::new();
    for attr in spec.attrs.iter().filter(|attr| holds_for(attr, label)) {
        let key = format!("{}.{}", spec.name, attr.name);
        let given = options.set_attr.get(&key);
        let by_schema = match options.unsaid {
            Unsaid::Default if attr.required => attr.default.clone(),
            Unsaid::Default | Unsaid::Leave => None,
        };
        let given = given
            .map(|text| fit_value(attr.kind, attr.list, AttrValue::Text(text.clone())));
        let Some(value) = given.or(by_schema) else { continue };
        if !attrs.contains_key(&attr.name) {
            attrs.insert(attr.name.clone(), value.clone());
            filled.push((key, value));
        }
    }
    filled
}

/// Values of formats without types, as the schema types them.
pub(super) fn fit_value(kind: AttrKind, list: bool, value: AttrValue) -> AttrValue {
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
