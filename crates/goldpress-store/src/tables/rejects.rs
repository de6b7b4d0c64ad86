//! `rejects`: one row an input that became no article, with the reason.

use goldpress_model::{Reject, RejectReason};

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
};

/// The table of rejects.
pub(crate) struct Rejects;

impl Table for Rejects {
    type Row = Reject;
    const NAME: &'static str = "rejects";
    const VERSION: u32 = 1;

    fn columns(rows: &[Reject]) -> Encoded {
        Columns::of(rows)
            .string("file", Layout::Name, |row| row.file.as_str())
            .number_opt("record", |row| row.record)
            .number_opt("byte_offset", |row| row.byte_offset)
            .number("n_bytes", |row| row.n_bytes)
            .string_opt("raw_id", Layout::Plain, |row| {
                row.raw_id.map(|hash| hash.to_string())
            })
            .string_opt("url", Layout::Key, |row| row.url.as_deref())
            .string_opt("media_type", Layout::Name, |row| row.media_type.as_deref())
            .string("reason", Layout::Name, |row| row.reason.name())
            .string("detail", Layout::Text, |row| row.detail.as_str())
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<Reject, Reason> {
        Ok(Reject {
            file: row.owned("file")?,
            record: row.number_opt("record")?,
            byte_offset: row.number_opt("byte_offset")?,
            n_bytes: row.number("n_bytes")?,
            raw_id: row.parsed_opt("raw_id")?,
            url: row.owned_opt("url")?,
            media_type: row.owned_opt("media_type")?,
            reason: row.parsed::<RejectReason>("reason")?,
            detail: row.owned("detail")?,
        })
    }

    fn weight(row: &Reject) -> usize {
        FIXED + row.detail.len()
    }
}
