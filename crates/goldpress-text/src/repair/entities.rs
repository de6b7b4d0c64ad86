//! Entities: `&amp;` and its kind, left in a text by programs that escape twice.
//!
//! One layer is what any exporter may leave in plain text and is undone silently; a
//! second one (`&amp;amp;`) is a flaw.

use super::controls;
use crate::map::Rewrite;

/// Longest name that is an entity: `CounterClockwiseContourIntegral` has 31 letters.
const MAX_NAME: usize = 32;

/// Undoes every entity with all its layers; counts those that had several.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    undo_all(text, |layers| layers > 1)
}

/// The same for text in which a parser has undone a layer already: every entity is one
/// too many.
pub(crate) fn pass_after_parser(text: &str) -> Option<(Rewrite<'_>, u32)> {
    undo_all(text, |_| true)
}

fn undo_all(text: &str, is_flaw: fn(u32) -> bool) -> Option<(Rewrite<'_>, u32)> {
    let mut rewrite = Rewrite::of(text);
    let mut n_flaws = 0;
    let mut at = 0;
    while let Some(offset) = memchr::memchr(b'&', &text.as_bytes()[at..]) {
        let start = at + offset;
        at = start + 1;
        if let Some((end, new, layers)) = undo(text, start) {
            rewrite.replace(start..end, &new);
            n_flaws += u32::from(is_flaw(layers));
            at = end;
        }
    }
    rewrite.finish().map(|rewrite| (rewrite, n_flaws))
}

/// The entity at `start`: where it ends, what it stands for, how many layers it had.
fn undo(text: &str, start: usize) -> Option<(usize, String, u32)> {
    let (mut end, mut new) = decode(text, start, "")?;
    let mut layers = 1;
    // `&amp;` that opens another entity: read on behind it.
    while new == "&" {
        let Some((next_end, next)) = decode(text, end, "&") else { break };
        (end, new) = (next_end, next);
        layers += 1;
    }
    Some((end, new, layers))
}

/// Reads `&name;` at `at`, of which `read` is known already.
fn decode(text: &str, at: usize, read: &str) -> Option<(usize, String)> {
    let rest = &text[at..];
    let mut window = rest.len().min(MAX_NAME + 2);
    while !rest.is_char_boundary(window) {
        window -= 1;
    }
    let semicolon = memchr::memchr(b';', &rest.as_bytes()[..window])?;
    let name = &rest[..semicolon];
    let name = if read.is_empty() { name.strip_prefix('&')? } else { name };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let entity = format!("&{name};");
    let new = match name.strip_prefix('#') {
        Some(digits) => number(digits)?.to_string(),
        None => html_escape::decode_html_entities(&entity).into_owned(),
    };
    (new != entity).then_some((at + semicolon + 1, new))
}

/// A numeric reference, read as browsers do: 128 to 159 mean windows-1252.
fn number(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    match code {
        0 => None,
        0x80..=0x9f => {
            let control = char::from_u32(code)?;
            Some(controls::meant(control).unwrap_or(control))
        }
        _ => char::from_u32(code),
    }
}
