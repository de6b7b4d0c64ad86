//! Compression around an input: undone while it is read, member by member.

mod member;
mod members;
mod source;

use std::{
    cell::RefCell,
    io::{self, BufRead},
    rc::Rc,
};

use goldpress_model::RejectReason;

pub(crate) use self::members::RATIO_FROM_BYTES;
use self::{
    member::{Begins, HEAD_BYTES, begins},
    members::{Behind, Members},
    source::Source,
};
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
    /// Bytes that nothing compressed follows.
    #[error("{n} bytes behind the end of what is compressed belong to nothing")]
    Behind { n: u64 },
}

impl Broken {
    /// The reason of the reject that names the stretch.
    pub(crate) fn reason(&self) -> RejectReason {
        match self {
            Broken::Truncated => RejectReason::Truncated,
            Broken::Corrupt(_) | Broken::Behind { .. } => RejectReason::BrokenRecord,
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

/// Extensions that hide the one of the format.
const EXTENSIONS: &[&str] = &[".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lz4"];

/// A stream with nothing around it.
pub(crate) struct Undone<'a> {
    pub(crate) stream: Box<dyn BufRead + 'a>,
    /// The name without the extensions of what was around it.
    pub(crate) name: String,
    /// Whether there was nothing: the stream is the file.
    pub(crate) is_file: bool,
    behind: Behind,
}

impl Undone<'_> {
    /// Where it will be found, once the stream was read, what stood behind the last member.
    pub(crate) fn behind(&self) -> Rc<RefCell<Vec<Broken>>> {
        Rc::clone(&self.behind)
    }
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
    let behind = Behind::default();
    for _ in 0..2 {
        let mut source = Source::new(stream);
        if begins(source.peek(HEAD_BYTES)?) == Begins::Nothing {
            stream = Box::new(source);
            break;
        }
        stream = Box::new(Members::new(source, limits, Rc::clone(&behind)));
        is_file = false;
        let lower = name.to_lowercase();
        let hidden = EXTENSIONS.iter().find(|extension| lower.ends_with(*extension));
        name.truncate(name.len() - hidden.map_or(0, |extension| extension.len()));
    }
    Ok(Undone { stream, name, is_file, behind })
}
