//! MHTML: a page that a browser saved with its pictures in one file.
//!
//! # Source
//!
//! RFC 2557; of all parts the first page is taken, which is the one that was saved.

use std::path::Path;

use base64::Engine;
use goldpress_model::{RawDocument, RejectReason};

use super::{Input, Reader, head_text};
use crate::{
    Content, Item, Options, Record, dates,
    http::{self, Headers},
    record::{Refusal, reject},
};

pub(super) struct Mhtml;

impl Reader for Mhtml {
    fn name(&self) -> &'static str {
        "mhtml"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        let header = text.split("\r\n\r\n").next().unwrap_or("");
        let header = header.split("\n\n").next().unwrap_or("");
        header.contains("mime-version:") && header.contains("multipart/related")
    }

    fn records<'a>(
        &self,
        mut input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let (mut raw, refusal) = input.document("multipart/related", options);
        let result = match refusal {
            Some(why) => Err(why),
            None => page_of(&mut raw),
        };
        Box::new(std::iter::once(match result {
            Ok(()) => Item::Record(Box::new(Record::plain(raw, Content::Markup))),
            Err(why) => Item::Reject(reject(&raw, why.reason, why.detail)),
        }))
    }
}

/// Puts the first page in place of the whole.
fn page_of(raw: &mut RawDocument) -> Result<(), Refusal> {
    let broken = |what: &str| Refusal::new(RejectReason::BrokenRecord, what);
    let (headers, body) = split(&raw.bytes);
    let boundary = headers
        .get("content-type")
        .and_then(|value| parameter(value, "boundary"))
        .ok_or_else(|| broken("the message states no boundary"))?;
    let edge = format!("--{boundary}");
    let edges: Vec<usize> = memchr::memmem::find_iter(body, edge.as_bytes())
        .filter(|at| *at == 0 || body[at - 1] == b'\n')
        .collect();
    for (n, at) in edges.iter().enumerate() {
        let end = edges.get(n + 1).copied().unwrap_or(body.len());
        let part = &body[at + edge.len()..end];
        // The rest of the line of the boundary.
        let line = memchr::memchr(b'\n', part).map_or(part.len(), |at| at + 1);
        let (inner, content) = split(&part[line..]);
        let (kind, charset) = http::media_type(inner.get("content-type").unwrap_or(""));
        if kind != "text/html" && kind != "application/xhtml+xml" {
            continue;
        }
        let bytes = undo_coding(content, inner.get("content-transfer-encoding"))
            .ok_or_else(|| broken("the page is coded in a way that breaks its rules"))?;
        let address = inner
            .get("content-location")
            .or_else(|| headers.get("snapshot-content-location"));
        raw.url = address.map(str::to_owned);
        raw.fetched_at_us = headers.get("date").and_then(dates::micros);
        raw.media_type = kind;
        raw.charset_declared = charset;
        raw.bytes = bytes;
        return Ok(());
    }
    Err(Refusal::new(RejectReason::NoText, "the message holds no page"))
}

/// Header lines and what follows the blank line behind them.
fn split(message: &[u8]) -> (Headers, &[u8]) {
    let mut headers = Headers::default();
    let mut rest = message;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = &rest[end + 1..];
        if line.is_empty() {
            return (headers, rest);
        }
        headers.push(line);
    }
    (headers, rest)
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (key.trim().eq_ignore_ascii_case(name) && !value.is_empty())
            .then(|| value.to_owned())
    })
}

fn undo_coding(bytes: &[u8], coding: Option<&str>) -> Option<Vec<u8>> {
    match coding.unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => {
            quoted_printable::decode(bytes, quoted_printable::ParseMode::Robust).ok()
        }
        "base64" => {
            let is_code = |byte: &u8| !byte.is_ascii_whitespace();
            let code: Vec<u8> = bytes.iter().copied().filter(is_code).collect();
            base64::engine::general_purpose::STANDARD.decode(code).ok()
        }
        _ => Some(bytes.to_vec()),
    }
}
