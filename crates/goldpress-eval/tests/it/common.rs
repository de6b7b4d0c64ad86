//! What the tests share: a schema by labels, and scoring of plain spans.

use goldpress_eval::{
    GoldDocument, Options, PredictedDocument, Scored, Summary, Table, Wanted, score,
    summarise,
};
use goldpress_model::{CharRange, Digest, LooseAnnotation, RunOutcome, Schema};
use serde_json::{Value, json};

/// A schema with one layer of spans, `entity`.
pub(crate) fn span_schema(labels: &[&str]) -> Schema {
    schema(
        json!([{"name": "entity", "kind": "span", "scope": "main", "labels": label_specs(labels)}]),
    )
}

/// A schema of these layers.
pub(crate) fn schema(layers: Value) -> Schema {
    let schema = json!({"name": "test", "version": 1, "layers": layers});
    serde_json::from_value(schema).expect("a test's schema is sound")
}

/// Labels without guidelines.
pub(crate) fn label_specs(names: &[&str]) -> Value {
    let label =
        |name: &&str| json!({"name": name, "guide": "", "example": "", "counter": ""});
    names.iter().map(label).collect()
}

/// An annotation that quotes `text`.
pub(crate) fn annotation(
    text: &str,
    layer: &str,
    label: &str,
    fragments: &[(u32, u32)],
) -> LooseAnnotation {
    let slice = |&(start, end): &(u32, u32)| -> String {
        let len = end.saturating_sub(start) as usize;
        text.chars().skip(start as usize).take(len).collect()
    };
    let slices: Vec<String> = fragments.iter().map(slice).collect();
    LooseAnnotation {
        layer: layer.into(),
        label: label.into(),
        fragments: fragments
            .iter()
            .map(|&(start, end)| CharRange { start, end })
            .collect(),
        text: slices.join(" "),
        ..LooseAnnotation::default()
    }
}

/// One document's spans on both sides.
pub(crate) struct Doc {
    pub(crate) text: String,
    pub(crate) gold: Vec<LooseAnnotation>,
    pub(crate) predicted: Vec<LooseAnnotation>,
}

/// Scores spans of the layer `entity` with every metric that fits.
pub(crate) fn score_spans(schema: &Schema, docs: &[Doc]) -> Scored {
    let options =
        Options { layers: vec!["entity"], metrics: Wanted::All, ..Options::default() };
    let id = |at: usize| Digest::of(&at.to_be_bytes());
    let tokens: Vec<Vec<CharRange>> = docs.iter().map(|doc| tokens(&doc.text)).collect();
    let gold: Vec<GoldDocument<'_>> = docs
        .iter()
        .enumerate()
        .map(|(at, doc)| GoldDocument {
            covered: vec!["entity"],
            tokens: &tokens[at],
            ..GoldDocument::reviewed(id(at), &doc.text, &doc.gold)
        })
        .collect();
    let predicted: Vec<PredictedDocument<'_>> = docs
        .iter()
        .enumerate()
        .map(|(at, doc)| PredictedDocument {
            annotations: &doc.predicted,
            ..PredictedDocument::empty(id(at), RunOutcome::Ok)
        })
        .collect();
    score(&gold, &predicted, schema, &options).expect("every metric is known")
}

/// Runs of three characters, as if they were words.
pub(crate) fn tokens(text: &str) -> Vec<CharRange> {
    let n = text.chars().count() as u32;
    let token = |start: u32| CharRange { start, end: (start + 3).min(n) };
    (0..n).step_by(3).map(token).collect()
}

/// The summary of a metric over all lines, as layers of scope `all` have it.
#[track_caller]
pub(crate) fn summary(table: &Table, metric: &str) -> Option<Summary> {
    summarise(table).into_iter().find(|summary| summary.metric == metric)
}
