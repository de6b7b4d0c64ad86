//! Relations: two ends and a label, compared by content.
//!
//! Ids are resolved first, so that two systems may name the same entity differently.

use super::{Family, HALF, Metric, entry};
use crate::{
    Ranges, matching,
    scene::{Ids, Scene},
    sides::{Edge, Item, Label},
    tally::Tally,
};

/// Equal label, ends with equal fragments.
pub(super) const BOUNDS: Metric =
    Metric { default: true, ..entry("relation.bounds", Family::Relation, bounds) };
/// Equal label, ends with equal fragments and labels.
pub(super) const STRICT: Metric =
    Metric { default: true, ..entry("relation.strict", Family::Relation, strict) };
/// Equal label, ends that overlap by at least the threshold.
pub(super) const OVERLAP: Metric = Metric {
    threshold: HALF,
    default: true,
    ..entry("relation.overlap", Family::Relation, overlap)
};

/// A relation with its ends in order; those of an undirected label are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    label: Label,
    ends: [(Ranges, String); 2],
}

/// The distinct relations of one side, sorted.
fn links(scene: &Scene<'_>, items: &[Item<'_>], ids: &Ids<'_>, typed: bool) -> Vec<Link> {
    let end = |item: &Item<'_>, role: &str| match ids.targets(item.source, role).next() {
        Some((target, place)) if typed => (place.clone(), target.label.clone()),
        Some((_, place)) => (place.clone(), String::new()),
        None => Default::default(),
    };
    let undirected = |label: Label| {
        let name = scene.plan.name(label);
        let mut labels = scene.spec.into_iter().flat_map(|spec| &spec.labels);
        labels.any(|spec| spec.undirected && spec.name == *name)
    };
    let link = |item: &Item<'_>| {
        let mut ends = [end(item, "head"), end(item, "tail")];
        if undirected(item.label) {
            ends.sort();
        }
        Link { label: item.label, ends }
    };
    let mut links: Vec<Link> = items.iter().map(link).collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// Gold and predicted relations that have no counterpart with equal label and ends.
pub(crate) fn unmatched<'s, 'a>(
    scene: &'s Scene<'a>,
) -> (Vec<&'s Item<'a>>, Vec<&'s Item<'a>>) {
    let sides = &scene.sides;
    let of = |items: &[Item<'_>], ids| links(scene, items, ids, true);
    let gold = of(&sides.gold, scene.gold_ids);
    let predicted = of(&sides.predicted, scene.predicted_ids);
    let alone = |items: &'s [Item<'a>], ids: &Ids<'_>, others: &[Link]| {
        let is_alone = |item: &&Item<'_>| {
            let link = links(scene, std::slice::from_ref(*item), ids, true);
            link.first().is_none_or(|link| others.binary_search(link).is_err())
        };
        items.iter().filter(is_alone).collect()
    };
    (
        alone(&sides.gold, scene.gold_ids, &predicted),
        alone(&sides.predicted, scene.predicted_ids, &gold),
    )
}

fn open(scene: &Scene<'_>, tally: &mut Tally, typed: bool) -> (Vec<Link>, Vec<Link>) {
    let sides = &scene.sides;
    let gold = links(scene, &sides.gold, scene.gold_ids, typed);
    let predicted = links(scene, &sides.predicted, scene.predicted_ids, typed);
    gold.iter().for_each(|link| tally.expect(link.label, 1));
    predicted.iter().for_each(|link| tally.claim(link.label, 1));
    sides.malformed.iter().for_each(|&label| tally.claim(label, 1));
    (gold, predicted)
}

fn equal(scene: &Scene<'_>, tally: &mut Tally, typed: bool) {
    let (gold, predicted) = open(scene, tally, typed);
    for link in gold.iter().filter(|link| predicted.binary_search(link).is_ok()) {
        tally.find(link.label, 1);
    }
}

fn bounds(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    equal(scene, tally, false);
}

fn strict(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    equal(scene, tally, true);
}

fn overlap(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (gold, predicted) = open(scene, tally, false);
    let near = |a: &Ranges, b: &Ranges| {
        let shared = a.shared(b);
        // Two ends that stand nowhere are the same nowhere.
        a == b || shared > 0 && metric.reached(shared, a.len() + b.len() - shared)
    };
    let mut edges = Vec::new();
    for (g, a) in gold.iter().enumerate() {
        for (p, b) in predicted.iter().enumerate() {
            let ends = || a.ends.iter().zip(&b.ends).all(|(a, b)| near(&a.0, &b.0));
            if a.label == b.label && ends() {
                edges.push(Edge { gold: g as u32, predicted: p as u32, shared: 1 });
            }
        }
    }
    for at in matching::augment(&edges, gold.len(), predicted.len()) {
        tally.find(gold[edges[at].gold as usize].label, 1);
    }
}
