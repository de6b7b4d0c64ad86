//! Coefficients against `agreement.json`: worked by hand, in fractions.

use std::collections::BTreeMap;

use goldpress_label::agreement::{
    Coding, Distance, Figure, Team, UnitSpan, Weights, alpha_u,
};
use goldpress_model::CharRange;
use proptest::prelude::*;
use serde_json::Value;

use crate::{vectors, world::World};

#[test]
fn coefficients_over_units_are_those_of_the_vectors() {
    let mut n_figures = 0;
    for case in cases() {
        let coding = match case["kind"].as_str() {
            Some("coding") if case["input"]["pairs"].is_array() => {
                of_pairs(&case["input"])
            }
            Some("coding") => of_values(&case["input"]),
            Some("table") => of_table(&case["input"]),
            _ => continue,
        };
        for (name, expected) in case["expect"].as_object().unwrap() {
            let figure = match name.as_str() {
                "n_units" => Ok(coding.n_units() as f64),
                "n_labels" => Ok(coding.n_labels() as f64),
                "observed" => coding.observed(),
                "cohen" => coding.cohen(Weights::None),
                "cohen_linear" => coding.cohen(Weights::Linear),
                "cohen_quadratic" => coding.cohen(Weights::Quadratic),
                "scott" => coding.scott(),
                "fleiss" => coding.fleiss(),
                "expected_fleiss" => coding.expected_fleiss(),
                "alpha_nominal" => coding.alpha(Distance::Nominal),
                "alpha_ordinal" => coding.alpha(Distance::Ordinal),
                "alpha_interval" => coding.alpha(Distance::Interval),
                "alpha_ratio" => coding.alpha(Distance::Ratio),
                "ac1" => coding.ac1(),
                "bennett" => coding.bennett(),
                "n_annotators" => continue,
                other => panic!("no figure {other}"),
            };
            assert_figure(figure, expected, &format!("{} {name}", case["id"]));
            n_figures += 1;
        }
    }
    assert_eq!(n_figures, 113);
}

#[test]
fn alpha_u_is_that_of_the_vectors() {
    let mut n_cases = 0;
    for case in cases() {
        let expected = &case["expect"]["alpha_u"];
        if !expected.is_object() {
            continue;
        }
        n_cases += 1;
        let id = case["id"].as_str().unwrap();
        let (lengths, sets) = spans(&case["input"]);
        let found = alpha_u(&lengths, &sets);
        assert_figure(found.alpha, expected, id);
        assert_eq!(found.n_left_out, expected["left_out"].as_u64().unwrap_or(0), "{id}");
        for (label, expected) in expected["by_label"].as_object().into_iter().flatten() {
            let found = &found.by_label[label];
            assert_figure(found.alpha, expected, &format!("{id} {label}"));
            for (name, value) in [
                ("observed_disagreement", found.observed),
                ("expected_disagreement", found.expected),
            ] {
                if expected[name].is_object() {
                    assert_figure(
                        Ok(value),
                        &expected[name],
                        &format!("{id} {label} {name}"),
                    );
                }
            }
        }
    }
    assert!(n_cases >= 12, "{n_cases}");
}

proptest! {
    #[test]
    fn the_order_of_annotators_and_units_changes_no_bit(
        values in prop::collection::vec(prop::collection::vec(prop::option::of("[a-c]"), 6), 2..5),
        seed in any::<prop::sample::Index>(),
    ) {
        let mut other = values.clone();
        other.reverse();
        let n = seed.index(6);
        for row in &mut other {
            row.rotate_left(n);
        }
        let (one, two) = (Coding::new(&values, &[]), Coding::new(&other, &[]));
        let figures = |coding: &Coding| {
            [
                coding.observed(),
                coding.alpha(Distance::Nominal),
                coding.alpha(Distance::Ordinal),
                coding.ac1(),
                coding.bennett(),
                coding.fleiss(),
            ]
            .map(|figure| figure.map(f64::to_bits))
        };
        prop_assert_eq!(figures(&one), figures(&two));
    }

    #[test]
    fn a_set_against_its_copy_agrees(values in prop::collection::vec("[a-c]", 1..8)) {
        let row: Vec<Option<String>> = values.into_iter().map(Some).collect();
        let coding = Coding::new(&[row.clone(), row], &[]);
        for figure in [coding.alpha(Distance::Nominal), coding.ac1(), coding.cohen(Weights::None)] {
            prop_assert!(figure.is_err() || figure == Ok(1.0), "{figure:?}");
        }
    }
}

#[test]
fn only_articles_that_all_sets_have_done_take_part() {
    let world = World::harbour();
    let ada = vectors::read("ada.jsonl");
    let put = |set: &str, content: &str| {
        let content = content.replace("\"set\":\"ada\"", &format!("\"set\":\"{set}\""));
        world.put(&format!("labels/{set}/{}.jsonl", vectors::DOC), &content);
    };
    put("ada", &ada);
    let without: Vec<&str> =
        ada.lines().filter(|line| !line.contains("b37dcb1fd327")).collect();
    put("bo", &(without.join("\n") + "\n"));
    let sets = ["ada".to_owned(), "bo".to_owned()];
    let team = Team::read(&world.dataset, &sets).unwrap();
    let entity = team.gather(&[0, 1], "entity");
    assert_eq!(entity.len(), 1);
    assert_eq!(entity[0].opinions[0].annotations.len(), 7);
    assert!(!entity[0].is_blind(), "ada saw suggestions");
    assert_eq!(team.gather(&[0, 1], "timex"), []);
}

#[track_caller]
fn assert_figure(found: Figure, expected: &Value, what: &str) {
    match (found, expected["value"].as_f64()) {
        (Ok(found), Some(value)) => {
            assert!((found - value).abs() < 1e-9, "{what}: {found}, not {value}");
        }
        (Err(reason), None) => {
            assert_eq!(Some(reason.name()), expected["undefined"].as_str(), "{what}");
        }
        (found, _) => panic!("{what}: {found:?}, not {expected}"),
    }
}

fn cases() -> Vec<Value> {
    let path = "tests/vectors/agreement.json";
    let file: Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn told(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn of_values(input: &Value) -> Coding {
    let rows = input["values"].as_array().unwrap().iter();
    let rows: Vec<Vec<Option<String>>> =
        rows.map(|row| row.as_array().unwrap().iter().map(told).collect()).collect();
    let order: Vec<String> =
        input["order"].as_array().into_iter().flatten().filter_map(told).collect();
    Coding::new(&rows, &order)
}

fn of_pairs(input: &Value) -> Coding {
    let mut rows = vec![Vec::new(), Vec::new()];
    for pair in input["pairs"].as_array().unwrap() {
        for _ in 0..pair[2].as_u64().unwrap() {
            rows[0].push(told(&pair[0]));
            rows[1].push(told(&pair[1]));
        }
    }
    Coding::new(&rows, &[])
}

/// Who gave which value is not told, and does not matter: labels are 1, 2, 3 …
fn of_table(input: &Value) -> Coding {
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    for (unit, counts) in input["counts"].as_array().unwrap().iter().enumerate() {
        let mut annotator = 0;
        for (label, n) in counts.as_array().unwrap().iter().enumerate() {
            for _ in 0..n.as_u64().unwrap() {
                if rows.len() <= annotator {
                    rows.push(vec![None; unit]);
                }
                rows[annotator].push(Some((label + 1).to_string()));
                annotator += 1;
            }
        }
    }
    Coding::new(&rows, &[])
}

fn spans(input: &Value) -> (Vec<u32>, Vec<Vec<UnitSpan>>) {
    let docs = input["docs"].as_object().unwrap();
    let places: BTreeMap<&String, usize> =
        docs.keys().enumerate().map(|(at, doc)| (doc, at)).collect();
    let lengths = docs.values().map(|n| n.as_u64().unwrap() as u32).collect();
    let sets = input["sets"].as_object().unwrap().values();
    let sets = sets
        .map(|set| {
            let spans = set.as_array().unwrap().iter();
            spans
                .flat_map(|span| {
                    let fragments = span["fragments"].as_array().unwrap().iter();
                    fragments.map(|range| UnitSpan {
                        doc: places[&span["doc"].as_str().unwrap().to_owned()],
                        label: span["label"].as_str().unwrap().to_owned(),
                        range: CharRange {
                            start: range[0].as_u64().unwrap() as u32,
                            end: range[1].as_u64().unwrap() as u32,
                        },
                    })
                })
                .collect()
        })
        .collect();
    (lengths, sets)
}
