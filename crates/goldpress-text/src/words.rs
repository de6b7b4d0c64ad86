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
            Kind::Spaced => Box::new(by_rules(run)),
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
        let from = match kind {
            // Characters of fewer than three bytes are of scripts with spaces.
            Kind::Spaced => rest.bytes().position(|byte| byte >= 0xe0),
            Kind::Spaceless => Some(0),
        };
        let from = from.unwrap_or(rest.len());
        let len = rest[from..]
            .char_indices()
            .find(|(_, c)| !joins(*c, kind))
            .map_or(rest.len(), |(offset, _)| from + offset);
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

/// UAX #29 words. What stands between two spaces and is plain is known without its tables.
fn by_rules(run: &str) -> impl Iterator<Item = (usize, &str)> {
    stretches(run).flat_map(|(at, stretch)| {
        let n_plain = stretch.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let (plain, rest) = stretch.split_at(n_plain);
        // `quota` or `quota,` with a space behind it; an underscore would join.
        let is_end =
            matches!(rest.as_bytes(), [b] if b.is_ascii_punctuation() && *b != b'_');
        let (plain, rest) = match rest.is_empty() || is_end {
            true => (plain, rest),
            false => ("", stretch),
        };
        let rest_at = at + plain.len();
        let plain = (!plain.is_empty()).then_some((at, plain)).into_iter();
        plain.chain(
            rest.split_word_bound_indices().map(move |(n, piece)| (rest_at + n, piece)),
        )
    })
}

/// What stands between line ends, and between spaces with no other and no mark behind: no
/// word goes over one of these (WB3a, WB3b, WB3d, WB4).
fn stretches(run: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = run.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        if from > bytes.len() {
            return None;
        }
        let is_edge = |end: &usize| {
            let next = bytes.get(end + 1);
            bytes[*end] == b'\n' || next.is_none_or(|b| b.is_ascii() && *b != b' ')
        };
        let mut gaps = memchr::memchr2_iter(b' ', b'\n', &bytes[from..]);
        let end = gaps.by_ref().map(|offset| from + offset).find(is_edge);
        let end = end.unwrap_or(bytes.len());
        at = end + 1;
        Some((from, &run[from..end]))
    })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_stretches_are_cut_as_the_tables_cut(run in "[aB1_ \n.,:'’\\-\u{301}\u{ad}é\u{200d}\u{a0}🇫🇮か]{0,24}") {
            let is_seen = |(_, piece): &(usize, &str)| !piece.trim().is_empty();
            let whole: Vec<_> = run.split_word_bound_indices().filter(is_seen).collect();
            prop_assert_eq!(by_rules(&run).filter(is_seen).collect::<Vec<_>>(), whole);
        }
    }
}
