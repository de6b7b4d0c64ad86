//! Compression around an input: undone while it is read, member by member.

mod gzip;
mod plain;

use std::io::{self, BufRead};

use goldpress_model::RejectReason;

use crate::{Limits, record::Refusal};

/// Why a stream gave up a stretch of itself. It can be read on behind it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// The input ends inside a compressed member.
    #[error("the input ends inside a compressed member")]
    Truncated,
    /// Not what the compression says it is.
    #[error("a compressed member is broken: {0}")]
    Corrupt(String),
    /// Grows over the limit.
    #[error("a compressed member grows to more than {ratio} times its size")]
    TooCompressed { ratio: u64 },
}

impl Broken {
    /// The reason of the reject that names the stretch.
    pub(crate) fn reason(&self) -> RejectReason {
        match self {
            Broken::Truncated => RejectReason::Truncated,
            Broken::Corrupt(_) => RejectReason::BrokenRecord,
            Broken::TooCompressed { .. } => RejectReason::TooCompressed,
        }
    }
}

/// The reason and the words for an error of a stream.
pub(crate) fn reason_of(error: &io::Error) -> Refusal {
    let broken = error.get_ref().and_then(|inner| inner.downcast_ref::<Broken>());
    match broken {
        Some(broken) => Refusal::new(broken.reason(), broken.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            Refusal::new(RejectReason::Truncated, "the input ends too early")
        }
        None => Refusal::new(RejectReason::Unreadable, error.to_string()),
    }
}

/// A compression by its name and the bytes it begins with.
struct Compression {
    /// Extension that hides the one of the format.
    extension: &'static str,
    magic: &'static [u8],
    undo: for<'a> fn(Box<dyn BufRead + 'a>, &Limits) -> Box<dyn BufRead + 'a>,
}

/// The magic numbers of frames, members and streams.
const COMPRESSIONS: &[Compression] = &[
    Compression { extension: "gz", magic: &[0x1f, 0x8b], undo: gzip::undo },
    Compression { extension: "zst", magic: &[0x28, 0xb5, 0x2f, 0xfd], undo: plain::zstd },
    // A skippable frame at the front holds the dictionary of all that follow.
    Compression {
        extension: "zst",
        magic: &[0x5d, 0x2a, 0x4d, 0x18],
        undo: plain::zstd_with_dictionary,
    },
    Compression { extension: "bz2", magic: b"BZh", undo: plain::bzip2 },
    Compression { extension: "xz", magic: b"\xfd7zXZ\0", undo: plain::xz },
    Compression { extension: "lz4", magic: &[0x04, 0x22, 0x4d, 0x18], undo: plain::lz4 },
];

/// A stream with nothing around it.
pub(crate) struct Undone<'a> {
    pub(crate) stream: Box<dyn BufRead + 'a>,
    /// The name without the extensions of what was around it.
    pub(crate) name: String,
    /// Whether there was nothing: the stream is the file.
    pub(crate) is_file: bool,
}

/// Undoes whatever is around a stream, and takes its extension off the name.
///
/// A file may be compressed twice; a third time is nobody's intention.
pub(crate) fn undo<'a>(
    mut stream: Box<dyn BufRead + 'a>,
    name: &str,
    limits: &Limits,
) -> io::Result<Undone<'a>> {
    let mut name = name.to_owned();
    let mut is_file = true;
    for _ in 0..2 {
        let head = stream.fill_buf()?;
        let found = COMPRESSIONS.iter().find(|known| head.starts_with(known.magic));
        let Some(compression) = found else { break };
        stream = (compression.undo)(stream, limits);
        is_file = false;
        let extension = format!(".{}", compression.extension);
        if name.to_lowercase().ends_with(&extension) {
            name.truncate(name.len() - extension.len());
        }
    }
    Ok(Undone { stream, name, is_file })
}
