//! The cursor: a stream with its offset, read a line or a block at a time.
//!
//! Never holds more than what it was asked for, and can take back what was read too far.

use std::io::{self, BufRead, Read};

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// With a line feed, or the byte that was asked for, which is not part of the line.
    LineFeed,
    /// With the input.
    Input,
    /// It did not: the limit was reached, and the rest was skipped.
    TooLong,
}

/// A stream that knows where it is.
pub(crate) struct Cursor<'a> {
    stream: Box<dyn BufRead + 'a>,
    /// Bytes that were put back, and how many of them were read again.
    back: Vec<u8>,
    back_at: usize,
    offset: u64,
    /// An error that was met behind what was put back.
    held: Option<io::Error>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(stream: Box<dyn BufRead + 'a>) -> Self {
        Cursor { stream, back: Vec::new(), back_at: 0, offset: 0, held: None }
    }

    /// Bytes read so far.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// What comes next, at least one byte; empty at the end.
    pub(crate) fn peek(&mut self) -> io::Result<&[u8]> {
        if self.back_at < self.back.len() {
            return Ok(&self.back[self.back_at..]);
        }
        if let Some(error) = self.held.take() {
            return Err(error);
        }
        loop {
            // Borrowed twice, since a retry after `Interrupted` cannot hold a borrow.
            match self.stream.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(_) => return self.stream.fill_buf(),
            }
        }
    }

    fn advance(&mut self, n: usize) {
        self.offset += n as u64;
        match self.back_at < self.back.len() {
            true => self.back_at += n,
            false => self.stream.consume(n),
        }
    }

    /// Puts bytes back, to be read again.
    pub(crate) fn unread(&mut self, bytes: &[u8]) {
        self.offset -= bytes.len() as u64;
        // What was put back before lies there still.
        if self.back[..self.back_at].ends_with(bytes) {
            self.back_at -= bytes.len();
            return;
        }
        let mut back = bytes.to_vec();
        back.extend_from_slice(&self.back[self.back_at..]);
        (self.back, self.back_at) = (back, 0);
    }

    /// Appends up to `n` bytes to `into` and puts them back; an error that cuts them short is
    /// met again where it was.
    pub(crate) fn look_ahead(&mut self, n: usize, into: &mut Vec<u8>) {
        let before = into.len();
        let error = self.take(n, into).err();
        self.unread(&into[before..]);
        self.held = error.or(self.held.take());
    }

    /// Appends up to `n` bytes to `into`; fewer at the end of the input.
    ///
    /// After an error, what was read before it is in `into`.
    pub(crate) fn take(&mut self, n: usize, into: &mut Vec<u8>) -> io::Result<usize> {
        let before = into.len();
        while into.len() - before < n {
            let left = n - (into.len() - before);
            let chunk = self.peek()?;
            let len = chunk.len().min(left);
            if len == 0 {
                break;
            }
            into.extend_from_slice(&chunk[..len]);
            self.advance(len);
        }
        Ok(into.len() - before)
    }

    /// Passes over up to `n` bytes; says how many there were.
    pub(crate) fn skip(&mut self, n: u64) -> io::Result<u64> {
        let mut left = n;
        while left > 0 {
            let len = self.peek()?.len() as u64;
            if len == 0 {
                break;
            }
            let len = len.min(left);
            self.advance(usize::try_from(len).expect("no longer than a buffer"));
            left -= len;
        }
        Ok(n - left)
    }

    /// Appends the next line to `line`, without its line feed.
    ///
    /// Of a line over `limit` the first `limit` bytes are kept and the rest is passed
    /// over.
    pub(crate) fn line(
        &mut self,
        limit: usize,
        line: &mut Vec<u8>,
    ) -> io::Result<LineEnd> {
        self.line_to(b'\n', limit, line)
    }

    /// The same with another byte at the end of lines.
    pub(crate) fn line_to(
        &mut self,
        line_end: u8,
        limit: usize,
        line: &mut Vec<u8>,
    ) -> io::Result<LineEnd> {
        let before = line.len();
        let mut is_long = false;
        loop {
            let chunk = self.peek()?;
            if chunk.is_empty() {
                return Ok(if is_long { LineEnd::TooLong } else { LineEnd::Input });
            }
            let end = memchr::memchr(line_end, chunk);
            let len = end.unwrap_or(chunk.len());
            let keep = len.min(limit - (line.len() - before));
            line.extend_from_slice(&chunk[..keep]);
            is_long |= keep < len;
            self.advance(len + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(if is_long { LineEnd::TooLong } else { LineEnd::LineFeed });
            }
        }
    }

    /// Everything up to the end, if it is no more than `limit`.
    pub(crate) fn all(&mut self, limit: usize, into: &mut Vec<u8>) -> io::Result<bool> {
        self.take(limit, into)?;
        Ok(self.peek()?.is_empty())
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let chunk = self.peek()?;
        let n = chunk.len().min(into.len());
        into[..n].copy_from_slice(&chunk[..n]);
        self.advance(n);
        Ok(n)
    }
}
