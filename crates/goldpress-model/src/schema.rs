//! Annotation schemas: which layers and labels there are, and what holds of them.
//!
//! A schema is data: `goldpress-label` reads it from TOML and enforces it, pages show its
//! guidelines, `goldpress-eval` asks it for kinds.

use std::collections::BTreeSet;

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
    /// Whether any other label may stand there too, as in `ner@1`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
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
    /// What is annotated; empty where the schema does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub guide: String,
    /// An example; `[…]` marks the span.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub example: String,
    /// What is not annotated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
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
    /// What an import writes where the file says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<crate::AttrValue>,
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

    /// The label `layer/label`; in an open layer, any label has a specification that says
    /// nothing of it.
    pub fn label(&self, layer: &str, label: &str) -> Option<&LabelSpec> {
        let layer = self.layer(layer)?;
        let declared = layer.labels.iter().find(|spec| spec.name == label);
        declared.or_else(|| layer.has_label(label).then_some(&UNDECLARED))
    }

    /// Whether some layer takes labels that it does not declare.
    pub fn is_open(&self) -> bool {
        self.layers.iter().any(|layer| layer.open)
    }

    /// The same closed: open layers have the labels that are used, in the order of their
    /// names behind those that stand there. For whoever has to list all labels.
    ///
    /// ```
    /// use goldpress_model::{LayerKind, LayerSpec, Schema};
    ///
    /// let names = LayerSpec { open: true, ..LayerSpec::new("entity", LayerKind::Span) };
    /// let open = Schema { name: "ner".into(), version: 1, extends: None, layers: vec![names] };
    /// let closed = open.with_labels([("entity", "PER"), ("entity", "LOC"), ("x", "y")]);
    /// let names = &closed.layers[0];
    /// assert_eq!(names.labels[0].name, "LOC");
    /// assert!(names.has_label("PER") && !names.has_label("ORG"));
    /// ```
    pub fn with_labels<'a>(
        mut self,
        used: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Schema {
        let used: BTreeSet<(&str, &str)> = used.into_iter().collect();
        for (layer, label) in used {
            let spec = self.layers.iter_mut().find(|spec| spec.name == layer);
            let Some(spec) = spec.filter(|spec| spec.open && spec.has_label(label))
            else {
                continue;
            };
            if !spec.labels.iter().any(|known| known.name == label) {
                let name = label.to_owned();
                spec.labels.push(LabelSpec { name, ..UNDECLARED.clone() });
            }
        }
        self.layers.iter_mut().for_each(|spec| spec.open = false);
        self
    }
}

impl LayerSpec {
    /// Whether an annotation of the layer may have that label.
    ///
    /// ```
    /// use goldpress_model::{LayerKind, LayerSpec};
    ///
    /// let names = LayerSpec::new("entity", LayerKind::Span);
    /// assert!(!names.has_label("PER"));
    /// let names = LayerSpec { open: true, ..names };
    /// assert!(names.has_label("PER") && names.has_label("Место"));
    /// assert!(!names.has_label("two words") && !names.has_label(""));
    /// ```
    pub fn has_label(&self, label: &str) -> bool {
        self.labels.iter().any(|spec| spec.name == label)
            || self.open && is_label_name(label)
    }

    /// A layer without labels and rules, which may stand anywhere.
    pub fn new(name: &str, kind: LayerKind) -> LayerSpec {
        LayerSpec {
            name: name.to_owned(),
            kind,
            scope: Scope::All,
            overlap: Overlap::Any,
            labels: Vec::new(),
            open: false,
            args: Vec::new(),
            attrs: Vec::new(),
            derive: Vec::new(),
        }
    }
}

impl LabelSpec {
    /// A label of which nothing but the name is said.
    pub fn named(name: &str) -> LabelSpec {
        LabelSpec { name: name.to_owned(), ..UNDECLARED.clone() }
    }
}

/// Whether a word can be a label: letters and digits of any script, and `._-` between them.
pub fn is_label_name(label: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || "._-".contains(c);
    label.starts_with(char::is_alphanumeric) && label.chars().all(inner)
}

/// What is said of a label that an open layer does not declare: nothing.
static UNDECLARED: LabelSpec = LabelSpec {
    name: String::new(),
    key: None,
    guide: String::new(),
    example: String::new(),
    counter: String::new(),
    class: None,
    kind: None,
    list: false,
    undirected: false,
};
