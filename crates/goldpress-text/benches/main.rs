//! Speed of what every byte of every text goes through.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use goldpress_text::{
    Declared, NormaliseOptions, decode, language, normalise, sentences, words,
};

const ENGLISH: &str = "Fishermen on the Grey Sound may land a third less cod this year, the \
    fisheries board decided on Friday. “If we fish as we did,” its chair Oda Brannic said, \
    “there will be no cod to fish.” The island’s boats will meet the board again in March.\n\n";
const GERMAN: &str = "Der Stadtrat von Fenmoor hat am Montag beschlossen, Laubbläser vor neun \
    Uhr zu verbieten. „Das ist überfällig“, sagte Bürgermeisterin Jørgensen‑Müller.\n\n";
const JAPANESE: &str = "瀬野浦市は五日、三年前に止まった渡し船を五月に再開すると発表した。運賃は片道二百円になる見込みだ。\n\n";

fn main_benches(c: &mut Criterion) {
    let latin1: Vec<u8> = encoding(GERMAN).repeat(200);
    let inputs = [
        ("english", ENGLISH.repeat(200)),
        ("german", GERMAN.repeat(200)),
        ("japanese", JAPANESE.repeat(200)),
    ];
    let mut group = c.benchmark_group("decode");
    group.throughput(Throughput::Bytes(latin1.len() as u64));
    group.bench_function("windows-1252", |b| {
        b.iter(|| decode(black_box(&latin1), Declared::default()));
    });
    group.finish();
    for (name, text) in &inputs {
        let bytes = Throughput::Bytes(text.len() as u64);
        let mut group = c.benchmark_group("decode");
        group.throughput(bytes.clone()).bench_function(*name, |b| {
            b.iter(|| decode(black_box(text.as_bytes()), Declared::default()));
        });
        group.finish();
        let mut group = c.benchmark_group("normalise");
        group.throughput(bytes.clone()).bench_function(*name, |b| {
            b.iter(|| normalise(black_box(text), NormaliseOptions::default()));
        });
        group.finish();
        let mut group = c.benchmark_group("words");
        group.throughput(bytes.clone()).bench_function(*name, |b| {
            b.iter(|| words(black_box(text)).count());
        });
        group.finish();
        let mut group = c.benchmark_group("sentences");
        group.throughput(bytes).bench_function(*name, |b| {
            b.iter(|| sentences(black_box(text)).count());
        });
        group.finish();
        c.bench_function(&format!("language/{name}"), |b| {
            b.iter(|| language(black_box(text)));
        });
    }
}

fn encoding(text: &str) -> Vec<u8> {
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    bytes.into_owned()
}

criterion_group!(benches, main_benches);
criterion_main!(benches);
