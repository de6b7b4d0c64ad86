//! Typed: a record of an archive by its media type, by its bytes where that says nothing.

use goldpress_model::{RawDocument, RejectReason};

use super::{
    HEAD_BYTES,
    foreign::{self, Foreign},
    html,
};
use crate::{Content, Item, Record, record::reject};

/// A record of a document.
pub(super) fn typed(mut raw: RawDocument) -> Item {
    if raw.bytes.is_empty() {
        let what = "the record has no bytes";
        return Item::Reject(reject(&raw, RejectReason::Empty, what));
    }
    let address = raw.url.as_deref().unwrap_or("");
    if let Some(what) = foreign::of_address(address) {
        return Item::Reject(reject(&raw, RejectReason::Unsupported, what));
    }
    let head = &raw.bytes[..raw.bytes.len().min(HEAD_BYTES)];
    let unknown = || Foreign::of(head, foreign::path_of(address).as_ref());
    let is_page = html::is_page(head);
    let found = match raw.media_type.as_str() {
        "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml" => {
            Ok(Content::Markup)
        }
        "text/plain" if is_page => Ok(Content::Markup),
        "text/plain" => unknown().map_or(Ok(Content::Text), Err),
        "" | "application/octet-stream" | "unk" | "unknown" | "text/*" | "*/*" => {
            let found = match unknown() {
                Some(foreign) => Err(foreign),
                None if is_page => Ok(Content::Markup),
                None => Ok(Content::Text),
            };
            let media_type = match &found {
                Err(foreign) => foreign.kind.as_str(),
                Ok(Content::Markup) => "text/html",
                Ok(_) => "text/plain",
            };
            media_type.clone_into(&mut raw.media_type);
            found
        }
        _ => {
            let what = format!("`{}` is no text that can be read", raw.media_type);
            return Item::Reject(reject(&raw, RejectReason::Unsupported, what));
        }
    };
    match found {
        Ok(content) => Item::Record(Box::new(Record::plain(raw, content))),
        Err(foreign) => {
            let what = format!("the record is {} and no article", foreign.name());
            Item::Reject(reject(&raw, RejectReason::Unsupported, what))
        }
    }
}
