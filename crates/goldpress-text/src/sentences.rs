//! Sentences: UAX #29 inside each line, with the full stops of abbreviations taken out.

use goldpress_model::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::lines;

/// Abbreviations that are followed by a name or a number rather than by a new sentence,
/// in lower case, without their full stop: English, German, French, Spanish, Italian,
/// Portuguese, Dutch, Russian.
const ABBREVIATIONS: &[&str] = &[
    "abb", "abs", "adm", "al", "apr", "approx", "art", "aug", "av", "ave", "bd", "bros",
    "bzw", "ca", "capt", "cf", "chap", "cie", "cmdr", "col", "corp", "cpl", "d", "dec",
    "dept", "det", "dipl", "dir", "dr", "dra", "e.g", "ed", "eds", "est", "etc", "evtl",
    "exc", "feb", "fig", "figs", "fr", "ft", "gen", "geb", "gest", "ggf", "gov", "hr",
    "hrsg", "i.e", "inc", "ing", "inkl", "insp", "jan", "jr", "jul", "jun", "lic", "lt",
    "ltd", "m", "maj", "mar", "max", "me", "messrs", "mgr", "min", "mio", "mlle", "mm",
    "mme", "mmes", "mr", "mrd", "mrs", "ms", "mt", "mx", "nov", "nr", "núm", "no", "nos",
    "o", "oct", "okt", "op", "p", "pág", "par", "pfc", "pp", "pres", "prof", "profa",
    "pvt", "rep", "reps", "rev", "sec", "sen", "sens", "sept", "sep", "sgt", "sog", "sr",
    "sra", "srta", "st", "sta", "ste", "sto", "str", "supt", "tel", "u", "usw", "v",
    "vgl", "viz", "vol", "vs", "z.b", "d.h", "u.a", "г", "гг", "др", "им", "млн", "млрд",
    "проф", "руб", "см", "стр", "т", "тыс", "ул",
];

/// Words that open an English sentence so often that a full stop before them ends one,
/// even behind `U.S.` or an initial.
const OPENERS: &[&str] = &[
    "A", "After", "An", "And", "As", "At", "But", "For", "He", "His", "However", "I",
    "If", "In", "It", "Its", "On", "She", "That", "The", "Their", "They", "This", "We",
    "When", "While", "With",
];

/// The sentences of a text, none of which crosses a line.
///
/// ```
/// use goldpress_text::sentences;
///
/// let text = "A U.S. official left. Dr. Vantress of St. Orrin spoke.\nNo full stop here";
/// let found: Vec<&str> = sentences(text).map(|span| span.slice(text)).collect();
/// assert_eq!(
///     found,
///     ["A U.S. official left.", "Dr. Vantress of St. Orrin spoke.", "No full stop here"]
/// );
/// ```
pub fn sentences(text: &str) -> impl Iterator<Item = Span> {
    lines(text).flat_map(move |line| {
        let start = line.start();
        in_line(line.slice(text)).into_iter().map(move |(from, to)| {
            Span::new(text, start + from, start + to).expect("a sentence has characters")
        })
    })
}

/// Byte ranges of the sentences of one line, white space at their ends left out.
fn in_line(line: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for end in breaks(line) {
        let rest = &line[end..];
        if !rest.is_empty() && !ends_sentence(line[from..end].trim_end(), rest) {
            continue;
        }
        let sentence = &line[from..end];
        let start = from + sentence.len() - sentence.trim_start().len();
        let stop = from + sentence.trim_end().len();
        if start < stop {
            found.push((start, stop));
        }
        from = end;
    }
    found
}

/// Where UAX #29 breaks a line, its end among them.
///
/// Only what may end a sentence is looked at with its tables, together with its word:
/// the rules ask for no more of what stands before.
fn breaks(line: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        if from == line.len() {
            return None;
        }
        let ending = next_ending(&line[from..]);
        at = ending.map_or(line.len(), |offset| {
            let head = &line[from..from + offset];
            let word = from + head.rfind(' ').unwrap_or(0);
            let piece = line[word..].split_sentence_bounds().next();
            piece.map_or(line.len(), |piece| word + piece.len())
        });
        Some(at)
    })
}

/// Where the first character stands that a sentence may end with.
fn next_ending(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        // Most text is letters and spaces of ASCII.
        let is_looked_at =
            |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | b'\n' | b'\r' | 0x80..);
        at += text.as_bytes()[at..].iter().position(is_looked_at)?;
        let c = text[at..].chars().next()?;
        if may_end(c) {
            return Some(at);
        }
        at += c.len_utf8();
    }
}

/// Whether a sentence may end with this character, or a line: no others do below U+0589,
/// and dashes and quotation marks do not.
fn may_end(c: char) -> bool {
    match c {
        '.' | '!' | '?' | '\n' | '\r' | '\u{85}' => true,
        ..'\u{589}' | '\u{2010}'..='\u{2023}' | '\u{2025}'..='\u{2027}' => false,
        _ => true,
    }
}

/// Whether a break that UAX #29 sees behind `head` is one.
fn ends_sentence(head: &str, rest: &str) -> bool {
    // “Never!” he said.
    if rest.trim_start().starts_with(char::is_lowercase) {
        return false;
    }
    let Some(head) = head.strip_suffix('.') else { return true };
    let word = head.rsplit([' ', '(', '“', '"', '‘', '«', '—', '’']).next().unwrap_or("");
    let next = rest.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    let opens = next.is_some_and(|next| OPENERS.contains(&next));
    let lower = word.to_lowercase();
    // `no.` and `may.` end sentences too: an ordinary word needs a digit behind it.
    if matches!(lower.as_str(), "no" | "art" | "max" | "min" | "me" | "al") {
        return !next.is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
    }
    if matches!(
        lower.as_str(),
        "etc" | "inc" | "ltd" | "corp" | "bros" | "jr" | "sr" | "usw"
    ) {
        return true;
    }
    if is_initials(word) {
        return opens;
    }
    // A German ordinal: `am 3. Mai`.
    let is_ordinal = word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit());
    if is_ordinal && !word.is_empty() {
        return !next.is_some_and(is_german_month);
    }
    !ABBREVIATIONS.contains(&lower.as_str())
}

/// `J`, `U.S`, `J.P`: single capitals with full stops between them.
fn is_initials(word: &str) -> bool {
    !word.is_empty()
        && word.split('.').all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
        })
}

fn is_german_month(word: &str) -> bool {
    matches!(
        word,
        "Januar"
            | "Jänner"
            | "Februar"
            | "März"
            | "April"
            | "Mai"
            | "Juni"
            | "Juli"
            | "August"
            | "September"
            | "Oktober"
            | "November"
            | "Dezember"
            | "Jahrhundert"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn breaks_are_those_of_the_whole_line(line in "[aB1 .,!?’”)\u{301}\u{ad}。…‼é\u{200d}]{0,24}") {
            let whole: Vec<usize> =
                line.split_sentence_bound_indices().map(|(at, piece)| at + piece.len()).collect();
            prop_assert_eq!(breaks(&line).collect::<Vec<_>>(), whole);
        }
    }
}
