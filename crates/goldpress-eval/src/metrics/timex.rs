//! Metrics of time expressions: where they stand, and what they mean.

use goldpress_model::{AttrValue, LooseAnnotation};

use super::{Family, Labels, Metric, entry, spans};
use crate::{scene::Scene, tally::Tally};

/// Equal fragments, whatever the type.
pub(super) const STRICT: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("timex.strict", Family::Timex, spans::exact)
};
/// A shared character, whatever the type.
pub(super) const RELAXED: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("timex.relaxed", Family::Timex, spans::detect)
};
/// A shared character and an equal type.
pub(super) const TYPE: Metric =
    Metric { default: true, ..entry("timex.type", Family::Timex, spans::same_label) };
/// A shared character and an equal value: trimmed, in upper case, `X` equal only to `X`.
pub(super) const VALUE: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("timex.value", Family::Timex, value)
};

fn value(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    spans::matched(metric, scene, Some(scene.star()), tally, |edge| {
        let gold = value_of(sides.gold_of(edge).source);
        gold.is_some() && gold == value_of(sides.predicted_of(edge).source)
    });
}

fn value_of(timex: &LooseAnnotation) -> Option<String> {
    let value = timex.attrs.get("value").and_then(AttrValue::as_text)?;
    Some(value.trim().to_uppercase())
}
