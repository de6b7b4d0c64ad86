//! Ranges of a text: bytes in memory, code points in files.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A byte range `start..end` of one text, on character boundaries.
///
/// Made only against a text, so whoever holds a span may slice without checking. Never
/// empty: an annotation that covers nothing is a defect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    // Invariant: start < end <= text.len(), both on character boundaries.
    start: u32,
    end: u32,
}

/// A range `start..end` in code points, as files and pages write it.
///
/// Promises nothing: [`CharRange::to_span`] is where it is believed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct CharRange {
    /// First code point, counted from 0.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// Why a range is no span of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpanError {
    /// `start == end`.
    #[error("range {start}..{end} is empty")]
    Empty {
        /// First unit of the range.
        start: u32,
        /// One past the last unit of the range.
        end: u32,
    },
    /// `start > end`.
    #[error("range {start}..{end} is reversed")]
    Reversed {
        /// First unit of the range.
        start: u32,
        /// One past the last unit of the range.
        end: u32,
    },
    /// Past the end of the text.
    #[error("range {start}..{end} is out of range: the text has {len}")]
    OutOfRange {
        /// First unit of the range.
        start: u32,
        /// One past the last unit of the range.
        end: u32,
        /// Length of the text in the same unit.
        len: u32,
    },
    /// A byte range that begins or ends inside a character.
    #[error("range {start}..{end} cuts a character in two at byte {at}")]
    SplitsCharacter {
        /// First byte of the range.
        start: u32,
        /// One past the last byte of the range.
        end: u32,
        /// The byte that is no boundary.
        at: u32,
    },
    /// Two fragments of one annotation overlap, touch or stand in the wrong order.
    #[error("fragment {start}..{end} does not stand apart from the one before it")]
    Fragments {
        /// First byte of the later fragment.
        start: u32,
        /// One past its last byte.
        end: u32,
    },
}

impl Span {
    /// Checks a byte range against its text.
    ///
    /// # Errors
    ///
    /// The range is empty, reversed, out of range or cuts a character. Nothing is rounded.
    pub fn new(text: &str, start: usize, end: usize) -> Result<Span, SpanError> {
        let [from, to, len] = [start, end, text.len()].map(saturate);
        check_order(from, to, len)?;
        match [start, end].into_iter().find(|&at| !text.is_char_boundary(at)) {
            Some(at) => {
                Err(SpanError::SplitsCharacter { start: from, end: to, at: saturate(at) })
            }
            None => Ok(Span { start: from, end: to }),
        }
    }

    /// The span of the whole text; `None` where the text is empty.
    pub fn whole(text: &str) -> Option<Span> {
        Span::new(text, 0, text.len()).ok()
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Number of bytes, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a span is never empty")]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The covered part of `text`, which must be the text the span was made against.
    ///
    /// # Panics
    ///
    /// With another text, where the range does not fit.
    pub fn slice(self, text: &str) -> &str {
        &text[self.start()..self.end()]
    }

    /// Whether both cover a byte in common; touching is not overlapping.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies inside, edges included.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same range in code points.
    ///
    /// Costs a pass over the text up to `end`; for many spans take a [`CharIndex`].
    pub fn to_chars(self, text: &str) -> CharRange {
        let start = saturate(text[..self.start()].chars().count());
        CharRange { start, end: start + saturate(self.slice(text).chars().count()) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl CharRange {
    /// Checks the range against a text and turns it into bytes.
    ///
    /// # Errors
    ///
    /// The range is empty, reversed or out of range.
    pub fn to_span(self, text: &str) -> Result<Span, SpanError> {
        CharIndex::new(text).span(self)
    }
}

/// Converts between bytes and code points of one text.
///
/// Building costs one pass over the text and, for text that is not ASCII, one `u32` for
/// each 64 code points; a conversion then looks at 64 characters at the most.
#[derive(Debug, Clone)]
pub struct CharIndex<'t> {
    text: &'t str,
    n_chars: u32,
    /// Byte offset of every `STEP`-th code point; empty for ASCII text.
    marks: Vec<u32>,
}

/// Code points between two marks: a cache line or two of text to walk.
const STEP: usize = 64;

impl<'t> CharIndex<'t> {
    /// Indexes `text`.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return CharIndex { text, n_chars: saturate(text.len()), marks: Vec::new() };
        }
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut n_chars = 0;
        for (at, _) in text.char_indices() {
            if n_chars % STEP == 0 {
                marks.push(saturate(at));
            }
            n_chars += 1;
        }
        CharIndex { text, n_chars: saturate(n_chars), marks }
    }

    /// The indexed text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Length of the text in code points.
    pub fn n_chars(&self) -> u32 {
        self.n_chars
    }

    /// Byte offset of code point `at`; the text's length for `n_chars`, `None` beyond.
    pub fn byte(&self, at: u32) -> Option<usize> {
        if at > self.n_chars {
            return None;
        }
        if self.marks.is_empty() {
            return Some(at as usize);
        }
        if at == self.n_chars {
            return Some(self.text.len());
        }
        let mark = self.marks[at as usize / STEP] as usize;
        let rest = at as usize % STEP;
        self.text[mark..].char_indices().nth(rest).map(|(offset, _)| mark + offset)
    }

    /// Number of code points before byte `at`, which must be a character boundary.
    ///
    /// # Panics
    ///
    /// When `at` is no boundary of the text.
    pub fn chars_before(&self, at: usize) -> u32 {
        if self.marks.is_empty() {
            assert!(at <= self.text.len(), "byte {at} is outside the text");
            return saturate(at);
        }
        let mark = self.marks.partition_point(|&mark| mark as usize <= at).max(1) - 1;
        let from = self.marks[mark] as usize;
        saturate(mark * STEP + self.text[from..at].chars().count())
    }

    /// Checks a range in code points and turns it into bytes.
    ///
    /// # Errors
    ///
    /// The range is empty, reversed or out of range.
    pub fn span(&self, range: CharRange) -> Result<Span, SpanError> {
        check_order(range.start, range.end, self.n_chars)?;
        let byte = |at| saturate(self.byte(at).expect("checked against n_chars"));
        Ok(Span { start: byte(range.start), end: byte(range.end) })
    }

    /// The range of a span in code points.
    pub fn chars(&self, span: Span) -> CharRange {
        CharRange {
            start: self.chars_before(span.start()),
            end: self.chars_before(span.end()),
        }
    }
}

/// The pieces of one annotation: sorted, and apart from each other by at least a byte.
///
/// Empty for what stands in no place: a document field, an attribution without a cue.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fragments {
    // Invariant: each starts after the end of the one before it.
    spans: Vec<Span>,
}

impl Fragments {
    /// No place.
    pub fn none() -> Self {
        Fragments::default()
    }

    /// Takes spans that are in order already.
    ///
    /// # Errors
    ///
    /// Two of them overlap, touch or stand in the wrong order.
    pub fn new(spans: Vec<Span>) -> Result<Self, SpanError> {
        match spans.windows(2).find(|pair| pair[0].end >= pair[1].start) {
            Some(pair) => {
                Err(SpanError::Fragments { start: pair[1].start, end: pair[1].end })
            }
            None => Ok(Fragments { spans }),
        }
    }

    /// Sorts spans and joins those that overlap or touch: the repair of `fragments`.
    pub fn merged(mut spans: Vec<Span>) -> Self {
        spans.sort();
        let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match kept.last_mut() {
                Some(last) if last.end >= span.start => last.end = last.end.max(span.end),
                _ => kept.push(span),
            }
        }
        Fragments { spans: kept }
    }

    /// The spans in order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// From the first byte to the last, the gaps included.
    pub fn hull(&self) -> Option<Span> {
        let (first, last) = (self.spans.first()?, self.spans.last()?);
        Some(Span { start: first.start, end: last.end })
    }

    /// The slices joined by one space, as every file quotes them.
    pub fn quote(&self, text: &str) -> String {
        match self.spans.as_slice() {
            [span] => span.slice(text).to_owned(),
            spans => {
                let slices: Vec<&str> =
                    spans.iter().map(|span| span.slice(text)).collect();
                slices.join(" ")
            }
        }
    }

    /// Whether both cover a byte in common.
    pub fn overlaps(&self, other: &Fragments) -> bool {
        self.spans.iter().any(|a| other.spans.iter().any(|b| a.overlaps(*b)))
    }
}

impl From<Span> for Fragments {
    fn from(span: Span) -> Self {
        Fragments { spans: vec![span] }
    }
}

impl fmt::Debug for Fragments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.spans).finish()
    }
}

fn check_order(start: u32, end: u32, len: u32) -> Result<(), SpanError> {
    match () {
        () if start > end => Err(SpanError::Reversed { start, end }),
        () if end > len => Err(SpanError::OutOfRange { start, end, len }),
        () if start == end => Err(SpanError::Empty { start, end }),
        () => Ok(()),
    }
}

/// Texts are bounded far below 4 GiB (`Limits` of ingest), so this never cuts; a number
/// from outside that is larger becomes one that is out of range.
fn saturate(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
