//! CSV and TSV: one article a row, named by a header or by whoever knows the columns.
//!
//! Rows are cut here, so that each keeps its own bytes, and read by the parser of the
//! `csv` crate; those with backslashes before quotation marks are read in
//! [`dialect`].

use std::path::Path;

use csv_core::ReadRecordResult;
use goldpress_model::{RawDocument, RejectReason};
use goldpress_text::{Declared, decode};
use serde_json::{Map, Value};

use super::{
    Input, Reader,
    dialect::{
        Dialect, Quotes, escaped_fields, looks_like_data, stated, without_escapes,
    },
    document, extension,
    foreign::Foreign,
    head_text,
    jsonl::from_value,
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

/// Bytes that are looked at to find the dialect.
const AHEAD_BYTES: usize = 64 << 10;

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
            is_headless: false,
            dialect: Dialect { delimiter: b',', line_end: b'\n', has_escapes: false },
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
    /// Whether the first row is none, so that columns are called by their numbers.
    is_headless: bool,
    dialect: Dialect,
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
                self.parser = csv_core::ReaderBuilder::new()
                    .delimiter(self.dialect.delimiter)
                    .build();
                let first = self.fields_of(&row).unwrap_or_default();
                match self.columns_of(&first) {
                    Some(columns) => self.header = columns,
                    None => {
                        self.header = first;
                        continue;
                    }
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
    /// The names of the columns, where the first row does not have them.
    fn columns_of(&mut self, first: &[String]) -> Option<Vec<String>> {
        let mapping = &self.options.mapping;
        match self.options.columns.as_slice() {
            [] => {}
            columns => return Some(columns.to_vec()),
        }
        if let Some(columns) = mapping.columns_of(first) {
            return Some(columns);
        }
        self.is_headless = !mapping.knows_any(first) && looks_like_data(first);
        let numbers = || (1..=first.len()).map(|n| n.to_string()).collect();
        self.is_headless.then(numbers)
    }

    /// Reads the first row, once the first lines told how the table is written: a quoted
    /// field over several lines cannot be read without knowing.
    fn first_row(&mut self, row: &mut Vec<u8>) -> std::io::Result<RowEnd> {
        let mut ahead = Vec::new();
        self.input.cursor.look_ahead(AHEAD_BYTES, &mut ahead);
        self.dialect = Dialect::of(&ahead);
        if stated(&ahead).is_some() {
            let mut line = Vec::new();
            self.input.cursor.line_to(self.dialect.line_end, AHEAD_BYTES, &mut line)?;
        }
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
        let line_end = self.dialect.line_end;
        loop {
            let before = row.len();
            let left = limit.saturating_sub(row.len());
            let end = self.input.cursor.line_to(line_end, left, row)?;
            quotes.read(&row[before..], &mut self.dialect);
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
                LineEnd::LineFeed => row.push(line_end),
                LineEnd::TooLong if row.len() == first_line => {
                    return Ok(RowEnd::Open(too_large(limit)));
                }
                LineEnd::Input | LineEnd::TooLong => {
                    let rest = row.split_off(first_line);
                    self.input
                        .cursor
                        .unread(rest.strip_prefix(&[line_end]).unwrap_or(&rest));
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
        let mut fields = match self.fields_of(&raw.bytes) {
            Ok(fields) => fields,
            Err(error) => {
                return Item::Reject(reject(&raw, RejectReason::BrokenRecord, error));
            }
        };
        let n_columns = self.header.len();
        // Behind the last column some write one more delimiter.
        while fields.len() > n_columns && fields.last().is_some_and(String::is_empty) {
            fields.pop();
        }
        if fields.len() != n_columns {
            let n = fields.len();
            let what = format!("the row has {n} fields, the header {n_columns}");
            return Item::Reject(reject(&raw, RejectReason::BrokenRecord, what));
        }
        if fields == self.header {
            return Item::Apart("header".to_owned());
        }
        let pairs =
            self.header.iter().cloned().zip(fields.into_iter().map(Value::String));
        let record = Value::Object(pairs.collect::<Map<_, _>>());
        match from_value(raw, &record, self.options) {
            Item::Reject(mut reject) if self.is_headless => {
                reject.detail = NO_HEADER.to_owned();
                Item::Reject(reject)
            }
            item => item,
        }
    }

    /// Cuts a row into its fields.
    fn fields_of(&mut self, row: &[u8]) -> Result<Vec<String>, String> {
        let decoded;
        let text = match str::from_utf8(row) {
            Ok(text) => text,
            Err(_) => {
                let found = decode(row, Declared::default());
                decoded = found.map_err(|error| error.to_string())?;
                &decoded.text
            }
        };
        let text = text.trim_start_matches('\u{feff}');
        let delimiter = self.dialect.delimiter;
        if self.dialect.has_escapes {
            return Ok(escaped_fields(text, delimiter));
        }
        let fields = parsed(&mut self.parser, text.as_bytes());
        let escaped = |text: &str| text.contains(&format!("\\{}", char::from(delimiter)));
        if !self.header.is_empty() && fields.len() != self.header.len() && escaped(text) {
            let others = escaped_fields(text, delimiter);
            if others.len() == self.header.len() {
                self.dialect.has_escapes = true;
                return Ok(others);
            }
        }
        Ok(match delimiter == b'\t' && !text.contains('"') {
            true => {
                fields.iter().map(|field| without_escapes(field).into_owned()).collect()
            }
            false => fields,
        })
    }
}

/// Said of the rows of a table without names of columns.
const NO_HEADER: &str = "the first row is no header but a record, so nothing says which \
    field is the text: name the columns with --columns, or map them by number, --map text=3";

fn trim_return(row: &mut Vec<u8>) {
    while row.last() == Some(&b'\r') {
        row.pop();
    }
}

/// The fields of a row, as RFC 4180 has them.
fn parsed(parser: &mut csv_core::Reader, mut input: &[u8]) -> Vec<String> {
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
    fields.collect()
}
