//! Span metrics: fragments and labels compared, one to one.

use super::{Family, HALF, Labels, Metric, entry};
use crate::{
    matching,
    scene::Scene,
    sides::{Edge, Item, Label, Sides},
    tally::Tally,
};

/// Equal fragments, equal label: the exact match of CoNLL-2003.
pub(super) const STRICT: Metric =
    Metric { default: true, ..entry("strict", Family::Span, strict) };
/// Equal fragments, whatever the label.
pub(super) const EXACT: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("exact", Family::Span, exact)
};
/// A shared character, whatever the label; half a hit unless fragments are equal.
pub(super) const PARTIAL: Metric = Metric {
    scale: 2,
    labels: Labels::Total,
    default: true,
    ..entry("partial", Family::Span, partial)
};
/// The same among annotations of one label.
pub(super) const PARTIAL_LABEL: Metric =
    Metric { scale: 2, ..entry("partial.label", Family::Span, partial_label) };
/// A shared character and an equal label.
pub(super) const TYPE: Metric =
    Metric { default: true, ..entry("type", Family::Span, same_label) };
/// A shared character.
pub(super) const DETECT: Metric =
    Metric { labels: Labels::Total, ..entry("detect", Family::Span, detect) };
/// Characters shared over characters covered by either, at least the threshold.
pub(super) const OVERLAP: Metric =
    Metric { threshold: HALF, default: true, ..entry("overlap", Family::Span, overlap) };
/// Share of the gold characters that the prediction covers, at least the threshold.
pub(super) const COVER_GOLD: Metric =
    Metric { threshold: HALF, ..entry("cover-gold", Family::Span, cover_gold) };
/// Share of the predicted characters that gold covers, at least the threshold.
pub(super) const COVER_PREDICTED: Metric =
    Metric { threshold: HALF, ..entry("cover-pred", Family::Span, cover_predicted) };
/// Equal first character, equal label.
pub(super) const LEFT: Metric = entry("left", Family::Span, left);
/// Equal last character, equal label.
pub(super) const RIGHT: Metric = entry("right", Family::Span, right);

/// Everything expected and claimed, nothing found yet.
pub(super) fn open(
    metric: &Metric,
    sides: &Sides<'_>,
    total: Option<Label>,
    tally: &mut Tally,
) {
    let label = |label: Label| total.unwrap_or(label);
    sides.gold.iter().for_each(|item| tally.expect(label(item.label), metric.scale));
    sides.predicted.iter().for_each(|item| tally.claim(label(item.label), metric.scale));
    sides.malformed.iter().for_each(|&of| tally.claim(label(of), metric.scale));
}

fn strict(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    open(metric, sides, None, tally);
    in_common(sides, |item| (&item.place, item.label), |label| tally.find(label, 1));
}

pub(super) fn exact(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (sides, star) = (&scene.sides, scene.star());
    open(metric, sides, Some(star), tally);
    in_common(sides, |item| &item.place, |_| tally.find(star, 1));
}

/// Calls `found` with the label of each gold item in the intersection of both sides as
/// multisets of keys. Sides must be sorted by a key that begins with this one.
fn in_common<'s, 'a, K: Ord>(
    sides: &'s Sides<'a>,
    key: impl Fn(&'s Item<'a>) -> K,
    mut found: impl FnMut(Label),
) {
    let (mut g, mut p) = (0, 0);
    while g < sides.gold.len() && p < sides.predicted.len() {
        match key(&sides.gold[g]).cmp(&key(&sides.predicted[p])) {
            std::cmp::Ordering::Less => g += 1,
            std::cmp::Ordering::Greater => p += 1,
            std::cmp::Ordering::Equal => {
                found(sides.gold[g].label);
                (g, p) = (g + 1, p + 1);
            }
        }
    }
}

fn partial(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    halves(metric, scene, Some(scene.star()), tally);
}

fn partial_label(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    halves(metric, scene, None, tally);
}

/// Pairs of equal fragments are worth 2 and the others 1. Some best matching holds as many
/// of the first as there can be, whichever of the equals they join, so these are taken
/// first and the others matched among what is left.
fn halves(metric: &Metric, scene: &Scene<'_>, total: Option<Label>, tally: &mut Tally) {
    let sides = &scene.sides;
    open(metric, sides, total, tally);
    let eligible = |edge: &Edge| total.is_some() || sides.same_label(edge);
    let (mut gold_done, mut predicted_done) =
        (vec![false; sides.gold.len()], vec![false; sides.predicted.len()]);
    for edge in sides.edges.iter().filter(|edge| eligible(edge) && sides.same_place(edge))
    {
        let (g, p) = (edge.gold as usize, edge.predicted as usize);
        if !gold_done[g] && !predicted_done[p] {
            (gold_done[g], predicted_done[p]) = (true, true);
            tally.find(total.unwrap_or(sides.gold[g].label), 2);
        }
    }
    let left = |edge: &Edge| {
        eligible(edge)
            && !gold_done[edge.gold as usize]
            && !predicted_done[edge.predicted as usize]
    };
    matching::largest(sides, left, |edge| {
        tally.find(total.unwrap_or(sides.gold_of(edge).label), 1);
    });
}

/// Counts a largest matching of the eligible edges, by label of the gold item or in total.
pub(super) fn matched(
    metric: &Metric,
    scene: &Scene<'_>,
    total: Option<Label>,
    tally: &mut Tally,
    eligible: impl Fn(&Edge) -> bool,
) {
    let sides = &scene.sides;
    open(metric, sides, total, tally);
    matching::largest(sides, eligible, |edge| {
        tally.find(total.unwrap_or(sides.gold_of(edge).label), metric.scale);
    });
}

pub(super) fn same_label(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    matched(metric, scene, None, tally, |edge| scene.sides.same_label(edge));
}

pub(super) fn detect(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    matched(metric, scene, Some(scene.star()), tally, |_| true);
}

fn overlap(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    matched(metric, scene, None, tally, |edge| {
        sides.same_label(edge) && metric.reached(edge.shared, sides.covered(edge))
    });
}

fn cover_gold(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    matched(metric, scene, None, tally, |edge| {
        sides.same_label(edge)
            && metric.reached(edge.shared, sides.gold_of(edge).place.len())
    });
}

fn cover_predicted(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    matched(metric, scene, None, tally, |edge| {
        sides.same_label(edge)
            && metric.reached(edge.shared, sides.predicted_of(edge).place.len())
    });
}

fn left(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    matched(metric, scene, None, tally, |edge| {
        let (gold, predicted) = (sides.gold_of(edge), sides.predicted_of(edge));
        gold.label == predicted.label && gold.place.start() == predicted.place.start()
    });
}

fn right(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    matched(metric, scene, None, tally, |edge| {
        let (gold, predicted) = (sides.gold_of(edge), sides.predicted_of(edge));
        gold.label == predicted.label && gold.place.end() == predicted.place.end()
    });
}
