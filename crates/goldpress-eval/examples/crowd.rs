//! Memory and time of a document in which all spans overlap each other.
//!
//! `cargo run --release -p goldpress-eval --example crowd -- 1500` prints the pairs that
//! touch, seconds, and the most memory that the process ever had.

use std::time::Instant;

use goldpress_eval::{GoldDocument, Options, PredictedDocument, score};
use goldpress_model::{CharRange, Digest, LooseAnnotation, RunOutcome, Schema};

#[expect(clippy::print_stdout, reason = "an example's output is its purpose")]
fn main() {
    let n: u32 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(200);
    let schema: Schema = serde_json::from_str(
        r#"{"name":"crowd","version":1,"layers":[{"name":"entity","kind":"span",
            "scope":"main","overlap":"any","labels":[
            {"name":"A","guide":"","example":"","counter":""},
            {"name":"B","guide":"","example":"","counter":""}]}]}"#,
    )
    .expect("a sound schema");
    let text = "a".repeat(4 * n as usize + 8);
    let span = |start: u32, len: u32, at: u32| {
        let end = start + len;
        let label = if at.is_multiple_of(3) { "A" } else { "B" };
        LooseAnnotation {
            layer: "entity".into(),
            label: label.into(),
            fragments: vec![CharRange { start, end }],
            text: text[start as usize..end as usize].to_owned(),
            ..LooseAnnotation::default()
        }
    };
    let gold: Vec<LooseAnnotation> = (0..n).map(|at| span(at, 2 * n, at)).collect();
    // None has the bounds of a gold one, so that every pair is a choice.
    let said = (0..n).map(|at| span(at + at % 3, 2 * n - 1, at / 2));
    let said: Vec<LooseAnnotation> = said.collect();
    let doc = Digest::of(text.as_bytes());
    let options =
        Options { layers: vec!["entity"], mistakes: true, ..Options::default() };
    let gold = GoldDocument {
        covered: vec!["entity"],
        ..GoldDocument::reviewed(doc, &text, &gold)
    };
    let said = PredictedDocument {
        annotations: &said,
        ..PredictedDocument::empty(doc, RunOutcome::Ok)
    };
    let before = peak_kb();
    let started = Instant::now();
    let scored = score(&[gold], &[said], &schema, &options).expect("known metrics");
    println!(
        "{n} spans a side, {} rows, {:.2} s, {} kB before, {} kB at the most",
        scored.table.rows().count(),
        started.elapsed().as_secs_f64(),
        before,
        peak_kb()
    );
}

/// The most memory that this process had, as Linux tells it.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}
