//! Findings: what is wrong with gold or a prediction, looked for before anything is scored.
//!
//! Nothing is scored unseen and nothing dropped in silence. An error in gold stops the
//! scoring; a malformed prediction matches nothing and counts as spurious; a repair loses
//! nothing and is counted; a warning is scored as it stands.

mod annotations;
mod answer;
mod fits;
mod lie;
mod offsets;

use std::collections::BTreeMap;

use goldpress_model::{CharRange, Digest};

pub(crate) use annotations::{Checked, check};
pub(crate) use answer::check_answer;

/// Code and message of what is wrong with an annotation.
type Fault = (&'static str, String);

/// One thing that is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Code, as in `text-differs`.
    pub code: &'static str,
    /// Which side.
    pub side: Side,
    /// What follows from it.
    pub severity: Severity,
    /// The document.
    pub doc_id: Digest,
    /// Layer and label, where it is an annotation's: `entity/PERSON`.
    pub label: String,
    /// Hull of the annotation, where it has one.
    pub range: Option<CharRange>,
    /// What is wrong, with the numbers in it.
    pub message: String,
}

/// Which side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Gold.
    Gold,
    /// The system's answer.
    Prediction,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is scored: exit code 5.
    Error,
    /// Nothing is scored, and the user can mend it: exit code 2.
    Usage,
    /// The annotation is set aside as spurious.
    Malformed,
    /// Changed without loss, counted.
    Repair,
    /// Scored as it stands.
    Warning,
    /// An empty prediction, listed apart.
    Failed,
}

/// Findings by code: how many, and where the first five are.
#[derive(Debug, Clone, Default)]
pub struct Findings(BTreeMap<(Severity, &'static str, Side), Group>);

/// Findings of one code, side and severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The first five in document order.
    pub first: Vec<Finding>,
}

/// Places that are printed of each code.
const SHOWN: usize = 5;

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        let key = (finding.severity, finding.code, finding.side);
        let group = self.0.entry(key).or_default();
        group.count += 1;
        if group.first.len() < SHOWN {
            group.first.push(finding);
        }
    }

    /// Adds a finding that is made only where it would be shown: of some kinds there is one
    /// for every pair of annotations.
    pub(crate) fn add_lazily(
        &mut self,
        key: (Severity, &'static str, Side),
        finding: impl FnOnce() -> Finding,
    ) {
        let group = self.0.entry(key).or_default();
        group.count += 1;
        if group.first.len() < SHOWN {
            group.first.push(finding());
        }
    }

    /// Adds those of a later document, or of the other side.
    pub fn merge(&mut self, other: Findings) {
        for (key, found) in other.0 {
            let group = self.0.entry(key).or_default();
            group.count += found.count;
            let room = SHOWN.saturating_sub(group.first.len());
            group.first.extend(found.first.into_iter().take(room));
        }
    }

    /// Every code with its findings, errors first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Side, Severity, &Group)> {
        self.0
            .iter()
            .map(|(&(severity, code, side), group)| (code, side, severity, group))
    }

    /// How many findings of a code there are, on either side.
    pub fn count(&self, code: &str) -> u64 {
        self.iter().filter(|entry| entry.0 == code).map(|entry| entry.3.count).sum()
    }

    /// The worst that follows: nothing may be scored where it is an error.
    pub fn worst(&self) -> Option<Severity> {
        self.0.keys().map(|key| key.0).min()
    }

    /// Whether scores must not be shown.
    pub fn stops(&self) -> bool {
        self.worst().is_some_and(Severity::stops)
    }
}

impl Severity {
    /// Whether nothing may be scored.
    pub fn stops(self) -> bool {
        matches!(self, Severity::Error | Severity::Usage)
    }

    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error | Severity::Usage => "error",
            Severity::Malformed => "malformed",
            Severity::Repair => "repair",
            Severity::Warning => "warn",
            Severity::Failed => "failed",
        }
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }
}
