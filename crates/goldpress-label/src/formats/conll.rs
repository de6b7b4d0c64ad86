//! `conll`: a word a line, its tag in the last column, a blank line after a sentence.
//!
//! Articles begin with a `-DOCSTART-` line, as in CoNLL-2003: what spaCy and others know of
//! articles, where a comment would be a word to them. The words of the article decide where
//! a token ends; files with other words are laid along the text. One flat layer fits: the
//! outermost spans of whole words.

use std::collections::BTreeMap;

use goldpress_model::{CharIndex, CharRange, Schema};
use goldpress_text::sentences;

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, TagReader, TaggedRun, Token,
    Written, numbered,
    scheme::{Chunk, Scheme, is_tag},
    tokens::{flat_layer, lose_content, words},
    utf8,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Conll;

impl Format for Conll {
    fn name(&self) -> &'static str {
        "conll"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        let Ok(text) = utf8(&source.bytes) else { return false };
        let mut words = text.lines().filter(|line| is_word(line)).take(20).peekable();
        let has_tag = |line: &str| {
            let mut columns = line.split_whitespace();
            columns.next().is_some() && columns.next_back().is_some_and(is_tag)
        };
        words.peek().is_some() && words.all(has_tag)
    }

    fn read(
        &self,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let articles = articles(utf8(&source.bytes)?, options)?;
        let sentences: Vec<&Sentence> =
            articles.iter().flat_map(|article| &article.sentences).collect();
        let decoded = decode(&sentences, options)?;
        Ok(foreign_of(articles, decoded, options))
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        // What is said of a span is counted here, for spans that fit.
        Some(Capacity { args: true, attrs: true, notes: true, ..Capacity::default() })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        options: &WriteOptions,
        written: &mut Written,
    ) {
        let name = options.scheme.as_deref().unwrap_or("iob2");
        let scheme = Scheme::from_name(name).unwrap_or(Scheme::Iob2);
        let mut out = format!("{DOCSTART}\n\n");
        for sentence in tagged(schema, page, options, written) {
            let tags = scheme.encode(&sentence.chunks, sentence.words.len());
            for (word, tag) in sentence.words.iter().zip(tags) {
                out.push_str(&format!("{}\t{tag}\n", word.0));
            }
            out.push('\n');
        }
        written.append("conll.conll", &out);
    }
}

/// The line before an article, with the columns that spaCy looks for.
const DOCSTART: &str = "-DOCSTART- -X- O O";

/// A sentence of an article with the chunks of a flat layer.
pub(super) struct Tagged<'a> {
    /// Words and where they begin, in code points.
    pub(super) words: Vec<(&'a str, u32)>,
    pub(super) chunks: Vec<Chunk>,
}

/// The sentences of a page, tagged with the spans that fit; the others are counted.
pub(super) fn tagged<'a>(
    schema: &Schema,
    page: &'a Page<'a>,
    options: &WriteOptions,
    written: &mut Written,
) -> Vec<Tagged<'a>> {
    let index = CharIndex::new(page.text);
    let mut all: Vec<Vec<(&str, CharRange)>> = Vec::new();
    let mut words = words(page.text).peekable();
    for sentence in sentences(page.text) {
        let mut inside = Vec::new();
        while let Some(word) = words.next_if(|word| word.start() < sentence.end()) {
            inside.push((word.slice(page.text), index.chars(word)));
        }
        all.push(inside);
    }
    let fitting = flat_layer(page, options, &all, written);
    let mut sentences: Vec<Tagged<'a>> = all
        .into_iter()
        .map(|words| Tagged {
            words: words.into_iter().map(|(word, range)| (word, range.start)).collect(),
            chunks: Vec::new(),
        })
        .collect();
    for (sentence, start, end, annotation) in fitting {
        lose_content(schema, annotation, written);
        let label = annotation.label.clone();
        sentences[sentence].chunks.push(Chunk { start, end, label });
    }
    sentences.retain(|sentence| !sentence.words.is_empty());
    sentences
}

/// An article as words with tags.
#[derive(Default)]
pub(super) struct Article {
    pub(super) doc: Option<String>,
    pub(super) sentences: Vec<Sentence>,
}

/// Words and, for each, its tag.
#[derive(Default)]
pub(super) struct Sentence {
    pub(super) words: Vec<Token>,
    pub(super) tags: Vec<String>,
}

fn is_word(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !is_comment(line) && !line.starts_with("-DOCSTART-")
}

/// Whether a line is a comment; `# O` is the word `#` with its tag, as one of the systems
/// of WNUT 2017 writes it.
fn is_comment(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("# ") else { return false };
    !is_tag(rest.trim())
}

fn articles(text: &str, options: &ReadOptions) -> Result<Vec<Article>, Misread> {
    let with_tabs =
        text.lines().filter(|line| is_word(line)).all(|line| line.contains('\t'));
    let mut articles: Vec<Article> = Vec::new();
    let mut sentence = Sentence::default();
    let mut is_marked = false;
    for (number, line) in numbered(text) {
        let doc = line.trim().strip_prefix("# doc_id =").map(|doc| doc.trim().to_owned());
        if doc.is_some() || line.starts_with("-DOCSTART-") {
            finish(&mut articles, &mut sentence);
            articles.push(Article { doc, ..Article::default() });
            is_marked = true;
            continue;
        }
        if line.trim().is_empty() {
            finish(&mut articles, &mut sentence);
            continue;
        }
        if !is_word(line) {
            continue;
        }
        let mut columns = columns_of(line, with_tabs);
        let tag = columns.pop().unwrap_or_default();
        let Some(word) = columns.first().filter(|word| !word.is_empty()) else {
            return Err(Misread::new(number, "a word and its tag stand on a line"));
        };
        if !is_tag(tag) {
            return Err(Misread::of("tag-invalid", number, format!("`{tag}` is no tag")));
        }
        sentence.words.push(Token { line: number, text: (*word).to_owned() });
        sentence.tags.push(tag.to_owned());
    }
    finish(&mut articles, &mut sentence);
    articles.retain(|article| !article.sentences.is_empty());
    if let (false, Some(n)) = (is_marked, options.sentences.filter(|n| *n > 0)) {
        let mut all: Vec<Sentence> =
            articles.into_iter().flat_map(|article| article.sentences).collect();
        let mut cut = Vec::new();
        while !all.is_empty() {
            let rest = all.split_off(n.min(all.len()));
            cut.push(Article { doc: None, sentences: std::mem::replace(&mut all, rest) });
        }
        return Ok(cut);
    }
    Ok(articles)
}

/// The columns of a line, but for blank ones at its end: spreadsheets leave those.
fn columns_of(line: &str, with_tabs: bool) -> Vec<&str> {
    let line = line.trim_end();
    match with_tabs {
        true => line.split('\t').map(str::trim).collect(),
        false => line.split_whitespace().collect(),
    }
}

fn finish(articles: &mut Vec<Article>, sentence: &mut Sentence) {
    if sentence.words.is_empty() {
        return;
    }
    if articles.is_empty() {
        articles.push(Article::default());
    }
    if let Some(article) = articles.last_mut() {
        article.sentences.push(std::mem::take(sentence));
    }
}

/// Chunks of sentences, with the tags that their scheme does not allow.
#[derive(Default)]
pub(super) struct Decoded {
    chunks: Vec<Vec<Chunk>>,
    orphans: Vec<Misread>,
}

/// Chunks of all sentences, under the scheme named or the only reading there is.
pub(super) fn decode(
    sentences: &[&Sentence],
    options: &ReadOptions,
) -> Result<Decoded, Misread> {
    if let Some(reader) = &options.reader {
        return read_by(reader, sentences);
    }
    if let Some(name) = &options.scheme {
        let scheme = Scheme::from_name(name).ok_or_else(|| {
            Misread::of("scheme-unknown", 1, format!("`{name}` is no tag scheme"))
        })?;
        return decode_as(scheme, sentences, options.tags.as_deref());
    }
    let mut readings: Vec<(Scheme, Decoded)> = Vec::new();
    for scheme in Scheme::ALL {
        if let Ok(decoded) = decode_as(scheme, sentences, None) {
            readings.push((scheme, decoded));
        }
    }
    let differs =
        readings.iter().any(|(_, decoded)| decoded.chunks != readings[0].1.chunks);
    if differs {
        let names: Vec<&str> = readings.iter().map(|(scheme, _)| scheme.name()).collect();
        let message = format!("the tags fit {}: --scheme names one", names.join(", "));
        return Err(Misread::of("scheme-unknown", 1, message));
    }
    match readings.into_iter().next() {
        Some((_, decoded)) => Ok(decoded),
        // No scheme fits: IOB2 is what most files mean, and says where it breaks.
        None => decode_as(Scheme::Iob2, sentences, options.tags.as_deref()),
    }
}

/// Chunks as somebody else reads them; which tags IOB2 does not allow is still told.
fn read_by(reader: &TagReader, sentences: &[&Sentence]) -> Result<Decoded, Misread> {
    let tags: Vec<Vec<String>> = sentences.iter().map(|one| one.tags.clone()).collect();
    let runs = reader.read(&tags).map_err(|message| {
        let line = sentences.first().and_then(|one| one.words.first());
        Misread::of("tag-invalid", line.map_or(1, |word| word.line), message)
    })?;
    let chunk =
        |(range, label): TaggedRun| Chunk { start: range.start, end: range.end, label };
    let chunks =
        runs.into_iter().map(|runs| runs.into_iter().map(chunk).collect()).collect();
    let orphans = decode_as(Scheme::Iob2, sentences, Some("begin"))
        .map_or_else(|_| Vec::new(), |decoded| decoded.orphans);
    Ok(Decoded { chunks, orphans })
}

/// `tags` says what becomes of orphans of IOB2: `begin` or `discard`.
fn decode_as(
    scheme: Scheme,
    sentences: &[&Sentence],
    tags: Option<&str>,
) -> Result<Decoded, Misread> {
    let mut all = Decoded::default();
    for sentence in sentences {
        let mut spelt = sentence.tags.clone();
        loop {
            let now: Vec<&str> = spelt.iter().map(String::as_str).collect();
            let orphan = match scheme.decode(&now) {
                Ok(chunks) => break all.chunks.push(chunks),
                Err(orphan) => orphan,
            };
            let line = sentence.words[orphan.at].line;
            // A prefix of another scheme is nothing that IOB2 could put right.
            let label = spelt[orphan.at].strip_prefix("I-");
            let mended = match (label.filter(|_| scheme == Scheme::Iob2), tags) {
                (Some(label), Some("begin")) => format!("B-{label}"),
                (Some(_), Some("discard")) => "O".to_owned(),
                _ => return Err(Misread::of("tag-orphan", line, orphan.message)),
            };
            // What is an orphan only behind one that was left out is none in the file.
            if is_orphan(&sentence.tags, orphan.at) {
                all.orphans.push(Misread::of("tag-orphan", line, orphan.message));
            }
            spelt[orphan.at] = mended;
        }
    }
    Ok(all)
}

/// Whether a tag `I-` of IOB2 continues nothing, as written.
fn is_orphan(tags: &[String], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tags[before].split_once('-'));
    let label = tags[at].split_once('-').map(|(_, label)| label);
    before.is_none_or(|(_, before)| Some(before) != label)
}

/// Articles with the chunks of their sentences; what was put right goes with the first.
pub(super) fn foreign_of(
    articles: Vec<Article>,
    decoded: Decoded,
    options: &ReadOptions,
) -> Vec<Foreign> {
    let mut chunks = decoded.chunks.into_iter();
    let articles = articles.into_iter();
    let mut read: Vec<Foreign> =
        articles.map(|article| article.foreign(&mut chunks, options)).collect();
    if let Some(first) = read.first_mut() {
        first.mended = decoded.orphans;
    }
    read
}

impl Article {
    fn foreign(
        self,
        chunks: &mut impl Iterator<Item = Vec<Chunk>>,
        options: &ReadOptions,
    ) -> Foreign {
        let mut foreign = Foreign { doc: self.doc, ..Foreign::default() };
        for sentence in self.sentences {
            let offset = foreign.tokens.len();
            for Chunk { start, end, label } in chunks.next().unwrap_or_default() {
                let [from, to] = [start, end].map(|at| (offset + at) as i64);
                foreign.drafts.push(Draft {
                    line: sentence.words[start].line,
                    layer: options.layer.clone(),
                    label,
                    ranges: vec![(from, to)],
                    attrs: BTreeMap::new(),
                    ..Draft::default()
                });
            }
            let words: Vec<&str> =
                sentence.words.iter().map(|w| w.text.as_str()).collect();
            foreign.sentences.push(words.join(" "));
            foreign.tokens.extend(sentence.words);
        }
        foreign
    }
}
