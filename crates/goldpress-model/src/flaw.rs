//! What the world got wrong: flaws of an article, and records that became none.

use crate::{Article, Digest, Origin, names::named};

named! {
    /// Something wrong with an input that did not stop it.
    "flaw"
    pub enum Flaw {
        /// The declared charset is no label of the WHATWG table.
        CharsetLabelUnknown = "charset_label_unknown",
        /// Bytes that fit no character became U+FFFD; counted one by one.
        BytesReplaced = "bytes_replaced",
        /// The last character of the input was cut off.
        CharacterCut = "character_cut",
        /// Text that had been decoded wrongly was put right; counted by stretches.
        MojibakeRepaired = "mojibake_repaired",
        /// Entities that had been escaped twice.
        EntitiesLeft = "entities_left",
        /// Hard-wrapped lines were joined to paragraphs; counted by joined lines.
        Reflowed = "reflowed",
        /// The document was cut: the crawler says so, or its body ends inside a chunk or
        /// inside what is compressed.
        Truncated = "truncated",
        /// Metadata of the page could not be parsed.
        MetadataBroken = "metadata_broken",
        /// No title was found.
        NoHeadline = "no_headline",
        /// No block of class `main`.
        NoArticle = "no_article",
        /// The body is a second reading: the lines that first looked like it were none or few.
        BodyFallback = "body_fallback",
        /// The page holds several articles.
        SeveralArticles = "several_articles",
        /// The page says that the rest costs money.
        Paywalled = "paywalled",
        /// The date lies after the fetch.
        DateFuture = "date_future",
        /// The date lies before 1990.
        DateBefore1990 = "date_before_1990",
    }
}

named! {
    /// Why a record became no article.
    "reason of a reject"
    pub enum RejectReason {
        /// The file or member cannot be read.
        Unreadable = "unreadable",
        /// No bytes.
        Empty = "empty",
        /// Not text.
        Binary = "binary",
        /// A format or media type that goldpress does not read.
        Unsupported = "unsupported",
        /// The record breaks the rules of its format.
        BrokenRecord = "broken_record",
        /// The input ends inside the record.
        Truncated = "truncated",
        /// Too many bytes fit no charset.
        Undecodable = "undecodable",
        /// Nothing to read in it.
        NoText = "no_text",
        /// The server answered with another status than 200.
        HttpStatus = "http_status",
        /// Points to a record that is not there.
        Revisit = "revisit",
        /// Over the size limit.
        TooLarge = "too_large",
        /// Over the limit of the compression ratio.
        TooCompressed = "too_compressed",
        /// Nested over the limit.
        TooDeep = "too_deep",
        /// More elements than the limit.
        TooManyNodes = "too_many_nodes",
        /// Over the limit of CPU time.
        TooSlow = "too_slow",
    }
}

/// A record that became no article: a row of `rejects`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Where the record stood; without a record number where a whole file failed.
    pub file: String,
    /// The record's number, counted from 1.
    pub record: Option<u64>,
    /// Where the record began in the undone file.
    pub byte_offset: Option<u64>,
    /// How many bytes of it were read.
    pub n_bytes: u64,
    /// Hash of what was read; `None` when nothing was.
    pub raw_id: Option<Digest>,
    /// Address of the record, if it says.
    pub url: Option<String>,
    /// Media type of the record, if it says.
    pub media_type: Option<String>,
    /// Why, as one of a closed set, so that it can be counted.
    pub reason: RejectReason,
    /// Why, for people.
    pub detail: String,
}

impl Reject {
    /// A reject of the record at `origin`, of which `bytes` were read.
    pub fn of(
        origin: &Origin,
        bytes: &[u8],
        reason: RejectReason,
        detail: impl Into<String>,
    ) -> Reject {
        Reject {
            file: origin.file.clone(),
            record: Some(origin.record),
            byte_offset: Some(origin.byte_offset),
            n_bytes: bytes.len() as u64,
            raw_id: (!bytes.is_empty()).then(|| Digest::of(bytes)),
            url: None,
            media_type: None,
            reason,
            detail: detail.into(),
        }
    }

    /// A reject of a whole file, of which nothing was read.
    pub fn of_file(
        file: &str,
        reason: RejectReason,
        detail: impl Into<String>,
    ) -> Reject {
        Reject {
            file: file.to_owned(),
            record: None,
            byte_offset: None,
            n_bytes: 0,
            raw_id: None,
            url: None,
            media_type: None,
            reason,
            detail: detail.into(),
        }
    }
}

/// What became of one input record: exactly one row, in one of two tables.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A row of `articles`. Its flaws say what was wrong and repaired or missing.
    Article(Box<Article>),
    /// A row of `rejects`: nothing in the record can be an article.
    Reject(Reject),
}
