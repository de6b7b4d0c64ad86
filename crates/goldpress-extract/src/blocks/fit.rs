//! Fitting: weights of the body's region from documents whose body is known.
//!
//! Nothing here reads a page or a gold label: the caller says which block of which document
//! is body. Documents are held apart by whoever calls, by host and never by page.
//!
//! # Source
//!
//! Logistic regression with an L2 penalty, by stochastic gradient descent with AdaGrad's
//! step sizes (Duchi, Hazan and Singer, 2011). The order of examples comes from a fixed
//! seed, so the same examples give the same weights.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use goldpress_model::{Block, Fields, PageFacts, Role};

use super::context::{self, Context};
use super::features::{self, Sink as _, Vector};
use super::line::{Layout, Line};
use super::page::Page;
use super::region::{RegionWeights, best_path, first_scores, scores};
use super::vocabulary::{self, Vocabulary};

/// A document to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// Normalised text.
    pub text: &'a str,
    /// Its lines.
    pub blocks: &'a [Block],
    /// Facts of the page, if there is one.
    pub facts: Option<&'a PageFacts>,
    /// Metadata that the record states.
    pub stated: &'a Fields,
    /// Whether each block belongs to the body.
    pub is_body: &'a [bool],
    /// Documents of one host have one number: they are never on both sides of a fit.
    pub host: usize,
}

/// Passes over all examples; held-out scores stop rising after about five.
const EPOCHS: u32 = 5;
/// First step size.
const STEP: f32 = 0.15;
/// Penalty, shared out over all examples of a pass.
const L2: f32 = 1.0;
/// Parts of which each gets its first scores from the others.
const PARTS: usize = 4;
/// What it costs to change sides of the body of a page, and of a plain text: where nothing
/// but words tells lines apart, one of them tells less.
const SWITCH_OF_PAGES: f32 = 0.5;
const SWITCH_OF_TEXTS: f32 = 3.0;

/// One line to learn from.
struct Example {
    features: Vector,
    is_body: bool,
    /// How much it counts; what a document's lines count together should not hang on how
    /// many they are.
    weight: f32,
}

/// A document with the features of its lines.
struct Prepared<'a> {
    page: Page<'a>,
    examples: Vec<Example>,
    host: usize,
}

/// Fits both scores, those of plain texts with a vocabulary: on pages, where markup tells
/// more, words made the scores of other hosts worse. Every document's first scores, which the second one learns from, come
/// from a fit on other hosts.
pub fn fit_region(samples: &[Sample<'_>]) -> RegionWeights {
    let of_pages = samples.iter().any(|sample| is_page(sample));
    let (entries, switch) = match of_pages {
        true => (Entries::default(), SWITCH_OF_PAGES),
        false => (entries_of(samples), SWITCH_OF_TEXTS),
    };
    let mut all: Vec<Prepared<'_>> = samples
        .iter()
        .enumerate()
        .map(|(nth, sample)| prepared(sample, &entries, nth % DEAF != 0))
        .collect();
    let n_names = features::names().len();
    let n_lines = n_names + entries.len();
    let by_part: Vec<Vec<f32>> = (0..PARTS)
        .map(|part| {
            let others = all.iter().filter(|one| one.host % PARTS != part);
            fitted(&others.map(|one| &one.examples[..]).collect::<Vec<_>>(), n_lines)
        })
        .collect();
    let lines =
        fitted(&all.iter().map(|one| &one.examples[..]).collect::<Vec<_>>(), n_lines);
    for one in &mut all {
        let (lines, words) = parted(&by_part[one.host % PARTS], n_names, &entries);
        let first = first_scores(&one.page, lines, &words);
        let context = Context::of(&one.page, &first);
        for (at, example) in one.examples.iter_mut().enumerate() {
            example.features = Vector::new();
            context.of_line(at, &mut example.features);
        }
    }
    let n_context = context::names().len();
    let context =
        fitted(&all.iter().map(|one| &one.examples[..]).collect::<Vec<_>>(), n_context);
    let (lines, words) = parted(&lines, n_names, &entries);
    RegionWeights { lines: lines.to_vec(), words, context, switch }
}

fn is_page(sample: &Sample<'_>) -> bool {
    sample.blocks.iter().any(|block| block.path.is_some())
}

/// One in so many documents is read without its words, as those of languages are that the
/// vocabulary does not know.
const DEAF: usize = 5;
/// Hosts that have to have an entry of the vocabulary.
const HOSTS: u32 = 20;
/// Entries that weigh less than this are left out.
const MIN_ENTRY: f32 = 0.3;

/// Entries of the vocabulary, by number.
type Entries = HashMap<String, usize, FixedState>;

/// What lines of several hosts have.
fn entries_of(samples: &[Sample<'_>]) -> Entries {
    let mut by_host: Vec<&Sample<'_>> = samples.iter().collect();
    by_host.sort_by_key(|sample| sample.host);
    let mut counts: HashMap<String, (usize, u32), FixedState> = HashMap::default();
    for sample in by_host {
        let mut layout = Layout::default();
        for block in sample.blocks {
            let line = Line::of(sample.text, block, &mut layout);
            vocabulary::entries(&line, |entry| match counts.get_mut(entry) {
                Some((host, n)) if *host != sample.host => {
                    (*host, *n) = (sample.host, *n + 1)
                }
                Some(_) => {}
                None => drop(counts.insert(entry.to_owned(), (sample.host, 1))),
            });
        }
    }
    let mut kept: Vec<String> = counts
        .into_iter()
        .filter(|(_, (_, n))| *n >= HOSTS)
        .map(|(entry, _)| entry)
        .collect();
    kept.sort_unstable();
    kept.into_iter().enumerate().map(|(at, entry)| (entry, at)).collect()
}

/// Weights of the features of a line, and of the entries of the vocabulary.
fn parted<'w>(
    weights: &'w [f32],
    n: usize,
    entries: &Entries,
) -> (&'w [f32], Vocabulary) {
    let (lines, words) = weights.split_at(n);
    let weight = |(entry, at): (&String, &usize)| {
        (words[*at].abs() >= MIN_ENTRY).then(|| (entry.clone(), words[*at]))
    };
    (lines, entries.iter().filter_map(weight).collect())
}

/// The lines that weights hold for body, before rules look at them.
pub fn region_of(sample: &Sample<'_>, weights: &RegionWeights) -> Vec<bool> {
    let page = Page::of(sample.text, sample.blocks, sample.facts, sample.stated);
    best_path(&scores(&page, weights), weights.switch)
}

fn prepared<'a>(sample: &Sample<'a>, entries: &Entries, hears: bool) -> Prepared<'a> {
    let n_names = features::names().len();
    let page = Page::of(sample.text, sample.blocks, sample.facts, sample.stated);
    let worth = |at: usize| (page.lines[at].n_words as f32 + 2.0).sqrt();
    let body: f32 =
        (0..page.lines.len()).filter(|at| sample.is_body[*at]).map(worth).sum();
    let all: f32 = (0..page.lines.len()).map(worth).sum();
    let unit = (body + 0.3 * (all - body)).max(10.0);
    let mut comments_open = false;
    let examples = (0..page.lines.len())
        .map(|at| {
            comments_open |= page.section[at] == Some(Role::Comment);
            let mut features = Vector::new();
            features::of_line(&page, at, comments_open, &mut features);
            if hears {
                vocabulary::entries(&page.lines[at], |entry| {
                    if let Some(at) = entries.get(entry) {
                        features.put(n_names + at, 1.0);
                    }
                });
            }
            let weight = (30.0 * worth(at) / unit).min(3.0);
            Example { features, is_body: sample.is_body[at], weight }
        })
        .collect();
    Prepared { page, examples, host: sample.host }
}

/// The weights of one score.
fn fitted(documents: &[&[Example]], n: usize) -> Vec<f32> {
    let mut weights = vec![0.0f32; n];
    let mut squares = vec![1e-6f32; n];
    let of_document = |examples: &'_ &[Example]| 0..examples.len();
    let mut order: Vec<(usize, usize)> = documents
        .iter()
        .enumerate()
        .flat_map(|(one, examples)| of_document(examples).map(move |at| (one, at)))
        .collect();
    let penalty = L2 / order.len().max(1) as f32;
    let mut state = 12_345u64;
    for epoch in 0..EPOCHS {
        shuffle(&mut order, &mut state);
        let step = STEP / (1.0 + epoch as f32 * 0.3);
        for (one, at) in &order {
            let example = &documents[*one][*at];
            let features = &example.features;
            let sum: f32 = features
                .iter()
                .map(|(at, value)| weights[usize::from(*at)] * value)
                .sum();
            let told = if example.is_body { 1.0 } else { 0.0 };
            let error = (1.0 / (1.0 + (-sum).exp()) - told) * example.weight;
            for (at, value) in features {
                let at = usize::from(*at);
                let slope = error * value + penalty * weights[at];
                squares[at] += slope * slope;
                weights[at] -= step * slope / squares[at].sqrt();
            }
        }
    }
    weights
}

/// Fisher and Yates's shuffle on a linear congruential generator (Knuth's MMIX).
fn shuffle(order: &mut [(usize, usize)], state: &mut u64) {
    for at in (1..order.len()).rev() {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*state >> 33).unwrap_or(0) % (at + 1);
        order.swap(at, other);
    }
}
