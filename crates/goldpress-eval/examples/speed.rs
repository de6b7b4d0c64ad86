//! Scores 20,000 documents of 20 gold spans twice and compares the two: five metrics, cells,
//! the table of labels, 1,000 resamples. Documents are made as they are scored, so that
//! what a process holds is what the evaluator holds.
//!
//! ```text
//! cargo run --release -p goldpress-eval --example speed -- score   # or: make
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

#[path = "../benches/made.rs"]
mod made;

use goldpress_eval::{
    Average, Comparison, Scored, Summary, Task, Wanted, compare,
    statistics::permutation::Resampling, summarise,
};
use goldpress_model::Schema;
use made::{FIVE, Shape, document, schema, score_all};

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DOCUMENTS: usize = 20_000;
const SHAPE: Shape = Shape { n: 20, step: 30, len: 9, nested: false };

fn main() {
    let schema = schema();
    let n_spans = match std::env::args().nth(1).as_deref() {
        Some("make") => {
            (0..2 * DOCUMENTS).map(|at| document(at % DOCUMENTS, SHAPE).gold.len()).sum()
        }
        _ => scored(&schema),
    };
    println!("{DOCUMENTS} {n_spans}");
}

/// Scores both systems and compares them; gives the spans that both were asked for.
fn scored(schema: &Schema) -> usize {
    let one = score(schema, 20);
    let other = score(schema, 17);
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        resampling: Resampling { seed: 42, resamples: 1000 },
        ..Comparison::default()
    };
    let compared = compare(Some(&one.table), Some(&other.table), &how);
    assert!(compared.tests.len() > 8, "a headline and eight labels");
    let summaries = [one, other].map(|scored| summarise(&scored.table));
    let strict = |of: &[Summary]| {
        let strict = of.iter().find(|summary| summary.metric.starts_with("strict"));
        strict.map_or(0, |summary| summary.total.found + summary.total.missed) as usize
    };
    summaries.iter().map(|of| strict(of)).sum()
}

/// Scores a system that gives at most so many of its answers.
fn score(schema: &Schema, n_answers: usize) -> Scored {
    let docs = (0..DOCUMENTS).map(|at| {
        let mut doc = document(at, SHAPE);
        doc.predicted.truncate(n_answers);
        doc
    });
    score_all(schema, docs, Wanted::Named(FIVE.to_vec()))
}
