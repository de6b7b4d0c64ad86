//! Coefficients over units, and α_U over spans, with the bootstrap's intervals.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    norm::{language_key, name_key, text_key, url_key},
    statistics::bootstrap::bootstrap,
};
use goldpress_label::agreement::{
    self, Coding, Distance, Gathered, Undefined, UnitSpan, Unitizing, Weights,
};
use goldpress_model::{
    AttrKind, AttrSpec, AttrValue, CharRange, Digest, FieldKind, LayerSpec,
    LooseAnnotation,
};

use super::{Figure, Group, counts::LEAST_CLUSTERS};

/// Seed of the bootstrap.
const SEED: u64 = 42;

/// Most values that all resamples together may take in, and most steps of α_U: beyond
/// these an interval costs minutes.
const MOST_VALUES: u64 = 100_000_000;
const MOST_STEPS: u64 = 2_000_000_000;

/// Why there is no interval although there are clusters enough.
const TOO_MANY: &str = "too much for the bootstrap; --resamples lowers it";

/// What a value is when the text states none.
const NULL: &str = "\u{0}null";

/// Documents by cluster, as indices.
pub(super) struct Clusters {
    documents: Vec<Vec<usize>>,
    resamples: u64,
}

impl Clusters {
    pub(super) fn of(
        kept: &[Gathered<'_>],
        order: &BTreeMap<Digest, usize>,
        resamples: u64,
    ) -> Clusters {
        let n = order.values().max().map_or(0, |most| most + 1);
        let mut documents = vec![Vec::new(); n];
        for (at, one) in kept.iter().enumerate() {
            if let Some(cluster) = order.get(&one.doc_id) {
                documents[*cluster].push(at);
            }
        }
        Clusters { documents, resamples }
    }

    /// The interval of a function of documents; only clusters that hold something count.
    fn interval(
        &self,
        holds: impl Fn(usize) -> bool,
        mut theta: impl FnMut(&[usize]) -> Option<f64>,
    ) -> Option<(f64, f64)> {
        let full: Vec<&Vec<usize>> = self
            .documents
            .iter()
            .filter(|docs| docs.iter().any(|at| holds(*at)))
            .collect();
        if full.len() < LEAST_CLUSTERS || self.resamples == 0 {
            return None;
        }
        let of_clusters = |drawn: &[usize]| {
            let docs: Vec<usize> =
                drawn.iter().flat_map(|at| full[*at].iter().copied()).collect();
            theta(&docs)
        };
        bootstrap(full.len(), self.resamples, SEED, of_clusters)?.bca
    }
}

/// What was asked for beyond the figures of default.
pub(super) struct More<'a> {
    pub(super) named: &'a dyn Fn(&str) -> bool,
    /// α by another distance than equal or not.
    pub(super) scale: Option<Distance>,
    /// Weights of Cohen's kappa.
    pub(super) weights: Weights,
}

/// Units of each document: a value, or none, of every set.
type Units = Vec<Vec<Vec<Option<String>>>>;

/// A coefficient over units.
type Coefficient = fn(&Coding) -> agreement::Figure;

/// Roles of blocks: a unit is a block.
pub(super) fn of_blocks(
    kept: &[Gathered<'_>],
    layer: &LayerSpec,
    clusters: &Clusters,
    more: &More<'_>,
    group: &mut Group,
) {
    let units = units_of(kept, |a| Some((&a.fragments, a.label.clone())));
    let order: Vec<String> =
        layer.labels.iter().map(|label| label.name.clone()).collect();
    confuse(&units, group);
    figures("", &units, &order, clusters, more, group);
}

/// Fields of one value: a unit is a field of an article.
pub(super) fn of_fields(
    kept: &[Gathered<'_>],
    layer: &LayerSpec,
    clusters: &Clusters,
    more: &More<'_>,
    group: &mut Group,
) {
    let units = units_of(kept, |a| {
        let spec = layer.labels.iter().find(|spec| spec.name == a.label)?;
        let is_one = !spec.list && spec.kind != Some(FieldKind::Body);
        is_one.then(|| (&a.label, field_value(spec.kind, a)))
    });
    figures("", &units, &[], clusters, more, group);
}

/// Attributes with closed values: a unit is a pair of equal fragments and label.
pub(super) fn of_attributes(
    kept: &[Gathered<'_>],
    layer: &LayerSpec,
    clusters: &Clusters,
    more: &More<'_>,
    group: &mut Group,
) {
    let closed = |kind| matches!(kind, AttrKind::Enum | AttrKind::Bool);
    let said: BTreeSet<&String> = kept
        .iter()
        .flat_map(|one| &one.opinions)
        .flat_map(|opinion| &opinion.annotations)
        .flat_map(|a| a.attrs.keys())
        .collect();
    let asked =
        |spec: &&AttrSpec| closed(spec.kind) && !spec.list && said.contains(&spec.name);
    let mut told = BTreeSet::new();
    for spec in layer.attrs.iter().filter(asked) {
        // An attribute that each label declares for itself is one attribute all the same.
        if !told.insert(&spec.name) {
            continue;
        }
        let mut units = units_of(kept, |a| {
            Some(((&a.label, &a.fragments), value_of(a.attrs.get(&spec.name))))
        });
        // What nobody gave a value says nothing, and a pair takes two.
        let is_said = |unit: &Vec<Option<String>>| {
            unit.iter().flatten().count() > 1 && unit.iter().flatten().any(|v| v != NULL)
        };
        units.iter_mut().for_each(|document| document.retain(is_said));
        if units.iter().any(|document| !document.is_empty()) {
            let prefix = format!("{}.", spec.name);
            figures(&prefix, &units, &spec.values, clusters, more, group);
        }
    }
}

fn field_value(kind: Option<FieldKind>, a: &LooseAnnotation) -> String {
    let value = value_of(a.attrs.get("value"));
    match kind {
        _ if value == NULL => value,
        Some(FieldKind::Names) => name_key(&value),
        Some(FieldKind::Url) => url_key(&value),
        Some(FieldKind::Language) => language_key(&value),
        Some(FieldKind::Date) => value.trim().to_owned(),
        _ => text_key(&value),
    }
}

fn value_of(attr: Option<&AttrValue>) -> String {
    match attr {
        None | Some(AttrValue::Null) => NULL.to_owned(),
        Some(AttrValue::Bool(value)) => value.to_string(),
        Some(AttrValue::Integer(value)) => value.to_string(),
        Some(AttrValue::Text(value)) => value.clone(),
        Some(AttrValue::List(values)) => values.join("\u{1f}"),
    }
}

fn units_of<'a, K: Ord>(
    kept: &[Gathered<'a>],
    unit: impl Fn(&'a LooseAnnotation) -> Option<(K, String)>,
) -> Units {
    let of_document = |one: &Gathered<'a>| {
        let mut values: BTreeMap<K, Vec<Option<String>>> = BTreeMap::new();
        for (set, opinion) in one.opinions.iter().enumerate() {
            for (key, value) in opinion.annotations.iter().filter_map(|a| unit(a)) {
                let unit = values.entry(key);
                unit.or_insert_with(|| vec![None; one.opinions.len()])[set] = Some(value);
            }
        }
        values.into_values().collect()
    };
    kept.iter().map(of_document).collect()
}

fn confuse(units: &Units, group: &mut Group) {
    for unit in units.iter().flatten() {
        if let [Some(one), Some(other)] = unit.as_slice()
            && one != other
        {
            *group.confused.entry((one.clone(), other.clone())).or_default() += 1;
        }
    }
}

fn coding(units: &Units, docs: &[usize], order: &[String]) -> Coding {
    let n_sets = units.iter().flatten().next().map_or(0, Vec::len);
    let of_set = |set: usize| {
        let all = docs.iter().flat_map(|at| &units[*at]);
        all.map(|unit| unit[set].clone()).collect()
    };
    let values: Vec<Vec<Option<String>>> = (0..n_sets).map(of_set).collect();
    Coding::new(&values, order)
}

/// Observed agreement, α and AC1, and what was asked for besides.
fn figures(
    prefix: &str,
    units: &Units,
    order: &[String],
    clusters: &Clusters,
    more: &More<'_>,
    group: &mut Group,
) {
    let all: Vec<usize> = (0..units.len()).collect();
    let whole = coding(units, &all, order);
    let n_values = units.iter().flatten().flatten().count() as u64;
    let is_cheap = n_values.saturating_mul(clusters.resamples) <= MOST_VALUES;
    let interval = |of: Coefficient| {
        let holds = |at: usize| !units[at].is_empty();
        let theta = |docs: &[usize]| of(&coding(units, docs, order)).ok();
        is_cheap.then(|| clusters.interval(holds, theta)).flatten()
    };
    let mut push = |name: &str, value: agreement::Figure, interval| {
        let name = format!("{prefix}{name}");
        let n_units = Some(whole.n_units());
        let missing = (name.ends_with("alpha") && !is_cheap).then_some(TOO_MANY);
        group.figures.push(Figure {
            name,
            value,
            interval,
            missing,
            counts: None,
            n_units,
        });
    };
    push("observed", whole.observed(), None);
    let alpha = |coding: &Coding| coding.alpha(Distance::Nominal);
    push("alpha", alpha(&whole), interval(alpha));
    push("ac1", whole.ac1(), None);
    // Only the schema puts values in an order: none is taken from how they look.
    let ordered = |needs_order: bool, figure: agreement::Figure| match () {
        () if needs_order && order.is_empty() => Err(Undefined::Scale),
        () => figure,
    };
    if let Some(scale) = more.scale {
        let value = ordered(scale == Distance::Ordinal, whole.alpha(scale));
        push(&format!("alpha_{}", scale.name()), value, None);
    }
    if (more.named)("cohen") {
        let weights = more.weights;
        let value = ordered(weights != Weights::None, whole.cohen(weights));
        let name = match weights {
            Weights::None => "cohen".to_owned(),
            weights => format!("cohen_{}", weights.name()),
        };
        push(&name, value, None);
    }
    let asked: [(&str, Coefficient); 3] = [
        ("scott", Coding::scott),
        ("fleiss", Coding::fleiss),
        ("bennett", Coding::bennett),
    ];
    for (name, of) in asked.into_iter().filter(|(name, _)| (more.named)(name)) {
        push(name, of(&whole), None);
    }
}

/// α_U of all labels together.
pub(super) fn alpha_u(kept: &[Gathered<'_>], clusters: &Clusters, group: &mut Group) {
    let n_sets = kept.first().map_or(0, |one| one.opinions.len());
    let lengths: Vec<u32> = kept.iter().map(|one| one.n_chars).collect();
    let of_set = |set: usize| {
        let all = kept.iter().enumerate();
        all.flat_map(|(doc, one)| spans(&one.opinions[set].annotations, doc)).collect()
    };
    let sets: Vec<Vec<UnitSpan>> = (0..n_sets).map(of_set).collect();
    let unitizing = Unitizing::new(&lengths, &sets);
    let all: Vec<usize> = (0..kept.len()).collect();
    let whole = unitizing.of(&all);
    group.n_overlapping = whole.n_left_out;
    let n_values = clusters.resamples.saturating_add(clusters.documents.len() as u64);
    let is_cheap = unitizing.n_steps().saturating_mul(n_values) <= MOST_STEPS;
    let holds = |at: usize| !kept[at].is_empty();
    let theta = |docs: &[usize]| unitizing.of(docs).alpha.ok();
    group.figures.push(Figure {
        name: "alpha_u".to_owned(),
        value: if kept.is_empty() { Err(Undefined::NothingMarked) } else { whole.alpha },
        interval: is_cheap.then(|| clusters.interval(holds, theta)).flatten(),
        missing: (!is_cheap).then_some(TOO_MANY),
        counts: None,
        n_units: None,
    });
}

/// Fragments of annotations, each a unit of its own.
fn spans(annotations: &[&LooseAnnotation], doc: usize) -> Vec<UnitSpan> {
    let units = annotations.iter().flat_map(|a| {
        let unit =
            |range: &CharRange| UnitSpan { doc, label: a.label.clone(), range: *range };
        a.fragments.iter().map(unit)
    });
    units.collect()
}
