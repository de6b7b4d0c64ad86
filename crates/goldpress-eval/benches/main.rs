//! How fast the evaluator counts. These guide us and are never quoted.

mod made;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use goldpress_eval::{
    Average, Body, CONTENT, Comparison, GoldDocument, Options, Plan, PredictedDocument,
    Task, Wanted, compare, score_document, statistics::permutation::Resampling,
    summarise,
};
use goldpress_model::{Digest, RunOutcome};
use made::{FIVE, Shape, document, schema, score_all};

fn spans(c: &mut Criterion) {
    let schema = schema();
    let mut group = c.benchmark_group("score_spans");
    for (name, shape) in [
        ("brief", Shape { n: 6, step: 30, len: 9, nested: false }),
        ("feature", Shape { n: 120, step: 30, len: 9, nested: false }),
        ("liveblog", Shape { n: 5000, step: 12, len: 9, nested: false }),
        ("tangle", Shape { n: 200, step: 1, len: 400, nested: true }),
    ] {
        let docs = [document(0, shape)];
        group.throughput(Throughput::Elements(2 * shape.n as u64));
        group.sample_size(10);
        group.bench_function(name, |b| {
            b.iter(|| score_all(&schema, &docs, Wanted::Default));
        });
    }
    group.finish();
}

/// The target of the specification: 20,000 documents of 20 gold spans, from memory, five
/// metrics, cells, the table of labels and 1,000 resamples in under a second.
fn corpus(c: &mut Criterion) {
    let schema = schema();
    let shape = Shape { n: 20, step: 30, len: 9, nested: false };
    let docs: Vec<made::Document> = (0..20_000).map(|at| document(at, shape)).collect();
    let mut group = c.benchmark_group("corpus");
    group.sample_size(10);
    group.throughput(Throughput::Elements(docs.len() as u64));
    group.bench_function("score", |b| {
        b.iter(|| {
            summarise(&score_all(&schema, &docs, Wanted::Named(FIVE.to_vec())).table)
        });
    });
    let scored = score_all(&schema, &docs, Wanted::Named(FIVE.to_vec()));
    let other: Vec<made::Document> =
        (0..20_000).map(|at| document(at + 1, shape)).collect();
    let mut moved = other;
    for (doc, old) in moved.iter_mut().zip(&docs) {
        (doc.id, doc.text, doc.gold) = (old.id, old.text.clone(), old.gold.clone());
        doc.predicted.truncate(17);
    }
    let moved = score_all(&schema, &moved, Wanted::Named(FIVE.to_vec()));
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        resampling: Resampling { seed: 42, resamples: 1000 },
        ..Comparison::default()
    };
    group.bench_function("compare", |b| {
        b.iter(|| compare(Some(&scored.table), Some(&moved.table), &how));
    });
    group.finish();
}

fn bodies(c: &mut Criterion) {
    let schema = schema();
    let words = |n: usize, shift: usize| -> Body {
        // A vocabulary with frequent and rare words, every seventh one another's.
        let word = |at: usize| {
            let at = if at.is_multiple_of(7) { at + shift } else { at };
            format!("w{}", (at * at + 3 * at) % (5 + at % 9000))
        };
        let tokens: Vec<String> = (0..n).map(word).collect();
        Body { text: tokens.join(" "), tokens }
    };
    let mut group = c.benchmark_group("body");
    group.sample_size(10);
    for (name, metric, n) in [
        ("seq/100000", "body.seq", 100_000),
        ("shingle4/100000", "body.shingle4", 100_000),
        ("char/20000", "body.char", 3_500),
        ("edit/20000", "body.edit", 3_500),
    ] {
        let (gold, answer) = (words(n, 0), words(n, 1));
        let options = Options {
            layers: vec![CONTENT],
            metrics: Wanted::Named(vec![metric]),
            ..Options::default()
        };
        let plan = Plan::new(&schema, options).expect("a known metric");
        let id = Digest::of(b"body");
        let gold = GoldDocument {
            covered: vec![CONTENT],
            body: gold,
            ..GoldDocument::reviewed(id, "", &[])
        };
        let answer = PredictedDocument {
            body: answer,
            ..PredictedDocument::empty(id, RunOutcome::Ok)
        };
        group.bench_function(name, |b| {
            b.iter(|| score_document(&plan, &gold, Some(&answer)))
        });
    }
    group.finish();
}

criterion_group!(benches, spans, corpus, bodies);
criterion_main!(benches);
