//! What a declared schema becomes: its own layers on top of what it takes over.

use std::fmt;

use goldpress_model::{
    ArgSpec, AttrSpec, DeriveRule, LabelSpec, LayerKind, LayerSpec, Overlap, Schema,
    Scope,
};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A schema as `[schema]` declares it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    name: String,
    version: u32,
    pub(super) extends: Option<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    layers: Vec<DeclaredLayer>,
}

/// A layer as declared: additions to an inherited one, or a new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredLayer {
    name: String,
    kind: Option<LayerKind>,
    scope: Option<Scope>,
    overlap: Option<Overlap>,
    #[serde(default)]
    labels: Vec<DeclaredLabel>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    args: Vec<ArgSpec>,
    #[serde(default)]
    attrs: Vec<AttrSpec>,
    #[serde(default)]
    derive: Vec<DeriveRule>,
}

/// A label as declared: its name, or a table that says more.
struct DeclaredLabel(LabelSpec);

impl<'de> Deserialize<'de> for DeclaredLabel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrTable).map(DeclaredLabel)
    }
}

/// Reads either shape, so that a misspelt key of a table is named.
struct NameOrTable;

impl<'de> Visitor<'de> for NameOrTable {
    type Value = LabelSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a label, or a table with its `name`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<LabelSpec, E> {
        Ok(LabelSpec::named(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<LabelSpec, A::Error> {
        LabelSpec::deserialize(MapAccessDeserializer::new(table))
    }
}

/// Joins what is declared with its base; what cannot be joined is a fault.
pub(super) fn merge(declared: Declared, base: Option<&Schema>) -> (Schema, Vec<String>) {
    let mut faults = Vec::new();
    let mut layers = base.map(|base| base.layers.clone()).unwrap_or_default();
    for dropped in &declared.drop {
        if !drop_part(&mut layers, dropped) {
            faults.push(format!("`drop` names `{dropped}`, which the base has not"));
        }
    }
    let n_inherited = layers.len();
    for layer in declared.layers {
        match layers.iter().position(|known| known.name == layer.name) {
            Some(at) if at < n_inherited => add_to(&mut layers[at], layer, &mut faults),
            Some(_) => faults.push(format!("layer `{}` stands twice", layer.name)),
            None => layers.push(new_layer(layer, &mut faults)),
        }
    }
    let Declared { name, version, extends, .. } = declared;
    (Schema { name, version, extends, layers }, faults)
}

/// Takes out a layer or `layer/LABEL` and everything that points to it.
fn drop_part(layers: &mut Vec<LayerSpec>, dropped: &str) -> bool {
    let Some((layer, label)) = dropped.split_once('/') else {
        let n_before = layers.len();
        layers.retain(|spec| spec.name != dropped);
        let inside = format!("{dropped}/");
        drop_targets(layers, &|target| target == dropped || target.starts_with(&inside));
        return layers.len() < n_before;
    };
    let Some(spec) = layers.iter_mut().find(|spec| spec.name == layer) else {
        return false;
    };
    let n_before = spec.labels.len();
    spec.labels.retain(|spec| spec.name != label);
    spec.args.retain_mut(|arg| drop_label(&mut arg.labels, label));
    spec.attrs.retain_mut(|attr| drop_label(&mut attr.labels, label));
    spec.derive.retain_mut(|rule| match rule.when.get_mut("label") {
        Some(labels) => drop_label(labels, label),
        None => true,
    });
    let found = spec.labels.len() < n_before;
    drop_targets(layers, &|target| target == dropped);
    found
}

/// Whether anything is left to hold for; an empty list means "all" and stays so.
fn drop_label(labels: &mut Vec<String>, label: &str) -> bool {
    let was_all = labels.is_empty();
    labels.retain(|name| name != label);
    was_all || !labels.is_empty()
}

/// A relation that lost what an end may point to is gone: `faults` will say so.
fn drop_targets(layers: &mut Vec<LayerSpec>, gone: &dyn Fn(&str) -> bool) {
    for layer in layers.iter_mut() {
        layer.args.retain_mut(|arg| {
            arg.target.retain(|target| !gone(target));
            !arg.target.is_empty()
        });
    }
    // Without head and tail a relation says nothing: dropping its ends drops the layer.
    layers.retain(|layer| {
        let has = |role| layer.args.iter().any(|arg| arg.role == role);
        layer.kind != LayerKind::Relation || has("head") && has("tail")
    });
}

fn add_to(known: &mut LayerSpec, layer: DeclaredLayer, faults: &mut Vec<String>) {
    if layer.kind.is_some_and(|kind| kind != known.kind) {
        faults.push(format!("layer `{}` is inherited with another kind", known.name));
    }
    known.scope = layer.scope.unwrap_or(known.scope);
    known.overlap = layer.overlap.unwrap_or(known.overlap);
    known.open |= layer.open;
    let labels: Vec<LabelSpec> = layer.labels.into_iter().map(|label| label.0).collect();
    // A project's own key is worth more than an inherited one: the old label keeps its
    // place in the list and gives up its key.
    for old in &mut known.labels {
        old.key = old.key.filter(|key| labels.iter().all(|l| l.key != Some(*key)));
    }
    known.labels.extend(labels);
    known.args.extend(layer.args);
    known.attrs.extend(layer.attrs);
    // The first rule that holds wins, so a project's own rules stand before the base's.
    known.derive.splice(0..0, layer.derive);
}

fn new_layer(layer: DeclaredLayer, faults: &mut Vec<String>) -> LayerSpec {
    let kind = layer.kind.unwrap_or_else(|| {
        faults.push(format!("layer `{}` is new and needs a `kind`", layer.name));
        LayerKind::Span
    });
    LayerSpec {
        name: layer.name,
        kind,
        scope: layer.scope.unwrap_or_default(),
        overlap: layer.overlap.unwrap_or_default(),
        labels: layer.labels.into_iter().map(|label| label.0).collect(),
        open: layer.open,
        args: layer.args,
        attrs: layer.attrs,
        derive: layer.derive,
    }
}
