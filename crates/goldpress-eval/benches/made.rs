//! Inputs made without random numbers, so that every run measures the same.

use goldpress_eval::{
    GoldDocument, Options, Plan, PredictedDocument, Scored, Wanted, score_document,
};
use goldpress_model::{
    CharRange, Digest, LabelSpec, LayerKind, LayerSpec, LooseAnnotation, RunOutcome,
    Schema, Scope,
};

/// The five metrics of spans, and the cells.
pub(crate) const FIVE: [&str; 8] = [
    "strict",
    "exact",
    "partial",
    "type",
    "overlap@0.5",
    "cell.same",
    "cell.over",
    "cell.none",
];

/// Scores documents one by one, as they come.
pub(crate) fn score_all(
    schema: &Schema,
    docs: impl IntoIterator<Item = impl std::borrow::Borrow<Document>>,
    metrics: Wanted<'static>,
) -> Scored {
    let options = Options { layers: vec!["entity"], metrics, ..Options::default() };
    let plan = Plan::new(schema, options).expect("known metrics");
    let mut scored = Scored::default();
    for doc in docs {
        let doc: &Document = doc.borrow();
        let gold = GoldDocument {
            covered: vec!["entity"],
            ..GoldDocument::reviewed(doc.id, &doc.text, &doc.gold)
        };
        let answer = PredictedDocument {
            annotations: &doc.predicted,
            ..PredictedDocument::empty(doc.id, RunOutcome::Ok)
        };
        scored.add(&plan, score_document(&plan, &gold, Some(&answer)));
    }
    scored
}

/// One document with gold and an answer.
pub(crate) struct Document {
    pub(crate) id: Digest,
    pub(crate) text: String,
    pub(crate) gold: Vec<LooseAnnotation>,
    pub(crate) predicted: Vec<LooseAnnotation>,
}

/// How spans lie.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) n: usize,
    pub(crate) step: usize,
    pub(crate) len: usize,
    pub(crate) nested: bool,
}

const LABELS: [&str; 8] = ["EVENT", "FAC", "GPE", "LAW", "LOC", "NORP", "ORG", "PERSON"];

/// One layer of spans in main blocks, eight labels.
pub(crate) fn schema() -> Schema {
    let layer = LayerSpec {
        scope: Scope::Main,
        labels: LABELS.iter().map(|name| LabelSpec::named(name)).collect(),
        ..LayerSpec::new("entity", LayerKind::Span)
    };
    Schema { name: "bench".into(), version: 1, extends: None, layers: vec![layer] }
}

/// Document `seed`. Of ten predictions six are right, one has another label, one another
/// end, one is missing and one stands elsewhere.
pub(crate) fn document(seed: usize, shape: Shape) -> Document {
    let Shape { n, step, len, nested } = shape;
    let size = n * step + len + 8;
    let text: String =
        (0..size).map(|at| char::from(b'a' + ((at * 7 + seed) % 26) as u8)).collect();
    let span = |at: usize, start: usize, end: usize, label: usize| {
        let _ = at;
        LooseAnnotation {
            layer: "entity".into(),
            label: LABELS[label % LABELS.len()].into(),
            fragments: vec![CharRange { start: start as u32, end: end as u32 }],
            text: text[start..end].to_owned(),
            ..LooseAnnotation::default()
        }
    };
    let gold = |at: usize| {
        let start = at * step;
        let end = if nested { size - at } else { start + len };
        span(at, start, end, at * 3 + seed)
    };
    let answer = |at: usize| {
        let mut span = gold(at);
        match (at + seed) % 10 {
            0 => span = self::shifted(span, &text, 0, 2),
            1 => span.label = LABELS[(at + seed + 1) % LABELS.len()].into(),
            2 => return None,
            3 => span = self::shifted(span, &text, 3, 3),
            _ => {}
        }
        Some(span)
    };
    Document {
        id: Digest::of(&seed.to_be_bytes()),
        gold: (0..n).map(gold).collect(),
        predicted: (0..n).filter_map(answer).collect(),
        text,
    }
}

fn shifted(
    mut span: LooseAnnotation,
    text: &str,
    start: u32,
    end: u32,
) -> LooseAnnotation {
    let range = &mut span.fragments[0];
    range.start += start;
    range.end = (range.end + end).min(text.len() as u32);
    span.text = text[range.start as usize..range.end as usize].to_owned();
    span
}
