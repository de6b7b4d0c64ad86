//! A run against its baseline: tests, documents that moved, gates.

use std::collections::BTreeMap;

use goldpress_eval::{
    Comparison, Table, Task, Test, UnitChoice, clusters, compare, primary,
    statistics::moved::Moved,
};
use goldpress_model::{Counts, Digest, RunOutcome, Schema};
use goldpress_store::{
    Baseline, BaselineDocument,
    result::{ComparisonRow, MovedRow, TestRow},
};

use super::{
    gates::{GateVerdict, Gates},
    gold::Gold,
    next_baseline::differences,
    scoring::ScoredRun,
};

/// Documents listed of those that moved.
const LISTED: usize = 500;

/// A system against its baseline, with what the gates say.
pub(crate) struct Judged {
    /// All of it, as a result holds it.
    pub(crate) row: ComparisonRow,
    /// What each gate says.
    pub(super) verdicts: Vec<GateVerdict>,
}

/// One system of a run against the same system of the baseline.
pub(crate) fn compare_system(
    gold: &Gold,
    run: &ScoredRun,
    schema: &Schema,
    old: &Baseline,
    new: &Baseline,
    gates: &Gates,
) -> Judged {
    let name = run.system.name.as_str();
    let docs: Vec<Digest> = new.documents.iter().map(|one| one.doc).collect();
    let old_docs: Vec<Digest> = old.documents.iter().map(|one| one.doc).collect();
    let before = old.header.systems.get(name);
    let base = before.map(|_| Table::from_rows(&old_docs, &old.rows(name)));
    let now = Table::from_rows(&docs, &run.primary_rows);
    let sources: Vec<(Digest, Option<&str>)> =
        gold.documents().map(|(doc, _, source)| (doc, source)).collect();
    let (by_doc, unit) = clustered(&sources, gates.unit);
    let differs = differences(old, new);
    // What the baseline alone holds is lost coverage, and shows as missing.
    let mut metrics: BTreeMap<String, String> = base
        .iter()
        .flat_map(|table| table.keys())
        .map(|key| (key.layer.clone(), key.metric.clone()))
        .collect();
    metrics.extend(run.primary_metrics.clone());
    let layers: Vec<String> = metrics.keys().cloned().collect();
    let how = Comparison {
        tasks: tasks(&layers, schema, &metrics),
        clusters: by_doc,
        alpha: gates.alpha,
        resampling: gates.resampling,
        margin: gates.margin,
        comparable: differs.is_empty(),
    };
    let compared = compare(base.as_ref(), Some(&now), &how);
    let places: BTreeMap<Digest, Option<&str>> = sources.into_iter().collect();
    let mut tasks = how.tasks.clone();
    tasks.sort_unstable();
    let moved = |wanted: Moved| -> Vec<MovedRow> {
        let rows = tasks.iter().zip(&compared.documents).flat_map(|(task, documents)| {
            let (base, now, places) = (&base, &now, &places);
            documents.iter().filter(move |(_, moved)| **moved == wanted).map(
                move |(doc, _)| MovedRow {
                    doc_id: doc.to_string(),
                    source: places.get(doc).copied().flatten().map(str::to_owned),
                    layer: task.layer.to_owned(),
                    metric: task.metric.to_owned(),
                    base: base
                        .as_ref()
                        .map(|table| total(table, *doc, task))
                        .unwrap_or_default(),
                    now: total(now, *doc, task),
                },
            )
        });
        let mut rows: Vec<MovedRow> = rows.collect();
        // The deepest fall first: most found items lost, then most spurious ones gained.
        rows.sort_by_key(|row| {
            let lost = row.now.found as i64 - row.base.found as i64;
            (lost, std::cmp::Reverse(row.now.spurious), row.doc_id.clone())
        });
        rows.truncate(LISTED);
        rows
    };
    let is_compared = differs.is_empty() && base.is_some();
    let (worse, better) = match is_compared {
        true => (moved(Moved::Worse), moved(Moved::Better)),
        false => (Vec::new(), Vec::new()),
    };
    let (n_worse, n_better) = match is_compared {
        true => (compared.n_worse(), compared.n_better()),
        false => (0, 0),
    };
    let new_errors = before.map(|_| new_errors(name, old, run));
    let verdicts = gates.apply(&compared, new_errors.as_deref());
    let row = ComparisonRow {
        system: name.to_owned(),
        baseline: before.map(|one| one.predictions.clone()).unwrap_or_default(),
        differs,
        unit: unit.to_owned(),
        clusters: compared.n_clusters as u64,
        documents: compared.n_documents as u64,
        seed: gates.resampling.seed,
        masks: compared.family.as_ref().map(|family| (family.n_masks, family.exact)),
        tests: compared.tests.iter().map(test_row).collect(),
        n_worse,
        n_better,
        worse,
        better,
        new_errors: new_errors.unwrap_or_default(),
        gates: verdicts.iter().map(GateVerdict::row).collect(),
    };
    Judged { row, verdicts }
}

/// The metric that gates look at in each layer of a run, as rows name it.
fn tasks<'s>(
    layers: &'s [String],
    schema: &Schema,
    metrics: &'s BTreeMap<String, String>,
) -> Vec<Task<'s>> {
    let task = |layer: &'s String| {
        let (_, average) = primary(schema.layer(layer));
        Some(Task { layer, metric: metrics.get(layer)?, average })
    };
    layers.iter().filter_map(task).collect()
}

/// Clusters of documents and the word for what they are: where no document has a source,
/// each is one by itself, and the unit is the document.
pub(super) fn clustered(
    sources: &[(Digest, Option<&str>)],
    choice: UnitChoice,
) -> (BTreeMap<Digest, String>, &'static str) {
    let (by_doc, by_source) = clusters(sources, choice);
    let any = sources.iter().any(|(_, source)| source.is_some());
    (by_doc, if by_source && any { "source" } else { "document" })
}

fn total(table: &Table, doc: Digest, task: &Task<'_>) -> Counts {
    let Ok(at) = table.docs().binary_search(&doc) else { return Counts::default() };
    let of_task = |key: u32| {
        let key = &table.keys()[key as usize];
        key.layer == task.layer && key.metric == task.metric
    };
    let of_doc = table.rows_of(at);
    of_doc.filter(|row| of_task(row.key)).map(|row| row.counts).sum()
}

/// Documents that had a result in the baseline and have none now.
fn new_errors(system: &str, old: &Baseline, run: &ScoredRun) -> Vec<String> {
    let failed =
        |outcome: RunOutcome| !matches!(outcome, RunOutcome::Ok | RunOutcome::Malformed);
    let had = |one: &&BaselineDocument| !one.o.get(system).copied().is_some_and(failed);
    let lost =
        |one: &&BaselineDocument| run.outcomes.get(&one.doc).copied().is_some_and(failed);
    let documents = old.documents.iter().filter(had).filter(lost);
    documents.map(|one| format!("{} {}", one.doc, run.outcomes[&one.doc])).collect()
}

fn test_row(test: &Test) -> TestRow {
    let difference = test.difference.as_ref();
    TestRow {
        layer: test.layer.clone(),
        metric: test.metric.clone(),
        label: test.label.clone(),
        base: test.baseline,
        now: test.current,
        delta: difference.and_then(|one| one.delta),
        interval: difference.and_then(|one| one.interval),
        lower: difference.and_then(|one| one.lower),
        p: test.p,
        p_adjusted: test.p_adjusted,
        support: test.support,
        informative: difference.map_or(0, |one| one.informative as u64),
        detectable: difference.and_then(|one| one.detectable),
        verdict: test.verdict.name().to_owned(),
    }
}
