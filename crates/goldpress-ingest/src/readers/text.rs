//! Plain text: one article a file, or several between lines that part them.

use std::path::Path;

use goldpress_model::{RawDocument, RejectReason};
use regex::bytes::Regex;

use super::{Input, Reader, document, foreign::Foreign, single, too_large};
use crate::{
    Content, Item, Options, Record,
    compression::reason_of,
    cursor::LineEnd,
    record::{Refusal, reject},
};

pub(super) struct Text;

impl Reader for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn recognises(&self, head: &[u8], path: &Path) -> bool {
        Foreign::of(head, path).is_none()
    }

    fn records<'a>(
        &self,
        mut input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        if let Some(split_on) = &options.split_on {
            return Box::new(Parts {
                input,
                options,
                split_on,
                record: 0,
                is_done: false,
            });
        }
        let (raw, refusal) = input.document("text/plain", options);
        single(raw, refusal, Content::Text)
    }
}

/// The articles between lines that match.
struct Parts<'a> {
    input: Input<'a>,
    options: &'a Options,
    split_on: &'a Regex,
    record: u64,
    is_done: bool,
}

impl Iterator for Parts<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let limit = self.options.limits.record_bytes;
        while !self.is_done {
            let start = self.input.cursor.offset();
            let mut bytes = Vec::new();
            let ended = self.part(limit, &mut bytes);
            if bytes.trim_ascii().is_empty() && ended.is_ok() {
                continue;
            }
            self.record += 1;
            let origin = self.input.origin(self.record, start);
            let raw = document(origin, bytes, "text/plain");
            return Some(match ended {
                Ok(true) => Item::Record(Box::new(Record::plain(raw, Content::Text))),
                Ok(false) => refused(&raw, too_large(limit)),
                Err(why) => refused(&raw, why),
            });
        }
        None
    }
}

impl Parts<'_> {
    /// Reads up to the next line that matches; false where the part is over the limit.
    fn part(&mut self, limit: usize, bytes: &mut Vec<u8>) -> Result<bool, Refusal> {
        let mut fits = true;
        loop {
            let mut line = Vec::new();
            let end = match self.input.cursor.line(limit, &mut line) {
                Ok(end) => end,
                Err(error) => {
                    let why = reason_of(&error);
                    self.is_done = why.reason == RejectReason::Unreadable;
                    bytes.extend_from_slice(&line);
                    return Err(why);
                }
            };
            let is_edge =
                self.split_on.is_match(line.strip_suffix(b"\r").unwrap_or(&line));
            if !is_edge && fits {
                bytes.extend_from_slice(&line);
                bytes.push(b'\n');
                fits = end != LineEnd::TooLong && bytes.len() <= limit;
            }
            self.is_done = end == LineEnd::Input;
            if is_edge || self.is_done {
                return Ok(fits);
            }
        }
    }
}

fn refused(raw: &RawDocument, why: Refusal) -> Item {
    Item::Reject(reject(raw, why.reason, why.detail))
}
