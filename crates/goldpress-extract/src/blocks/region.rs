//! The region: which lines of a page are its body.
//!
//! A line's score is a weighted sum of its features; the region is the path of lines in
//! and out of the body with the best total, where every change of side costs. One line
//! that looks odd inside an article so stays in it.
//!
//! # Source
//!
//! The weights in `region.toml` are a logistic regression fitted on the development split
//! of WCXB; the path is Viterbi's with two states.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::features::{Vector, names, vectors};
use super::page::Page;
use crate::lexicon::REGION;

struct Model {
    weights: Vec<f32>,
    switch: f32,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        switch: f32,
        weights: BTreeMap<String, f32>,
    }
    let file: File = REGION.parse();
    let weight = |name: &String| file.weights.get(name).copied().unwrap_or(0.0);
    Model { weights: names().iter().map(weight).collect(), switch: file.switch }
});

/// Scores that are surer than this count as no surer: one line cannot move the region.
const MAX_SCORE: f32 = 5.0;

/// Whether each line of a page belongs to its body. Linear in the number of lines.
pub(crate) fn body_lines(page: &Page<'_>) -> Vec<bool> {
    let scores: Vec<f32> = vectors(page).iter().map(score).collect();
    let mut inside = best_path(&scores, MODEL.switch);
    for at in 1..inside.len() {
        inside[at] |= inside[at - 1] && goes_on(page, at, scores[at]);
    }
    for at in (1..inside.len()).rev() {
        inside[at - 1] |= inside[at] && leads_on(page, at - 1, scores[at - 1]);
    }
    drop_strangers(page, &mut inside);
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
    score > SURELY_OUTSIDE
        && line.ends
        && line.n_words >= 4
        && line.link < 0.33
        && line.cue.is_none()
        && line.element == before.element
        && before.heading == 0
        && page.group[at] == page.group[at - 1]
}

fn score(vector: &Vector) -> f32 {
    let sum: f32 = vector.iter().map(|(at, value)| MODEL.weights[*at] * value).sum();
    sum.clamp(-MAX_SCORE, MAX_SCORE)
}

fn best_path(scores: &[f32], switch: f32) -> Vec<bool> {
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
