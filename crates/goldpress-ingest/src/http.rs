//! HTTP messages inside archives: status, headers, and the body with its codings undone.
//!
//! What a header says of a body is believed only where the body bears it out: crawlers
//! store bodies that they decoded under the headers that they received.

use std::io::Read;

use goldpress_model::RejectReason;

use crate::{Limits, record::Refusal};

/// What a frame of Zstandard begins with.
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// An answer of a server.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Status, `None` where the status line is none.
    pub(crate) status: Option<u16>,
    pub(crate) headers: Headers,
    /// The body, codings undone.
    pub(crate) body: Vec<u8>,
    /// Whether the body ends inside a chunk or what was compressed.
    pub(crate) is_cut: bool,
}

/// Header lines in order, names in lower case.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    lines: Vec<(String, String)>,
    n_bytes: usize,
}

impl Headers {
    /// The first value of a header, by its name in lower case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.lines
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Adds a line; one that begins with white space goes on with the line before. Behind a
    /// thousand lines or a megabyte they are no headers that anybody sent.
    pub(crate) fn push(&mut self, line: &[u8]) {
        const MOST_LINES: usize = 1000;
        const MOST_BYTES: usize = 1 << 20;
        self.n_bytes = self.n_bytes.saturating_add(line.len());
        if self.lines.len() >= MOST_LINES || self.n_bytes > MOST_BYTES {
            return;
        }
        let line = String::from_utf8_lossy(line);
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = self.lines.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            self.lines.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
}

/// The media type without parameters, in lower case, and the charset parameter.
pub(crate) fn media_type(header: &str) -> (String, Option<String>) {
    let mut parts = header.split(';');
    let kind = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        let is_charset = name.trim().eq_ignore_ascii_case("charset") && !value.is_empty();
        is_charset.then(|| value.to_owned())
    });
    (kind, charset)
}

/// Reads an answer.
///
/// # Errors
///
/// The body is compressed and grows over a limit, or is broken.
pub(crate) fn answer(message: Vec<u8>, limits: &Limits) -> Result<Answer, Refusal> {
    let mut answer = Answer::default();
    let mut at = 0;
    let mut is_first = true;
    while let Some(len) = memchr::memchr(b'\n', &message[at..]) {
        let line = &message[at..at + len];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        at += len + 1;
        if is_first {
            answer.status = status(line);
            is_first = false;
            if answer.status.is_none() {
                return Err(no_status_line());
            }
        } else if line.is_empty() {
            break;
        } else {
            answer.headers.push(line);
        }
    }
    if is_first {
        return Err(no_status_line());
    }
    answer.body = message;
    answer.body.drain(..at);
    undo_codings(&mut answer, limits)?;
    Ok(answer)
}

fn no_status_line() -> Refusal {
    Refusal::new(RejectReason::BrokenRecord, "the answer has no status line")
}

/// `HTTP/1.1 200 OK`.
fn status(line: &[u8]) -> Option<u16> {
    let line = str::from_utf8(line.get(..16.min(line.len()))?).ok()?;
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    words.next().filter(|word| word.starts_with("HTTP"))?;
    words.next()?.get(..3)?.parse().ok()
}

fn undo_codings(answer: &mut Answer, limits: &Limits) -> Result<(), Refusal> {
    let says = |name: &str, coding: &str| {
        answer.headers.get(name).is_some_and(|value| {
            value.to_ascii_lowercase().split(',').any(|part| part.trim() == coding)
        })
    };
    if says("transfer-encoding", "chunked")
        && let Some((body, is_cut)) = unchunk(&answer.body)
    {
        (answer.body, answer.is_cut) = (body, is_cut);
    }
    let body = answer.body.as_slice();
    let is_gzip = body.starts_with(&[0x1f, 0x8b, 0x08]);
    // A stored gzip body is undone whatever the headers say: no page begins like this.
    let undone = if is_gzip {
        Some(bounded(flate2::read::MultiGzDecoder::new(body), body.len(), limits)?)
    } else if says("content-encoding", "deflate") {
        // Servers disagree whether this is zlib or bare deflate.
        let zlib = bounded(flate2::read::ZlibDecoder::new(body), body.len(), limits);
        match zlib {
            Ok(body) => Some(body),
            Err(why) if why.reason == RejectReason::TooCompressed => return Err(why),
            Err(_) => {
                bounded(flate2::read::DeflateDecoder::new(body), body.len(), limits).ok()
            }
        }
    } else if says("content-encoding", "br") {
        bounded(brotli_decompressor::Decompressor::new(body, 4096), body.len(), limits)
            .ok()
    } else if says("content-encoding", "zstd") && body.starts_with(ZSTD_MAGIC) {
        let zstd = zstd::stream::read::Decoder::with_buffer(body);
        zstd.ok().and_then(|zstd| bounded(zstd, body.len(), limits).ok())
    } else {
        None
    };
    if let Some((undone, is_cut)) = undone {
        answer.body = undone;
        answer.is_cut |= is_cut;
    }
    Ok(())
}

/// Reads a coded body to its end, within the limits. A body that ends too early keeps
/// what came before, as browsers show it, and it is said that it was cut.
fn bounded(
    mut coded: impl Read,
    n_coded: usize,
    limits: &Limits,
) -> Result<(Vec<u8>, bool), Refusal> {
    let by_ratio =
        u64::try_from(n_coded).unwrap_or(u64::MAX).saturating_mul(limits.ratio);
    // A short body may grow more: its ratio says little.
    let by_ratio = usize::try_from(by_ratio).unwrap_or(usize::MAX).max(1 << 20);
    let limit = limits.undone_bytes.min(by_ratio);
    let mut body = Vec::new();
    let result = coded.by_ref().take(limit as u64 + 1).read_to_end(&mut body);
    match result {
        _ if body.len() > limit => {
            let what = format!("a body of {n_coded} bytes grows to more than {limit}");
            Err(Refusal::new(RejectReason::TooCompressed, what))
        }
        Err(error) if body.is_empty() => {
            let what = format!("the body is broken: {error}");
            Err(Refusal::new(RejectReason::BrokenRecord, what))
        }
        result => Ok((body, result.is_err())),
    }
}

/// Undoes chunks; `None` where the body is not in chunks, for the crawler undid them. A
/// body that ends inside a chunk keeps what came before, and it is said that it was cut.
fn unchunk(body: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut undone = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(1024)])?;
        let line = str::from_utf8(&rest[..end]).ok()?;
        let size = line.split(';').next().unwrap_or("").trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some((undone, false));
        }
        let is_cut = rest.len() < size;
        undone.extend_from_slice(&rest[..size.min(rest.len())]);
        rest = rest.get(size..).unwrap_or(&[]);
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        if rest.is_empty() {
            return Some((undone, is_cut));
        }
    }
}
