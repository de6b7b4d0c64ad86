//! A run scored against gold.

use std::collections::BTreeMap;

use anyhow::Context;
use goldpress_eval::{
    CONTENT, Lines, Options, PredictedDocument, Relabel, Scorer, Wanted,
    compat::{Input, Mode},
    primary,
};
use goldpress_extract::Task;
use goldpress_model::{
    CountRow, Digest, LayerKind, LooseAnnotation, Prediction, RunOutcome, Schema, layer,
};
use goldpress_store::{
    CountsAbout, Run, StoreError, SystemInfo,
    result::{
        ConfusionRow, ErrorRow, FindingRow, ModeRow, ScoreRow, SliceRow, SystemResult,
    },
};

use super::{
    answers::is_mapped,
    confusion::confusion_rows,
    gold::{Gold, cut},
    modes::{Moded, mode_rows},
    score_rows::{Errors, finding_rows, score_rows},
    slices::{Cuts, SlicedRun, slice_rows},
    speed::speed,
};

/// One run, scored.
pub(crate) struct ScoredRun {
    pub(crate) system: SystemResult,
    /// What the run says of the system.
    pub(crate) about: SystemInfo,
    /// Layer → its primary metric, as rows name it.
    pub(crate) primary_metrics: BTreeMap<String, String>,
    /// Counts of the primary metrics: what a baseline holds.
    pub(crate) primary_rows: Vec<CountRow>,
    /// How each gold document went.
    pub(crate) outcomes: BTreeMap<Digest, RunOutcome>,
    pub(crate) scores: Vec<ScoreRow>,
    pub(crate) slices: Vec<SliceRow>,
    pub(crate) modes: Vec<ModeRow>,
    /// What was taken for what.
    pub(crate) confusion: Vec<ConfusionRow>,
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) errors: Vec<ErrorRow>,
    /// Whether gold or predictions hold errors that make every number meaningless.
    pub(crate) stopped: bool,
    /// Scored documents without gold blocks.
    pub(crate) without_blocks: u64,
}

impl ScoredRun {
    /// Whether gold is done for anything that the system answers.
    pub(crate) fn is_seen(&self, gold: &Gold) -> bool {
        self.primary_metrics.keys().any(|layer| !gold.covering(layer).is_empty())
    }
}

/// A run that is to be scored.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// The system of it.
    pub(crate) system: String,
    /// The run.
    pub(crate) run: Run,
    /// Its answers as other programs read them, where that is not as the run has them.
    pub(crate) readings: Vec<(Mode, Vec<Prediction>)>,
    /// What was found while the answers were read from a file.
    pub(crate) findings: Vec<FindingRow>,
}

impl Chosen {
    /// A run as it lies on the disk.
    pub(crate) fn stored(system: impl Into<String>, run: Run) -> Chosen {
        let (readings, findings) = (Vec::new(), Vec::new());
        Chosen { system: system.into(), run, readings, findings }
    }
}

/// How runs are scored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'h> {
    /// Which part of the text.
    pub(crate) lines: Lines,
    /// Whether a document without an answer counts as an empty one.
    pub(crate) missing_as_empty: bool,
    /// What systems call otherwise than the schema, by system.
    pub(crate) relabels: &'h BTreeMap<String, Relabel>,
    /// Tasks that are scored, by system; all of those that are not here.
    pub(crate) tasks: &'h BTreeMap<String, Vec<String>>,
    /// Other programs whose numbers are wanted too.
    pub(crate) modes: &'h [Mode],
    /// Metrics that are wanted beside those of the tables.
    pub(crate) metrics: &'h [String],
    /// What documents are cut by.
    pub(crate) cuts: &'h Cuts,
    /// What intervals of scores are over: cluster of each document.
    pub(crate) clusters: &'h BTreeMap<Digest, String>,
}

/// Scores one run, and stores its counts in it.
///
/// # Errors
///
/// The run cannot be read or written, or the schema and the metrics do not fit.
pub(crate) fn score_run(
    gold: &Gold,
    chosen: &Chosen,
    schema: &Schema,
    how: How<'_>,
) -> anyhow::Result<ScoredRun> {
    let Chosen { system, run, .. } = chosen;
    let system = system.as_str();
    let lines = how.lines;
    let info = run.info();
    let about = info.systems.iter().find(|one| one.name == system);
    let about =
        about.with_context(|| format!("run `{}` holds no `{system}`", info.run_id))?;
    let relabel = how.relabels.get(system).filter(|_| !is_mapped(info));
    let wanted = how.tasks.get(system);
    let is_wanted = |task: &&String| wanted.is_none_or(|wanted| wanted.contains(task));
    let mut layers: Vec<&str> =
        about.tasks.iter().filter(is_wanted).map(|task| layer_of(task)).collect();
    for ours in relabel.into_iter().flat_map(|relabel| relabel.map.values()) {
        let layer = ours.split_once('/').map_or(ours.as_str(), |(layer, _)| layer);
        if !layers.contains(&layer) {
            layers.push(layer);
        }
    }
    let options = Options {
        layers: layers.clone(),
        lines,
        metrics: Wanted::DefaultAnd(how.metrics.iter().map(String::as_str).collect()),
        mistakes: true,
        missing_as_empty: how.missing_as_empty,
        words: |text| cut(text).tokens,
        ..Options::default()
    };
    let mut scorer = Scorer::new(schema, &options)?;
    let (mut mapped, mut ignored) = (Relabelled::new(), Relabelled::new());
    let mut of_run: BTreeMap<Digest, RunOutcome> = BTreeMap::new();
    let mut errors = Errors::default();
    // What other programs score is held until the end.
    let holds = how.modes.iter().any(|mode| mode.input() != Input::Cells);
    let mut held: Vec<Prediction> = Vec::new();
    let mut answers = run
        .predictions()
        .filter(|row| row.as_ref().map_or(true, |row| row.system == system))
        .peekable();
    for document in &gold.documents {
        let mut rows: Vec<Prediction> = Vec::new();
        let is_due = |row: &Result<Prediction, StoreError>| {
            row.as_ref().map_or(true, |row| row.doc_id <= document.doc_id)
        };
        while let Some(row) = answers.next_if(is_due) {
            let mut row = row?;
            if row.doc_id < document.doc_id {
                continue;
            }
            if let Some(relabel) = relabel {
                relabelled(&mut row, relabel, (&mut mapped, &mut ignored));
            }
            of_run.insert(row.doc_id, row.outcome);
            rows.push(row);
        }
        let views: Vec<PredictedDocument<'_>> = rows.iter().map(answer).collect();
        scorer.document(&document.view(), &views.iter().collect::<Vec<_>>());
        for mistake in scorer.take_mistakes() {
            errors.add(mistake, system);
        }
        if holds {
            held.append(&mut rows);
        }
    }
    // A table that is broken behind the last document of gold is broken.
    answers.try_for_each(|row| row.map(|_| ()))?;
    let scored = scorer.finish();
    let scope = lines.name();
    let primary_metrics: BTreeMap<String, String> = layers
        .iter()
        .map(|layer| ((*layer).to_owned(), primary_metric(schema, layer, scope)))
        .collect();
    let is_primary = |row: &CountRow| {
        primary_metrics.get(&row.layer).is_some_and(|name| *name == row.metric)
    };
    let mut primary_rows: Vec<CountRow> = Vec::new();
    run.set_counts(
        scored.table.to_rows(system).inspect(|row| {
            if is_primary(row) {
                primary_rows.push(row.clone());
            }
        }),
        &CountsAbout {
            metrics: goldpress_eval::VERSION.to_owned(),
            gold: gold.hash.to_string(),
            schema: schema.id(),
            scope: scope.to_owned(),
            tokeniser: goldpress_text::TOKENISER.to_owned(),
        },
    )?;
    let is_unsupported = |outcome: &&RunOutcome| **outcome == RunOutcome::Unsupported;
    let n_unsupported = of_run.values().filter(is_unsupported).count() as u64;
    let findings = finding_rows(&scored, system, n_unsupported);
    let outcomes =
        about.outcomes.iter().map(|(outcome, n)| (outcome.name().to_owned(), *n));
    Ok(ScoredRun {
        system: SystemResult {
            name: system.to_owned(),
            version: about.version.clone(),
            run: info.run_id.clone(),
            tasks: about.tasks.clone(),
            outcomes: outcomes.collect(),
            mapped,
            ignored,
            n_errors: errors.n,
            speed: speed(run, system)?,
        },
        about: about.clone(),
        slices: slice_rows(
            how.cuts,
            gold,
            &SlicedRun {
                system,
                primary_metrics: &primary_metrics,
                rows: &primary_rows,
                outcomes: &of_run,
            },
            schema,
        ),
        modes: mode_rows(
            how.modes,
            gold,
            Moded {
                system,
                layers: &layers,
                predictions: &held,
                readings: &chosen.readings,
                scored: &scored,
                scope,
            },
            schema,
        ),
        outcomes: of_run,
        confusion: confusion_rows(&scored, system, scope, schema),
        scores: score_rows(&scored, &primary_metrics, system, schema, how.clusters),
        primary_metrics,
        primary_rows,
        findings: chosen.findings.iter().cloned().chain(findings).collect(),
        errors: errors.rows,
        stopped: scored.findings.stops(),
        without_blocks: scored.n_without_blocks,
    })
}

type Relabelled = BTreeMap<String, u64>;

/// Puts our labels in the place of a system's, and counts what was mapped and what ignored.
fn relabelled(
    row: &mut Prediction,
    relabel: &Relabel,
    (mapped, ignored): (&mut Relabelled, &mut Relabelled),
) {
    let mut apply = |lines: &[LooseAnnotation]| {
        let done = relabel.apply(lines);
        for (sums, counted) in
            [(&mut *mapped, done.mapped), (&mut *ignored, done.ignored)]
        {
            for (name, n) in counted {
                *sums.entry(name).or_default() += n;
            }
        }
        done.annotations
    };
    row.annotations = apply(&row.annotations);
    // What is malformed was meant for a label too, or to be ignored.
    row.rejected.retain_mut(|refused| {
        let mut kept = apply(std::slice::from_ref(&refused.annotation));
        let line = kept.pop();
        line.map(|line| refused.annotation = line).is_some()
    });
}

fn answer(row: &Prediction) -> PredictedDocument<'_> {
    let fields = row.fields.iter().flatten();
    PredictedDocument {
        annotations: &row.annotations,
        rejected: &row.rejected,
        blocks: row.blocks.as_ref().map(|blocks| {
            blocks.iter().map(|(range, role)| (*range, role.name())).collect()
        }),
        fields: fields.map(|(label, claim)| (label.as_str(), claim)).collect(),
        body: row.body.as_deref().map(cut).unwrap_or_default(),
        ..PredictedDocument::empty(row.doc_id, row.outcome)
    }
}

/// The layer that a task fills: its own name, but for the two that have another.
fn layer_of(task: &str) -> &str {
    match task.parse() {
        Ok(Task::Content) => CONTENT,
        Ok(Task::Blocks) => layer::BLOCK,
        _ => task,
    }
}

/// The primary metric of a layer, as rows name it: over all lines it carries a suffix.
fn primary_metric(schema: &Schema, layer: &str, scope: &str) -> String {
    let (metric, _) = primary(schema.layer(layer));
    match scope == "all" && is_scoped(schema, layer) {
        true => format!("{metric}.all"),
        false => metric.to_owned(),
    }
}

/// Whether a layer is scored by lines at all: fields, blocks and bodies are not.
fn is_scoped(schema: &Schema, layer: &str) -> bool {
    schema
        .layer(layer)
        .is_some_and(|spec| !matches!(spec.kind, LayerKind::Block | LayerKind::Field))
}
