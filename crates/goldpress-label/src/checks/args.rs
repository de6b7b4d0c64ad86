//! What annotations point to: unique ids, targets that stand, roles that fit.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{ArgSpec, LayerKind, LayerSpec, Status};

use super::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for entry in report.sound(sheet) {
        if !seen.insert(entry.id()) {
            let message = format!("id `{}` stands in an earlier line too", entry.id());
            report.error(entry, "id-duplicate", message);
        }
    }
    for entry in report.sound(sheet) {
        if let Err((code, message)) = check_targets(sheet, entry) {
            report.error(entry, code, message);
        }
    }
    for id in cycles(sheet) {
        for entry in report.sound(sheet) {
            if entry.id() == id {
                let message = format!("`{id}` points to itself in the end");
                report.error(entry, "id-dangling", message);
            }
        }
    }
}

type Fault = (&'static str, String);

fn check_targets(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Result<(), Fault> {
    let args = &entry.line.annotation.args;
    let layer = sheet.layer_of(entry);
    for (role, ids) in args {
        let specs =
            layer.map_or(Vec::new(), |layer| specs_of(layer, entry.label(), role));
        for id in ids {
            check_target(sheet, entry, role, id)?;
            check_fit(sheet, entry, role, id, &specs)?;
        }
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
            return Err(("role-unknown", format!("role `{role}` names a target twice")));
        }
        let most = specs.iter().filter_map(|spec| spec.max).max();
        if let Some(most) = most.filter(|most| ids.len() > *most as usize) {
            let n = ids.len();
            return Err(("role-unknown", format!("role `{role}` has {n} of {most}")));
        }
    }
    let is_relation = layer.is_some_and(|layer| layer.kind == LayerKind::Relation);
    match (args.get("head"), args.get("tail")) {
        (Some(head), Some(tail)) if is_relation && head == tail => {
            Err(("relation-ends", format!("head and tail are both `{}`", head.join(" "))))
        }
        _ => Ok(()),
    }
}

/// What a role of a label may point to.
pub(crate) fn specs_of<'a>(
    layer: &'a LayerSpec,
    label: &str,
    role: &str,
) -> Vec<&'a ArgSpec> {
    let holds = |spec: &&ArgSpec| {
        spec.role == role
            && (spec.labels.is_empty() || spec.labels.iter().any(|name| name == label))
    };
    layer.args.iter().filter(holds).collect()
}

fn check_target(
    sheet: &Sheet<'_>,
    entry: &Entry<'_>,
    role: &str,
    id: &str,
) -> Result<(), Fault> {
    if id == "t0" {
        return Ok(());
    }
    let Some(target) = sheet.find(id) else {
        return Err((
            "id-dangling",
            format!("`{role}` points to `{id}`, which is not here"),
        ));
    };
    // What was refused is no ground to stand on, save for what was refused itself.
    let refused = target.line.provenance.status == Status::Rejected;
    match refused && entry.line.provenance.status != Status::Rejected {
        true => {
            Err(("id-dangling", format!("`{role}` points to `{id}`, which is rejected")))
        }
        false => Ok(()),
    }
}

fn check_fit(
    sheet: &Sheet<'_>,
    entry: &Entry<'_>,
    role: &str,
    id: &str,
    specs: &[&ArgSpec],
) -> Result<(), Fault> {
    let (layer, label) = (entry.layer(), entry.label());
    if specs.is_empty() {
        return Err(("role-unknown", format!("`{layer}/{label}` has no role `{role}`")));
    }
    let (found, found_layer) = match sheet.find(id).filter(|_| id != "t0") {
        None => ("t0".to_owned(), "t0"),
        Some(target) => {
            (format!("{}/{}", target.layer(), target.label()), target.layer())
        }
    };
    let allowed = |target: &String| *target == found || target == found_layer;
    if specs.iter().any(|spec| spec.target.iter().any(allowed)) {
        return Ok(());
    }
    let is_relation =
        sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Relation);
    let same_layer = |target: &String| target.split('/').next() == Some(found_layer);
    let wrong_label = specs.iter().any(|spec| spec.target.iter().any(same_layer));
    let code = if is_relation && wrong_label { "relation-ends" } else { "role-unknown" };
    Err((code, format!("`{role}` of `{layer}/{label}` cannot be `{found}`")))
}

/// Ids that lead back to themselves, in order.
fn cycles(sheet: &Sheet<'_>) -> BTreeSet<String> {
    let targets: BTreeMap<&str, Vec<&str>> = sheet
        .entries
        .iter()
        .map(|entry| {
            let ids = entry.line.annotation.args.values().flatten();
            (entry.id(), ids.map(String::as_str).collect())
        })
        .collect();
    let in_cycle = |start: &str| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = targets.get(start).cloned().unwrap_or_default();
        while let Some(id) = next.pop() {
            if id == start {
                return true;
            }
            if seen.insert(id) {
                next.extend(targets.get(id).into_iter().flatten());
            }
        }
        false
    };
    targets.keys().filter(|id| in_cycle(id)).map(|id| (*id).to_owned()).collect()
}
