//! Claims: what is said to be so, how surely, and by whom.

use goldpress_model::{AttrValue, LooseAnnotation};

use super::{Family, HALF, Labels, Metric, entry, spans};
use crate::{
    Ranges, matching,
    scene::{Ids, Scene},
    sides::{Edge, Item, Label},
    tally::Tally,
};

/// A claim with an overlap of at least a half.
pub(super) const SPAN: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("claim.span", Family::Claim, span)
};
/// The same with equal certainty and polarity; the label joins the two.
pub(super) const JOINT: Metric =
    Metric { default: true, ..entry("claim.joint", Family::Claim, joint) };
/// The same with both sources absent, or cues that share a character.
pub(super) const SOURCED: Metric =
    Metric { default: true, ..entry("claim.sourced", Family::Claim, sourced) };
/// Share of the aligned claims with equal certainty.
pub(super) const CERTAINTY: Metric = Metric {
    labels: Labels::Total,
    share: true,
    default: true,
    ..entry("claim.certainty", Family::Claim, certainty)
};
/// Share of the aligned claims with equal polarity.
pub(super) const POLARITY: Metric = Metric {
    labels: Labels::Total,
    share: true,
    default: true,
    ..entry("claim.polarity", Family::Claim, polarity)
};
/// Share of the aligned claims with both equal.
pub(super) const MATCHED: Metric = Metric {
    labels: Labels::Total,
    share: true,
    ..entry("claim.matched", Family::Claim, both)
};

/// Whether the ends of an edge overlap by at least a half.
fn half(scene: &Scene<'_>, edge: &Edge) -> bool {
    HALF.is_some_and(|half| half.reached(edge.shared, scene.sides.covered(edge)))
}

fn span(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    spans::matched(metric, scene, Some(scene.star()), tally, |edge| half(scene, edge));
}

fn joint(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |_, _| true);
}

fn sourced(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    count(scene, tally, |gold, predicted| {
        let gold = said_at(scene.gold_ids, gold.source);
        match (gold, said_at(scene.predicted_ids, predicted.source)) {
            (None, None) => true,
            (Some(gold), Some(predicted)) => gold.shared(&predicted) > 0,
            _ => false,
        }
    });
}

fn count(
    scene: &Scene<'_>,
    tally: &mut Tally,
    agree: impl Fn(&Item<'_>, &Item<'_>) -> bool,
) {
    let sides = &scene.sides;
    sides.gold.iter().for_each(|item| tally.expect(joint_label(scene, item), 1));
    sides.predicted.iter().for_each(|item| tally.claim(joint_label(scene, item), 1));
    for line in &scene.malformed {
        let label = malformed_label(scene, line);
        label.into_iter().for_each(|label| tally.claim(label, 1));
    }
    let eligible = |edge: &Edge| {
        let (gold, predicted) = (sides.gold_of(edge), sides.predicted_of(edge));
        half(scene, edge)
            && joint_label(scene, gold) == joint_label(scene, predicted)
            && agree(gold, predicted)
    };
    matching::largest(sides, eligible, |edge| {
        tally.find(joint_label(scene, sides.gold_of(edge)), 1);
    });
}

fn attr<'a>(item: &Item<'a>, name: &str) -> Option<&'a str> {
    item.source.attrs.get(name).and_then(AttrValue::as_text)
}

/// The row of a malformed claim: that of its polarity; where it has none that the schema
/// knows, the first row of its certainty that gold holds here, else the first of all. Under
/// the bare certainty, which no gold claim has, it would cost the mean over labels nothing.
fn malformed_label(scene: &Scene<'_>, line: &LooseAnnotation) -> Option<Label> {
    let joint = |polarity: &str| scene.plan.label(&format!("{} {polarity}", line.label));
    let own = line.attrs.get("polarity").and_then(AttrValue::as_text).and_then(joint);
    let in_gold = || {
        let of_certainty = |item: &&Item<'_>| *scene.plan.name(item.label) == *line.label;
        let gold = scene.sides.gold.iter().filter(of_certainty);
        gold.map(|item| joint_label(scene, item)).min()
    };
    let first = || {
        let attrs = scene.spec.map_or(&[][..], |spec| &spec.attrs);
        let polarity = attrs.iter().find(|attr| attr.name == "polarity")?;
        polarity.values.first().and_then(|value| joint(value))
    };
    own.or_else(in_gold).or_else(first).or_else(|| scene.plan.label(&line.label))
}

/// `certainty polarity`; the certainty alone where no polarity was annotated.
fn joint_label(scene: &Scene<'_>, item: &Item<'_>) -> Label {
    let name = scene.plan.name(item.label);
    let joint = attr(item, "polarity").map(|polarity| format!("{name} {polarity}"));
    joint.and_then(|joint| scene.plan.label(&joint)).unwrap_or(item.label)
}

/// Where the attribution that a claim points to stands: its cue, else its content.
fn said_at(ids: &Ids<'_>, claim: &LooseAnnotation) -> Option<Ranges> {
    let (attribution, cue) = ids.targets(claim, "source").next()?;
    match cue.is_empty() {
        false => Some(cue.clone()),
        true => Some(ids.place(attribution, "content").unwrap_or_default()),
    }
}

fn judge(
    scene: &Scene<'_>,
    tally: &mut Tally,
    right: impl Fn(&Item<'_>, &Item<'_>) -> bool,
) {
    for (gold, predicted) in scene.pairs() {
        let shared = gold.place.shared(&predicted.place);
        let covered = gold.place.len() + predicted.place.len() - shared;
        if HALF.is_some_and(|half| half.reached(shared, covered)) {
            tally.judge(scene.star(), right(gold, predicted));
        }
    }
}

fn certainty(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, |gold, predicted| gold.label == predicted.label);
}

fn polarity(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, |gold, predicted| {
        attr(gold, "polarity") == attr(predicted, "polarity")
    });
}

fn both(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, |gold, predicted| {
        joint_label(scene, gold) == joint_label(scene, predicted)
    });
}
