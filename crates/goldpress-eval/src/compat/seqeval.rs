//! `seqeval` 1.2.2: its default rules, and its strict rules under a declared scheme.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::Counts;

use super::{Chunk, CompatError, Sentences, by_label, same_shape};
use crate::tags::{Scheme, Step};

/// What the program counts and prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seqeval {
    /// Counts by label of either side.
    pub by_label: BTreeMap<String, Counts>,
}

/// Scores by the default rules, which find chunks in any sequence of tags.
///
/// # Errors
///
/// The sides have not the same shape, or a tag is empty.
pub fn default(gold: &Sentences, predicted: &Sentences) -> Result<Seqeval, CompatError> {
    same_shape(gold, predicted)?;
    Ok(Seqeval { by_label: by_label(&loose(gold)?, &loose(predicted)?) })
}

/// Scores by the rules of a scheme; a chunk that does not end as the scheme has it is none.
///
/// # Errors
///
/// The sides have not the same shape, or a tag has a prefix outside the scheme.
pub fn strict(
    gold: &Sentences,
    predicted: &Sentences,
    scheme: Scheme,
) -> Result<Seqeval, CompatError> {
    same_shape(gold, predicted)?;
    let (gold, predicted) = (chunks(gold, scheme)?, chunks(predicted, scheme)?);
    Ok(Seqeval { by_label: by_label(&gold, &predicted) })
}

/// Chunks by the default rules. Sentences run on, each followed by an `O`.
///
/// # Errors
///
/// A tag is empty.
pub fn loose(sentences: &Sentences) -> Result<BTreeSet<Chunk>, CompatError> {
    let mut chunks = BTreeSet::new();
    let (mut before, mut start, mut at) = (('O', ""), 0, 0);
    let outside = "O".to_owned();
    let tags = sentences.iter().flat_map(|s| s.iter().chain(std::iter::once(&outside)));
    for tag in tags.chain(std::iter::once(&outside)) {
        let mut rest = tag.chars();
        let prefix = rest.next().ok_or_else(|| CompatError::Tag(String::new()))?;
        let rest = rest.as_str();
        let label = rest.split_once('-').map_or(rest, |(_, label)| label);
        let label = if label.is_empty() { "_" } else { label };
        let (p, c, other) = (before.0, prefix, before.1 != label);
        let ends = matches!((p, c), ('E' | 'S', _) | ('B' | 'I', 'B' | 'S' | 'O'))
            || p != 'O' && p != '.' && other;
        if ends {
            let label = before.1.to_owned();
            chunks.insert(Chunk { label, sentence: 0, start, end: at });
        }
        let starts = matches!((p, c), (_, 'B' | 'S') | ('E' | 'S' | 'O', 'E' | 'I'))
            || c != 'O' && c != '.' && other;
        if starts {
            start = at;
        }
        before = (prefix, label);
        at += 1;
    }
    Ok(chunks)
}

/// Chunks under a scheme, sentence by sentence.
///
/// # Errors
///
/// A tag has a prefix outside the scheme.
pub fn chunks(
    sentences: &Sentences,
    scheme: Scheme,
) -> Result<BTreeSet<Chunk>, CompatError> {
    let mut found = BTreeSet::new();
    for (sentence, tags) in sentences.iter().enumerate() {
        let mut read = Vec::with_capacity(tags.len() + 1);
        for tag in tags {
            let mut rest = tag.chars();
            let prefix = rest.next().unwrap_or(' ');
            if !scheme.prefixes().contains(prefix) {
                return Err(CompatError::Tag(tag.clone()));
            }
            let label = rest.as_str().trim_matches('-');
            read.push((prefix, if label.is_empty() { "_" } else { label }));
        }
        read.push(('O', "_"));
        let step = |at: usize| Step {
            before: if at == 0 { 'O' } else { read[at - 1].0 },
            now: read[at].0,
            same: at > 0 && read[at - 1].1 == read[at].1 || at == 0 && read[0].1 == "_",
        };
        let mut at = 0;
        while at < read.len() {
            if !scheme.starts(step(at)) {
                at += 1;
                continue;
            }
            let start = at;
            at += 1;
            while at < read.len() && scheme.is_inside(step(at)) {
                at += 1;
            }
            if at < read.len() && scheme.ends(step(at)) {
                let label = read[start].1.to_owned();
                found.insert(Chunk { label, sentence, start, end: at });
            }
        }
    }
    Ok(found)
}

/// Precision, recall and F as the program gives them: 0 where nothing can be divided.
pub type Prf = [f64; 3];

impl Seqeval {
    /// Counts of all labels.
    pub fn total(&self) -> Counts {
        self.by_label.values().copied().sum()
    }

    /// From summed counts.
    pub fn micro(&self) -> Prf {
        prf(self.total())
    }

    /// Mean over the labels of either side; NaN where there is none.
    pub fn macro_average(&self) -> Prf {
        let n = self.by_label.len() as f64;
        self.sum(|_| 1.0).map(|sum| sum / n)
    }

    /// Mean weighed by support; 0 where gold holds nothing.
    pub fn weighted(&self) -> Prf {
        let support: u64 = self.by_label.values().map(|counts| counts.support()).sum();
        if support == 0 {
            return [0.0; 3];
        }
        self.sum(|counts| counts.support() as f64).map(|sum| sum / support as f64)
    }

    fn sum(&self, weight: impl Fn(Counts) -> f64) -> Prf {
        let mut sums = [0.0; 3];
        for counts in self.by_label.values() {
            let values = prf(*counts);
            sums.iter_mut().zip(values).for_each(|(sum, v)| *sum += weight(*counts) * v);
        }
        sums
    }
}

/// Precision, recall and F of counts, 0 where nothing can be divided.
pub fn prf(counts: Counts) -> Prf {
    let (p, r) = (counts.precision().unwrap_or(0.0), counts.recall().unwrap_or(0.0));
    let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    [p, r, f]
}
