//! Which layer and label a foreign label is: its own word, the only layer that has it, or
//! what the user maps.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use goldpress_model::{LayerKind, LayerSpec, Schema, is_label_name};

use super::{ImportError, ImportOptions, ImportReport, articles::Found, read::Batch};
use crate::{
    checks::specs_of,
    formats::{Draft, Foreign, Task},
    schema::NEWS,
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
    /// An open schema has no layer of its kind, so it is lost, as this feature.
    NoRoom(&'static str),
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
                Meaning::Label { .. }
                | Meaning::Role(_)
                | Meaning::Ignored
                | Meaning::NoRoom(_) => {}
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
    if schema.id() == NEWS {
        message.push_str(SCHEMAS_OF_NAMES);
    }
    Err(ImportError::usage("label-unknown", message))
}

/// What to choose where the labels are those of a project.
const SCHEMAS_OF_NAMES: &str = "\n  or a schema that has them: --schema ner@1 takes any label, --schema infer \
         writes one down";

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
    let own_label = label_name(&draft.label);
    let named = |layer: &str, label: &str| {
        schema
            .label(layer, label)
            .map(|_| Meaning::Label { layer: layer.to_owned(), label: label.to_owned() })
    };
    let own = draft.layer.as_deref().and_then(|layer| named(layer, &own_label));
    // What one layer of the schema is called cannot be meant as another.
    let is_ours = |layer: &str| schema.layer(layer).is_some();
    if own.is_some() || draft.layer.as_deref().is_some_and(is_ours) {
        return own.unwrap_or(Meaning::Unknown);
    }
    let written_out = draft.label.split_once("__").and_then(|(l, label)| named(l, label));
    let found = written_out.or_else(|| only(schema, draft, &own_label));
    found.or_else(|| no_room(schema, draft)).unwrap_or(Meaning::Unknown)
}

/// A label as a schema can name it: characters that no label can have become `-`.
pub(super) fn label_name(label: &str) -> Cow<'_, str> {
    if is_label_name(label) {
        return Cow::Borrowed(label);
    }
    let inner = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let name: String = label.chars().map(inner).collect();
    Cow::Owned(name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
}

/// What a draft without a place is lost as, where the schema takes any label but has no
/// layer of its kind.
fn no_room(schema: &Schema, draft: &Draft) -> Option<Meaning> {
    let is_ours = schema.is_open() && draft.ranges.is_empty() && draft.quote.is_none();
    is_ours.then(|| {
        let is_link = draft.args.iter().any(|(role, _)| role == "head" || role == "tail");
        Meaning::NoRoom(if is_link { "relation" } else { "field" })
    })
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
        // A link in a file is no annotation of its own.
        Meaning::NoRoom(_) => Meaning::NoRoom("relation"),
        // Without its first end a link is lost anyway: no reason to refuse the file.
        Meaning::Unknown if from.is_none() => Meaning::Ignored,
        meaning => meaning,
    }
}

/// Layers whose labels occur in what somebody submitted, anywhere in the files.
pub(super) fn submitted(
    schema: &Schema,
    batch: &Batch,
    options: &ImportOptions,
) -> BTreeSet<String> {
    let is_submitted = |foreign: &&Foreign| foreign.task == Task::Submitted;
    let all = batch.items.iter().map(|item| &item.foreign).filter(is_submitted);
    all.flat_map(|foreign| occurring(schema, foreign, options)).collect()
}

/// Layers whose labels occur in what a file says of one article.
fn occurring(
    schema: &Schema,
    foreign: &Foreign,
    options: &ImportOptions,
) -> BTreeSet<String> {
    let links = foreign.links.iter().map(|link| &link.draft);
    let drafts = foreign.drafts.iter().chain(links);
    let layers = drafts.filter_map(|draft| match meaning(schema, draft, options) {
        Meaning::Label { layer, .. } => Some(layer),
        _ => None,
    });
    layers.collect()
}

/// Layers that an article's files cover: by option, or since somebody submitted them.
pub(super) fn reviewed(
    schema: &Schema,
    group: &[&Found<'_>],
    submitted: &BTreeSet<String>,
    options: &ImportOptions,
) -> BTreeSet<String> {
    let mut layers: BTreeSet<String> = options.reviewed.iter().cloned().collect();
    for found in group {
        match &found.item.foreign.task {
            // In a project of one layer, a task without a mark says that there is nothing.
            Task::Submitted if submitted.len() == 1 => {
                layers.extend(submitted.iter().cloned());
            }
            Task::Submitted => {
                layers.extend(occurring(schema, &found.item.foreign, options))
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
fn only(schema: &Schema, draft: &Draft, label: &str) -> Option<Meaning> {
    let can_hold = |layer: &&LayerSpec| {
        layer.has_label(label) && (!layer.open || is_of_kind(layer.kind, draft))
    };
    let mut layers: Vec<_> = schema.layers.iter().filter(can_hold).collect();
    if layers.len() > 1 && !draft.ranges.is_empty() {
        layers.retain(|layer| layer.kind != LayerKind::Field);
    }
    // What has a value and no place is one.
    if layers.len() > 1 && draft.ranges.is_empty() && draft.attrs.contains_key("value") {
        layers.retain(|layer| layer.kind == LayerKind::Field);
    }
    match layers.as_slice() {
        [layer] => {
            let (layer, label) = (layer.name.clone(), label.to_owned());
            Some(Meaning::Label { layer, label })
        }
        _ => None,
    }
}

/// Whether a draft can be of a kind of layer by what it has: an open layer takes any label.
fn is_of_kind(kind: LayerKind, draft: &Draft) -> bool {
    let has_place = !draft.ranges.is_empty() || draft.quote.is_some();
    match kind {
        LayerKind::Field => !has_place && draft.attrs.contains_key("value"),
        LayerKind::Relation => !has_place && !draft.attrs.contains_key("value"),
        LayerKind::Span | LayerKind::Event | LayerKind::Block => has_place,
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
        .filter(|layer| layer.has_label(label))
        .map(|layer| (layer.name.as_str(), ()))
        .collect();
    match by_layer.keys().next() {
        Some(layer) => format!("{layer}/{label}"),
        None => "LAYER/LABEL".to_owned(),
    }
}
