//! Matching, metrics and statistics: from gold and predictions to numbers.
//!
//! Everything here is a pure function. It opens no file, asks for no time, cuts no text
//! into words: gold, predictions, tokens and samples are handed in as slices, and counts,
//! ratios and verdicts come out.
//!
//! # Counts
//!
//! A metric writes integers for one document: found, spurious, missed. Whatever is said
//! later, of one system or of two, is said of sums of these. A ratio whose denominator is
//! 0 is `None`, never 0, 1 or NaN.
//!
//! # The way through
//!
//! [`score`] checks and scores all documents of a system; [`Plan`], [`score_document`] and
//! [`Scored::add`] do the same one document at a time, on as many threads as the caller
//! likes. [`Scored::table`] then goes to [`summarise`] and [`confusion`] for one system, to
//! [`compare`] and [`gate::apply`] for two runs of it, to [`standings`] for several.
//! [`METRICS`] lists what can be counted; [`tags`] and [`compat`] read and score files of
//! other programs.
//!
//! # Example
//!
//! ```
//! use goldpress_eval::{GoldDocument, Options, PredictedDocument, score, summarise};
//! use goldpress_model::{CharRange, Digest, LooseAnnotation, RunOutcome, Schema};
//!
//! let schema: Schema = serde_json::from_str(
//!     r#"{"name": "example", "version": 1, "layers": [{"name": "entity", "kind": "span",
//!         "labels": [{"name": "ORG", "guide": "", "example": "", "counter": ""}]}]}"#,
//! )?;
//! let text = "Zürich: the SNB held rates.";
//! let org = |start, end, text: &str| LooseAnnotation {
//!     layer: "entity".into(),
//!     label: "ORG".into(),
//!     fragments: vec![CharRange { start, end }],
//!     text: text.into(),
//!     ..LooseAnnotation::default()
//! };
//! let doc_id = Digest::of(text.as_bytes());
//! let (gold, answer) = ([org(12, 15, "SNB")], [org(8, 15, "the SNB")]);
//! let gold = GoldDocument {
//!     covered: vec!["entity"],
//!     ..GoldDocument::reviewed(doc_id, text, &gold)
//! };
//! let predicted = PredictedDocument {
//!     annotations: &answer,
//!     ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
//! };
//!
//! let scored = score(&[gold], &[predicted], &schema, &Options::default())?;
//! let strict = summarise(&scored.table).into_iter().find(|s| s.metric == "strict").unwrap();
//! assert_eq!(strict.micro.f1, Some(0.0));
//! assert_eq!(strict.labels["ORG"].missed, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod align;
mod average;
mod compare;
pub mod compat;
mod decimal;
pub mod gate;
mod input;
mod lcs;
mod lint;
mod matching;
mod metrics;
mod mistakes;
pub mod norm;
mod plan;
mod ranges;
mod relabel;
mod scene;
mod score;
mod scored;
mod sides;
pub mod slices;
mod standings;
pub mod statistics;
mod table;
pub mod tags;
mod tally;
pub mod timing;
mod verdict;

pub use align::align;
pub use average::{Cell, Outcomes, Reading, Scores, Summary, confusion, summarise};
pub use compare::{
    AUTO_SOURCES, Compared, ComparedUnit, Comparison, OutletTest, Task, Test, UnitChoice,
    UnitError, clusters, compare, compare_by,
};
pub use decimal::decimal;
pub use input::{
    Body, CONTENT, GoldDocument, Lines, LinesError, Options, PredictedDocument, Region,
    Snippets, Wanted,
};
pub use lint::{Finding, Findings, Group, Severity, Side};
pub use metrics::{
    Family, Labels, METRICS, Metric, Threshold, ThresholdError, Unit,
    fields::values_agree, metric,
};
pub use mistakes::{Mistake, MistakeKind, Quoted};
pub use plan::{Average, CELL_SEPARATOR, NONE, Plan, PlanError, primary};
pub use ranges::Ranges;
pub use relabel::{Relabel, RelabelError, Relabelled};
pub use scene::{Ids, Scene};
pub use score::{Scorer, score, score_document};
pub use scored::{DocumentScore, FieldOutcomes, Scored};
pub use sides::{Edge, Item, Label, Sides};
pub use standings::{Pair, Standing, intervals, standings};
pub use statistics::power::clusters_for as power_plan;
pub use table::{Key, Row, Table};
pub use tally::Tally;
pub use verdict::{Evidence, LEAST_CLUSTERS, Verdict, verdict};

/// Version of the metrics; stands in every result.
pub const VERSION: &str = "metrics/1";
