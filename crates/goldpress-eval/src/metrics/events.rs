//! Events: triggers, arguments, and what is exported of them.

use goldpress_model::{AttrValue, LayerSpec, LooseAnnotation, layer};

use super::{Family, Labels, Metric, entry, spans};
use crate::{
    Ranges, matching,
    scene::{Ids, Scene},
    sides::{Edge, Item, Label},
    tally::Tally,
};

/// A trigger with equal fragments.
pub(super) const TRIGGER_ID: Metric = Metric {
    labels: Labels::Total,
    default: true,
    ..entry("trigger.id", Family::Event, trigger_id)
};
/// A trigger with equal fragments and label.
pub(super) const TRIGGER_CLASS: Metric =
    Metric { default: true, ..entry("trigger.class", Family::Event, trigger_class) };
/// A trigger that shares a character and has an equal label.
pub(super) const TRIGGER_OVERLAP: Metric =
    entry("trigger.overlap", Family::Event, spans::same_label);
/// Distinct (event label, argument span).
pub(super) const ARGUMENT_ID: Metric =
    Metric { default: true, ..entry("argument.id", Family::Event, argument_id) };
/// The same with the role: the usual Arg-C.
pub(super) const ARGUMENT_CLASS: Metric =
    Metric { default: true, ..entry("argument.class", Family::Event, argument_class) };
/// The same with the trigger: the argument hangs on the right event.
pub(super) const ARGUMENT_ATTACHED: Metric =
    entry("argument.attached", Family::Event, argument_attached);
/// As `argument.class`, where any mention of the gold argument's entity is right.
pub(super) const ARGUMENT_COREF: Metric =
    entry("argument.coref", Family::Event, argument_coref);
/// Distinct (actor code, exported type, recipient code); null is a value.
pub(super) const TRIPLE: Metric =
    Metric { labels: Labels::Total, ..entry("event.triple", Family::Event, triple) };
/// Share of the aligned events of equal label with equal modality.
pub(super) const MODALITY: Metric = share("event.modality", modality);
/// The same for polarity.
pub(super) const POLARITY: Metric = share("event.polarity", polarity);
/// The same for certainty.
pub(super) const CERTAINTY: Metric = share("event.certainty", certainty);
/// The same for mode.
pub(super) const MODE: Metric = share("event.mode", mode);

const fn share(stem: &'static str, count: fn(&Metric, &Scene<'_>, &mut Tally)) -> Metric {
    Metric { labels: Labels::Total, share: true, ..entry(stem, Family::Event, count) }
}

/// Counts two sets of items, each with the label of its row.
fn sets<T: Ord>(
    scene: &Scene<'_>,
    tally: &mut Tally,
    mut gold: Vec<(Label, T)>,
    mut predicted: Vec<(Label, T)>,
    malformed: Option<Label>,
) {
    for side in [&mut gold, &mut predicted] {
        side.sort_unstable();
        side.dedup();
    }
    gold.iter().for_each(|item| tally.expect(item.0, 1));
    predicted.iter().for_each(|item| tally.claim(item.0, 1));
    for label in &scene.sides.malformed {
        tally.claim(malformed.unwrap_or(*label), 1);
    }
    for item in gold.iter().filter(|item| predicted.binary_search(item).is_ok()) {
        tally.find(item.0, 1);
    }
}

fn trigger_id(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let star = scene.star();
    let of = |items: &[Item<'_>]| items.iter().map(|i| (star, i.place.clone())).collect();
    let (gold, predicted) = (of(&scene.sides.gold), of(&scene.sides.predicted));
    sets(scene, tally, gold, predicted, Some(star));
}

fn trigger_class(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let of = |items: &[Item<'_>]| {
        items.iter().map(|item| (item.label, item.place.clone())).collect()
    };
    let (gold, predicted) = (of(&scene.sides.gold), of(&scene.sides.predicted));
    sets(scene, tally, gold, predicted, None);
}

/// Every argument of one side as (event, role, target, its place).
fn arguments<'s, 'a>(
    items: &'s [Item<'a>],
    ids: &'s Ids<'a>,
) -> impl Iterator<Item = (&'s Item<'a>, &'s str, &'a LooseAnnotation, &'s Ranges)> {
    items.iter().flat_map(move |item| {
        item.source.args.keys().flat_map(move |role| {
            let targets = ids.targets(item.source, role);
            targets.map(move |(target, place)| (item, role.as_str(), *target, place))
        })
    })
}

/// Items of the arguments of both sides, as a closure makes them.
fn arguments_by<'s, T: Ord>(
    scene: &'s Scene<'_>,
    tally: &mut Tally,
    item: impl Fn(&'s Item<'_>, &'s str, &'s Ranges) -> T,
) {
    let sides = &scene.sides;
    let of = |items, ids| -> Vec<(Label, T)> {
        arguments(items, ids)
            .map(|(event, role, _, place)| (event.label, item(event, role, place)))
            .collect()
    };
    let gold = of(&sides.gold, scene.gold_ids);
    let predicted = of(&sides.predicted, scene.predicted_ids);
    sets(scene, tally, gold, predicted, None);
}

fn argument_id(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    arguments_by(scene, tally, |_, _, place| place);
}

fn argument_class(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    arguments_by(scene, tally, |_, role, place| (role, place));
}

fn argument_attached(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    arguments_by(scene, tally, |event, role, place| (&event.place, role, place));
}

fn argument_coref(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    let mut gold: Vec<(Label, &str, &Ranges, Option<&str>)> =
        arguments(&sides.gold, scene.gold_ids)
            .map(|(event, role, target, place)| (event.label, role, place, chain(target)))
            .collect();
    let mut predicted: Vec<(Label, &str, &Ranges)> =
        arguments(&sides.predicted, scene.predicted_ids)
            .map(|(event, role, _, place)| (event.label, role, place))
            .collect();
    gold.sort_unstable();
    gold.dedup();
    predicted.sort_unstable();
    predicted.dedup();
    gold.iter().for_each(|item| tally.expect(item.0, 1));
    predicted.iter().for_each(|item| tally.claim(item.0, 1));
    sides.malformed.iter().for_each(|&label| tally.claim(label, 1));
    let mut edges = Vec::new();
    for (g, (label, role, place, chain)) in gold.iter().enumerate() {
        for (p, claim) in predicted.iter().enumerate() {
            let mention = || chain.is_some_and(|chain| in_chain(scene, claim.2, chain));
            if claim.0 == *label && claim.1 == *role && (claim.2 == *place || mention()) {
                edges.push(Edge { gold: g as u32, predicted: p as u32, shared: 1 });
            }
        }
    }
    for at in matching::augment(&edges, gold.len(), predicted.len()) {
        tally.find(gold[edges[at].gold as usize].0, 1);
    }
}

/// The chain that a mention belongs to.
pub(super) fn chain(mention: &LooseAnnotation) -> Option<&str> {
    mention.attrs.get("coref").and_then(AttrValue::as_text)
}

/// Whether a gold mention of that chain stands at `place`.
pub(super) fn in_chain(scene: &Scene<'_>, place: &Ranges, of: &str) -> bool {
    let mut mentions = scene.gold_ids.0.values();
    mentions.any(|(line, at)| {
        line.layer == layer::ENTITY && chain(line) == Some(of) && at == place
    })
}

fn triple(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (Some(spec), star) = (scene.spec, scene.star()) else { return };
    let of = |items: &[Item<'_>], ids: &Ids<'_>| {
        let mut triples = Vec::new();
        for item in items {
            let Some(exported) = exported(spec, item.source) else { continue };
            let codes = |role: &str| {
                let code = |mention: &LooseAnnotation| {
                    mention
                        .attrs
                        .get("code")
                        .and_then(AttrValue::as_text)
                        .map(str::to_owned)
                };
                let targets = ids.targets(item.source, role);
                let codes: Vec<_> = targets.map(|(mention, _)| code(mention)).collect();
                if codes.is_empty() { vec![None] } else { codes }
            };
            for actor in codes("actor") {
                for recipient in codes("recipient") {
                    triples.push((star, (actor.clone(), exported.clone(), recipient)));
                }
            }
        }
        triples
    };
    let gold = of(&scene.sides.gold, scene.gold_ids);
    let predicted = of(&scene.sides.predicted, scene.predicted_ids);
    sets(scene, tally, gold, predicted, Some(star));
}

/// The type under which an event is exported; `None` where it is not.
///
/// The first rule for the attribute `plover` that holds decides; in a schema without one
/// it is the label.
fn exported(spec: &LayerSpec, event: &LooseAnnotation) -> Option<String> {
    let mut rules = spec.derive.iter().filter(|rule| rule.attr == "plover").peekable();
    if rules.peek().is_none() {
        return Some(event.label.clone());
    }
    let holds = |key: &str, values: &[String]| {
        let value = match key {
            "label" => Some(event.label.as_str()),
            key => event.attrs.get(key).and_then(AttrValue::as_text),
        };
        value.is_some_and(|value| values.iter().any(|right| right == value))
    };
    let rule =
        rules.find(|rule| rule.when.iter().all(|(key, values)| holds(key, values)))?;
    match rule.value.as_ref()? {
        AttrValue::Text(value) if value == "$label" => Some(event.label.clone()),
        AttrValue::Text(value) => Some(value.clone()),
        _ => None,
    }
}

/// Judges an attribute over aligned events of equal label; what gold does not state was
/// not annotated.
fn judge(scene: &Scene<'_>, tally: &mut Tally, name: &str) {
    for (gold, predicted) in scene.pairs().filter(|(g, p)| g.label == p.label) {
        if let Some(value) = gold.source.attrs.get(name) {
            tally.judge(scene.star(), predicted.source.attrs.get(name) == Some(value));
        }
    }
}

fn modality(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, "modality");
}

fn polarity(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, "polarity");
}

fn certainty(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, "certainty");
}

fn mode(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, "mode");
}
