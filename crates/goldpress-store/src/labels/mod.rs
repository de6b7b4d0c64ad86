//! Label files: what one person or system says of one article, a line an annotation.
//!
//! Line 1 is the header, every other line an annotation with its provenance. The bytes
//! are canonical, so that git shows who changed what. What a schema allows is not looked
//! at here.
//!
//! # Example
//!
//! ```
//! use goldpress_store::labels;
//!
//! let file = labels::parse(
//!     "{\"chars\":20,\"doc\":\"29530c9ce397994f478331b3f1f61dce\",\
//!      \"goldpress_labels\":1,\"set\":\"ada\"}\n\
//!      {\"fragments\":[[2,18]],\"id\":\"375cd07f4c99\",\"label\":\"ORG\",\
//!      \"layer\":\"entity\",\"origin\":\"human\",\"spent_s\":4.5,\
//!      \"status\":\"accepted\",\"text\":\"Kag̃uary Freight\"}\n"
//!         .as_bytes(),
//! )
//! .expect("sound lines");
//! assert_eq!(file.lines[0].annotation.text, "Kag̃uary Freight");
//! assert_eq!(file.lines[0].provenance.spent_ds, Some(45));
//! ```

mod id;
mod loose;
mod wire;

use std::{cmp::Ordering, fmt};

use goldpress_model::{Digest, LooseAnnotation, Provenance};

use self::wire::{WireHeader, WireLine};
pub use self::{
    id::new_id,
    loose::{parse_loose, render_loose},
};
use crate::json;

/// The version of label files that this build reads and writes.
pub const VERSION: u64 = 1;

/// Line 1 of a label file; never changes while the file lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelHeader {
    /// Code points of the text that was labelled.
    pub chars: u32,
    /// The article; also the file's name.
    pub doc: Digest,
    /// The layer set; also the folder's name.
    pub set: String,
}

/// An annotation and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelLine {
    /// What is said of the text, in code points.
    pub annotation: LooseAnnotation,
    /// Who proposed it, and what became of it.
    pub provenance: Provenance,
}

/// One layer set's annotations of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelFile {
    /// Line 1.
    pub header: LabelHeader,
    /// The other lines, in the order of the file.
    pub lines: Vec<LabelLine>,
}

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Number of the line, counted from 1; 1 is the header.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for LineError {}

/// What could be read of a label file, for those who report every fault at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LabelReading {
    /// Line 1, if it is sound.
    pub header: Option<LabelHeader>,
    /// Sound lines with their number, counted from 1.
    pub lines: Vec<(usize, LabelLine)>,
    /// The others, in the order of the file.
    pub errors: Vec<LineError>,
}

/// Reads a label file; a line that is not sound fails all of it.
///
/// # Errors
///
/// One for each line that is no JSON object, has unknown keys, misses keys or holds
/// values of the wrong type, and for a header of another version.
pub fn parse(bytes: &[u8]) -> Result<LabelFile, Vec<LineError>> {
    let reading = read(bytes);
    match reading.header {
        Some(header) if reading.errors.is_empty() => {
            let lines = reading.lines.into_iter().map(|(_, line)| line).collect();
            Ok(LabelFile { header, lines })
        }
        _ => Err(reading.errors),
    }
}

/// Reads what is sound in a label file and says what is not.
///
/// Total: bytes that are no label file at all give an error for line 1.
pub fn read(bytes: &[u8]) -> LabelReading {
    let mut reading = LabelReading::default();
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    for (n, line) in body.split(|byte| *byte == b'\n').enumerate() {
        let number = n + 1;
        let outcome = match std::str::from_utf8(line) {
            Err(error) => Err(format!("not UTF-8 from byte {}", error.valid_up_to())),
            Ok(text) if number == 1 => {
                WireHeader::parse(text).map(|header| reading.header = Some(header))
            }
            Ok(text) if is_of_a_merge(text) => {
                Err("a merge left both sides here: keep one, and no such mark".to_owned())
            }
            Ok(text) => {
                WireLine::parse(text).map(|line| reading.lines.push((number, line)))
            }
        };
        if let Err(message) = outcome {
            reading.errors.push(LineError { line: number, message });
        }
    }
    reading
}

/// Whether git wrote the line, between two sides that it could not bring together.
fn is_of_a_merge(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark))
}

/// The canonical bytes of a label file: lines in order, keys sorted, last line ended.
///
/// Takes lines in any order. Does not check them: that is done once, before a write.
pub fn render(file: &LabelFile) -> String {
    let mut lines: Vec<&LabelLine> = file.lines.iter().collect();
    lines.sort_by(|a, b| order(a, b));
    let mut out = render_header(&file.header);
    out.push('\n');
    for line in lines {
        out.push_str(&render_line(line));
        out.push('\n');
    }
    out
}

/// The canonical bytes of line 1, without its end.
pub fn render_header(header: &LabelHeader) -> String {
    json::canonical(&WireHeader::of(header))
}

/// The canonical bytes of an annotation's line, without its end.
pub fn render_line(line: &LabelLine) -> String {
    json::canonical(&WireLine::of(line))
}

/// Reads one line that is not a header.
///
/// # Errors
///
/// What [`parse`] says of such a line.
pub fn parse_line(line: &str) -> Result<LabelLine, String> {
    WireLine::parse(line)
}

/// The order of lines: layer, first start, last end from the far one, label, id.
///
/// What stands in no place comes before what does.
pub fn order(a: &LabelLine, b: &LabelLine) -> Ordering {
    let key = |line: &LabelLine| {
        let fragments = &line.annotation.fragments;
        let start = fragments.first().map_or(-1, |range| i64::from(range.start));
        let end = fragments.last().map_or(0, |range| -i64::from(range.end));
        (start, end)
    };
    let (left, right) = (&a.annotation, &b.annotation);
    left.layer
        .cmp(&right.layer)
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| left.label.cmp(&right.label))
        .then_with(|| left.id.cmp(&right.id))
}
