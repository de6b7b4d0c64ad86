//! The footer of a Parquet file and the headers of its pages, looked at before they are
//! decoded.
//!
//! The decoder calls itself once a level of the schema, makes room for as many children as
//! a group says it has and for as many bytes as a page says it becomes. A file of a hundred
//! bytes could end the process with any of these. What is let through here has kinds that
//! Parquet knows, lengths that fit, and sizes under a limit; what it means is for the
//! decoder to say.
//!
//! # Source
//!
//! The structures of the Parquet format, version 2.12.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use parquet::file::metadata::RowGroupMetaData;

use super::{
    guarded,
    thrift::{
        Fields,
        Shape::{self, Bool, Byte, Bytes, Double, Int, List, Struct, Told},
        Stop, Walk,
    },
};

/// Groups of a schema inside of each other.
const MAX_GROUPS: usize = 100;

/// Bytes behind the footer: its length and the magic number.
const TAIL: u64 = 8;

/// Says whether a file's footer can be decoded.
///
/// # Errors
///
/// A field is not what Parquet has there; a list, a map or a string is longer than what is
/// left; the schema is no tree, or a very deep one; the file cannot be read.
pub(crate) fn check(file: &mut (impl Read + Seek)) -> Result<(), String> {
    let told = |error: io::Error| error.to_string();
    let end = file.seek(SeekFrom::End(0)).map_err(told)?;
    let Some(tail) = end.checked_sub(TAIL) else { return Ok(()) };
    let mut last = [0; 4];
    file.seek(SeekFrom::Start(tail)).map_err(told)?;
    file.read_exact(&mut last).map_err(told)?;
    let length = u64::from(u32::from_le_bytes(last));
    let Some(start) = tail.checked_sub(length) else { return Ok(()) };
    file.seek(SeekFrom::Start(start)).map_err(told)?;
    let mut schema = Schema::default();
    let walk = Walk::new(BufReader::new(file), length, |mark, value| match mark {
        ELEMENT => schema.children.push(0),
        _ => schema.last_has(value),
    });
    match walk.structure(FILE) {
        Ok(_) => schema.check(),
        Err(stop) => Err(format!("its footer {stop}")),
    }
}

/// How many children each element of a schema has, in order.
#[derive(Default)]
struct Schema {
    children: Vec<i64>,
}

impl Schema {
    fn last_has(&mut self, n_children: i64) {
        if let Some(last) = self.children.last_mut() {
            // The decoder cuts a number that is too long.
            *last = i32::try_from(n_children).map_or(i64::MAX, i64::from);
        }
    }

    /// Holds the tree that the elements make against what a decoder takes.
    fn check(&self) -> Result<(), String> {
        // Children that each group still misses.
        let mut open: Vec<i64> = Vec::new();
        let mut left = i64::try_from(self.children.len()).unwrap_or(i64::MAX);
        for &n_children in &self.children {
            left -= 1;
            if n_children > left {
                return Err(format!(
                    "its schema declares {n_children} columns where {left} are left"
                ));
            }
            if n_children > 0 {
                if open.len() == MAX_GROUPS {
                    return Err(format!("its schema is deeper than {MAX_GROUPS} groups"));
                }
                open.push(n_children);
                continue;
            }
            while let Some(missing) = open.last_mut() {
                *missing -= 1;
                if *missing > 0 {
                    break;
                }
                open.pop();
            }
        }
        Ok(())
    }
}

/// Says whether the pages of a row group can be decoded, of which none may say that it
/// becomes more than `limit` bytes or values.
///
/// A column that ends before its pages do is none of this check's errors: the decoder gives
/// the pages before.
///
/// # Errors
///
/// A header is not what Parquet has there; a page is too large; the file cannot be read.
pub(crate) fn check_pages(
    file: &mut (impl Read + Seek),
    group: &RowGroupMetaData,
    limit: u64,
) -> Result<(), PageError> {
    // The decoder panics where it refuses a range.
    let ranges =
        || Ok(group.columns().iter().map(|column| column.byte_range()).collect());
    let ranges: Vec<(u64, u64)> = guarded(ranges).unwrap_or_default();
    ranges.into_iter().try_for_each(|range| check_column(file, range, limit))
}

fn check_column(
    file: &mut (impl Read + Seek),
    (start, length): (u64, u64),
    limit: u64,
) -> Result<(), PageError> {
    let mut file = BufReader::new(file);
    file.seek(SeekFrom::Start(start)).map_err(Stop::Cut)?;
    let mut left = length;
    while left > 0 {
        let mut page = Page::default();
        let walk = Walk::new(&mut file, left, |mark, value| page.has(mark, value));
        left = match walk.structure(PAGE_HEADER) {
            Ok(left) => left,
            Err(Stop::Cut(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                break;
            }
            Err(stop) => return Err(PageError::Stop(stop)),
        };
        if !page.is_of_its_kind() {
            return Err(PageError::Kind);
        }
        for n in [page.size, page.values] {
            if u64::try_from(n).is_ok_and(|n| n > limit) {
                return Err(PageError::TooLarge { n, limit });
            }
        }
        // The decoder cuts a number that is too long.
        let packed = i64::from(i32::try_from(page.packed).map_err(|_| PageError::Kind)?);
        let rest = u64::try_from(packed).ok().and_then(|packed| left.checked_sub(packed));
        let Some(rest) = rest else { break };
        left = rest;
        file.seek_relative(packed).map_err(Stop::Cut)?;
    }
    Ok(())
}

/// Why pages are not decoded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("the header of a page {0}")]
    Stop(#[from] Stop),
    #[error("a page is of another kind than its header")]
    Kind,
    #[error("a page of {n} bytes or values, over the limit of {limit}")]
    TooLarge { n: i64, limit: u64 },
}

impl PageError {
    pub(crate) fn is_too_large(&self) -> bool {
        matches!(self, PageError::TooLarge { .. })
    }
}

/// What a page's header says.
#[derive(Default)]
struct Page {
    kind: i64,
    size: i64,
    packed: i64,
    values: i64,
    /// The number of the field with the header of its kind.
    header: u8,
}

impl Page {
    fn has(&mut self, mark: u8, value: i64) {
        match mark {
            KIND => self.kind = value,
            SIZE => self.size = value,
            PACKED => self.packed = value,
            VALUES => self.values = self.values.max(value),
            header => self.header = header,
        }
    }

    /// The decoder loses its place behind others.
    fn is_of_its_kind(&self) -> bool {
        [(0, DATA), (2, DICTIONARY), (3, DATA_V2)].contains(&(self.kind, self.header))
    }
}

const ELEMENT: u8 = 0;
const CHILDREN: u8 = 1;

const KIND: u8 = 0;
const SIZE: u8 = 1;
const PACKED: u8 = 2;
const VALUES: u8 = 3;
const DATA: u8 = 5;
const DICTIONARY: u8 = 7;
const DATA_V2: u8 = 8;

const FILE: Fields = &[
    (1, Int),
    (2, List(&Told(ELEMENT, &Struct(SCHEMA_ELEMENT)))),
    (3, Int),
    (4, List(&Struct(ROW_GROUP))),
    (5, List(&Struct(KEY_VALUE))),
    (6, Bytes),
    (7, List(&Struct(&[(1, EMPTY)]))),
    (8, Struct(&[(1, Struct(CIPHER)), (2, Struct(CIPHER))])),
    (9, Bytes),
];
const EMPTY: Shape = Struct(&[]);
const CIPHER: Fields = &[(1, Bytes), (2, Bytes), (3, Bool)];
const KEY_VALUE: Fields = &[(1, Bytes), (2, Bytes)];
const SCHEMA_ELEMENT: Fields = &[
    (1, Int),
    (2, Int),
    (3, Int),
    (4, Bytes),
    (5, Told(CHILDREN, &Int)),
    (6, Int),
    (7, Int),
    (8, Int),
    (9, Int),
    (10, Struct(LOGICAL_TYPE)),
];
const LOGICAL_TYPE: Fields = &[
    (1, EMPTY),
    (2, EMPTY),
    (3, EMPTY),
    (4, EMPTY),
    (5, Struct(&[(1, Int), (2, Int)])),
    (6, EMPTY),
    (7, Struct(TIME)),
    (8, Struct(TIME)),
    (10, Struct(&[(1, Byte), (2, Bool)])),
    (11, EMPTY),
    (12, EMPTY),
    (13, EMPTY),
    (14, EMPTY),
    (15, EMPTY),
    (16, Struct(&[(1, Byte)])),
    (17, Struct(&[(1, Bytes)])),
    (18, Struct(&[(1, Bytes), (2, Int)])),
];
const TIME: Fields = &[(1, Bool), (2, Struct(&[(1, EMPTY), (2, EMPTY), (3, EMPTY)]))];
const ROW_GROUP: Fields = &[
    (1, List(&Struct(COLUMN_CHUNK))),
    (2, Int),
    (3, Int),
    (4, List(&Struct(&[(1, Int), (2, Bool), (3, Bool)]))),
    (5, Int),
    (6, Int),
    (7, Int),
];
const COLUMN_CHUNK: Fields = &[
    (1, Bytes),
    (2, Int),
    (3, Struct(COLUMN)),
    (4, Int),
    (5, Int),
    (6, Int),
    (7, Int),
    (8, Struct(&[(1, EMPTY), (2, Struct(&[(1, List(&Bytes)), (2, Bytes)]))])),
    (9, Bytes),
];
const COLUMN: Fields = &[
    (1, Int),
    (2, List(&Int)),
    (3, List(&Bytes)),
    (4, Int),
    (5, Int),
    (6, Int),
    (7, Int),
    (8, List(&Struct(KEY_VALUE))),
    (9, Int),
    (10, Int),
    (11, Int),
    (12, Struct(STATISTICS)),
    (13, List(&Struct(&[(1, Int), (2, Int), (3, Int)]))),
    (14, Int),
    (15, Int),
    (16, Struct(&[(1, Int), (2, List(&Int)), (3, List(&Int))])),
    (17, Struct(&[(1, Struct(BOX)), (2, List(&Int))])),
];
const STATISTICS: Fields = &[
    (1, Bytes),
    (2, Bytes),
    (3, Int),
    (4, Int),
    (5, Bytes),
    (6, Bytes),
    (7, Bool),
    (8, Bool),
];
const BOX: Fields = &[
    (1, Double),
    (2, Double),
    (3, Double),
    (4, Double),
    (5, Double),
    (6, Double),
    (7, Double),
    (8, Double),
];
const PAGE_HEADER: Fields = &[
    (1, Told(KIND, &Int)),
    (2, Told(SIZE, &Int)),
    (3, Told(PACKED, &Int)),
    (4, Int),
    (5, Told(DATA, &Struct(DATA_HEADER))),
    (6, EMPTY),
    (7, Told(DICTIONARY, &Struct(&[(1, Told(VALUES, &Int)), (2, Int), (3, Bool)]))),
    (8, Told(DATA_V2, &Struct(DATA_V2_HEADER))),
];
const DATA_HEADER: Fields =
    &[(1, Told(VALUES, &Int)), (2, Int), (3, Int), (4, Int), (5, Struct(STATISTICS))];
const DATA_V2_HEADER: Fields = &[
    (1, Told(VALUES, &Int)),
    (2, Int),
    (3, Int),
    (4, Int),
    (5, Int),
    (6, Int),
    (7, Bool),
    (8, Struct(STATISTICS)),
];

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn footers_that_lead_a_decoder_astray_are_refused() {
        let deep = |n: usize| {
            // Elements of one child each, and a leaf.
            let element = [0x55, 2, 0];
            let length = [(n + 1) as u8 | 0x80, ((n + 1) >> 7) as u8];
            [&[0x29, 0xfc], &length[..], &element.repeat(n), &[0, 0]].concat()
        };
        for (footer, why) in [
            // A version, and nothing else.
            (vec![0x15, 2, 0], ""),
            // Field 10, which no decoder knows, is a list of three small numbers.
            (vec![0xa9, 0x35, 1, 2, 3, 0], ""),
            (deep(100), ""),
            // The same list of two thousand million.
            (vec![0xa9, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 0], "items or bytes"),
            // A string, and a map, that are longer than the footer.
            (vec![0xa8, 0x7f, b'a', 0], "items or bytes"),
            (vec![0xab, 0x7f, 0x88, 0], "items or bytes"),
            (vec![0xa9; 1000], "no structure"),
            (vec![0xa9, 0x11, 0], "list of booleans"),
            // The version is a string; the schema is a list of numbers.
            (vec![0x18, 1, b'a', 0], "in field 1"),
            (vec![0x29, 0x15, 2, 0], "in field 2"),
            (deep(101), "deeper than 100 groups"),
            // A schema of one element with 9 children.
            (vec![0x29, 0x1c, 0x55, 18, 0, 0], "9 columns where 0 are left"),
            // A field of no known kind, and nothing at all.
            (vec![0xae, 0], "no structure"),
            (vec![], "ends too early"),
        ] {
            let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
            let file = [&footer[..], &length, b"PAR1"].concat();
            match check(&mut Cursor::new(file)) {
                Ok(()) => assert_eq!(why, "", "{footer:?}"),
                Err(error) => {
                    assert!(
                        !why.is_empty() && error.contains(why),
                        "{footer:?}: {error}"
                    );
                }
            }
        }
        assert!(check(&mut Cursor::new(b"PAR1".to_vec())).is_ok());
    }

    #[test]
    fn pages_that_lead_a_decoder_astray_are_refused() {
        // Kind 0, 9 bytes unpacked, 1 byte in the file; of 3 values.
        let page = [0x15, 0, 0x15, 18, 0x15, 2, 0x2c, 0x15, 6, 0, 0, 0xff];
        let with =
            |at: usize, bytes: &[u8]| [&page[..at], bytes, &page[at + 1..]].concat();
        for (pages, why) in [
            (page.repeat(2), ""),
            // The second ends early, in its header and behind it.
            (page.repeat(2)[..20].to_vec(), ""),
            (page.repeat(2)[..23].to_vec(), ""),
            (with(3, &[0x80, 0x80, 1]), "8192 bytes or values"),
            (with(8, &[0x80, 0x80, 1]), "8192 bytes or values"),
            (with(1, &[2]), "another kind"),
            (with(1, &[4]), "another kind"),
            (with(5, &[0x80, 0x80, 0x80, 0x80, 0x20]), "another kind"),
            (with(6, &[0x25]), "in field 5"),
            (with(9, &[0x99, 0x21, 0]), "list of booleans"),
        ] {
            let length = pages.len() as u64;
            match check_column(&mut Cursor::new(&pages), (0, length), 1000) {
                Ok(()) => assert_eq!(why, "", "{pages:?}"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(!why.is_empty() && error.contains(why), "{pages:?}: {error}");
                }
            }
        }
    }
}
