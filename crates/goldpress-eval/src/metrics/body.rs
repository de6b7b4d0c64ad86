//! Body text: how much of the article a system returns, and how much else.
//!
//! Tokens are handed in. Text that is emitted twice is spurious text.

use std::collections::{BTreeMap, HashMap};

use goldpress_model::Counts;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::{Family, Labels, Metric, Unit, entry};
use crate::{lcs, scene::Scene, tally::Tally};

const fn body(
    stem: &'static str,
    unit: Unit,
    count: fn(&Metric, &Scene<'_>, &mut Tally),
) -> Metric {
    Metric { unit, labels: Labels::Total, ..entry(stem, Family::Body, count) }
}

/// Longest common subsequence of tokens, exact.
pub(super) const SEQ: Metric =
    Metric { default: true, ..body("body.seq", Unit::Token, seq) };
/// Tokens as a multiset: blind to order.
pub(super) const BAG: Metric =
    Metric { default: true, ..body("body.bag", Unit::Token, bag) };
/// Runs of four tokens as a multiset; a text of one to three tokens is one run.
pub(super) const SHINGLE: Metric =
    Metric { default: true, ..body("body.shingle4", Unit::Shingle, shingle) };
/// Longest common subsequence of characters.
pub(super) const CHAR: Metric = body("body.char", Unit::Character, chars);
/// Share of characters that need no edit (Levenshtein).
pub(super) const EDIT: Metric =
    Metric { share: true, ..body("body.edit", Unit::Character, edit) };
/// Share of documents with equal tokens.
pub(super) const EQUAL: Metric =
    Metric { share: true, default: true, ..body("body.equal", Unit::Document, equal) };
/// Required snippets that are there, forbidden ones that are there.
pub(super) const SNIPPET: Metric =
    Metric { default: true, ..body("body.snippet", Unit::Text, snippet) };

/// Above this many characters a side, `body.char` and `body.edit` are skipped.
pub(crate) const MAX_CHARS: usize = 200_000;

/// Whether a metric compares characters, which takes quadratic time.
pub(crate) fn is_by_character(metric: &Metric) -> bool {
    matches!(metric.stem, "body.char" | "body.edit")
}

/// The tokens of both sides, numbered.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    gold: Vec<u32>,
    predicted: Vec<u32>,
}

impl Bodies {
    fn of<'s>(scene: &'s Scene<'_>) -> &'s Bodies {
        scene.bodies.get_or_init(|| {
            Bodies::numbered(&scene.gold.body.tokens, &scene.predicted.body.tokens)
        })
    }

    fn numbered(gold: &[String], predicted: &[String]) -> Bodies {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut number = |token| {
            let next = numbers.len() as u32;
            *numbers.entry(token).or_insert(next)
        };
        let gold = gold.iter().map(|token| number(token.as_str())).collect();
        let predicted = predicted.iter().map(|token| number(token.as_str())).collect();
        Bodies { gold, predicted }
    }
}

fn put(scene: &Scene<'_>, tally: &mut Tally, both: u64, gold: usize, predicted: usize) {
    let star = scene.star();
    tally.expect(star, gold as u64);
    tally.claim(star, predicted as u64);
    tally.find(star, both);
}

fn seq(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let bodies = Bodies::of(scene);
    let both = lcs::common_length(&bodies.gold, &bodies.predicted);
    put(scene, tally, both, bodies.gold.len(), bodies.predicted.len());
}

fn bag(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let bodies = Bodies::of(scene);
    let both = multiset_common(&bodies.gold, &bodies.predicted);
    put(scene, tally, both, bodies.gold.len(), bodies.predicted.len());
}

fn shingle(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let bodies = Bodies::of(scene);
    let (gold, predicted) = (shingles(&bodies.gold), shingles(&bodies.predicted));
    let both = multiset_common(&gold, &predicted);
    put(scene, tally, both, gold.len(), predicted.len());
}

/// Runs of four; the whole where there are fewer.
pub(crate) fn shingles<T: Clone + Ord>(tokens: &[T]) -> Vec<&[T]> {
    match tokens.len() {
        0 => Vec::new(),
        1..=3 => vec![tokens],
        _ => tokens.windows(4).collect(),
    }
}

/// Size of the intersection of two multisets.
pub(crate) fn multiset_common<T: Ord + Clone>(a: &[T], b: &[T]) -> u64 {
    let (mut a, mut b) = (a.to_vec(), b.to_vec());
    a.sort_unstable();
    b.sort_unstable();
    crate::matching::common(&a, &b)
}

/// The characters compared: NFC, runs of white space as one space, ends trimmed.
fn plain(text: &str) -> Vec<u32> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let composed = ComposingNormalizerBorrowed::new_nfc();
    composed.normalize(&words.join(" ")).chars().map(u32::from).collect()
}

/// Texts of both sides; a text without tokens is null.
fn texts(scene: &Scene<'_>) -> (Vec<u32>, Vec<u32>) {
    let of = |body: &crate::Body| match body.tokens.is_empty() {
        true => Vec::new(),
        false => plain(&body.text),
    };
    (of(&scene.gold.body), of(&scene.predicted.body))
}

fn chars(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (gold, predicted) = texts(scene);
    let both = lcs::common_length(&gold, &predicted);
    put(scene, tally, both, gold.len(), predicted.len());
}

fn edit(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (gold, predicted) = texts(scene);
    let distance = lcs::edit_distance(&gold, &predicted);
    let longer = gold.len().max(predicted.len()) as u64;
    tally.claim(scene.star(), distance);
    let kept = Counts { found: longer - distance, ..Default::default() };
    tally.add(scene.star(), kept);
}

fn equal(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let bodies = Bodies::of(scene);
    tally.judge(scene.star(), bodies.gold == bodies.predicted);
}

fn snippet(_: &Metric, scene: &Scene<'_>, tally: &mut Tally) {
    let (star, tokens) = (scene.star(), &scene.predicted.body.tokens);
    let mut starts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        starts.entry(token).or_default().push(at);
    }
    let stands = |snippet: &[String]| match snippet.first() {
        None => true,
        Some(first) => starts.get(first.as_str()).is_some_and(|starts| {
            starts.iter().any(|&at| tokens[at..].starts_with(snippet))
        }),
    };
    for snippet in &scene.gold.snippets.with {
        tally.expect(star, 1);
        if stands(snippet) {
            tally.claim(star, 1);
            tally.find(star, 1);
        }
    }
    for _ in scene.gold.snippets.without.iter().filter(|snippet| stands(snippet)) {
        tally.claim(star, 1);
    }
}
