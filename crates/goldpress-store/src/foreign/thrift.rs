//! Structures of Thrift's compact protocol, looked at before a decoder believes them.
//!
//! A decoder reads a known field as what it ought to be, whatever the bytes say that it is,
//! and steps over an unknown list of two thousand million booleans without reading a byte:
//! either takes it a minute, or to bytes that are something else. Here every kind is held
//! against the one that is expected and every length against what is left, in one pass that
//! reads each byte once.
//!
//! # Source
//!
//! The compact protocol of Apache Thrift, as the Parquet format uses it.

use std::io::{self, Read};

/// Structures and lists inside of each other: the decoder gives up before.
const MAX_DEPTH: usize = 80;

/// What a value ought to be.
#[derive(Debug)]
pub(super) enum Shape {
    Bool,
    Byte,
    /// An integer of 16, 32 or 64 bits: they are written alike.
    Int,
    Double,
    Bytes,
    List(&'static Shape),
    Struct(Fields),
    /// A value of which [`Walk`]'s caller is told: the integer, 1 for true, the length in
    /// bytes, or 0 when it begins.
    Told(u8, &'static Shape),
}

/// Fields of a structure that a decoder knows, by number; it steps over others.
pub(super) type Fields = &'static [(i16, Shape)];

/// Why a walk ended before the structure did.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// A length that cannot be true.
    #[error("declares {0} items or bytes where fewer bytes are left")]
    TooLong(u64),
    /// No decoder knows where such a list ends: each writes its booleans in another way.
    #[error("holds a list of booleans, which nothing in Parquet is")]
    Booleans,
    /// A known field that is something else.
    #[error("holds something else in field {0} than Parquet has there")]
    WrongKind(i16),
    #[error("is no structure of Thrift")]
    NoStructure,
    /// It ends before its structure does, or cannot be read.
    #[error("ends too early: {0}")]
    Cut(#[from] io::Error),
}

/// A pass over one structure.
pub(super) struct Walk<R, F> {
    bytes: R,
    /// Bytes that the structure may still have.
    left: u64,
    tell: F,
}

impl<R: Read, F: FnMut(u8, i64)> Walk<R, F> {
    /// A pass over a structure of no more than `left` bytes, which calls `tell` with the
    /// marks of [`Shape::Told`].
    pub(super) fn new(bytes: R, left: u64, tell: F) -> Walk<R, F> {
        Walk { bytes, left, tell }
    }

    /// Goes to the end of a structure: returns how many of the bytes are left.
    ///
    /// # Errors
    ///
    /// It is not what was expected, or longer than what is left.
    pub(super) fn structure(mut self, fields: Fields) -> Result<u64, Stop> {
        self.fields(fields, 0)?;
        Ok(self.left)
    }

    fn byte(&mut self) -> Result<u8, Stop> {
        let mut byte = [0];
        self.left = self.left.checked_sub(1).ok_or_else(cut)?;
        self.bytes.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn skip(&mut self, n: u64) -> Result<(), Stop> {
        self.left = self.left.checked_sub(n).ok_or(Stop::TooLong(n))?;
        let skipped = io::copy(&mut self.bytes.by_ref().take(n), &mut io::sink())?;
        if skipped < n { Err(cut()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<u64, Stop> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Stop::NoStructure)
    }

    fn integer(&mut self) -> Result<i64, Stop> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn fields(&mut self, known: Fields, depth: usize) -> Result<(), Stop> {
        let mut last = 0;
        loop {
            let header = self.byte()?;
            let kind = header & 0x0f;
            if kind == 0 {
                return Ok(());
            }
            let id = match i16::from(header >> 4) {
                0 => i16::try_from(self.integer()?).ok(),
                step => i16::checked_add(last, step),
            };
            last = id.ok_or(Stop::NoStructure)?;
            match known.iter().find(|(id, _)| *id == last) {
                Some((id, shape)) if !shape.admits(kind) => {
                    return Err(Stop::WrongKind(*id));
                }
                // A boolean of a structure has no byte of its own.
                Some((_, Shape::Bool)) => {}
                Some((_, Shape::Told(mark, Shape::Bool))) => {
                    (self.tell)(*mark, i64::from(kind == 1));
                }
                Some((_, shape)) => self.known(last, shape, depth)?,
                None => self.unknown(kind, depth)?,
            }
        }
    }

    /// Steps over a value whose kind was found to be right.
    fn known(&mut self, id: i16, shape: &Shape, depth: usize) -> Result<(), Stop> {
        match shape {
            Shape::Bool => return Err(Stop::Booleans),
            Shape::Byte => self.skip(1)?,
            Shape::Int => _ = self.integer()?,
            Shape::Double => self.skip(8)?,
            Shape::Bytes => _ = self.bytes()?,
            Shape::Struct(fields) => self.fields(fields, depth + 1)?,
            Shape::List(items) => {
                let (length, kind) = self.list()?;
                if length > 0 && !items.admits(kind) {
                    return Err(Stop::WrongKind(id));
                }
                for _ in 0..length {
                    self.known(id, items, depth + 1)?;
                }
            }
            Shape::Told(mark, Shape::Int) => {
                let value = self.integer()?;
                (self.tell)(*mark, value);
            }
            Shape::Told(mark, Shape::Bytes) => {
                let length = self.bytes()?;
                (self.tell)(*mark, length.cast_signed());
            }
            Shape::Told(mark, shape) => {
                (self.tell)(*mark, 0);
                self.known(id, shape, depth)?;
            }
        }
        Ok(())
    }

    fn unknown(&mut self, kind: u8, depth: usize) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::NoStructure);
        }
        match kind {
            1 | 2 => Ok(()),
            3 => self.skip(1),
            4..=6 => self.integer().map(|_| ()),
            7 => self.skip(8),
            8 => self.bytes().map(|_| ()),
            9 | 10 => {
                let (length, kind) = self.list()?;
                self.items(length, &[kind], depth)
            }
            11 => match self.number()? {
                0 => Ok(()),
                length => {
                    let kinds = self.byte()?;
                    self.items(length, &[kinds >> 4, kinds & 0x0f], depth)
                }
            },
            12 => self.fields(&[], depth + 1),
            13 => self.skip(16),
            _ => Err(Stop::NoStructure),
        }
    }

    /// Steps over bytes; returns how many there were.
    fn bytes(&mut self) -> Result<u64, Stop> {
        let length = self.number()?;
        self.skip(length)?;
        Ok(length)
    }

    /// How many items a list says it has, and of which kind: each takes a byte at the least.
    fn list(&mut self) -> Result<(u64, u8), Stop> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => self.number()?,
            length => u64::from(length),
        };
        self.must_fit(length)?;
        Ok((length, header & 0x0f))
    }

    fn must_fit(&self, length: u64) -> Result<(), Stop> {
        if length > self.left { Err(Stop::TooLong(length)) } else { Ok(()) }
    }

    /// Steps over items of one value, or of a key and a value.
    fn items(&mut self, length: u64, kinds: &[u8], depth: usize) -> Result<(), Stop> {
        self.must_fit(length)?;
        if length > 0 && kinds.iter().any(|kind| matches!(kind, 1 | 2)) {
            return Err(Stop::Booleans);
        }
        for _ in 0..length {
            for kind in kinds {
                self.unknown(*kind, depth + 1)?;
            }
        }
        Ok(())
    }
}

impl Shape {
    /// Whether a value of a kind of the protocol can be this.
    fn admits(&self, kind: u8) -> bool {
        match self {
            Shape::Bool => matches!(kind, 1 | 2),
            Shape::Byte => kind == 3,
            Shape::Int => matches!(kind, 4..=6),
            Shape::Double => kind == 7,
            Shape::Bytes => kind == 8,
            Shape::List(_) => matches!(kind, 9 | 10),
            Shape::Struct(_) => kind == 12,
            Shape::Told(_, shape) => shape.admits(kind),
        }
    }
}

fn cut() -> Stop {
    Stop::Cut(io::ErrorKind::UnexpectedEof.into())
}
