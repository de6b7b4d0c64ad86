//! Controls: U+0080 to U+009F where windows-1252 was read as ISO 8859-1, `don\u{92}t` for
//! `don’t`.
//!
//! Nobody writes these controls, so every one that windows-1252 has a character for stands
//! for it. U+0085 is a line end of mainframes, unless others are beside it.

use encoding_rs::WINDOWS_1252;

use crate::map::Rewrite;

/// Mends every control; counts them.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    let found: Vec<(usize, char)> = memchr::memchr_iter(0xc2, text.as_bytes())
        .filter_map(|at| Some((at, meant(text[at..].chars().next()?)?)))
        .collect();
    if found.iter().all(|(_, c)| *c == '…') {
        return None;
    }
    let mut rewrite = Rewrite::of(text);
    for (at, c) in &found {
        rewrite.replace(*at..at + 2, c.encode_utf8(&mut [0; 4]));
    }
    let n = u32::try_from(found.len()).unwrap_or(u32::MAX);
    rewrite.finish().map(|rewrite| (rewrite, n))
}

/// The character of windows-1252 that has the number of a control.
pub(crate) fn meant(control: char) -> Option<char> {
    let bytes = [u8::try_from(u32::from(control)).ok()?];
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().filter(|c| matches!(bytes, [0x80..=0x9f]) && !c.is_control())
}
