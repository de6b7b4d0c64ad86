//! Compatibility modes: numbers of other programs, reproduced bug for bug.
//!
//! For checking what others published. Each mode is one version of one program, is named
//! in the head of its column, is never a default and never decides a gate. It refuses what
//! its reference cannot process, and prints what is undefined as its reference does.

pub mod article;
pub mod conlleval;
mod mode;
pub mod muc4;
pub mod nervaluate;
mod reading;
pub mod seqeval;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::Counts;

pub use self::mode::{
    Input, Line, Mode, ModeError, SpanDocument, score_bodies, score_cells, score_spans,
};
pub use self::reading::{LabelledRun, reads_tags, runs_of_tags};

/// Tags of sentences, each as its prefix, a hyphen and a label.
pub type Sentences = [Vec<String>];

/// A run of tokens with a label. Ends are as the mode has them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chunk {
    /// Label.
    pub label: String,
    /// Sentence, counted from 0; 0 throughout where a mode runs sentences together.
    pub sentence: usize,
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
}

/// What a mode does not process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompatError {
    /// The sides have not the same shape.
    #[error("sentence {sentence} has {gold} gold and {predicted} predicted tags")]
    LengthDiffers {
        /// Sentence, counted from 1; one past the last where a sentence is missing.
        sentence: usize,
        /// Tags on the gold side.
        gold: usize,
        /// Tags on the predicted side.
        predicted: usize,
    },
    /// A tag that the mode does not know.
    #[error("`{0}` is no tag of this mode")]
    Tag(String),
    /// The reference divides by zero.
    #[error("precision and recall are both 0, and the reference divides by their sum")]
    ZeroSum,
    /// Spans of one side overlap, and tags have no room for that.
    #[error("`{label}` {start}..{end} overlaps another span: tags have no room for both")]
    Overlap {
        /// Label of the later one.
        label: String,
        /// Its first character.
        start: u32,
        /// One past its last.
        end: u32,
    },
    /// An annotation that is no single span.
    #[error("an annotation `{label}` has {n} fragments: the program knows single spans")]
    Fragments {
        /// Its label.
        label: String,
        /// How many fragments it has.
        n: usize,
    },
    /// A mode of bodies was given spans.
    #[error("this program scores bodies, not spans")]
    NotOfSpans,
    /// There is nothing to take a mean of.
    #[error("no document has a prediction, or none has gold")]
    NoDocument,
}

/// Whether both sides have as many sentences and tags.
fn same_shape(gold: &Sentences, predicted: &Sentences) -> Result<(), CompatError> {
    for at in 0..gold.len().max(predicted.len()) {
        let len = |side: &Sentences| side.get(at).map_or(0, Vec::len);
        let missing = at >= gold.len() || at >= predicted.len();
        if missing || len(gold) != len(predicted) {
            let (gold, predicted) = (len(gold), len(predicted));
            return Err(CompatError::LengthDiffers { sentence: at + 1, gold, predicted });
        }
    }
    Ok(())
}

/// Counts of two sets of chunks, by label of either side.
fn by_label(
    gold: &BTreeSet<Chunk>,
    predicted: &BTreeSet<Chunk>,
) -> BTreeMap<String, Counts> {
    let mut rows: BTreeMap<String, Counts> = BTreeMap::new();
    for chunk in gold {
        let counts = rows.entry(chunk.label.clone()).or_default();
        match predicted.contains(chunk) {
            true => counts.found += 1,
            false => counts.missed += 1,
        }
    }
    for chunk in predicted.difference(gold) {
        rows.entry(chunk.label.clone()).or_default().spurious += 1;
    }
    rows
}
