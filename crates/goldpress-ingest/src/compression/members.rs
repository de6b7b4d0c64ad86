//! Members one after the other, each undone for itself.
//!
//! A broken member costs itself and nothing else: its error is handed out once, and
//! reading goes on with the next bytes that begin a member. These are looked for from the
//! broken member's own beginning, since a cut member runs on into its neighbour. Frames
//! that hold nothing and zeros between members, with which tapes and some servers fill up,
//! are passed over; other bytes are told.

use std::{
    cell::RefCell,
    io::{self, BufRead, Read},
    mem,
    rc::Rc,
};

use super::{
    Broken,
    member::{Begins, HEAD_BYTES, Kept, Kind, Member, begins},
    source::Source,
};
use crate::Limits;

/// Undone bytes handed out at a time.
const BUFFER_BYTES: usize = 64 * 1024;
/// A member below this size may be compressed as much as it likes.
pub(crate) const RATIO_FROM_BYTES: u64 = 1 << 20;

/// What was found behind the last member: no record is cut by it.
pub(super) type Behind = Rc<RefCell<Vec<Broken>>>;

enum State<'a> {
    Between(Source<'a>),
    Inside(Member<'a>),
    /// Something was broken: the next member has to be found.
    Lost(Source<'a>),
    Done,
}

pub(super) struct Members<'a> {
    state: State<'a>,
    /// The compression of the last member.
    kind: Kind,
    kept: Kept,
    buffer: Vec<u8>,
    at: usize,
    len: usize,
    /// Undone bytes of the member so far.
    n_out: u64,
    /// Members and frames so far.
    n_members: u64,
    /// Whether the member was found by its first bytes alone, so that it may be none.
    is_guess: bool,
    limits: Limits,
    behind: Behind,
}

impl<'a> Members<'a> {
    pub(super) fn new(source: Source<'a>, limits: &Limits, behind: Behind) -> Self {
        Members {
            state: State::Between(source),
            kind: Kind::Gzip,
            kept: Kept::default(),
            buffer: vec![0; BUFFER_BYTES],
            at: 0,
            len: 0,
            n_out: 0,
            n_members: 0,
            is_guess: false,
            limits: *limits,
            behind,
        }
    }

    /// Undoes more, or hands out what is broken.
    fn step(&mut self) -> io::Result<()> {
        self.state = match mem::replace(&mut self.state, State::Done) {
            State::Done => State::Done,
            State::Between(source) => self.between(source)?,
            State::Inside(member) => self.inside(member)?,
            State::Lost(mut source) => {
                let kind = self.kind;
                let is_wanted = |ahead: &[u8]| kind.begins(ahead);
                match source.find(kind.first_byte(), HEAD_BYTES, is_wanted)? {
                    (_, true) => self.begin(source, kind, true)?,
                    (_, false) => State::Done,
                }
            }
        };
        Ok(())
    }

    fn between(&mut self, mut source: Source<'a>) -> io::Result<State<'a>> {
        let head = source.peek(HEAD_BYTES)?;
        let Some(first) = head.first().copied() else { return Ok(State::Done) };
        let found = begins(head);
        self.n_members += 1;
        match found {
            Begins::Member(kind) => self.begin(source, kind, false),
            Begins::Passed { n_bytes, is_dictionary } => {
                let limit = self.limits.record_bytes as u64;
                // A dictionary stands in front of all that it is for.
                if is_dictionary && self.n_members == 1 && n_bytes <= limit {
                    let read = self.kept.read_dictionary(&mut source, n_bytes, limit);
                    read.map_err(|error| told(&error))?;
                } else if source.skip(n_bytes)? < n_bytes {
                    return Err(io::Error::other(Broken::Truncated));
                }
                Ok(State::Between(source))
            }
            Begins::Nothing if first == 0 => {
                source.consume(1);
                Ok(State::Between(source))
            }
            Begins::Nothing => self.strange(source),
        }
    }

    /// Goes over bytes that begin no member: an error where one follows, else the end.
    fn strange(&mut self, mut source: Source<'a>) -> io::Result<State<'a>> {
        let kind = self.kind;
        let is_wanted = |ahead: &[u8]| kind.begins(ahead);
        let (n, is_followed) = source.find(kind.first_byte(), HEAD_BYTES, is_wanted)?;
        if is_followed {
            self.state = State::Lost(source);
            let what = "bytes that begin no member".to_owned();
            return Err(io::Error::other(Broken::Corrupt(what)));
        }
        self.behind.borrow_mut().push(Broken::Behind { n });
        Ok(State::Done)
    }

    fn inside(&mut self, mut member: Member<'a>) -> io::Result<State<'a>> {
        match member.read(&mut self.buffer) {
            Ok(0) => Ok(State::Between(member.close(&mut self.kept))),
            Ok(n) => {
                self.n_out += n as u64;
                let ratio = self.limits.ratio;
                let n_in = member.source().n_read().max(1);
                if self.n_out > RATIO_FROM_BYTES && self.n_out / n_in > ratio {
                    let mut source = member.close(&mut self.kept);
                    source.begin_member();
                    self.state = State::Lost(source);
                    return Err(io::Error::other(Broken::TooCompressed { ratio }));
                }
                (self.at, self.len) = (0, n);
                Ok(State::Inside(member))
            }
            Err(error) => {
                let is_quiet = self.is_guess && self.n_out == 0;
                let mut source = member.close(&mut self.kept);
                source.rewind();
                self.state = State::Lost(source);
                if is_quiet { self.step_on() } else { Err(told(&error)) }
            }
        }
    }

    /// The state as it was set, where nothing has to be told.
    fn step_on(&mut self) -> io::Result<State<'a>> {
        Ok(mem::replace(&mut self.state, State::Done))
    }

    fn begin(
        &mut self,
        source: Source<'a>,
        kind: Kind,
        is_guess: bool,
    ) -> io::Result<State<'a>> {
        (self.kind, self.n_out, self.is_guess) = (kind, 0, is_guess);
        let member = Member::open(kind, source, &mut self.kept);
        Ok(State::Inside(member.map_err(|error| told(&error))?))
    }
}

fn told(error: &io::Error) -> io::Error {
    let message = error.to_string();
    let is_cut = error.kind() == io::ErrorKind::UnexpectedEof
        || message.contains("incomplete frame")
        || message.contains("premature eof");
    io::Error::other(if is_cut { Broken::Truncated } else { Broken::Corrupt(message) })
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
