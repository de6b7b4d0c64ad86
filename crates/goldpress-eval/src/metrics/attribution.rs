//! Attribution: who says, thinks or wants what.
//!
//! An attribution is an annotation whose own fragments are the cue; it points to sources
//! and to its content, each taken as one set of characters. No source is a value of its
//! own: it agrees with no source and with nothing else.

use goldpress_model::{CharRange, LooseAnnotation};

use super::{Family, HALF, Labels, Metric, Unit, chars, entry, events};
use crate::{
    Ranges,
    align::heaviest,
    matching,
    scene::{Ids, Scene},
    sides::{Edge, Item, Label, Sides},
    tally::Tally,
};

const fn total(stem: &'static str, count: fn(&Metric, &Scene<'_>, &mut Tally)) -> Metric {
    Metric { labels: Labels::Total, ..entry(stem, Family::Attribution, count) }
}

const fn overlapping(
    stem: &'static str,
    count: fn(&Metric, &Scene<'_>, &mut Tally),
) -> Metric {
    Metric { threshold: HALF, ..total(stem, count) }
}

const fn by_character(
    stem: &'static str,
    count: fn(&Metric, &Scene<'_>, &mut Tally),
) -> Metric {
    Metric { unit: Unit::Character, ..total(stem, count) }
}

/// Distinct spans that are a source, with equal fragments.
pub(super) const SOURCE: Metric = Metric {
    default: true,
    ..total("attr.source", |m, s, t| spans(m, s, t, Role::Source))
};
/// The same by overlap.
pub(super) const SOURCE_OVERLAP: Metric =
    overlapping("attr.source.overlap", |m, s, t| spans(m, s, t, Role::Source));
/// The same by character.
pub(super) const SOURCE_CHAR: Metric =
    by_character("attr.source.char", |_, s, t| characters(s, t, Role::Source));
/// Distinct cues, with equal fragments.
pub(super) const CUE: Metric =
    Metric { default: true, ..total("attr.cue", |m, s, t| spans(m, s, t, Role::Cue)) };
/// The same by overlap.
pub(super) const CUE_OVERLAP: Metric =
    overlapping("attr.cue.overlap", |m, s, t| spans(m, s, t, Role::Cue));
/// The same by character.
pub(super) const CUE_CHAR: Metric =
    by_character("attr.cue.char", |_, s, t| characters(s, t, Role::Cue));
/// Distinct contents, with equal fragments.
pub(super) const CONTENT: Metric = Metric {
    default: true,
    ..total("attr.content", |m, s, t| spans(m, s, t, Role::Content))
};
/// The same by overlap.
pub(super) const CONTENT_OVERLAP: Metric =
    overlapping("attr.content.overlap", |m, s, t| spans(m, s, t, Role::Content));
/// The same by character.
pub(super) const CONTENT_CHAR: Metric =
    by_character("attr.content.char", |_, s, t| characters(s, t, Role::Content));
/// Attributions with a cue: cues share a character and sources agree.
pub(super) const FOUND: Metric = Metric { default: true, ..total("attr.found", found) };
/// Attributions: contents overlap by at least a half and sources agree.
pub(super) const JOINT: Metric = Metric { default: true, ..total("attr.joint", joint) };
/// Share of the pairs of `attr.joint` that are of one kind.
pub(super) const LABEL: Metric = Metric { share: true, ..total("attr.label", label) };
/// Share of the pairs of `attr.joint` that quote alike.
pub(super) const QUOTE: Metric = Metric { share: true, ..total("attr.quote", quote) };

#[derive(Clone, Copy)]
enum Role {
    Source,
    Cue,
    Content,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Source => "source",
            Role::Cue => "cue",
            Role::Content => "content",
        }
    }
}

/// Attributions are what is neither a source nor a content.
fn attributions<'s, 'a>(items: &'s [Item<'a>]) -> impl Iterator<Item = &'s Item<'a>> {
    items.iter().filter(|item| is_attribution(item.source))
}

/// Whether an annotation of the layer is an attribution, no source and no content.
pub(crate) fn is_attribution(line: &LooseAnnotation) -> bool {
    !matches!(line.label.as_str(), "source" | "content")
}

/// Distinct places in a role.
fn places(items: &[Item<'_>], ids: &Ids<'_>, role: Role) -> Vec<Ranges> {
    let mut places: Vec<Ranges> = match role {
        Role::Cue => attributions(items).map(|item| item.place.clone()).collect(),
        role => attributions(items)
            .flat_map(|item| ids.targets(item.source, role.name()))
            .map(|(_, place)| place.clone())
            .collect(),
    };
    places.retain(|place| !place.is_empty());
    places.sort_unstable();
    places.dedup();
    places
}

fn both_places(scene: &Scene<'_>, role: Role) -> (Vec<Ranges>, Vec<Ranges>) {
    let sides = &scene.sides;
    let gold = places(&sides.gold, scene.gold_ids, role);
    (gold, places(&sides.predicted, scene.predicted_ids, role))
}

/// Malformed annotations are spurious in the role that their label has.
fn malformed(scene: &Scene<'_>, role: Role) -> u64 {
    let of_role = |label: &&Label| match (&*scene.plan.name(**label), role) {
        ("source", Role::Source) | ("content", Role::Content) => true,
        ("source" | "content", _) => false,
        (_, role) => matches!(role, Role::Cue),
    };
    scene.sides.malformed.iter().filter(of_role).count() as u64
}

fn spans(metric: &Metric, scene: &Scene<'_>, tally: &mut Tally, role: Role) {
    let (star, (gold, predicted)) = (scene.star(), both_places(scene, role));
    tally.expect(star, gold.len() as u64);
    tally.claim(star, predicted.len() as u64 + malformed(scene, role));
    let mut edges = Vec::new();
    for (g, a) in gold.iter().enumerate() {
        for (p, b) in predicted.iter().enumerate() {
            let shared = a.shared(b);
            let near = match metric.threshold {
                None => a == b,
                Some(_) => metric.reached(shared, a.len() + b.len() - shared),
            };
            if near {
                edges.push(Edge { gold: g as u32, predicted: p as u32, shared });
            }
        }
    }
    let found = matching::augment(&edges, gold.len(), predicted.len());
    tally.find(star, found.len() as u64);
}

fn characters(scene: &Scene<'_>, tally: &mut Tally, role: Role) {
    let (star, (gold, predicted)) = (scene.star(), both_places(scene, role));
    let runs = |places: &[Ranges]| {
        let clipped = places.iter().map(|place| scene.clip(place));
        let runs = clipped.flat_map(|place| place.runs().collect::<Vec<CharRange>>());
        chars::merge(runs.map(|run| (star, run)).collect())
    };
    chars::count_sets(&runs(&gold), &runs(&predicted), tally);
}

fn open(scene: &Scene<'_>, tally: &mut Tally, sides: &Sides<'_>) {
    let star = scene.star();
    tally.expect(star, sides.gold.len() as u64);
    tally.claim(star, sides.predicted.len() as u64 + malformed(scene, Role::Cue));
}

fn found(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let with_cue = |item: &&Item<'_>| !item.place.is_empty();
    let gold = attributions(&scene.sides.gold).filter(with_cue).cloned().collect();
    let predicted =
        attributions(&scene.sides.predicted).filter(with_cue).cloned().collect();
    let sides = Sides::new(gold, predicted, Vec::new());
    open(scene, tally, &sides);
    let agree = |edge: &Edge| {
        sources_agree(scene, sides.gold_of(edge).source, sides.predicted_of(edge).source)
    };
    matching::largest(&sides, agree, |_| tally.find(scene.star(), 1));
}

/// Attributions placed where their contents stand.
fn by_content<'a>(scene: &Scene<'a>) -> Sides<'a> {
    let placed = |items: &[Item<'a>], ids: &Ids<'a>| -> Vec<Item<'a>> {
        attributions(items)
            .map(|item| Item {
                place: ids.place(item.source, "content").unwrap_or_default(),
                ..item.clone()
            })
            .collect()
    };
    let gold = placed(&scene.sides.gold, scene.gold_ids);
    let predicted = placed(&scene.sides.predicted, scene.predicted_ids);
    Sides::new(gold, predicted, Vec::new())
}

fn joins(scene: &Scene<'_>, sides: &Sides<'_>, edge: &Edge) -> bool {
    HALF.is_some_and(|half| half.reached(edge.shared, sides.covered(edge)))
        && sources_agree(
            scene,
            sides.gold_of(edge).source,
            sides.predicted_of(edge).source,
        )
}

fn joint(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = by_content(scene);
    open(scene, tally, &sides);
    let eligible = |edge: &Edge| joins(scene, &sides, edge);
    matching::largest(&sides, eligible, |_| tally.find(scene.star(), 1));
}

/// Of the matchings of `attr.joint` the one that shares the most content.
fn judge(
    scene: &Scene<'_>,
    tally: &mut Tally,
    right: impl Fn(&Item<'_>, &Item<'_>) -> bool,
) {
    let sides = by_content(scene);
    for (g, p) in heaviest(&sides, |edge| joins(scene, &sides, edge)) {
        let pair = (&sides.gold[g as usize], &sides.predicted[p as usize]);
        tally.judge(scene.star(), right(pair.0, pair.1));
    }
}

fn label(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    judge(scene, tally, |gold, predicted| gold.label == predicted.label);
}

fn quote(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let quote = |item: &Item<'_>| item.source.attrs.get("quote").cloned();
    judge(scene, tally, |gold, predicted| quote(gold) == quote(predicted));
}

/// Both absent, or overlapping by at least a half, or mentions of one gold chain.
fn sources_agree(
    scene: &Scene<'_>,
    gold: &LooseAnnotation,
    predicted: &LooseAnnotation,
) -> bool {
    let place = |ids: &Ids<'_>, line| ids.place(line, "source");
    match (place(scene.gold_ids, gold), place(scene.predicted_ids, predicted)) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let shared = a.shared(&b);
            let near =
                |half: super::Threshold| half.reached(shared, a.len() + b.len() - shared);
            HALF.is_some_and(near) || one_chain(scene, gold, predicted)
        }
        _ => false,
    }
}

fn one_chain(
    scene: &Scene<'_>,
    gold: &LooseAnnotation,
    predicted: &LooseAnnotation,
) -> bool {
    let gold_sources = scene.gold_ids.targets(gold, "source");
    let chains = gold_sources
        .flat_map(|(source, _)| scene.gold_ids.targets(source, "entity"))
        .filter_map(|(mention, _)| events::chain(mention));
    let chains: Vec<&str> = chains.collect();
    let mut mentions = scene
        .predicted_ids
        .targets(predicted, "source")
        .flat_map(|(source, _)| scene.predicted_ids.targets(source, "entity"));
    mentions.any(|(_, at)| chains.iter().any(|of| events::in_chain(scene, at, of)))
}
