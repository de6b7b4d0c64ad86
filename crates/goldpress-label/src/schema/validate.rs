//! Faults of a schema: what one part names and no other part has.

use std::collections::BTreeSet;

use goldpress_model::{
    ArgSpec, AttrKind, AttrSpec, AttrValue, DeriveRule, LayerKind, LayerSpec, Schema,
    is_label_name, layer::REVIEW,
};

use crate::checks::{can_be, spell};

/// Every fault, in the order of the schema; empty for a valid one.
pub(super) fn faults(schema: &Schema) -> Vec<String> {
    let mut faults = Vec::new();
    if !is_name(&schema.name) || schema.version == 0 {
        faults.push("it needs a `name` and a `version` from 1".to_owned());
    }
    if schema.layers.is_empty() {
        faults.push("it has no layer".to_owned());
    }
    for layer in &schema.layers {
        let of_layer = Layer { schema, layer };
        for fault in of_layer.faults() {
            faults.push(format!("layer `{}`: {fault}", layer.name));
        }
    }
    faults
}

struct Layer<'a> {
    schema: &'a Schema,
    layer: &'a LayerSpec,
}

impl Layer<'_> {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !is_name(&self.layer.name) || self.layer.name == REVIEW {
            faults.push("its name is reserved or not of `[A-Za-z0-9._-]`".to_owned());
        }
        if self.layer.labels.is_empty() && !self.layer.open {
            faults.push("it has no label".to_owned());
        }
        self.check_labels(&mut faults);
        self.layer.args.iter().for_each(|arg| self.check_arg(arg, &mut faults));
        self.layer.attrs.iter().for_each(|attr| self.check_attr(attr, &mut faults));
        self.layer.derive.iter().for_each(|rule| self.check_rule(rule, &mut faults));
        if self.layer.kind == LayerKind::Relation {
            for role in ["head", "tail"] {
                if !self.layer.args.iter().any(|arg| arg.role == role) {
                    faults.push(format!("a relation needs the role `{role}`"));
                }
            }
        }
        faults
    }

    fn check_labels(&self, faults: &mut Vec<String>) {
        let mut names = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for label in &self.layer.labels {
            let name = &label.name;
            if !is_label_name(name) {
                faults
                    .push(format!("label `{name}` is not of letters, digits and `._-`"));
            }
            if !names.insert(name) {
                faults.push(format!("label `{name}` stands twice"));
            }
            if label.key.is_some_and(|key| !keys.insert(key)) {
                faults.push(format!("label `{name}` has the key of another label"));
            }
        }
    }

    fn check_arg(&self, arg: &ArgSpec, faults: &mut Vec<String>) {
        let role = &arg.role;
        self.check_labels_of("role", role, &arg.labels, faults);
        for target in &arg.target {
            let known = match target.split_once('/') {
                _ if target == "t0" => true,
                Some((layer, label)) => self.schema.label(layer, label).is_some(),
                None => self.schema.layer(target).is_some(),
            };
            if !known {
                faults.push(format!("role `{role}` points to unknown `{target}`"));
            }
        }
        if arg.target.is_empty() || arg.max.is_some_and(|max| max < arg.min.max(1)) {
            faults.push(format!("role `{role}` can have no target"));
        }
    }

    fn check_attr(&self, attr: &AttrSpec, faults: &mut Vec<String>) {
        let name = &attr.name;
        self.check_labels_of("attribute", name, &attr.labels, faults);
        if (attr.kind == AttrKind::Enum) == attr.values.is_empty() {
            faults.push(format!("attribute `{name}`: an enum has values, no other type"));
        }
        if let Some(pattern) = &attr.pattern {
            let valid = regex::Regex::new(pattern).is_ok();
            if attr.kind != AttrKind::String || !valid {
                faults
                    .push(format!("attribute `{name}` cannot have pattern `{pattern}`"));
            }
        }
        if let Some(value) = attr.default.as_ref().filter(|value| !can_be(attr, value)) {
            let value = spell(value);
            faults.push(format!("attribute `{name}` cannot have the default {value}"));
        }
    }

    fn check_rule(&self, rule: &DeriveRule, faults: &mut Vec<String>) {
        let spec = self.layer.attrs.iter().find(|attr| attr.name == rule.attr);
        let Some(spec) = spec else {
            faults.push(format!("a rule derives undeclared `{}`", rule.attr));
            return;
        };
        let value = match &rule.value {
            Some(AttrValue::Text(value)) => Some(value),
            _ => None,
        };
        if let Some(value) = value.filter(|value| *value != "$label")
            && spec.kind == AttrKind::Enum
            && !spec.values.contains(value)
        {
            faults.push(format!("`{value}` is no value of `{}`", rule.attr));
        }
        for (name, values) in &rule.when {
            if name == "label" {
                self.check_labels_of("rule for", &rule.attr, values, faults);
            } else if !self.layer.attrs.iter().any(|attr| attr.name == *name) {
                faults.push(format!("a rule for `{}` asks for `{name}`", rule.attr));
            }
        }
    }

    fn check_labels_of(
        &self,
        what: &str,
        name: &str,
        labels: &[String],
        faults: &mut Vec<String>,
    ) {
        for label in labels {
            if !self.layer.has_label(label) {
                faults.push(format!("{what} `{name}` names unknown label `{label}`"));
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(valid)
}
