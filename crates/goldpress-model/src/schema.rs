//! Annotation schemas: which layers and labels there are, and what holds of them.
//!
//! A schema is data: `goldpress-label` reads it from TOML and enforces it, pages show its
//! guidelines, `goldpress-eval` asks it for kinds.

use serde::{Deserialize, Serialize};

/// What may be annotated, as `name@version`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Name, without the version.
    pub name: String,
    /// Rises when a right annotation could become wrong or missing.
    pub version: u32,
    /// The schema whose layers it took over, as `name@version`: its rules hold here too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Layers, in the order in which reports show them.
    #[serde(default)]
    pub layers: Vec<LayerSpec>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerSpec {
    /// Name.
    pub name: String,
    /// Which kind of statement it holds.
    pub kind: LayerKind,
    /// Where it may stand.
    #[serde(default)]
    pub scope: Scope,
    /// How its annotations may lie to each other.
    #[serde(default)]
    pub overlap: Overlap,
    /// Labels, in the order in which ties are decided.
    pub labels: Vec<LabelSpec>,
    /// Arguments.
    #[serde(default)]
    pub args: Vec<ArgSpec>,
    /// Attributes.
    #[serde(default)]
    pub attrs: Vec<AttrSpec>,
    /// Rules of derived attributes; the first that holds wins.
    #[serde(default)]
    pub derive: Vec<DeriveRule>,
}

/// Kind of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayerKind {
    /// Roles of blocks.
    Block,
    /// Document fields.
    Field,
    /// Spans.
    Span,
    /// Triggers or cues with arguments.
    Event,
    /// Links between two annotations.
    Relation,
}

/// Where annotations of a layer may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Inside blocks of class `main`.
    Main,
    /// Anywhere in the text.
    #[default]
    All,
    /// Of the document as a whole.
    Document,
}

/// How two annotations of a layer may lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlap {
    /// Never on the same character.
    Flat,
    /// Inside one another, never crossing.
    Nested,
    /// In any way.
    #[default]
    Any,
}

/// One label of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelSpec {
    /// Name.
    pub name: String,
    /// Key of the labelling page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<char>,
    /// What is annotated.
    pub guide: String,
    /// An example; `[…]` marks the span.
    pub example: String,
    /// What is not annotated.
    pub counter: String,
    /// Content class of a block role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Kind of a field's values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldKind>,
    /// Whether a field may have several values.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list: bool,
    /// Whether the ends of a relation have no order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undirected: bool,
}

/// How values of a field are compared (`norm/1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// Text.
    Text,
    /// Names of people.
    Names,
    /// ISO 8601 dates.
    Date,
    /// Addresses.
    Url,
    /// BCP 47 tags.
    Language,
    /// Sets of tags.
    Tags,
    /// The body as text.
    Body,
}

/// An argument that annotations of a layer may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArgSpec {
    /// Role.
    pub role: String,
    /// Labels that may have it; empty: all of the layer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What it may point to: `layer`, `layer/LABEL` or `t0`.
    pub target: Vec<String>,
    /// Fewest targets.
    #[serde(default)]
    pub min: u32,
    /// Most targets; `None` for any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// An attribute that annotations of a layer may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttrSpec {
    /// Name.
    pub name: String,
    /// Labels that may have it; empty: all of the layer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: AttrKind,
    /// Values of an enum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Regular expression that a string matches as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether it holds several values.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list: bool,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nullable: bool,
}

/// Type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttrKind {
    /// One of a list of values.
    Enum,
    /// Text.
    String,
    /// Yes or no.
    Bool,
    /// A whole number.
    Integer,
}

/// A rule that derives an attribute: all of `when` hold, then `value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeriveRule {
    /// The derived attribute.
    pub attr: String,
    /// `label` or an attribute → the values with which the rule holds.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub when: std::collections::BTreeMap<String, Vec<String>>,
    /// The value; `"$label"` copies the label, none gives null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<crate::AttrValue>,
}

impl Schema {
    /// `name@version`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// Whether the rules of that schema hold: it is this one, or its base.
    pub fn follows(&self, name: &str) -> bool {
        let base = self.extends.as_deref().and_then(|base| base.split('@').next());
        self.name == name || base == Some(name)
    }

    /// The layer of that name.
    pub fn layer(&self, name: &str) -> Option<&LayerSpec> {
        self.layers.iter().find(|layer| layer.name == name)
    }

    /// The label `layer/label`.
    pub fn label(&self, layer: &str, label: &str) -> Option<&LabelSpec> {
        self.layer(layer)?.labels.iter().find(|spec| spec.name == label)
    }
}
