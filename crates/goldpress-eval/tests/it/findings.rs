//! What is found before scoring, and what follows from it.

use goldpress_eval::{
    Findings, GoldDocument, Lines, Options, PredictedDocument, Region, Scored, Severity,
    Wanted, score, summarise,
};
use goldpress_model::{CharRange, Counts, Digest, LooseAnnotation, RunOutcome};
use insta::assert_snapshot;
use serde_json::json;

use crate::common::{annotation, label_specs, schema, span_schema};

const TEXT: &str = "🚀 Zürich: the SNB held rates.";

fn org(start: u32, end: u32) -> LooseAnnotation {
    annotation(TEXT, "entity", "ORG", &[(start, end)])
}

fn run(gold: &[LooseAnnotation], answer: &[LooseAnnotation]) -> Scored {
    run_with(gold, answer, &Options::default())
}

fn run_with(
    gold: &[LooseAnnotation],
    answer: &[LooseAnnotation],
    options: &Options<'_>,
) -> Scored {
    let doc_id = Digest::of(TEXT.as_bytes());
    let gold = GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc_id, TEXT, gold)
    };
    let predicted = PredictedDocument {
        annotations: answer,
        ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
    };
    score(&[gold], &[predicted], &span_schema(&["ORG", "PERSON"]), options)
        .expect("known metrics")
}

fn shown(findings: &Findings) -> String {
    let line =
        |(code, side, severity, group): (_, _, Severity, &goldpress_eval::Group)| {
            format!(
                "{code} {side:?} {} {}: {}",
                severity.name(),
                group.count,
                group.first[0].message
            )
        };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn strict(scored: &Scored) -> Counts {
    let all = summarise(&scored.table);
    let strict = all.into_iter().find(|summary| summary.metric == "strict");
    strict.map(|summary| summary.total).unwrap_or_default()
}

#[test]
fn an_unknown_label_stops_the_scoring_and_names_the_lines_to_add() {
    let other = annotation(TEXT, "entity", "PER", &[(14, 17)]);
    let scored = run(&[org(14, 17)], &[other]);
    assert_eq!(scored.findings.worst(), Some(Severity::Usage));
    assert_snapshot!(shown(&scored.findings), @r#"label-unknown Prediction error 1: `entity/PER` is not in the schema; add `map = { "entity/PER" = "entity/LABEL" }` or `ignore = ["entity/PER"]` to its [[system]]"#);
}

#[test]
fn offsets_in_utf16_are_recognised_over_the_whole_document_and_converted_on_request() {
    let mut shifted = [org(2, 8), org(14, 17)];
    for line in &mut shifted {
        line.fragments[0].start += 1;
        line.fragments[0].end += 1;
    }
    let gold = [org(2, 8), org(14, 17)];
    let scored = run(&gold, &shifted);
    assert_snapshot!(shown(&scored.findings), @r"
    offset-unit Prediction malformed 1: all annotations fit UTF-16 units, not code points
    text-differs Prediction malformed 2: text is `Zürich`, but `ürich:` stands there
    ");
    assert_eq!(strict(&scored), Counts { found: 0, spurious: 2, missed: 2 });
    let options = Options { repair_offsets: true, ..Options::default() };
    let scored = run_with(&gold, &shifted, &options);
    assert_eq!(strict(&scored), Counts { found: 2, spurious: 0, missed: 0 });
    assert_eq!(scored.findings.worst(), Some(Severity::Repair));
}

#[test]
fn repeats_count_once_and_are_counted_as_findings() {
    let scored = run(&[org(14, 17)], &[org(14, 17), org(14, 17), org(14, 17)]);
    assert_eq!(scored.findings.count("duplicate"), 2);
    assert_eq!(strict(&scored), Counts { found: 1, spurious: 0, missed: 0 });
}

#[test]
fn a_full_stop_at_the_edge_costs_a_hit_unless_it_is_trimmed() {
    let (gold, answer) = ([org(23, 28)], [org(23, 29)]);
    let scored = run(&gold, &answer);
    assert_eq!(strict(&scored), Counts { found: 0, spurious: 1, missed: 1 });
    assert_snapshot!(shown(&scored.findings), @"edge-punctuation Prediction warn 1: `rates.` begins or ends with punctuation");
    let options = Options { repair_trim: true, ..Options::default() };
    assert_eq!(strict(&run_with(&gold, &answer, &options)).found, 1);
}

#[test]
fn a_failed_document_is_scored_as_empty_and_listed_apart() {
    let doc_id = Digest::of(TEXT.as_bytes());
    let (gold, answer) = ([org(14, 17)], [org(14, 17)]);
    let gold = GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc_id, TEXT, &gold)
    };
    let predicted = PredictedDocument {
        annotations: &answer,
        ..PredictedDocument::empty(doc_id, RunOutcome::Timeout)
    };
    let scored =
        score(&[gold], &[predicted], &span_schema(&["ORG"]), &Options::default());
    let scored = scored.expect("known metrics");
    assert_eq!(scored.failed, [doc_id]);
    assert_eq!(strict(&scored), Counts { found: 0, spurious: 0, missed: 1 });
    assert!(!scored.findings.stops());
}

#[test]
fn a_gold_document_without_an_answer_is_an_error_unless_it_is_to_be_empty() {
    let doc_id = Digest::of(TEXT.as_bytes());
    let gold = [org(14, 17)];
    let document = GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc_id, TEXT, &gold)
    };
    let other = PredictedDocument::empty(Digest::of(b"other"), RunOutcome::Ok);
    let schema = span_schema(&["ORG"]);
    let (documents, answers) = ([document], [other]);
    let scored = score(&documents, &answers, &schema, &Options::default());
    let scored = scored.expect("known metrics");
    assert!(scored.findings.stops());
    assert_eq!(scored.findings.count("doc-extra"), 1);
    let options = Options { missing_as_empty: true, ..Options::default() };
    let scored = score(&documents, &answers, &schema, &options).expect("known metrics");
    assert_eq!(strict(&scored).missed, 1);
}

#[test]
fn a_prediction_where_nobody_judged_is_neither_right_nor_wrong() {
    let doc_id = Digest::of(TEXT.as_bytes());
    let (gold, answer) = ([org(14, 17)], [org(14, 17), org(23, 28)]);
    let gold = GoldDocument {
        covered: vec!["entity"],
        regions: vec![Region {
            layer: "entity",
            range: CharRange { start: 18, end: 29 },
        }],
        ..GoldDocument::reviewed(doc_id, TEXT, &gold)
    };
    let predicted = PredictedDocument {
        annotations: &answer,
        ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
    };
    let scored =
        score(&[gold], &[predicted], &span_schema(&["ORG"]), &Options::default());
    let scored = scored.expect("known metrics");
    assert_eq!(scored.n_in_regions, 1);
    assert_eq!(strict(&scored), Counts { found: 1, spurious: 0, missed: 0 });
}

#[test]
fn main_scope_looks_past_other_blocks_and_all_does_not() {
    let text = "Tully won\nShare on Orlec";
    let role = |name: &str, class: &str| json!({"name": name, "guide": "", "example": "", "counter": "", "class": class});
    let schema = schema(json!([
        {"name": "block", "kind": "block",
         "labels": [role("paragraph", "main"), role("nav", "boilerplate")]},
        {"name": "entity", "kind": "span", "scope": "all", "labels": label_specs(&["X"])},
    ]));
    let gold = [
        annotation(text, "block", "paragraph", &[(0, 9)]),
        annotation(text, "block", "nav", &[(10, 24)]),
        annotation(text, "entity", "X", &[(0, 5)]),
    ];
    let answer = [
        annotation(text, "entity", "X", &[(0, 5)]),
        annotation(text, "entity", "X", &[(19, 24)]),
    ];
    let doc_id = Digest::of(text.as_bytes());
    let document = GoldDocument {
        covered: vec!["block", "entity"],
        ..GoldDocument::reviewed(doc_id, text, &gold)
    };
    let predicted = PredictedDocument {
        annotations: &answer,
        ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
    };
    let (documents, answers) = ([document], [predicted]);
    let names = |lines: Lines| {
        let metrics = Wanted::Named(vec!["strict"]);
        let options =
            Options { layers: vec!["entity"], metrics, lines, ..Options::default() };
        let scored =
            score(&documents, &answers, &schema, &options).expect("known metrics");
        let row =
            |s: goldpress_eval::Summary| (s.metric, s.total.found, s.total.spurious);
        summarise(&scored.table).into_iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(
        names(Lines::Main),
        [("strict".into(), 1, 0), ("strict.all".into(), 1, 1)]
    );
    assert_eq!(names(Lines::All), [("strict.all".into(), 1, 1)]);
}

#[test]
fn what_a_flat_layer_forbids_is_an_error_in_gold_and_a_warning_in_a_prediction() {
    let schema = schema(json!([
        {"name": "entity", "kind": "span", "overlap": "flat", "labels": label_specs(&["X"])},
    ]));
    let nested = [
        annotation(TEXT, "entity", "X", &[(14, 17)]),
        annotation(TEXT, "entity", "X", &[(10, 17)]),
    ];
    let doc_id = Digest::of(TEXT.as_bytes());
    let run = |gold: &[LooseAnnotation], answer: &[LooseAnnotation]| {
        let gold = GoldDocument {
            covered: vec!["entity"],
            ..GoldDocument::reviewed(doc_id, TEXT, gold)
        };
        let predicted = PredictedDocument {
            annotations: answer,
            ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
        };
        let scored = score(&[gold], &[predicted], &schema, &Options::default());
        scored.expect("known metrics").findings.worst()
    };
    assert_eq!(run(&nested, &nested[..1]), Some(Severity::Error));
    assert_eq!(run(&nested[..1], &nested), Some(Severity::Warning));
}

#[test]
fn roles_and_fields_outside_the_schema_are_refused_and_blocks_outside_the_text_found() {
    let doc_id = Digest::of(TEXT.as_bytes());
    let role = json!([{"name": "title", "guide": "", "example": "", "counter": ""}]);
    let schema = schema(json!([{"name": "block", "kind": "block", "labels": role}]));
    let gold = [annotation(TEXT, "block", "title", &[(0, 29)])];
    let claim = goldpress_model::FieldClaim::Null;
    let run = |blocks: Vec<(CharRange, &str)>, field: Option<&str>| {
        let gold = GoldDocument {
            covered: vec!["block"],
            ..GoldDocument::reviewed(doc_id, TEXT, &gold)
        };
        let fields = field.into_iter().map(|name| (name, &claim)).collect();
        let predicted = PredictedDocument {
            blocks: Some(blocks),
            fields,
            ..PredictedDocument::empty(doc_id, RunOutcome::Ok)
        };
        score(&[gold], &[predicted], &schema, &Options::default()).expect("known metrics")
    };
    let whole = CharRange { start: 0, end: 29 };
    assert_eq!(run(vec![(whole, "title")], None).findings.worst(), None);
    assert_eq!(run(vec![(whole, "head")], None).findings.worst(), Some(Severity::Usage));
    assert_eq!(run(Vec::new(), Some("colour")).findings.worst(), Some(Severity::Usage));
    let beyond = CharRange { start: 0, end: 30 };
    assert_snapshot!(
        shown(&run(vec![(beyond, "title")], None).findings),
        @"out-of-range Prediction malformed 1: block 0..30 is no range of 29 characters"
    );
}

#[test]
fn half_a_character_is_a_warning() {
    // A thumb and its skin tone are two code points and one character.
    let text = "👍🏽 done";
    let line = annotation(text, "entity", "ORG", &[(0, 1)]);
    let doc_id = Digest::of(text.as_bytes());
    let lines = [line];
    let gold = GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc_id, text, &lines)
    };
    let predicted = PredictedDocument::empty(doc_id, RunOutcome::Ok);
    let scored =
        score(&[gold], &[predicted], &span_schema(&["ORG"]), &Options::default());
    let scored = scored.expect("known metrics");
    assert_eq!(scored.findings.count("splits-grapheme"), 1);
    assert!(!scored.findings.stops());
}

#[test]
fn mistakes_name_their_kind_in_the_order_of_the_text() {
    let gold = [org(2, 8), org(14, 17), org(18, 22)];
    let person = annotation(TEXT, "entity", "PERSON", &[(2, 8)]);
    let answer = [person, org(10, 17), org(23, 28)];
    let options = Options { mistakes: true, ..Options::default() };
    let scored = run_with(&gold, &answer, &options);
    let line = |mistake: &goldpress_eval::Mistake| {
        let text = |side: &Option<goldpress_eval::Quoted>| {
            side.as_ref()
                .map_or("–".to_owned(), |side| format!("{} {}", side.label, side.text))
        };
        format!(
            "{}: {} → {}",
            mistake.kind.name(),
            text(&mistake.gold),
            text(&mistake.predicted)
        )
    };
    assert_snapshot!(scored.mistakes.iter().map(line).collect::<Vec<_>>().join("\n"), @r"
    label: ORG Zürich → PERSON Zürich
    boundary: ORG SNB → ORG the SNB
    missed: ORG held → –
    spurious: – → ORG rates
    ");
}
