//! Which layer and label a foreign label is: its own word, the only layer that has it, or
//! what the user maps.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{LayerKind, LayerSpec, Schema};

use super::{ImportError, ImportOptions, ImportReport, articles::Found, read::Batch};
use crate::{
    checks::specs_of,
    formats::{Draft, Task},
};

/// What becomes of a draft's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A label of the schema.
    Label { layer: String, label: String },
    /// A role of the annotation that a link begins at.
    Role(String),
    /// Left out by option.
    Ignored,
    /// Nobody knows.
    Unknown,
}

/// Notes what labels become, and refuses an import with labels that nobody knows.
pub(super) fn map(
    schema: &Schema,
    batch: &Batch,
    options: &ImportOptions,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut unknown = BTreeSet::new();
    for target in options.map.values() {
        if split(schema, target).is_none() {
            let message = format!("`{}` has no label `{target}`", schema.id());
            return Err(ImportError::usage("label-unknown", message));
        }
    }
    for item in &batch.items {
        let foreign = &item.foreign;
        let drafts =
            foreign.drafts.iter().map(|draft| (draft, meaning(schema, draft, options)));
        let links = foreign.links.iter().map(|link| {
            let from = foreign.drafts.iter().find(|draft| draft.id == link.from);
            let from = from.map(|draft| meaning(schema, draft, options));
            (&link.draft, link_meaning(schema, from.as_ref(), &link.draft, options))
        });
        for (draft, meaning) in drafts.chain(links) {
            match meaning {
                Meaning::Unknown => {
                    unknown.insert(full_name(draft));
                }
                Meaning::Label { layer, label } if label != draft.label => {
                    report.mapping.insert(full_name(draft), format!("{layer}/{label}"));
                }
                Meaning::Label { .. } | Meaning::Role(_) | Meaning::Ignored => {}
            }
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let mut message = format!("the schema `{}` has no label for", schema.id());
    for name in &unknown {
        let guess = guesses(schema, name);
        message
            .push_str(&format!("\n  `{name}`: --map {name}={guess} or --ignore {name}"));
    }
    Err(ImportError::usage("label-unknown", message))
}

/// What a draft's label means here.
pub(super) fn meaning(
    schema: &Schema,
    draft: &Draft,
    options: &ImportOptions,
) -> Meaning {
    let name = full_name(draft);
    let mapped = [&name, &draft.label].into_iter().find_map(|key| options.map.get(key));
    if let Some((layer, label)) = mapped.and_then(|target| split(schema, target)) {
        return Meaning::Label { layer, label };
    }
    if options.ignore.contains(&name) || options.ignore.contains(&draft.label) {
        return Meaning::Ignored;
    }
    let named = |layer: &str, label: &str| {
        schema
            .label(layer, label)
            .map(|_| Meaning::Label { layer: layer.to_owned(), label: label.to_owned() })
    };
    let own = draft.layer.as_deref().and_then(|layer| named(layer, &draft.label));
    // What one layer of the schema is called cannot be meant as another.
    let is_ours = |layer: &str| schema.layer(layer).is_some();
    if own.is_some() || draft.layer.as_deref().is_some_and(is_ours) {
        return own.unwrap_or(Meaning::Unknown);
    }
    let written_out = draft.label.split_once("__").and_then(|(l, label)| named(l, label));
    written_out.or_else(|| only(schema, draft)).unwrap_or(Meaning::Unknown)
}

/// What a link's label means: a role of its first end, else a relation.
pub(super) fn link_meaning(
    schema: &Schema,
    from: Option<&Meaning>,
    draft: &Draft,
    options: &ImportOptions,
) -> Meaning {
    if let Some(Meaning::Label { layer, label }) = from {
        let layer = schema.layer(layer).expect("the meaning is of the schema");
        if !specs_of(layer, label, &draft.label).is_empty() {
            return Meaning::Role(draft.label.clone());
        }
    }
    match meaning(schema, draft, options) {
        // Without its first end a link is lost anyway: no reason to refuse the file.
        Meaning::Unknown if from.is_none() => Meaning::Ignored,
        meaning => meaning,
    }
}

/// Layers that an article's files cover: by option, or since somebody submitted them.
pub(super) fn reviewed(
    schema: &Schema,
    group: &[&Found<'_>],
    options: &ImportOptions,
) -> BTreeSet<String> {
    let mut layers: BTreeSet<String> = options.reviewed.iter().cloned().collect();
    for found in group {
        let foreign = &found.item.foreign;
        match &foreign.task {
            Task::Submitted => {
                let links = foreign.links.iter().map(|link| &link.draft);
                for draft in foreign.drafts.iter().chain(links) {
                    if let Meaning::Label { layer, .. } = meaning(schema, draft, options)
                    {
                        layers.insert(layer);
                    }
                }
            }
            Task::Configured(names) => {
                layers.extend(names.iter().filter_map(|name| configured(schema, name)));
            }
            Task::Unknown | Task::Skipped(_) => {}
        }
    }
    layers
}

/// A control is named after a layer or after a field.
fn configured(schema: &Schema, name: &str) -> Option<String> {
    if schema.layer(name).is_some() {
        return Some(name.to_owned());
    }
    let has_field = |layer: &&LayerSpec| {
        layer.kind == LayerKind::Field && layer.labels.iter().any(|l| l.name == name)
    };
    schema.layers.iter().find(has_field).map(|layer| layer.name.clone())
}

/// The only layer that has the label; what stands in the text is no field if it may be
/// anything else.
fn only(schema: &Schema, draft: &Draft) -> Option<Meaning> {
    let mut layers: Vec<_> = schema
        .layers
        .iter()
        .filter(|layer| layer.labels.iter().any(|label| label.name == draft.label))
        .collect();
    if layers.len() > 1 && !draft.ranges.is_empty() {
        layers.retain(|layer| layer.kind != LayerKind::Field);
    }
    // What has a value and no place is one.
    if layers.len() > 1 && draft.ranges.is_empty() && draft.attrs.contains_key("value") {
        layers.retain(|layer| layer.kind == LayerKind::Field);
    }
    match layers.as_slice() {
        [layer] => {
            let (layer, label) = (layer.name.clone(), draft.label.clone());
            Some(Meaning::Label { layer, label })
        }
        _ => None,
    }
}

fn full_name(draft: &Draft) -> String {
    match &draft.layer {
        Some(layer) => format!("{layer}/{}", draft.label),
        None => draft.label.clone(),
    }
}

fn split(schema: &Schema, target: &str) -> Option<(String, String)> {
    let (layer, label) = target.split_once('/')?;
    schema.label(layer, label).map(|_| (layer.to_owned(), label.to_owned()))
}

/// A line to copy: the layers that have the label, else a place to fill in.
fn guesses(schema: &Schema, name: &str) -> String {
    let label = name.rsplit('/').next().unwrap_or(name);
    let by_layer: BTreeMap<&str, ()> = schema
        .layers
        .iter()
        .filter(|layer| layer.labels.iter().any(|spec| spec.name == label))
        .map(|layer| (layer.name.as_str(), ()))
        .collect();
    match by_layer.keys().next() {
        Some(layer) => format!("{layer}/{label}"),
        None => "LAYER/LABEL".to_owned(),
    }
}
