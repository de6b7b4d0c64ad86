//! CSV and TSV: one article a row, named by a header or by whoever knows the columns.
//!
//! Rows are cut here, so that each keeps its own bytes, and read by the parser of the
//! `csv` crate.

use std::path::Path;

use csv_core::ReadRecordResult;
use goldpress_model::{RawDocument, RejectReason};
use goldpress_text::{Declared, decode};
use serde_json::{Map, Value};

use super::{
    Input, Reader, document, extension, foreign::Foreign, head_text, jsonl::from_value,
    lost, too_large,
};
use crate::{
    Item, Options,
    compression::reason_of,
    cursor::LineEnd,
    record::{Refusal, reject},
};

/// Rows that nothing closes after which every line is a row: each costs a look at all
/// that follows.
const MAX_OPEN: usize = 8;

/// What may part two fields.
const DELIMITERS: &[u8] = b",\t;|";

pub(super) struct Csv;

impl Reader for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        let is_named = ["csv", "tsv", "tab"].contains(&extension(path).as_str());
        is_named && Foreign::by_magic(head).is_none() && !head_text(head).is_empty()
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let rows = Rows {
            input: input.in_utf8(),
            options,
            header: Vec::new(),
            delimiter: b',',
            parser: csv_core::Reader::new(),
            n_open: 0,
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
    /// Built once: it compiles tables.
    parser: csv_core::Reader,
    /// Rows so far that nothing closed.
    n_open: usize,
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
            let end = match self.state {
                State::Header => self.first_row(&mut row),
                _ => self.row(&mut row),
            };
            if row.trim_ascii().is_empty() && matches!(end, Ok(RowEnd::Whole)) {
                continue;
            }
            if self.state == State::Header && matches!(end, Ok(RowEnd::Whole)) {
                self.state = State::Rows;
                self.parser =
                    csv_core::ReaderBuilder::new().delimiter(self.delimiter).build();
                let first = fields_of(&mut self.parser, &row).unwrap_or_default();
                let named = match self.options.columns.as_slice() {
                    [] => self.options.mapping.columns_of(&first),
                    columns => Some(columns.to_vec()),
                };
                let is_header = named.is_none();
                self.header = named.unwrap_or(first);
                if is_header {
                    continue;
                }
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
    /// Reads the first row, once its first line told what parts its fields: a quoted field
    /// over several lines cannot be read without knowing.
    fn first_row(&mut self, row: &mut Vec<u8>) -> std::io::Result<RowEnd> {
        let limit = self.options.limits.record_bytes;
        let end = self.input.cursor.line(limit, row)?;
        self.delimiter = delimiter_of(row);
        if end == LineEnd::TooLong {
            return Ok(RowEnd::Open(too_large(limit)));
        }
        if end == LineEnd::LineFeed {
            row.push(b'\n');
        }
        self.input.cursor.unread(&std::mem::take(row));
        self.row(row)
    }

    /// Reads one row, line ends inside quotation marks included, without its line end.
    ///
    /// A quotation mark that nothing closes would swallow the rest of the file: then the
    /// first line alone is the broken row, and the rest is read again.
    fn row(&mut self, row: &mut Vec<u8>) -> std::io::Result<RowEnd> {
        let limit = self.options.limits.record_bytes;
        let mut first_line = 0;
        let mut quotes = Quotes::default();
        loop {
            let before = row.len();
            let end = self.input.cursor.line(limit.saturating_sub(row.len()), row)?;
            quotes.read(&row[before..], self.delimiter);
            let is_open = self.n_open < MAX_OPEN && quotes.is_open;
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
                    self.n_open += 1;
                    let what = "a quotation mark is never closed";
                    let why = Refusal::new(RejectReason::BrokenRecord, what);
                    return Ok(RowEnd::Open(why));
                }
            }
        }
    }

    fn read(&mut self, raw: RawDocument) -> Item {
        let fields = match fields_of(&mut self.parser, &raw.bytes) {
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

/// Whether a row so far ends inside a quoted field (RFC 4180: a field is quoted where its
/// first byte is a quotation mark, and two of them inside stand for one).
#[derive(Default)]
struct Quotes {
    is_open: bool,
    /// Whether the byte before lets no quoted field begin.
    is_inside: bool,
}

impl Quotes {
    fn read(&mut self, bytes: &[u8], delimiter: u8) {
        for byte in bytes {
            match *byte {
                b'"' if self.is_open => self.is_open = false,
                // A second quotation mark opens the field again.
                b'"' if !self.is_inside => self.is_open = true,
                _ => {}
            }
            self.is_inside = *byte != delimiter && *byte != b'\n' && *byte != b'"';
        }
    }
}

/// The delimiter that a header has most of.
fn delimiter_of(header: &[u8]) -> u8 {
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    let best = DELIMITERS.iter().rev().copied().max_by_key(|delimiter| count(*delimiter));
    best.unwrap_or(b',')
}

/// Cuts a row into its fields.
fn fields_of(parser: &mut csv_core::Reader, row: &[u8]) -> Result<Vec<String>, String> {
    let decoded;
    let text = match str::from_utf8(row) {
        Ok(text) => text,
        Err(_) => {
            decoded =
                decode(row, Declared::default()).map_err(|error| error.to_string())?;
            &decoded.text
        }
    };
    let mut input = text.trim_start_matches('\u{feff}').as_bytes();
    parser.reset();
    let (mut out, mut ends) = (vec![0; input.len() + 1], vec![0; 64]);
    let (mut n_out, mut n_ends) = (0, 0);
    loop {
        let (result, n_in, n, n_end) =
            parser.read_record(input, &mut out[n_out..], &mut ends[n_ends..]);
        input = &input[n_in..];
        n_out += n;
        n_ends += n_end;
        match result {
            // Without input left, the next call ends the row.
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => out.resize(2 * out.len(), 0),
            ReadRecordResult::OutputEndsFull => ends.resize(2 * ends.len(), 0),
            ReadRecordResult::Record | ReadRecordResult::End => break,
        }
    }
    let mut start = 0;
    let fields = ends[..n_ends].iter().map(|end| {
        let field = String::from_utf8_lossy(&out[start..*end]).into_owned();
        start = *end;
        field
    });
    Ok(fields.collect())
}
