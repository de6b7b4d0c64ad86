//! Words: UAX #29, and a dictionary where a script writes no spaces.

use std::ops::Range;

use goldpress_model::Span;
use icu_segmenter::{WordSegmenter, options::WordBreakInvariantOptions};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::{is_alphanumeric, script::is_spaceless};

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
    tokens(text).filter(move |token| token.slice(text).contains(is_alphanumeric))
}

/// Calls `act` with what [`words`] gives, in order, at half the cost.
pub(crate) fn each_word<'t>(text: &'t str, mut act: impl FnMut(&'t str)) {
    let mut act_on = |piece: &'t str| {
        if piece.contains(is_alphanumeric) {
            act(piece);
        }
    };
    for (_, run, kind) in runs(text) {
        if kind == Kind::Spaceless {
            by_dictionary(run).for_each(|(_, piece)| act_on(piece));
            continue;
        }
        for (_, stretch) in stretches(run) {
            match Plain::of(stretch) {
                Some(Plain { word }) if word.is_empty() => {}
                Some(Plain { word }) => act_on(&stretch[word]),
                None => stretch.split_word_bounds().for_each(&mut act_on),
            }
        }
    }
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
        let end = match kind {
            Kind::Spaced => spaced_end(rest),
            Kind::Spaceless => rest.char_indices().find(|(_, c)| !joins(*c, kind)),
        };
        let len = end.map_or(rest.len(), |(offset, _)| offset);
        let start = at;
        at += len;
        Some((start, &rest[..len], kind))
    })
}

/// The first character of a script without spaces.
fn spaced_end(text: &str) -> Option<(usize, char)> {
    let mut at = 0;
    loop {
        // Characters of fewer than three bytes are of scripts with spaces.
        at += text.as_bytes()[at..].iter().position(|byte| *byte >= 0xe0)?;
        let c = text[at..].chars().next()?;
        if !joins(c, Kind::Spaced) {
            return Some((at, c));
        }
        at += c.len_utf8();
    }
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
        let plain = Plain::of(stretch);
        let rest = if plain.is_some() { "" } else { stretch };
        let plain = plain.into_iter().flat_map(|plain| plain.pieces(stretch));
        let pieces = plain.chain(rest.split_word_bound_indices());
        pieces.map(move |(n, piece)| (at + n, piece))
    })
}

/// A stretch that is one run of letters and digits, and around it marks each of which
/// stands alone: `“quota”,`. No rule looks further than that.
struct Plain {
    word: Range<usize>,
}

impl Plain {
    fn of(stretch: &str) -> Option<Plain> {
        Plain::of_ascii(stretch.as_bytes()).unwrap_or_else(|| Plain::of_any(stretch))
    }

    /// The same without decoding anything, where ASCII decides; `None` where it does not.
    fn of_ascii(bytes: &[u8]) -> Option<Option<Plain>> {
        let kind =
            |at: usize| bytes.get(at).map_or(ASCII_END, |byte| ASCII[*byte as usize]);
        let run = |mut at: usize, of: u8| {
            while kind(at) == of {
                at += 1;
            }
            at
        };
        let start = run(0, ASCII_MARK);
        let end = run(start, ASCII_LETTER);
        match kind(run(end, ASCII_MARK)) {
            ASCII_END => Some(Some(Plain { word: start..end })),
            ASCII_NO => None,
            // Whatever comes behind, this is neither its letter nor its mark.
            _ => Some(None),
        }
    }

    fn of_any(stretch: &str) -> Option<Plain> {
        let start = stretch.find(|c| !is_lone_mark(c)).unwrap_or(stretch.len());
        let rest = &stretch[start..];
        let end = start + rest.find(|c| !is_plain_letter(c)).unwrap_or(rest.len());
        stretch[end..].chars().all(is_lone_mark).then_some(Plain { word: start..end })
    }

    fn pieces(self, stretch: &str) -> impl Iterator<Item = (usize, &str)> {
        let marks = |from: usize, to: usize| {
            let marks = &stretch[from..to];
            marks
                .char_indices()
                .map(move |(n, c)| (from + n, &marks[n..n + c.len_utf8()]))
        };
        let Range { start, end } = self.word;
        let word = (start < end).then(|| (start, &stretch[start..end]));
        marks(0, start).chain(word).chain(marks(end, stretch.len()))
    }
}

/// Kinds of bytes for [`Plain::of_ascii`].
const ASCII_END: u8 = 0;
const ASCII_LETTER: u8 = 1;
const ASCII_MARK: u8 = 2;
const ASCII_OTHER: u8 = 3;
const ASCII_NO: u8 = 4;

static ASCII: [u8; 256] = {
    let mut kinds = [ASCII_NO; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        kinds[at] = match byte {
            b'_' => ASCII_OTHER,
            _ if byte.is_ascii_alphanumeric() => ASCII_LETTER,
            _ if byte.is_ascii_punctuation() => ASCII_MARK,
            _ => ASCII_OTHER,
        };
        at += 1;
    }
    kinds
};

/// Word_Break=ALetter or Numeric of the scripts that most text is in.
fn is_plain_letter(c: char) -> bool {
    match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{24f}' => true,
        'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' => true,
        _ => false,
    }
}

/// A mark that joins nothing unless it has a letter or a digit on both sides.
fn is_lone_mark(c: char) -> bool {
    match c {
        c if c.is_ascii() => c.is_ascii_punctuation() && c != '_',
        '«' | '»' | '–' | '—' | '‘'..='‟' | '…' | '‹' | '›' => true,
        _ => false,
    }
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

        #[test]
        fn each_word_is_one_of_the_words(text in "[aB1_ \n.,:'’“»\u{301}éж三か\u{e01}\u{200d}\u{a0}]{0,24}") {
            let mut each = Vec::new();
            each_word(&text, |word| each.push(word));
            prop_assert_eq!(each, words(&text).map(|word| word.slice(&text)).collect::<Vec<_>>());
        }
    }
}
