//! Systems against each other: ranks with ties.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Comparison, Pair, Standing, Table, Task, UnitChoice, clusters, primary, standings,
};
use goldpress_model::{Digest, Schema};
use goldpress_store::result::{PairRow, StandingRow, StandingsRow};

use super::{gates::Gates, gold::Gold, scoring::ScoredRun};

/// Who stands where on each layer that several systems serve: ranks with ties, and the
/// test of every pair.
pub(crate) fn standings_of(
    gold: &Gold,
    runs: &[ScoredRun],
    schema: &Schema,
    gates: &Gates,
) -> Vec<StandingsRow> {
    let docs: Vec<Digest> = gold.documents().map(|(doc, ..)| doc).collect();
    let sources: Vec<(Digest, Option<&str>)> =
        gold.documents().map(|(doc, _, source)| (doc, source)).collect();
    let (by_doc, unit) = clustered(&sources, gates.unit, runs.len());
    let how = Comparison {
        tasks: Vec::new(),
        clusters: by_doc,
        alpha: gates.alpha,
        resampling: gates.resampling,
        ..Comparison::default()
    };
    let tables: Vec<(&ScoredRun, Table)> = runs
        .iter()
        .map(|run| (run, Table::from_rows(&docs, &run.primary_rows)))
        .collect();
    let layers: BTreeSet<&String> =
        runs.iter().flat_map(|run| run.primary_metrics.keys()).collect();
    let mut rows = Vec::new();
    for layer in layers {
        let serving: Vec<(&str, &Table)> = tables
            .iter()
            .filter(|(run, _)| run.primary_metrics.contains_key(layer))
            .map(|(run, table)| (run.system.name.as_str(), table))
            .collect();
        let metric = runs.iter().find_map(|run| run.primary_metrics.get(layer));
        let (Some(metric), true) = (metric, serving.len() > 1) else { continue };
        let (_, average) = primary(schema.layer(layer));
        let task = Task { layer, metric, average };
        let (standings, pairs) = standings(&serving, &task, &how);
        rows.push(StandingsRow {
            layer: layer.clone(),
            metric: metric.clone(),
            unit: unit.to_owned(),
            seed: gates.resampling.seed,
            resamples: gates.resampling.resamples,
            standings: standings.iter().map(standing_row).collect(),
            pairs: pairs.iter().map(pair_row).collect(),
        });
    }
    rows
}

/// Clusters that the intervals of scores are over.
pub(crate) fn clusters_of(gold: &Gold, gates: &Gates) -> BTreeMap<Digest, String> {
    let sources: Vec<(Digest, Option<&str>)> =
        gold.documents().map(|(doc, _, source)| (doc, source)).collect();
    clusters(&sources, gates.unit).0
}

/// Clusters of documents, and the word for what they are: outlets where the order of two
/// systems could be seen among so many pairs, else documents.
pub(super) fn clustered(
    sources: &[(Digest, Option<&str>)],
    choice: UnitChoice,
    n_systems: usize,
) -> (BTreeMap<Digest, String>, &'static str) {
    let named = sources.iter().any(|(_, source)| source.is_some());
    let outlets: BTreeSet<Option<&str>> =
        sources.iter().map(|(_, source)| *source).collect();
    let n_pairs = (n_systems * n_systems.saturating_sub(1) / 2).max(1) as f64;
    // The least p of all masks, two of which are as extreme, adjusted by Holm.
    let least = n_pairs * 2.0 / 2_f64.powi(outlets.len().min(1_000) as i32);
    const ALPHA: f64 = 0.05;
    let choice = match choice {
        UnitChoice::Auto if !named || least > ALPHA => UnitChoice::Document,
        choice => choice,
    };
    let (by_doc, by_source) = clusters(sources, choice);
    (by_doc, if by_source && named { "source" } else { "document" })
}

fn standing_row(one: &Standing) -> StandingRow {
    StandingRow {
        system: one.system.clone(),
        score: one.score.value,
        interval: one.score.shown(),
        rank: one.rank.rank as u64,
        ranks: (one.rank.interval.0 as u64, one.rank.interval.1 as u64),
    }
}

fn pair_row(pair: &Pair) -> PairRow {
    PairRow {
        upper: pair.upper.clone(),
        lower: pair.lower.clone(),
        delta: pair.difference.delta,
        interval: pair.difference.interval,
        p: pair.p,
        p_adjusted: pair.p_adjusted,
        separated: pair.separated,
    }
}
