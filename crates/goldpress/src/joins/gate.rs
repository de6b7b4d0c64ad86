//! A run against its baseline: what may be compared, tests, documents, gates.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Compared, Comparison, Pair, Standing, Table, Task, Test, UnitChoice, clusters,
    compare,
    gate::{Gate, GateExit, GateInput, GateOutcome, GatedTest, apply},
    primary, standings,
    statistics::{moved::Moved, permutation::Resampling},
};
use goldpress_model::{Counts, Digest, RunOutcome, Schema};
use goldpress_store::{
    BASELINE_VERSION, Baseline, BaselineDocument, BaselineHeader, BaselineSystem,
    result::{
        ComparisonRow, EvalResult, GateRow, MovedRow, PairRow, StandingRow, StandingsRow,
        TestRow,
    },
};

use super::scoring::{Gold, ScoredRun};
use crate::{config::Config, exit::Refusal};

/// Documents named where two golds differ.
const NAMED: usize = 20;

/// Documents listed of those that moved.
const LISTED: usize = 500;

/// The gates of a step, with everything they need to know.
pub(crate) struct Gates {
    gates: Vec<Gate>,
    margin: Option<f64>,
    unit: UnitChoice,
    alpha: f64,
    resampling: Resampling,
    labels: Vec<String>,
    /// Systems whose gates count; empty: all.
    systems: Vec<String>,
}

impl Gates {
    /// Reads the gates of the command line, else those of `goldpress.toml`.
    ///
    /// # Errors
    ///
    /// A refusal for a text that names no gate, unit or margin.
    pub(crate) fn of(config: &Config, fail_on: Option<&str>) -> anyhow::Result<Gates> {
        let texts: Vec<&str> = match fail_on {
            Some(list) => list.split(',').map(str::trim).collect(),
            None => config.gate.fail_on.iter().map(String::as_str).collect(),
        };
        let hint = "for example --fail-on significant,new-errors";
        let parse = |text: &&str| {
            text.parse::<Gate>().map_err(|error| Refusal::error(error.to_string(), hint))
        };
        let gates: Vec<Gate> = texts.iter().map(parse).collect::<Result<_, _>>()?;
        if gates.is_empty() {
            let message = "no gate is named: nothing could ever fail";
            return Err(Refusal::error(message, "name `none` to say so"));
        }
        let unit = match config.stats.unit.as_str() {
            "auto" => UnitChoice::Auto,
            "source" => UnitChoice::Source,
            "document" => UnitChoice::Document,
            other => {
                let message = format!("`{other}` is no unit of inference");
                return Err(Refusal::error(message, "one of: auto, source, document"));
            }
        };
        let margin = match &config.gate.margin {
            None => None,
            Some(text) => match format!("margin={text}").parse() {
                Ok(Gate::Margin(margin)) => Some(margin),
                _ => {
                    let message = format!("`{text}` is no margin");
                    return Err(Refusal::error(
                        message,
                        "for example margin = \"0.5pt\"",
                    ));
                }
            },
        };
        Ok(Gates {
            gates,
            margin,
            unit,
            alpha: config.stats.alpha,
            resampling: Resampling {
                seed: config.stats.seed,
                resamples: u64::from(config.stats.resamples),
            },
            labels: config.gate.labels.clone(),
            systems: config.gate.systems.clone(),
        })
    }

    /// Whether nothing can fail, so that no baseline is needed.
    pub(crate) fn are_none(&self) -> bool {
        self.gates.iter().all(|gate| *gate == Gate::None)
    }

    /// How the step ends; systems that are not gated are compared and cannot fail it.
    pub(crate) fn exit(&self, comparisons: &[ComparisonRow]) -> GateExit {
        let gated = comparisons
            .iter()
            .filter(|one| self.systems.is_empty() || self.systems.contains(&one.system));
        let outcomes = gated.flat_map(|one| {
            one.gates.iter().filter_map(|row| {
                let outcome = match row.outcome.as_str() {
                    "fail" => GateOutcome::Fail,
                    "undecided" => GateOutcome::Undecided,
                    _ => GateOutcome::Pass,
                };
                Some((row.gate.parse().ok()?, outcome))
            })
        });
        GateExit::of(outcomes)
    }
}

/// The metric that gates look at in each layer of a run, as rows name it.
pub(crate) fn tasks<'s>(
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

/// The results of an evaluation as a baseline that nobody has accepted.
pub(crate) fn baseline_of(
    gold: &Gold,
    result: &EvalResult,
    runs: &[ScoredRun],
) -> Baseline {
    let systems = runs.iter().map(|run| {
        let system = BaselineSystem {
            config: run.about.config_hash.clone(),
            predictions: run.about.predictions.clone(),
            version: run.about.version.clone(),
        };
        (run.system.name.clone(), system)
    });
    let documents = gold.documents().map(|(doc, hash, _)| BaselineDocument {
        doc,
        gold: hash,
        n: BTreeMap::new(),
        o: outcomes_of(doc, runs),
    });
    let mut baseline = Baseline {
        header: BaselineHeader {
            goldpress_baseline: BASELINE_VERSION,
            because: String::new(),
            documents: gold.len() as u64,
            gold: result.gold.hash.clone(),
            metrics: result.versions.metrics.clone(),
            norm: result.versions.norm.clone(),
            schema: result.gold.schema.clone(),
            scope: result.scope.clone(),
            split: result.split.clone(),
            systems: systems.collect(),
            tokeniser: result.versions.tokeniser.clone(),
        },
        documents: documents.collect(),
    };
    for run in runs {
        baseline.set_rows(&run.system.name, &run.primary_rows);
    }
    baseline
}

fn outcomes_of(doc: Digest, runs: &[ScoredRun]) -> BTreeMap<String, RunOutcome> {
    let other = runs.iter().filter_map(|run| {
        let outcome = *run.outcomes.get(&doc)?;
        (outcome != RunOutcome::Ok).then(|| (run.system.name.clone(), outcome))
    });
    other.collect()
}

/// What keeps two results from being compared, in words; empty when nothing does.
pub(crate) fn differences(old: &Baseline, new: &Baseline) -> Vec<String> {
    let (a, b) = (&old.header, &new.header);
    let mut found = Vec::new();
    for (what, old, new) in [
        ("metrics", &a.metrics, &b.metrics),
        ("normalisation of values", &a.norm, &b.norm),
        ("schema", &a.schema, &b.schema),
        ("scope", &a.scope, &b.scope),
        ("split", &a.split, &b.split),
        ("tokeniser", &a.tokeniser, &b.tokeniser),
    ] {
        if old != new {
            found.push(format!("{what}: `{old}` in the baseline, `{new}` here"));
        }
    }
    if a.gold != b.gold {
        found.push(format!(
            "gold: {} in the baseline, {} here",
            short(&a.gold),
            short(&b.gold)
        ));
        found.extend(changed_gold(old, new));
    }
    found
}

fn changed_gold(old: &Baseline, new: &Baseline) -> Vec<String> {
    let of = |baseline: &Baseline| -> BTreeMap<Digest, Digest> {
        baseline.documents.iter().map(|one| (one.doc, one.gold)).collect()
    };
    let (old, new) = (of(old), of(new));
    let all: BTreeSet<&Digest> = old.keys().chain(new.keys()).collect();
    let word = |doc: &&Digest| match (old.get(doc), new.get(doc)) {
        (Some(a), Some(b)) if a == b => None,
        (Some(_), Some(_)) => Some(format!("  {doc} changed")),
        (Some(_), None) => Some(format!("  {doc} is gone")),
        (None, _) => Some(format!("  {doc} is new")),
    };
    let words: Vec<String> = all.iter().filter_map(word).collect();
    let more = words.len().saturating_sub(NAMED);
    let named = words.into_iter().take(NAMED);
    named.chain((more > 0).then(|| format!("  and {more} more"))).collect()
}

/// One system of a run against the same system of the baseline.
pub(crate) fn compare_system(
    gold: &Gold,
    run: &ScoredRun,
    schema: &Schema,
    old: &Baseline,
    new: &Baseline,
    gates: &Gates,
) -> ComparisonRow {
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
    let (worse, better) = match differs.is_empty() && base.is_some() {
        true => (moved(Moved::Worse), moved(Moved::Better)),
        false => (Vec::new(), Vec::new()),
    };
    let new_errors = before.map(|_| new_errors(name, old, run));
    let verdicts = gate_rows(gates, &compared, new_errors.as_deref());
    ComparisonRow {
        system: name.to_owned(),
        baseline: before.map(|one| one.predictions.clone()).unwrap_or_default(),
        differs,
        unit: unit.to_owned(),
        clusters: compared.n_clusters as u64,
        documents: compared.n_documents as u64,
        seed: gates.resampling.seed,
        masks: compared.family.as_ref().map(|family| (family.n_masks, family.exact)),
        tests: compared.tests.iter().map(test_row).collect(),
        worse,
        better,
        new_errors: new_errors.unwrap_or_default(),
        gates: verdicts,
    }
}

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
    let (by_doc, unit) = clustered(&sources, gates.unit);
    let how = Comparison {
        tasks: Vec::new(),
        clusters: by_doc,
        alpha: gates.alpha,
        resampling: gates.resampling,
        margin: None,
        comparable: true,
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
            standings: standings.iter().map(standing_row).collect(),
            pairs: pairs.iter().map(pair_row).collect(),
        });
    }
    rows
}

/// Clusters of documents and the word for what they are: where no document has a source,
/// each is one by itself, and the unit is the document.
fn clustered(
    sources: &[(Digest, Option<&str>)],
    choice: UnitChoice,
) -> (BTreeMap<Digest, String>, &'static str) {
    let (by_doc, by_source) = clusters(sources, choice);
    let any = sources.iter().any(|(_, source)| source.is_some());
    (by_doc, if by_source && any { "source" } else { "document" })
}

fn standing_row(one: &Standing) -> StandingRow {
    StandingRow {
        system: one.system.clone(),
        score: one.score.value,
        interval: one.score.interval,
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

fn total(table: &Table, doc: Digest, task: &Task<'_>) -> Counts {
    let Ok(at) = table.docs().binary_search(&doc) else { return Counts::default() };
    let of_task = |key: u32| {
        let key = &table.keys()[key as usize];
        key.layer == task.layer && key.metric == task.metric
    };
    // Rows stand by document, so a document's are found without reading the others.
    let from = table.rows().partition_point(|row| (row.doc as usize) < at);
    let of_doc = table.rows()[from..].iter().take_while(|row| row.doc as usize == at);
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

fn gate_rows(
    gates: &Gates,
    compared: &Compared,
    new_errors: Option<&[String]>,
) -> Vec<GateRow> {
    let tests: Vec<GatedTest<'_>> = compared.tests.iter().map(Test::gated).collect();
    let labels: Vec<&str> = gates.labels.iter().map(String::as_str).collect();
    let n_worse = compared.n_worse();
    let input = GateInput {
        tests: &tests,
        labels: &labels,
        n_worse,
        n_new_errors: new_errors.map(|errors| errors.len() as u64),
    };
    let row = |gate: &Gate| {
        let outcome = apply(*gate, &input);
        let because = match (outcome, gate) {
            (GateOutcome::Pass, _) => Vec::new(),
            (_, Gate::NewErrors) => new_errors.unwrap_or_default().to_vec(),
            (_, Gate::DocRegressions(_)) => {
                vec![format!("{n_worse} documents are worse")]
            }
            _ => decided_by(compared),
        };
        let outcome = match outcome {
            GateOutcome::Pass => "pass",
            GateOutcome::Undecided => "undecided",
            GateOutcome::Fail => "fail",
        };
        GateRow { gate: gate.to_string(), outcome: outcome.to_owned(), because }
    };
    gates.gates.iter().map(row).collect()
}

/// The tests whose verdicts can make a gate fail or wait.
fn decided_by(compared: &Compared) -> Vec<String> {
    use goldpress_eval::Verdict::{
        BelowMargin, Changed, Improved, Incomparable, Inconclusive, Missing, New,
        Regressed,
    };
    // What is worst is named alone; what merely moved only where nothing else did.
    for kinds in [
        &[Regressed, Missing][..],
        &[BelowMargin, Incomparable, New],
        &[Inconclusive, Changed, Improved],
    ] {
        let named: Vec<String> = compared
            .tests
            .iter()
            .filter(|test| kinds.contains(&test.verdict))
            .map(|test| {
                let label = if test.label == "*" { "(all)" } else { &test.label };
                format!("{}/{} {label}", test.layer, test.metric)
            })
            .collect();
        if !named.is_empty() {
            return named;
        }
    }
    Vec::new()
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

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
