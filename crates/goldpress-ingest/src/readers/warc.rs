//! WARC 1.0 and 1.1: what archiving crawlers write, plain or compressed by record.
//!
//! `response`, `resource` and `conversion` records hold documents; all others are counted
//! apart. A record whose length is wrong is cut or drawn out to where the next begins.
//!
//! # Source
//!
//! ISO 28500:2017; the traps are those of real archives.

use std::{io, path::Path};

use goldpress_model::{RawDocument, RejectReason};

use super::{Input, Reader, document, foreign, html, lost, revisits::Revisits};
use crate::{
    Content, Item, Options, Record,
    compression::reason_of,
    cursor::LineEnd,
    dates,
    http::{self, Headers},
    record::{Refusal, reject},
};

/// What every record begins with.
const MAGIC: &[u8] = b"WARC/1.";
/// Longest header line, and most header lines, of a record.
const LINE_BYTES: usize = 64 * 1024;
const MAX_LINES: usize = 1000;

pub(super) struct Warc;

impl Reader for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        head.trim_ascii_start().starts_with(MAGIC)
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
            revisits: Revisits::default(),
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
    revisits: Revisits,
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
        if self.is_done {
            return None;
        }
        let next = match self.pending.take() {
            Some(error) => Err(error),
            None => self.record(),
        };
        match next {
            Ok(item) => item,
            Err(error) => {
                // Broken between two records: say so and look for the next.
                self.record += 1;
                let reject = lost(&self.input, self.record, &error);
                self.is_done = reject.reason == RejectReason::Unreadable;
                Some(Item::Reject(reject))
            }
        }
    }
}

impl Records<'_> {
    fn record(&mut self) -> io::Result<Option<Item>> {
        let (start, version) = match self.version_line()? {
            Some(found) => found,
            None => {
                self.is_done = true;
                return Ok(None);
            }
        };
        self.record += 1;
        let mut raw = document(self.input.origin(self.record, start), Vec::new(), "");
        if !version.starts_with(MAGIC) {
            raw.bytes = version;
            return Ok(Some(self.stray(raw)));
        }
        let headers = match self.headers() {
            Ok(Some(headers)) => headers,
            Ok(None) => {
                let what = "the input ends inside the header of a record";
                return Ok(Some(Item::Reject(reject(
                    &raw,
                    RejectReason::Truncated,
                    what,
                ))));
            }
            Err(error) => {
                let why = reason_of(&error);
                return Ok(Some(Item::Reject(reject(&raw, why.reason, why.detail))));
            }
        };
        let kind = headers.get("warc-type").unwrap_or("").to_ascii_lowercase();
        let address =
            headers.get("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']));
        raw.url = address.filter(|uri| !uri.is_empty()).map(str::to_owned);
        raw.fetched_at_us = headers.get("warc-date").and_then(dates::micros);
        raw.truncated = headers.get("warc-truncated").is_some();
        let Some(len) = headers.get("content-length").and_then(|len| len.parse().ok())
        else {
            let what = "the record states no `Content-Length`".to_owned();
            self.draw_out(&mut raw.bytes);
            return Ok(Some(Item::Reject(reject(
                &raw,
                RejectReason::BrokenRecord,
                what,
            ))));
        };
        let block = self.block(len);
        let has_document = ["response", "resource", "conversion", "revisit"];
        if !kind.is_empty()
            && !has_document.contains(&kind.as_str())
            && !matches!(block, Block::Cut(..))
        {
            return Ok(Some(Item::Apart(kind)));
        }
        Ok(Some(match block {
            Block::Whole(bytes) => self.item(&kind, &headers, raw, bytes),
            Block::TooLarge(n_bytes) => {
                let limit = self.options.limits.record_bytes;
                let what =
                    format!("the record has {n_bytes} bytes, the limit is {limit}");
                let mut reject = reject(&raw, RejectReason::TooLarge, what);
                reject.n_bytes = n_bytes;
                Item::Reject(reject)
            }
            Block::Cut(bytes, why) => {
                raw.bytes = bytes;
                Item::Reject(reject(&raw, why.reason, why.detail))
            }
        }))
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
        self.input.cursor.take(MAGIC.len(), trailer)?;
        let next = trailer.split_off(before);
        self.input.cursor.unread(&next);
        Ok(next.is_empty() || next == MAGIC)
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
            if line.starts_with(MAGIC) && end == LineEnd::LineFeed {
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

/// Where the next record begins inside a block that is too long.
fn next_record(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, MAGIC).find(|at| {
        let follows_blank = bytes[..*at].ends_with(b"\r\n\r\n") || *at == 0;
        let rest = &bytes[at + MAGIC.len()..];
        follows_blank && rest.starts_with(b"0\r\n") | rest.starts_with(b"1\r\n")
    })
}

/// A record of a document by its media type; by its bytes where that says nothing.
pub(super) fn typed(mut raw: RawDocument) -> Item {
    if raw.bytes.is_empty() {
        return Item::Reject(reject(
            &raw,
            RejectReason::Empty,
            "the record has no bytes",
        ));
    }
    let head = &raw.bytes[..raw.bytes.len().min(super::HEAD_BYTES)];
    let content = match raw.media_type.as_str() {
        "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml" => {
            Some(Content::Markup)
        }
        "text/plain" if html::is_page(head) => Some(Content::Markup),
        "text/plain" => Some(Content::Text),
        "" | "application/octet-stream" | "unk" | "unknown" | "text/*" | "*/*" => {
            let kind = foreign(head);
            let (content, media_type) = match kind {
                Some(kind) => (None, kind),
                None if html::is_page(head) => (Some(Content::Markup), "text/html"),
                None => (Some(Content::Text), "text/plain"),
            };
            media_type.clone_into(&mut raw.media_type);
            content
        }
        _ => None,
    };
    match content {
        Some(content) => Item::Record(Box::new(Record::plain(raw, content))),
        None => {
            let what = format!("`{}` is no text that can be read", raw.media_type);
            Item::Reject(reject(&raw, RejectReason::Unsupported, what))
        }
    }
}
