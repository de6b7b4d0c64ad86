//! Offsets in another unit: which reading would make every annotation fit.
//!
//! Judged over a whole document, since single spans fit a wrong unit by luck.

use std::fmt;

use goldpress_model::{CharIndex, CharRange, LooseAnnotation};

/// A reading of offsets that is not code points of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// UTF-16 code units.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// Code points of the text with CRLF line ends.
    LineEnds,
    /// Code points, all off by the same number.
    Shift(i64),
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reading::Utf16 => f.write_str("UTF-16 units"),
            Reading::Bytes => f.write_str("bytes"),
            Reading::LineEnds => f.write_str("a text with CRLF line ends"),
            Reading::Shift(by) => write!(f, "offsets shifted by {by:+}"),
        }
    }
}

const READINGS: [Reading; 7] = [
    Reading::Utf16,
    Reading::Bytes,
    Reading::LineEnds,
    Reading::Shift(-1),
    Reading::Shift(1),
    Reading::Shift(-2),
    Reading::Shift(2),
];

/// The first reading under which all annotations of the document quote what stands there.
///
/// The caller has seen one that does not fit as declared, which tells the readings apart.
pub(crate) fn diagnose(
    index: &CharIndex<'_>,
    annotations: &[LooseAnnotation],
) -> Option<Reading> {
    let placed = || annotations.iter().filter(|line| !line.fragments.is_empty());
    READINGS.into_iter().find(|reading| {
        let table = Table::new(index.text(), *reading);
        placed().all(|line| {
            let ranges = line.fragments.iter().map(|range| table.convert(*range));
            let Some(ranges) = ranges.collect::<Option<Vec<CharRange>>>() else {
                return false;
            };
            let slice = |range: &CharRange| {
                index.span(*range).ok().map(|span| span.slice(index.text()))
            };
            let slices: Option<Vec<&str>> = ranges.iter().map(slice).collect();
            slices.is_some_and(|slices| slices.join(" ") == line.text)
        })
    })
}

/// Where each code point begins in the other unit.
pub(crate) struct Table {
    reading: Reading,
    starts: Vec<u32>,
}

impl Table {
    /// Goes over the text once.
    pub(crate) fn new(text: &str, reading: Reading) -> Table {
        let mut at = 0_usize;
        let mut starts = vec![0];
        for c in text.chars() {
            at += match reading {
                Reading::Utf16 => c.len_utf16(),
                Reading::Bytes => c.len_utf8(),
                Reading::LineEnds if c == '\n' => 2,
                Reading::LineEnds | Reading::Shift(_) => 1,
            };
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        Table { reading, starts }
    }

    /// The annotation with its offsets turned into code points.
    pub(crate) fn converted(&self, line: &LooseAnnotation) -> LooseAnnotation {
        let convert = |range: &CharRange| self.convert(*range).unwrap_or(*range);
        let fragments = line.fragments.iter().map(convert).collect();
        LooseAnnotation { fragments, ..line.clone() }
    }

    fn convert(&self, range: CharRange) -> Option<CharRange> {
        let one = |at: u32| -> Option<u32> {
            if let Reading::Shift(by) = self.reading {
                return u32::try_from(i64::from(at) - by).ok();
            }
            self.starts.binary_search(&at).ok().map(|at| at as u32)
        };
        Some(CharRange { start: one(range.start)?, end: one(range.end)? })
    }
}
