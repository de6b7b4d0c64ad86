//! `--repair`: edges moved to where an annotation may begin and end.

use goldpress_model::{Fragments, Span};
use goldpress_text::is_grapheme_edge;

/// Edges widened to whole characters and white space trimmed; what is nothing but white
/// space stays as it is, to be refused.
pub(super) fn repaired(text: &str, fragments: &Fragments) -> Fragments {
    let spans = fragments.spans().iter().map(|span| {
        let widened = widened(text, *span);
        trimmed(text, widened).unwrap_or(widened)
    });
    Fragments::merged(spans.collect())
}

fn widened(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start(), span.end());
    while !is_grapheme_edge(text, start) {
        start = text[..start].char_indices().next_back().map_or(0, |(at, _)| at);
    }
    while !is_grapheme_edge(text, end) {
        end += text[end..].chars().next().map_or(1, char::len_utf8);
    }
    Span::new(text, start, end).unwrap_or(span)
}

fn trimmed(text: &str, span: Span) -> Option<Span> {
    let slice = span.slice(text);
    let start = span.start() + (slice.len() - slice.trim_start().len());
    Span::new(text, start, start + slice.trim().len()).ok()
}
