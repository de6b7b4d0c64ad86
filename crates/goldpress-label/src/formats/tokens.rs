//! What formats of tokens share: which spans fit a flat layer of whole words.

use std::cmp::Reverse;

use goldpress_model::{CharRange, LooseAnnotation};

use super::Written;
use crate::export::{Page, WriteOptions};

/// The outermost of some spans, the first on ties: none of them share a character.
pub(super) fn outermost(mut spans: Vec<&LooseAnnotation>) -> Vec<&LooseAnnotation> {
    spans.retain(|annotation| !annotation.fragments.is_empty());
    let key = |annotation: &&LooseAnnotation| {
        let range = annotation.fragments[0];
        (range.start, Reverse(range.end), annotation.label.clone())
    };
    spans.sort_by_key(key);
    let mut kept: Vec<&LooseAnnotation> = Vec::new();
    for span in spans {
        let start = span.fragments[0].start;
        if kept.last().is_none_or(|last| last.fragments[0].end <= start) {
            kept.push(span);
        }
    }
    kept
}

/// An annotation that fits: its sentence, and the words of it that it covers.
pub(super) type Fitting<'p> = (usize, usize, usize, &'p LooseAnnotation);

/// The annotations of the flat layer that are whole words of one sentence; the others are
/// counted as `overlap` or `misaligned`.
pub(super) fn flat_layer<'p>(
    page: &'p Page<'_>,
    options: &WriteOptions,
    sentences: &[Vec<(&str, CharRange)>],
    written: &mut Written,
) -> Vec<Fitting<'p>> {
    let all: Vec<&LooseAnnotation> =
        page.lines.iter().map(|line| &line.annotation).collect();
    let layer = options.flat.as_deref().or(all.first().map(|a| a.layer.as_str()));
    let of_layer = |a: &&LooseAnnotation| Some(a.layer.as_str()) == layer;
    let kept = outermost(all.iter().copied().filter(of_layer).collect());
    for _ in kept.len()..all.len() {
        written.lose("overlap");
        written.n_left_out += 1;
    }
    let mut fitting = Vec::new();
    for annotation in kept {
        let range = annotation.fragments[0];
        let place = sentences.iter().enumerate().find_map(|(n, words)| {
            let first = words.iter().position(|(_, word)| word.start == range.start)?;
            let last = words.iter().position(|(_, word)| word.end == range.end)?;
            (first <= last).then_some((n, first, last + 1))
        });
        match place {
            Some((n, start, end)) => fitting.push((n, start, end, annotation)),
            None => {
                written.lose("misaligned");
                written.n_left_out += 1;
            }
        }
    }
    fitting
}

/// Counts what a bare label has no room for.
pub(super) fn lose_content(annotation: &LooseAnnotation, written: &mut Written) {
    for name in annotation.attrs.keys() {
        written.lose(if name == "note" { "note" } else { "attribute" });
    }
    for _ in annotation.args.values().flatten() {
        written.lose("argument");
    }
}

/// The words that a range covers, `from..to`, if it begins and ends with words.
pub(super) fn covered(words: &[CharRange], range: CharRange) -> Option<(usize, usize)> {
    let first = words.binary_search_by_key(&range.start, |word| word.start).ok()?;
    let last = words.binary_search_by_key(&range.end, |word| word.end).ok()?;
    (first <= last).then_some((first, last + 1))
}
