//! Outlets, each alone: a site whose new template breaks is invisible among all others.

use std::collections::BTreeMap;

use super::{
    Comparison, Task,
    columns::{Documents, Runs},
};
use crate::{
    statistics::{permutation::family_of_parts, ratio::Sample},
    verdict::LEAST_CLUSTERS,
};

/// One outlet on one headline, paired by document: it speaks of further articles of that
/// outlet.
#[derive(Debug, Clone, PartialEq)]
pub struct OutletTest {
    /// The outlet.
    pub outlet: String,
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// Documents with something to score.
    pub documents: usize,
    /// Value of the baseline.
    pub baseline: Option<f64>,
    /// Value now.
    pub current: Option<f64>,
    /// Now minus baseline.
    pub delta: Option<f64>,
    /// p adjusted over all outlets.
    pub p_adjusted: f64,
    /// Whether no loss at all could have been significant.
    pub is_blind: bool,
    /// Significantly worse.
    pub is_worse: bool,
}

/// Tests every outlet with at least six informative documents on every headline; gives
/// them, and the number of outlets that are too small on all of these.
pub(super) fn tested(
    runs: &Runs<'_>,
    tasks: &[Task<'_>],
    how: &Comparison<'_>,
) -> (Vec<OutletTest>, usize) {
    if !how.comparable || how.outlets.is_empty() {
        return (Vec::new(), 0);
    }
    let documents = runs.documents(&BTreeMap::new());
    let by_outlet = by_outlet(&documents, how);
    let is_primary = |task: &&Task<'_>| {
        how.primary.is_none_or(|primary| primary == (task.layer, task.metric))
    };
    let mut parts: Vec<Sample> = Vec::new();
    let mut tests: Vec<OutletTest> = Vec::new();
    let mut is_large = vec![false; by_outlet.len()];
    for task in tasks.iter().filter(is_primary) {
        let counts = runs.task(task, &documents);
        for (at, (outlet, of_outlet)) in by_outlet.iter().enumerate() {
            let Some(sample) = counts.sample_of(of_outlet) else { continue };
            let n = sample.n_informative();
            if n < LEAST_CLUSTERS {
                continue;
            }
            is_large[at] = true;
            let (baseline, current) = sample.values();
            tests.push(OutletTest {
                outlet: (*outlet).to_owned(),
                layer: task.layer.to_owned(),
                metric: task.metric.to_owned(),
                documents: n,
                baseline,
                current,
                delta: sample.delta(),
                p_adjusted: 1.0,
                is_blind: false,
                is_worse: false,
            });
            parts.push(sample);
        }
    }
    if !parts.is_empty() {
        let alpha = how.alpha / 2.0;
        let family = family_of_parts(&parts, how.resampling);
        for (at, test) in tests.iter_mut().enumerate() {
            test.p_adjusted = family.p_adjusted(at);
            let moved = parts[at].differs.contains(&true);
            test.is_blind = moved && family.p_attainable(at) > alpha;
            let fell = test.delta.is_some_and(|delta| delta < 0.0);
            test.is_worse = fell && test.p_adjusted <= alpha;
        }
    }
    (tests, is_large.iter().filter(|large| !**large).count())
}

/// Documents of each outlet, as indices.
fn by_outlet<'o>(
    documents: &Documents,
    how: &'o Comparison<'_>,
) -> BTreeMap<&'o str, Vec<usize>> {
    let mut by_outlet: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, doc) in documents.ids.iter().enumerate() {
        if let Some(outlet) = how.outlets.get(doc) {
            by_outlet.entry(outlet).or_default().push(at);
        }
    }
    by_outlet
}
