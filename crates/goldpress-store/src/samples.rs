//! Small datasets, for the tests of every crate.
//!
//! Behind the feature `samples`.

use std::path::Path;

use goldpress_model::{
    Article, ArticleParts, Block, Decoding, Digest, Field, FieldSource, FieldValue,
    Fields, Flaw, Fragments, Measures, Origin, Outcome, Reject, RejectReason, Role, Span,
};

use crate::{Dataset, IngestInfo, IngestOptions, IngestWriter, RawRow, StoreError};

/// An article of these lines, the first of which is its title.
pub fn article(n: u64, lines: &[&str]) -> Article {
    let text = lines.join("\n\n");
    let mut blocks = Vec::new();
    let mut start = 0;
    for (at, line) in lines.iter().enumerate() {
        let span = Span::new(&text, start, start + line.len()).expect("a line");
        let role = if at == 0 { Role::Title } else { Role::Paragraph };
        blocks.push(Block {
            role,
            heading: u8::from(at == 0),
            marks: vec!["story".into(), "|".into()],
            path: Some("main>p".into()),
            container: Some("article".into()),
            ..Block::plain(span)
        });
        start += line.len() + 2;
    }
    let mut fields = Fields::new();
    fields.add(FieldValue {
        field: Field::Headline,
        value: lines[0].into(),
        source: FieldSource::OpenGraph,
        fragments: blocks[0].span.into(),
    });
    for name in ["Inês Quillan", "Ḟ Orme"] {
        fields.add(FieldValue {
            field: Field::Authors,
            value: name.into(),
            source: FieldSource::JsonLd,
            fragments: Fragments::none(),
        });
    }
    fields.state(Field::Url, &format!("https://example.org/{n}"), FieldSource::Meta);
    Article::new(ArticleParts {
        raw_id: Digest::of(&bytes(n)),
        dup_of: None,
        origin: origin(n),
        media_type: "text/html".into(),
        preset: None,
        fetched_at_us: Some(1_700_000_000_000_000 + n as i64),
        decoding: Decoding {
            charset_declared: Some("utf-8".into()),
            charset_used: "utf-8".into(),
            charset_source: "http".into(),
            n_replaced: 0,
        },
        fields,
        lang: "en".into(),
        lang_score: 0.75,
        source: Some("example.org".into()),
        measures: Measures {
            n_chars: text.chars().count() as u32,
            ..Measures::default()
        },
        flaws: vec![(Flaw::EntitiesLeft, 2)],
        text,
        blocks,
    })
    .expect("blocks are lines")
}

/// A record that became an article, with its bytes.
pub fn kept(n: u64, lines: &[&str]) -> (Outcome, Option<RawRow>) {
    let article = article(n, lines);
    let raw = RawRow {
        raw_id: article.parts().raw_id,
        bytes: bytes(n),
        media_type: "text/html".into(),
        charset_declared: Some("utf-8".into()),
        url: Some(format!("https://example.org/{n}")),
        fetched_at_us: article.parts().fetched_at_us,
        http_status: Some(200),
        origin: origin(n),
    };
    (Outcome::Article(Box::new(article)), Some(raw))
}

/// A record that became none.
pub fn refused(n: u64) -> (Outcome, Option<RawRow>) {
    let reject = Reject::of(&origin(n), &bytes(n), RejectReason::NoText, "no text");
    (Outcome::Reject(reject), None)
}

/// Options of an ingest of `inputs`.
pub fn options(inputs: &str) -> IngestOptions {
    IngestOptions {
        keep_raw: true,
        replace: false,
        inputs: inputs.into(),
        normaliser: "norm-text/1".into(),
        preset: None,
        part_bytes: crate::PART_BYTES,
    }
}

/// Writes a finished dataset of `records` below `root`, with their raw bytes.
///
/// # Errors
///
/// What [`IngestWriter`] says.
pub fn write(
    root: &Path,
    records: Vec<(Outcome, Option<RawRow>)>,
) -> Result<Dataset, StoreError> {
    let mut writer = IngestWriter::create(root, options("samples"))?;
    let n_records = records.len() as u64;
    for (outcome, raw) in records {
        writer.push(outcome, raw)?;
    }
    writer.finish(info(n_records))?;
    Dataset::open(root)
}

/// What is known when `n_records` were read.
pub fn info(n_records: u64) -> IngestInfo {
    IngestInfo { goldpress: "0.1.0".into(), n_records, ..IngestInfo::default() }
}

fn origin(n: u64) -> Origin {
    Origin { file: "crawl/día.warc.gz".into(), record: n, byte_offset: n * 1000 }
}

fn bytes(n: u64) -> Vec<u8> {
    format!("<p>page {n}</p>").into_bytes()
}
