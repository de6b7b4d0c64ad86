//! Random tags through seqeval and nervaluate themselves, number for number.
//!
//! `make test-reference` installs the two into `.venv` at the root of the repository; the
//! test is passed over where they are not at hand.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use goldpress_eval::{
    Outcomes,
    compat::{nervaluate, seqeval},
    statistics::random::Draws,
    tags::Scheme,
};
use goldpress_model::Counts;
use serde_json::{Value, json};

const LABELS: [&str; 3] = ["LOC", "ORG", "PER"];

type Sentences = Vec<Vec<String>>;

/// 240 corpora of noisy tags: half in IOB2, the others in IOBES.
fn corpora() -> Vec<(Sentences, Sentences)> {
    let mut draws = Draws::new(17);
    let mut side = |prefixes: &str, like: Option<&Sentences>| -> Sentences {
        let mut tag = || {
            let prefix = draws.below(prefixes.len() as u64 + 3) as usize;
            match prefixes.chars().nth(prefix) {
                None => "O".to_owned(),
                Some(prefix) => format!("{prefix}-{}", LABELS[draws.below(3) as usize]),
            }
        };
        let shape: Vec<usize> = match like {
            Some(like) => like.iter().map(Vec::len).collect(),
            None => vec![9, 4, 1, 7, 12],
        };
        shape.into_iter().map(|n| (0..n).map(|_| tag()).collect()).collect()
    };
    let mut all = Vec::new();
    for at in 0..240_u64 {
        let prefixes = if at < 120 { "BI" } else { "BIES" };
        let gold = side(prefixes, None);
        let mut predicted = side(prefixes, Some(&gold));
        // Most of gold kept, so that there is something to find.
        let mut keep = Draws::new(at);
        for (gold, predicted) in gold.iter().zip(&mut predicted) {
            for (gold, predicted) in gold.iter().zip(predicted) {
                if keep.below(3) > 0 {
                    predicted.clone_from(gold);
                }
            }
        }
        all.push((gold, predicted));
    }
    all
}

/// What the programs say, a value a corpus; `None` where they are not at hand.
#[expect(
    clippy::print_stderr,
    reason = "who runs the tests must see what was passed over"
)]
fn reference(corpora: &[(Sentences, Sentences)]) -> Option<Vec<Value>> {
    let here = std::env::current_dir().unwrap();
    let python = here.join("../../.venv/bin/python");
    let list: Vec<Value> =
        corpora.iter().map(|(gold, pred)| json!({"gold": gold, "pred": pred})).collect();
    let request = json!({"tags": LABELS, "corpora": list}).to_string();
    let known = Command::new(&python).args(["-c", "import seqeval, nervaluate"]).output();
    if !known.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "skipped: no seqeval and nervaluate in `.venv`; `make test-reference` installs them"
        );
        return None;
    }
    let mut child = Command::new(&python)
        .arg(here.join("tests/reference/modes.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter ran a moment ago");
    child
        .stdin
        .take()
        .expect("stdin is piped")
        .write_all(request.as_bytes())
        .expect("the script reads all of it");
    let output = child.wait_with_output().expect("the script ends");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let rows: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), corpora.len());
    Some(rows)
}

#[test]
#[expect(clippy::print_stderr, reason = "who runs the test must see what was compared")]
fn random_corpora_score_as_the_programs_score_them() {
    let corpora = corpora();
    let Some(rows) = reference(&corpora) else { return };
    let mut n_scored = 0;
    for (at, ((gold, predicted), row)) in corpora.iter().zip(&rows).enumerate() {
        let averages = |found: seqeval::Seqeval| {
            json!({
                "micro": found.micro(), "macro": found.macro_average(),
                "weighted": found.weighted(),
                "labels": found.by_label.values().map(label_row).collect::<Vec<_>>(),
            })
        };
        let loose = seqeval::default(gold, predicted).map(averages);
        n_scored += same(loose.ok(), &row["seqeval-default"], at, "default");
        for scheme in Scheme::ALL {
            let mode = format!("seqeval-strict:{scheme}");
            let found = seqeval::strict(gold, predicted, scheme).map(averages);
            n_scored += same(found.ok(), &row[&mode], at, &mode);
        }
        let found = nervaluate::documents(gold, predicted).map(|documents| {
            let all = nervaluate::nervaluate(&documents, &LABELS, 1.0);
            let label = |label: &&str| {
                let one = nervaluate::of_label(&documents, label, 1.0);
                ((*label).to_owned(), readings(&one))
            };
            let by_label: Value = LABELS.iter().map(label).collect();
            json!({"overall": readings(&all), "by_label": by_label})
        });
        n_scored += same(found.ok(), &row["nervaluate-1.2.1"], at, "nervaluate");
    }
    // Refusals alone would prove nothing.
    assert!(n_scored > 700, "{n_scored}");
    eprintln!("{} corpora, {n_scored} scored alike in nine modes", corpora.len());
}

/// Precision, recall, F and support of one label.
fn label_row(counts: &Counts) -> Value {
    let [p, r, f] = seqeval::prf(*counts);
    json!([p, r, f, counts.support()])
}

fn readings(found: &nervaluate::Nervaluate) -> Value {
    let shown = |outcomes: Outcomes| {
        let [p, r, f] = nervaluate::prf(&outcomes);
        json!({
            "cor": outcomes.correct, "inc": outcomes.incorrect, "par": outcomes.partial,
            "mis": outcomes.missing, "spu": outcomes.spurious,
            "pos": outcomes.possible(), "act": outcomes.actual(), "p": p, "r": r, "f": f,
        })
    };
    json!({
        "strict": shown(found.strict), "exact": shown(found.exact),
        "partial": shown(found.partial), "ent_type": shown(found.ent_type),
    })
}

/// 1 where both scored, and alike; 0 where both refused.
#[track_caller]
fn same(found: Option<Value>, expected: &Value, at: usize, mode: &str) -> usize {
    let Some(found) = found else {
        assert!(expected.get("error").is_some(), "corpus {at}, {mode}: {expected}");
        return 0;
    };
    assert!(expected.get("error").is_none(), "corpus {at}, {mode}: {expected}");
    equal(&found, expected, &format!("corpus {at}, {mode}"));
    1
}

#[track_caller]
fn equal(found: &Value, expected: &Value, at: &str) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            assert_eq!(found.len(), expected.len(), "{at}");
            for (key, value) in expected {
                equal(&found[key], value, &format!("{at}.{key}"));
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{at}");
            for (found, expected) in found.iter().zip(expected) {
                equal(found, expected, at);
            }
        }
        // JSON has no NaN: it is null on both sides.
        (Value::Null, Value::Null) => {}
        _ => {
            let (a, b) = (found.as_f64(), expected.as_f64());
            let near = a.zip(b).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
            assert!(near, "{at}: {found} is not {expected}");
        }
    }
}
