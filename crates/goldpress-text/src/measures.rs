//! Measures: numbers of a text that filters need.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use goldpress_model::{Block, Measures};

use crate::{CharKind, lines, sentences, stop_words, words::each_word};

/// Counts characters, words, sentences and shares of a text.
///
/// `blocks` are its lines with roles; `lang` picks the list of stop words.
pub fn measures(text: &str, blocks: &[Block], lang: &str) -> Measures {
    let classes = Classes::of(text);
    let list = stop_words::list_of(lang);
    let mut n_words = 0;
    let mut n_stop = 0;
    let mut lower = String::new();
    each_word(text, |word| {
        n_words += 1;
        n_stop += usize::from(list.is_some_and(|list| list.holds(word, &mut lower)));
    });
    let n_sentences = sentences(text).count();
    let in_blocks = |weight: &dyn Fn(&Block) -> f64| -> f64 {
        blocks.iter().map(|block| block.span.len() as f64 * weight(block)).sum()
    };
    let all = in_blocks(&|_| 1.0);
    let main = in_blocks(&|block| f64::from(u8::from(block.role.is_main())));
    let links = in_blocks(&|block| f64::from(block.link_density));
    Measures {
        n_chars: count(classes.all),
        n_words: count(n_words),
        n_sentences: count(n_sentences),
        mean_sentence_words: share(n_words as f64, n_sentences as f64),
        main_share: share(main, all),
        link_share: share(links, all),
        upper_share: share(classes.upper as f64, classes.letters as f64),
        digit_share: share(classes.digits as f64, classes.visible as f64),
        repeated_line_share: repeated_lines(text),
        symbol_share: share(classes.symbols as f64, classes.all as f64),
        stop_word_share: share(n_stop as f64, n_words as f64),
    }
}

/// How many characters are of which kind.
#[derive(Default)]
struct Classes {
    all: usize,
    visible: usize,
    letters: usize,
    upper: usize,
    digits: usize,
    symbols: usize,
}

impl Classes {
    fn of(text: &str) -> Classes {
        let mut classes = Classes::default();
        for c in text.chars() {
            classes.all += 1;
            // Most of most texts, without branches or tables.
            if c.is_ascii_lowercase() {
                classes.visible += 1;
                classes.letters += 1;
            } else {
                classes.add(c);
            }
        }
        classes
    }

    fn add(&mut self, c: char) {
        let kind = CharKind::of(c);
        if kind.is_whitespace() {
            return;
        }
        self.visible += 1;
        if kind.is_alphabetic() {
            self.letters += 1;
            self.upper += usize::from(kind.is_uppercase());
        } else if kind.is_numeric() {
            self.digits += 1;
        } else if is_symbol(c) {
            self.symbols += 1;
        }
    }
}

/// Neither letter, digit, punctuation nor mark: currency, arrows, emoji, box drawings.
fn is_symbol(c: char) -> bool {
    matches!(c,
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~'
        | '¢'..='¦' | '¨' | '©' | '¬' | '®'..='±' | '´' | '¸' | '×' | '÷'
        | '\u{20a0}'..='\u{20cf}' | '\u{2100}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}' | '\u{fffd}')
}

fn repeated_lines(text: &str) -> f32 {
    let mut seen = HashSet::with_hasher(RandomState::default());
    let mut n_lines = 0;
    let mut n_repeated = 0;
    for line in lines(text) {
        n_lines += 1;
        n_repeated += usize::from(!seen.insert(line.slice(text)));
    }
    share(f64::from(n_repeated as u32), f64::from(n_lines as u32))
}

fn share(part: f64, whole: f64) -> f32 {
    if whole > 0.0 { (part / whole) as f32 } else { 0.0 }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
