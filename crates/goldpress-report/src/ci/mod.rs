//! What build servers read: JUnit, commands of GitHub Actions, metrics of GitLab.
//!
//! Cuts go by rank of damage and say what is missing: every server drops what is too much
//! of it without a word.

mod github;
mod gitlab;
mod junit;

use goldpress_store::result::TestRow;

pub use self::{github::github, gitlab::gitlab, junit::junit};
use crate::number;

/// Whether a test got worse by more than chance, or than its margin.
fn is_worse(test: &TestRow) -> bool {
    ["regressed", "below-margin"].contains(&test.verdict.as_str())
}

/// A test in a line: `0.871 → 0.843, Δ -2.8 pt, p_adj 0.003, 412 gold items`.
fn in_words(test: &TestRow) -> String {
    format!(
        "{} → {}, Δ {} pt, p_adj {}, {} gold items",
        number::ratio(test.base),
        number::ratio(test.now),
        number::points(test.delta),
        number::ratio(test.p_adjusted),
        number::count(test.support)
    )
}

/// The label of a test, as people read it.
fn label(test: &TestRow) -> &str {
    if test.label == "*" { "all" } else { &test.label }
}
