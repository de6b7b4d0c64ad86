//! What a scored run becomes in a result: rows of scores, findings and errors.

use std::collections::BTreeMap;

use goldpress_eval::{
    Average, Group, Mistake, Quoted, Scored, Severity, Side, Summary, Task, intervals,
    primary, summarise,
};
use goldpress_model::{Counts, Digest, RunOutcome, Schema};
use goldpress_store::result::{ErrorRow, FindingRow, ScoreRow};

/// Errors kept of one system and layer: enough to see what goes wrong.
const MAX_ERRORS: u64 = 200;

/// Every average of every metric, and a row a label.
pub(super) fn score_rows(
    scored: &Scored,
    primary_metrics: &BTreeMap<String, String>,
    system: &str,
    schema: &Schema,
    clusters: &BTreeMap<Digest, String>,
) -> Vec<ScoreRow> {
    let mut rows = Vec::new();
    for summary in with_empty(summarise(&scored.table), scored, primary_metrics) {
        let (_, average) = primary(schema.layer(&summary.layer));
        let is_headline = primary_metrics.get(&summary.layer) == Some(&summary.metric);
        for one in Average::ALL {
            let (scores, is_micro) = (summary.of(one), one == Average::Micro);
            rows.push(ScoreRow {
                average: one.name().to_owned(),
                label: "*".to_owned(),
                primary: is_headline && one == average,
                counts: is_micro.then_some(summary.total),
                n: scored.n_documents.get(&summary.layer).copied().unwrap_or_default(),
                terms: if summary.share { scores.n[0] } else { scores.n[2] },
                support: support(&summary, summary.total),
                precision: scores.precision.filter(|_| !summary.share),
                recall: scores.recall,
                f1: scores.f1,
                share: scores.precision.filter(|_| summary.share),
                interval: (is_headline && one == average)
                    .then(|| headline_interval(scored, &summary, average, clusters))
                    .flatten(),
                ..blank(&summary, system)
            });
        }
        for (label, counts) in summary.labels.iter().filter(|(label, _)| *label != "*") {
            let n = n_judged(scored, &summary.layer, label);
            rows.push(ScoreRow { n, ..label_row(&summary, system, label, *counts) });
        }
    }
    rows
}

/// The same, with the primary figure of layers that are done and in which neither side
/// marks anything: that there is nothing is a result too.
fn with_empty(
    mut summaries: Vec<Summary>,
    scored: &Scored,
    primary_metrics: &BTreeMap<String, String>,
) -> Vec<Summary> {
    for (layer, metric) in primary_metrics {
        let is_done = scored.n_documents.get(layer).is_some_and(|n| *n > 0);
        if is_done && !summaries.iter().any(|one| one.layer == *layer) {
            summaries.push(Summary::empty(layer, metric));
        }
    }
    summaries
}

/// The interval of a primary figure over clusters of documents.
fn headline_interval(
    scored: &Scored,
    summary: &Summary,
    average: Average,
    clusters: &BTreeMap<Digest, String>,
) -> Option<(f64, f64)> {
    let task = Task { layer: &summary.layer, metric: &summary.metric, average };
    intervals(&scored.table, &task, clusters).get("*")?.shown()
}

/// Items in gold; a share has nothing but those that are right or wrong.
fn support(summary: &Summary, counts: Counts) -> u64 {
    let n = if summary.share { counts.predicted() } else { counts.support() };
    n / summary.scale().max(1)
}

/// Documents in which a label was judged: those in which its layer is done, of a field
/// those in which gold speaks of it.
fn n_judged(scored: &Scored, layer: &str, label: &str) -> u64 {
    let of_layer = scored.n_documents.get(layer).copied().unwrap_or_default();
    let is_of_layer = layer == goldpress_model::layer::METADATA;
    let field = scored.fields.get(label).filter(|_| is_of_layer);
    field.map_or(of_layer, |field| field.documents)
}

fn label_row(summary: &Summary, system: &str, label: &str, counts: Counts) -> ScoreRow {
    let precision = counts.precision();
    ScoreRow {
        average: "label".to_owned(),
        label: label.to_owned(),
        counts: Some(counts),
        terms: 1,
        support: support(summary, counts),
        precision: precision.filter(|_| !summary.share),
        recall: counts.recall().filter(|_| !summary.share),
        f1: counts.f1().filter(|_| !summary.share),
        share: precision.filter(|_| summary.share),
        ..blank(summary, system)
    }
}

fn blank(summary: &Summary, system: &str) -> ScoreRow {
    ScoreRow {
        system: system.to_owned(),
        layer: summary.layer.clone(),
        metric: summary.metric.clone(),
        average: String::new(),
        label: String::new(),
        primary: false,
        counts: None,
        scale: summary.scale(),
        n: 0,
        terms: 0,
        support: 0,
        precision: None,
        recall: None,
        f1: None,
        share: None,
        interval: None,
    }
}

/// Findings of a run. Documents that the system does not serve are told apart from those
/// on which it failed: `n_unsupported` of them.
pub(super) fn finding_rows(
    scored: &Scored,
    system: &str,
    n_unsupported: u64,
) -> Vec<FindingRow> {
    let row = |(code, side, severity, group): (&'static str, Side, Severity, &Group)| {
        let side = match side {
            Side::Gold => "gold".to_owned(),
            Side::Prediction => system.to_owned(),
        };
        let places = group.first.iter().map(|finding| {
            let at = finding.range.map_or_else(String::new, |range| {
                format!(" {}..{}", range.start, range.end)
            });
            let label = match finding.label.as_str() {
                "" => String::new(),
                label => format!(" {label}"),
            };
            format!("{}{at}{label}: {}", finding.doc_id, finding.message)
        });
        FindingRow {
            code: code.to_owned(),
            side,
            severity: severity.name().to_owned(),
            count: group.count,
            places: places.collect(),
        }
    };
    let mut rows: Vec<FindingRow> = scored.findings.iter().map(row).collect();
    let is_unsupported = |place: &String| place.ends_with(RunOutcome::Unsupported.name());
    let failed = rows.iter_mut().find(|row| row.code == "doc-failed");
    if let Some(failed) = failed.filter(|_| n_unsupported > 0) {
        let (unsupported, places) =
            std::mem::take(&mut failed.places).into_iter().partition(is_unsupported);
        failed.places = places;
        failed.count = failed.count.saturating_sub(n_unsupported);
        let unsupported = FindingRow {
            code: "doc-unsupported".to_owned(),
            count: n_unsupported,
            places: unsupported,
            ..failed.clone()
        };
        rows.push(unsupported);
    }
    rows.retain(|row| row.count > 0);
    rows
}

/// The first errors of each layer.
#[derive(Default)]
pub(super) struct Errors {
    /// Errors in all, by layer.
    pub(super) n: BTreeMap<String, u64>,
    pub(super) rows: Vec<ErrorRow>,
}

impl Errors {
    pub(super) fn add(&mut self, mistake: Mistake, system: &str) {
        let n = self.n.entry(mistake.layer.clone()).or_default();
        *n += 1;
        if *n > MAX_ERRORS {
            return;
        }
        let place = mistake.gold.as_ref().or(mistake.predicted.as_ref());
        let at =
            place.map(|side| format!("{}..{}", side.place.start(), side.place.end()));
        let label = |side: &Option<Quoted>| side.as_ref().map(|side| side.label.clone());
        let text = |side: &Option<Quoted>| side.as_ref().map(|side| side.text.clone());
        self.rows.push(ErrorRow {
            system: system.to_owned(),
            doc_id: mistake.doc_id.to_string(),
            kind: mistake.kind.name().to_owned(),
            gold_label: label(&mistake.gold),
            predicted_label: label(&mistake.predicted),
            gold_text: text(&mistake.gold),
            predicted_text: text(&mistake.predicted),
            at: at.unwrap_or_default(),
            layer: mistake.layer,
        });
    }
}
