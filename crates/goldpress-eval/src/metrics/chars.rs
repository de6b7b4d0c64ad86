//! Metrics of positions: characters, tokens and distinct strings, as sets.

use goldpress_model::CharRange;

use super::{Family, Labels, Metric, Unit, entry};
use crate::{
    Ranges,
    matching::common,
    scene::Scene,
    sides::{Item, Label},
    tally::Tally,
};

/// Sets of (position, label).
pub(super) const CHAR: Metric =
    Metric { unit: Unit::Character, default: true, ..entry("char", Family::Span, chars) };
/// Sets of positions.
pub(super) const CHAR_ANY: Metric = Metric {
    unit: Unit::Character,
    labels: Labels::Total,
    ..entry("char.any", Family::Span, chars_any)
};
/// Sets of (token, label); a span covers each token it shares a character with.
pub(super) const TOKEN: Metric =
    Metric { unit: Unit::Token, ..entry("token", Family::Span, tokens) };
/// Share of all tokens whose labels are the same on both sides. Stands beside
/// `token.outside`: where most tokens are outside, most of it is free.
pub(super) const TOKEN_ACCURACY: Metric = Metric {
    unit: Unit::Token,
    labels: Labels::Total,
    share: true,
    ..entry("token.acc", Family::Span, token_accuracy)
};
/// Share of all tokens that gold leaves outside.
pub(super) const TOKEN_OUTSIDE: Metric = Metric {
    unit: Unit::Token,
    labels: Labels::Total,
    share: true,
    ..entry("token.outside", Family::Span, token_outside)
};
/// Distinct (label, text) of a document, runs of white space as one space.
pub(super) const SURFACE: Metric =
    Metric { unit: Unit::Text, ..entry("surface", Family::Span, surface) };

fn chars(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let sides = &scene.sides;
    let gold = covered(scene, &sides.gold, |item| item.label);
    let predicted = covered(scene, &sides.predicted, |item| item.label);
    count_sets(&gold, &predicted, tally);
}

fn chars_any(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (sides, star) = (&scene.sides, scene.star());
    let gold = covered(scene, &sides.gold, |_| star);
    let predicted = covered(scene, &sides.predicted, |_| star);
    count_sets(&gold, &predicted, tally);
}

/// Disjoint runs by label, inside the window.
fn covered(
    scene: &Scene<'_>,
    items: &[Item<'_>],
    label: impl Fn(&Item<'_>) -> Label,
) -> Vec<(Label, CharRange)> {
    let mut runs: Vec<(Label, CharRange)> = Vec::with_capacity(items.len());
    for item in items {
        let of = label(item);
        match scene.window {
            None => runs.extend(item.place.runs().map(|run| (of, run))),
            Some(_) => runs.extend(scene.clip(&item.place).runs().map(|run| (of, run))),
        }
    }
    merge(runs)
}

/// Sorts runs and joins those of one label that overlap or touch.
pub(super) fn merge(mut runs: Vec<(Label, CharRange)>) -> Vec<(Label, CharRange)> {
    runs.sort_unstable();
    runs.dedup_by(|later, kept| {
        let joins = later.0 == kept.0 && later.1.start <= kept.1.end;
        if joins {
            kept.1.end = kept.1.end.max(later.1.end);
        }
        joins
    });
    runs
}

/// Counts disjoint runs by label as sets of positions.
pub(super) fn count_sets(
    gold: &[(Label, CharRange)],
    predicted: &[(Label, CharRange)],
    tally: &mut Tally,
) {
    let len = |run: &CharRange| u64::from(run.end - run.start);
    gold.iter().for_each(|(label, run)| tally.expect(*label, len(run)));
    predicted.iter().for_each(|(label, run)| tally.claim(*label, len(run)));
    let (mut g, mut p) = (0, 0);
    while g < gold.len() && p < predicted.len() {
        let ((a, left), (b, right)) = (gold[g], predicted[p]);
        if a == b {
            let (start, end) = (left.start.max(right.start), left.end.min(right.end));
            if start < end {
                tally.find(a, u64::from(end - start));
            }
        }
        if (a, left.end) <= (b, right.end) {
            g += 1;
        } else {
            p += 1;
        }
    }
}

/// Tokens of the document that are scored.
fn scored_tokens(scene: &Scene<'_>) -> Vec<CharRange> {
    let inside = |token: &&CharRange| {
        scene.window.is_none_or(|window| Ranges::from(**token).shared(window) > 0)
    };
    scene.gold.tokens.iter().filter(inside).copied().collect()
}

/// Sorted pairs of label and index of a token that an item covers.
fn labelled(tokens: &[CharRange], items: &[Item<'_>]) -> Vec<(usize, Label)> {
    let mut pairs = Vec::new();
    for item in items {
        for run in item.place.runs() {
            let first = tokens.partition_point(|token| token.end <= run.start);
            let last = tokens.partition_point(|token| token.start < run.end);
            pairs.extend((first..last).map(|token| (token, item.label)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn tokens(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let tokens = scored_tokens(scene);
    let gold = labelled(&tokens, &scene.sides.gold);
    let predicted = labelled(&tokens, &scene.sides.predicted);
    gold.iter().for_each(|(_, label)| tally.expect(*label, 1));
    predicted.iter().for_each(|(_, label)| tally.claim(*label, 1));
    for pair in &gold {
        if predicted.binary_search(pair).is_ok() {
            tally.find(pair.1, 1);
        }
    }
}

fn token_accuracy(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let tokens = scored_tokens(scene);
    let gold = labelled(&tokens, &scene.sides.gold);
    let predicted = labelled(&tokens, &scene.sides.predicted);
    for token in 0..tokens.len() {
        let of = |pairs: &[(usize, Label)]| {
            let first = pairs.partition_point(|pair| pair.0 < token);
            first..pairs.partition_point(|pair| pair.0 <= token)
        };
        let right = gold[of(&gold)] == predicted[of(&predicted)];
        tally.judge(scene.star(), right);
    }
}

fn token_outside(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let tokens = scored_tokens(scene);
    let gold = labelled(&tokens, &scene.sides.gold);
    for token in 0..tokens.len() {
        let at = gold.partition_point(|pair| pair.0 < token);
        let outside = gold.get(at).is_none_or(|pair| pair.0 != token);
        tally.judge(scene.star(), outside);
    }
}

fn surface(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let strings = |items: &[Item<'_>]| {
        let text = |item: &Item<'_>| {
            let words: Vec<&str> = item.source.text.split_whitespace().collect();
            (item.label, words.join(" "))
        };
        let mut strings: Vec<(Label, String)> = items.iter().map(text).collect();
        strings.sort_unstable();
        strings.dedup();
        strings
    };
    let (gold, predicted) = (strings(&scene.sides.gold), strings(&scene.sides.predicted));
    gold.iter().for_each(|(label, _)| tally.expect(*label, 1));
    predicted.iter().for_each(|(label, _)| tally.claim(*label, 1));
    for group in gold.chunk_by(|a, b| a.0 == b.0) {
        let label = group[0].0;
        let from = predicted.partition_point(|pair| pair.0 < label);
        let to = predicted.partition_point(|pair| pair.0 <= label);
        tally.find(label, common(group, &predicted[from..to]));
    }
}
