//! `annotation.conf`: the types that brat shows; without them it shows errors.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    ArgSpec, AttrKind, AttrSpec, LabelSpec, LayerKind, LayerSpec, Schema,
};

use crate::formats::{Written, label_of};

/// The configuration of a folder: labels of the exported layers, and what they may have.
pub(super) fn annotation_conf(schema: &Schema, written: &Written) -> String {
    let is_shown = |layer: &&LayerSpec| written.layers.contains(&layer.name);
    let layers: Vec<&LayerSpec> = schema.layers.iter().filter(is_shown).collect();
    let said = Said::of(written);
    let mut sections: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for layer in &layers {
        for label in &layer.labels {
            let name = label_of(schema, layer, label);
            // What never has an argument stands as a span of brat, not as an event.
            let (section, line) = match layer.kind {
                LayerKind::Field => continue,
                LayerKind::Relation => ("relations", with_roles(schema, layer, label)),
                LayerKind::Event if said.events.contains(&name) => {
                    ("events", with_roles(schema, layer, label))
                }
                _ => ("entities", name),
            };
            sections.entry(section).or_default().push(line);
        }
    }
    let mut attributes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for attr in layers.iter().flat_map(|layer| &layer.attrs) {
        let values = attributes.entry(&attr.name).or_default();
        values.extend(values_of(attr));
        values.extend(said.values.get(&attr.name).into_iter().flatten().cloned());
    }
    let attributes = attributes.into_iter().map(|(name, values)| {
        let values: Vec<String> = values.into_iter().collect();
        match values.is_empty() {
            true => format!("{name}\tArg:<ANY>"),
            false => format!("{name}\tArg:<ANY>, Value:{}", values.join("|")),
        }
    });
    sections.insert("attributes", attributes.collect());
    let mut out = String::new();
    for name in ["entities", "relations", "events", "attributes"] {
        let lines = sections.remove(name).unwrap_or_default();
        out.push_str(&format!("[{name}]\n"));
        for line in lines {
            out.push_str(&format!("{line}\n"));
        }
        out.push('\n');
    }
    out
}

/// `LABEL role:TARGET|TARGET, role*:<ANY>`, as the first column and the second.
fn with_roles(schema: &Schema, layer: &LayerSpec, label: &LabelSpec) -> String {
    let holds =
        |arg: &&ArgSpec| arg.labels.is_empty() || arg.labels.contains(&label.name);
    let mut roles: BTreeMap<&str, (Vec<String>, &ArgSpec)> = BTreeMap::new();
    for arg in layer.args.iter().filter(holds) {
        let targets = arg.target.iter().flat_map(|target| targets(schema, target));
        roles.entry(&arg.role).or_insert((Vec::new(), arg)).0.extend(targets);
    }
    let is_relation = layer.kind == LayerKind::Relation;
    let spelt = roles.into_iter().map(|(role, (targets, arg))| {
        let count = match (arg.min, arg.max) {
            _ if is_relation => "",
            (0, Some(1)) => "?",
            (0, _) => "*",
            (_, Some(1)) => "",
            _ => "+",
        };
        let targets = match targets.is_empty() {
            true => "<ANY>".to_owned(),
            false => targets.join("|"),
        };
        format!("{role}{count}:{targets}")
    });
    let spelt: Vec<String> = spelt.collect();
    format!("{}\t{}", label_of(schema, layer, label), spelt.join(", "))
}

/// Labels that a role points to; the time of publication has no place in brat.
fn targets(schema: &Schema, target: &str) -> Vec<String> {
    let (layer, label) = match target.split_once('/') {
        Some((layer, label)) => (layer, Some(label)),
        None => (target, None),
    };
    let Some(layer) = schema.layer(layer) else { return Vec::new() };
    let labels = layer.labels.iter();
    let asked = labels.filter(|spec| label.is_none_or(|label| spec.name == label));
    asked.map(|spec| label_of(schema, layer, spec)).collect()
}

fn values_of(attr: &AttrSpec) -> Vec<String> {
    match attr.kind {
        AttrKind::Enum => attr.values.clone(),
        AttrKind::String | AttrKind::Bool | AttrKind::Integer => Vec::new(),
    }
}

/// What stands in the files that were written.
#[derive(Default)]
struct Said {
    /// Labels of events.
    events: BTreeSet<String>,
    /// Values of attributes: brat knows no free text, so these are all there is.
    values: BTreeMap<String, BTreeSet<String>>,
}

impl Said {
    fn of(written: &Written) -> Said {
        let mut said = Said::default();
        let files = written.files.iter().filter(|(name, _)| name.ends_with(".ann"));
        for (_, bytes) in files {
            String::from_utf8_lossy(bytes).lines().for_each(|line| said.add(line));
        }
        said
    }

    fn add(&mut self, line: &str) {
        let content = line.split('\t').nth(1).unwrap_or_default();
        if line.starts_with('E') {
            let label = content.split(':').next().unwrap_or_default();
            self.events.insert(label.to_owned());
        }
        if line.starts_with('A') {
            let mut parts = content.splitn(3, ' ');
            if let (Some(name), Some(value)) = (parts.next(), parts.nth(1)) {
                let values = self.values.entry(name.to_owned()).or_default();
                values.insert(value.to_owned());
            }
        }
    }
}
