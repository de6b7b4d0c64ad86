//! HTML and XHTML: one page a file, as browsers, wget, HTTrack and SingleFile save it.

use std::path::Path;

use super::{Input, Reader, extension, foreign::Foreign, head_text, single, xml::tag_of};
use crate::{Content, Item, Options};

/// Elements that a page or a piece of one begins with: those of HTML, old ones too.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "mark",
    "menu",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "q",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// Whether a name in lower case is one of HTML's elements.
pub(crate) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

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
        is_named && Foreign::by_magic(head).is_none()
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

/// Whether bytes begin as a page does (WHATWG MIME Sniffing, and the tags that real pages
/// begin with besides); XML of another name space does not.
pub(super) fn is_page(head: &[u8]) -> bool {
    let text = head_text(head);
    if !text.starts_with('<') {
        return false;
    }
    // Comments of savers and an XML declaration stand before the first tag.
    let mut rest = text.as_str();
    let mut is_xml = false;
    loop {
        rest = rest.trim_start();
        let close = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?xml") => "?>",
            _ => break,
        };
        is_xml |= close == "?>";
        let Some((_, next)) = rest.split_once(close) else { break };
        rest = next;
    }
    if let Some(doctype) = rest.strip_prefix("<!doctype") {
        return doctype.trim_start().starts_with("html");
    }
    let Some((name, rest)) = tag_of(rest) else { return false };
    let tag = rest.split('>').next().unwrap_or("");
    let is_foreign = is_xml || tag.contains("xmlns");
    name == "html" || is_element(name) && (!is_foreign || tag.contains("/xhtml"))
}
