//! XML: what the readers of its formats share.
//!
//! Lenient: tags need not match, and the entities of HTML are known, since what is written
//! by hand and by old programs is not well-formed.

use std::ops::Range;

use goldpress_model::{Origin, RawDocument};
use goldpress_text::normalise_fragment;
use quick_xml::{Reader, events::BytesStart};

use super::document;

/// A reader of events that takes what is not well-formed.
pub(crate) fn lenient(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// How far events were read, in bytes.
pub(crate) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The next record of a file, as the bytes of its element; `n_before` stand before it.
pub(crate) fn record_of(
    text: &str,
    bytes: Range<usize>,
    file: &Origin,
    n_before: usize,
) -> RawDocument {
    let origin = Origin {
        record: n_before as u64 + 1,
        byte_offset: bytes.start as u64,
        ..file.clone()
    };
    let bytes = text.get(bytes).unwrap_or("").as_bytes().to_vec();
    document(origin, bytes, "application/xml")
}

/// A lower-case head from its root element on: declarations and comments left out.
pub(crate) fn from_root(head: &str) -> &str {
    let mut text = head.trim_start();
    loop {
        let rest = match text {
            _ if text.starts_with("<!--") => text.split_once("-->"),
            _ if text.starts_with("<?") => text.split_once("?>"),
            _ if text.starts_with("<!doctype") => after_doctype(text),
            _ => return text,
        };
        let Some((_, rest)) = rest else { return "" };
        text = rest.trim_start();
    }
}

/// What stands before and behind a document type, which may declare entities.
fn after_doctype(text: &str) -> Option<(&str, &str)> {
    match (text.find('['), text.find('>')) {
        (Some(open), Some(end)) if open < end => {
            let close = open + text[open..].find(']')?;
            let end = close + text[close..].find('>')?;
            Some((&text[..end], &text[end + 1..]))
        }
        _ => text.split_once('>'),
    }
}

/// The name of the tag that a text begins with, and what follows it; `None` of `< b`,
/// `<3` and `<name@host>`.
pub(crate) fn tag_of(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('<')?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let ends = rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/');
    (begins && ends).then_some((name, rest))
}

/// The root element of a lower-case head that is XML of another format than HTML: it says
/// so, or its tags are closed.
pub(crate) fn root_of(head: &str) -> Option<&str> {
    let root = from_root(head);
    let (name, rest) = tag_of(root)?;
    let is_declared = root.len() < head.trim_start().len();
    let tag = rest.split('>').next().unwrap_or("");
    let is_xml = is_declared
        || tag.contains("xmlns")
        || tag.contains("=\"")
        || tag.ends_with('/')
        || rest.contains("</");
    is_xml.then_some(name)
}

/// A name in lower case.
pub(crate) fn name_of(name: &str) -> String {
    name.to_lowercase()
}

/// The value of an attribute.
pub(crate) fn attribute(tag: &BytesStart<'_>, key: &str) -> Option<String> {
    let attr = tag.try_get_attribute(key).ok()??;
    Some(normalise_fragment(&attr.value))
}

/// What an entity stands for; those of HTML are known too.
pub(crate) fn entity(name: &str) -> String {
    let entity = format!("&{name};");
    match name {
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "amp" => "&".to_owned(),
        _ => {
            let undone = normalise_fragment(&entity);
            if undone.is_empty() { " ".to_owned() } else { undone }
        }
    }
}
