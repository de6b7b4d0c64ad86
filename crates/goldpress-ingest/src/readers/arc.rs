//! ARC 1: what the Internet Archive's crawlers wrote before WARC.
//!
//! # Source
//!
//! "Arc File Format" of the Internet Archive (1996): a line with address, IP address,
//! date, media type and length, then as many bytes.

use std::{io, path::Path};

use goldpress_model::RejectReason;

use super::{Input, Reader, document, lost, typed::typed};
use crate::{
    Item, Options,
    cursor::LineEnd,
    dates, http,
    record::{Refusal, reject},
};

/// What every file begins with: the record that describes it.
const MAGIC: &[u8] = b"filedesc://";
/// Longest header line.
const LINE_BYTES: usize = 64 * 1024;

pub(super) struct Arc;

impl Reader for Arc {
    fn name(&self) -> &'static str {
        "arc"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        head.starts_with(MAGIC)
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        Box::new(Records { input, options, record: 0, is_done: false })
    }
}

struct Records<'a> {
    input: Input<'a>,
    options: &'a Options,
    record: u64,
    is_done: bool,
}

/// The line before a record.
struct Head {
    url: String,
    fetched_at_us: Option<i64>,
    media_type: String,
    len: u64,
}

impl Iterator for Records<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.is_done {
            return None;
        }
        self.record().unwrap_or_else(|error| {
            self.record += 1;
            let reject = lost(&self.input, self.record, &error);
            self.is_done = reject.reason == RejectReason::Unreadable;
            Some(Item::Reject(reject))
        })
    }
}

impl Records<'_> {
    fn record(&mut self) -> io::Result<Option<Item>> {
        let (start, line) = loop {
            let start = self.input.cursor.offset();
            let mut line = Vec::new();
            let end = self.input.cursor.line(LINE_BYTES, &mut line)?;
            if !line.trim_ascii().is_empty() {
                break (start, line);
            }
            if end == LineEnd::Input {
                self.is_done = true;
                return Ok(None);
            }
        };
        self.record += 1;
        let mut raw = document(self.input.origin(self.record, start), Vec::new(), "");
        let Some(head) = head_of(&line) else {
            raw.bytes = line;
            self.draw_out(&mut raw.bytes)?;
            let what = "a line describes no record";
            return Ok(Some(Item::Reject(reject(
                &raw,
                RejectReason::BrokenRecord,
                what,
            ))));
        };
        raw.fetched_at_us = head.fetched_at_us;
        let limit = self.options.limits.record_bytes as u64;
        if head.len > limit {
            raw.url = Some(head.url);
            let n = self.input.cursor.skip(head.len)?;
            let what = format!("the record has {n} bytes, the limit is {limit}");
            return Ok(Some(Item::Reject(reject(&raw, RejectReason::TooLarge, what))));
        }
        let len = usize::try_from(head.len).expect("it is below the limit");
        self.input.cursor.take(len, &mut raw.bytes)?;
        if raw.bytes.len() < len {
            self.is_done = true;
            let what =
                format!("the record states {len} bytes and has {}", raw.bytes.len());
            return Ok(Some(Item::Reject(reject(&raw, RejectReason::Truncated, what))));
        }
        if head.url.as_bytes().starts_with(MAGIC) {
            return Ok(Some(Item::Apart("filedesc".to_owned())));
        }
        let is_http = head.url.starts_with("http");
        raw.url = Some(head.url);
        raw.media_type = head.media_type;
        if !is_http {
            return Ok(Some(typed(raw)));
        }
        let answer =
            match http::answer(std::mem::take(&mut raw.bytes), &self.options.limits) {
                Ok(answer) => answer,
                Err(Refusal { reason, detail }) => {
                    return Ok(Some(Item::Reject(reject(&raw, reason, detail))));
                }
            };
        raw.http_status = answer.status;
        if let Some(stated) = answer.headers.get("content-type") {
            (raw.media_type, raw.charset_declared) = http::media_type(stated);
        }
        raw.bytes = answer.body;
        raw.truncated |= answer.is_cut;
        Ok(Some(match answer.status {
            Some(200) | None => typed(raw),
            Some(status) => {
                let what = format!("the server answered {status}");
                Item::Reject(reject(&raw, RejectReason::HttpStatus, what))
            }
        }))
    }

    /// Passes over lines up to one that describes a record.
    fn draw_out(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let mut line = Vec::new();
            let end = self.input.cursor.line(LINE_BYTES, &mut line)?;
            if end == LineEnd::LineFeed && head_of(&line).is_some() {
                line.push(b'\n');
                self.input.cursor.unread(&line);
                return Ok(());
            }
            if bytes.len() < self.options.limits.record_bytes {
                bytes.push(b'\n');
                bytes.extend_from_slice(&line);
            }
            if end == LineEnd::Input {
                return Ok(());
            }
        }
    }
}

/// `http://a.example/ 192.0.2.1 20010203040506 text/html 1234`; version 2 has more words
/// before the length.
fn head_of(line: &[u8]) -> Option<Head> {
    let line = str::from_utf8(line).ok()?.trim_end();
    let words: Vec<&str> = line.split(' ').collect();
    if words.len() < 5 || !words[0].contains("://") && !words[0].starts_with("dns:") {
        return None;
    }
    let date =
        words[2].get(..14).filter(|date| date.bytes().all(|b| b.is_ascii_digit()))?;
    let iso = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..8],
        &date[8..10],
        &date[10..12],
        &date[12..]
    );
    Some(Head {
        url: words[0].to_owned(),
        fetched_at_us: dates::micros(&iso),
        media_type: http::media_type(words[3]).0,
        len: words.last()?.parse().ok()?,
    })
}
