//! What formats of tokens share: their words, and which spans fit a flat layer of them.

use std::cmp::Reverse;

use goldpress_model::{AttrValue, CharRange, LooseAnnotation, Schema, Span};
use goldpress_text::tokens;

use super::Written;
use crate::export::{Page, WriteOptions, is_default};

/// The words of a text as taggers cut them: an English possessive or contraction in `'s` is
/// a word of its own, and so is an elided article or preposition (`d'`, `l'`, `dell'`), so
/// that names begin and end with words.
pub(super) fn words(text: &str) -> impl Iterator<Item = Span> {
    tokens(text).flat_map(move |token| {
        let word = token.slice(text);
        let cuts = [elided(word), possessive(word)].into_iter().flatten();
        let cuts = cuts.map(|at| token.start() + at);
        let ends: Vec<usize> = cuts.chain([token.end()]).collect();
        let ends = ends.into_iter();
        ends.scan(token.start(), move |start, end| {
            let word = Span::new(text, *start, end).ok();
            *start = end;
            word
        })
    })
}

/// Where `'s` begins in a word that ends with it.
fn possessive(word: &str) -> Option<usize> {
    let stem = word.strip_suffix(['s', 'S'])?;
    let stem = stem.strip_suffix(APOSTROPHES)?;
    stem.ends_with(char::is_alphanumeric).then_some(stem.len())
}

/// Where a word begins behind an elided one.
fn elided(word: &str) -> Option<usize> {
    let (before, behind) = word.split_once(APOSTROPHES)?;
    let is_elided = ELIDED.contains(&before.to_lowercase().as_str());
    let is_word = behind.chars().count() > 1 && behind.starts_with(char::is_alphabetic);
    (is_elided && is_word).then(|| word.len() - behind.len())
}

/// What French, Italian and Catalan write with an apostrophe before a vowel.
const ELIDED: [&str; 21] = [
    "c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
    "all", "coll", "dall", "dell", "nell", "quell", "sull", "un",
];

/// Straight, curly, and the letter that some keyboards write for them.
const APOSTROPHES: [char; 3] = ['\'', '\u{2019}', '\u{2bc}'];

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
    let ranges: Vec<Vec<CharRange>> = sentences
        .iter()
        .map(|words| words.iter().map(|(_, range)| *range).collect())
        .collect();
    // A sentence without words ends where the one before it does.
    let ends: Vec<u32> = ranges
        .iter()
        .scan(0, |end, words| {
            *end = words.last().map_or(*end, |word| word.end);
            Some(*end)
        })
        .collect();
    let mut fitting: Vec<Fitting<'p>> = Vec::new();
    for annotation in kept {
        let range = annotation.fragments[0];
        let from = ends.partition_point(|end| *end <= range.start);
        let of = |(n, words): (usize, &Vec<CharRange>)| {
            place(words, range, options).map(|place| (n, place))
        };
        // Behind the first sentence that ends after its start there is none of it.
        let near = ranges.iter().enumerate().skip(from);
        let begins_before = |(_, words): &(usize, &Vec<CharRange>)| {
            words.first().is_none_or(|first| first.start < range.end)
        };
        let found = near.take_while(begins_before).find_map(of);
        if !found.as_ref().is_some_and(|(_, place)| place.is_exact) {
            written.lose("misaligned");
        }
        // A widened span may meet the one before it.
        let is_free = |n: usize, start: usize| {
            fitting.last().is_none_or(|(m, _, end, _)| *m < n || *end <= start)
        };
        match found {
            Some((n, Place { words: (start, end), .. })) if is_free(n, start) => {
                fitting.push((n, start, end, annotation));
            }
            _ => written.n_left_out += 1,
        }
    }
    fitting
}

/// Counts what a bare label has no room for.
pub(super) fn lose_content(
    schema: &Schema,
    annotation: &LooseAnnotation,
    written: &mut Written,
) {
    let said = |(name, value): &(&String, &AttrValue)| {
        !is_default(schema, &annotation.layer, name, value)
    };
    for (name, _) in annotation.attrs.iter().filter(said) {
        written.lose(if name == "note" { "note" } else { "attribute" });
    }
    for _ in annotation.args.values().flatten() {
        written.lose("argument");
    }
}

/// Where a range stands among the tokens of a text.
pub(super) struct Place {
    /// The words that it covers, from first to behind the last.
    pub(super) words: (usize, usize),
    /// Whether it begins and ends with words; else it was widened.
    pub(super) is_exact: bool,
}

/// The words that a range covers, if it begins and ends with words or may be widened.
pub(super) fn place(
    words: &[CharRange],
    range: CharRange,
    options: &WriteOptions,
) -> Option<Place> {
    let first = words.binary_search_by_key(&range.start, |word| word.start);
    let last = words.binary_search_by_key(&range.end, |word| word.end);
    if let (Ok(first), Ok(last)) = (first, last) {
        return (first <= last)
            .then_some(Place { words: (first, last + 1), is_exact: true });
    }
    let from = words.partition_point(|word| word.end <= range.start);
    let to = words.partition_point(|word| word.start < range.end);
    let is_touched = options.widen && from < to;
    is_touched.then_some(Place { words: (from, to), is_exact: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn possessives_and_elided_words_are_words_of_their_own() {
        for (text, expected) in [
            ("Varga's ship", "Varga|'s|ship"),
            ("BYRNE\u{2019}S office", "BYRNE|\u{2019}S|office"),
            ("the workers' hall", "the|workers|'|hall"),
            ("O'Brien's, l'ours", "O'Brien|'s|,|l'|ours"),
            ("barrage d\u{2019}Orvanne", "barrage|d\u{2019}|Orvanne"),
            ("Dell'Orso's men don't", "Dell'|Orso|'s|men|don't"),
            ("d's", "d|'s"),
            ("'s bus", "'|s|bus"),
        ] {
            let cut: Vec<&str> = words(text).map(|word| word.slice(text)).collect();
            assert_eq!(cut.join("|"), expected);
        }
    }
}
