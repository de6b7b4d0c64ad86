//! Speed of the parts of an ingest, on pages as newsrooms make them. `floor` in a group is
//! what nobody can do without: undoing gzip, or reading bytes as UTF-8.

mod corpus;

use std::{
    hint::black_box,
    io::{Read, Write},
};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use goldpress_ingest::{Hands, Input, Item, Options, READERS, ingest, render};
use goldpress_model::{Fields, Role};
use goldpress_text::{Declared, decode, normalise};

const SEED: u64 = 42;
const PAGES: u64 = 40;

fn main_benches(c: &mut Criterion) {
    page_benches(c);
    let mut warc = Vec::new();
    for n in 0..PAGES {
        corpus::warc_record(&mut warc, &corpus::page(SEED, n), n)
            .expect("memory takes it");
    }
    let mut jsonl = Vec::new();
    corpus::jsonl(&mut jsonl, SEED, 10 * PAGES).expect("memory takes it");
    for (name, bytes) in [("warc", warc), ("jsonl", jsonl)] {
        let packed = gzip(&bytes);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("floor", |b| b.iter(|| gunzip(black_box(&packed))));
        group
            .bench_function("read", |b| b.iter(|| read(name, black_box(&bytes)).count()));
        group.bench_function("chain", |b| b.iter(|| chain(name, black_box(&bytes))));
        group.finish();
    }
}

/// The steps from the bytes of a page, or of a text, to blocks.
fn page_benches(c: &mut Criterion) {
    let pages: Vec<Vec<u8>> = (0..PAGES).map(|n| corpus::page(SEED, n).bytes).collect();
    let declared = Declared { http: None, markup: true };
    let decoded = |page: &Vec<u8>| decode(page, declared).expect("is text").text;
    let markup: Vec<String> = pages.iter().map(decoded).collect();
    let n_bytes: usize = pages.iter().map(Vec::len).sum();
    let mut group = c.benchmark_group("page");
    group.throughput(Throughput::Bytes(n_bytes as u64));
    group.bench_function("floor", |b| {
        b.iter(|| pages.iter().filter(|page| str::from_utf8(page).is_ok()).count());
    });
    group.bench_function("decode", |b| {
        b.iter(|| pages.iter().map(|page| decoded(black_box(page)).len()).sum::<usize>());
    });
    group.bench_function("render", |b| {
        let blocks =
            |page: &String| render(black_box(page)).map_or(0, |p| p.blocks.len());
        b.iter(|| markup.iter().map(blocks).sum::<usize>());
    });
    group.finish();
    let texts: Vec<String> = (0..10 * PAGES).map(|n| corpus::plain(SEED, n)).collect();
    let n_bytes: usize = texts.iter().map(String::len).sum();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Bytes(n_bytes as u64));
    group.bench_function("floor", |b| {
        let is_text = |text: &&String| str::from_utf8(text.as_bytes()).is_ok();
        b.iter(|| texts.iter().filter(is_text).count());
    });
    group.bench_function("normalise", |b| {
        let n_bytes =
            |text: &String| normalise(black_box(text), Default::default()).text.len();
        b.iter(|| texts.iter().map(n_bytes).sum::<usize>());
    });
    group.finish();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::new(6));
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes it")
}

fn gunzip(packed: &[u8]) -> usize {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed).read_to_end(&mut bytes).expect("we packed it")
}

fn read<'a>(name: &str, bytes: &'a [u8]) -> impl Iterator<Item = Item> + 'a {
    static OPTIONS: std::sync::LazyLock<Options> =
        std::sync::LazyLock::new(Options::default);
    let reader = READERS.iter().find(|reader| reader.name() == name).expect("is there");
    reader.records(Input::new("bench", Box::new(bytes)), &OPTIONS)
}

/// All that the crate does to a record, without the labeller and the reader of fields.
fn chain(name: &str, bytes: &[u8]) -> usize {
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()].into(),
        read_fields: &|_| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
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
