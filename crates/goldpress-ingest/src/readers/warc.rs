//! WARC 1.0 and 1.1 and the drafts before: what archiving crawlers write, plain or
//! compressed by record.
//!
//! `response`, `resource` and `conversion` records hold documents; all others are counted
//! apart, but for continuations of records that are not here. A record whose length is
//! wrong is cut or drawn out to where the next begins.
//!
//! # Source
//!
//! ISO 28500:2017, and its drafts 0.17 and 0.18, whose heads are the same; the traps are
//! those of real archives. Up to 0.10 a head was one line, which is refused.

use std::{io, path::Path};

use goldpress_model::{RawDocument, Reject, RejectReason};

use super::{
    Input, Reader, document, lost,
    revisits::Revisits,
    segments::{Joined, Segmented, Segments},
    typed::typed,
};
use crate::{
    Item, Options,
    compression::reason_of,
    cursor::LineEnd,
    dates,
    http::{self, Headers},
    record::{Refusal, reject},
};

/// Bytes of a version line that tell a record: `WARC/1.`.
const MAGIC_BYTES: usize = 7;
/// Longest header line, and most header lines, of a record.
const LINE_BYTES: usize = 64 * 1024;
const MAX_LINES: usize = 1000;

pub(super) struct Warc;

impl Reader for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        begins_record(head.trim_ascii_start())
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        Box::new(Records {
            input,
            options,
            record: 0,
            is_done: false,
            pending: None,
            ready: None,
            revisits: Revisits::default(),
            segments: Segments::default(),
        })
    }
}

struct Records<'a> {
    input: Input<'a>,
    options: &'a Options,
    record: u64,
    is_done: bool,
    /// What broke behind a record that is whole itself: the next item says so.
    pending: Option<io::Error>,
    /// A record of several segments that became whole.
    ready: Option<Item>,
    revisits: Revisits,
    segments: Segments,
}

/// What reading a record led to.
enum Step {
    Item(Item),
    /// A first segment that waits for the others.
    Held,
    End,
}

/// How far the block of a record could be read.
enum Block {
    Whole(Vec<u8>),
    /// Over the limit; passed over.
    TooLarge(u64),
    /// The input ended or broke.
    Cut(Vec<u8>, Refusal),
}

impl Iterator for Records<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if self.ready.is_some() {
                return self.ready.take();
            }
            if self.is_done {
                let cut = self.segments.unfinished()?;
                return Some(self.whole(cut));
            }
            let next = match self.pending.take() {
                Some(error) => Err(error),
                None => self.record(),
            };
            match next {
                Ok(Step::Item(item)) => return Some(item),
                Ok(Step::Held) => {}
                Ok(Step::End) => self.is_done = true,
                Err(error) => {
                    // Broken between two records: say so and look for the next.
                    self.record += 1;
                    let reject = lost(&self.input, self.record, &error);
                    self.is_done = reject.reason == RejectReason::Unreadable;
                    return Some(Item::Reject(reject));
                }
            }
        }
    }
}

impl Records<'_> {
    fn record(&mut self) -> io::Result<Step> {
        let Some((start, version)) = self.version_line()? else { return Ok(Step::End) };
        self.record += 1;
        let mut raw = document(self.input.origin(self.record, start), Vec::new(), "");
        if !begins_record(&version) {
            raw.bytes = version;
            return Ok(Step::Item(self.stray(raw)));
        }
        if let Some(reject) = self.head_of_one_line(&version, &mut raw) {
            return Ok(Step::Item(reject));
        }
        let refused = |raw: &RawDocument, reason, detail: String| {
            Ok(Step::Item(Item::Reject(reject(raw, reason, detail))))
        };
        let headers = match self.headers() {
            Ok(Some(headers)) => headers,
            Ok(None) => {
                let what = "the input ends inside the header of a record".to_owned();
                return refused(&raw, RejectReason::Truncated, what);
            }
            Err(error) => {
                let why = reason_of(&error);
                return refused(&raw, why.reason, why.detail);
            }
        };
        let kind = headers.get("warc-type").unwrap_or("").to_ascii_lowercase();
        // Drafts called the address that of the subject.
        let address =
            headers.get("warc-target-uri").or_else(|| headers.get("warc-subject-uri"));
        let address = address.map(|uri| uri.trim_matches(['<', '>']));
        raw.url = address.filter(|uri| !uri.is_empty()).map(str::to_owned);
        raw.fetched_at_us = headers.get("warc-date").and_then(dates::micros);
        raw.truncated = headers.get("warc-truncated").is_some();
        let Some(len) = headers.get("content-length").and_then(|len| len.parse().ok())
        else {
            self.draw_out(&mut raw.bytes);
            let what = "the record states no `Content-Length`".to_owned();
            return refused(&raw, RejectReason::BrokenRecord, what);
        };
        let block = self.block(len);
        Ok(self.step(kind, headers, raw, block))
    }

    /// What becomes of a record with its block.
    fn step(
        &mut self,
        kind: String,
        headers: Headers,
        mut raw: RawDocument,
        block: Block,
    ) -> Step {
        const HOLD_DOCUMENTS: &[&str] =
            &["response", "resource", "conversion", "revisit", "continuation", ""];
        if !HOLD_DOCUMENTS.contains(&kind.as_str()) && !matches!(block, Block::Cut(..)) {
            return Step::Item(Item::Apart(kind));
        }
        Step::Item(match block {
            Block::Whole(bytes) if kind == "continuation" => {
                self.continuation(&headers, raw, bytes)
            }
            Block::Whole(bytes) if Segments::is_first(&headers, bytes.len()) => {
                match self.segments.hold(kind, headers, raw, bytes) {
                    Some(cut) => self.whole(cut),
                    None => return Step::Held,
                }
            }
            Block::Whole(bytes) => self.item(&kind, &headers, raw, bytes),
            Block::TooLarge(n_bytes) => {
                Item::Reject(over_limit(&raw, n_bytes, self.options.limits.record_bytes))
            }
            Block::Cut(bytes, why) => {
                raw.bytes = bytes;
                Item::Reject(reject(&raw, why.reason, why.detail))
            }
        })
    }

    /// Joins a segment to its record. It is counted apart, for the record is one row.
    fn continuation(
        &mut self,
        headers: &Headers,
        mut raw: RawDocument,
        block: Vec<u8>,
    ) -> Item {
        let limit = self.options.limits.record_bytes;
        match self.segments.join(headers, raw.url.as_deref(), &block, limit) {
            Joined::Held => {}
            Joined::Whole(whole) => self.ready = Some(self.whole(*whole)),
            Joined::TooLarge(whole) => {
                let n_bytes = (whole.block.len() + block.len()) as u64;
                self.ready = Some(Item::Reject(over_limit(&whole.raw, n_bytes, limit)));
            }
            Joined::Lost(what) => {
                raw.bytes = block;
                return Item::Reject(reject(&raw, RejectReason::Truncated, what));
            }
        }
        Item::Apart("continuation".to_owned())
    }

    /// Makes an item of a record of several segments.
    fn whole(&mut self, whole: Segmented) -> Item {
        self.item(&whole.kind, &whole.headers, whole.raw, whole.block)
    }

    /// A reject, where the head of a record is one line of words, as before draft 0.12.
    fn head_of_one_line(
        &mut self,
        version: &[u8],
        raw: &mut RawDocument,
    ) -> Option<Item> {
        let line = String::from_utf8_lossy(version);
        let mut words = line.split_whitespace();
        let version = words.next().unwrap_or("").to_owned();
        words.next()?;
        raw.bytes = line.as_bytes().to_vec();
        self.draw_out(&mut raw.bytes);
        let what = format!(
            "`{}` with heads of one line is not read: rewrite the archive as WARC/1.0",
            version.escape_debug()
        );
        Some(Item::Reject(reject(raw, RejectReason::Unsupported, what)))
    }

    /// The first line that is not blank, and where it begins.
    fn version_line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        loop {
            let start = self.input.cursor.offset();
            let mut line = Vec::new();
            let end = self.input.cursor.line(LINE_BYTES, &mut line)?;
            if !line.trim_ascii().is_empty() {
                return Ok(Some((start, line)));
            }
            if end == LineEnd::Input {
                return Ok(None);
            }
        }
    }

    /// Bytes where a record should begin: all up to the next one that does.
    fn stray(&mut self, mut raw: RawDocument) -> Item {
        raw.bytes.push(b'\n');
        let found = String::from_utf8_lossy(&raw.bytes[..raw.bytes.len().min(40)]);
        let what = format!("expected `WARC/1.`, found `{}`", found.trim().escape_debug());
        self.draw_out(&mut raw.bytes);
        Item::Reject(reject(&raw, RejectReason::BrokenRecord, what))
    }

    /// Header lines up to the blank one; `None` where the input ends before.
    fn headers(&mut self) -> io::Result<Option<Headers>> {
        let mut headers = Headers::default();
        for _ in 0..MAX_LINES {
            let mut line = Vec::new();
            let end = self.input.cursor.line(LINE_BYTES, &mut line)?;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            if line.is_empty() && end == LineEnd::LineFeed {
                return Ok(Some(headers));
            }
            headers.push(line);
            if end == LineEnd::Input {
                return Ok(None);
            }
        }
        Ok(Some(headers))
    }

    /// Reads the block of a record and sees that the next record begins behind it.
    fn block(&mut self, len: u64) -> Block {
        let limit = self.options.limits.record_bytes;
        let Some(len) = usize::try_from(len).ok().filter(|len| *len <= limit) else {
            return match self.input.cursor.skip(len) {
                Ok(n_bytes) if n_bytes < len => {
                    let what = format!("the record states {len} bytes and has {n_bytes}");
                    Block::Cut(Vec::new(), Refusal::new(RejectReason::Truncated, what))
                }
                Ok(n_bytes) => Block::TooLarge(n_bytes),
                Err(error) => Block::Cut(Vec::new(), reason_of(&error)),
            };
        };
        let mut bytes = Vec::new();
        let end = self.input.cursor.take(len, &mut bytes);
        let mut trailer = Vec::new();
        match end {
            Err(error) => return Block::Cut(bytes, reason_of(&error)),
            Ok(n) if n == len => match self.is_at_edge(&mut trailer) {
                Ok(true) => return Block::Whole(bytes),
                Ok(false) => {}
                Err(error) => {
                    self.pending = Some(error);
                    return Block::Whole(bytes);
                }
            },
            Ok(_) => {}
        }
        self.input.cursor.unread(&trailer);
        // The length is wrong. Too long: the next record begins inside the block.
        if let Some(at) = next_record(&bytes) {
            let rest = bytes.split_off(at);
            self.input.cursor.unread(&rest);
            return Block::Whole(trimmed(bytes));
        }
        if bytes.len() < len {
            let what = format!("the record states {len} bytes and has {}", bytes.len());
            return Block::Cut(bytes, Refusal::new(RejectReason::Truncated, what));
        }
        // Too short: the block goes on.
        self.draw_out(&mut bytes);
        if bytes.len() > limit {
            return Block::TooLarge(bytes.len() as u64);
        }
        Block::Whole(trimmed(bytes))
    }

    /// Passes over the two line ends behind a block; whether a record or nothing follows.
    fn is_at_edge(&mut self, trailer: &mut Vec<u8>) -> io::Result<bool> {
        for _ in 0..4 {
            match self.input.cursor.peek()?.first() {
                Some(b'\r' | b'\n') => self.input.cursor.take(1, trailer)?,
                _ => break,
            };
        }
        let before = trailer.len();
        self.input.cursor.take(MAGIC_BYTES, trailer)?;
        let next = trailer.split_off(before);
        self.input.cursor.unread(&next);
        Ok(next.is_empty() || begins_record(&next))
    }

    /// Appends lines up to the one that begins the next record; what goes over the limit
    /// is passed over.
    fn draw_out(&mut self, bytes: &mut Vec<u8>) {
        let limit = self.options.limits.record_bytes;
        loop {
            let mut line = Vec::new();
            let end = match self.input.cursor.line(LINE_BYTES, &mut line) {
                Ok(end) => end,
                Err(error) => {
                    self.pending = Some(error);
                    return;
                }
            };
            if begins_record(&line) && end == LineEnd::LineFeed {
                line.push(b'\n');
                self.input.cursor.unread(&line);
                return;
            }
            if end == LineEnd::LineFeed {
                line.push(b'\n');
            }
            if bytes.len() <= limit {
                bytes.extend_from_slice(&line);
            }
            if end == LineEnd::Input {
                return;
            }
        }
    }

    /// Makes an item of a whole block.
    fn item(
        &mut self,
        kind: &str,
        headers: &Headers,
        mut raw: RawDocument,
        block: Vec<u8>,
    ) -> Item {
        let stated = headers.get("content-type").unwrap_or("");
        let (block_type, block_charset) = http::media_type(stated);
        if kind.is_empty() {
            raw.bytes = block;
            let what = "the record states no `WARC-Type`";
            return Item::Reject(reject(&raw, RejectReason::BrokenRecord, what));
        }
        if kind == "revisit" {
            let Some(page) = self.revisits.find(headers) else {
                raw.bytes = block;
                let what = "the record points to a page that is not here";
                return Item::Reject(reject(&raw, RejectReason::Revisit, what));
            };
            // The page as it was, at the address and time of this visit.
            let page = page.clone();
            return typed(RawDocument {
                origin: raw.origin,
                url: raw.url,
                fetched_at_us: raw.fetched_at_us,
                ..page
            });
        }
        if kind != "response" || block_type != "application/http" {
            raw.bytes = block;
            (raw.media_type, raw.charset_declared) = (block_type, block_charset);
            return typed(raw);
        }
        let n_block = block.len() as u64;
        let answer = match http::answer(block, &self.options.limits) {
            Ok(answer) => answer,
            Err(why) => {
                let mut reject = reject(&raw, why.reason, why.detail);
                reject.n_bytes = n_block;
                return Item::Reject(reject);
            }
        };
        raw.http_status = answer.status;
        let stated = answer.headers.get("content-type").unwrap_or("");
        (raw.media_type, raw.charset_declared) = http::media_type(stated);
        raw.bytes = answer.body;
        raw.truncated |= answer.is_cut;
        if let Some(status) = answer.status.filter(|status| *status != 200) {
            let what = format!("the server answered {status}");
            return Item::Reject(reject(&raw, RejectReason::HttpStatus, what));
        }
        self.revisits.keep(headers, &raw);
        typed(raw)
    }
}

/// Without the line ends that part two records.
fn trimmed(mut bytes: Vec<u8>) -> Vec<u8> {
    for _ in 0..2 {
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
    }
    bytes
}

/// Whether bytes begin as the version line of a record does: `WARC/1.0`, `WARC/0.18`.
fn begins_record(bytes: &[u8]) -> bool {
    let Some(head) = bytes.get(..MAGIC_BYTES) else { return false };
    head[..5].eq_ignore_ascii_case(b"WARC/")
        && head[5].is_ascii_digit()
        && head[6] == b'.'
}

/// Where the next record begins inside a block that is too long: behind a blank line, with
/// a version and nothing else on its line.
fn next_record(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, b"WARC/").find(|at| {
        let before = &bytes[..*at];
        let follows_blank =
            before.ends_with(b"\r\n\r\n") || before.ends_with(b"\n\n") || *at == 0;
        let line = bytes[*at..].split(|byte| *byte == b'\n').next().unwrap_or(b"");
        let version = line.strip_suffix(b"\r").unwrap_or(line).get(MAGIC_BYTES..);
        let is_version = version.is_some_and(|digits| {
            (1..=2).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
        });
        follows_blank
            && begins_record(&bytes[*at..])
            && is_version
            && line.len() < bytes.len() - at
    })
}

fn over_limit(raw: &RawDocument, n_bytes: u64, limit: usize) -> Reject {
    let what = format!("the record has {n_bytes} bytes, the limit is {limit}");
    let mut reject = reject(raw, RejectReason::TooLarge, what);
    reject.n_bytes = n_bytes;
    reject
}
