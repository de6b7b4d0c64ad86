//! Speed of rendering and reading, on pages as newsrooms make them.

use std::{hint::black_box, io::Write};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use goldpress_ingest::{Hands, Input, Item, Options, READERS, ingest, render};
use goldpress_model::{Fields, Role};

const PARAGRAPH: &str = "Fishermen on the Grey Sound may land a third less cod this year, the \
    fisheries board decided on Friday. “If we fish as we did,” its chair Oda Brannic said, \
    “there will be no cod to fish.” The island’s boats will meet the board again in March.";

fn main_benches(c: &mut Criterion) {
    for (name, n) in [("brief", 4), ("feature", 60)] {
        let page = page(n);
        let mut group = c.benchmark_group("render");
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(name, |b| b.iter(|| render(black_box(&page))));
    }
    let archive = archive(200);
    let mut group = c.benchmark_group("warc");
    group.throughput(Throughput::Bytes(archive.len() as u64));
    group
        .bench_function("read", |b| b.iter(|| read("warc", black_box(&archive)).count()));
    group.bench_function("ingest", |b| b.iter(|| ingested("warc", black_box(&archive))));
    group.finish();
    let dump = dump(400);
    let mut group = c.benchmark_group("jsonl");
    group.throughput(Throughput::Bytes(dump.len() as u64));
    group.bench_function("read", |b| b.iter(|| read("jsonl", black_box(&dump)).count()));
    group.bench_function("ingest", |b| b.iter(|| ingested("jsonl", black_box(&dump))));
    group.finish();
}

/// A page with as much furniture as text, like most.
fn page(n_paragraphs: usize) -> String {
    let link = |n: usize| {
        format!("<li class=\"menu-item\"><a href=\"/s/{n}\">Section {n}</a></li>")
    };
    let menu: String = (0..40).map(link).collect();
    let paragraph = |n: usize| format!("<p class=\"body-text\">{PARAGRAPH} ({n})</p>\n");
    let body: String = (0..n_paragraphs).map(paragraph).collect();
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Cod quota cut</title>\
         <script>var a = [{}];</script></head><body><nav><ul>{menu}</ul></nav>\
         <article class=\"post entry\"><h1>Cod quota cut by a third</h1>{body}</article>\
         <footer>© 2024 The Sound Bulletin</footer></body></html>",
        "1, ".repeat(2000)
    )
}

fn archive(n_records: usize) -> Vec<u8> {
    let page = page(12);
    let mut archive = Vec::new();
    for n in 0..n_records {
        let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
        write!(
            archive,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{n}\r\n\
             Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
            http.len()
        )
        .expect("memory takes it");
    }
    archive
}

fn dump(n_records: usize) -> Vec<u8> {
    let text = [PARAGRAPH; 12].join("\\n");
    let line = |n: usize| {
        format!(
            "{{\"title\":\"Cod {n}\",\"text\":\"{text}\",\"url\":\"https://a.example/{n}\"}}\n"
        )
    };
    (0..n_records).map(line).collect::<String>().into_bytes()
}

fn read<'a>(name: &str, bytes: &'a [u8]) -> impl Iterator<Item = Item> + 'a {
    static OPTIONS: std::sync::LazyLock<Options> =
        std::sync::LazyLock::new(Options::default);
    let reader = READERS.iter().find(|reader| reader.name() == name).expect("is there");
    reader.records(Input::new("bench", Box::new(bytes)), &OPTIONS)
}

fn ingested(name: &str, bytes: &[u8]) -> usize {
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()],
        read_fields: &|_| Fields::new(),
    };
    let options = Options::default();
    let records = read(name, bytes).filter_map(|item| match item {
        Item::Record(record) => Some(ingest(Ok(*record), &hands, &options)),
        _ => None,
    });
    records.count()
}

criterion_group!(benches, main_benches);
criterion_main!(benches);
