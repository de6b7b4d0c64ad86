//! Byte strings in 30 charsets and 18 languages, of which is known what they say.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_text::repair_mojibake;

use crate::web_texts::web_texts;

#[path = "../vectors/mod.rs"]
mod vectors;

/// Byte strings of each kind that are read as something else than they say. What a
/// detector of charsets cannot know (Mac charsets, `€` of ISO 8859-15) stays wrong. The
/// table of METHODOLOGY.md has the same numbers.
const WRONG: &[(&str, usize)] = &[
    ("mixed", 3),
    ("mojibake in sound text", 1),
    ("says utf-8", 2),
    ("undeclared", 7),
    ("unknown label", 2),
];

#[test]
fn what_bytes_say_is_read() {
    let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for vector in vectors::vectors() {
        let (outcome, text) = vector.outcome();
        if outcome != "right" {
            *wrong.entry(vector.kind).or_default() += 1;
            let (kind, language, charset) =
                (vector.kind, vector.language, vector.charset);
            shown.push(format!("{kind}, {language}, {charset}: {outcome} {text:?}"));
        }
    }
    let known: BTreeMap<&str, usize> = WRONG.iter().copied().collect();
    assert_eq!(wrong, known, "{shown:#?}");
}

#[test]
fn there_are_enough_vectors_to_say_something() {
    let vectors = vectors::vectors();
    let distinct = |of: fn(&vectors::Vector) -> &'static str| {
        vectors.iter().map(of).collect::<BTreeSet<_>>().len()
    };
    assert!(vectors.len() >= 300);
    assert!(distinct(|vector| vector.charset) > 20);
    assert!(distinct(|vector| vector.language) > 12);
}

#[test]
fn sound_text_is_left_alone() {
    let Some(texts) = web_texts() else { return };
    let lines: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.is_ascii())
        .collect();
    let is_touched = |line: &&&str| repair_mojibake(line).1 > 0 && !is_damaged(line);
    let touched: Vec<&&str> = lines.iter().filter(is_touched).collect();
    assert!(lines.len() > 5000, "{} lines", lines.len());
    assert!(touched.is_empty(), "{touched:#?}");
}

/// Some of the texts are mojibake in truth; the last is an article about it.
fn is_damaged(line: &str) -> bool {
    let is_control = |c| ('\u{80}'..='\u{9f}').contains(&c);
    let broken = ["Â®", "Â²", "Â³", "Â\u{a0}", "&quot;Ã¤&quot;"];
    line.contains(is_control) || broken.iter().any(|broken| line.contains(broken))
}
