//! `articles`: one row an article, in input order.

use goldpress_model::{
    Article, ArticleParts, Block, CharIndex, CharRange, Decoding, Field, FieldValue,
    Fields, Flaw, Fragments, Measures, Origin, Role, Span,
};

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
};

/// The table of articles.
pub(crate) struct Articles;

/// About what a block takes with its path and marks.
const BLOCK: usize = 256;

impl Table for Articles {
    type Row = Article;
    const NAME: &'static str = "articles";
    const VERSION: u32 = 1;
    const READ_ROWS: usize = 64;

    fn columns(rows: &[Article]) -> Encoded {
        let rows: Vec<Indexed<'_>> = rows.iter().map(Indexed::new).collect();
        let columns = Columns::of(&rows);
        measures(fields(text(identity(columns)))).finish()
    }

    fn row(row: &Row<'_>) -> Result<Article, Reason> {
        read(row)
    }

    fn weight(article: &Article) -> usize {
        let blocks = article.blocks().len() * BLOCK;
        FIXED + article.text().len() + article.body().len() + blocks
    }
}

/// An article with the index that turns its ranges into code points.
struct Indexed<'a> {
    article: &'a Article,
    parts: &'a ArticleParts,
    index: CharIndex<'a>,
}

impl<'a> Indexed<'a> {
    fn new(article: &'a Article) -> Self {
        let index = CharIndex::new(article.text());
        Indexed { article, parts: article.parts(), index }
    }

    fn blocks(&self) -> Vec<(CharRange, &'a Block)> {
        let range = |block: &'a Block| (self.index.chars(block.span), block);
        self.parts.blocks.iter().map(range).collect()
    }

    fn ranges(&self, fragments: &Fragments) -> Vec<CharRange> {
        fragments.spans().iter().map(|span| self.index.chars(*span)).collect()
    }

    fn field_sources(&self) -> Vec<(&'a FieldValue, Vec<CharRange>)> {
        let ranges = |value: &'a FieldValue| (value, self.ranges(&value.fragments));
        self.parts.fields.iter().map(ranges).collect()
    }
}

type ArticleColumns<'r, 'a> = Columns<'r, Indexed<'a>>;

fn identity<'r, 'a>(columns: ArticleColumns<'r, 'a>) -> ArticleColumns<'r, 'a> {
    columns
        .string("doc_id", Layout::Key, |row| row.article.doc_id().to_string())
        .string("raw_id", Layout::Plain, |row| row.parts.raw_id.to_string())
        .string("body_id", Layout::Plain, |row| row.article.body_id().to_string())
        .string_opt("dup_of", Layout::Plain, |row| {
            row.parts.dup_of.map(|keeper| keeper.to_string())
        })
        .string("file", Layout::Name, |row| row.parts.origin.file.as_str())
        .number("record", |row| row.parts.origin.record)
        .number("byte_offset", |row| row.parts.origin.byte_offset)
        .string("media_type", Layout::Name, |row| row.parts.media_type.as_str())
        .string_opt("preset", Layout::Name, |row| row.parts.preset.as_deref())
        .time_opt("fetched_at", |row| row.parts.fetched_at_us)
}

fn text<'r, 'a>(columns: ArticleColumns<'r, 'a>) -> ArticleColumns<'r, 'a> {
    columns
        .string_opt("charset_declared", Layout::Name, |row| {
            row.parts.decoding.charset_declared.as_deref()
        })
        .string("charset_used", Layout::Name, |row| {
            row.parts.decoding.charset_used.as_str()
        })
        .string("charset_source", Layout::Name, |row| {
            row.parts.decoding.charset_source.as_str()
        })
        .number("n_replaced", |row| row.parts.decoding.n_replaced)
        .string("text", Layout::Text, |row| row.article.text())
        .string("body", Layout::Text, |row| row.article.body())
        .list("blocks", Indexed::blocks, |blocks| {
            blocks
                .range(|(range, _)| *range)
                .string("role", Layout::Name, |(_, block)| block.role.name())
                .string_opt("lang", Layout::Name, |(_, block)| block.lang.as_deref())
                .string_opt("path", Layout::Name, |(_, block)| block.path.as_deref())
                .strings("marks", Layout::Name, |(_, block)| {
                    block.marks.iter().map(String::as_str).collect()
                })
                .number_opt("heading", |(_, block)| {
                    (block.heading > 0).then_some(block.heading)
                })
                .number("link_density", |(_, block)| block.link_density)
                .string_opt("container", Layout::Name, |(_, block)| {
                    block.container.as_deref()
                })
        })
}

fn fields<'r, 'a>(columns: ArticleColumns<'r, 'a>) -> ArticleColumns<'r, 'a> {
    let one_each = Field::ALL.iter().fold(columns, |columns, &field| {
        let values = move |row: &Indexed<'a>| {
            row.parts.fields.all(field).map(|value| value.value.as_str()).collect()
        };
        match field.is_list() {
            true => columns.strings(field.name(), layout(field), values),
            false => columns.string_opt(field.name(), layout(field), move |row| {
                row.parts.fields.get(field)
            }),
        }
    });
    one_each.list("field_sources", Indexed::field_sources, |values| {
        values
            .string("field", Layout::Name, |(value, _)| value.field.name())
            .string("source", Layout::Name, |(value, _)| value.source.name())
            .ranges("fragments", |(_, ranges)| ranges.clone())
    })
}

fn layout(field: Field) -> Layout {
    match field {
        Field::Url => Layout::Key,
        Field::CanonicalUrl | Field::DatePublished | Field::DateModified => Layout::Plain,
        Field::Publisher
        | Field::Section
        | Field::Language
        | Field::Authors
        | Field::Keywords => Layout::Name,
        _ => Layout::Text,
    }
}

fn measures<'r, 'a>(columns: ArticleColumns<'r, 'a>) -> ArticleColumns<'r, 'a> {
    columns
        .string("lang", Layout::Name, |row| row.parts.lang.as_str())
        .number("lang_score", |row| row.parts.lang_score)
        .string_opt("source", Layout::Name, |row| row.parts.source.as_deref())
        .number("n_chars", |row| row.parts.measures.n_chars)
        .number("n_words", |row| row.parts.measures.n_words)
        .number("n_sentences", |row| row.parts.measures.n_sentences)
        .number("mean_sentence_words", |row| row.parts.measures.mean_sentence_words)
        .number("main_share", |row| row.parts.measures.main_share)
        .number("link_share", |row| row.parts.measures.link_share)
        .number("upper_share", |row| row.parts.measures.upper_share)
        .number("digit_share", |row| row.parts.measures.digit_share)
        .number("repeated_line_share", |row| row.parts.measures.repeated_line_share)
        .number("symbol_share", |row| row.parts.measures.symbol_share)
        .number("stop_word_share", |row| row.parts.measures.stop_word_share)
        .list(
            "flaws",
            |row| row.parts.flaws.clone(),
            |flaws| {
                flaws
                    .string("flaw", Layout::Name, |(flaw, _)| flaw.name())
                    .number("count", |(_, count)| *count)
            },
        )
}

/// Makes the article anew from its parts, so that its hashes are those of its text; a
/// row that says otherwise is refused.
fn read(row: &Row<'_>) -> Result<Article, Reason> {
    let text = row.owned("text")?;
    let index = CharIndex::new(&text);
    let blocks = row.list("blocks", |block| read_block(block, &index))?;
    let fields = read_fields(row, &index)?;
    let parts = ArticleParts {
        raw_id: row.parsed("raw_id")?,
        dup_of: row.parsed_opt("dup_of")?,
        origin: Origin {
            file: row.owned("file")?,
            record: row.number("record")?,
            byte_offset: row.number("byte_offset")?,
        },
        media_type: row.owned("media_type")?,
        preset: row.owned_opt("preset")?,
        fetched_at_us: row.time_opt("fetched_at")?,
        decoding: Decoding {
            charset_declared: row.owned_opt("charset_declared")?,
            charset_used: row.owned("charset_used")?,
            charset_source: row.owned("charset_source")?,
            n_replaced: row.number("n_replaced")?,
        },
        lang: row.owned("lang")?,
        lang_score: row.number("lang_score")?,
        source: row.owned_opt("source")?,
        measures: Measures {
            n_chars: row.number("n_chars")?,
            n_words: row.number("n_words")?,
            n_sentences: row.number("n_sentences")?,
            mean_sentence_words: row.number("mean_sentence_words")?,
            main_share: row.number("main_share")?,
            link_share: row.number("link_share")?,
            upper_share: row.number("upper_share")?,
            digit_share: row.number("digit_share")?,
            repeated_line_share: row.number("repeated_line_share")?,
            symbol_share: row.number("symbol_share")?,
            stop_word_share: row.number("stop_word_share")?,
        },
        flaws: row.list("flaws", |flaw| -> Result<(Flaw, u32), Reason> {
            Ok((flaw.parsed("flaw")?, flaw.number("count")?))
        })?,
        text,
        blocks,
        fields,
    };
    let article = Article::new(parts).map_err(|error| error.to_string())?;
    for (name, hash) in [("doc_id", article.doc_id()), ("body_id", article.body_id())] {
        let stored = row.string(name)?;
        if stored != hash.to_string() {
            return Err(format!(
                "`{name}` is {stored}, but what it names hashes to {hash}"
            ));
        }
    }
    Ok(article)
}

fn read_block(block: &Row<'_>, index: &CharIndex<'_>) -> Result<Block, Reason> {
    Ok(Block {
        span: read_span(block.range()?, index)?,
        role: block.parsed::<Role>("role")?,
        lang: block.owned_opt("lang")?,
        path: block.owned_opt("path")?,
        marks: block.strings("marks")?,
        heading: block.number_opt("heading")?.unwrap_or(0),
        link_density: block.number("link_density")?,
        container: block.owned_opt("container")?,
    })
}

/// Joins the columns of the fields with `field_sources`, which has one item a value in
/// the same order.
fn read_fields(row: &Row<'_>, index: &CharIndex<'_>) -> Result<Fields, Reason> {
    let mut values = Vec::new();
    for &field in Field::ALL {
        match field.is_list() {
            true => {
                values.extend(row.strings(field.name())?.into_iter().map(|v| (field, v)))
            }
            false => values.extend(row.owned_opt(field.name())?.map(|v| (field, v))),
        }
    }
    let sources = row.list("field_sources", |item| {
        Ok((
            item.parsed::<Field>("field")?,
            item.parsed("source")?,
            item.ranges("fragments")?,
        ))
    })?;
    if values.len() != sources.len() {
        let (n, m) = (values.len(), sources.len());
        return Err(format!("{n} field values have {m} items in `field_sources`"));
    }
    let mut fields = Fields::new();
    for ((field, value), (named, source, ranges)) in values.into_iter().zip(sources) {
        if field != named {
            return Err(format!("`field_sources` has `{named}` in place of `{field}`"));
        }
        let spans = ranges
            .into_iter()
            .map(|range| read_span(range, index))
            .collect::<Result<_, _>>()?;
        let fragments =
            Fragments::new(spans).map_err(|error| format!("{field}: {error}"))?;
        if !fields.add(FieldValue { field, value, source, fragments }) {
            return Err(format!("`{field}` has a value that is blank or stands twice"));
        }
    }
    Ok(fields)
}

fn read_span(range: CharRange, index: &CharIndex<'_>) -> Result<Span, Reason> {
    index.span(range).map_err(|error| error.to_string())
}
