//! Documents that got better or worse: facts about this set, without any chance in them.

use goldpress_model::Counts;

use super::{fraction::compare, ratio::Ratio};

/// How a document moved from the baseline to the current run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moved {
    /// A lower score.
    Worse,
    /// A higher score.
    Better,
    /// The same counts.
    Same,
    /// The same score from other counts.
    SameScore,
}

impl Moved {
    /// The word that files use.
    pub fn name(self) -> &'static str {
        match self {
            Moved::Worse => "worse",
            Moved::Better => "better",
            Moved::Same => "same",
            Moved::SameScore => "same-score",
        }
    }
}

/// Compares one document's counts; a score without a denominator is read as 1.
pub fn moved(ratio: Ratio, baseline: Counts, current: Counts) -> Moved {
    let fraction = |counts: Counts| {
        let [part, whole] =
            ratio.terms(counts).map(|term| u128::from(term.unsigned_abs()));
        if whole == 0 { (1, 1) } else { (part, whole) }
    };
    match compare(fraction(current), fraction(baseline)) {
        std::cmp::Ordering::Less => Moved::Worse,
        std::cmp::Ordering::Greater => Moved::Better,
        std::cmp::Ordering::Equal if baseline == current => Moved::Same,
        std::cmp::Ordering::Equal => Moved::SameScore,
    }
}
