//! The result of an evaluation: every number of `goldpress eval`, as one JSON document.
//!
//! Reports are drawn from this alone, so a page can be redrawn years later. Numbers stand
//! at full precision; a ratio without a denominator is `null`, never 0.

use std::collections::BTreeMap;

use goldpress_model::Counts;
use serde::{Deserialize, Serialize};

use crate::run::Machine;

/// Version of the document; an unknown one is refused.
pub const RESULT_VERSION: u32 = 1;

/// Everything `goldpress eval` found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvalResult {
    /// [`RESULT_VERSION`].
    pub goldpress_result: u32,
    /// Name of the evaluation: its start in UTC and the dataset.
    pub eval_id: String,
    /// Versions of everything that decides a number.
    pub versions: Versions,
    /// What was scored against.
    pub gold: GoldInfo,
    /// `main` or `all`.
    pub scope: String,
    /// Split of a recipe, or empty for all gold.
    pub split: String,
    /// The systems, in the order of the runs.
    pub systems: Vec<SystemResult>,
    /// Every score, by layer, metric, system, then average and label.
    pub scores: Vec<ScoreRow>,
    /// Primary figures of parts of the documents, where they were asked for.
    #[serde(default)]
    pub slices: Vec<SliceRow>,
    /// Numbers as other programs give them, where they were asked for; no gate sees them.
    #[serde(default)]
    pub modes: Vec<ModeRow>,
    /// Metrics that were asked for beside those of the tables.
    #[serde(default)]
    pub asked: Vec<String>,
    /// What was taken for what, of layers of spans and blocks.
    #[serde(default)]
    pub confusion: Vec<ConfusionRow>,
    /// Documents that were scored, where only those of equal gold were.
    #[serde(default)]
    pub common: Option<CommonInfo>,
    /// What the checks before scoring found.
    pub findings: Vec<FindingRow>,
    /// The worst documents and their errors, bounded in number.
    pub errors: Vec<ErrorRow>,
    /// Each system against its baseline; empty where there was none to compare with.
    pub comparisons: Vec<ComparisonRow>,
    /// Documents that are named here → the input file that they came from.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Who stands where, where systems were compared with each other.
    pub standings: Vec<StandingsRow>,
    /// Where it was scored.
    pub machine: Machine,
}

/// Versions of everything that decides a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// goldpress itself.
    pub goldpress: String,
    /// Rules of the metrics.
    pub metrics: String,
    /// Normalisation of field values.
    pub norm: String,
    /// Cutting of words.
    pub tokeniser: String,
}

/// What was scored against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldInfo {
    /// Hash over all gold documents.
    pub hash: String,
    /// `name@version` of the schema.
    pub schema: String,
    /// Layer → documents that it covers.
    pub documents: BTreeMap<String, u64>,
    /// Articles of the dataset; 0 where the result does not say.
    #[serde(default)]
    pub articles: u64,
    /// Documents: articles without exact copies of others.
    #[serde(default)]
    pub keepers: u64,
    /// Near-copies of other gold documents that were left out; `None` where nobody looked
    /// for them (`goldpress dedup`), or all were to be scored.
    #[serde(default)]
    pub near_copies: Option<u64>,
    /// Documents that hold gold of any layer; 0 where the result does not say.
    #[serde(default)]
    pub of: u64,
    /// Layer → documents that are marked in it, and in which it is not done: left out.
    #[serde(default)]
    pub open: BTreeMap<String, u64>,
    /// Scored documents without gold blocks, which count as all main.
    pub without_blocks: u64,
}

/// One system: how it fared and how fast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemResult {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// The run that was scored.
    pub run: String,
    /// Tasks it serves.
    pub tasks: Vec<String>,
    /// Outcome → documents.
    pub outcomes: BTreeMap<String, u64>,
    /// `layer/label → layer/label` → annotations that were relabelled so.
    #[serde(default)]
    pub mapped: BTreeMap<String, u64>,
    /// `layer/label` → annotations that were dropped for it.
    #[serde(default)]
    pub ignored: BTreeMap<String, u64>,
    /// Layer → errors in all; [`EvalResult::errors`] holds the first of them.
    #[serde(default)]
    pub n_errors: BTreeMap<String, u64>,
    /// Times; `None` where none were taken.
    pub speed: Option<Speed>,
}

/// Times of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    /// How the times were taken: `in-process`, `latency`, `throughput`.
    pub mode: String,
    /// Timed documents.
    pub documents: u64,
    /// Documents a second of wall time.
    pub docs_s: Option<f64>,
    /// The same of the middle half of the tenths of a run, from 50 documents on.
    #[serde(default)]
    pub docs_s_middle: Option<(f64, f64)>,
    /// Mean CPU milliseconds a document; `None` where the machine cannot tell.
    pub cpu_ms_doc: Option<f64>,
    /// Median wall milliseconds a document.
    pub p50_ms: Option<f64>,
    /// 90th percentile of the same, from 10 documents on.
    pub p90_ms: Option<f64>,
}

/// One score: a system × layer × metric × average (and label).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRow {
    /// System.
    pub system: String,
    /// Layer; that of `body.*` is `content`.
    pub layer: String,
    /// Metric, with its parameters.
    pub metric: String,
    /// `micro`, `label`, `macro-label` or `macro-document`.
    pub average: String,
    /// The label of a `label` row, else `*`.
    pub label: String,
    /// Whether this is the primary figure of its task.
    pub primary: bool,
    /// Counts in the unit of the metric; `None` for means.
    pub counts: Option<Counts>,
    /// What one item counts for: 2 where halves are counted.
    pub scale: u64,
    /// Documents that were judged: those in which the layer is done, and of a field those
    /// in which gold says what it is, or that there is none.
    pub n: u64,
    /// What the figure is a mean of: documents or labels; 1 for a sum.
    #[serde(default)]
    pub terms: u64,
    /// Items in gold, each counted once whatever the scale.
    #[serde(default)]
    pub support: u64,
    /// In `0.0..=1.0`; `None` when nothing was predicted, and for shares.
    pub precision: Option<f64>,
    /// In `0.0..=1.0`; `None` where gold holds nothing, and for shares.
    pub recall: Option<f64>,
    /// In `0.0..=1.0`; `None` where nothing is expected and nothing given.
    pub f1: Option<f64>,
    /// Share right, of the metrics that are shares.
    pub share: Option<f64>,
    /// Two-sided 95 % interval of a primary figure, over clusters of documents.
    #[serde(default)]
    pub interval: Option<(f64, f64)>,
}

impl ScoreRow {
    /// The figure that ranks: the share of a share metric, F1 of all others.
    pub fn value(&self) -> Option<f64> {
        self.share.or(self.f1)
    }
}

/// The primary figure of one system and layer on a part of the documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceRow {
    /// What the documents are cut by: `source`, `length`.
    pub by: String,
    /// The part; `-` where the value is not known.
    pub slice: String,
    /// System.
    pub system: String,
    /// Layer.
    pub layer: String,
    /// Primary metric of the layer.
    pub metric: String,
    /// `micro`, `macro-label` or `macro-document`.
    pub average: String,
    /// Documents of the part that cover the layer.
    pub n: u64,
    /// Gold items in them.
    pub support: u64,
    /// Counts over all labels, in the unit of the metric.
    pub counts: Counts,
    /// What one item counts for.
    pub scale: u64,
    /// As in [`ScoreRow`].
    pub precision: Option<f64>,
    /// As in [`ScoreRow`].
    pub recall: Option<f64>,
    /// As in [`ScoreRow`].
    pub f1: Option<f64>,
    /// As in [`ScoreRow`].
    pub share: Option<f64>,
}

/// Numbers of one system and layer as another program gives them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeRow {
    /// The program and its version: `nervaluate-1.2.1`.
    pub mode: String,
    /// System.
    pub system: String,
    /// Layer.
    pub layer: String,
    /// How the program reads or averages: `strict`, `macro`; empty where it has one way.
    pub reading: String,
    /// Label; `*` for all.
    pub label: String,
    /// Precision; `None` where the program gives no number.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// F1.
    pub f1: Option<f64>,
    /// The three as the program prints them; empty where it refuses.
    pub printed: Vec<String>,
    /// Why the program could not process this.
    pub refused: Option<String>,
}

/// How often one label was taken for another, by one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfusionRow {
    /// System.
    pub system: String,
    /// Layer.
    pub layer: String,
    /// Gold label; `NONE` where gold has nothing there.
    pub gold: String,
    /// Predicted label; `NONE` where nothing was predicted.
    pub predicted: String,
    /// `same` fragments, `over`lapping ones, or `none` where one side is missing.
    pub bounds: String,
    /// How often.
    pub n: u64,
    /// The same of the run that the baseline was made of, where it is at hand and was scored
    /// against the same gold.
    pub base: Option<u64>,
}

/// How many documents two golds have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonInfo {
    /// Documents whose gold is the same on both sides.
    pub documents: u64,
    /// Documents of either side.
    pub of: u64,
}

/// A finding of the checks before scoring, with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingRow {
    /// Code.
    pub code: String,
    /// `gold` or the name of the system.
    pub side: String,
    /// `error`, `malformed`, `repair` or `warn`.
    pub severity: String,
    /// How often.
    pub count: u64,
    /// The first five places, for people.
    pub places: Vec<String>,
}

/// One error of one system, as the error browser shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorRow {
    /// System.
    pub system: String,
    /// The document.
    pub doc_id: String,
    /// Layer.
    pub layer: String,
    /// `boundary`, `label`, `both`, `missed` or `spurious`.
    pub kind: String,
    /// Gold label, if any.
    pub gold_label: Option<String>,
    /// Predicted label, if any.
    pub predicted_label: Option<String>,
    /// Gold words, if any.
    pub gold_text: Option<String>,
    /// Predicted words, if any.
    pub predicted_text: Option<String>,
    /// The first range in code points, `start..end`.
    pub at: String,
}

/// One system against its baseline: tests, documents, gates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComparisonRow {
    /// System.
    pub system: String,
    /// `release` where it is the second, fixed baseline; else empty.
    #[serde(default)]
    pub against: String,
    /// Hash of the baseline's answers.
    pub baseline: String,
    /// Why results cannot be compared; empty where they can.
    pub differs: Vec<String>,
    /// `source` or `document`: what is swapped and resampled.
    pub unit: String,
    /// Why it is the document where nobody asked for it; empty where somebody did, or it is
    /// the source.
    #[serde(default)]
    pub unit_because: String,
    /// Outlets of the documents; 0 where no document has one.
    #[serde(default)]
    pub sources: u64,
    /// Clusters of documents.
    pub clusters: u64,
    /// Documents.
    pub documents: u64,
    /// Seed of the masks.
    pub seed: u64,
    /// Masks that were tried, and whether these are all there are.
    pub masks: Option<(u64, bool)>,
    /// Tests, headlines first in each layer.
    pub tests: Vec<TestRow>,
    /// Outlets that are significantly worse by themselves.
    #[serde(default)]
    pub worse_outlets: Vec<OutletRow>,
    /// Outlets that were tested alone.
    #[serde(default)]
    pub n_outlets: u64,
    /// Outlets of which no loss could have been seen: too few documents, or too few moved.
    #[serde(default)]
    pub n_unseen_outlets: u64,
    /// Tests that fell and of which no loss could have been seen, with the reason.
    #[serde(default)]
    pub unseen: Vec<String>,
    /// How much gold would see the difference that was asked for, a line a headline.
    #[serde(default)]
    pub plan: Vec<String>,
    /// Documents that are worse on the primary metric of a layer.
    #[serde(default)]
    pub n_worse: u64,
    /// Documents that are better on one, and worse on none.
    #[serde(default)]
    pub n_better: u64,
    /// Layers of documents that are worse, the deepest falls first, bounded in number.
    pub worse: Vec<MovedRow>,
    /// The same of those that are better.
    pub better: Vec<MovedRow>,
    /// Documents that had a result and have none now.
    pub new_errors: Vec<String>,
    /// Gates and what they say.
    pub gates: Vec<GateRow>,
}

/// One test: system × layer × metric × label; label `*` is the headline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRow {
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// Label.
    pub label: String,
    /// Value of the baseline.
    pub base: Option<f64>,
    /// Value now.
    pub now: Option<f64>,
    /// Now minus base.
    pub delta: Option<f64>,
    /// Two-sided 95 % interval of the difference.
    pub interval: Option<(f64, f64)>,
    /// One-sided 95 % lower bound of the difference.
    pub lower: Option<f64>,
    /// p over the masks, before adjustment.
    pub p: Option<f64>,
    /// p adjusted over the family.
    pub p_adjusted: Option<f64>,
    /// The smallest adjusted p that it could have had, whatever happened.
    #[serde(default)]
    pub p_attainable: Option<f64>,
    /// Largest p that counts as significant in its family.
    #[serde(default)]
    pub alpha: f64,
    /// Tests of its family.
    #[serde(default)]
    pub n_family: u64,
    /// Clusters in which the counts differ.
    #[serde(default)]
    pub n_moved: u64,
    /// Gold items.
    pub support: u64,
    /// Clusters with something to score.
    pub informative: u64,
    /// Smallest difference that would be found four times in five.
    pub detectable: Option<f64>,
    /// What may be said of the difference.
    pub verdict: String,
}

/// An outlet that is significantly worse by itself, paired by document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutletRow {
    /// The outlet.
    pub outlet: String,
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// Documents with something to score.
    pub documents: u64,
    /// Value of the baseline.
    pub base: Option<f64>,
    /// Value now.
    pub now: Option<f64>,
    /// p adjusted over all outlets.
    pub p_adjusted: f64,
}

/// A document that moved, with the counts of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovedRow {
    /// The document.
    pub doc_id: String,
    /// Where it came from, for people.
    pub source: Option<String>,
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// Counts of the baseline over all labels.
    pub base: Counts,
    /// Counts now.
    pub now: Counts,
}

/// A gate and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRow {
    /// The gate as it is written: `significant`, `margin=0.5pt`.
    pub gate: String,
    /// `pass`, `fail` or `undecided`.
    pub outcome: String,
    /// The tests or documents that decided, for people.
    pub because: Vec<String>,
}

/// Systems against each other on one layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingsRow {
    /// Layer.
    pub layer: String,
    /// Metric.
    pub metric: String,
    /// `source` or `document`: what is swapped and resampled.
    pub unit: String,
    /// Seed of the masks.
    #[serde(default)]
    pub seed: u64,
    /// Random masks of a pair, where not all there are can be tried.
    #[serde(default)]
    pub resamples: u64,
    /// Systems, best first.
    pub standings: Vec<StandingRow>,
    /// Every pair, adjusted together.
    pub pairs: Vec<PairRow>,
}

/// One system among others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingRow {
    /// System.
    pub system: String,
    /// Its score.
    pub score: Option<f64>,
    /// Two-sided 95 % interval of the score.
    pub interval: Option<(f64, f64)>,
    /// 1 and the number of systems separated above it.
    pub rank: u64,
    /// The ranks it may have.
    pub ranks: (u64, u64),
}

/// Two systems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairRow {
    /// The one that stands higher.
    pub upper: String,
    /// The other.
    pub lower: String,
    /// Lower minus upper.
    pub delta: Option<f64>,
    /// Two-sided 95 % interval of the difference.
    pub interval: Option<(f64, f64)>,
    /// p over the masks.
    pub p: Option<f64>,
    /// p adjusted over all pairs (Holm).
    pub p_adjusted: Option<f64>,
    /// Whether the order of the two is more than chance.
    pub separated: bool,
}
