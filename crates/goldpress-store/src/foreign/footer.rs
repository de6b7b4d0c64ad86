//! The footer of a Parquet file, looked at before it is decoded.
//!
//! A list in it may declare two thousand million items and hold none: a decoder that steps
//! over what it does not know then steps for a minute. Here every length is held against the
//! bytes that are left, in one pass over the footer.
//!
//! # Source
//!
//! The compact protocol of Apache Thrift, as the Parquet format uses it.

use std::io::{self, Read, Seek, SeekFrom};

/// Structures and lists inside of each other: the decoder gives up before.
const MAX_DEPTH: usize = 80;

/// Items of a list of booleans or of a map of them, which the decoder steps over without
/// reading a byte. No footer has such a list.
const MAX_BOOLEANS: u64 = 1024;

/// Bytes behind the footer: its length and the magic number.
const TAIL: u64 = 8;

/// Says whether a file's footer is a structure whose lengths can be true.
///
/// What its fields mean is for its decoder to say.
///
/// # Errors
///
/// It is no structure; a list, a map or a string is longer than what is left; the file cannot
/// be read.
pub(crate) fn check(file: &mut (impl Read + Seek)) -> Result<(), String> {
    let told = |error: io::Error| error.to_string();
    let end = file.seek(SeekFrom::End(0)).map_err(told)?;
    let Some(tail) = end.checked_sub(TAIL) else { return Ok(()) };
    let mut last = [0; 4];
    file.seek(SeekFrom::Start(tail)).map_err(told)?;
    file.read_exact(&mut last).map_err(told)?;
    let length = u64::from(u32::from_le_bytes(last));
    let Some(start) = tail.checked_sub(length) else { return Ok(()) };
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(start)).map_err(told)?;
    file.take(length).read_to_end(&mut footer).map_err(told)?;
    match (Walk { rest: &footer }).structure(0) {
        Err(Stop::TooLong(n)) => Err(format!(
            "its footer declares {n} items or bytes where fewer bytes are left"
        )),
        Err(Stop::NoStructure) => Err("its footer is no structure of Thrift".to_owned()),
        Ok(()) | Err(Stop::Booleans) => Ok(()),
    }
}

/// Why a walk ended early.
enum Stop {
    /// A length that cannot be true.
    TooLong(u64),
    /// Something that stands in no structure, or its end.
    NoStructure,
    /// A list of booleans, of which decoders disagree where it ends.
    Booleans,
}

struct Walk<'f> {
    rest: &'f [u8],
}

impl Walk<'_> {
    fn byte(&mut self) -> Result<u8, Stop> {
        let (first, rest) = self.rest.split_first().ok_or(Stop::NoStructure)?;
        self.rest = rest;
        Ok(*first)
    }

    fn skip(&mut self, n: u64) -> Result<(), Stop> {
        let n = usize::try_from(n).map_err(|_| Stop::TooLong(n))?;
        self.rest = self.rest.get(n..).ok_or(Stop::TooLong(n as u64))?;
        Ok(())
    }

    /// Steps over a number of any length.
    fn skip_number(&mut self) -> Result<(), Stop> {
        while self.byte()? >= 0x80 {}
        Ok(())
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

    fn structure(&mut self, depth: usize) -> Result<(), Stop> {
        loop {
            let header = self.byte()?;
            let kind = header & 0x0f;
            if kind == 0 {
                return Ok(());
            }
            if header >> 4 == 0 {
                self.skip_number()?;
            }
            self.value(kind, depth)?;
        }
    }

    /// Steps over a value; a boolean of a structure has no byte of its own.
    fn value(&mut self, kind: u8, depth: usize) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::NoStructure);
        }
        match kind {
            1 | 2 => Ok(()),
            3 => self.skip(1),
            4..=6 => self.skip_number(),
            7 => self.skip(8),
            8 => {
                let length = self.number()?;
                self.skip(length)
            }
            9 | 10 => {
                let header = self.byte()?;
                let length = match header >> 4 {
                    15 => self.number()?,
                    length => u64::from(length),
                };
                self.items(length, &[header & 0x0f], depth)
            }
            11 => match self.number()? {
                0 => Ok(()),
                length => {
                    let kinds = self.byte()?;
                    self.items(length, &[kinds >> 4, kinds & 0x0f], depth)
                }
            },
            12 => self.structure(depth + 1),
            13 => self.skip(16),
            _ => Err(Stop::NoStructure),
        }
    }

    /// Items of one or two values, each of which takes a byte at the least but for booleans.
    fn items(&mut self, length: u64, kinds: &[u8], depth: usize) -> Result<(), Stop> {
        let is_free = kinds.iter().all(|kind| matches!(kind, 1 | 2));
        if length > self.rest.len() as u64 || is_free && length > MAX_BOOLEANS {
            return Err(Stop::TooLong(length));
        }
        if length > 0 && kinds.iter().any(|kind| matches!(kind, 1 | 2)) {
            return Err(Stop::Booleans);
        }
        for _ in 0..length {
            for kind in kinds {
                self.value(*kind, depth + 1)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file of nothing but a footer.
    fn file(footer: &[u8]) -> Cursor<Vec<u8>> {
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        Cursor::new([footer, &length, b"PAR1"].concat())
    }

    #[test]
    fn lengths_are_held_against_what_is_left() {
        for (footer, is_sound) in [
            (&[0x15, 0x02, 0x00][..], true),
            // Field 1 is a list of three small numbers.
            (&[0x19, 0x35, 1, 2, 3, 0], true),
            // The same of two thousand million.
            (&[0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 0], false),
            // A string, and a map, that are longer than the footer.
            (&[0x18, 0x7f, b'a', 0], false),
            (&[0x1b, 0x7f, 0x88, 0], false),
            // A thousand lists inside of each other, and as many booleans for nothing.
            (&[0x19; 1000], false),
            (&[&[0x19, 0xf1, 0xff, 0x7f][..], &[0; 20_000]].concat(), false),
            // No structure: a field of no known kind, and nothing at all.
            (&[0x1e, 0x00], false),
            (&[], false),
        ] {
            assert_eq!(check(&mut file(footer)).is_ok(), is_sound, "{footer:?}");
        }
        assert!(check(&mut Cursor::new(b"PAR1".to_vec())).is_ok());
    }
}
