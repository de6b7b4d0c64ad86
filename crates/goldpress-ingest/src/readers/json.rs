//! JSON: lists of objects, objects one after the other, objects over several lines.
//!
//! Objects are cut out of the stream one at a time, so that a list of any length needs the
//! memory of one of them. Brackets and commas between objects may be missing or too many:
//! crawlers that append to a file leave several lists in it. An object that is no article
//! but holds some, as interfaces answer, is an envelope: what is in it is read.

use std::{io, path::Path};

use goldpress_model::{Field, FieldSource, RejectReason};
use goldpress_text::normalise_fragment;
use serde_json::Value;

use super::{
    Input, Reader, document, envelope, head_text, jsonl::read_object, lost, too_large,
};
use crate::{
    Item, Options,
    compression::reason_of,
    cursor::LineEnd,
    mapping::Mapping,
    presets::Preset,
    record::{Refusal, reject},
};

pub(super) struct Json;

impl Reader for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        let list = text.strip_prefix('[').map(str::trim_start);
        text.starts_with('{') || list.is_some_and(|list| list.starts_with(['{', ']']))
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        Box::new(Objects {
            input: input.in_utf8(),
            options,
            record: 0,
            is_done: false,
            group: None,
            envelope: None,
            may_wrap: true,
            indent: Vec::new(),
            n_open: 0,
        })
    }
}

struct Objects<'a> {
    input: Input<'a>,
    options: &'a Options,
    record: u64,
    is_done: bool,
    /// In an object of lists, the key of the one that is open: who published its articles.
    group: Option<String>,
    /// In an envelope: of each list and object that is open, whether it holds records.
    envelope: Option<Vec<bool>>,
    /// Whether the next object may be an envelope: the first was one, or is still to come.
    may_wrap: bool,
    /// White space before the last object on its line: where the next one may begin.
    indent: Vec<u8>,
    /// Objects so far that nothing closed.
    n_open: usize,
}

/// Bytes of a key that may name a list of articles, with the brackets around it.
const MAX_KEY_BYTES: usize = 1024;

/// Objects that nothing closes after which lines alone tell where one ends: each costs a
/// look at all that follows.
const MAX_OPEN: usize = 8;

impl Iterator for Objects<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.is_done {
            return None;
        }
        let start = match self.find_object() {
            Ok(Some(start)) => start,
            Ok(None) => {
                self.is_done = true;
                return None;
            }
            Err(error) => {
                self.record += 1;
                let reject = lost(&self.input, self.record, &error);
                self.is_done = reject.reason == RejectReason::Unreadable;
                return Some(Item::Reject(reject));
            }
        };
        self.record += 1;
        let mut bytes = Vec::new();
        let end = self.object(&mut bytes);
        let origin = self.input.origin(self.record, start);
        let raw = document(origin, bytes, "application/json");
        Some(match end {
            Ok(None) => self.published(read_object(raw, self.options)),
            Ok(Some(why)) => Item::Reject(reject(&raw, why.reason, why.detail)),
            Err(error) => {
                let why = reason_of(&error);
                self.is_done = why.reason == RejectReason::Unreadable;
                Item::Reject(reject(&raw, why.reason, why.detail))
            }
        })
    }
}

impl Objects<'_> {
    /// Passes over everything up to the next opening brace.
    fn find_object(&mut self) -> io::Result<Option<u64>> {
        loop {
            if let Some(open) = self.envelope.take()
                && let Some(start) = self.find_in_envelope(open)?
            {
                return Ok(Some(start));
            }
            let chunk = self.input.cursor.peek()?;
            let Some(byte) = chunk.first().copied() else { return Ok(None) };
            match byte {
                b'{' if self.record == 0 && self.is_grouped()? => {
                    self.group = Some(String::new());
                }
                b'{' if self.may_wrap && self.opens_envelope() => {
                    self.envelope = Some(vec![false]);
                }
                b'"' if self.group.is_some() => {
                    self.group = self.key()?.or(self.group.take());
                    continue;
                }
                b'{' => return Ok(Some(self.input.cursor.offset())),
                b'\n' => self.indent.clear(),
                b' ' | b'\t' if self.indent.len() < 64 => self.indent.push(byte),
                _ => {}
            }
            self.input.cursor.skip(1)?;
        }
    }

    /// Reads the key that begins here if a list follows it; otherwise goes behind its quote.
    fn key(&mut self) -> io::Result<Option<String>> {
        let mut ahead = Vec::new();
        self.input.cursor.take(1, &mut ahead)?;
        let mut is_escaped = false;
        let mut end = None;
        let mut wanted = b":[".iter();
        while ahead.len() < MAX_KEY_BYTES && self.input.cursor.take(1, &mut ahead)? > 0 {
            let byte = ahead[ahead.len() - 1];
            match end {
                None if is_escaped => is_escaped = false,
                None if byte == b'\\' => is_escaped = true,
                None if byte == b'"' => end = Some(ahead.len()),
                None => {}
                Some(_) if byte.is_ascii_whitespace() => {}
                Some(_) if wanted.next() != Some(&byte) => break,
                Some(end) if wanted.len() == 0 => {
                    let key = serde_json::from_slice::<String>(&ahead[..end]);
                    return Ok(key.ok().map(|key| normalise_fragment(&key)));
                }
                Some(_) => {}
            }
        }
        self.input.cursor.unread(&ahead[1..]);
        Ok(None)
    }

    /// The item with the key of its list as publisher, unless it names one.
    fn published(&self, mut item: Item) -> Item {
        let group = self.group.as_deref().unwrap_or_default();
        if let Item::Record(record) = &mut item
            && !group.is_empty()
            && record.stated.get(Field::Publisher).is_none()
        {
            record.stated.state(Field::Publisher, group, FieldSource::Record);
        }
        item
    }

    /// Whether the object that begins here is none of an article but holds lists of them.
    fn is_grouped(&mut self) -> io::Result<bool> {
        let mut before = Vec::new();
        let is = self.opens_list(&mut before)? && {
            let mut ahead = Vec::new();
            self.input.cursor.look_ahead(envelope::AHEAD_BYTES, &mut ahead);
            let first = envelope::beginning(&ahead);
            first.as_ref().and_then(Preset::of).is_some_and(|one| one.grouped)
        };
        self.input.cursor.unread(&before);
        self.may_wrap &= !is;
        Ok(is)
    }

    /// Whether the object that begins here is no article but holds some.
    fn opens_envelope(&mut self) -> bool {
        let mut ahead = Vec::new();
        self.input.cursor.look_ahead(envelope::AHEAD_BYTES, &mut ahead);
        let mapping = &self.options.mapping;
        let top = envelope::beginning(&ahead).filter(|top| !mapping.holds_text(top));
        self.may_wrap = top.is_some_and(|top| envelope::holds_articles(&top, mapping));
        self.may_wrap
    }

    /// Goes to the next record in an envelope; behind its end where there is none.
    fn find_in_envelope(&mut self, mut open: Vec<bool>) -> io::Result<Option<u64>> {
        while let Some(byte) = self.input.cursor.peek()?.first().copied() {
            let mut is_skipped = true;
            match byte {
                b'"' => {
                    self.skip_string()?;
                    is_skipped = false;
                }
                b'{' if open.last() == Some(&true)
                    || open.len() >= envelope::MAX_DEPTH
                    || self.is_record(Mapping::holds_text) =>
                {
                    let start = self.input.cursor.offset();
                    self.envelope = Some(open);
                    return Ok(Some(start));
                }
                b'{' => open.push(false),
                b'[' => {
                    self.input.cursor.skip(1)?;
                    is_skipped = false;
                    while self
                        .input
                        .cursor
                        .peek()?
                        .first()
                        .is_some_and(u8::is_ascii_whitespace)
                    {
                        self.input.cursor.skip(1)?;
                    }
                    let is_record = |mapping: &Mapping, item: &Value| {
                        mapping.holds_text(item) || mapping.is_about_article(item)
                    };
                    let begins = self.input.cursor.peek()?.first() == Some(&b'{');
                    open.push(begins && self.is_record(is_record));
                }
                b'}' | b']' => {
                    open.pop();
                }
                _ => {}
            }
            if is_skipped {
                self.input.cursor.skip(1)?;
            }
            if open.is_empty() {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Whether the object that begins here is an article.
    fn is_record(&mut self, is: impl Fn(&Mapping, &Value) -> bool) -> bool {
        let mut ahead = Vec::new();
        // Most articles are short.
        self.input.cursor.look_ahead(envelope::NEAR_BYTES, &mut ahead);
        if !envelope::is_whole(&ahead) {
            ahead.clear();
            self.input.cursor.look_ahead(envelope::AHEAD_BYTES, &mut ahead);
        }
        envelope::beginning(&ahead).is_some_and(|item| is(&self.options.mapping, &item))
    }

    /// Goes behind the string that begins here.
    fn skip_string(&mut self) -> io::Result<()> {
        let mut is_escaped = false;
        self.input.cursor.skip(1)?;
        loop {
            let chunk = self.input.cursor.peek()?;
            let end = chunk.iter().position(|byte| {
                let is_end = *byte == b'"' && !is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
                is_end
            });
            let n = end.map_or(chunk.len(), |end| end + 1) as u64;
            self.input.cursor.skip(n)?;
            if end.is_some() || n == 0 {
                return Ok(());
            }
        }
    }

    /// Reads ahead: whether a brace, a key, and a list follow, whose first item is an object.
    fn opens_list(&mut self, ahead: &mut Vec<u8>) -> io::Result<bool> {
        let mut wanted = b"{\"\":[{".iter().peekable();
        while ahead.len() < MAX_KEY_BYTES {
            let Some(byte) = self.input.cursor.peek()?.first().copied() else { break };
            let is_in_key = wanted.len() == 4;
            match wanted.peek() {
                Some(want) if **want == byte => {
                    wanted.next();
                    if wanted.len() == 0 {
                        return Ok(true);
                    }
                }
                _ if is_in_key && byte != b'\\' => {}
                _ if byte.is_ascii_whitespace() => {}
                _ => break,
            }
            self.input.cursor.take(1, ahead)?;
        }
        Ok(false)
    }

    /// Reads up to the brace that closes the object, or says why there is none.
    fn object(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<Refusal>> {
        if self.n_open >= MAX_OPEN {
            return self.lines(bytes);
        }
        let limit = self.options.limits.record_bytes;
        let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
        loop {
            let chunk = self.input.cursor.peek()?;
            if chunk.is_empty() {
                self.is_done = true;
                return Ok(Some(self.give_back(bytes)));
            }
            let mut n = 0;
            for byte in chunk {
                n += 1;
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if in_string => is_escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            let n = n.min(limit + 1 - bytes.len());
            self.input.cursor.take(n, bytes)?;
            if bytes.len() > limit {
                self.give_back(bytes);
                return Ok(Some(too_large(limit)));
            }
            if depth == 0 {
                return Ok(None);
            }
        }
    }

    /// Ends an object that nothing closes before the first line on which another one
    /// seems to begin, and puts back what follows.
    fn give_back(&mut self, bytes: &mut Vec<u8>) -> Refusal {
        self.n_open += 1;
        let opening: Vec<u8> = [b"\n", self.indent.as_slice(), b"{"].concat();
        match memchr::memmem::find(bytes, &opening) {
            Some(at) => {
                let rest = bytes.split_off(at);
                self.input.cursor.unread(&rest);
                self.is_done = false;
                Refusal::new(RejectReason::BrokenRecord, "an object is never closed")
            }
            None => Refusal::new(RejectReason::Truncated, "the input ends in an object"),
        }
    }

    /// Reads up to the next line on which an object seems to begin.
    fn lines(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<Refusal>> {
        let limit = self.options.limits.record_bytes;
        let opening = [self.indent.as_slice(), b"{"].concat();
        loop {
            let before = bytes.len();
            let end = self.input.cursor.line(limit.saturating_sub(before), bytes)?;
            if before > 0 && bytes[before..].starts_with(&opening) {
                let mut line = bytes.split_off(before);
                if end == LineEnd::LineFeed {
                    line.push(b'\n');
                }
                self.input.cursor.unread(&line);
                break;
            }
            match end {
                LineEnd::LineFeed => bytes.push(b'\n'),
                LineEnd::TooLong => return Ok(Some(too_large(limit))),
                LineEnd::Input => {
                    self.is_done = true;
                    break;
                }
            }
        }
        // What stands between two objects of a list.
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || b",]".contains(byte);
        while bytes.last().is_some_and(is_between) {
            bytes.pop();
        }
        Ok(None)
    }
}
