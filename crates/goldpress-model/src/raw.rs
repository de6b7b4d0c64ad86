//! Raw documents: bytes as a crawler left them, and where they were found.

/// Where a record was found: the file, the record in it, the byte it began at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Path as the user gave it; members of an archive follow a `!`.
    pub file: String,
    /// Number of the record, counted from 1.
    pub record: u64,
    /// Byte offset in the file, with compression undone; of a file of records in UTF-16 in
    /// its text as UTF-8.
    pub byte_offset: u64,
}

/// One document as found, with what its container says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawDocument {
    /// Where it was found.
    pub origin: Origin,
    /// The record's bytes: compression, archive, transfer and content coding undone, the
    /// charset not, but for a file of records in UTF-16.
    pub bytes: Vec<u8>,
    /// Media type without parameters, in lower case: `text/html`.
    pub media_type: String,
    /// Charset that the container declares: a parameter of `Content-Type`.
    pub charset_declared: Option<String>,
    /// Address it was fetched from.
    pub url: Option<String>,
    /// When it was fetched, in microseconds since 1970-01-01 UTC.
    pub fetched_at_us: Option<i64>,
    /// Status of the HTTP answer.
    pub http_status: Option<u16>,
    /// Whether the crawler says that it cut the document.
    pub truncated: bool,
}
