//! `--schema infer`: a schema of the labels that files hold, written down for people.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    ArgSpec, AttrKind, AttrSpec, AttrValue, FieldKind, LabelSpec, LayerKind, LayerSpec,
    Schema, is_label_name,
};

use super::{
    ImportError, ImportOptions,
    layers::label_name,
    read::{self, Batch},
};
use crate::formats::Draft;

/// Name of a schema that was inferred.
const NAME: &str = "own";

/// Reads files and says which layers, labels and attributes they hold, as a schema.
///
/// What an earlier schema declares stays, and what it lacks is added. Spans of a format
/// without layers are of the layer `entity`. Nothing is required and spans may overlap.
///
/// # Errors
///
/// As [`import`](super::import), of files that cannot be read.
pub fn infer_schema(
    paths: &[std::path::PathBuf],
    options: &ImportOptions,
    earlier: Option<&Schema>,
) -> Result<Schema, ImportError> {
    let batch = read::read(paths, options)?;
    let schema = earlier.cloned().unwrap_or_else(|| Schema {
        name: NAME.to_owned(),
        version: 1,
        extends: None,
        layers: Vec::new(),
    });
    let mut inferring = Inferring { options, names: Names::of(&batch, options), schema };
    for foreign in batch.items.iter().map(|item| &item.foreign) {
        for draft in &foreign.drafts {
            inferring.add(draft, kind_of(draft));
        }
        for link in &foreign.links {
            inferring.add(&link.draft, LayerKind::Relation);
        }
    }
    Ok(inferring.finish())
}

/// What a draft is, by what it has.
fn kind_of(draft: &Draft) -> LayerKind {
    let has_place = !draft.ranges.is_empty() || draft.quote.is_some();
    match (has_place, draft.args.is_empty()) {
        (true, true) => LayerKind::Span,
        (true, false) => LayerKind::Event,
        (false, false) => LayerKind::Relation,
        (false, true) => LayerKind::Field,
    }
}

/// What layers of spans are called.
struct Names<'a> {
    /// The words of the format for its layers, where they tell any apart.
    told: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(batch: &'a Batch, options: &ImportOptions) -> Names<'a> {
        let drafts = batch.items.iter().flat_map(|item| &item.foreign.drafts);
        let mut told: BTreeSet<&str> =
            drafts.filter_map(|draft| draft.layer.as_deref()).collect();
        // One control or group is whatever a project called it.
        let is_meant = batch.format.keeps_ids() || options.reading.layer.is_some();
        if told.len() == 1 && !is_meant || told.iter().any(|name| !is_label_name(name)) {
            told.clear();
        }
        Names { told }
    }

    fn layer<'d>(&self, draft: &'d Draft, kind: LayerKind) -> &'d str {
        let own = draft.layer.as_deref().filter(|layer| self.told.contains(layer));
        own.unwrap_or(match kind {
            LayerKind::Relation => "relation",
            LayerKind::Field => "field",
            LayerKind::Event => "event",
            LayerKind::Span | LayerKind::Block => "entity",
        })
    }
}

struct Inferring<'a> {
    options: &'a ImportOptions,
    names: Names<'a>,
    schema: Schema,
}

impl Inferring<'_> {
    fn add(&mut self, draft: &Draft, kind: LayerKind) {
        let ImportOptions { map, ignore, .. } = self.options;
        if ignore.contains(&draft.label) {
            return;
        }
        let mapped = map.get(&draft.label).and_then(|target| target.split_once('/'));
        let label = label_name(&draft.label);
        let (layer, label) =
            mapped.unwrap_or((self.names.layer(draft, kind), label.as_ref()));
        let known = self.schema.layers.iter().position(|spec| spec.name == layer);
        let at = known.unwrap_or_else(|| {
            self.schema.layers.push(LayerSpec::new(layer, kind));
            self.schema.layers.len() - 1
        });
        let spec = &mut self.schema.layers[at];
        if spec.kind == LayerKind::Span && kind == LayerKind::Event {
            spec.kind = kind;
        }
        if !spec.has_label(label) && !label.is_empty() {
            let kind = (kind == LayerKind::Field).then_some(FieldKind::Text);
            spec.labels.push(LabelSpec { kind, ..LabelSpec::named(label) });
        }
        let attrs = draft.attrs.iter();
        for (name, value) in attrs.filter(|(name, _)| *name != "note") {
            if !ignore.contains(name) {
                add_attr(spec, name, value);
            }
        }
        if spec.kind == LayerKind::Event {
            draft.args.iter().for_each(|(role, _)| add_role(spec, role, 0, None));
        }
    }

    /// Roles may point to whatever stands in the text; the order is that of names.
    fn finish(mut self) -> Schema {
        let is_target = |spec: &&LayerSpec| {
            matches!(spec.kind, LayerKind::Span | LayerKind::Event | LayerKind::Block)
        };
        let layers = self.schema.layers.iter();
        let targets: Vec<String> =
            layers.filter(is_target).map(|spec| spec.name.clone()).collect();
        for spec in &mut self.schema.layers {
            if spec.kind == LayerKind::Relation {
                ["head", "tail"].iter().for_each(|role| add_role(spec, role, 1, Some(1)));
            }
            for arg in &mut spec.args {
                arg.target.extend(targets.iter().cloned());
                arg.target.sort();
                arg.target.dedup();
            }
            spec.labels.sort_by(|a, b| a.name.cmp(&b.name));
        }
        // A link without anything that it could begin at says nothing.
        self.schema.layers.retain(|spec| spec.args.is_empty() || !targets.is_empty());
        self.schema
    }
}

fn add_attr(spec: &mut LayerSpec, name: &str, value: &AttrValue) {
    if spec.attrs.iter().any(|attr| attr.name == name) {
        return;
    }
    spec.attrs.push(AttrSpec {
        name: name.to_owned(),
        labels: Vec::new(),
        kind: match value {
            AttrValue::Bool(_) => AttrKind::Bool,
            AttrValue::Integer(_) => AttrKind::Integer,
            AttrValue::Null | AttrValue::Text(_) | AttrValue::List(_) => AttrKind::String,
        },
        values: Vec::new(),
        pattern: None,
        list: matches!(value, AttrValue::List(_)),
        required: false,
        nullable: *value == AttrValue::Null,
        default: None,
    });
}

fn add_role(spec: &mut LayerSpec, role: &str, min: u32, max: Option<u32>) {
    if !spec.args.iter().any(|arg| arg.role == role) {
        let (role, labels) = (role.to_owned(), Vec::new());
        spec.args.push(ArgSpec { role, labels, target: Vec::new(), min, max });
    }
}

/// A schema as `goldpress.toml` declares it: a table `[schema]` with its layers.
pub fn schema_toml(schema: &Schema) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut out = format!(
        "[schema]\nname = {}\nversion = {}\n",
        quoted(&schema.name),
        schema.version
    );
    for layer in &schema.layers {
        let words = BTreeMap::from([
            ("kind", format!("{:?}", layer.kind).to_lowercase()),
            ("scope", format!("{:?}", layer.scope).to_lowercase()),
            ("overlap", format!("{:?}", layer.overlap).to_lowercase()),
        ]);
        out.push_str(&format!("\n[[schema.layers]]\nname = {}\n", quoted(&layer.name)));
        for key in ["kind", "scope", "overlap"] {
            out.push_str(&format!("{key} = {}\n", quoted(&words[key])));
        }
        let labels = layer.labels.iter().map(|label| match label.kind {
            None => quoted(&label.name),
            Some(kind) => {
                let kind = quoted(&format!("{kind:?}").to_lowercase());
                format!("{{ name = {}, kind = {kind} }}", quoted(&label.name))
            }
        });
        put_list(&mut out, "labels", labels);
        put_list(&mut out, "args", layer.args.iter().map(inline));
        put_list(&mut out, "attrs", layer.attrs.iter().map(inline));
    }
    out
}

fn put_list(out: &mut String, key: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        out.push_str(&format!("{key} = [{}]\n", items.join(", ")));
    }
}

/// A table on one line.
fn inline(value: &impl serde::Serialize) -> String {
    toml::Value::try_from(value).map(|value| value.to_string()).unwrap_or_default()
}
