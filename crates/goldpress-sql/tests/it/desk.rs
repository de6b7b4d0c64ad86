//! A small newsroom: two dozen fictional articles with gold, copies and two runs, for the
//! queries of `tests/queries`.

use std::{collections::BTreeMap, path::Path};

use goldpress_model::{
    Article, ArticleParts, Block, Clocks, CountRow, Counts, Decoding, Digest, Field,
    FieldSource, FieldValue, Fields, Flaw, Fragments, LooseAnnotation, Measures, Origin,
    Outcome, Phase, Prediction, ProposedBy, Provenance, Reject, RejectReason, Role,
    RunOutcome, Span, Status, Timing,
};
use goldpress_store::{
    AnnotationsAbout, CompiledAnnotation, CountsAbout, Dataset, DedupRow, Machine,
    RawRow, RunInfo, RunWriter, StoreError, SystemInfo, labels::LabelLine, samples,
    write_annotations,
};

/// A line an article: language, source, date, section, authors, keywords, headline,
/// paragraphs.
const ARTICLES: &str = include_str!("../queries/articles.tsv");

/// Names that gold marks wherever they stand.
const NAMES: [(&str, &str); 9] = [
    ("Port Aldery", "GPE"),
    ("Velmere", "GPE"),
    ("Zürich", "GPE"),
    ("Kestrel Bank", "ORG"),
    ("SNB", "ORG"),
    ("Askar Lines", "ORG"),
    ("Ada Ōno", "PERSON"),
    ("Bo Lindgren", "PERSON"),
    ("Nils Okoro", "PERSON"),
];

/// Writes the newsroom below `root`.
pub(crate) fn write(root: &Path) -> Dataset {
    let lines = ARTICLES.lines().filter(|line| !line.starts_with('#'));
    let mut records: Vec<_> = (1..).zip(lines).map(|(n, line)| record(n, line)).collect();
    for (n, reason) in [(25, RejectReason::NoText), (26, RejectReason::Binary)] {
        let reject = Reject::of(&origin(n), b"\x00\x01", reason, "2 bytes");
        records.push((Outcome::Reject(reject), None));
    }
    let dataset = samples::write(root, records).unwrap();
    let articles: Vec<Article> = dataset.keepers().map(Result::unwrap).collect();
    let gold = articles.iter().flat_map(annotations).map(Ok);
    write_annotations::<StoreError>(root, gold, &AnnotationsAbout::default()).unwrap();
    dataset.write_dedup(articles.iter().map(alone), &[]).unwrap();
    run(&dataset, &articles, "r-0001", "acme", 1);
    run(&dataset, &articles, "r-0002", "bolt", 3);
    dataset
}

fn record(n: u64, line: &str) -> (Outcome, Option<RawRow>) {
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap();
    let (lang, source, date, section) = (next(), next(), next(), next());
    let (authors, keywords) = (next(), next());
    let lines: Vec<&str> = columns.collect();
    let text = lines.join("\n\n");
    let mut fields = Fields::new();
    for (field, values) in [
        (Field::Headline, lines[0]),
        (Field::DatePublished, date),
        (Field::Section, section),
        (Field::Authors, authors),
        (Field::Keywords, keywords),
    ] {
        let values = values.split(if field.is_list() { ';' } else { '\t' });
        for value in values.filter(|value| !value.is_empty()) {
            let value = value.to_owned();
            let (source, fragments) = (FieldSource::JsonLd, Fragments::none());
            fields.add(FieldValue { field, value, source, fragments });
        }
    }
    let n_words = text.split_whitespace().count() as u32;
    let article = Article::new(ArticleParts {
        raw_id: Digest::of(line.as_bytes()),
        dup_of: None,
        origin: origin(n),
        media_type: if n.is_multiple_of(3) { "text/plain" } else { "text/html" }.into(),
        preset: None,
        fetched_at_us: (n != 9)
            .then_some(1_775_000_000_000_000 + 5_400_000_000 * n as i64),
        decoding: Decoding {
            charset_declared: None,
            charset_used: "utf-8".into(),
            charset_source: "http".into(),
            n_replaced: 0,
        },
        fields,
        lang: lang.to_owned(),
        lang_score: 0.5 + n as f32 / 64.0,
        source: Some(source.to_owned()),
        measures: Measures {
            n_chars: text.chars().count() as u32,
            n_words,
            n_sentences: text.matches(['.', '。']).count() as u32,
            ..Measures::default()
        },
        flaws: if n.is_multiple_of(7) {
            vec![(Flaw::EntitiesLeft, 2)]
        } else {
            Vec::new()
        },
        blocks: blocks(&text, &lines),
        text,
    });
    let article = article.unwrap();
    let raw = RawRow {
        raw_id: article.parts().raw_id,
        bytes: line.as_bytes().to_vec(),
        media_type: article.parts().media_type.clone(),
        charset_declared: None,
        url: Some(format!("https://{source}/{n}")),
        fetched_at_us: article.parts().fetched_at_us,
        http_status: Some(if n == 17 { 404 } else { 200 }),
        origin: origin(n),
    };
    (Outcome::Article(Box::new(article)), Some(raw))
}

fn origin(n: u64) -> Origin {
    let file = format!("crawl/{}.warc.gz", if n < 13 { "a" } else { "b" });
    Origin { file, record: n, byte_offset: n * 1000 }
}

fn blocks(text: &str, lines: &[&str]) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for line in lines {
        let span = Span::new(text, start, start + line.len()).unwrap();
        let role = if start == 0 { Role::Title } else { Role::Paragraph };
        blocks.push(Block { role, ..Block::plain(span) });
        start += line.len() + 2;
    }
    blocks
}

/// Every name of the list that stands in the text.
fn names(article: &Article) -> Vec<LooseAnnotation> {
    let text = article.text();
    let mut found: Vec<LooseAnnotation> = Vec::new();
    for (name, label) in NAMES {
        for (at, _) in text.match_indices(name) {
            let span = Span::new(text, at, at + name.len()).unwrap();
            found.push(LooseAnnotation {
                id: format!("T{}", found.len() + 1),
                layer: "entity".into(),
                label: label.into(),
                fragments: vec![span.to_chars(text)],
                text: name.into(),
                args: BTreeMap::new(),
                attrs: BTreeMap::from([("mention".into(), "NAM".into())]),
                score: (label == "ORG").then_some(0.75),
            });
        }
    }
    found
}

fn annotations(article: &Article) -> Vec<CompiledAnnotation> {
    let line = |annotation: LooseAnnotation| LabelLine {
        provenance: Provenance {
            status: if annotation.id == "T1" { Status::Edited } else { Status::Accepted },
            origin: ProposedBy::Human,
            from: Vec::new(),
            was: None,
            carried: None,
            guideline: None,
            spent_ds: Some(15),
        },
        annotation,
    };
    let compiled = |annotation: LooseAnnotation| CompiledAnnotation {
        doc_id: article.doc_id(),
        set: "gold".into(),
        line: line(annotation),
        schema: "news@1".into(),
    };
    names(article).into_iter().map(compiled).collect()
}

fn alone(article: &Article) -> DedupRow {
    let doc_id = article.doc_id();
    DedupRow { doc_id, cluster_id: doc_id, keeper: true, similarity: 1.0 }
}

/// A run that misses every `blind`th document, and one that fails on Japanese.
fn run(
    dataset: &Dataset,
    articles: &[Article],
    run_id: &str,
    system: &str,
    blind: usize,
) {
    let mut writer = RunWriter::create(dataset, run_id).unwrap();
    let mut counts = Vec::new();
    for (n, article) in articles.iter().enumerate() {
        let doc_id = article.doc_id();
        let is_blind = blind > 1 && n % blind == 0;
        let gold = names(article);
        let outcome = match article.parts().lang.as_str() {
            "ja" => RunOutcome::Unsupported,
            _ => RunOutcome::Ok,
        };
        let n_gold = gold.len() as u64;
        let annotations = if is_blind { Vec::new() } else { gold };
        let found = annotations.len() as u64;
        counts.push(CountRow {
            system: system.into(),
            doc_id,
            layer: "entity".into(),
            metric: "entity/strict".into(),
            label: "*".into(),
            counts: Counts { found, spurious: n as u64 % 2, missed: n_gold - found },
        });
        let wall_ns = 100_000 * (n as u64 + 1) * blind as u64;
        writer.push_timing(timing(system, doc_id, wall_ns, outcome)).unwrap();
        writer.push(prediction(system, doc_id, outcome, annotations)).unwrap();
    }
    let system = SystemInfo {
        name: system.into(),
        version: "1.0".into(),
        complete: true,
        ..SystemInfo::default()
    };
    let info = RunInfo {
        goldpress_run: 1,
        run_id: run_id.into(),
        started_at: "2026-04-02T00:00:00Z".into(),
        goldpress: "0.1.0".into(),
        git: None,
        articles: dataset.manifest().articles_hash(),
        systems: vec![system],
        machine: Machine::default(),
        details: BTreeMap::new(),
    };
    let run = writer.finish(info).unwrap();
    counts.sort();
    run.set_counts(counts.into_iter(), &CountsAbout::default()).unwrap();
}

fn timing(system: &str, doc_id: Digest, wall_ns: u64, outcome: RunOutcome) -> Timing {
    Timing {
        system: system.into(),
        doc_id,
        round: 1,
        chunk: 0,
        phase: Phase::Warm,
        mode: "in-process".into(),
        clocks: Clocks {
            wall_ns,
            cpu_ns: (outcome == RunOutcome::Ok).then_some(wall_ns / 2),
        },
        bytes_in: 100,
        outcome,
        retried: false,
    }
}

fn prediction(
    system: &str,
    doc_id: Digest,
    outcome: RunOutcome,
    annotations: Vec<LooseAnnotation>,
) -> Prediction {
    Prediction {
        system: system.into(),
        doc_id,
        outcome,
        retried: None,
        message: None,
        stderr: None,
        body: None,
        blocks: None,
        fields: None,
        annotations,
        rejected: Vec::new(),
    }
}
