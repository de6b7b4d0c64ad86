//! MHTML: a page that a browser saved with its pictures in one file.
//!
//! # Source
//!
//! RFC 2557; of all parts the page is taken that the message says is its start, else the one
//! at the address that was saved, else the first.

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

/// Parts inside parts that are still looked at: a page beside its plain text, in a message.
const MAX_NESTING: usize = 3;

/// A part that is a page.
struct Part<'m> {
    headers: Headers,
    content: &'m [u8],
}

/// Puts the page that was saved in place of the whole.
fn page_of(raw: &mut RawDocument) -> Result<(), Refusal> {
    let broken = |what: &str| Refusal::new(RejectReason::BrokenRecord, what);
    let (headers, body) = split(&raw.bytes);
    if boundary_of(&headers).is_none() {
        return Err(broken("the message states no boundary"));
    }
    let mut pages = Vec::new();
    find_pages(&headers, body, 0, &mut pages);
    let saved = ["snapshot-content-location", "content-location", "content-base"];
    let saved = saved.iter().find_map(|name| headers.get(name));
    let start = headers.get("content-type").and_then(|value| parameter(value, "start"));
    let is_start = |page: &&Part<'_>| {
        let id = page.headers.get("content-id").map(bare);
        start.is_some() && id == start.as_deref().map(bare)
    };
    let is_saved = |page: &&Part<'_>| {
        saved.is_some() && page.headers.get("content-location") == saved
    };
    let page = pages.iter().find(is_start).or_else(|| pages.iter().find(is_saved));
    let Some(Part { headers: inner, content }) = page.or(pages.first()) else {
        return Err(Refusal::new(RejectReason::NoText, "the message holds no page"));
    };
    let bytes = undo_coding(content, inner.get("content-transfer-encoding"))
        .ok_or_else(|| broken("the page is coded in a way that breaks its rules"))?;
    let (kind, charset) = http::media_type(inner.get("content-type").unwrap_or(""));
    let own = inner.get("content-location").filter(|own| !own.starts_with("cid:"));
    raw.url = own.map(|own| address_of(own, saved)).or(saved.map(str::to_owned));
    raw.fetched_at_us = headers.get("date").and_then(dates::micros);
    raw.media_type = kind;
    raw.charset_declared = charset;
    raw.bytes = bytes;
    Ok(())
}

/// The pages among the parts of a message, in order, those of parts that have parts too.
fn find_pages<'m>(
    headers: &Headers,
    body: &'m [u8],
    nesting: usize,
    pages: &mut Vec<Part<'m>>,
) {
    let Some(boundary) = boundary_of(headers).filter(|_| nesting < MAX_NESTING) else {
        return;
    };
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
        let (kind, _) = http::media_type(inner.get("content-type").unwrap_or(""));
        if kind == "text/html" || kind == "application/xhtml+xml" {
            pages.push(Part { headers: inner, content });
        } else if kind.starts_with("multipart/") {
            find_pages(&inner, content, nesting + 1, pages);
        }
    }
}

fn boundary_of(headers: &Headers) -> Option<String> {
    headers.get("content-type").and_then(|value| parameter(value, "boundary"))
}

/// An id without its brackets.
fn bare(id: &str) -> &str {
    id.trim().trim_start_matches('<').trim_end_matches('>')
}

/// The address of a part, which may be relative to that of the message.
fn address_of(own: &str, saved: Option<&str>) -> String {
    let base = || saved.and_then(|saved| url::Url::parse(saved).ok());
    match url::Url::parse(own) {
        Err(url::ParseError::RelativeUrlWithoutBase) => base()
            .and_then(|base| base.join(own).ok())
            .map_or_else(|| own.to_owned(), String::from),
        _ => own.to_owned(),
    }
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

/// A parameter of a header; its value may be in quotation marks and hold semicolons.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        if key.trim().eq_ignore_ascii_case(name) && !value.trim().is_empty() {
            return Some(value.trim().to_owned());
        }
        rest = next.split_once(';')?.1;
    }
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
