//! Words: UAX #29, and a dictionary where a script writes no spaces.

use goldpress_model::Span;
use icu_segmenter::{WordSegmenter, options::WordBreakInvariantOptions};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::script::is_spaceless;

/// The words of a text: UAX #29 words that hold a letter or a digit.
///
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese are cut with a dictionary.
///
/// ```
/// use goldpress_text::words;
///
/// let text = "St. Orrin’s 4.1 million – 三年前に止まった";
/// let found: Vec<&str> = words(text).map(|word| word.slice(text)).collect();
/// assert_eq!(found[..5], ["St", "Orrin’s", "4.1", "million", "三年"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = Span> {
    tokens(text).filter(move |token| token.slice(text).contains(char::is_alphanumeric))
}

/// All UAX #29 words of a text, punctuation and symbols too, white space dropped.
pub fn tokens(text: &str) -> impl Iterator<Item = Span> {
    runs(text).flat_map(move |(start, run, kind)| {
        let pieces: Box<dyn Iterator<Item = (usize, &str)>> = match kind {
            Kind::Spaced => Box::new(run.split_word_bound_indices()),
            Kind::Spaceless => Box::new(by_dictionary(run)),
        };
        pieces.filter(|(_, piece)| !piece.trim().is_empty()).map(move |(at, piece)| {
            let start = start + at;
            Span::new(text, start, start + piece.len())
                .expect("a word is no part of a character")
        })
    })
}

/// Whether `at` is an edge between two grapheme clusters: no mark is parted from its
/// letter there.
pub fn is_grapheme_edge(text: &str, at: usize) -> bool {
    text.is_char_boundary(at)
        && GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0) == Ok(true)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Spaced,
    Spaceless,
}

/// Cuts a text where scripts with and without spaces meet.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str, Kind)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let kind = kind_of(first);
        // Characters below U+0E00 are spaced and take one or two bytes or begin with 0xE0.
        let len = rest
            .char_indices()
            .find(|(_, c)| !joins(*c, kind))
            .map_or(rest.len(), |(offset, _)| offset);
        let start = at;
        at += len;
        Some((start, &rest[..len], kind))
    })
}

fn kind_of(c: char) -> Kind {
    if is_spaceless(c) { Kind::Spaceless } else { Kind::Spaced }
}

/// Marks that stand behind a letter go where the letter goes.
fn joins(c: char, kind: Kind) -> bool {
    let is_mark = matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    is_mark || kind_of(c) == kind
}

fn by_dictionary(run: &str) -> impl Iterator<Item = (usize, &str)> {
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let mut edges = segmenter.segment_str(run);
    let mut from = edges.next().unwrap_or(0);
    std::iter::from_fn(move || {
        let to = edges.next()?;
        let start = from;
        from = to;
        Some((start, &run[start..to]))
    })
}
