//! Standings: several systems on the same gold, ranked no finer than the data support.

use std::collections::BTreeMap;

use goldpress_model::Digest;

use crate::{
    compare::{Comparison, Task, sample},
    statistics::{
        adjust::holm,
        interval::{self, Difference, Score, difference},
        permutation::p,
        ranks::{Rank, ranks},
    },
    table::Table,
    verdict::LEAST_CLUSTERS,
};

/// One system among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its name.
    pub system: String,
    /// Its headline score with its interval.
    pub score: Score,
    /// Its rank, and the ranks it may have.
    pub rank: Rank,
}

/// The headline test of two systems.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The system that stands higher in the table.
    pub upper: String,
    /// The other.
    pub lower: String,
    /// Lower minus upper.
    pub difference: Difference,
    /// Raw p; `None` below six informative clusters.
    pub p: Option<f64>,
    /// p adjusted over all pairs (Holm).
    pub p_adjusted: Option<f64>,
    /// Whether the order of the two is more than chance.
    pub separated: bool,
}

/// Ranks systems on one task.
///
/// Systems stand by score, then by name; all pairs are tested and adjusted together.
pub fn standings(
    runs: &[(&str, &Table)],
    task: &Task<'_>,
    how: &Comparison<'_>,
) -> (Vec<Standing>, Vec<Pair>) {
    let score = |table: &Table| {
        let sample = sample(table, table, task, "*", &how.clusters);
        sample.map(|sample| interval::score(sample.form, &sample.current))
    };
    let nothing = Score {
        value: None,
        se: None,
        interval: None,
        informative: 0,
        degenerate: false,
        with_errors: 0,
    };
    let mut order: Vec<(&str, &Table, Score)> = runs
        .iter()
        .map(|(name, table)| (*name, *table, score(table).unwrap_or(nothing)))
        .collect();
    let value = |score: &Score| score.value.unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| value(&b.2).total_cmp(&value(&a.2)).then_with(|| a.0.cmp(b.0)));
    let mut pairs = Vec::new();
    let mut places = Vec::new();
    for (at, upper) in order.iter().enumerate() {
        for (below, lower) in order.iter().enumerate().skip(at + 1) {
            let Some(sample) = sample(upper.1, lower.1, task, "*", &how.clusters) else {
                continue;
            };
            let difference = difference(&sample).if_enough();
            let tested =
                difference.informative >= LEAST_CLUSTERS && difference.delta.is_some();
            places.push((at, below));
            pairs.push(Pair {
                upper: upper.0.to_owned(),
                lower: lower.0.to_owned(),
                difference,
                p: tested.then(|| p(&sample, how.resampling)),
                p_adjusted: None,
                separated: false,
            });
        }
    }
    let tested: Vec<usize> =
        (0..pairs.len()).filter(|&at| pairs[at].p.is_some()).collect();
    let raw: Vec<f64> = tested.iter().filter_map(|&at| pairs[at].p).collect();
    for (at, p) in tested.into_iter().zip(holm(&raw)) {
        pairs[at].p_adjusted = Some(p);
        pairs[at].separated = p <= how.alpha;
    }
    let separated: Vec<(usize, usize)> = pairs
        .iter()
        .zip(&places)
        .filter(|(pair, _)| pair.separated)
        .map(|(_, place)| *place)
        .collect();
    let ranks = ranks(order.len(), &separated);
    let standing = |((name, _, score), rank): (&(&str, &Table, Score), Rank)| Standing {
        system: (*name).to_owned(),
        score: *score,
        rank,
    };
    (order.iter().zip(ranks).map(standing).collect(), pairs)
}

/// The score of the headline (`*`) and of every label that gold holds, with its interval.
pub fn intervals(
    table: &Table,
    task: &Task<'_>,
    clusters: &BTreeMap<Digest, String>,
) -> BTreeMap<String, Score> {
    let of_task =
        |key: &&crate::Key| key.layer == task.layer && key.metric == task.metric;
    let mut labels: Vec<&str> =
        table.keys().iter().filter(of_task).map(|key| key.label.as_str()).collect();
    labels.push("*");
    labels.sort_unstable();
    labels.dedup();
    let scored = labels.into_iter().filter_map(|label| {
        let sample = sample(table, table, task, label, clusters)?;
        Some((label.to_owned(), interval::score(sample.form, &sample.current)))
    });
    scored.collect()
}
