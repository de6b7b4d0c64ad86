//! CSV and TSV with a header: one article a row.
//!
//! Rows are cut here, so that each keeps its own bytes, and read by the `csv` crate.

use std::path::Path;

use goldpress_model::{RawDocument, RejectReason};
use goldpress_text::{Declared, decode};
use serde_json::{Map, Value};

use super::{
    Input, Reader, document, extension, foreign, head_text, jsonl::from_value, lost,
    too_large,
};
use crate::{
    Item, Options,
    compression::reason_of,
    cursor::LineEnd,
    record::{Refusal, reject},
};

/// What may part two fields.
const DELIMITERS: &[u8] = b",\t;|";

pub(super) struct Csv;

impl Reader for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        let is_named = ["csv", "tsv", "tab"].contains(&extension(path).as_str());
        is_named && foreign(head).is_none() && !head_text(head).is_empty()
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let rows = Rows {
            input,
            options,
            header: Vec::new(),
            delimiter: b',',
            record: 0,
            state: State::Header,
        };
        Box::new(rows)
    }
}

#[derive(PartialEq, Eq)]
enum State {
    Header,
    Rows,
    Done,
}

struct Rows<'a> {
    input: Input<'a>,
    options: &'a Options,
    header: Vec<String>,
    delimiter: u8,
    /// Rows so far; the header is none.
    record: u64,
    state: State,
}

/// How reading a row ended.
enum RowEnd {
    Whole,
    /// The input ended in a quoted field, or the row went over the limit.
    Open(Refusal),
}

impl Iterator for Rows<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while self.state != State::Done {
            let start = self.input.cursor.offset();
            let mut row = Vec::new();
            let end = self.row(&mut row);
            if row.trim_ascii().is_empty() && matches!(end, Ok(RowEnd::Whole)) {
                continue;
            }
            if self.state == State::Header && matches!(end, Ok(RowEnd::Whole)) {
                self.state = State::Rows;
                self.delimiter = delimiter_of(&row);
                self.header = fields_of(&row, self.delimiter).unwrap_or_default();
                continue;
            }
            self.record += 1;
            let origin = self.input.origin(self.record, start);
            let raw = document(origin, row, "text/csv");
            return Some(match end {
                Ok(RowEnd::Whole) => self.read(raw),
                Ok(RowEnd::Open(why)) => {
                    Item::Reject(reject(&raw, why.reason, why.detail))
                }
                Err(error) => {
                    let why = reason_of(&error);
                    if why.reason == RejectReason::Unreadable {
                        self.state = State::Done;
                    }
                    match raw.bytes.is_empty() {
                        true => Item::Reject(lost(&self.input, self.record, &error)),
                        false => Item::Reject(reject(&raw, why.reason, why.detail)),
                    }
                }
            });
        }
        None
    }
}

impl Rows<'_> {
    /// Reads one row, line ends inside quotation marks included, without its line end.
    ///
    /// A quotation mark that nothing closes would swallow the rest of the file: then the
    /// first line alone is the broken row, and the rest is read again.
    fn row(&mut self, row: &mut Vec<u8>) -> std::io::Result<RowEnd> {
        let limit = self.options.limits.record_bytes;
        let mut first_line = 0;
        loop {
            let end = self.input.cursor.line(limit.saturating_sub(row.len()), row)?;
            let is_open = is_open(row, self.delimiter);
            if first_line == 0 {
                first_line = row.len();
            }
            match end {
                LineEnd::Input if !is_open => {
                    self.state = State::Done;
                    trim_return(row);
                    return Ok(RowEnd::Whole);
                }
                LineEnd::LineFeed if !is_open => {
                    trim_return(row);
                    return Ok(RowEnd::Whole);
                }
                LineEnd::LineFeed => row.push(b'\n'),
                LineEnd::TooLong if row.len() == first_line => {
                    return Ok(RowEnd::Open(too_large(limit)));
                }
                LineEnd::Input | LineEnd::TooLong => {
                    let rest = row.split_off(first_line);
                    self.input.cursor.unread(rest.strip_prefix(b"\n").unwrap_or(&rest));
                    if rest.is_empty() && end == LineEnd::Input {
                        self.state = State::Done;
                    }
                    trim_return(row);
                    let what = "a quotation mark is never closed";
                    let why = Refusal::new(RejectReason::BrokenRecord, what);
                    return Ok(RowEnd::Open(why));
                }
            }
        }
    }

    fn read(&self, raw: RawDocument) -> Item {
        let fields = match fields_of(&raw.bytes, self.delimiter) {
            Ok(fields) => fields,
            Err(error) => {
                return Item::Reject(reject(&raw, RejectReason::BrokenRecord, error));
            }
        };
        if fields.len() != self.header.len() {
            let (n, header) = (fields.len(), self.header.len());
            let what = format!("the row has {n} fields, the header {header}");
            return Item::Reject(reject(&raw, RejectReason::BrokenRecord, what));
        }
        let pairs =
            self.header.iter().cloned().zip(fields.into_iter().map(Value::String));
        from_value(raw, &Value::Object(pairs.collect::<Map<_, _>>()), self.options)
    }
}

fn trim_return(row: &mut Vec<u8>) {
    if row.last() == Some(&b'\r') {
        row.pop();
    }
}

/// Whether a row ends inside a quoted field (RFC 4180: a field is quoted where its first
/// byte is a quotation mark, and two of them inside stand for one).
fn is_open(row: &[u8], delimiter: u8) -> bool {
    let (mut in_quotes, mut at_start) = (false, true);
    for byte in row {
        match *byte {
            b'"' if in_quotes => in_quotes = false,
            // A second quotation mark opens the field again.
            b'"' if at_start => in_quotes = true,
            _ => {}
        }
        at_start = !in_quotes && (*byte == delimiter || *byte == b'\n' || *byte == b'"');
    }
    in_quotes
}

/// The delimiter that a header has most of.
fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    let best = DELIMITERS.iter().rev().copied().max_by_key(|delimiter| count(*delimiter));
    best.unwrap_or(b',')
}

fn fields_of(row: &[u8], delimiter: u8) -> Result<Vec<String>, String> {
    let decoded;
    let text = match str::from_utf8(row) {
        Ok(text) => text,
        Err(_) => {
            decoded =
                decode(row, Declared::default()).map_err(|error| error.to_string())?;
            &decoded.text
        }
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(_) => Ok(record.iter().map(str::to_owned).collect()),
        Err(error) => Err(format!("the row is no CSV: {error}")),
    }
}
