//! What offsets count, and finding it out by the words that a file quotes.
//!
//! A *reading* is a unit and a way to count line ends. It explains an annotation when the
//! file's quote equals the slice. Readings are judged by whole articles: of offsets that
//! are one too high, some fit as bytes too, by luck.

use std::fmt;

use goldpress_text::is_grapheme_edge;

/// What a file's offsets count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Unicode code points, as in every file of ours.
    CodePoint,
    /// UTF-16 code units, as JavaScript, Java and C# count.
    Utf16,
    /// Bytes of UTF-8, as Rust and Go count.
    Utf8,
    /// Extended grapheme clusters; by option only.
    Grapheme,
}

impl Unit {
    /// The unit of that name: `code-point`, `utf-16`, `utf-8`, `grapheme`.
    pub fn from_name(name: &str) -> Option<Unit> {
        [Unit::CodePoint, Unit::Utf16, Unit::Utf8, Unit::Grapheme]
            .into_iter()
            .find(|unit| unit.to_string() == name)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Unit::CodePoint => "code-point",
            Unit::Utf16 => "utf-16",
            Unit::Utf8 => "utf-8",
            Unit::Grapheme => "grapheme",
        })
    }
}

/// How a CR LF is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineEnds {
    /// As both of its characters.
    AsInFile,
    /// As one.
    One,
}

/// A unit and a way to count line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// What is counted.
    pub unit: Unit,
    /// How CR LF is counted.
    pub line_ends: LineEnds,
}

impl Reading {
    /// The readings of some units, in the order in which they are preferred.
    pub(crate) fn all(units: &[Unit]) -> Vec<Reading> {
        let both = [LineEnds::AsInFile, LineEnds::One];
        let of = |unit: &Unit| both.map(|line_ends| Reading { unit: *unit, line_ends });
        units.iter().flat_map(of).collect()
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line_ends {
            LineEnds::AsInFile => write!(f, "{}", self.unit),
            LineEnds::One => write!(f, "{}, CR LF as one", self.unit),
        }
    }
}

/// A text with LF for every line end and none at its end.
pub(crate) fn unify(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_end_matches('\n').to_owned()
}

/// Where each character of a unified text begins, as one reading counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ruler {
    /// Offset of character i; the last one is the end of the text.
    starts: Vec<u32>,
}

impl Ruler {
    /// Measures `raw`, the text as the file has it.
    pub(crate) fn new(raw: &str, reading: Reading) -> Ruler {
        let mut starts = vec![0];
        let mut at: u32 = 0;
        let mut letters = raw.char_indices().peekable();
        while let Some((byte, letter)) = letters.next() {
            let next = byte + letter.len_utf8();
            let is_pair = letter == '\r' && raw[next..].starts_with('\n');
            if is_pair {
                letters.next();
            }
            let extra = u32::from(is_pair && reading.line_ends == LineEnds::AsInFile);
            let width = match reading.unit {
                Unit::CodePoint => 1,
                Unit::Utf16 => letter.len_utf16() as u32,
                Unit::Utf8 => letter.len_utf8() as u32,
                // A cluster is counted where it ends.
                Unit::Grapheme => u32::from(is_grapheme_edge(raw, next)),
            };
            at += width + extra;
            starts.push(at);
        }
        Ruler { starts }
    }

    /// The character that begins at `offset`; `None` inside one or beyond the end.
    pub(crate) fn char_at(&self, offset: i64) -> Option<u32> {
        let offset = u32::try_from(offset).ok()?;
        // Characters inside a cluster share its offset: the first of them begins it.
        let at = self.starts.partition_point(|start| *start < offset);
        (self.starts.get(at) == Some(&offset))
            .then(|| u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Where a character begins; the end of the text for one beyond it.
    pub(crate) fn offset(&self, at: u32) -> u32 {
        self.starts.get(at as usize).copied().unwrap_or_else(|| self.len())
    }

    /// Length of the text.
    pub(crate) fn len(&self) -> u32 {
        *self.starts.last().unwrap_or(&0)
    }
}
