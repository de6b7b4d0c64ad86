//! What holds of every metric of the registry, whatever it counts.

use std::collections::BTreeSet;

use goldpress_eval::{
    Average, Comparison, Family, GoldDocument, Labels, METRICS, Options, Plan, PlanError,
    PredictedDocument, Table, Task, Unit, Verdict, Wanted, compare, metric, score,
    summarise,
};
use goldpress_model::{CountRow, Digest, RunOutcome};

use crate::{
    common::{annotation, span_schema},
    rich::Rich,
};

#[test]
fn names_are_unique_in_a_family_and_lead_back_to_their_metric() {
    let mut seen = BTreeSet::new();
    for entry in METRICS {
        let name = entry.name();
        assert!(seen.insert((format!("{:?}", entry.family), name.clone())), "{name}");
        let found = metric(&name).unwrap_or_else(|| panic!("`{name}` leads nowhere"));
        assert_eq!(found.name(), name);
        assert_eq!(metric(&format!("{name}.all")).map(|m| m.name()), Some(name));
    }
}

#[test]
fn only_halves_have_a_scale_and_shares_are_no_cells_of_two() {
    for entry in METRICS {
        assert!(entry.scale == 1 || entry.stem.starts_with("partial"), "{}", entry.stem);
        assert!(!entry.cells || entry.share, "{}", entry.stem);
    }
}

#[test]
fn gold_against_itself_is_perfect() {
    let rich = Rich::new();
    let scored = rich.score(&rich.gold, &rich.gold_answer());
    assert!(!scored.findings.stops(), "{:?}", scored.findings);
    let summaries = summarise(&scored.table);
    for summary in &summaries {
        let (total, name) = (summary.total, &summary.metric);
        let outside = name.starts_with("token.outside");
        assert!(outside || total.spurious + total.missed == 0, "{name}: {total:?}");
        assert!(total.found > 0, "{name}");
    }
    for entry in METRICS.iter().filter(|entry| !entry.cells) {
        let counted = summaries.iter().any(|summary| summary.metric == entry.name());
        assert!(counted, "`{}` counts nothing of a rich document", entry.name());
    }
}

#[test]
fn nothing_against_gold_finds_nothing_and_has_no_precision() {
    let rich = Rich::new();
    let scored = rich.score(&rich.gold, &rich.empty_answer());
    for summary in summarise(&scored.table) {
        let entry = metric(&summary.metric).expect("a known metric");
        if entry.share {
            continue;
        }
        assert_eq!(summary.total.found, 0, "{}", summary.metric);
        assert_eq!(summary.micro.precision, None, "{}", summary.metric);
        assert_eq!(summary.micro.f1, Some(0.0), "{}", summary.metric);
    }
}

#[test]
fn a_malformed_annotation_weighs_its_scale_in_every_metric_of_annotations() {
    let text = "the SNB held rates";
    let gold = [annotation(text, "entity", "ORG", &[(4, 7)])];
    let mut wrong = annotation(text, "entity", "ORG", &[(8, 12)]);
    wrong.text = "hold".into();
    let answer = [gold[0].clone(), wrong];
    let schema = span_schema(&["ORG"]);
    let doc_id = Digest::of(text.as_bytes());
    let document = || GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc_id, text, &gold)
    };
    let predicted = PredictedDocument {
        annotations: &answer,
        ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
    };
    let options =
        Options { metrics: Wanted::All, layers: vec!["entity"], ..Options::default() };
    let scored =
        score(&[document()], &[predicted], &schema, &options).expect("known metrics");
    assert_eq!(scored.findings.count("text-differs"), 1);
    for summary in summarise(&scored.table) {
        let entry = metric(&summary.metric).expect("a known metric");
        if entry.unit == Unit::Annotation && !entry.share {
            assert_eq!(summary.total.found, entry.scale, "{}", summary.metric);
            assert_eq!(summary.total.spurious, entry.scale, "{}", summary.metric);
        }
    }
}

#[test]
fn a_metric_or_layer_that_does_not_exist_is_refused_by_name() {
    let schema = span_schema(&["ORG"]);
    let with = |layers, metrics| {
        let options = Options { layers, metrics, ..Options::default() };
        Plan::new(&schema, options).map(|_| ()).expect_err("refused")
    };
    assert_eq!(
        with(vec!["entity"], Wanted::Named(vec!["overlap@7"])),
        PlanError::UnknownMetric("overlap@7".into())
    );
    assert_eq!(
        with(vec!["nothing"], Wanted::Default),
        PlanError::UnknownLayer("nothing".into())
    );
}

#[test]
fn rows_of_labels_belong_to_metrics_that_have_them() {
    let rich = Rich::new();
    let scored = rich.score(&rich.gold, &rich.gold_answer());
    for summary in summarise(&scored.table) {
        let entry = metric(&summary.metric).expect("a known metric");
        let blind = summary.labels.keys().all(|label| label == "*");
        assert_eq!(blind, entry.labels == Labels::Total, "{}", summary.metric);
    }
    assert!(METRICS.iter().any(|entry| entry.family == Family::Body));
}

#[test]
fn two_identical_systems_are_identical_with_p_of_one_in_every_metric() {
    let rich = Rich::new();
    let one = rich.score(&rich.gold, &rich.gold_answer()).table;
    // Enough documents for a test: a p is no matter of having too few.
    let rows: Vec<CountRow> = (0..12_u8)
        .flat_map(|nth| {
            let rows = one.to_rows("acme");
            rows.map(move |row| CountRow { doc_id: Digest::of(&[nth]), ..row })
        })
        .collect();
    let table = Table::from_rows(&[], &rows);
    let names: BTreeSet<(&str, &str)> =
        table.keys().iter().map(|key| (&*key.layer, &*key.metric)).collect();
    let counted: BTreeSet<String> =
        names.iter().filter_map(|(_, name)| metric(name)).map(|m| m.name()).collect();
    for entry in METRICS.iter().filter(|entry| !entry.cells) {
        assert!(counted.contains(&entry.name()), "`{}` is not compared", entry.name());
    }
    for average in [Average::Micro, Average::Labels, Average::Documents] {
        let task = |&(layer, metric)| Task { layer, metric, average };
        let how = Comparison {
            tasks: names.iter().map(task).collect(),
            ..Comparison::default()
        };
        let compared = compare(Some(&table), Some(&table), &how);
        assert!(compared.tests.len() > METRICS.len());
        for test in &compared.tests {
            let name = format!("{} {} {average:?}", test.metric, test.label);
            assert_eq!(test.verdict, Verdict::Identical, "{name}");
            // A figure that is undefined on both sides has no difference to test.
            let is_defined = test.difference.as_ref().is_some_and(|d| d.delta.is_some());
            assert_eq!(test.p, is_defined.then_some(1.0), "{name}");
            assert_eq!(test.p_adjusted, is_defined.then_some(1.0), "{name}");
            assert!(is_defined || test.baseline.is_none(), "{name}");
        }
    }
}

#[test]
fn the_share_of_right_tokens_never_stands_alone() {
    let schema = span_schema(&["ORG"]);
    let metrics = Wanted::Named(vec!["token.acc"]);
    let options = Options { layers: vec!["entity"], metrics, ..Options::default() };
    let text = "the SNB held";
    let doc_id = Digest::of(text.as_bytes());
    let tokens = crate::common::tokens(text);
    let document = GoldDocument {
        covered: vec!["entity"],
        tokens: &tokens,
        ..GoldDocument::reviewed(doc_id, text, &[])
    };
    let answer = PredictedDocument::empty(doc_id, RunOutcome::Ok);
    let scored = score(&[document], &[answer], &schema, &options).expect("known metrics");
    let names: Vec<String> =
        summarise(&scored.table).into_iter().map(|summary| summary.metric).collect();
    assert_eq!(names, ["token.acc", "token.outside"]);
}
