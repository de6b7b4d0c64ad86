//! Counts: the integers that all statistics are sums of.

use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use crate::Digest;

/// True positives, false positives and false negatives, in the unit of their metric.
///
/// Files call them `tp`, `fp` and `fn`, where readers expect those names.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
)]
pub struct Counts {
    /// Gold items that were predicted.
    #[serde(rename = "tp")]
    pub found: u64,
    /// Predicted items that are not in gold.
    #[serde(rename = "fp")]
    pub spurious: u64,
    /// Gold items that were not predicted.
    #[serde(rename = "fn")]
    pub missed: u64,
}

impl Counts {
    /// `found / (found + spurious)`, in `0.0..=1.0`; `None` when nothing was predicted: a
    /// silent system has no precision, and a report prints a dash, never 0 and never 1.
    pub fn precision(self) -> Option<f64> {
        ratio(self.found, self.found + self.spurious)
    }

    /// `found / (found + missed)`, in `0.0..=1.0`; `None` where gold holds nothing.
    pub fn recall(self) -> Option<f64> {
        ratio(self.found, self.found + self.missed)
    }

    /// `2 found / (2 found + spurious + missed)`, in `0.0..=1.0`, as one division of exact
    /// integers; `None` only where nothing is expected and nothing is given.
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.found, 2 * self.found + self.spurious + self.missed)
    }

    /// Gold items, in the unit of the metric.
    pub fn support(self) -> u64 {
        self.found + self.missed
    }

    /// Predicted items, in the unit of the metric.
    pub fn predicted(self) -> u64 {
        self.found + self.spurious
    }

    /// Whether nothing was expected and nothing given.
    pub fn is_empty(self) -> bool {
        self == Counts::default()
    }
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            found: self.found + other.found,
            spurious: self.spurious + other.spurious,
            missed: self.missed + other.missed,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), Add::add)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

/// A row of `counts`: one system × document × layer × metric × label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountRow {
    /// Name of the system.
    pub system: String,
    /// The document.
    pub doc_id: Digest,
    /// Layer; that of `body.*` is `content`.
    pub layer: String,
    /// Name of the metric, with its parameters.
    pub metric: String,
    /// Label; `*` for metrics that are blind to labels.
    pub label: String,
    /// The integers.
    pub counts: Counts,
}
