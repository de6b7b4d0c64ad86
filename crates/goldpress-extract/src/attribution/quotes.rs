//! Quotations: which parts of a sentence stand in quotation marks.

use std::ops::Range;

/// Ranges in quotation marks, the marks included; what is opened and not closed runs to
/// the end of the sentence.
pub(crate) fn quotations(sentence: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in sentence.char_indices() {
        match (c, open) {
            ('“' | '„' | '«', None) => open = Some(at),
            ('"', None) => open = Some(at),
            ('”' | '»' | '"', Some(start)) => {
                found.push(start..at + c.len_utf8());
                open = None;
            }
            _ => {}
        }
    }
    if let Some(start) = open {
        found.push(start..sentence.len());
    }
    found
}

/// How much of a content stands in quotation marks: `direct`, `mixed` or `indirect`.
pub(crate) fn quote_kind(content: &[&str]) -> &'static str {
    let is_mark = |c: char| matches!(c, '“' | '”' | '"' | '„' | '«' | '»');
    let whole = |part: &&str| part.starts_with(is_mark) && part.ends_with(is_mark);
    match () {
        () if content.iter().all(whole) => "direct",
        () if content.iter().any(|part| part.contains(is_mark)) => "mixed",
        () => "indirect",
    }
}
