//! Compressions whose library reads a whole stream: what follows a broken place is lost.

use std::{
    cell::Cell,
    io::{self, BufRead, Read},
    rc::Rc,
};

use super::Broken;
use crate::Limits;

/// Undone bytes handed out at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// What a frame of Zstandard begins with.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A stream below this size may be compressed as much as it likes.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// Undoes Zstandard.
pub(super) fn zstd<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    wrapped(stream, limits, |source| {
        Ok(Box::new(zstd::stream::read::Decoder::with_buffer(source)?))
    })
}

/// Undoes Zstandard whose dictionary stands in front of it, as WARC files have it.
///
/// # Source
///
/// "Use of Zstandard in WARC files" of the IIPC, version 1.0.
pub(super) fn zstd_with_dictionary<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    let limit = limits.record_bytes as u64;
    wrapped(stream, limits, move |mut source| {
        let dictionary = dictionary(&mut source, limit)?;
        Ok(Box::new(zstd::stream::read::Decoder::with_dictionary(source, &dictionary)?))
    })
}

/// Reads a dictionary out of its frame; it may be compressed itself.
fn dictionary(source: &mut impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut head = [0; 8];
    source.read_exact(&mut head)?;
    let n_bytes = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let mut frame = Vec::new();
    let read =
        source.by_ref().take(u64::from(n_bytes).min(limit)).read_to_end(&mut frame)?;
    if read as u64 != u64::from(n_bytes) {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "in the dictionary"));
    }
    if !frame.starts_with(&ZSTD_MAGIC) {
        return Ok(frame);
    }
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::new(&frame[..])?.take(limit).read_to_end(&mut plain)?;
    Ok(plain)
}

/// Undoes bzip2.
pub(super) fn bzip2<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    wrapped(stream, limits, |source| {
        Ok(Box::new(bzip2::bufread::MultiBzDecoder::new(source)))
    })
}

/// Undoes xz.
pub(super) fn xz<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    wrapped(stream, limits, |source| {
        Ok(Box::new(xz2::bufread::XzDecoder::new_multi_decoder(source)))
    })
}

/// Undoes LZ4 frames.
pub(super) fn lz4<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
) -> Box<dyn BufRead + 'a> {
    wrapped(stream, limits, |source| {
        Ok(Box::new(lz4_flex::frame::FrameDecoder::new(source)))
    })
}

fn wrapped<'a>(
    stream: Box<dyn BufRead + 'a>,
    limits: &Limits,
    open: impl FnOnce(Counted<'a>) -> io::Result<Box<dyn Read + 'a>>,
) -> Box<dyn BufRead + 'a> {
    let n_in = Rc::new(Cell::new(0));
    let opened = open(Counted { stream, n_in: Rc::clone(&n_in) });
    let (inner, error) = match opened {
        Ok(inner) => (Some(inner), None),
        Err(error) => (None, Some(told(&error))),
    };
    let buffer = vec![0; BUFFER_BYTES];
    Box::new(Undone {
        inner,
        error,
        buffer,
        at: 0,
        len: 0,
        n_in,
        n_out: 0,
        ratio: limits.ratio,
    })
}

struct Counted<'a> {
    stream: Box<dyn BufRead + 'a>,
    n_in: Rc<Cell<u64>>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(into)?;
        self.n_in.update(|sum| sum + n as u64);
        Ok(n)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.n_in.update(|sum| sum + n as u64);
        self.stream.consume(n);
    }
}

struct Undone<'a> {
    /// `None` when the end was reached or something was broken.
    inner: Option<Box<dyn Read + 'a>>,
    error: Option<io::Error>,
    buffer: Vec<u8>,
    at: usize,
    len: usize,
    n_in: Rc<Cell<u64>>,
    n_out: u64,
    ratio: u64,
}

fn told(error: &io::Error) -> io::Error {
    let message = error.to_string();
    let is_cut = error.kind() == io::ErrorKind::UnexpectedEof
        || message.contains("incomplete frame")
        || message.contains("premature eof");
    io::Error::other(if is_cut { Broken::Truncated } else { Broken::Corrupt(message) })
}

impl Read for Undone<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Undone<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.len {
            (self.at, self.len) = (0, 0);
            if let Some(error) = self.error.take() {
                return Err(error);
            }
            if let Some(inner) = &mut self.inner {
                match inner.read(&mut self.buffer) {
                    Ok(0) => self.inner = None,
                    Ok(n) => {
                        self.len = n;
                        self.n_out += n as u64;
                    }
                    Err(error) => {
                        self.inner = None;
                        return Err(told(&error));
                    }
                }
            }
            if self.n_out > RATIO_FROM_BYTES
                && self.n_out / self.n_in.get().max(1) > self.ratio
            {
                (self.inner, self.len, self.n_out) = (None, 0, 0);
                return Err(io::Error::other(Broken::TooCompressed {
                    ratio: self.ratio,
                }));
            }
        }
        Ok(&self.buffer[self.at..self.len])
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}
