//! Characters and white space: what is removed, what becomes a space, what is composed.

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_segmentation::UnicodeSegmentation;

use crate::map::Rewrite;

/// What becomes of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    Space,
    LineEnd,
    Drop,
}

fn fate(c: char) -> Fate {
    match c {
        ' ' | '\t' | '\u{b}' | '\u{c}' => Fate::Space,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::LineEnd,
        '!'..='~' => Fate::Keep,
        // Soft hyphen, zero-width space, word joiner, byte order mark. The joiners U+200C
        // and U+200D stay: Persian, Indic scripts and emoji need them; so do marks of
        // direction.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => Fate::Drop,
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Fate::Space,
        c if c.is_control() => Fate::Drop,
        _ => Fate::Keep,
    }
}

/// Line ends, spaces and characters without a width, in one pass.
pub(crate) fn white_space(text: &str) -> Option<(Rewrite<'_>, u32)> {
    let mut rewrite = Rewrite::of(text);
    let mut at = 0;
    while let Some(start) = next_special(text, at) {
        let gap = Gap::measure(text, start);
        let is_edge = start == 0 || gap.end == text.len();
        let new = match gap.line_ends {
            _ if is_edge => "",
            0 if gap.has_space => " ",
            0 => "",
            1 => "\n",
            _ => "\n\n",
        };
        rewrite.replace(start..gap.end, new);
        at = gap.end;
    }
    rewrite.finish().map(|rewrite| (rewrite, 0))
}

/// Where the next character stands that is not plainly kept.
fn next_special(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'!'..=b'~' => at += 1,
            // A single space inside a line is what most gaps are.
            b' ' if at > 0
                && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic)
                && bytes[at - 1].is_ascii_graphic() =>
            {
                at += 2;
            }
            0..=0x7f => return Some(at),
            _ => {
                let c = text[at..].chars().next()?;
                if fate(c) != Fate::Keep {
                    return Some(at);
                }
                at += c.len_utf8();
            }
        }
    }
    None
}

/// A stretch of white space and of characters to be dropped.
struct Gap {
    end: usize,
    line_ends: usize,
    has_space: bool,
}

impl Gap {
    fn measure(text: &str, start: usize) -> Gap {
        let mut gap = Gap { end: text.len(), line_ends: 0, has_space: false };
        let mut after_return = false;
        for (offset, c) in text[start..].char_indices() {
            match fate(c) {
                Fate::Keep => {
                    gap.end = start + offset;
                    break;
                }
                Fate::Space => gap.has_space = true,
                Fate::LineEnd if c == '\n' && after_return => {}
                Fate::LineEnd => gap.line_ends += 1,
                Fate::Drop => {}
            }
            after_return = c == '\r';
        }
        gap
    }
}

/// NFC.
pub(crate) fn compose(text: &str) -> Option<(Rewrite<'_>, u32)> {
    if text.is_ascii() {
        return None;
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let (head, _) = nfc.split_normalized(text);
    if head.len() == text.len() {
        return None;
    }
    let mut rewrite = Rewrite::of(text);
    // Nothing composes across the edge of a grapheme, so each is looked at alone, which
    // keeps edits small. The head may end inside one: go back to a line end.
    let from = head.rfind('\n').map_or(0, |at| at + 1);
    for (offset, grapheme) in text[from..].grapheme_indices(true) {
        if grapheme.len() > 1 && !nfc.is_normalized(grapheme) {
            let start = from + offset;
            rewrite.replace(start..start + grapheme.len(), &nfc.normalize(grapheme));
        }
    }
    rewrite.finish().map(|rewrite| (rewrite, 0))
}
