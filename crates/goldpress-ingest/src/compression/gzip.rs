//! gzip: members one after the other, each undone for itself.
//!
//! A broken member costs itself and nothing else: its error is handed out once, and
//! reading goes on with the next bytes that begin a member. These are looked for from the
//! broken member's own beginning, since a cut member runs on into its neighbour.

use std::{
    io::{self, BufRead, Read},
    mem,
};

use flate2::bufread::GzDecoder;

use super::Broken;
use crate::Limits;

/// What a member begins with: the magic number and the only method there is.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];
/// Undone bytes handed out at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// Compressed bytes remembered of a member, to look for the next one in them.
const LOG_BYTES: usize = 16 << 20;
/// A member below this size may be compressed as much as it likes.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// Undoes gzip.
pub(super) fn undo<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    let source =
        Source { stream, back: Vec::new(), back_at: 0, log: Vec::new(), n_read: 0 };
    Box::new(Members {
        state: State::Between(source),
        buffer: vec![0; BUFFER_BYTES],
        at: 0,
        len: 0,
        n_out: 0,
        is_guess: false,
        ratio: limits.ratio,
    })
}

/// The compressed bytes, of which a stretch can be read again.
struct Source<'a> {
    stream: Box<dyn BufRead + 'a>,
    back: Vec<u8>,
    back_at: usize,
    /// Bytes of the member so far, until it grows too large to be remembered.
    log: Vec<u8>,
    /// Bytes of the member so far.
    n_read: u64,
}

impl Source<'_> {
    fn begin_member(&mut self) {
        self.log.clear();
        self.n_read = 0;
    }

    /// Goes back to the second byte of the member, if that is still known.
    fn rewind(&mut self) {
        if self.n_read != self.log.len() as u64 || self.log.is_empty() {
            return;
        }
        let mut back = mem::take(&mut self.log).split_off(1);
        back.extend_from_slice(&self.back[self.back_at..]);
        (self.back, self.back_at) = (back, 0);
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
        self.stream.fill_buf()
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

enum State<'a> {
    Between(Source<'a>),
    Inside(Box<GzDecoder<Source<'a>>>),
    /// Something was broken: the next member has to be found.
    Lost(Source<'a>),
    Done,
}

struct Members<'a> {
    state: State<'a>,
    buffer: Vec<u8>,
    at: usize,
    len: usize,
    /// Undone bytes of the member so far.
    n_out: u64,
    /// Whether the member was found by its first bytes alone, so that it may be none.
    is_guess: bool,
    ratio: u64,
}

impl Members<'_> {
    /// Undoes more, or hands out what is broken.
    fn step(&mut self) -> io::Result<()> {
        self.state = match mem::replace(&mut self.state, State::Done) {
            State::Done => State::Done,
            State::Between(mut source) => match source.fill_buf()?.first() {
                None => State::Done,
                Some(0) => {
                    // Tapes and some servers pad with zeros.
                    source.consume(1);
                    State::Between(source)
                }
                Some(&byte) if byte == MAGIC[0] => self.begin(source),
                Some(_) => {
                    source.begin_member();
                    self.state = State::Lost(source);
                    let what = "bytes that begin no member".to_owned();
                    return Err(io::Error::other(Broken::Corrupt(what)));
                }
            },
            State::Lost(source) => match find_member(source)? {
                Some(source) => {
                    self.is_guess = true;
                    self.begin(source)
                }
                None => State::Done,
            },
            State::Inside(mut member) => match member.read(&mut self.buffer) {
                Ok(0) => State::Between(member.into_inner()),
                Ok(n) => {
                    self.n_out += n as u64;
                    let n_in = member.get_ref().n_read.max(1);
                    if self.n_out > RATIO_FROM_BYTES && self.n_out / n_in > self.ratio {
                        let mut source = member.into_inner();
                        source.begin_member();
                        self.state = State::Lost(source);
                        let broken = Broken::TooCompressed { ratio: self.ratio };
                        return Err(io::Error::other(broken));
                    }
                    (self.at, self.len) = (0, n);
                    State::Inside(member)
                }
                Err(error) => {
                    let is_quiet = self.is_guess && self.n_out == 0;
                    let mut source = member.into_inner();
                    source.rewind();
                    self.state = State::Lost(source);
                    return if is_quiet { Ok(()) } else { Err(told(&error)) };
                }
            },
        };
        Ok(())
    }

    fn begin<'a>(&mut self, mut source: Source<'a>) -> State<'a> {
        source.begin_member();
        self.n_out = 0;
        State::Inside(Box::new(GzDecoder::new(source)))
    }
}

fn told(error: &io::Error) -> io::Error {
    io::Error::other(match error.kind() {
        io::ErrorKind::UnexpectedEof => Broken::Truncated,
        _ => Broken::Corrupt(error.to_string()),
    })
}

/// Goes to the next bytes that may begin a member.
fn find_member(mut source: Source<'_>) -> io::Result<Option<Source<'_>>> {
    let mut matched = 0;
    loop {
        let chunk = source.fill_buf()?;
        if chunk.is_empty() {
            return Ok(None);
        }
        if matched == 0 {
            let skip = memchr::memchr(MAGIC[0], chunk).unwrap_or(chunk.len());
            if skip > 0 {
                source.consume(skip);
                continue;
            }
        }
        let byte = chunk[0];
        source.consume(1);
        matched = match byte {
            byte if byte == MAGIC[matched] => matched + 1,
            byte if byte == MAGIC[0] => 1,
            _ => 0,
        };
        if matched == MAGIC.len() {
            let mut back = MAGIC.to_vec();
            back.extend_from_slice(&source.back[source.back_at..]);
            (source.back, source.back_at) = (back, 0);
            return Ok(Some(source));
        }
    }
}

impl Read for Members<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Members<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.len && !matches!(self.state, State::Done) {
            self.step()?;
        }
        Ok(&self.buffer[self.at..self.len.max(self.at)])
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}
