//! A run against its baseline: tests, documents that moved, gates.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Compared, Comparison, OutletTest, Table, Task, Test, compare_by, power_plan, primary,
    statistics::moved::Moved,
};
use goldpress_model::{Counts, Digest, RunOutcome, Schema};
use goldpress_store::{
    Baseline, BaselineDocument,
    result::{ComparisonRow, MovedRow, OutletRow, TestRow},
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

/// Which baseline a system is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Against {
    /// The one that `accept` moves.
    Baseline,
    /// The second, which stays: many small losses, each accepted, add up against it.
    Release,
}

impl Against {
    fn name(self) -> &'static str {
        match self {
            Against::Baseline => "",
            Against::Release => "release",
        }
    }
}

/// One system of a run against the same system of the baseline.
pub(crate) fn compare_system(
    gold: &Gold,
    run: &ScoredRun,
    schema: &Schema,
    (against, old): (Against, &Baseline),
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
        alpha: gates.alpha,
        resampling: gates.resampling,
        margin: gates.margin,
        comparable: differs.is_empty(),
        primary: gates.primary(),
        outlets: outlets_of(&sources),
        ..Comparison::default()
    };
    let (compared, unit) =
        compare_by(base.as_ref(), Some(&now), &how, &sources, gates.unit);
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
        against: against.name().to_owned(),
        baseline: before.map(|one| one.predictions.clone()).unwrap_or_default(),
        differs,
        unit: if unit.by_source { "source" } else { "document" }.to_owned(),
        unit_because: unit.because.unwrap_or_default(),
        sources: unit.n_sources as u64,
        clusters: compared.n_clusters as u64,
        documents: compared.n_documents as u64,
        seed: gates.resampling.seed,
        masks: compared.families.iter().flatten().next().map(|f| (f.n_masks, f.exact)),
        tests: compared.tests.iter().map(test_row).collect(),
        worse_outlets: compared
            .outlets
            .iter()
            .filter(|o| o.is_worse)
            .map(outlet_row)
            .collect(),
        n_outlets: n_outlets(&compared.outlets, |_| true),
        n_unseen_outlets: compared.n_small_outlets as u64
            + n_outlets(&compared.outlets, |one| one.is_blind),
        unseen: unseen(&compared.tests),
        plan: gates.plan.map_or_else(Vec::new, |points| plan(&compared, points)),
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

/// The outlet of each document that has one.
fn outlets_of(sources: &[(Digest, Option<&str>)]) -> BTreeMap<Digest, String> {
    let named =
        sources.iter().filter_map(|(doc, source)| Some((*doc, (*source)?.to_owned())));
    named.collect()
}

fn outlet_row(one: &OutletTest) -> OutletRow {
    OutletRow {
        outlet: one.outlet.clone(),
        layer: one.layer.clone(),
        metric: one.metric.clone(),
        documents: one.documents as u64,
        base: one.baseline,
        now: one.current,
        p_adjusted: one.p_adjusted,
    }
}

/// Distinct outlets of the tests that are wanted.
fn n_outlets(tests: &[OutletTest], wanted: impl Fn(&&OutletTest) -> bool) -> u64 {
    let names: BTreeSet<&str> =
        tests.iter().filter(wanted).map(|one| one.outlet.as_str()).collect();
    names.len() as u64
}

/// Tests that fell and of which no loss could have been seen, each with the reason.
fn unseen(tests: &[Test]) -> Vec<String> {
    let fell = |test: &&Test| {
        test.difference
            .as_ref()
            .and_then(|one| one.delta)
            .is_some_and(|delta| delta < 0.0)
    };
    let unseen = tests.iter().filter(fell).filter(|test| test.gated().is_unseen());
    unseen.map(why_unseen).collect()
}

/// Why no loss of a test could have been significant.
pub(super) fn why_unseen(test: &Test) -> String {
    let label = if test.label == "*" { "(all)" } else { &test.label };
    let name = format!("{}/{} {label}", test.layer, test.metric);
    match test.is_blind() {
        true => format!(
            "{name}: {} of its clusters moved, and that many cannot show a loss among {} tests",
            test.n_moved, test.n_family
        ),
        false => {
            let n = test.difference.as_ref().map_or(0, |one| one.informative);
            let (clusters, have) = match n {
                1 => ("1 cluster".to_owned(), "has"),
                n => (format!("{n} clusters"), "have"),
            };
            format!("{name}: {clusters} {have} something to score, and a test needs 6")
        }
    }
}

/// How many documents and clusters would see a difference of so many points.
fn plan(compared: &Compared, points: f64) -> Vec<String> {
    let line = |test: &Test| {
        let difference = test.difference.as_ref()?;
        let se = difference.se[2].filter(|se| *se > 0.0)?;
        let needed = power_plan(points, test.alpha, se, difference.effective)?;
        let share = needed as f64 / difference.effective;
        let clusters = (difference.informative as f64 * share).ceil();
        let documents = (compared.n_documents as f64 * share).ceil();
        Some(format!(
            "{}/{} would see {:.1} pt with {documents} documents in {clusters} clusters like \
             these (it has {} in {})",
            test.layer,
            test.metric,
            points * 100.0,
            compared.n_documents,
            difference.informative,
        ))
    };
    compared.tests.iter().filter(|test| test.label == "*").filter_map(line).collect()
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
        p_attainable: test.p_attainable,
        alpha: test.alpha,
        n_family: test.n_family as u64,
        n_moved: test.n_moved as u64,
        support: test.support,
        informative: difference.map_or(0, |one| one.informative as u64),
        detectable: difference.and_then(|one| one.detectable),
        verdict: test.verdict.name().to_owned(),
    }
}
