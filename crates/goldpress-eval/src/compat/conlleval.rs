//! `conlleval`, the script of 2004-01-26 of the CoNLL shared tasks.
//!
//! # Source
//!
//! Tjong Kim Sang and Buchholz (2000). Chunks are found by its rules for where one ends
//! and one starts, which are not those of any scheme: `E-X B-X` is one chunk, and `S`, `U`
//! and `L` break by label alone.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::Counts;

use super::{Chunk, CompatError, Sentences, same_shape};

/// What the script counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conlleval {
    /// Counts by label, of chunks on either side.
    pub by_label: BTreeMap<String, Counts>,
    /// Tags that are equal.
    pub equal_tags: u64,
    /// Tags.
    pub n_tags: u64,
}

/// Per cent with two decimals, as the script prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Precision.
    pub precision: String,
    /// Recall.
    pub recall: String,
    /// F with β = 1.
    pub fb1: String,
}

/// Scores tags.
///
/// # Errors
///
/// The sides have not the same shape, or a tag has one of the prefixes `.`, `[` and `]`.
pub fn conlleval(
    gold: &Sentences,
    predicted: &Sentences,
) -> Result<Conlleval, CompatError> {
    same_shape(gold, predicted)?;
    let mut state = State::default();
    for (gold, predicted) in gold.iter().zip(predicted) {
        for (gold, predicted) in gold.iter().zip(predicted) {
            let (gold, predicted) = (Tag::read(gold)?, Tag::read(predicted)?);
            state.result.n_tags += 1;
            state.result.equal_tags += u64::from(gold == predicted);
            state.step(gold, predicted);
        }
        state.step(Tag::OUTSIDE, Tag::OUTSIDE);
    }
    // The end of the data ends what is open: a lower-case `o` runs on past an `O`.
    if state.together {
        state.right();
    }
    Ok(state.result)
}

/// The chunks that the script finds in tags, sentence by sentence.
///
/// # Errors
///
/// As [`conlleval`].
pub fn chunks(sentences: &Sentences) -> Result<BTreeSet<Chunk>, CompatError> {
    let mut found = BTreeSet::new();
    for (sentence, tags) in sentences.iter().enumerate() {
        let mut before = Tag::OUTSIDE;
        let mut start = 0;
        let ends = tags.iter().map(|tag| Tag::read(tag));
        for (at, tag) in ends.chain([Ok(Tag::OUTSIDE)]).enumerate() {
            let tag = tag?;
            if before.ends_before(tag) {
                let label = before.label.to_owned();
                found.insert(Chunk { label, sentence, start, end: at });
            }
            if tag.starts_after(before) {
                start = at;
            }
            before = tag;
        }
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tag<'t> {
    prefix: &'t str,
    label: &'t str,
}

impl<'t> Tag<'t> {
    const OUTSIDE: Tag<'static> = Tag { prefix: "O", label: "" };

    fn read(tag: &'t str) -> Result<Tag<'t>, CompatError> {
        let (prefix, label) = tag.split_once('-').unwrap_or((tag, ""));
        match prefix {
            "." | "[" | "]" => Err(CompatError::Tag(tag.to_owned())),
            prefix => Ok(Tag { prefix, label }),
        }
    }

    fn ends_before(self, next: Tag<'_>) -> bool {
        matches!(
            (self.prefix, next.prefix),
            ("B" | "I", "B" | "O") | ("E", "E" | "I" | "O")
        ) || self.prefix != "O" && self.label != next.label
    }

    fn starts_after(self, before: Tag<'_>) -> bool {
        matches!(
            (before.prefix, self.prefix),
            ("B" | "I" | "O", "B") | ("O", "I" | "E") | ("E", "E" | "I")
        ) || self.prefix != "O" && self.label != before.label
    }
}

struct State<'t> {
    gold: Tag<'t>,
    predicted: Tag<'t>,
    /// Both chunks began together with one label and have run together since.
    together: bool,
    result: Conlleval,
}

impl Default for State<'_> {
    fn default() -> Self {
        let (gold, predicted) = (Tag::OUTSIDE, Tag::OUTSIDE);
        State { gold, predicted, together: false, result: Conlleval::default() }
    }
}

impl<'t> State<'t> {
    fn step(&mut self, gold: Tag<'t>, predicted: Tag<'t>) {
        let ends = (self.gold.ends_before(gold), self.predicted.ends_before(predicted));
        if self.together {
            if ends == (true, true) && self.gold.label == self.predicted.label {
                self.right();
            } else if ends.0 != ends.1 || gold.label != predicted.label {
                self.together = false;
            }
        }
        let starts =
            (gold.starts_after(self.gold), predicted.starts_after(self.predicted));
        if starts == (true, true) && gold.label == predicted.label {
            self.together = true;
        }
        if starts.0 {
            self.label(gold.label).missed += 1;
        }
        if starts.1 {
            self.label(predicted.label).spurious += 1;
        }
        (self.gold, self.predicted) = (gold, predicted);
    }

    /// The chunk that runs is right; both sides were counted as lost when it started.
    fn right(&mut self) {
        self.together = false;
        let counts = self.label(self.gold.label);
        counts.found += 1;
        counts.spurious -= 1;
        counts.missed -= 1;
    }

    fn label(&mut self, label: &str) -> &mut Counts {
        self.result.by_label.entry(label.to_owned()).or_default()
    }
}

impl Conlleval {
    /// Counts of all labels.
    pub fn total(&self) -> Counts {
        self.by_label.values().copied().sum()
    }

    /// Share of equal tags, as printed.
    pub fn accuracy(&self) -> String {
        percent(self.equal_tags, self.n_tags).1
    }

    /// Precision, recall and F of all labels or of one, as printed.
    pub fn printed(&self, label: Option<&str>) -> Printed {
        let counts = match label {
            None => self.total(),
            Some(label) => self.by_label.get(label).copied().unwrap_or_default(),
        };
        let (p, precision) = percent(counts.found, counts.predicted());
        let (r, recall) = percent(counts.found, counts.support());
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        Printed { precision, recall, fb1: format!("{f:.2}") }
    }
}

/// 0 where there is nothing to divide by, as the script has it.
fn percent(part: u64, whole: u64) -> (f64, String) {
    let value = if whole > 0 { 100.0 * part as f64 / whole as f64 } else { 0.0 };
    (value, format!("{value:.2}"))
}
