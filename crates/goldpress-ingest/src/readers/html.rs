//! HTML and XHTML: one page a file, as browsers, wget, HTTrack and SingleFile save it.

use std::path::Path;

use super::{Input, Reader, extension, foreign, head_text, single};
use crate::{Content, Item, Options};

/// Tags that a page begins with (WHATWG MIME Sniffing, "identifying a resource with an
/// unknown MIME type"), and some that real pages begin with besides.
const TAGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a ",
    "<style",
    "<title",
    "<b>",
    "<br",
    "<p>",
    "<p ",
    "<meta",
    "<link",
    "<article",
    "<section",
    "<main",
    "<header",
    "<nav",
    "<span",
    "<ul",
    "<center",
];

pub(super) struct Html;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        if is_page(head) {
            return true;
        }
        let is_named =
            ["html", "htm", "xhtml", "shtml"].contains(&extension(path).as_str());
        is_named && foreign(head).is_none()
    }

    fn records<'a>(
        &self,
        mut input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let (mut raw, refusal) = input.document("text/html", options);
        let head = &raw.bytes[..raw.bytes.len().min(super::HEAD_BYTES)];
        if head_text(head).starts_with("<?xml") {
            "application/xhtml+xml".clone_into(&mut raw.media_type);
        }
        single(raw, refusal, Content::Markup)
    }
}

/// Whether bytes begin as a page does.
pub(super) fn is_page(head: &[u8]) -> bool {
    let text = head_text(head);
    let mut rest = text.as_str();
    // Comments of savers and an XML declaration stand before the first tag.
    loop {
        rest = rest.trim_start();
        let skipped = if rest.starts_with("<!--") {
            rest.split_once("-->").map(|(_, rest)| rest)
        } else if rest.starts_with("<?xml") {
            rest.split_once("?>").map(|(_, rest)| rest)
        } else {
            None
        };
        match skipped {
            Some(next) => rest = next,
            None => break,
        }
    }
    if rest.starts_with("<!doctype") {
        return rest.contains("html");
    }
    TAGS.iter().any(|tag| rest.starts_with(tag))
}
