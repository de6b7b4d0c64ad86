//! The built-ins that every ingest runs, and `timex-rules`, on newsroom inputs.
//!
//! Names are `<extractor>/<input>`. They guide us and are never quoted.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use goldpress_extract::{View, extractor};
use goldpress_model::{Block, Fields, PageFacts, Role, Span};

/// Paragraphs in turn, so that no two neighbours are alike.
const PARAGRAPHS: [&str; 4] = [
    "The council may publish the timetable in May, two people close to the talks said on Monday, March 4, 2024.",
    "“We sailed every day of the winter for 140 years,” said Oda Brannic, who has run the line since 2011. “Nobody asked us.”",
    "According to the Sound Bulletin, islanders want a cheaper ticket, while the line needs a longer season and a newer boat within the next two years.",
    "READ MORE: The man who counts bees",
];

/// A page of about `n_bytes` with furniture around its text.
fn page(n_bytes: usize) -> (String, Vec<Block>) {
    let mut lines: Vec<(&str, &str, f32)> = vec![
        ("Home", "nav>ul>li", 1.0),
        ("Ferry talks raise hopes for winter service", "main>article>h1", 0.0),
        ("By Runa K", "main>article>p", 0.0),
    ];
    let mut n = 0;
    while n < n_bytes {
        let paragraph = PARAGRAPHS[lines.len() % PARAGRAPHS.len()];
        n += paragraph.len() + 2;
        lines.push((paragraph, "main>article>div>p", 0.0));
    }
    lines.push(("Leave a Reply", "main>div>h3", 0.0));
    lines.push(("© 2024 The Meridian Ledger", "footer>p", 0.0));
    let mut text = String::new();
    let mut blocks = Vec::new();
    for (line, path, link_density) in lines {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(line);
        blocks.push((start, text.len(), path, link_density));
    }
    let block = |(start, end, path, link_density): &(usize, usize, &str, f32)| Block {
        path: Some((*path).to_owned()),
        heading: u8::from(path.ends_with("h1")),
        marks: vec!["entry-content".to_owned(), "|".to_owned(), "post".to_owned()],
        link_density: *link_density,
        role: Role::Paragraph,
        ..Block::plain(Span::new(&text, *start, *end).expect("a line lies in its text"))
    };
    let blocks = blocks.iter().map(block).collect();
    (text, blocks)
}

fn extractors(c: &mut Criterion) {
    let json = r#"{"@type":"NewsArticle","headline":"Ferry talks","author":{"@type":"Person","name":"Runa K"}}"#;
    let facts = PageFacts { json_ld: vec![json.to_owned()], ..PageFacts::default() };
    let stated = Fields::new();
    for name in ["blocks-rules", "metadata-rules", "timex-rules"] {
        let system = extractor(name).expect("it is in the list");
        let mut group = c.benchmark_group(name);
        for (input, n_bytes) in
            [("brief", 1_000), ("feature", 6_000), ("liveblog", 200_000)]
        {
            let (text, blocks) = page(n_bytes);
            let view = View {
                facts: Some(&facts),
                lang: "en",
                published_at: Some("2024-03-06"),
                ..View::of(&text, &blocks, &stated)
            };
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(input, |bencher| {
                bencher.iter(|| black_box(system.extract(black_box(view))));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, extractors);
criterion_main!(benches);
