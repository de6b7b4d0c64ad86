//! Numbers of reference programs and of plain enumeration: `vectors/metrics.json`.

use std::collections::BTreeMap;

use goldpress_eval::{
    Body, CONTENT, GoldDocument, Options, Outcomes, PredictedDocument, Reading, Wanted,
    confusion, score, summarise,
};
use goldpress_model::{Counts, Digest, LooseAnnotation, RunOutcome};
use serde_json::{Value, json};

use crate::common::{Doc, annotation, score_spans, span_schema, summary};

pub(crate) fn cases() -> Vec<Value> {
    let vectors = include_str!("../vectors/metrics.json");
    let vectors: Value = serde_json::from_str(vectors).expect("the vectors are JSON");
    vectors["cases"].as_array().expect("cases are a list").clone()
}

pub(crate) fn counts(value: &Value) -> Counts {
    let at = |at: usize| value[at].as_u64().expect("counts are integers");
    Counts { found: at(0), spurious: at(1), missed: at(2) }
}

#[track_caller]
pub(crate) fn close(found: Option<f64>, expected: &Value, what: &str) {
    match (found, expected.as_f64()) {
        (Some(found), Some(expected)) => {
            assert!((found - expected).abs() < 1e-9, "{what}: {found} is not {expected}");
        }
        (None, None) => {}
        other => panic!("{what}: {other:?}"),
    }
}

fn spans(text: &str, list: &Value) -> Vec<LooseAnnotation> {
    let number = |value: &Value| value.as_u64().expect("offsets are integers") as u32;
    let span = |span: &Value| {
        let fragments: Vec<(u32, u32)> = match span["fragments"].as_array() {
            Some(list) => list.iter().map(|f| (number(&f[0]), number(&f[1]))).collect(),
            None => vec![(number(&span["start"]), number(&span["end"]))],
        };
        annotation(text, "entity", span["label"].as_str().expect("a label"), &fragments)
    };
    list.as_array().expect("spans are a list").iter().map(span).collect()
}

fn docs(case: &Value) -> Vec<Doc> {
    let filler: String = ('a'..='z').cycle().take(400).collect();
    let text = case["text"].as_str().unwrap_or(&filler);
    let docs = case["docs"].as_array().expect("docs are a list");
    docs.iter()
        .map(|doc| Doc {
            text: text.to_owned(),
            gold: spans(text, &doc["gold"]),
            predicted: spans(text, &doc["pred"]),
        })
        .collect()
}

fn labels(docs: &[Doc]) -> Vec<String> {
    let lines = docs.iter().flat_map(|doc| doc.gold.iter().chain(&doc.predicted));
    let mut labels: Vec<String> = lines.map(|line| line.label.clone()).collect();
    labels.sort();
    labels.dedup();
    labels
}

#[test]
fn spans_match_what_plain_enumeration_gives() {
    for case in cases().iter().filter(|case| case["kind"] == "spans") {
        let mut docs = docs(case);
        check_spans(case, &docs);
        // The same in another order of annotations.
        for doc in &mut docs {
            doc.gold.reverse();
            doc.predicted.reverse();
        }
        check_spans(case, &docs);
    }
}

fn check_spans(case: &Value, docs: &[Doc]) {
    let (id, expect) = (&case["id"], &case["expect"]["goldpress"]);
    let labels = labels(docs);
    let schema = span_schema(&labels.iter().map(String::as_str).collect::<Vec<_>>());
    let scored = score_spans(&schema, docs);
    // A repeat of a gold fragment list is an error of form, none of the cases has one.
    assert!(!scored.findings.stops(), "{id}: {:?}", scored.findings);
    for (metric, expected) in expect["metrics"].as_object().expect("metrics") {
        let what = format!("{id} {metric}");
        let found = summary(&scored.table, metric);
        let total = found.as_ref().map(|summary| summary.total).unwrap_or_default();
        assert_eq!(total, counts(&expected["*"]), "{what}");
        let micro = found.as_ref().map(|summary| summary.micro).unwrap_or_default();
        close(micro.precision, &expected["prf"][0], &what);
        close(micro.recall, &expected["prf"][1], &what);
        close(micro.f1, &expected["prf"][2], &what);
        let Some(by_label) = expected["by_label"].as_object() else { continue };
        let by_label: BTreeMap<String, Counts> =
            by_label.iter().map(|(label, row)| (label.clone(), counts(row))).collect();
        let found = found.map(|summary| summary.labels).unwrap_or_default();
        assert_eq!(found, by_label, "{what}");
    }
    let r#macro = &expect["strict_macro"];
    let strict = summary(&scored.table, "strict");
    let by_label = strict.as_ref().map(|strict| strict.by_label).unwrap_or_default();
    close(by_label.precision, &r#macro["precision"], &format!("{id} macro P"));
    close(by_label.recall, &r#macro["recall"], &format!("{id} macro R"));
    close(by_label.f1, &r#macro["f1"], &format!("{id} macro F"));
    let cells = confusion(&scored.table, "");
    let found: Vec<Value> = cells
        .iter()
        .map(|cell| json!([cell.gold, cell.predicted, cell.bounds, cell.n]))
        .collect();
    let mut expected = expect["cells"].as_array().expect("cells").clone();
    let key = |cell: &Value| cell.to_string();
    let mut sorted = found.clone();
    sorted.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(sorted, expected, "{id}: cells");
    for (reading, name) in [
        (Reading::Strict, "strict"),
        (Reading::Exact, "exact"),
        (Reading::Partial, "partial"),
        (Reading::Type, "type"),
    ] {
        let outcomes = Outcomes::read(&cells, reading);
        let found = json!({
            "cor": outcomes.correct, "inc": outcomes.incorrect, "par": outcomes.partial,
            "mis": outcomes.missing, "spu": outcomes.spurious,
        });
        assert_eq!(found, expect["outcomes"][name], "{id}: outcomes {name}");
    }
}

#[test]
fn a_reversed_gold_span_stops_the_scoring() {
    let all = cases();
    let case = all.iter().find(|case| case["id"] == "s62-reversed-span").expect("case");
    let docs = docs(case);
    let scored = score_spans(&span_schema(&["PER"]), &docs);
    assert!(scored.findings.stops());
    assert_eq!(scored.findings.count("span-reversed"), 2);
    assert_eq!(scored.table.rows().count(), 0);
}

#[test]
fn bodies_match_plain_dynamic_programming() {
    for case in cases().iter().filter(|case| case["kind"] == "body") {
        let Some(expected) = case["expect"]["goldpress"]["docs"].as_array() else {
            continue;
        };
        for (doc, expected) in case["docs"].as_array().expect("docs").iter().zip(expected)
        {
            let body = |side: &str| Body {
                text: doc[side].as_str().unwrap_or_default().to_owned(),
                tokens: serde_json::from_value(doc["tokens"][side].clone())
                    .expect("tokens"),
            };
            let doc_id = Digest::of(b"body");
            let gold = GoldDocument {
                covered: vec![CONTENT],
                body: body("gold"),
                ..GoldDocument::reviewed(doc_id, "", &[])
            };
            let predicted = PredictedDocument {
                body: body("pred"),
                ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
            };
            let options = Options {
                layers: vec![CONTENT],
                metrics: Wanted::All,
                ..Options::default()
            };
            let scored = score(&[gold], &[predicted], &span_schema(&["X"]), &options);
            let summaries = summarise(&scored.expect("known metrics").table);
            for (metric, expected) in expected.as_object().expect("metrics") {
                let found = summaries.iter().find(|summary| summary.metric == *metric);
                let found = found.map(|summary| summary.total).unwrap_or_default();
                assert_eq!(found, counts(expected), "{} {metric}", case["id"]);
            }
        }
    }
}

#[test]
fn no_kind_or_mode_of_the_vectors_is_unknown() {
    for case in cases() {
        let kind = case["kind"].as_str().expect("a kind");
        assert!(
            ["tags", "spans", "spans-inclusive", "body", "slots"].contains(&kind),
            "{kind}"
        );
        for mode in case["expect"].as_object().expect("expectations").keys() {
            let known = mode.starts_with("seqeval-strict:")
                || [
                    "goldpress",
                    "conlleval",
                    "seqeval-default",
                    "nervaluate-1.2.1",
                    "article-extraction-benchmark",
                    "muc-4",
                    "tags",
                ]
                .contains(&mode.as_str());
            assert!(known, "{}: {mode}", case["id"]);
        }
    }
}
