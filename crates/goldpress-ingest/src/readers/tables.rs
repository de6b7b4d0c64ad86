//! Tables: Parquet and Arrow IPC (Feather version 2), one article a row.
//!
//! A row has no bytes of its own, so its raw bytes are its canonical JSON. It is found
//! again by its number; the byte offset is that of the rows it is stored with.

use std::path::Path;

use goldpress_model::{Reject, RejectReason};
use goldpress_store::{
    ArrowRows, ForeignError, ForeignRow, ParquetRows, json::canonical,
};
use goldpress_text::{Declared, decode};

use super::{Input, Reader, document, extension, jsonl::from_value, too_large};
use crate::{
    Item, Options,
    compression::reason_of,
    record::{Refusal, reject},
};

/// What Parquet files begin and end with.
const PARQUET_MAGIC: &[u8] = b"PAR1";
const PARQUET_TYPE: &str = "application/vnd.apache.parquet";
/// What Arrow files begin and end with.
const ARROW_MAGIC: &[u8] = b"ARROW1";
/// What every message of an Arrow stream begins with.
const ARROW_MESSAGE: &[u8] = &[0xff, 0xff, 0xff, 0xff];
const ARROW_TYPE: &str = "application/vnd.apache.arrow.file";

pub(super) struct Parquet;

impl Reader for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        head.starts_with(PARQUET_MAGIC)
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let name = input.file.clone();
        let file = match input.seekable() {
            Ok((file, None)) => file,
            Ok((_, Some(error))) | Err(error) => {
                return refused(&name, reason_of(&error));
            }
        };
        let limit = options.limits.undone_bytes as u64;
        match ParquetRows::open(file, limit, text_of) {
            Ok(rows) => items(name, PARQUET_TYPE, rows, options),
            Err(error) => {
                let what = format!("the file is no sound Parquet: {error}");
                refused(&name, Refusal::new(RejectReason::BrokenRecord, what))
            }
        }
    }
}

pub(super) struct Arrow;

impl Reader for Arrow {
    fn name(&self) -> &'static str {
        "arrow"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        let is_named =
            ["arrow", "arrows", "feather", "ipc"].contains(&extension(path).as_str());
        // A message's length stands in four bytes, of which a head never needs the last.
        let is_stream = head.starts_with(ARROW_MESSAGE) && head.get(7) == Some(&0);
        head.starts_with(ARROW_MAGIC)
            || is_stream && (is_named || head.get(6) == Some(&0))
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let limit = options.limits.undone_bytes as u64;
        let name = input.file.clone();
        let mut input = input;
        let is_file = input.cursor.peek().is_ok_and(|head| head.starts_with(ARROW_MAGIC));
        if !is_file {
            let rows = ArrowRows::new(Box::new(input.cursor), limit, text_of);
            return items(name, ARROW_TYPE, rows, options);
        }
        let rows = input
            .seekable()
            .and_then(|(file, cut)| Ok((ArrowRows::open(file, limit, text_of)?, cut)));
        match rows {
            Ok((rows, None)) => items(name, ARROW_TYPE, rows, options),
            Ok((rows, Some(error))) => {
                let lost = refused(&name, reason_of(&error));
                Box::new(items(name, ARROW_TYPE, rows, options).chain(lost))
            }
            Err(error) => refused(&name, reason_of(&error)),
        }
    }
}

/// The only item of a file that cannot be read.
fn refused<'a>(name: &str, why: Refusal) -> Box<dyn Iterator<Item = Item> + 'a> {
    let reject = Reject::of_file(name, why.reason, why.detail);
    Box::new(std::iter::once(Item::Reject(reject)))
}

/// Text of a column of bytes: pages are kept in such, in any charset.
fn text_of(bytes: &[u8]) -> String {
    match decode(bytes, Declared { http: None, markup: true }) {
        Ok(decoded) => decoded.text,
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The items of a table's rows.
fn items<'a>(
    file: String,
    media_type: &'static str,
    rows: impl Iterator<Item = Result<ForeignRow, ForeignError>> + 'a,
    options: &'a Options,
) -> Box<dyn Iterator<Item = Item> + 'a> {
    let origin = move |record, byte_offset| goldpress_model::Origin {
        file: file.clone(),
        record,
        byte_offset,
    };
    let limit = options.limits.record_bytes;
    Box::new(rows.map(move |row| match row {
        Ok(row) => {
            let bytes = canonical(&row.value).into_bytes();
            let raw = document(origin(row.number, row.byte_offset), bytes, media_type);
            if raw.bytes.len() > limit {
                let why = too_large(limit);
                return Item::Reject(reject(&raw, why.reason, why.detail));
            }
            from_value(raw, &row.value, options)
        }
        Err(error) => {
            let reason = match error.is_too_large {
                true => RejectReason::TooLarge,
                false => RejectReason::BrokenRecord,
            };
            let origin = origin(error.number, error.byte_offset);
            Item::Reject(Reject::of(&origin, &[], reason, error.detail))
        }
    }))
}
