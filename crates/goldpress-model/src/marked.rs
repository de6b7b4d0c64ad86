//! Marked-up sentences for tests: `[ORG SNB]` is gold, `{ORG the SNB}` is predicted.
//!
//! Keeps offsets out of sight. Marks may nest and cross kinds: `{ORG the [ORG SNB]} held`.

use crate::Span;

/// A sentence with its marks taken out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    /// The plain text.
    pub text: String,
    /// Spans in square brackets, with their labels, sorted.
    pub gold: Vec<(Span, String)>,
    /// Spans in braces, with their labels, sorted.
    pub predicted: Vec<(Span, String)>,
}

/// Reads a marked-up sentence.
///
/// # Panics
///
/// When brackets do not pair up or a mark has no label: a test is written wrongly.
#[track_caller]
pub fn marked(source: &str) -> Marked {
    let mut text = String::new();
    let mut open: Vec<(char, String, usize)> = Vec::new();
    let mut closed: Vec<(char, String, usize, usize)> = Vec::new();
    let mut rest = source.chars();
    while let Some(c) = rest.next() {
        match c {
            '[' | '{' => {
                let label: String = rest.by_ref().take_while(|c| *c != ' ').collect();
                assert!(!label.is_empty(), "a mark without a label in `{source}`");
                open.push((c, label, text.len()));
            }
            ']' | '}' => {
                let kind = if c == ']' { '[' } else { '{' };
                let at = open.iter().rposition(|mark| mark.0 == kind);
                let at = at.unwrap_or_else(|| panic!("unopened `{c}` in `{source}`"));
                let (_, label, start) = open.remove(at);
                closed.push((kind, label, start, text.len()));
            }
            c => text.push(c),
        }
    }
    assert!(open.is_empty(), "unclosed mark in `{source}`");
    let of = |kind: char| {
        let mut spans: Vec<(Span, String)> = closed
            .iter()
            .filter(|mark| mark.0 == kind)
            .map(|(_, label, start, end)| {
                (
                    Span::new(&text, *start, *end).expect("a mark covers text"),
                    label.clone(),
                )
            })
            .collect();
        spans.sort();
        spans
    };
    let (gold, predicted) = (of('['), of('{'));
    Marked { text, gold, predicted }
}
