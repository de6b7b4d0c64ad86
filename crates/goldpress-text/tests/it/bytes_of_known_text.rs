//! Byte strings in 30 charsets and 18 languages, of which is known what they say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use goldpress_text::repair_mojibake;

#[path = "../vectors/mod.rs"]
mod vectors;

/// Byte strings of each kind that are read as something else than they say. What a
/// detector of charsets cannot know (Mac charsets, `€` of ISO 8859-15) stays wrong.
const WRONG_AT_MOST: &[(&str, usize)] = &[
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
    let most: BTreeMap<&str, usize> = WRONG_AT_MOST.iter().copied().collect();
    assert_eq!(wrong, most, "{shown:#?}");
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

/// Real texts of the web lie beside the repository; a clone without them skips.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn sound_text_is_left_alone() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/wcxb-dev/ground-truth");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    let mut n_lines = 0;
    let mut touched = BTreeSet::new();
    for entry in entries {
        let path = entry.expect("a folder can be listed").path();
        let json = fs::read_to_string(path).expect("a file can be read");
        let page: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
        let text = page["ground_truth"]["main_content"].as_str().unwrap_or_default();
        for line in text.lines().filter(|line| !line.is_ascii()) {
            n_lines += 1;
            if repair_mojibake(line).1 > 0 && !is_damaged(line) {
                touched.insert(line.to_owned());
            }
        }
    }
    assert!(n_lines > 5000, "{n_lines} lines");
    assert!(touched.is_empty(), "{touched:#?}");
}

/// Some of the texts are mojibake in truth; the last is an article about it.
fn is_damaged(line: &str) -> bool {
    let is_control = |c| ('\u{80}'..='\u{9f}').contains(&c);
    let broken = ["Â®", "Â²", "Â³", "Â\u{a0}", "&quot;Ã¤&quot;"];
    line.contains(is_control) || broken.iter().any(|broken| line.contains(broken))
}
