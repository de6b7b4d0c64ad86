//! The region: which lines of a page are its body.
//!
//! A line's score is a weighted sum of its features, twice: once of the line alone, once
//! with what the first scores of all lines say. The region is the path of lines in and out
//! of the body with the best total, where every change of side costs. One line that looks
//! odd inside an article so stays in it.
//!
//! # Source
//!
//! The weights in `region.toml` are logistic regressions fitted on the development split
//! of WCXB by `goldpress train blocks`; that one learns from the scores of another is
//! Wolpert's stacking (1992); the path is Viterbi's with two states.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use goldpress_model::Role;
use serde::Deserialize;

use super::context::{self, Context};
use super::features::{self, Sum};
use super::mend::mend;
use super::page::Page;
use super::teasers::teasers;
use super::vocabulary::{self, Vocabulary};
use super::{Given, text_region};
use crate::lexicon::REGION;

/// Weights of the body's region: one set for pages, one for texts without markup.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionModel {
    /// For lines of pages.
    pub page: RegionWeights,
    /// For lines of plain texts.
    pub text: RegionWeights,
}

/// Weights of one kind of document.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionWeights {
    /// Of the features of a line, in the order of their names.
    pub(crate) lines: Vec<f32>,
    /// Of the words of short lines.
    pub(crate) words: Vocabulary,
    /// Of what the first scores of all lines say.
    pub(crate) context: Vec<f32>,
    /// What it costs to go into the body or out of it.
    pub(crate) switch: f32,
}

/// Why a file is no model of regions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// It is no TOML, or not of this shape.
    #[error("it is no model of regions: {0}")]
    Shape(#[from] toml::de::Error),
    /// It weighs a feature that this build does not know.
    #[error("`{name}` is no feature that this build knows")]
    UnknownFeature {
        /// The feature.
        name: String,
    },
}

static BUILT_IN: LazyLock<RegionModel> = LazyLock::new(|| {
    RegionModel::parse(REGION.toml)
        .unwrap_or_else(|error| panic!("{} is part of the build: {error}", REGION.name))
});

#[derive(Deserialize)]
struct File {
    page: Weights,
    text: Weights,
}

#[derive(Deserialize)]
struct Weights {
    switch: f32,
    lines: BTreeMap<String, f32>,
    #[serde(default)]
    words: BTreeMap<String, f32>,
    context: BTreeMap<String, f32>,
}

impl RegionModel {
    /// The model that is part of the build.
    pub fn built_in() -> &'static RegionModel {
        &BUILT_IN
    }

    /// Reads a model as [`RegionModel::render`] writes it.
    ///
    /// # Errors
    ///
    /// It is no TOML, lacks a part, or weighs a feature that is not known.
    pub fn parse(toml: &str) -> Result<RegionModel, ModelError> {
        let file: File = toml::from_str(toml)?;
        Ok(RegionModel { page: read(file.page)?, text: read(file.text)? })
    }

    /// The model as a file holds it, below its head: a name and two decimals a line.
    pub fn render(&self) -> String {
        let mut file = String::new();
        for (name, part) in [("page", &self.page), ("text", &self.text)] {
            writeln!(file, "\n[{name}]\nswitch = {}", part.switch).expect(TAKES_ALL);
            render_part(&mut file, name, "lines", &features::names(), &part.lines);
            render_words(&mut file, name, &part.words);
            render_part(&mut file, name, "context", &context::names(), &part.context);
        }
        file
    }
}

const TAKES_ALL: &str = "a string takes everything";
/// Weights nearer to 0 than this change no decision and are left out of the file.
const MIN_WEIGHT: f32 = 0.005;

fn render_part(file: &mut String, of: &str, part: &str, names: &[String], all: &[f32]) {
    writeln!(file, "\n[{of}.{part}]").expect(TAKES_ALL);
    for (name, weight) in names.iter().zip(all) {
        if weight.abs() >= MIN_WEIGHT {
            writeln!(file, "{name} = {weight:.2}").expect(TAKES_ALL);
        }
    }
}

fn render_words(file: &mut String, of: &str, words: &Vocabulary) {
    writeln!(file, "\n[{of}.words]").expect(TAKES_ALL);
    let sorted: BTreeMap<&String, &f32> = words.iter().collect();
    for (entry, weight) in sorted {
        let key = toml::Value::String(entry.clone());
        writeln!(file, "{key} = {weight:.2}").expect(TAKES_ALL);
    }
}

fn read(weights: Weights) -> Result<RegionWeights, ModelError> {
    Ok(RegionWeights {
        lines: in_order(weights.lines, &features::names())?,
        words: weights.words.into_iter().collect(),
        context: in_order(weights.context, &context::names())?,
        switch: weights.switch,
    })
}

fn in_order(
    mut named: BTreeMap<String, f32>,
    names: &[String],
) -> Result<Vec<f32>, ModelError> {
    let found = names.iter().map(|name| named.remove(name).unwrap_or(0.0)).collect();
    match named.into_keys().next() {
        Some(name) => Err(ModelError::UnknownFeature { name }),
        None => Ok(found),
    }
}

/// Scores that are surer than this count as no surer: one line cannot move the region.
const MAX_SCORE: f32 = 5.0;

/// How sure it is of each line that it belongs to the body, as log odds. Linear in the
/// number of lines.
pub(crate) fn scores(page: &Page<'_>, weights: &RegionWeights) -> Vec<f32> {
    let first = first_scores(page, &weights.lines, &weights.words);
    let context = Context::of(page, &first);
    let second = |at| {
        let mut sum = Sum { weights: &weights.context, total: 0.0 };
        context.of_line(at, &mut sum);
        clamped(sum.total)
    };
    (0..page.lines.len()).map(second).collect()
}

/// The scores of lines by themselves.
pub(crate) fn first_scores(
    page: &Page<'_>,
    weights: &[f32],
    words: &Vocabulary,
) -> Vec<f32> {
    let mut comments_open = false;
    let of_line = |at: usize| {
        comments_open |= page.section[at] == Some(Role::Comment);
        let mut sum = Sum { weights, total: 0.0 };
        features::of_line(page, at, comments_open, &mut sum);
        clamped(sum.total + vocabulary::score(words, &page.lines[at]))
    };
    (0..page.lines.len()).map(of_line).collect()
}

fn clamped(score: f32) -> f32 {
    score.clamp(-MAX_SCORE, MAX_SCORE)
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the body.
    Inside,
    /// Outside of it.
    Outside,
    /// In a part of a declared text that says itself what it is.
    Beyond(Role),
}

/// The places of all lines.
pub(crate) struct Region {
    pub(crate) places: Vec<Place>,
    /// Whether this is a second reading.
    pub(crate) is_fallback: bool,
}

/// The region of a document or declared text. Linear in the number of lines.
pub(crate) fn of_document(page: &Page<'_>, model: &RegionModel, given: Given) -> Region {
    let place = |inside: bool| if inside { Place::Inside } else { Place::Outside };
    if given == Given::Field {
        let places = match page.is_markup {
            true => page.lines.iter().map(|line| place(line.link < 0.9)).collect(),
            false => text_region::places(page),
        };
        return Region { places, is_fallback: false };
    }
    let weights = if page.is_markup { &model.page } else { &model.text };
    let scores = scores(page, weights);
    if !page.is_markup && !page.has_menus {
        let inside = best_path(&scores, weights.switch);
        let places = text_region::of_clean_text(page, &inside, &scores);
        return Region { places, is_fallback: false };
    }
    let mut scores = scores;
    let teasers = if page.is_markup { teasers(page) } else { Vec::new() };
    for (score, _) in scores.iter_mut().zip(&teasers).filter(|(_, is)| **is) {
        *score = -MAX_SCORE;
    }
    let first = body_lines(page, weights, &scores);
    let (inside, is_fallback) = fallback(page, weights, &scores, first);
    Region { places: inside.into_iter().map(place).collect(), is_fallback }
}

/// Share of a document's running text below which a region is doubted.
const DOUBTFUL: f32 = 0.1;

/// The region, or where it holds next to nothing the next best: the best path with scores
/// raised step by step, at last all lines that are no links.
fn fallback(
    page: &Page<'_>,
    weights: &RegionWeights,
    scores: &[f32],
    first: Vec<bool>,
) -> (Vec<bool>, bool) {
    // What is surely furniture is not missed.
    let counts = |at: &usize| scores[*at] > -MAX_SCORE;
    let words = |at: usize| page.lines[at].good_words();
    let all: f32 = (0..scores.len()).filter(counts).map(words).sum();
    let is_enough = |inside: &[bool]| {
        let is_text = |at: &usize| inside[*at] && page.title != Some(*at);
        let found: f32 = (0..inside.len()).filter(is_text).map(words).sum();
        let any = (0..inside.len()).any(|at| is_text(&at));
        any && found >= DOUBTFUL * all
    };
    if is_enough(&first) {
        return (first, false);
    }
    for raise in [1.0, 2.0, 4.0] {
        let raised: Vec<f32> = scores.iter().map(|score| score + raise).collect();
        let inside = body_lines(page, weights, &raised);
        if is_enough(&inside) {
            return (inside, true);
        }
    }
    (first, false)
}

/// Whether each line belongs to the body, by its score and its neighbours.
fn body_lines(page: &Page<'_>, weights: &RegionWeights, scores: &[f32]) -> Vec<bool> {
    let mut inside = best_path(scores, weights.switch);
    if !page.is_markup {
        mend(page, &mut inside);
        return inside;
    }
    for at in 1..inside.len() {
        inside[at] |= inside[at - 1] && goes_on(page, at, scores[at]);
    }
    for at in (1..inside.len()).rev() {
        inside[at - 1] |= inside[at] && leads_on(page, at - 1, scores[at - 1]);
    }
    drop_strangers(page, &mut inside);
    mend(page, &mut inside);
    inside
}

/// Takes out stretches of teasers: apart from the body, in other places of the layout, and
/// with a linked title for every other line of text. Teasers are text too, so their lines
/// look like a body's one by one.
fn drop_strangers(page: &Page<'_>, inside: &mut [bool]) {
    let stretches = stretches(inside);
    let words = |stretch: &Range<usize>| {
        page.words_before[stretch.end] - page.words_before[stretch.start]
    };
    let prose = |stretch: &Range<usize>| {
        stretch.clone().filter(|at| page.lines[*at].is_prose()).map(|at| page.group[at])
    };
    let Some(core) = stretches
        .iter()
        .reduce(|best, next| if words(next) > words(best) { next } else { best })
    else {
        return;
    };
    let groups: BTreeSet<usize> = prose(core).collect();
    for stretch in stretches.iter().filter(|stretch| stretch.start > core.end) {
        let is_linked_title = |at: &usize| {
            let line = &page.lines[*at];
            line.link > 0.75 && line.heading > 0
        };
        let n_linked = stretch.clone().filter(is_linked_title).count();
        let n_prose = prose(stretch).count();
        let is_apart = !prose(stretch).any(|group| groups.contains(&group));
        if is_apart && n_linked > 0 && n_linked * 2 >= n_prose {
            inside[stretch.clone()].fill(false);
        }
    }
}

/// Runs of lines that are inside.
fn stretches(inside: &[bool]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in (0..inside.len()).filter(|at| inside[*at]) {
        match found.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

/// Scores below this are sure enough of furniture that no neighbour outweighs them.
const SURELY_OUTSIDE: f32 = -3.0;

/// The same of a sentence that carries on the paragraph above it.
const HARDLY_INSIDE: f32 = -4.9;

/// Whether a line is the heading of the body line below it.
fn leads_on(page: &Page<'_>, at: usize, score: f32) -> bool {
    let line = &page.lines[at];
    score > SURELY_OUTSIDE
        && line.heading > 0
        && line.link < 0.33
        && line.cue.is_none()
        && page.section[at].is_none()
        && page.title.is_some_and(|title| at > title)
}

/// Whether a line carries on the paragraph before it: the same place in the layout, and
/// a sentence. A short last paragraph has little else to speak for it.
fn goes_on(page: &Page<'_>, at: usize, score: f32) -> bool {
    let (line, before) = (&page.lines[at], &page.lines[at - 1]);
    score > HARDLY_INSIDE
        && line.ends
        && line.n_words >= 4
        && line.link < 0.33
        && line.cue.is_none()
        && line.element == before.element
        && before.heading == 0
        && page.group[at] == page.group[at - 1]
}

pub(crate) fn best_path(scores: &[f32], switch: f32) -> Vec<bool> {
    // [outside, inside]: the best total that ends there, and where each step came from.
    let mut total = [0.0, -switch];
    let mut came_from: Vec<[bool; 2]> = Vec::with_capacity(scores.len());
    for score in scores {
        let from_inside = [total[1] - switch > total[0], total[1] >= total[0] - switch];
        let best = |side: usize| {
            let stay = total[side];
            let change = total[1 - side] - switch;
            stay.max(change)
        };
        total = [best(0) - score / 2.0, best(1) + score / 2.0];
        came_from.push(from_inside);
    }
    let mut inside = total[1] > total[0];
    let mut path = vec![false; scores.len()];
    for (at, from) in came_from.iter().enumerate().rev() {
        path[at] = inside;
        inside = from[usize::from(inside)];
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_line_inside_stays_and_an_odd_line_outside_too() {
        let scores = [-3.0, -3.0, 2.0, 2.0, -0.5, 2.0, -3.0, 0.5, -3.0];
        let path = best_path(&scores, 1.0);
        assert_eq!(path, [false, false, true, true, true, true, false, false, false]);
    }
}
