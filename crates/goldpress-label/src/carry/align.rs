//! Two texts laid along each other: which character of the old one is which of the new.
//!
//! Words are aligned first, then the characters inside what was replaced, both by longest
//! common subsequence. Quotes, dashes and white space count as their plain forms, so that
//! an edge that is a curly quote meets the straight one.

use std::ops::Range;

use goldpress_text::tokens;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Where each character of the old text stands in the new one, if it does.
pub(super) struct Alignment {
    /// By old character: its place among the new ones.
    places: Vec<Option<u32>>,
    /// By new character: whether it is one of the old ones.
    kept: Vec<bool>,
}

impl Alignment {
    pub(super) fn new(old: &str, new: &str) -> Alignment {
        let (old_words, new_words) = (Words::of(old), Words::of(new));
        let mut alignment = Alignment {
            places: vec![None; old_words.letters.len()],
            kept: vec![false; new_words.letters.len()],
        };
        let ops =
            capture_diff_slices(Algorithm::Myers, &old_words.folded, &new_words.folded);
        for op in ops {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                for n in 0..len {
                    let from = old_words.ranges[old_index + n].clone();
                    let to = new_words.ranges[new_index + n].start;
                    from.enumerate().for_each(|(step, at)| alignment.set(at, to + step));
                }
            } else {
                let from = old_words.stretch(op.old_range());
                let to = new_words.stretch(op.new_range());
                alignment.align_letters(&old_words, from, &new_words, to);
            }
        }
        alignment
    }

    fn set(&mut self, old: usize, new: usize) {
        self.places[old] = u32::try_from(new).ok();
        self.kept[new] = true;
    }

    fn align_letters(
        &mut self,
        old: &Words,
        from: Range<usize>,
        new: &Words,
        to: Range<usize>,
    ) {
        let (a, b) = (&old.letters[from.clone()], &new.letters[to.clone()]);
        for op in capture_diff_slices(Algorithm::Myers, a, b) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                for n in 0..len {
                    self.set(from.start + old_index + n, to.start + new_index + n);
                }
            }
        }
    }

    /// Where an old character stands now.
    pub(super) fn place(&self, old: u32) -> Option<u32> {
        self.places.get(old as usize).copied().flatten()
    }

    /// Whether a new character was there before.
    pub(super) fn is_kept(&self, new: u32) -> bool {
        self.kept.get(new as usize).copied().unwrap_or(true)
    }
}

/// A text as folded words, with their places in code points.
struct Words {
    /// All characters, folded one by one.
    letters: Vec<char>,
    folded: Vec<String>,
    ranges: Vec<Range<usize>>,
}

impl Words {
    fn of(text: &str) -> Words {
        let letters: Vec<char> = text.chars().map(folded).collect();
        let mut words = Words { letters, folded: Vec::new(), ranges: Vec::new() };
        let (mut byte, mut at) = (0, 0);
        for token in tokens(text) {
            at += text[byte..token.start()].chars().count();
            let word: String = token.slice(text).chars().map(folded).collect();
            let start = at;
            at += word.chars().count();
            byte = token.end();
            words.folded.push(word);
            words.ranges.push(start..at);
        }
        words
    }

    /// The characters of some words, with the white space between them.
    fn stretch(&self, words: Range<usize>) -> Range<usize> {
        if words.is_empty() {
            return 0..0;
        }
        self.ranges[words.start].start..self.ranges[words.end - 1].end
    }
}

/// The plain form of a character that texts spell in several ways.
pub(super) fn folded(letter: char) -> char {
    match letter {
        '‘' | '’' | '‚' | '‛' | '′' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    }
}
