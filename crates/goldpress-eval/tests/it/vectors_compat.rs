//! Numbers of conlleval, seqeval, nervaluate, article-extraction-benchmark and the MUC-4
//! scorer, as the programs themselves gave them.

use std::collections::BTreeMap;

use goldpress_eval::{
    Outcomes,
    compat::{
        article,
        conlleval::conlleval,
        muc4::muc4,
        nervaluate::{self, Inclusive, Nervaluate},
        seqeval::{self, Seqeval},
    },
    tags::{self, Repair, Scheme},
};
use goldpress_model::Counts;
use serde_json::{Value, json};

use crate::vectors_metrics::{cases, counts};

fn of_kind(kind: &str) -> Vec<Value> {
    cases().into_iter().filter(|case| case["kind"] == kind).collect()
}

fn sentences(value: &Value) -> Vec<Vec<String>> {
    serde_json::from_value(value.clone()).expect("tags are lists of strings")
}

#[track_caller]
fn near(found: [f64; 3], expected: &Value, what: &str) {
    for (at, found) in found.into_iter().enumerate() {
        match expected[at].as_f64() {
            Some(expected) => {
                assert!((found - expected).abs() < 1e-9, "{what}: {found}, {expected}");
            }
            None => assert!(found.is_nan() && expected[at] == "NaN", "{what}: {found}"),
        }
    }
}

#[test]
fn conlleval_prints_what_the_script_prints() {
    for case in of_kind("tags") {
        let expected = &case["expect"]["conlleval"];
        let found = conlleval(&sentences(&case["gold"]), &sentences(&case["pred"]));
        if expected.get("error").is_some() {
            assert!(found.is_err(), "{}", case["id"]);
            continue;
        }
        let found = found.expect("the script takes it");
        assert_eq!(found.total(), counts(&expected["counts"]), "{}", case["id"]);
        let printed = found.printed(None);
        let shown = json!({
            "accuracy": found.accuracy(), "precision": printed.precision,
            "recall": printed.recall, "fb1": printed.fb1,
        });
        assert_eq!(shown, expected["printed"], "{}", case["id"]);
        let Some(by_label) = expected["printed_by_label"].as_object() else { continue };
        for (label, row) in by_label {
            let printed = found.printed(Some(label));
            let shown = json!({
                "precision": printed.precision, "recall": printed.recall,
                "fb1": printed.fb1, "found": found.by_label[label].predicted(),
            });
            assert_eq!(&shown, row, "{} {label}", case["id"]);
        }
    }
}

#[test]
fn seqeval_gives_what_the_program_gives() {
    for case in of_kind("tags") {
        let (gold, predicted) = (sentences(&case["gold"]), sentences(&case["pred"]));
        let expect = case["expect"].as_object().expect("expectations");
        let loose = seqeval::default(&gold, &predicted);
        for (mode, expected) in expect {
            let what = format!("{} {mode}", case["id"]);
            if mode == "seqeval-default" {
                check_seqeval(loose.clone().ok(), expected, &what);
            } else if mode == "seqeval-strict:none" {
                // Without a scheme the reference scores by default rules, silently.
                if let Some(f1) = expected["f1_score_without_scheme"].as_f64() {
                    let found = loose.as_ref().expect("the default takes it").micro()[2];
                    assert!((found - f1).abs() < 1e-9, "{what}");
                } else {
                    assert!(loose.is_err(), "{what}");
                }
            } else if let Some(scheme) = mode.strip_prefix("seqeval-strict:") {
                let scheme: Scheme = scheme.parse().expect("a scheme");
                let found = seqeval::strict(&gold, &predicted, scheme);
                check_seqeval(found.ok(), expected, &what);
            }
        }
    }
}

#[track_caller]
fn check_seqeval(found: Option<Seqeval>, expected: &Value, what: &str) {
    if expected.get("error").is_some() {
        assert!(found.is_none(), "{what}");
        return;
    }
    let found = found.expect("the program takes it");
    assert_eq!(found.total(), counts(&expected["counts"]), "{what}");
    let rows = expected["by_label"].as_object().expect("rows").iter();
    let rows: BTreeMap<String, Counts> =
        rows.map(|(label, row)| (label.clone(), counts(row))).collect();
    assert_eq!(found.by_label, rows, "{what}");
    near(found.micro(), &expected["micro"], &format!("{what} micro"));
    near(found.macro_average(), &expected["macro"], &format!("{what} macro"));
    near(found.weighted(), &expected["weighted"], &format!("{what} weighted"));
}

#[test]
fn nervaluate_gives_what_the_program_gives() {
    for case in cases() {
        let Some(expected) = case["expect"].get("nervaluate-1.2.1") else { continue };
        let what = case["id"].as_str().expect("an id");
        let documents = match case["kind"].as_str() {
            Some("tags") => nervaluate::documents(
                &sentences(&case["gold"]),
                &sentences(&case["pred"]),
            ),
            kind => Ok(spans(&case, kind == Some("spans"))),
        };
        if expected.get("error").is_some() {
            assert!(documents.is_err(), "{what}");
            continue;
        }
        let documents = documents.expect("the program takes it");
        let tags: Vec<&str> = expected["tags"]
            .as_array()
            .expect("tags")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let least = expected["min_overlap_percentage"].as_f64().unwrap_or(1.0);
        check_nervaluate(
            &nervaluate::nervaluate(&documents, &tags, least),
            expected,
            what,
        );
        for (label, row) in expected["by_label"].as_object().expect("rows") {
            let found = nervaluate::of_label(&documents, label, least);
            check_nervaluate(&found, row, &format!("{what} {label}"));
        }
    }
}

/// Spans in the order of the list; half-open ones are made inclusive.
fn spans(case: &Value, half_open: bool) -> Vec<nervaluate::Document> {
    let side = |list: &Value| -> Vec<Inclusive> {
        let span = |span: &Value| Inclusive {
            label: span["label"].as_str().expect("a label").to_owned(),
            start: span["start"].as_i64().expect("a start"),
            end: span["end"].as_i64().expect("an end") - i64::from(half_open),
        };
        list.as_array().expect("spans").iter().map(span).collect()
    };
    let docs = case["docs"].as_array().expect("docs").iter();
    docs.map(|doc| (side(&doc["gold"]), side(&doc["pred"]))).collect()
}

#[track_caller]
fn check_nervaluate(found: &Nervaluate, expected: &Value, what: &str) {
    for (name, outcomes) in [
        ("strict", found.strict),
        ("exact", found.exact),
        ("partial", found.partial),
        ("ent_type", found.ent_type),
    ] {
        let Outcomes { correct, incorrect, partial, missing, spurious } = outcomes;
        let found = [correct, incorrect, partial, missing, spurious];
        let wanted = ["cor", "inc", "par", "mis", "spu"].map(|key| &expected[name][key]);
        assert_eq!(json!(found), json!(wanted), "{what} {name}");
        near(
            nervaluate::prf(&outcomes),
            &expected[name]["prf"],
            &format!("{what} {name}"),
        );
    }
}

#[test]
fn article_extraction_benchmark_is_reproduced() {
    for case in of_kind("body") {
        let expected = &case["expect"]["article-extraction-benchmark"];
        let docs = case["docs"].as_array().expect("docs");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let texts: Vec<(String, String)> =
            docs.iter().map(|doc| (text(&doc["gold"]), text(&doc["pred"]))).collect();
        let pairs: Vec<(&str, &str)> =
            texts.iter().map(|(gold, predicted)| (&**gold, &**predicted)).collect();
        for ((gold, predicted), row) in
            pairs.iter().zip(expected["docs"].as_array().expect("docs"))
        {
            assert_eq!(article::counts(gold, predicted), counts(row), "{}", case["id"]);
        }
        let found = article::article(&pairs);
        if expected.get("error").is_some() {
            assert!(found.is_err(), "{}", case["id"]);
            continue;
        }
        let found = found.expect("the program takes it");
        let values = [found.precision, found.recall, found.f1];
        let wanted = json!([expected["precision"], expected["recall"], expected["f1"]]);
        near(values, &wanted, case["id"].as_str().expect("an id"));
        assert_eq!(Some(found.accuracy), expected["accuracy"].as_f64(), "{}", case["id"]);
    }
}

#[test]
fn muc4_rounds_as_the_scorer_rounds() {
    for case in of_kind("slots") {
        let expected = &case["expect"]["muc-4"];
        let n = |key: &str| case["outcomes"][key].as_u64().expect("a count");
        let outcomes = Outcomes {
            correct: n("cor"),
            incorrect: n("inc"),
            partial: n("par"),
            missing: n("mis"),
            spurious: n("spu"),
        };
        let found = muc4(&outcomes);
        let f = |hundredths: Option<u64>| hundredths.map(|f| f as f64 / 100.0);
        let shown = json!({
            "pos": outcomes.possible(), "act": outcomes.actual(),
            "rec": found.rec, "pre": found.pre, "ovg": found.ovg,
            "p_and_r": f(found.p_and_r), "two_p_and_r": f(found.two_p_and_r),
            "p_and_two_r": f(found.p_and_two_r),
        });
        for (key, value) in shown.as_object().expect("an object") {
            assert_eq!(value, &expected[key], "{} {key}", case["id"]);
        }
        let unrounded = found.unrounded_f1.expect("never both empty");
        let wanted = expected["unrounded_f1"].as_f64().expect("a number");
        assert!((unrounded - wanted).abs() < 1e-9, "{}", case["id"]);
    }
}

#[test]
fn orphans_are_counted_and_repaired_as_by_seqscore() {
    for case in of_kind("tags") {
        let Some(expected) = case["expect"].get("tags") else { continue };
        let what = case["id"].as_str().expect("an id");
        let scheme: Scheme =
            expected["encoding"].as_str().expect("a scheme").parse().expect("known");
        let (gold, predicted) = (sentences(&case["gold"]), sentences(&case["pred"]));
        let orphans = |side: &[Vec<String>]| tags::orphans(side, scheme);
        if expected.get("error").is_some() {
            assert!(orphans(&gold).is_err() || orphans(&predicted).is_err(), "{what}");
            continue;
        }
        let found = json!({
            "gold": orphans(&gold).expect("known tags"),
            "pred": orphans(&predicted).expect("known tags"),
        });
        assert_eq!(found, expected["findings"], "{what}");
        for (repair, name) in [
            (Repair::Refuse, "refuse"),
            (Repair::Begin, "begin"),
            (Repair::Discard, "discard"),
        ] {
            let shaped = gold.len() == predicted.len()
                && gold.iter().zip(&predicted).all(|(a, b)| a.len() == b.len());
            let sides = tags::spelled(&gold, scheme, repair)
                .and_then(|gold| Ok((gold, tags::spelled(&predicted, scheme, repair)?)));
            let Some((gold, predicted)) = sides.ok().filter(|_| shaped) else {
                assert!(expected[name].get("error").is_some(), "{what} {name}");
                continue;
            };
            let found = gold.chunks.intersection(&predicted.chunks).count();
            let rest = |n: usize| n - found;
            let counts =
                json!([found, rest(predicted.chunks.len()), rest(gold.chunks.len())]);
            assert_eq!(counts, expected[name], "{what} {name}");
        }
    }
}
