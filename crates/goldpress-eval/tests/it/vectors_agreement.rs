//! F1 of two annotators, one in the place of gold: `agreement.json` of the label crate.

use goldpress_eval::{Summary, summarise};
use goldpress_model::LooseAnnotation;
use serde_json::Value;

use crate::{
    common::{Doc, annotation, score_spans, span_schema},
    vectors_metrics::close,
};

const METRICS: [&str; 3] = ["strict", "overlap@0.5", "char"];

#[test]
fn f1_of_two_annotators_is_that_of_the_vectors() {
    let mut n_figures = 0;
    for case in cases() {
        let input = &case["input"];
        let Some(sets) = input["sets"].as_object() else { continue };
        // Who takes part at all is decided before anything is counted.
        if input["reviewed"].is_object() {
            continue;
        }
        let names: Vec<&String> = sets.keys().collect();
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                let expect = match names.len() {
                    2 => &case["expect"],
                    _ => &case["expect"]["pairs"][format!("{one}~{other}")],
                };
                n_figures += check(input, one, other, expect, &case["id"].to_string());
            }
        }
    }
    assert!(n_figures > 60, "{n_figures}");
}

/// Compares all figures of one pair, and says how many.
fn check(input: &Value, one: &str, other: &str, expect: &Value, id: &str) -> usize {
    let docs: Vec<Doc> = input["docs"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(doc, chars)| {
            let text = "x".repeat(chars.as_u64().unwrap() as usize);
            let gold = spans(&text, doc, &input["sets"][one]);
            let predicted = spans(&text, doc, &input["sets"][other]);
            Doc { text, gold, predicted }
        })
        .collect();
    let sides = docs.iter().flat_map(|doc| doc.gold.iter().chain(&doc.predicted));
    let mut labels: Vec<&str> = sides.map(|span| span.label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    let scored = score_spans(&span_schema(&labels), &docs);
    assert!(!scored.findings.stops(), "{id}: {:?}", scored.findings);
    let summaries = summarise(&scored.table);
    let mut n_figures = 0;
    for metric in METRICS.iter().filter(|metric| expect[**metric].is_object()) {
        let summary = summaries.iter().find(|summary| summary.metric == *metric);
        compare(summary, None, &expect[*metric], &format!("{id} {metric}"));
        n_figures += 1;
    }
    let strict = summaries.iter().find(|summary| summary.metric == "strict");
    for (label, expected) in expect["strict_by_label"].as_object().into_iter().flatten() {
        compare(strict, Some(label), expected, &format!("{id} {label}"));
        n_figures += 1;
    }
    n_figures
}

#[track_caller]
fn compare(summary: Option<&Summary>, label: Option<&str>, expected: &Value, id: &str) {
    let counts = match (summary, label) {
        (None, _) => Default::default(),
        (Some(summary), None) => summary.total,
        (Some(summary), Some(label)) => {
            summary.labels.get(label).copied().unwrap_or_default()
        }
    };
    let (both, a, b) =
        (counts.found, counts.found + counts.missed, counts.found + counts.spurious);
    let of = |name: &str| expected[name].as_u64().unwrap();
    assert_eq!((both, a, b), (of("tp"), of("a"), of("b")), "{id}");
    close(counts.f1(), &expected["f1"]["value"], id);
}

fn spans(text: &str, doc: &str, set: &Value) -> Vec<LooseAnnotation> {
    let number = |value: &Value| value.as_u64().unwrap() as u32;
    let of_doc = set.as_array().unwrap().iter().filter(|span| span["doc"] == doc);
    of_doc
        .map(|span| {
            let fragments: Vec<(u32, u32)> = span["fragments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|range| (number(&range[0]), number(&range[1])))
                .collect();
            annotation(text, "entity", span["label"].as_str().unwrap(), &fragments)
        })
        .collect()
}

fn cases() -> Vec<Value> {
    let vectors = include_str!("../../../goldpress-label/tests/vectors/agreement.json");
    let vectors: Value = serde_json::from_str(vectors).expect("the vectors are JSON");
    vectors["cases"].as_array().expect("cases are a list").clone()
}
