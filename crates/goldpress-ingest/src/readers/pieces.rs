//! Documents of many articles, read a stretch of whole records at a time.
//!
//! The limit holds for a record, not for the file: behind so many bytes the document is cut
//! where a record ends, and goes on behind its own head. A record that has no end within the
//! limit is passed over, and is one reject.

use std::vec;

use goldpress_model::{RawDocument, RejectReason};
use goldpress_text::{Declared, decode};
use regex::bytes::Regex;

use super::{Input, document, too_large};
use crate::{
    Item, Options,
    compression::reason_of,
    record::{Refusal, reject},
};

/// Bytes of what stands before the first record that go before each stretch.
const MAX_HEAD: usize = 1 << 20;
/// Bytes read at a time while a record is passed over.
const STEP: usize = 1 << 16;
/// Bytes that the end of a record may have.
const MAX_TAG: usize = 256;

/// What makes items of the text of a document.
type Read<'a> = Box<dyn FnMut(&str, &RawDocument) -> Vec<Item> + 'a>;

/// A document, and how its records are told apart.
pub(crate) struct Pieces<'a> {
    input: Input<'a>,
    media_type: &'static str,
    declared: Declared<'static>,
    limit: usize,
    /// Said where there is no record.
    nothing: String,
    /// Where a record begins and ends.
    opens: Regex,
    closes: Regex,
    read: Read<'a>,
    /// What stands before the first record; empty before the first stretch.
    head: Vec<u8>,
    /// Read already, and where it stands.
    carried: Vec<u8>,
    offset: u64,
    /// Records so far.
    n_records: u64,
    is_done: bool,
    ready: vec::IntoIter<Item>,
}

/// How a format says what it is and where its records are.
pub(crate) struct Kind<'n> {
    pub(crate) media_type: &'static str,
    pub(crate) declared: Declared<'static>,
    /// Names of the elements that are one record each, without prefix.
    pub(crate) records: &'n [&'n str],
}

impl<'a> Pieces<'a> {
    /// The items that `read` makes of the text of an input, or a reject that says `nothing`
    /// was in it.
    pub(crate) fn of(
        input: Input<'a>,
        kind: &Kind<'_>,
        options: &Options,
        nothing: &str,
        read: impl FnMut(&str, &RawDocument) -> Vec<Item> + 'a,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let names: Vec<String> =
            kind.records.iter().map(|name| regex::escape(name)).collect();
        let names = names.join("|");
        let pattern = |before: &str, after: &str| {
            let pattern = format!("(?i-u){before}(?:[a-z0-9_.-]+:)?(?:{names}){after}");
            Regex::new(&pattern).expect("names are escaped")
        };
        Box::new(Pieces {
            input,
            media_type: kind.media_type,
            declared: kind.declared,
            limit: options.limits.record_bytes,
            nothing: nothing.to_owned(),
            opens: pattern("<", r"[\s/>]"),
            closes: pattern("</", r"\s*>"),
            read: Box::new(read),
            head: Vec::new(),
            carried: Vec::new(),
            offset: 0,
            n_records: 0,
            is_done: false,
            ready: Vec::new().into_iter(),
        })
    }

    /// The items of the next stretch.
    fn step(&mut self) -> Vec<Item> {
        let mut bytes = std::mem::take(&mut self.carried);
        let wanted = self.limit.saturating_sub(bytes.len());
        let taken = self.input.cursor.take(wanted, &mut bytes);
        let ends = taken.and_then(|_| Ok(self.input.cursor.peek()?.is_empty()));
        if matches!(ends, Ok(true)) {
            self.is_done = true;
            return self.items(bytes);
        }
        let Some(end) = self.closes.find_iter(&bytes).last().map(|found| found.end())
        else {
            return self.without_end(bytes, ends.err());
        };
        if self.head.is_empty() {
            let first = self.opens.find(&bytes).map_or(0, |found| found.start());
            self.head = bytes[..first.min(MAX_HEAD)].to_vec();
        }
        let rest = bytes.split_off(end);
        let mut items = self.items(bytes);
        self.offset += end as u64;
        match ends {
            Ok(_) => self.carried = rest,
            Err(error) => items.extend(self.without_end(rest, Some(error))),
        }
        items
    }

    /// The items of whole records, which begin at `offset`.
    fn items(&mut self, bytes: Vec<u8>) -> Vec<Item> {
        let n_head = if self.offset > 0 { self.head.len() } else { 0 };
        let bytes = if n_head > 0 { [&self.head[..], &bytes].concat() } else { bytes };
        let raw = document(self.input.origin(1, 0), bytes, self.media_type);
        let mut items = match decode(&raw.bytes, self.declared) {
            _ if raw.bytes.len() == n_head => Vec::new(),
            Ok(decoded) => {
                let mut items = (self.read)(&decoded.text, &raw);
                for item in &mut items {
                    if let Item::Record(record) = item {
                        record.flaws.clone_from(&decoded.flaws);
                    }
                }
                items
            }
            Err(error) => {
                let what = error.to_string();
                vec![Item::Reject(reject(&raw, RejectReason::Undecodable, what))]
            }
        };
        for item in &mut items {
            self.put_in_place(item, n_head as u64);
        }
        self.n_records += items.len() as u64;
        if self.is_done && self.n_records == 0 {
            let reject = reject(&raw, RejectReason::NoText, self.nothing.as_str());
            items.push(Item::Reject(reject));
        }
        items
    }

    /// Counts an item from the beginning of the file.
    fn put_in_place(&self, item: &mut Item, n_head: u64) {
        let place = |at: u64| at.saturating_sub(n_head).saturating_add(self.offset);
        match item {
            Item::Record(record) => {
                let origin = &mut record.raw.origin;
                origin.record += self.n_records;
                origin.byte_offset = place(origin.byte_offset);
            }
            Item::Reject(reject) => {
                reject.record = reject.record.map(|n| n + self.n_records);
                reject.byte_offset = reject.byte_offset.map(place);
            }
            Item::Apart(_) => {}
        }
    }

    /// Bytes in which no record ends: the one that begins there is lost, and passed over.
    fn without_end(
        &mut self,
        bytes: Vec<u8>,
        error: Option<std::io::Error>,
    ) -> Vec<Item> {
        let begin = self.opens.find(&bytes).map(|found| found.start());
        let place = self.offset + begin.unwrap_or(0) as u64;
        let origin = self.input.origin(self.n_records + 1, place);
        self.n_records += 1;
        let lost = bytes[begin.unwrap_or(0)..].to_vec();
        let raw = document(origin, lost, self.media_type);
        let mut why = match error {
            Some(error) => Err(reason_of(&error)),
            None => Ok(too_large(self.limit)),
        };
        if why.is_ok() && begin.is_some() {
            why = self.pass_over(bytes).map(|()| too_large(self.limit));
        } else {
            self.is_done = true;
        }
        let (Ok(Refusal { reason, detail }) | Err(Refusal { reason, detail })) = why;
        vec![Item::Reject(reject(&raw, reason, detail))]
    }

    /// Goes behind the end of the record that stands open in `bytes`, or to the end of the
    /// input.
    fn pass_over(&mut self, mut bytes: Vec<u8>) -> Result<(), Refusal> {
        self.offset += bytes.len() as u64;
        loop {
            // An end may lie across two steps.
            let kept = bytes.split_off(bytes.len().saturating_sub(MAX_TAG));
            let n_kept = kept.len();
            bytes = kept;
            match self.input.cursor.take(STEP, &mut bytes) {
                Ok(0) => {
                    self.is_done = true;
                    return Ok(());
                }
                Ok(n) => self.offset += n as u64,
                Err(error) => {
                    self.is_done = true;
                    return Err(reason_of(&error));
                }
            }
            debug_assert!(bytes.len() >= n_kept);
            if let Some(found) = self.closes.find(&bytes) {
                self.carried = bytes.split_off(found.end());
                self.offset -= self.carried.len() as u64;
                return Ok(());
            }
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.next() {
                return Some(item);
            }
            if self.is_done {
                return None;
            }
            self.ready = self.step().into_iter();
        }
    }
}
