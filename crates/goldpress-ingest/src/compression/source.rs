//! The compressed bytes: looked at ahead, and of the last member remembered, so that a
//! stretch of them can be read again.

use std::{
    io::{self, BufRead, Read},
    mem,
};

/// Compressed bytes remembered of a member, to look for the next one in them.
const LOG_BYTES: usize = 16 << 20;

pub(super) struct Source<'a> {
    stream: Box<dyn BufRead + 'a>,
    back: Vec<u8>,
    back_at: usize,
    /// Bytes of the member so far, until it grows too large to be remembered.
    log: Vec<u8>,
    /// Bytes of the member so far.
    n_read: u64,
    /// Whether somebody wanted more of the member than there is.
    is_at_end: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(stream: Box<dyn BufRead + 'a>) -> Source<'a> {
        Source {
            stream,
            back: Vec::new(),
            back_at: 0,
            log: Vec::new(),
            n_read: 0,
            is_at_end: false,
        }
    }

    pub(super) fn begin_member(&mut self) {
        self.log.clear();
        self.n_read = 0;
        self.is_at_end = false;
    }

    /// Bytes of the member so far.
    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Whether the member was read up to the end of the input and wanted more.
    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// What comes next, `n` bytes at the least, or all that there is.
    pub(super) fn peek(&mut self, n: usize) -> io::Result<&[u8]> {
        if self.back_at == self.back.len() && self.stream.fill_buf()?.len() >= n {
            return self.stream.fill_buf();
        }
        self.back.drain(..mem::take(&mut self.back_at));
        while self.back.len() < n {
            let chunk = self.stream.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let len = chunk.len().min(n - self.back.len());
            self.back.extend_from_slice(&chunk[..len]);
            self.stream.consume(len);
        }
        Ok(&self.back)
    }

    /// Passes over `n` bytes; says how many there were.
    pub(super) fn skip(&mut self, n: u64) -> io::Result<u64> {
        io::copy(&mut self.by_ref().take(n), &mut io::sink())
    }

    /// Goes back to the second byte of the member, if that is still known; behind its first
    /// byte in any case, so that it is not found again.
    pub(super) fn rewind(&mut self) {
        if self.n_read == 0 && !self.is_at_end {
            self.consume(1);
        }
        if self.n_read != self.log.len() as u64 || self.log.is_empty() {
            return;
        }
        let mut back = mem::take(&mut self.log).split_off(1);
        back.extend_from_slice(&self.back[self.back_at..]);
        (self.back, self.back_at) = (back, 0);
    }

    /// Goes to the next bytes that `is_wanted`, which begin with `first`; says how many
    /// there were before, and whether there are any.
    pub(super) fn find(
        &mut self,
        first: u8,
        n_ahead: usize,
        is_wanted: impl Fn(&[u8]) -> bool,
    ) -> io::Result<(u64, bool)> {
        let mut n = 0;
        loop {
            let ahead = self.peek(n_ahead)?;
            let skip = match memchr::memchr(first, ahead) {
                _ if ahead.is_empty() => return Ok((n, false)),
                Some(0) if is_wanted(ahead) => return Ok((n, true)),
                // It may be the first of those that are wanted, with too few behind it.
                Some(0) => 1,
                Some(at) => at,
                None => ahead.len(),
            };
            self.consume(skip);
            n += skip as u64;
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.back_at < self.back.len() {
            return Ok(&self.back[self.back_at..]);
        }
        let chunk = self.stream.fill_buf()?;
        self.is_at_end |= chunk.is_empty();
        Ok(chunk)
    }

    fn consume(&mut self, n: usize) {
        let has_room = self.log.len() as u64 == self.n_read && self.log.len() < LOG_BYTES;
        self.n_read += n as u64;
        if self.back_at < self.back.len() {
            if has_room {
                self.log.extend_from_slice(&self.back[self.back_at..self.back_at + n]);
            }
            self.back_at += n;
            return;
        }
        if has_room && let Ok(buffer) = self.stream.fill_buf() {
            self.log.extend_from_slice(&buffer[..n]);
        }
        self.stream.consume(n);
    }
}
