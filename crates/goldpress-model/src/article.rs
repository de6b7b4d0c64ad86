//! Articles: normalised text, cut into blocks, with metadata and measures.

use crate::{Block, Digest, Fields, Flaw, Origin, Span};

/// How the bytes of a document became characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// Label that the container or the document declared, as written.
    pub charset_declared: Option<String>,
    /// WHATWG name of the encoding used, in lower case.
    pub charset_used: String,
    /// What decided: `bom`, `utf-8`, `http`, `meta`, `detector`, `fallback`, `record`.
    pub charset_source: String,
    /// Number of U+FFFD that stand for bytes of the input.
    pub n_replaced: u32,
}

/// Numbers that filters need, so that no filter computes them again.
///
/// Shares lie in `0.0..=1.0` and are 0 for an empty text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measures {
    /// Code points of the text.
    pub n_chars: u32,
    /// Words (UAX #29, with a letter or digit).
    pub n_words: u32,
    /// Sentences.
    pub n_sentences: u32,
    /// Words a sentence.
    pub mean_sentence_words: f32,
    /// Share of characters in blocks of class `main`.
    pub main_share: f32,
    /// Share of characters inside links.
    pub link_share: f32,
    /// Share of letters in upper case.
    pub upper_share: f32,
    /// Share of digits among characters that are not white space.
    pub digit_share: f32,
    /// Share of non-blank lines that stood before.
    pub repeated_line_share: f32,
    /// Share of symbols (neither letter, digit, punctuation nor white space).
    pub symbol_share: f32,
    /// Share of words that are stop words of the language; 0 where no list is at hand.
    pub stop_word_share: f32,
}

/// Everything an article is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleParts {
    /// Normalised text: lines with LF, no blank line at either end, no final line end.
    pub text: String,
    /// One block for each non-blank line, in order.
    pub blocks: Vec<Block>,
    /// Hash of the raw bytes.
    pub raw_id: Digest,
    /// `doc_id` of the first article with the same body, if that is another row.
    pub dup_of: Option<Digest>,
    /// Where the record was found.
    pub origin: Origin,
    /// Media type without parameters.
    pub media_type: String,
    /// Field mapping that was used.
    pub preset: Option<String>,
    /// When it was fetched, in microseconds since 1970-01-01 UTC.
    pub fetched_at_us: Option<i64>,
    /// How bytes became characters.
    pub decoding: Decoding,
    /// Metadata.
    pub fields: Fields,
    /// Detected language, `und` when unsure.
    pub lang: String,
    /// How sure the detector is, in `0.0..=1.0`.
    pub lang_score: f32,
    /// Registrable domain of the article's address, else its publisher.
    pub source: Option<String>,
    /// Numbers for filters.
    pub measures: Measures,
    /// What was wrong, how often, by flaw.
    pub flaws: Vec<(Flaw, u32)>,
}

/// A news article: normalised text, its blocks, and what is known about it.
///
/// Made only from parts that fit each other, so its hashes and its body are always those
/// of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    // Invariant: blocks are exactly the non-blank lines of the text, in order; doc_id,
    // body and body_id follow from text and blocks.
    parts: ArticleParts,
    doc_id: Digest,
    body: String,
    body_id: Digest,
}

/// Why parts do not make an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArticleError {
    /// Blocks and lines part ways.
    #[error("block {block} is not line {start}..{end} of the text")]
    BlockIsNoLine {
        /// Index of the block, counted from 0.
        block: usize,
        /// First byte of the line that should be the block.
        start: usize,
        /// One past its last byte.
        end: usize,
    },
    /// More blocks than non-blank lines.
    #[error("{blocks} blocks on {lines} lines")]
    TooManyBlocks {
        /// Number of blocks.
        blocks: usize,
        /// Number of non-blank lines.
        lines: usize,
    },
}

impl Article {
    /// Checks that blocks tile the lines, hashes the text and joins the body.
    ///
    /// # Errors
    ///
    /// A block is not exactly a line of the text, or a line has no block.
    pub fn new(parts: ArticleParts) -> Result<Article, ArticleError> {
        check_blocks(&parts.text, &parts.blocks)?;
        let body = join_body(&parts.text, &parts.blocks);
        let doc_id = Digest::of(parts.text.as_bytes());
        let body_id = Digest::of(body.as_bytes());
        Ok(Article { parts, doc_id, body, body_id })
    }

    /// The article's address: the hash of its text.
    pub fn doc_id(&self) -> Digest {
        self.doc_id
    }

    /// Normalised text.
    pub fn text(&self) -> &str {
        &self.parts.text
    }

    /// One block for each non-blank line, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.parts.blocks
    }

    /// The blocks of class `main`, title among them, joined by blank lines.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Hash of the body.
    pub fn body_id(&self) -> Digest {
        self.body_id
    }

    /// Whether this row is the one that stands for its text: no earlier row has its body.
    pub fn is_keeper(&self) -> bool {
        self.parts.dup_of.is_none()
    }

    /// Marks the article as a copy of an earlier row.
    pub fn set_dup_of(&mut self, keeper: Digest) {
        self.parts.dup_of = Some(keeper);
    }

    /// All other parts.
    pub fn parts(&self) -> &ArticleParts {
        &self.parts
    }

    /// Gives the parts back, to change them and make another article.
    pub fn into_parts(self) -> ArticleParts {
        self.parts
    }
}

fn check_blocks(text: &str, blocks: &[Block]) -> Result<(), ArticleError> {
    let mut lines = 0;
    for (start, line) in lines_of(text) {
        if line.trim().is_empty() {
            continue;
        }
        let end = start + line.len();
        let fits = |block: &Block| block.span.start() == start && block.span.end() == end;
        if !blocks.get(lines).is_some_and(fits) {
            return Err(ArticleError::BlockIsNoLine { block: lines, start, end });
        }
        lines += 1;
    }
    match blocks.len() {
        n if n == lines => Ok(()),
        blocks => Err(ArticleError::TooManyBlocks { blocks, lines }),
    }
}

/// Lines with the byte they start at.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

fn join_body(text: &str, blocks: &[Block]) -> String {
    let main: Vec<&str> = blocks
        .iter()
        .filter(|block| block.role.is_body())
        .map(|block| Span::slice(block.span, text))
        .collect();
    main.join("\n\n")
}
