//! Phrases: where a source begins and ends, and what is left of a sentence.

use std::ops::Range;

use crate::words::Word;

/// A source longer than this is a clause.
const MAX_SOURCE_WORDS: usize = 16;

/// Where the addressee of `told the BBC that` ends.
pub(super) fn addressee_end(words: &[Word<'_>], at: usize) -> Option<usize> {
    let that = words.iter().skip(at + 1).take(8).find(|word| word.lower == "that");
    that.map(|that| that.start)
}

/// The words between the last comma, conjunction or quotation and the verb.
pub(super) fn preceding_source(
    sentence: &str,
    words: &[Word<'_>],
    at: usize,
) -> Option<Range<usize>> {
    const BOUNDARIES: [&str; 16] = [
        "but", "while", "as", "because", "that", "although", "though", "when", "whereas",
        "after", "before", "since", "so", "yet", "however", "if",
    ];
    const SKIPPED: [&str; 20] = [
        "has",
        "have",
        "had",
        "also",
        "previously",
        "later",
        "recently",
        "then",
        "already",
        "earlier",
        "repeatedly",
        "once",
        "twice",
        "again",
        "still",
        "now",
        "reportedly",
        "publicly",
        "personally",
        "did",
    ];
    let mut last = at;
    while last > 0 && SKIPPED.contains(&words[last - 1].lower.as_str()) {
        last -= 1;
    }
    // `had been denied` and `have not said` say nothing.
    const VOID: [&str; 9] =
        ["been", "being", "be", "is", "are", "was", "were", "not", "never"];
    if last > 0 && VOID.contains(&words[last - 1].lower.as_str()) {
        return None;
    }
    let mut first = last;
    while first > 0 {
        let before = &sentence[words[first - 1].end..words.get(first)?.start];
        let is_cut = first < last
            && before.contains([',', ';', ':', '“', '”', '"', '–', '—', '(', ')']);
        let is_cut =
            is_cut || first == last && before.contains([';', ':', '”', '"', '–', '—']);
        if is_cut || BOUNDARIES.contains(&words[first - 1].lower.as_str()) {
            break;
        }
        first -= 1;
    }
    let n_words = last - first;
    let starts = words.get(first)?;
    let is_pronoun = matches!(
        starts.lower.as_str(),
        "which" | "who" | "to" | "and" | "or" | "not" | "be" | "been"
    );
    if n_words == 0 || n_words > MAX_SOURCE_WORDS || is_pronoun {
        return None;
    }
    trimmed(sentence, starts.start..words[last - 1].end)
}

/// The words after the verb, up to a comma, a time or the end.
pub(super) fn following_source(
    sentence: &str,
    words: &[Word<'_>],
    at: usize,
) -> Option<Range<usize>> {
    const ENDS: [&str; 9] =
        ["on", "in", "at", "after", "when", "while", "as", "during", "who"];
    let first = words.get(at + 1)?;
    let mut end = first.end;
    for pair in words[at + 1..].windows(2).take(MAX_SOURCE_WORDS) {
        let between = &sentence[pair[0].end..pair[1].start];
        let is_cut = between.contains([',', ';', '“', '"', ':', '–', '—']);
        if is_cut || ENDS.contains(&pair[1].lower.as_str()) {
            break;
        }
        end = pair[1].end;
    }
    trimmed(sentence, first.start..end)
}

/// Where the sentence ends without its last full stop; a quotation keeps it.
pub(super) fn body_end(sentence: &str) -> usize {
    let bare = sentence.trim_end();
    bare.strip_suffix(['.', '!', '?', '…']).map_or(bare.len(), str::len)
}

/// A range without blanks and commas at its ends; `None` where nothing is left.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let slice = text.get(range.clone())?;
    let cut = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—');
    let start = range.start + slice.len() - slice.trim_start_matches(cut).len();
    let end = range.start + slice.trim_end_matches(cut).len();
    (start < end && text[start..end].chars().any(char::is_alphanumeric))
        .then_some(start..end)
}
