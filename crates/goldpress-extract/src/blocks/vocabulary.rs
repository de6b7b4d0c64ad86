//! Vocabulary: words and phrases of short lines, each with its weight.
//!
//! `Read more`, `Share`, `3 min read`: what a line of a few words is, its words say better
//! than its length. A line of a language that the vocabulary does not know has none of
//! them, and is judged by all else.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::line::Line;
use crate::lexicon::fold;

/// Longest line that is looked at, in words and bytes; longer ones are text by their length.
const MOST_WORDS: usize = 25;
const MOST_BYTES: usize = 240;
/// Longest line that is a phrase as a whole.
const PHRASE_WORDS: usize = 5;

/// Weight of each word (`share`), first word (`^share`), last word (`this$`), beginning
/// (`^share this`) and whole line (`^share this$`); numbers are `0`.
pub(crate) type Vocabulary = HashMap<String, f32, FixedState>;

/// Hands each entry of a line to `take`, each once.
pub(crate) fn entries(line: &Line<'_>, mut take: impl FnMut(&str)) {
    if line.n_words > MOST_WORDS || line.text.len() > MOST_BYTES {
        return;
    }
    let folded = fold(line.text);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '©' | '@' | '&');
    let words: Vec<&str> = folded
        .split(|c| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(number)
        .collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    for (at, word) in words.iter().enumerate() {
        if !words[..at].contains(word) {
            take(word);
        }
    }
    let mut entry = format!("^{first}");
    take(&entry);
    if let Some(second) = words.get(1) {
        entry.push(' ');
        entry.push_str(second);
        take(&entry);
        take(&format!("{last}$"));
    }
    if words.len() <= PHRASE_WORDS {
        take(&format!("^{}$", words.join(" ")));
    }
}

fn number(word: &str) -> &str {
    if word.starts_with(|c: char| c.is_numeric()) { "0" } else { word }
}

/// The sum of the weights of a line.
pub(crate) fn score(vocabulary: &Vocabulary, line: &Line<'_>) -> f32 {
    if vocabulary.is_empty() {
        return 0.0;
    }
    let mut sum = 0.0;
    entries(line, |entry| sum += vocabulary.get(entry).copied().unwrap_or(0.0));
    sum
}
