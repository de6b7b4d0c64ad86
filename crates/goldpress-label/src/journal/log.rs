//! The log: one record a line, each sealed by a sum over all before it.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

use goldpress_model::Digest;
use goldpress_store::{
    json::canonical,
    labels::{LabelLine, parse_line, render_line},
};
use serde_json::{Value, json};

use super::Change;

/// One line of a log.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Record {
    /// A beginning: the lines, and the hash of the label file that they were read from.
    Open { base: String, lines: Vec<LabelLine> },
    /// One action.
    Set { at: String, why: String, changes: Vec<Change> },
    /// The action with that number is taken back.
    Undo { of: u64 },
    /// The action with that number is made again.
    Redo { of: u64 },
    /// The label file was written; its hash.
    Fold { file: String },
}

/// What a log says.
pub(super) struct Read {
    /// Records with their numbers.
    pub(super) records: Vec<(u64, Record)>,
    /// Sum of the last sound record.
    pub(super) sum: String,
    /// Number of the next record.
    pub(super) next: u64,
    /// Bytes up to the end of the last sound record.
    pub(super) length: u64,
    /// Whether a record that is not the last is broken.
    pub(super) is_broken: bool,
}

/// Where a log is written to.
pub trait Appender {
    /// Bytes written and not taken back.
    fn length(&self) -> u64;
    /// Appends bytes; an error may leave some of them.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything appended outlive the machine.
    ///
    /// # Errors
    ///
    /// The disk refuses; what it holds is unknown then.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the log off.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

/// A log in a file.
pub struct FileAppender {
    file: File,
    length: u64,
}

impl FileAppender {
    /// Opens or makes the file.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn open(path: &Path) -> io::Result<FileAppender> {
        let mut options = OpenOptions::new();
        let file =
            options.create(true).read(true).write(true).truncate(false).open(path)?;
        let length = file.metadata()?.len();
        Ok(FileAppender { file, length })
    }
}

impl Appender for FileAppender {
    fn length(&self) -> u64 {
        self.length
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = length;
        Ok(())
    }
}

/// The line of a record, ended, and its sum.
pub(super) fn line(record: &Record, n: u64, before: &str) -> (String, String) {
    let mut value = value(record);
    value["n"] = json!(n);
    let sum = sum(before, &value);
    value["sum"] = json!(sum);
    (canonical(&value) + "\n", sum)
}

/// Records as a whole log, numbered from 0.
pub(super) fn spell(records: &[Record]) -> String {
    let mut before = String::new();
    let mut out = String::new();
    for (n, record) in records.iter().enumerate() {
        let (spelt, sum) = line(record, n as u64, &before);
        out.push_str(&spelt);
        before = sum;
    }
    out
}

/// 16 hex digits over the sum before and the record without its own.
fn sum(before: &str, value: &Value) -> String {
    let spelt = format!("{before}{}", canonical(value));
    Digest::of(spelt.as_bytes()).to_string()[..16].to_owned()
}

fn value(record: &Record) -> Value {
    let spelt = |line: &LabelLine| -> Value {
        serde_json::from_str(&render_line(line)).unwrap_or_default()
    };
    match record {
        Record::Open { base, lines } => {
            let lines: Vec<Value> = lines.iter().map(spelt).collect();
            json!({"do": "open", "base": base, "lines": lines})
        }
        Record::Set { at, why, changes } => {
            let pair = |change: &Change| {
                json!([
                    change.before.as_ref().map(spelt),
                    change.after.as_ref().map(spelt)
                ])
            };
            let changes: Vec<Value> = changes.iter().map(pair).collect();
            json!({"do": "set", "at": at, "why": why, "changes": changes})
        }
        Record::Undo { of } => json!({"do": "undo", "of": of}),
        Record::Redo { of } => json!({"do": "redo", "of": of}),
        Record::Fold { file } => json!({"do": "fold", "file": file}),
    }
}

/// Reads a log; `None` where there is none.
///
/// A last record that is cut off or whose sum is wrong was never acknowledged: it is left
/// out, and `length` says where to cut.
pub(super) fn read(path: &Path) -> io::Result<Option<Read>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) if bytes.is_empty() => return Ok(None),
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut read = Read {
        records: Vec::new(),
        sum: String::new(),
        next: 0,
        length: 0,
        is_broken: false,
    };
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = end.map(|end| &rest[..end]);
        let Some((n, record, sum)) = line.and_then(|line| parse(line, &read.sum)) else {
            // Anything behind a bad record means that it was not the last.
            read.is_broken = end.is_some_and(|end| end + 1 < rest.len());
            break;
        };
        let end = line.map_or(0, <[u8]>::len) + 1;
        read.records.push((n, record));
        read.sum = sum;
        read.next = n + 1;
        read.length += end as u64;
        rest = &rest[end..];
    }
    Ok(Some(read))
}

fn parse(line: &[u8], before: &str) -> Option<(u64, Record, String)> {
    let mut value: Value = serde_json::from_slice(line).ok()?;
    let sealed = value.as_object_mut()?.remove("sum")?;
    if sum(before, &value) != sealed.as_str()? {
        return None;
    }
    let n = value["n"].as_u64()?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let of = || value["of"].as_u64();
    let record = match value["do"].as_str()? {
        "open" => {
            let lines = value["lines"].as_array()?.iter().map(read_line);
            Record::Open { base: text("base")?, lines: lines.collect::<Option<_>>()? }
        }
        "set" => {
            let change = |pair: &Value| {
                let side = |at: usize| match &pair[at] {
                    Value::Null => Some(None),
                    line => read_line(line).map(Some),
                };
                Some(Change { before: side(0)?, after: side(1)? })
            };
            let changes = value["changes"].as_array()?.iter().map(change);
            let changes = changes.collect::<Option<_>>()?;
            Record::Set { at: text("at")?, why: text("why")?, changes }
        }
        "undo" => Record::Undo { of: of()? },
        "redo" => Record::Redo { of: of()? },
        "fold" => Record::Fold { file: text("file")? },
        _ => return None,
    };
    Some((n, record, sealed.as_str()?.to_owned()))
}

fn read_line(value: &Value) -> Option<LabelLine> {
    parse_line(&canonical(value)).ok()
}
