//! What `eval` counts is counted before it is cut: documents that moved, and spans that crowd.

use super::Scratch;

/// Articles with a name and a date each, gold in both layers, and answers that are right in a
/// folder of their own.
fn newsroom(n: usize) -> Scratch {
    let scratch = Scratch::new();
    for n in 0..n {
        let text = format!("Velmere\n\nThe council of ward {n} met on 3 March 2024.\n");
        scratch.write(&format!("in/a{n}.txt"), text);
        let line = |layer: &str, label: &str, text: &str| {
            let line =
                serde_json::json!({ "layer": layer, "label": label, "text": text });
            format!("{line}\n")
        };
        let both =
            line("entity", "GPE", "Velmere") + &line("timex", "DATE", "3 March 2024");
        scratch.write(&format!("right/a{n}.jsonl"), both);
        scratch.write(&format!("wrong/a{n}.jsonl"), "");
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let import = ["label", "import", "right", "--as", "gold", "--dataset", "news"];
    let done = ["--reviewed", "entity,timex", "--set-attr", "timex.value=2024-03-03"];
    scratch.ok(&[&import[..], &done].concat());
    scratch.ok(&["label", "build", "news"]);
    scratch
}

#[test]
fn a_document_that_is_worse_in_two_layers_counts_once_and_all_are_counted() {
    // More than a result lists.
    let scratch = newsroom(510);
    let eval = ["eval", "news", "--predictions"];
    scratch.ok(&[&eval[..], &["acme=right", "--fail-on", "none"]].concat());
    scratch.ok(&["accept", "news", "--because", "first"]);
    let ran = scratch.run(&[&eval[..], &["acme=wrong"]].concat());
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    let told = "510 documents worse, 0 better, 0 same";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
    let new = scratch.run(&[&eval[..], &["new=right"]].concat());
    assert!(
        new.stdout.contains("not compared: the system is new"),
        "{}{}",
        new.stdout,
        new.stderr
    );
    assert!(!new.stdout.contains("510 same"), "{}", new.stdout);
}

#[test]
fn spans_that_crowd_are_scored_exactly_and_told() {
    const N: usize = 1450;
    let scratch = Scratch::new();
    let text = "abcdefgh".repeat(500);
    scratch.write("in/a.txt", &text);
    // Each lies inside the one before: two million pairs touch.
    let spans = |label: &str| -> String {
        let line = |n: usize| {
            let quote = &text[n..4000 - n];
            serde_json::json!({"layer": "entity", "label": label, "text": quote,
                "fragments": [[n, 4000 - n]]})
        };
        (0..N).map(|n| format!("{}\n", line(n))).collect()
    };
    scratch.write("gold/a.jsonl", spans("X"));
    scratch.write("right/a.jsonl", spans("X"));
    scratch.ok(&["init", "news", "--schema", "ner@1"]);
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "entity"]].concat());
    scratch.ok(&["label", "build", "news"]);
    let eval = ["eval", "news", "--predictions", "acme=right", "--fail-on", "none"];
    let ran = scratch.ok(&[&eval[..], &["--verbose"]].concat());
    assert!(ran.stdout.contains("acme    1.0000  1.0000  1.0000"), "{}", ran.stdout);
    assert!(ran.stdout.contains("too-crowded in acme"), "{}", ran.stdout);
}
