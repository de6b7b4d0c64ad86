//! Records: what a reader hands over, before anything is decoded or rendered.

use goldpress_model::{Digest, Fields, Flaw, RawDocument, Reject, RejectReason};

/// One document as a reader found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The bytes and where they were found.
    pub raw: RawDocument,
    /// Where the text is.
    pub content: Content,
    /// Metadata that the record states in fields of its own.
    pub stated: Fields,
    /// Field mapping that was used.
    pub preset: Option<String>,
    /// Our fields and where the record has theirs, where somebody asks for an explanation.
    pub mapped: Vec<(String, String)>,
    /// Statements of the record that could not be read, such as a date that is none.
    pub n_broken_fields: u32,
    /// Flaws met when the file that holds the record was decoded.
    pub flaws: Vec<(Flaw, u32)>,
    /// What other inputs say of the document, where neither record nor page says it.
    pub hearsay: Fields,
}

/// Where the text of a record is, and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The raw bytes are plain text.
    Text,
    /// The raw bytes are markup.
    Markup,
    /// A field of the record, decoded already, is plain text.
    TextField(String),
    /// A field of the record, decoded already, is markup.
    MarkupField(String),
    /// The record says something of a document that stands elsewhere.
    Elsewhere,
}

/// Said of a record without a text.
pub(crate) const NO_TEXT: &str = "the article has no text of its own";

/// Why a record becomes no article, before it is a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: RejectReason,
    pub(crate) detail: String,
}

impl Refusal {
    pub(crate) fn new(reason: RejectReason, detail: impl Into<String>) -> Refusal {
        Refusal { reason, detail: detail.into() }
    }
}

/// What a reader yields: records, what cannot be one, and what holds no document.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A record.
    Record(Box<Record>),
    /// A record that cannot be read; reading goes on after it.
    Reject(Reject),
    /// A record of a type that holds no document: counted apart, by this name.
    Apart(String),
}

impl Record {
    /// A record of raw bytes that state nothing.
    pub fn plain(raw: RawDocument, content: Content) -> Record {
        Record {
            raw,
            content,
            stated: Fields::new(),
            preset: None,
            n_broken_fields: 0,
            flaws: Vec::new(),
            hearsay: Fields::new(),
            mapped: Vec::new(),
        }
    }

    /// A reject of this record.
    pub(crate) fn reject(&self, why: Refusal) -> Reject {
        reject(&self.raw, why.reason, why.detail)
    }
}

/// A reject of a raw document.
pub(crate) fn reject(
    raw: &RawDocument,
    reason: RejectReason,
    detail: impl Into<String>,
) -> Reject {
    Reject {
        url: raw.url.clone(),
        media_type: (!raw.media_type.is_empty()).then(|| raw.media_type.clone()),
        raw_id: (!raw.bytes.is_empty()).then(|| Digest::of(&raw.bytes)),
        ..Reject::of(&raw.origin, &raw.bytes, reason, detail)
    }
}
