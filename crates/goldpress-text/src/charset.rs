//! Charsets: what a document declares, and what its bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};

/// Bytes of a page in which a declaration counts. Browsers look at 1,024; crawlers meet
/// pages that put a licence comment first.
const SNIFF_BYTES: usize = 4096;

/// Bytes given to the detector, which reads 20 to 40 MB a second.
const DETECT_BYTES: usize = 64 * 1024;

/// The charset label in the XML declaration or the first `meta` that has one.
pub(crate) fn sniff(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let head = head.to_ascii_lowercase();
    xml_label(&head).or_else(|| meta_label(&head))
}

fn xml_label(head: &[u8]) -> Option<String> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(head, b"?>")?;
    value_of(&head[..end], b"encoding")
}

fn meta_label(head: &[u8]) -> Option<String> {
    let mut rest = head;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let end = memchr::memmem::find(comment, b"-->")?;
            rest = &comment[end + 3..];
        } else if let Some(tag) = rest.strip_prefix(b"<meta") {
            let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
            if let Some(label) = value_of(&tag[..end], b"charset") {
                return Some(label);
            }
            rest = &tag[end..];
        } else {
            rest = &rest[1..];
        }
    }
    None
}

/// What follows `name`, an equals sign and perhaps a quotation mark. Finds the parameter
/// inside a `content` attribute too.
fn value_of(tag: &[u8], name: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(tag, name).find_map(|at| {
        let rest = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?;
        let rest = rest.trim_ascii_start();
        let rest = match rest.first() {
            Some(b'"' | b'\'') => &rest[1..],
            _ => rest,
        };
        let ends = |byte: &u8| matches!(byte, b'"' | b'\'' | b';' | b' ' | b'>' | b'/');
        let label = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
        let label = str::from_utf8(label).ok()?.trim();
        (!label.is_empty() && label.len() <= 40).then(|| label.to_owned())
    })
}

/// The encoding that the bytes look like, other than UTF-8.
pub(crate) fn detect(bytes: &[u8]) -> &'static Encoding {
    // The first 64 KiB of many pages are ASCII, so the window begins at the first byte
    // that says anything.
    let from = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let window = &bytes[from.saturating_sub(DETECT_BYTES / 2)..];
    let window = &window[..window.len().min(DETECT_BYTES)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(window, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Bytes that are looked at for UTF-16 and escapes.
const LOOK_BYTES: usize = 1024;

/// Whether bytes bear out that they are in a charset the bytes of which may be valid UTF-8.
pub(crate) fn shows(bytes: &[u8], encoding: &'static Encoding) -> bool {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return has_controls(bytes);
    }
    encoding == ISO_2022_JP && bytes.contains(&0x1b)
}

/// The charset of several bytes a character that undeclared bytes show by controls that no
/// text has: UTF-16 by zeros and their like, ISO-2022-JP by its escapes.
pub(crate) fn seen(bytes: &[u8]) -> Option<&'static Encoding> {
    const ESCAPES: [&[u8]; 2] = [b"\x1b$B", b"\x1b$@"];
    let head = &bytes[..bytes.len().min(LOOK_BYTES)];
    let is_escaped =
        ESCAPES.iter().any(|escape| memchr::memmem::find(head, escape).is_some());
    if is_escaped && bytes.is_ascii() {
        return Some(ISO_2022_JP);
    }
    if !has_controls(head) {
        return None;
    }
    utf16_by_zeros(head).or_else(|| utf16_by_units(head))
}

fn has_controls(bytes: &[u8]) -> bool {
    bytes.iter().take(LOOK_BYTES).any(|byte| *byte < b'\t')
}

/// Text in Latin script has a zero in every other byte.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len() & !1];
    if head.len() < 4 {
        return None;
    }
    let zeros = |parity| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let pairs = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd * 10 > pairs * 6 => Some(UTF_16LE),
        (even, 0) if even * 10 > pairs * 6 => Some(UTF_16BE),
        _ => None,
    }
}

/// Text in any script is letters and spaces in one order of bytes, and letters of all
/// scripts, private use and halves of pairs in the other.
fn utf16_by_units(head: &[u8]) -> Option<&'static Encoding> {
    const FEWEST_UNITS: usize = 8;
    let units = |encoding: &'static Encoding| {
        head.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(
            move |pair: [u8; 2]| match encoding == UTF_16BE {
                true => u16::from_be_bytes(pair),
                false => u16::from_le_bytes(pair),
            },
        )
    };
    let is_text = |encoding: &'static Encoding| {
        let (mut letters, mut marks, mut n) = (0, 0, 0);
        for c in char::decode_utf16(units(encoding)) {
            let Ok(c) = c else { return false };
            let is_odd = c.is_control() && !c.is_whitespace()
                || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}');
            if is_odd {
                return false;
            }
            n += 1;
            letters += usize::from(c.is_alphanumeric());
            marks +=
                usize::from(matches!(c, ' ' | '.' | ',' | '\n' | '、' | '。' | '，'));
        }
        n >= FEWEST_UNITS && marks > 0 && letters * 10 >= n * 6
    };
    match (is_text(UTF_16LE), is_text(UTF_16BE)) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        _ => None,
    }
}
