//! The footer of a Parquet file, looked at before it is decoded.
//!
//! The decoder calls itself once a level of the schema and makes room for as many children
//! as a group says it has: a file of a hundred bytes could end the process. What is let
//! through here has kinds that Parquet knows, lengths that fit, and a schema that is a tree;
//! what it means is for the decoder to say. Its pages are looked at in [`super::pages`].
//!
//! # Source
//!
//! The structures of the Parquet format, version 2.12.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::thrift::{
    Fields,
    Shape::{self, Bool, Byte, Bytes, Double, Int, List, Struct, Told},
    Walk,
};

/// Groups of a schema inside of each other.
const MAX_GROUPS: usize = 100;

/// Bytes of the paths of all columns, each with the names of all its groups.
const MAX_PATHS: i64 = 64 << 20;

/// Bytes of a value of fixed length.
const MAX_FIXED: i64 = 1 << 20;

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
    let tell = |mark, value| schema.has(mark, value);
    let walk = Walk::new(BufReader::new(file), length, tell);
    match walk.structure(FILE) {
        Ok(_) => schema.check(),
        Err(stop) => Err(format!("its footer {stop}")),
    }
}

/// The elements of a schema, in order.
#[derive(Default)]
struct Schema {
    elements: Vec<Element>,
}

#[derive(Default, Clone, Copy)]
struct Element {
    n_children: i64,
    name: i64,
    length: i64,
}

impl Schema {
    fn has(&mut self, mark: u8, value: i64) {
        if mark == ELEMENT {
            self.elements.push(Element::default());
        }
        let Some(last) = self.elements.last_mut() else { return };
        // The decoder cuts a number that is too long.
        let cut = i32::try_from(value).map_or(i64::MAX, i64::from);
        match mark {
            CHILDREN => last.n_children = cut,
            LENGTH => last.length = last.length.max(cut),
            NAME => last.name = last.name.max(value),
            _ => {}
        }
    }

    /// Holds the tree that the elements make against what a decoder takes.
    fn check(&self) -> Result<(), String> {
        // Of each open group: the children it still misses, and the bytes of its path.
        let mut open: Vec<(i64, i64)> = Vec::new();
        let mut left = i64::try_from(self.elements.len()).unwrap_or(i64::MAX);
        let mut paths = 0_i64;
        for &Element { n_children, name, length } in &self.elements {
            left -= 1;
            if n_children > left {
                return Err(format!(
                    "its schema declares {n_children} columns where {left} are left"
                ));
            }
            if length > MAX_FIXED {
                return Err(format!("its schema has a value of {length} bytes"));
            }
            let path = open.last().map_or(0, |(_, path)| *path) + name;
            if n_children > 0 {
                if open.len() == MAX_GROUPS {
                    return Err(format!("its schema is deeper than {MAX_GROUPS} groups"));
                }
                open.push((n_children, path));
                continue;
            }
            paths = paths.saturating_add(path);
            if paths > MAX_PATHS {
                return Err(format!("its columns' paths have over {MAX_PATHS} bytes"));
            }
            while let Some((missing, _)) = open.last_mut() {
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

const ELEMENT: u8 = 0;
const CHILDREN: u8 = 1;
const LENGTH: u8 = 2;
const NAME: u8 = 3;

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
pub(super) const EMPTY: Shape = Struct(&[]);
const CIPHER: Fields = &[(1, Bytes), (2, Bytes), (3, Bool)];
const KEY_VALUE: Fields = &[(1, Bytes), (2, Bytes)];
const SCHEMA_ELEMENT: Fields = &[
    (1, Int),
    (2, Told(LENGTH, &Int)),
    (3, Int),
    (4, Told(NAME, &Bytes)),
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
pub(super) const STATISTICS: Fields = &[
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
            // A value of two thousand million bytes.
            (
                vec![0x29, 0x1c, 0x25, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0],
                "2147483647 bytes",
            ),
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
}
