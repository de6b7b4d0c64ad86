//! `raw`: the untouched bytes, one row an article, in the order of `articles`.

use goldpress_model::{Digest, Origin};

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
};

/// A row of `raw`: the bytes an article was made of, and what their container said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Hash of the bytes.
    pub raw_id: Digest,
    /// Compression, archive, transfer and content coding undone, the charset not.
    pub bytes: Vec<u8>,
    /// Media type without parameters.
    pub media_type: String,
    /// Charset that the container declares.
    pub charset_declared: Option<String>,
    /// Address it was fetched from.
    pub url: Option<String>,
    /// When it was fetched, in microseconds since 1970-01-01 UTC.
    pub fetched_at_us: Option<i64>,
    /// Status of the HTTP answer.
    pub http_status: Option<u16>,
    /// Where it was found.
    pub origin: Origin,
}

/// The table of raw bytes.
pub(crate) struct Raw;

impl Table for Raw {
    type Row = RawRow;
    const NAME: &'static str = "raw";
    const VERSION: u32 = 1;
    // Pages are large and compress well: less of them at once, for memory's sake.
    const GROUP_BYTES: usize = 16 << 20;
    const READ_ROWS: usize = 16;

    fn columns(rows: &[RawRow]) -> Encoded {
        Columns::of(rows)
            .string("raw_id", Layout::Key, |row| row.raw_id.to_string())
            .bytes("bytes", |row| row.bytes.as_slice())
            .string("media_type", Layout::Name, |row| row.media_type.as_str())
            .string_opt("charset_declared", Layout::Name, |row| {
                row.charset_declared.as_deref()
            })
            .string_opt("url", Layout::Key, |row| row.url.as_deref())
            .time_opt("fetched_at", |row| row.fetched_at_us)
            .number_opt("http_status", |row| row.http_status)
            .string("file", Layout::Name, |row| row.origin.file.as_str())
            .number("record", |row| row.origin.record)
            .number("byte_offset", |row| row.origin.byte_offset)
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<RawRow, Reason> {
        Ok(RawRow {
            raw_id: row.parsed("raw_id")?,
            bytes: row.bytes("bytes")?.to_vec(),
            media_type: row.owned("media_type")?,
            charset_declared: row.owned_opt("charset_declared")?,
            url: row.owned_opt("url")?,
            fetched_at_us: row.time_opt("fetched_at")?,
            http_status: row.number_opt("http_status")?,
            origin: Origin {
                file: row.owned("file")?,
                record: row.number("record")?,
                byte_offset: row.number("byte_offset")?,
            },
        })
    }

    fn weight(row: &RawRow) -> usize {
        FIXED + row.bytes.len()
    }
}
