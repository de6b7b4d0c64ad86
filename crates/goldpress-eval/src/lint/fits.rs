//! Whether an annotation's arguments and attributes are those of its layer.

use std::collections::BTreeMap;

use goldpress_model::{AttrKind, AttrValue, LayerKind, LayerSpec, LooseAnnotation};

use super::Fault;
use crate::plan::Plan;

/// Checks roles and what they point to.
pub(crate) fn arguments(
    spec: &LayerSpec,
    line: &LooseAnnotation,
    ids: &BTreeMap<&str, &LooseAnnotation>,
) -> Result<(), Fault> {
    for (role, targets) in &line.args {
        let of_label =
            |labels: &[String]| labels.is_empty() || labels.contains(&line.label);
        let named = spec.args.iter().filter(|arg| arg.role == *role);
        let Some(arg) = named.clone().find(|arg| of_label(&arg.labels)) else {
            return Err((
                "role-unknown",
                format!("`{role}` is no role of `{}`", line.label),
            ));
        };
        for id in targets {
            let fits = match ids.get(id.as_str()) {
                _ if id == "t0" => arg.target.iter().any(|target| target == "t0"),
                Some(target) => points_to(&arg.target, target),
                None => {
                    return Err((
                        "id-dangling",
                        format!("`{role}` points to `{id}`, which is not there"),
                    ));
                }
            };
            if !fits {
                return Err((
                    "value-invalid",
                    format!("`{role}` must not point to `{id}`"),
                ));
            }
        }
    }
    Ok(())
}

/// Checks attributes and their values; derived ones and notes are never looked at.
pub(crate) fn attributes(
    spec: &LayerSpec,
    line: &LooseAnnotation,
    plan: &Plan<'_>,
) -> Result<(), Fault> {
    for (name, value) in &line.attrs {
        let of_label =
            |labels: &[String]| labels.is_empty() || labels.contains(&line.label);
        let derived = spec.derive.iter().any(|rule| rule.attr == *name);
        if name == "note" || derived {
            continue;
        }
        let named = spec.attrs.iter().filter(|attr| attr.name == *name);
        let Some(attr) = named.clone().find(|attr| of_label(&attr.labels)) else {
            // A layer that declares no attribute at all is not held to any.
            if spec.attrs.is_empty() {
                continue;
            }
            return Err((
                "value-invalid",
                format!("`{name}` is no attribute of `{}`", line.label),
            ));
        };
        let one = |text: &str| match attr.kind {
            AttrKind::Enum => attr.values.iter().any(|right| right == text),
            AttrKind::String => {
                let pattern = plan.pattern(&spec.name, name);
                pattern.is_none_or(|pattern| pattern.is_match(text))
            }
            AttrKind::Bool | AttrKind::Integer => false,
        };
        let right = match value {
            AttrValue::Null => attr.nullable || spec.kind == LayerKind::Field,
            AttrValue::Bool(_) => attr.kind == AttrKind::Bool,
            AttrValue::Integer(_) => attr.kind == AttrKind::Integer,
            AttrValue::Text(text) => !attr.list && one(text),
            AttrValue::List(texts) => attr.list && texts.iter().all(|text| one(text)),
        };
        if !right {
            return Err((
                "value-invalid",
                format!("`{name}` has a value outside the schema"),
            ));
        }
    }
    Ok(())
}

/// Whether an argument's targets allow an annotation: `layer`, or `layer/LABEL`.
fn points_to(targets: &[String], line: &LooseAnnotation) -> bool {
    targets.iter().any(|target| match target.split_once('/') {
        Some((layer, label)) => line.layer == layer && line.label == label,
        None => line.layer == *target,
    })
}
