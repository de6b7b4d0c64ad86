//! How fast articles become Parquet, and label lines bytes.
//!
//! Inputs are made of words drawn by SplitMix64, so that they compress as prose does and
//! are the same on every machine. Nothing touches the disk.

use std::{hint::black_box, path::Path};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use goldpress_model::{
    Article, CharRange, Digest, LooseAnnotation, ProposedBy, Provenance, Status,
};
use goldpress_store::{
    labels::{LabelFile, LabelHeader, LabelLine, parse, render},
    samples, write_articles,
};

/// Bytes of text: a news brief, a feature, a live blog.
const SIZES: [(&str, usize); 3] =
    [("brief", 1_000), ("feature", 6_000), ("liveblog", 200_000)];

fn encode_articles(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode_articles");
    for (name, size) in SIZES {
        let articles: Vec<Article> = (0..20).map(|n| article(n, size)).collect();
        let bytes = articles.iter().map(|article| article.text().len() as u64).sum();
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(name, |b| {
            b.iter(|| {
                let path = Path::new("bench.parquet");
                let articles = black_box(&articles).iter().cloned();
                write_articles(Vec::new(), path, articles, "bench").expect("memory")
            });
        });
    }
}

fn label_lines(c: &mut Criterion) {
    for (name, n_lines) in [("brief", 20), ("feature", 100), ("liveblog", 2_000)] {
        let file = label_file(n_lines);
        let text = render(&file);
        let throughput = Throughput::Elements(n_lines.into());
        let mut group = c.benchmark_group("render_labels");
        group.throughput(throughput.clone());
        group.bench_function(name, |b| b.iter(|| render(black_box(&file))));
        group.finish();
        let mut group = c.benchmark_group("parse_labels");
        group.throughput(throughput);
        group.bench_function(name, |b| {
            b.iter(|| parse(black_box(text.as_bytes())).expect("sound"));
        });
    }
}

/// An article of paragraphs of some 400 bytes.
fn article(seed: u64, size: usize) -> Article {
    let mut random = SplitMix64(seed);
    let mut lines = vec!["A title of some words".to_owned()];
    while lines.iter().map(String::len).sum::<usize>() < size {
        let mut line = String::new();
        while line.len() < 400.min(size) {
            line.push_str(WORDS[(random.next() % WORDS.len() as u64) as usize]);
            line.push(' ');
        }
        lines.push(line.trim_end().to_owned());
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    samples::article(seed, &lines)
}

fn label_file(n_lines: u32) -> LabelFile {
    let line = |n: u32| LabelLine {
        annotation: LooseAnnotation {
            id: format!("{:012x}", u64::from(n) * 0x9e37_79b9),
            layer: "entity".into(),
            label: "ORG".into(),
            fragments: vec![CharRange { start: n * 20, end: n * 20 + 16 }],
            text: "Kag̃uary Freight".into(),
            attrs: [("mention".to_owned(), "NAM".into())].into(),
            ..LooseAnnotation::default()
        },
        provenance: Provenance {
            status: Status::Accepted,
            origin: ProposedBy::Human,
            from: Vec::new(),
            was: None,
            carried: None,
            guideline: Some("news@1".into()),
            spent_ds: Some(45),
        },
    };
    let header =
        LabelHeader { chars: n_lines * 20, doc: Digest::of(b"x"), set: "ada".into() };
    LabelFile { header, lines: (0..n_lines).map(line).collect() }
}

const WORDS: [&str; 24] = [
    "the",
    "board",
    "said",
    "on",
    "Tuesday",
    "that",
    "rates",
    "would",
    "rise",
    "by",
    "May",
    "Zürich",
    "harbour",
    "freight",
    "quays",
    "lease",
    "jobs",
    "and",
    "a",
    "spokeswoman",
    "confirmed",
    "“no”",
    "percent",
    "before",
];

/// Sebastiano Vigna's generator: small, and the same everywhere.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

criterion_group!(benches, encode_articles, label_lines);
criterion_main!(benches);
