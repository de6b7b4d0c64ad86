//! Stored text: what a page holds without showing it, in templates, scripts and structured
//! data.
//!
//! Asked only of pages that show hardly any running text: there a script would put the
//! article in its place.

use goldpress_model::{Block, Span};
use serde_json::Value;

use super::Page;

/// Words of running text below which a page shows next to nothing.
pub(super) const FEW_WORDS: usize = 60;

/// Words of a line from which it is running text, if it is hardly linked.
const LINE_WORDS: usize = 10;
/// The same of a line that ends like a sentence.
const SENTENCE_WORDS: usize = 5;

/// Whether the page shows next to nothing; looks no further than it has to.
pub(super) fn is_bare(page: &Page) -> bool {
    let mut n = 0;
    running_lines(page).all(|words| {
        n += words;
        n < FEW_WORDS
    })
}

/// Words in lines of running text.
pub(super) fn running_words(page: &Page) -> usize {
    running_lines(page).sum()
}

/// The number of words of each line of running text.
fn running_lines(page: &Page) -> impl Iterator<Item = usize> {
    let lines = page.blocks.iter().filter(|block| block.link_density < 0.4);
    lines.filter_map(|block| {
        let line = block.span.slice(&page.text);
        let n = words(line);
        let is_sentence = n >= SENTENCE_WORDS && line.ends_with(['.', '!', '?', '。']);
        (n >= LINE_WORDS || is_sentence).then_some(n)
    })
}

/// Words between blanks; characters of a script without blanks are half a word each.
fn words(text: &str) -> usize {
    let n_spaced = text.split_ascii_whitespace().count();
    if text.is_ascii() {
        return n_spaced;
    }
    let is_unspaced = |c: &char| ('\u{3040}'..'\u{AC00}').contains(c);
    n_spaced.max(text.chars().filter(is_unspaced).count() / 2)
}

/// The markup with templates opened: `<template>`, and scripts whose type says that they
/// hold markup, as plain elements. `None` where there are none.
pub(super) fn opened(markup: &str) -> Option<String> {
    let mut done = String::new();
    let mut rest = markup;
    while let Some((at, len, close)) = next_template(rest) {
        let inside = &rest[at + len..];
        let Some(end) = find_tag(inside, close) else { break };
        done.push_str(&rest[..at]);
        done.push_str("<div>");
        done.push_str(&inside[..end]);
        done.push_str("</div>");
        let after = inside[end..].find('>').map_or(inside.len(), |len| end + len + 1);
        rest = &inside[after..];
    }
    if done.is_empty() {
        return None;
    }
    done.push_str(rest);
    Some(done)
}

/// Where the next template's tag begins, how long it is, and what closes it.
fn next_template(markup: &str) -> Option<(usize, usize, &'static str)> {
    let mut from = 0;
    loop {
        let start = from + memchr::memchr(b'<', &markup.as_bytes()[from..])?;
        let len = memchr::memchr(b'>', &markup.as_bytes()[start..])? + 1;
        let tag = &markup[start..start + len];
        if starts_tag(tag, "<template") {
            return Some((start, len, "</template"));
        }
        if starts_tag(tag, "<script") && holds_markup(tag) {
            return Some((start, len, "</script"));
        }
        from = start + 1;
    }
}

fn starts_tag(tag: &str, name: &str) -> bool {
    let head = tag.as_bytes().get(..name.len());
    let next = tag.as_bytes().get(name.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
        && next.is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'-')
}

/// Whether the type of a script's tag is one of a text to be shown.
fn holds_markup(tag: &str) -> bool {
    const TYPES: [&str; 6] = [
        "text/template",
        "text/html",
        "text/x-template",
        "text/x-handlebars",
        "text/x-jquery-tmpl",
        "text/ng-template",
    ];
    let tag = tag.to_ascii_lowercase();
    TYPES.iter().any(|kind| tag.contains(kind))
}

fn find_tag(markup: &str, close: &str) -> Option<usize> {
    let bytes = markup.as_bytes();
    let is_close = |at: &usize| {
        let end = at + close.len();
        bytes.get(*at..end).is_some_and(|tag| tag.eq_ignore_ascii_case(close.as_bytes()))
    };
    memchr::memchr_iter(b'<', bytes).find(is_close)
}

/// Appends the article's text out of the page's data, if that has more of it than the page
/// shows: `articleBody` of JSON-LD, else the longest text in a script of JSON.
pub(super) fn add_data(page: &mut Page, markup: &str) {
    let found = page
        .facts
        .json_ld
        .iter()
        .filter_map(|json| serde_json::from_str(json).ok())
        .filter_map(|value: Value| longest(&value, &|key| key == "articleBody"))
        .max_by_key(|text| text.len());
    let found = found.or_else(|| data_of_scripts(markup));
    let Some(found) = found else { return };
    let paragraphs = paragraphs(&found);
    let n_words: usize = paragraphs.iter().map(|line| words(line)).sum();
    if n_words <= 2 * running_words(page) || n_words < LINE_WORDS {
        return;
    }
    for line in paragraphs {
        if page.text.contains(&line) {
            continue;
        }
        if !page.text.is_empty() {
            page.text.push_str("\n\n");
        }
        let start = page.text.len();
        page.text.push_str(&line);
        let Ok(span) = Span::new(&page.text, start, page.text.len()) else { continue };
        let path = Some("main>article>div>p".to_owned());
        let marks = ["|", "articlebody", "|", "article"].map(str::to_owned).to_vec();
        page.blocks.push(Block { path, marks, ..Block::plain(span) });
        page.is_stored = true;
    }
}

/// Most bytes of JSON that are read of one page.
const MOST_BYTES: usize = 8 << 20;

/// The longest text under a key that speaks of a body, in any script of JSON.
fn data_of_scripts(markup: &str) -> Option<String> {
    let mut best: Option<String> = None;
    let mut rest = markup;
    let mut left = MOST_BYTES;
    while let Some(at) = find_tag(rest, "<script") {
        let len = memchr::memchr(b'>', &rest.as_bytes()[at..])? + 1;
        let tag = rest[at..at + len].to_ascii_lowercase();
        let inside = &rest[at + len..];
        let end = find_tag(inside, "</script")?;
        let json = &inside[..end];
        rest = &inside[end..];
        let is_json = tag.contains("application/json") || tag.contains("__next_data__");
        if !is_json || json.len() > left {
            continue;
        }
        left -= json.len();
        let Ok(value) = serde_json::from_str::<Value>(json) else { continue };
        let found = longest(&value, &is_body_key);
        if found.as_ref().map_or(0, String::len) > best.as_ref().map_or(0, String::len) {
            best = found;
        }
    }
    best
}

fn is_body_key(key: &str) -> bool {
    const KEYS: [&str; 12] = [
        "articlebody",
        "body",
        "bodyhtml",
        "content",
        "contenthtml",
        "html",
        "text",
        "maintext",
        "fulltext",
        "story",
        "paragraphs",
        "rendered",
    ];
    let key: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    KEYS.contains(&key.to_lowercase().as_str())
}

/// The longest text under a key: a string, or a list whose strings, or whose members' texts,
/// are its paragraphs.
fn longest(value: &Value, is_key: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut best: Option<String> = None;
    let mut keep = |found: Option<String>| {
        if found.as_ref().map_or(0, String::len) > best.as_ref().map_or(0, String::len) {
            best = found;
        }
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if is_key(key) {
                    keep(as_text(value, is_key));
                }
                keep(longest(value, is_key));
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| keep(longest(value, is_key)))
        }
        _ => {}
    }
    best
}

fn as_text(value: &Value, is_key: &dyn Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => {
            let texts = values.iter().filter_map(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Object(members) => members
                    .iter()
                    .find_map(|(key, value)| is_key(key).then(|| value.as_str())?)
                    .map(str::to_owned),
                _ => None,
            });
            let texts: Vec<String> = texts.collect();
            (!texts.is_empty()).then(|| texts.join("\n\n"))
        }
        _ => None,
    }
}

/// The lines of a text that may be markup, normalised.
fn paragraphs(text: &str) -> Vec<String> {
    let has_tags = text.contains("</") || text.contains("<p>") || text.contains("<br");
    let escaped = text.contains("&lt;p&gt;") || text.contains("&lt;/p&gt;");
    let text = match escaped {
        true => text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\""),
        false => text.to_owned(),
    };
    if has_tags || escaped {
        let page = super::render(&text).unwrap_or_default();
        let lines =
            page.blocks.iter().map(|block| block.span.slice(&page.text).to_owned());
        return lines.collect();
    }
    let lines = text.lines().map(goldpress_text::normalise_fragment);
    lines.filter(|line| !line.is_empty()).collect()
}
