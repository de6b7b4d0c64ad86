//! Members: what one compressor wrote in one go, known by its first bytes and undone by
//! the library of its compression.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use lz4_flex::frame::FrameDecoder;
use xz2::stream::{Action, Status, Stream};
use zstd::stream::raw::{Decoder, Operation};

use super::source::Source;

/// Bytes by which a member is known.
pub(super) const HEAD_BYTES: usize = 10;
/// Bytes before the content of a frame that is passed over: its mark and its length.
const PASSED_HEAD: usize = 8;
/// What begins a block of bzip2, and what stands there in a stream without one.
const BZIP2_BLOCKS: [&[u8]; 2] =
    [b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"];
/// Largest block of a legacy frame of LZ4, undone and as it may stand in the file.
const LEGACY_BYTES: usize = 8 << 20;
const LEGACY_PACKED: usize = LEGACY_BYTES + LEGACY_BYTES / 255 + 16;
/// Bytes of a block's length.
const LENGTH_BYTES: usize = 4;
/// Memory that a stream of xz may ask for: `xz -9` needs 65 MiB.
const XZ_BYTES: u64 = 512 << 20;

/// A compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    Zstd,
    Lz4,
    /// LZ4 as it was written before there were frames, and as Linux kernels still are.
    Lz4Legacy,
    Bzip2,
    Xz,
}

/// What the bytes at a member's place are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    Member(Kind),
    /// A frame of Zstandard or LZ4 that decoders pass over, and how long it is.
    Passed {
        n_bytes: u64,
        is_dictionary: bool,
    },
    Nothing,
}

/// Says what begins so, by [`HEAD_BYTES`] bytes or all that are left.
pub(super) fn begins(head: &[u8]) -> Begins {
    if let [0x50..=0x5f, 0x2a, 0x4d, 0x18, length @ ..] = head
        && let Some(length) = length.first_chunk::<4>()
    {
        let n_bytes = u64::from(u32::from_le_bytes(*length)) + PASSED_HEAD as u64;
        return Begins::Passed { n_bytes, is_dictionary: head[0] == 0x5d };
    }
    let kinds =
        [Kind::Gzip, Kind::Zstd, Kind::Lz4, Kind::Lz4Legacy, Kind::Bzip2, Kind::Xz];
    let found = kinds.into_iter().find(|kind| kind.begins(head));
    found.map_or(Begins::Nothing, Begins::Member)
}

impl Kind {
    /// The first byte of every member.
    pub(super) fn first_byte(self) -> u8 {
        self.magic()[0]
    }

    pub(super) fn begins(self, head: &[u8]) -> bool {
        let block = head.get(4..HEAD_BYTES);
        let is_block = |block: &[u8]| BZIP2_BLOCKS.contains(&block);
        head.starts_with(self.magic())
            && (self != Kind::Bzip2 || block.is_none_or(is_block))
    }

    fn magic(self) -> &'static [u8] {
        match self {
            Kind::Gzip => &[0x1f, 0x8b, 0x08],
            Kind::Zstd => &[0x28, 0xb5, 0x2f, 0xfd],
            Kind::Lz4 => &[0x04, 0x22, 0x4d, 0x18],
            Kind::Lz4Legacy => &[0x02, 0x21, 0x4c, 0x18],
            Kind::Bzip2 => b"BZh",
            Kind::Xz => b"\xfd7zXZ\0",
        }
    }
}

/// What is kept from one member to the next: a decoder of Zstandard is dear to make, and
/// its dictionary is that of all frames.
#[derive(Default)]
pub(super) struct Kept {
    zstd: Option<Decoder<'static>>,
    dictionary: Vec<u8>,
}

impl Kept {
    /// Reads the dictionary out of its frame; it may be compressed itself.
    ///
    /// # Source
    ///
    /// "Use of Zstandard in WARC files" of the IIPC, version 1.0.
    pub(super) fn read_dictionary(
        &mut self,
        source: &mut Source<'_>,
        n_bytes: u64,
        limit: u64,
    ) -> io::Result<()> {
        let mut frame = Vec::new();
        source.by_ref().take(n_bytes.min(limit)).read_to_end(&mut frame)?;
        if frame.len() as u64 != n_bytes {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "in the dictionary",
            ));
        }
        frame.drain(..PASSED_HEAD);
        self.dictionary = frame;
        if Kind::Zstd.begins(&self.dictionary) {
            let frame = std::mem::take(&mut self.dictionary);
            let plain = zstd::stream::read::Decoder::new(&frame[..])?;
            plain.take(limit).read_to_end(&mut self.dictionary)?;
        }
        Ok(())
    }

    fn zstd(&mut self) -> io::Result<Decoder<'static>> {
        match self.zstd.take() {
            Some(mut decoder) => decoder.reinit().map(|()| decoder),
            None => Decoder::with_dictionary(&self.dictionary),
        }
    }
}

/// A member that is being undone.
pub(super) enum Member<'a> {
    Gzip(Box<GzDecoder<Source<'a>>>),
    Zstd(Frame<'a, Decoder<'static>>),
    Lz4(Box<FrameDecoder<Source<'a>>>),
    Lz4Legacy(Legacy<'a>),
    Bzip2(bzip2::bufread::BzDecoder<Source<'a>>),
    Xz(Frame<'a, Stream>),
}

impl<'a> Member<'a> {
    pub(super) fn open(
        kind: Kind,
        mut source: Source<'a>,
        kept: &mut Kept,
    ) -> io::Result<Member<'a>> {
        source.begin_member();
        Ok(match kind {
            Kind::Gzip => Member::Gzip(Box::new(GzDecoder::new(source))),
            Kind::Zstd => {
                Member::Zstd(Frame { source, decoder: kept.zstd()?, is_done: false })
            }
            Kind::Lz4 => Member::Lz4(Box::new(FrameDecoder::new(source))),
            Kind::Lz4Legacy => {
                source.consume(kind.magic().len());
                Member::Lz4Legacy(Legacy { source, block: Vec::new(), at: 0 })
            }
            Kind::Bzip2 => Member::Bzip2(bzip2::bufread::BzDecoder::new(source)),
            Kind::Xz => {
                let decoder = Stream::new_stream_decoder(XZ_BYTES, 0)?;
                Member::Xz(Frame { source, decoder, is_done: false })
            }
        })
    }

    pub(super) fn source(&self) -> &Source<'a> {
        match self {
            Member::Gzip(member) => member.get_ref(),
            Member::Zstd(member) => &member.source,
            Member::Lz4(member) => member.get_ref(),
            Member::Lz4Legacy(member) => &member.source,
            Member::Bzip2(member) => member.get_ref(),
            Member::Xz(member) => &member.source,
        }
    }

    pub(super) fn close(self, kept: &mut Kept) -> Source<'a> {
        match self {
            Member::Gzip(member) => member.into_inner(),
            Member::Zstd(member) => {
                kept.zstd = Some(member.decoder);
                member.source
            }
            Member::Lz4(member) => member.into_inner(),
            Member::Lz4Legacy(member) => member.source,
            Member::Bzip2(member) => member.into_inner(),
            Member::Xz(member) => member.source,
        }
    }
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Member::Gzip(member) => member.read(into),
            Member::Zstd(member) => member.read(into),
            // Its library takes an input that ends between two blocks for a whole frame.
            Member::Lz4(member) => match member.read(into)? {
                0 if member.get_ref().is_at_end() => Err(cut()),
                n => Ok(n),
            },
            Member::Lz4Legacy(member) => member.read(into),
            Member::Bzip2(member) => member.read(into),
            Member::Xz(member) => member.read(into),
        }
    }
}

fn cut() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

/// A frame or stream whose library says itself where it ends.
pub(super) struct Frame<'a, D> {
    source: Source<'a>,
    decoder: D,
    is_done: bool,
}

/// What a decoder did in one step.
struct Step {
    n_in: usize,
    n_out: usize,
    is_end: bool,
}

trait Steps {
    /// Undoes some of `packed`, all that is left where it is empty.
    fn step(&mut self, packed: &[u8], into: &mut [u8]) -> io::Result<Step>;
}

impl Steps for Decoder<'static> {
    fn step(&mut self, packed: &[u8], into: &mut [u8]) -> io::Result<Step> {
        let status = self.run_on_buffers(packed, into)?;
        Ok(Step {
            n_in: status.bytes_read,
            n_out: status.bytes_written,
            is_end: status.remaining == 0,
        })
    }
}

impl Steps for Stream {
    fn step(&mut self, packed: &[u8], into: &mut [u8]) -> io::Result<Step> {
        let (n_in, n_out) = (self.total_in(), self.total_out());
        let action = if packed.is_empty() { Action::Finish } else { Action::Run };
        let status = self.process(packed, into, action)?;
        let since = |now: u64, before: u64| usize::try_from(now - before);
        Ok(Step {
            n_in: since(self.total_in(), n_in).expect("no more than there was"),
            n_out: since(self.total_out(), n_out).expect("no more than has room"),
            is_end: status == Status::StreamEnd,
        })
    }
}

impl<D: Steps> Read for Frame<'_, D> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.is_done && !into.is_empty() {
            let packed = self.source.fill_buf()?;
            let is_last = packed.is_empty();
            let step = self.decoder.step(packed, into)?;
            self.source.consume(step.n_in);
            self.is_done = step.is_end;
            match step.n_out {
                0 if is_last && !self.is_done => return Err(cut()),
                0 => {}
                n => return Ok(n),
            }
        }
        Ok(0)
    }
}

/// A legacy frame of LZ4: blocks with their length before them, up to the end of the input
/// or to what is no length.
pub(super) struct Legacy<'a> {
    source: Source<'a>,
    block: Vec<u8>,
    at: usize,
}

impl Legacy<'_> {
    fn next_block(&mut self) -> io::Result<()> {
        (self.at, self.block) = (0, Vec::new());
        let head = self.source.peek(LENGTH_BYTES)?;
        let Some(length) = head.first_chunk::<LENGTH_BYTES>() else {
            let is_padding = head.iter().all(|byte| *byte == 0);
            return if is_padding { Ok(()) } else { Err(cut()) };
        };
        // Numbers that begin a member are no lengths either.
        let length = u32::from_le_bytes(*length) as usize;
        if length == 0 || length > LEGACY_PACKED {
            return Ok(());
        }
        self.source.consume(LENGTH_BYTES);
        let mut packed = Vec::new();
        self.source.by_ref().take(length as u64).read_to_end(&mut packed)?;
        if packed.len() < length {
            return Err(cut());
        }
        let block = lz4_flex::block::decompress(&packed, LEGACY_BYTES);
        self.block = block.map_err(|error| {
            io::Error::new(io::ErrorKind::InvalidData, error.to_string())
        })?;
        Ok(())
    }
}

impl Read for Legacy<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            self.next_block()?;
        }
        let n = (&self.block[self.at..]).read(into)?;
        self.at += n;
        Ok(n)
    }
}
