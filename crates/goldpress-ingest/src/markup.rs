//! Markup in the fields of records: told from text that speaks of it, and from markup that
//! was escaped once too often.

use std::borrow::Cow;

use crate::{
    Content,
    readers::{html::is_element, xml::tag_of},
};

/// Bytes of a field that are looked at.
const HEAD_BYTES: usize = 16_000;
/// Layers of escaping that are undone; programs add one or two.
const MAX_LAYERS: usize = 3;
/// Elements that part blocks.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "div",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "img",
    "li",
    "main",
    "ol",
    "p",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];

/// What a field that holds the text is: markup, markup that was escaped, or text.
pub(crate) fn content_of(field: String) -> Content {
    let field = without_shell(field);
    match unescaped(&field) {
        Some(markup) => Content::MarkupField(markup),
        None if looks_like_markup(&field) => Content::MarkupField(field),
        None => Content::TextField(field),
    }
}

/// What a field of markup is, which may have been escaped.
pub(crate) fn markup_of(field: String) -> Content {
    let field = without_shell(field);
    Content::MarkupField(unescaped(&field).unwrap_or(field))
}

/// A field that was cut out of XML with its shell, without it.
fn without_shell(field: String) -> String {
    let bare = field.trim().strip_prefix("<![CDATA[").and_then(|t| t.strip_suffix("]]>"));
    bare.map(str::to_owned).unwrap_or(field)
}

/// Whether a text is markup rather than text in which `<p>` is spoken of: it begins with
/// an element that is closed, or has elements that touch the text which they hold.
pub(crate) fn looks_like_markup(text: &str) -> bool {
    let text = text.trim_start();
    let head = head_of(text);
    // Most texts have no tag at all: a look at bytes tells.
    if memchr::memchr(b'<', head.as_bytes()).is_none() {
        return false;
    }
    let head = head.to_ascii_lowercase();
    if head.starts_with("<!doctype html") || begins_with_element(&head) {
        return true;
    }
    tags(&head).any(|tag| tag.is_element() && tag.is_used(&head))
}

/// The markup that a text is when its tags are written as entities; `None` of a text that
/// has tags, or none at all.
pub(crate) fn unescaped(text: &str) -> Option<String> {
    let head = head_of(text);
    // `&lt;`, `&#60;` and the same escaped again.
    memchr::memchr(b'&', head.as_bytes())?;
    let has = |escaped: &str| {
        memchr::memmem::find(head.as_bytes(), escaped.as_bytes()).is_some()
    };
    ["lt;", "LT;", "#60;", "#x3c;", "#x3C;"].iter().find(|escaped| has(escaped))?;
    let mut undone = Cow::Borrowed(text);
    for _ in 0..MAX_LAYERS {
        let head = head_of(&undone).to_ascii_lowercase();
        let has_escaped = ["&lt;", "&#60;", "&#x3c;", "&amp;lt;", "&amp;amp;lt;"]
            .iter()
            .any(|escaped| head.contains(escaped));
        if !has_escaped || looks_like_markup(&undone) {
            break;
        }
        undone = Cow::Owned(html_escape::decode_html_entities(&undone).into_owned());
    }
    let is_undone = matches!(undone, Cow::Owned(_));
    (is_undone && has_blocks(&undone)).then(|| undone.into_owned())
}

/// Whether markup is a whole page and no piece of one.
pub(crate) fn is_whole_page(markup: &str) -> bool {
    let head = head_of(markup).to_ascii_lowercase();
    ["<!doctype", "<html", "<body"].iter().any(|tag| head.contains(tag))
}

/// Whether elements that part blocks are used, not spoken of: sentences about inline ones
/// are written with entities by right.
fn has_blocks(text: &str) -> bool {
    let head = head_of(text.trim_start()).to_ascii_lowercase();
    let is_block = |tag: &Tag<'_>| BLOCKS.contains(&tag.name);
    begins_with_element(&head) && tags(&head).next().is_some_and(|tag| is_block(&tag))
        || tags(&head).any(|tag| is_block(&tag) && tag.is_used(&head))
}

/// A text without the tags of elements of HTML that it uses, as titles have them.
pub(crate) fn without_tags(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'<', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for tag in tags(&lower).filter(Tag::is_element) {
        out.push_str(&text[at..tag.start]);
        if BLOCKS.contains(&tag.name) {
            out.push(' ');
        }
        at = tag.end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// A title or a name: without its tags where it is markup, be it escaped, else as it stands.
pub(crate) fn value_of(text: &str) -> Cow<'_, str> {
    if looks_like_markup(text) {
        return without_tags(text);
    }
    if memchr::memchr(b'&', text.as_bytes()).is_some() {
        let undone = html_escape::decode_html_entities(text);
        if looks_like_markup(&undone) {
            return Cow::Owned(without_tags(&undone).into_owned());
        }
    }
    Cow::Borrowed(text)
}

/// A tag in lower case.
#[derive(Debug, Clone, Copy)]
struct Tag<'t> {
    start: usize,
    end: usize,
    name: &'t str,
    is_close: bool,
}

impl Tag<'_> {
    fn is_element(&self) -> bool {
        is_element(self.name)
    }

    /// Whether a tag stands as it does in markup: a closing one right behind the end of
    /// what it closes, a line break beside the words that it parts.
    fn is_used(&self, text: &str) -> bool {
        let before = text[..self.start].chars().next_back();
        let after = text[self.end..].chars().next();
        let touches = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        match self.name {
            "br" | "hr" | "img" => touches(before) || touches(after),
            _ if !self.is_close => false,
            _ => {
                touches(before) && text[..self.start].contains(&format!("<{}", self.name))
            }
        }
    }
}

/// The tags of a text in lower case.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    memchr::memchr_iter(b'<', text.as_bytes()).filter_map(move |start| {
        let rest = &text[start..];
        let is_close = rest.starts_with("</");
        let name = match is_close {
            true => {
                let rest = &rest[2..];
                &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric())?]
            }
            false => tag_of(rest)?.0,
        };
        let end = start + rest.find('>')? + 1;
        Some(Tag { start, end, name, is_close })
    })
}

/// Whether a text begins with an element that is closed somewhere, or never has to be.
fn begins_with_element(head: &str) -> bool {
    let Some(first) = tags(head).next().filter(|tag| tag.start == 0) else {
        return false;
    };
    let is_void = ["br", "hr", "img", "link", "meta", "p", "li", "html", "body"];
    // `<p> is an element` speaks of it.
    let is_bare = first.end == first.name.len() + 2;
    let is_spoken_of = is_bare
        && !matches!(first.name, "br" | "hr")
        && head[first.end..].starts_with([' ', '\u{a0}'])
        && !head.contains(&format!("</{}", first.name));
    first.is_element()
        && !is_spoken_of
        && (is_void.contains(&first.name) || head.contains(&format!("</{}", first.name)))
}

fn head_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(HEAD_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_from_text_that_speaks_of_it() {
        for markup in [
            "<p>One.</p><p>Two.</p>",
            "<p>One.<p>Two.",
            " <div class=\"a\">One.</div>",
            "One.<br>Two.",
            "One.<br />\nTwo.",
            "He said <em>no</em> to it.",
            "See <a href=\"x\">the report</a>.",
            "One.</p>\n<p>Two.</p>",
            "<img src=\"a.jpg\"/> A ferry.",
            "<!DOCTYPE html><title>A</title>",
            "<b>Bold</b> & brave",
        ] {
            assert!(looks_like_markup(markup), "{markup}");
        }
        for text in [
            "a < b and b > c",
            "The tag <p> makes a paragraph.",
            "<p> makes a paragraph.",
            "Close every <p> with </p>, says the guide.",
            "Use <br> to break lines.",
            "I <3 ferries",
            "Write to <ida@port-aldery.example>.",
            "<ida> has anybody seen the ferry? <tom> no",
            "if x <y then y> x",
        ] {
            assert!(!looks_like_markup(text), "{text}");
            assert_eq!(unescaped(&html_escape::encode_text(text)), None, "{text}");
        }
    }

    #[test]
    fn escaped_markup_is_undone_and_a_mention_is_not() {
        for (escaped, markup) in [
            ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "<p>One.</p><p>Two.</p>"),
            ("&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;", "<p>One.</p>"),
            ("&#60;div&#62;One.&#60;/div&#62;", "<div>One.</div>"),
            ("One.&lt;br&gt;Two &amp;amp; three.", "One.<br>Two &amp; three."),
            ("Lead.\n&lt;p&gt;One.&lt;/p&gt;", "Lead.\n<p>One.</p>"),
        ] {
            assert_eq!(unescaped(escaped).as_deref(), Some(markup));
        }
        for text in [
            "a &lt; b &amp;&amp; b &gt; c",
            "The tag &lt;p&gt; makes a paragraph.",
            "Use &lt;em&gt;this&lt;/em&gt; for stress.",
            "Salt &amp; steel",
            "<p>The tag &lt;p&gt;.</p>",
        ] {
            assert_eq!(unescaped(text), None, "{text}");
        }
    }

    #[test]
    fn a_title_keeps_what_is_no_tag() {
        assert_eq!(value_of("<b>Bold</b> & <i>brave</i>"), "Bold & brave");
        assert_eq!(value_of("&lt;i&gt;It&lt;/i&gt; is"), "It is");
        assert_eq!(value_of("Profit < loss > 3"), "Profit < loss > 3");
        assert_eq!(value_of("What <p> is for"), "What <p> is for");
        assert_eq!(value_of("One<br/>two"), "One two");
    }
}
