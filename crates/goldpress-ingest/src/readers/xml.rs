//! XML: what the readers of its formats share.
//!
//! Lenient: tags need not match, and the entities of HTML are known, since what is written
//! by hand and by old programs is not well-formed.

use goldpress_text::normalise_fragment;
use quick_xml::{Reader, events::BytesStart};

/// A reader of events that takes what is not well-formed.
pub(super) fn lenient(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// How far events were read, in bytes.
pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A lower-case head from its root element on: declarations and comments left out.
pub(super) fn from_root(head: &str) -> &str {
    let mut text = head.trim_start();
    loop {
        let rest = match text {
            _ if text.starts_with("<!--") => text.split_once("-->"),
            _ if text.starts_with("<?") => text.split_once("?>"),
            _ if text.starts_with("<!doctype") => text.split_once('>'),
            _ => return text,
        };
        let Some((_, rest)) = rest else { return "" };
        text = rest.trim_start();
    }
}

/// A name in lower case.
pub(super) fn name_of(name: &str) -> String {
    name.to_lowercase()
}

/// The value of an attribute.
pub(super) fn attribute(tag: &BytesStart<'_>, key: &str) -> Option<String> {
    let attr = tag.try_get_attribute(key).ok()??;
    Some(normalise_fragment(&attr.value))
}

/// What an entity stands for; those of HTML are known too.
pub(super) fn entity(name: &str) -> String {
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
