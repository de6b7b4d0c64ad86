//! `nervaluate` 1.2.1: four readings of spans, first come, first served.
//!
//! Its numbers hang on the order of both lists, which are therefore those of the file.

use super::{CompatError, Sentences, same_shape};
use crate::average::Outcomes;

/// A span with an inclusive end, as the program takes it: goldpress passes `end − 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusive {
    /// Label.
    pub label: String,
    /// First unit.
    pub start: i64,
    /// Last unit.
    pub end: i64,
}

/// Outcomes under the four readings, summed over documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nervaluate {
    /// Bounds and label.
    pub strict: Outcomes,
    /// Bounds.
    pub exact: Outcomes,
    /// Overlap, half a hit.
    pub partial: Outcomes,
    /// Overlap and label.
    pub ent_type: Outcomes,
}

/// Both sides of one document.
pub type Document = (Vec<Inclusive>, Vec<Inclusive>);

/// Scores documents. `tags` are the labels that count, others vanish; a shared stretch
/// counts from `min_overlap` per cent of the gold span, 1 as a rule.
pub fn nervaluate(documents: &[Document], tags: &[&str], min_overlap: f64) -> Nervaluate {
    let mut sums = Nervaluate::default();
    for (gold, predicted) in documents {
        let known = |side: &[Inclusive]| -> Vec<Inclusive> {
            let known = |span: &&Inclusive| tags.contains(&span.label.as_str());
            side.iter().filter(known).cloned().collect()
        };
        let (gold, predicted) = (known(gold), known(predicted));
        for reading in [READ_STRICT, READ_EXACT, READ_PARTIAL, READ_TYPE] {
            let outcomes = (reading.sum)(&mut sums);
            greedy(&gold, &predicted, min_overlap, &reading, outcomes);
        }
    }
    sums
}

/// Scores the spans of one label alone, so that label rows do not add up to the total.
pub fn of_label(documents: &[Document], label: &str, min_overlap: f64) -> Nervaluate {
    nervaluate(documents, &[label], min_overlap)
}

struct Reading {
    sum: fn(&mut Nervaluate) -> &mut Outcomes,
    /// Whether a pair that shares enough is the one looked for.
    right: fn(&Inclusive, &Inclusive) -> bool,
    /// Whether the right one must share anything.
    needs_overlap: bool,
    /// Takes the right one whose bounds are nearest, not the first.
    nearest: bool,
    /// What an overlap with another is.
    other: fn(&mut Outcomes) -> &mut u64,
}

const READ_STRICT: Reading = Reading {
    sum: |all| &mut all.strict,
    right: |gold, predicted| gold == predicted,
    needs_overlap: false,
    nearest: false,
    other: |outcomes| &mut outcomes.incorrect,
};
const READ_EXACT: Reading = Reading {
    sum: |all| &mut all.exact,
    right: |gold, predicted| (gold.start, gold.end) == (predicted.start, predicted.end),
    needs_overlap: false,
    nearest: false,
    other: |outcomes| &mut outcomes.incorrect,
};
const READ_PARTIAL: Reading = Reading {
    sum: |all| &mut all.partial,
    right: |gold, predicted| (gold.start, gold.end) == (predicted.start, predicted.end),
    needs_overlap: true,
    nearest: false,
    other: |outcomes| &mut outcomes.partial,
};
const READ_TYPE: Reading = Reading {
    sum: |all| &mut all.ent_type,
    right: |gold, predicted| gold.label == predicted.label,
    needs_overlap: true,
    nearest: true,
    other: |outcomes| &mut outcomes.incorrect,
};

fn greedy(
    gold: &[Inclusive],
    predicted: &[Inclusive],
    min_overlap: f64,
    reading: &Reading,
    outcomes: &mut Outcomes,
) {
    let mut used = vec![false; gold.len()];
    for span in predicted {
        let free: Vec<usize> = (0..gold.len()).filter(|&at| !used[at]).collect();
        let enough = |at: usize| overlap(&gold[at], span) >= min_overlap;
        let right = free.iter().copied().filter(|&at| {
            (reading.right)(&gold[at], span) && (!reading.needs_overlap || enough(at))
        });
        let far = |at: &usize| {
            gold[*at].start.abs_diff(span.start) + gold[*at].end.abs_diff(span.end)
        };
        let right =
            if reading.nearest { right.min_by_key(far) } else { right.into_iter().min() };
        let taken = right.or_else(|| free.iter().copied().find(|&at| enough(at)));
        match taken {
            Some(at) => {
                used[at] = true;
                let count = match right {
                    Some(_) => &mut outcomes.correct,
                    None => (reading.other)(outcomes),
                };
                *count += 1;
            }
            None => outcomes.spurious += 1,
        }
    }
    outcomes.missing += used.iter().filter(|used| !**used).count() as u64;
}

/// Shared units as per cent of the gold span; 0 where a span is reversed.
fn overlap(gold: &Inclusive, predicted: &Inclusive) -> f64 {
    let shared = gold.end.min(predicted.end) - gold.start.max(predicted.start) + 1;
    let len = gold.end - gold.start + 1;
    if shared <= 0 || len <= 0 { 0.0 } else { 100.0 * shared as f64 / len as f64 }
}

/// Precision, recall and F: half credit for a partial hit, 0 where nothing can be divided.
pub fn prf(outcomes: &Outcomes) -> [f64; 3] {
    let hits = outcomes.correct as f64 + 0.5 * outcomes.partial as f64;
    let ratio = |whole: u64| if whole > 0 { hits / whole as f64 } else { 0.0 };
    let (p, r) = (ratio(outcomes.actual()), ratio(outcomes.possible()));
    [p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }]
}

/// Spans of tags: `B-` or `I-` opens one; `O`, `B-` or another label closes it; another
/// prefix continues one of the same label.
///
/// # Errors
///
/// The sides have not the same shape, or another prefix stands where nothing is open.
pub fn documents(
    gold: &Sentences,
    predicted: &Sentences,
) -> Result<Vec<Document>, CompatError> {
    same_shape(gold, predicted)?;
    let pairs = gold.iter().zip(predicted);
    pairs.map(|(gold, predicted)| Ok((spans(gold)?, spans(predicted)?))).collect()
}

/// Spans of the tags of one sentence, by the same rules.
///
/// # Errors
///
/// As [`documents`].
pub fn spans(tags: &[String]) -> Result<Vec<Inclusive>, CompatError> {
    let mut spans: Vec<Inclusive> = Vec::new();
    let mut open = false;
    for (at, tag) in tags.iter().enumerate() {
        let at = at as i64;
        if tag == "O" {
            open = false;
            continue;
        }
        let (prefix, label) =
            tag.split_once('-').ok_or_else(|| CompatError::Tag(tag.clone()))?;
        match spans.last_mut().filter(|span| open && span.label == label) {
            Some(span) if prefix != "B" => span.end = at,
            _ if matches!(prefix, "B" | "I") => {
                spans.push(Inclusive { label: label.to_owned(), start: at, end: at });
                open = true;
            }
            _ => return Err(CompatError::Tag(tag.clone())),
        }
    }
    Ok(spans)
}
