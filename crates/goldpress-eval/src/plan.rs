//! What is counted: layers, the metrics of each, and a number for every label.

use std::{borrow::Cow, collections::BTreeSet};

use goldpress_model::{FieldKind, LayerKind, LayerSpec, Schema, Scope, layer};
use regex::Regex;

use crate::{
    input::{CONTENT, Lines, Options, Wanted},
    metrics::{Family, METRICS, Metric, named},
    sides::Label,
};

/// A schema and options, worked out once for all documents.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    pub(crate) options: Options<'a>,
    pub(crate) layers: Vec<PlannedLayer<'a>>,
    /// Names of rows, by slot: layer and metric with its suffix.
    pub(crate) slots: Vec<(String, String)>,
    labels: Vec<String>,
    pub(crate) schema: &'a Schema,
    patterns: Vec<(&'a str, &'a str, Regex)>,
}

/// One layer of a plan.
#[derive(Debug, Clone)]
pub(crate) struct PlannedLayer<'a> {
    pub(crate) name: &'a str,
    /// None for [`CONTENT`].
    pub(crate) spec: Option<&'a LayerSpec>,
    pub(crate) metrics: Vec<Metric>,
    /// First slot of the metrics over main lines, and of those over all lines.
    pub(crate) main: Option<usize>,
    pub(crate) all: Option<usize>,
}

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A layer that the schema does not have.
    #[error("`{0}` is not a layer of the schema")]
    UnknownLayer(String),
    /// A metric that is not in the registry.
    #[error("`{0}` is not a metric")]
    UnknownMetric(String),
    /// A pattern of the schema is no regular expression.
    #[error("the pattern of `{attr}` in layer `{layer}` is no regular expression")]
    Pattern {
        /// The layer.
        layer: String,
        /// The attribute.
        attr: String,
    },
}

/// The label of metrics that are blind to labels.
const STAR: &str = "*";
/// The partner of what has none, in the confusion.
pub const NONE: &str = "NONE";
/// Between the gold and the predicted label of a cell.
pub const CELL_SEPARATOR: char = '\u{1f}';

const PAIR: u32 = 1 << 31;
const NO_PARTNER: u32 = 0x7fff;

/// The metrics of these names, of every family that has them.
fn by_name(names: &[&str]) -> Result<Vec<Metric>, PlanError> {
    if let Some(name) = names.iter().find(|name| named(name).next().is_none()) {
        return Err(PlanError::UnknownMetric((*name).to_owned()));
    }
    // A share of tokens says nothing without the share that is free.
    let beside = names.contains(&"token.acc") && !names.contains(&"token.outside");
    let beside = beside.then_some("token.outside");
    Ok(names.iter().copied().chain(beside).flat_map(named).collect())
}

impl<'a> Plan<'a> {
    /// Works out what is counted.
    ///
    /// # Errors
    ///
    /// A layer or metric does not exist, or the schema holds a broken pattern.
    pub fn new(schema: &'a Schema, options: Options<'a>) -> Result<Self, PlanError> {
        let mut labels: BTreeSet<String> = BTreeSet::from([STAR.to_owned()]);
        for spec in &schema.layers {
            labels.extend(spec.labels.iter().map(|label| label.name.clone()));
            labels.extend(spec.labels.iter().filter_map(|label| label.class.clone()));
            let polarity = spec.attrs.iter().find(|attr| attr.name == "polarity");
            if let (layer::CLAIM, Some(polarity)) = (spec.name.as_str(), polarity) {
                for label in &spec.labels {
                    let joint = |value: &String| format!("{} {value}", label.name);
                    labels.extend(polarity.values.iter().map(joint));
                }
            }
        }
        let mut plan = Plan {
            layers: Vec::new(),
            slots: Vec::new(),
            labels: labels.into_iter().collect(),
            patterns: patterns(schema)?,
            schema,
            options,
        };
        let mut names: Vec<&'a str> = plan.options.layers.clone();
        if names.is_empty() {
            names = schema.layers.iter().map(|layer| layer.name.as_str()).collect();
            names.push(CONTENT);
        }
        names.iter().try_for_each(|name| plan.add_layer(name))?;
        Ok(plan)
    }

    fn add_layer(&mut self, name: &'a str) -> Result<(), PlanError> {
        let spec = self.schema.layer(name);
        if spec.is_none() && name != CONTENT {
            return Err(PlanError::UnknownLayer(name.to_owned()));
        }
        let families = families(spec);
        let fits = |metric: &&Metric| families.contains(&metric.family);
        let of_default = || {
            let shown = |metric: &&Metric| {
                metric.default && (families[0] == metric.family || metric.cells)
            };
            METRICS.iter().filter(fits).filter(shown).copied()
        };
        let metrics: Vec<Metric> = match &self.options.metrics {
            Wanted::All => METRICS.iter().filter(fits).copied().collect(),
            Wanted::Default => of_default().collect(),
            Wanted::Named(names) => {
                by_name(names)?.into_iter().filter(|metric| fits(&metric)).collect()
            }
            Wanted::DefaultAnd(names) => {
                let mut all: Vec<Metric> = of_default().collect();
                for metric in by_name(names)?.into_iter().filter(|one| fits(&one)) {
                    if !all.iter().any(|known| known.name() == metric.name()) {
                        all.push(metric);
                    }
                }
                all
            }
        };
        let scoped = spec.is_some_and(|spec| {
            matches!(spec.kind, LayerKind::Span | LayerKind::Event | LayerKind::Relation)
        });
        let everywhere = spec.is_some_and(|spec| spec.scope == Scope::All);
        let all_lines = self.options.lines == Lines::All;
        let mut open = |suffix: &str| {
            let first = self.slots.len();
            self.slots.extend(
                metrics
                    .iter()
                    .map(|m| (name.to_owned(), format!("{}{suffix}", m.name()))),
            );
            first
        };
        let main = (!scoped || !all_lines).then(|| open(""));
        let all = (scoped && (all_lines || everywhere)).then(|| open(".all"));
        self.layers.push(PlannedLayer { name, spec, metrics, main, all });
        Ok(())
    }

    /// The test that each layer is judged by, as layer, metric with its suffix, average.
    ///
    /// A layer whose primary metric is not counted has none.
    pub fn tasks(&self) -> Vec<(&'a str, String, Average)> {
        let of_layer = |layer: &PlannedLayer<'a>| {
            let (name, average) = primary(layer.spec);
            let at = layer.metrics.iter().position(|metric| metric.name() == name)?;
            let first = layer.main.or(layer.all)?;
            Some((layer.name, self.slots[first + at].1.clone(), average))
        };
        self.layers.iter().filter_map(of_layer).collect()
    }

    /// All names of labels, in byte order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The label of that name.
    pub fn label(&self, name: &str) -> Option<Label> {
        let at = self.labels.binary_search_by(|label| label.as_str().cmp(name)).ok()?;
        Some(Label(at as u32))
    }

    /// The label of metrics that are blind to labels.
    pub fn star(&self) -> Label {
        self.label(STAR).expect("every plan has the label `*`")
    }

    /// The label of a cell: gold and predicted label, or no partner.
    pub fn cell(gold: Option<Label>, predicted: Option<Label>) -> Label {
        let part = |label: Option<Label>| label.map_or(NO_PARTNER, |label| label.0);
        Label(PAIR | part(gold) << 15 | part(predicted))
    }

    /// The name of a label, as files write it.
    pub fn name(&self, label: Label) -> Cow<'_, str> {
        if label.0 & PAIR == 0 {
            return Cow::Borrowed(&self.labels[label.0 as usize]);
        }
        let part = |part: u32| match part & NO_PARTNER {
            NO_PARTNER => NONE,
            at => &self.labels[at as usize],
        };
        Cow::Owned(format!("{}{CELL_SEPARATOR}{}", part(label.0 >> 15), part(label.0)))
    }

    /// The pattern of a string attribute.
    pub(crate) fn pattern(&self, layer: &str, attr: &str) -> Option<&Regex> {
        let of = |entry: &&(&str, &str, Regex)| entry.0 == layer && entry.1 == attr;
        self.patterns.iter().find(of).map(|entry| &entry.2)
    }
}

fn patterns(schema: &Schema) -> Result<Vec<(&str, &str, Regex)>, PlanError> {
    let mut patterns = Vec::new();
    for spec in &schema.layers {
        for attr in &spec.attrs {
            let Some(pattern) = &attr.pattern else { continue };
            let whole = Regex::new(&format!("^(?:{pattern})$"));
            let whole = whole.map_err(|_| PlanError::Pattern {
                layer: spec.name.clone(),
                attr: attr.name.clone(),
            })?;
            patterns.push((spec.name.as_str(), attr.name.as_str(), whole));
        }
    }
    Ok(patterns)
}

/// Families of metrics that fit a layer, the primary one first.
fn families(spec: Option<&LayerSpec>) -> &'static [Family] {
    let Some(spec) = spec else { return &[Family::Body] };
    match (spec.kind, spec.name.as_str()) {
        (LayerKind::Block, _) => &[Family::Block],
        (LayerKind::Field, _) => &[Family::Field],
        (LayerKind::Relation, _) => &[Family::Relation],
        (LayerKind::Event, layer::ATTRIBUTION) => &[Family::Attribution],
        (LayerKind::Event, _) => &[Family::Event, Family::Span],
        (LayerKind::Span, layer::TIMEX) => &[Family::Timex, Family::Span],
        (LayerKind::Span, layer::CLAIM) => &[Family::Claim, Family::Span],
        (LayerKind::Span, _) => &[Family::Span],
    }
}

/// The metric that a layer is tested on first, with the average that is its headline.
///
/// ```
/// use goldpress_eval::{Average, primary};
///
/// assert_eq!(primary(None), ("body.seq", Average::Documents));
/// ```
pub fn primary(spec: Option<&LayerSpec>) -> (&'static str, Average) {
    match families(spec)[0] {
        Family::Body => ("body.seq", Average::Documents),
        Family::Block => ("block", Average::Labels),
        Family::Claim => ("claim.joint", Average::Labels),
        Family::Field => ("field.acc", Average::Micro),
        Family::Relation => ("relation.strict", Average::Micro),
        Family::Timex => ("timex.value", Average::Micro),
        Family::Attribution => ("attr.joint", Average::Micro),
        Family::Event => ("trigger.class", Average::Micro),
        Family::Span => ("strict", Average::Micro),
    }
}

/// How counts become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Average {
    /// From summed counts.
    Micro,
    /// Mean over the labels that gold holds.
    Labels,
    /// Mean over the documents whose gold holds an item.
    Documents,
}

impl Average {
    /// All, the default first.
    pub const ALL: [Average; 3] = [Average::Micro, Average::Labels, Average::Documents];

    /// The name that results use.
    pub fn name(self) -> &'static str {
        match self {
            Average::Micro => "micro",
            Average::Labels => "macro-label",
            Average::Documents => "macro-document",
        }
    }
}

/// Whether a label of a field layer is scored as a field: the body is not.
pub(crate) fn is_field(kind: Option<FieldKind>) -> bool {
    kind != Some(FieldKind::Body)
}
