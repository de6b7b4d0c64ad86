//! Envelopes: objects that are no articles but hold some, in a list or under keys, such as
//! answers of interfaces (`{"status": "ok", "articles": […]}`) and of search engines.

use serde_json::Value;

use super::lenient::parse;
use crate::mapping::Mapping;

/// Bytes that are looked at to know an envelope, or an article in one.
pub(super) const AHEAD_BYTES: usize = 1 << 20;
/// Bytes that are looked at first.
pub(super) const NEAR_BYTES: usize = 16 << 10;
/// Lists and objects around an article.
pub(super) const MAX_DEPTH: usize = 6;
/// Items of a list that are looked at.
const MAX_ITEMS: usize = 20;

/// Keys of lists that interfaces hand out articles in.
const LIST_KEYS: &[&str] = &[
    "articles",
    "items",
    "results",
    "data",
    "hits",
    "docs",
    "documents",
    "records",
    "entries",
    "posts",
    "stories",
    "news",
    "list",
    "rows",
    "value",
    "edges",
    "feed",
    "content",
    "response",
    "payload",
];
/// Keys whose text makes an object an article.
const TEXT_KEYS: &[&str] = &[
    "text",
    "body",
    "content",
    "maintext",
    "articlebody",
    "article",
    "raw_text",
    "html",
];

/// Goes over the brackets outside of strings that close something: `told` gets where they
/// end and what is open there, and says whether to go on.
fn closings(bytes: &[u8], mut told: impl FnMut(usize, &[u8]) -> bool) {
    let mut open = Vec::new();
    let (mut in_string, mut is_escaped) = (false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                open.pop();
                if !told(at + 1, &open) {
                    return;
                }
            }
            _ => {}
        }
    }
}

/// Whether the object that these bytes begin with ends in them.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let mut is = false;
    closings(bytes, |_, open| {
        is = open.is_empty();
        !is
    });
    is
}

/// The object that these bytes begin with; one that goes on behind them, or is broken, as
/// far as it is whole.
pub(super) fn beginning(bytes: &[u8]) -> Option<Value> {
    // Where the first inner values and the last one ended, and what was open there.
    let mut ends: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut whole = None;
    closings(bytes, |end, open| {
        if open.is_empty() {
            whole = Some(end);
            return false;
        }
        if ends.len() == MAX_ITEMS {
            ends.pop();
        }
        ends.push((end, open.to_vec()));
        true
    });
    whole.and_then(|end| value_of(&bytes[..end])).or_else(|| longest(bytes, &ends))
}

/// The object as far as one of these places, with what is open there closed.
fn longest(bytes: &[u8], ends: &[(usize, Vec<u8>)]) -> Option<Value> {
    ends.iter().rev().find_map(|(end, open)| {
        let closing = open.iter().rev().copied();
        let closed = bytes[..*end].iter().copied().chain(closing).collect::<Vec<_>>();
        value_of(&closed)
    })
}

fn value_of(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    Some(parse(&text).ok()?.value)
}

/// Whether an object holds articles: as items of lists, or as values of keys.
pub(super) fn holds_articles(value: &Value, mapping: &Mapping) -> bool {
    holds(value, mapping, 0)
}

fn holds(value: &Value, mapping: &Mapping, depth: usize) -> bool {
    let Value::Object(map) = value else { return false };
    map.values().any(|value| match value {
        Value::Array(items) => {
            let mut items = items.iter().take(MAX_ITEMS);
            items.any(|item| item.is_object() && mapping.holds_text(item))
        }
        Value::Object(_) => {
            mapping.holds_text(value)
                || depth < MAX_DEPTH && holds(value, mapping, depth + 1)
        }
        _ => false,
    })
}

/// Whether a line, in lower case, may be an envelope and no article: by what it holds, or by
/// the keys of its beginning.
pub(super) fn may_wrap(line: &str) -> bool {
    let mapping = Mapping::default();
    match parse(line) {
        Ok(top) if mapping.holds_text(&top.value) => false,
        Ok(top) => holds_articles(&top.value, &mapping) || names_list(line),
        Err(_) => names_list(line),
    }
}

/// Whether a list of objects begins under one of the keys before any text does.
fn names_list(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find(['"', '{', '[', '}']) {
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match found {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            // Lists of other things are not gone into.
            b'[' => return false,
            _ => {
                let Some(end) = string_end(rest) else { return false };
                let (string, behind) = (&rest[..end], rest[end + 1..].trim_start());
                rest = behind;
                let Some(value) = behind.strip_prefix(':').map(str::trim_start) else {
                    continue;
                };
                let list = value.strip_prefix('[').map(str::trim_start);
                if list.is_some_and(|list| list.starts_with('{')) {
                    return LIST_KEYS.contains(&string);
                }
                if depth == 1 && value.starts_with('"') && TEXT_KEYS.contains(&string) {
                    return false;
                }
            }
        }
    }
    false
}

/// Where the string that begins here ends.
fn string_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}
