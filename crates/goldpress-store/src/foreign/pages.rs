//! The pages of a Parquet file, looked at before they are decoded.
//!
//! The decoder makes room for as many bytes as a page says it becomes, and unpacks some
//! pages without end. What is let through here has headers as Parquet has them and sizes
//! under a limit.
//!
//! Values are looked at where they state once more how many there are: those written as
//! differences.
//!
//! # Source
//!
//! The structures of the Parquet format, version 2.12.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder;
use parquet::{
    basic::Compression,
    file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData},
};

use super::{
    deltas::{Delta, behind_levels, unpacked},
    footer::{EMPTY, STATISTICS},
    thrift::{
        Fields,
        Shape::{Bool, Int, Struct, Told},
        Stop, Walk,
    },
};

/// A page has at most one value for so many bytes of the limit: a value of nothing but a
/// level takes that much while it is read.
const BYTES_PER_VALUE: u64 = 64;

/// Bytes behind its column that a header is followed.
const MAX_BEHIND: u64 = 1 << 16;

/// Values that a page may have whatever the limit.
const MIN_VALUES: u64 = 1 << 16;

/// Says whether the column chunks of a file of `length` bytes can lie side by side in it.
///
/// # Errors
///
/// One has a negative place or length, or all together are longer than the file.
pub(crate) fn check_chunks(
    metadata: &ParquetMetaData,
    length: u64,
) -> Result<(), PageError> {
    let mut left = length;
    for group in metadata.row_groups() {
        for column in group.columns() {
            let (_, length) = range_of(column)?;
            left = left.checked_sub(length).ok_or(PageError::Place)?;
        }
    }
    Ok(())
}

/// Where a column chunk begins, and its length, in bytes of the file.
pub(crate) fn range_of(column: &ColumnChunkMetaData) -> Result<(u64, u64), PageError> {
    let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let start = u64::try_from(start).map_err(|_| PageError::Place)?;
    let length = u64::try_from(column.compressed_size()).map_err(|_| PageError::Place)?;
    Ok((start, length))
}

/// Says whether the pages of a row group can be decoded, of which none may become more than
/// `limit` bytes, and how many bytes the largest becomes.
///
/// A column that ends before its pages do is none of this check's errors: the decoder gives
/// the pages before. Any other fault costs the whole row group.
///
/// # Errors
///
/// A header is not what Parquet has there; a page is too large; the file cannot be read.
pub(crate) fn check(
    file: &mut (impl Read + Seek),
    group: &RowGroupMetaData,
    limit: u64,
) -> Result<u64, PageError> {
    let mut largest = 0;
    for column in group.columns() {
        let of = column.column_descr();
        let column_is = Column {
            codec: column.compression(),
            levels: [of.max_rep_level(), of.max_def_level()],
        };
        largest = check_column(file, range_of(column)?, &column_is, limit)?.max(largest);
    }
    Ok(largest)
}

/// What is the same for all pages of a column.
struct Column {
    codec: Compression,
    /// The highest repetition level and definition level.
    levels: [i16; 2],
}

fn check_column(
    file: &mut (impl Read + Seek),
    (start, length): (u64, u64),
    column: &Column,
    limit: u64,
) -> Result<u64, PageError> {
    let mut largest = 0;
    let end = file.seek(SeekFrom::End(0)).map_err(Stop::Cut)?;
    let mut file = BufReader::new(file);
    file.seek(SeekFrom::Start(start)).map_err(Stop::Cut)?;
    let (mut at, mut left) = (start, length);
    while left > 0 {
        let mut page = Page::default();
        // The decoder looks whether a header fits the column after it has read it.
        let in_file = end.saturating_sub(at);
        let most = in_file.min(left.saturating_add(MAX_BEHIND));
        let walk = Walk::new(&mut file, most, |mark, value| page.has(mark, value));
        let header = match walk.structure(PAGE_HEADER) {
            Ok(rest) => most - rest,
            Err(Stop::Cut(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                if most < in_file {
                    return Err(PageError::Place);
                }
                break;
            }
            Err(stop) => return Err(PageError::Stop(stop)),
        };
        page.check(limit)?;
        let packed = u64::try_from(page.packed).ok();
        let whole = packed.and_then(|packed| header.checked_add(packed));
        let Some(rest) = whole.and_then(|whole| left.checked_sub(whole)) else { break };
        let mut body = file.by_ref().take(left - rest - header);
        largest = page.size.cast_unsigned().max(largest);
        match page.delta() {
            Some(delta) => page.check_deltas(delta, &mut body, column, limit)?,
            None => page.check_unpacked(&mut body, column.codec)?,
        }
        let unread = i64::try_from(body.limit()).unwrap_or(i64::MAX);
        file.seek_relative(unread).map_err(Stop::Cut)?;
        (at, left) = (at + (left - rest), rest);
    }
    Ok(largest)
}

/// Why pages are not decoded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("the header of a page {0}")]
    Stop(#[from] Stop),
    #[error("a page is of another kind than its header")]
    Kind,
    #[error("a column lies outside of the file, or over another")]
    Place,
    #[error("a page states a number of more than 32 bits")]
    TooLong,
    #[error("a page of {0} bytes, over the limit of {1}")]
    Bytes(i64, u64),
    #[error("a page of {0} values, over the limit of {1}")]
    Values(i64, u64),
    #[error(
        "a page states more differences than it has values, or becomes more than {0} bytes"
    )]
    Deltas(u64),
    #[error("a page unpacks to more than the {0} bytes that it states")]
    Unpacked(i64),
}

impl PageError {
    pub(crate) fn is_too_large(&self) -> bool {
        use PageError::{Bytes, Deltas, Unpacked, Values};
        matches!(self, Bytes(..) | Deltas(_) | Values(..) | Unpacked(_))
    }
}

/// What a page's header says.
#[derive(Default)]
struct Page {
    kind: i64,
    size: i64,
    packed: i64,
    values: i64,
    /// Bytes of levels in front, which are never packed.
    levels: i64,
    /// How values, repetition levels and definition levels are written.
    encodings: [i64; 3],
    /// Whether it says of itself that it is not packed.
    is_plain: bool,
    /// The number of the field with the header of its kind.
    header: u8,
    /// A number that the decoder would cut.
    is_too_long: bool,
}

impl Page {
    fn has(&mut self, mark: u8, value: i64) {
        self.is_too_long |= i32::try_from(value).is_err();
        match mark {
            KIND => self.kind = value,
            SIZE => self.size = value,
            PACKED => self.packed = value,
            VALUES => self.values = self.values.max(value),
            ENCODING => self.encodings[0] = value,
            REPETITION => self.encodings[1] = value,
            DEFINITION => self.encodings[2] = value,
            IS_PACKED => self.is_plain = value == 0,
            LEVELS => self.levels = self.levels.saturating_add(value.max(0)),
            header => self.header = header,
        }
    }

    fn check(&self, limit: u64) -> Result<(), PageError> {
        if self.is_too_long {
            return Err(PageError::TooLong);
        }
        // The decoder loses its place behind others.
        let known = [(0, DATA), (2, DICTIONARY), (3, DATA_V2)];
        if !known.contains(&(self.kind, self.header)) {
            return Err(PageError::Kind);
        }
        let over = |n: i64, limit: u64| u64::try_from(n).is_ok_and(|n| n > limit);
        if over(self.size, limit) {
            return Err(PageError::Bytes(self.size, limit));
        }
        // A value of a dictionary takes a byte at the least, one of data may be a level.
        let most = match self.header {
            DICTIONARY => self.size.cast_unsigned(),
            _ => MIN_VALUES.max(limit / BYTES_PER_VALUE),
        };
        match over(self.values, most) {
            true => Err(PageError::Values(self.values, most)),
            false => Ok(()),
        }
    }

    /// How its values are written as differences, where they are.
    fn delta(&self) -> Option<Delta> {
        Delta::of(self.encodings[0]).filter(|_| self.header != DICTIONARY)
    }

    /// Unpacks a page of differences, and counts what they become.
    fn check_deltas(
        &self,
        delta: Delta,
        packed: &mut impl Read,
        column: &Column,
        limit: u64,
    ) -> Result<(), PageError> {
        let n_values = u64::try_from(self.values).unwrap_or(0);
        let size = u64::try_from(self.size).unwrap_or(0);
        let mut bytes = Vec::new();
        packed.take(limit).read_to_end(&mut bytes).map_err(Stop::Cut)?;
        let is_sound = if self.header == DATA_V2 {
            let levels = usize::try_from(self.levels).unwrap_or(usize::MAX);
            let codec =
                if self.is_plain { Compression::UNCOMPRESSED } else { column.codec };
            let values = bytes.split_off(levels.min(bytes.len()));
            unpacked(values, codec, size)
                .is_some_and(|values| delta.is_sound(&values, n_values, limit))
        } else {
            let [_, repetition, definition] = self.encodings;
            let levels = [(column.levels[0], repetition), (column.levels[1], definition)];
            unpacked(bytes, column.codec, size).is_some_and(|page| {
                behind_levels(&page, levels, n_values)
                    .is_some_and(|values| delta.is_sound(values, n_values, limit))
            })
        };
        if is_sound { Ok(()) } else { Err(PageError::Deltas(limit)) }
    }

    /// Unpacks a page where the decoder would do so without end. What is not packed as it
    /// should be is for the decoder to refuse.
    fn check_unpacked(
        &self,
        packed: &mut impl Read,
        codec: Compression,
    ) -> Result<(), PageError> {
        use Compression::{BROTLI, GZIP, LZ4};
        if !matches!(codec, GZIP(_) | BROTLI(_) | LZ4) {
            return Ok(());
        }
        let mut levels = packed.take(u64::try_from(self.levels).unwrap_or(0));
        io::copy(&mut levels, &mut io::sink()).map_err(Stop::Cut)?;
        let size = u64::try_from(self.size).unwrap_or(0);
        let n = match codec {
            GZIP(_) => count(MultiGzDecoder::new(packed), size),
            BROTLI(_) => count(Decompressor::new(packed, BUFFER), size),
            _ => count(FrameDecoder::new(packed), size),
        };
        match n > size {
            true => Err(PageError::Unpacked(self.size)),
            false => Ok(()),
        }
    }
}

/// Bytes held while a page is unpacked.
const BUFFER: usize = 1 << 14;

/// Bytes that come out, one more than `most` at the most.
fn count(unpacked: impl Read, most: u64) -> u64 {
    let mut buffer = [0; BUFFER];
    let mut unpacked = unpacked.take(most + 1);
    let mut n = 0;
    while let Ok(read @ 1..) = unpacked.read(&mut buffer) {
        n += read as u64;
    }
    n
}

const KIND: u8 = 0;
const SIZE: u8 = 1;
const PACKED: u8 = 2;
const VALUES: u8 = 3;
const LEVELS: u8 = 4;
const DATA: u8 = 5;
const DICTIONARY: u8 = 7;
const DATA_V2: u8 = 8;
const ENCODING: u8 = 9;
const REPETITION: u8 = 10;
const DEFINITION: u8 = 11;
const IS_PACKED: u8 = 12;

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
const DATA_HEADER: Fields = &[
    (1, Told(VALUES, &Int)),
    (2, Told(ENCODING, &Int)),
    (3, Told(DEFINITION, &Int)),
    (4, Told(REPETITION, &Int)),
    (5, Struct(STATISTICS)),
];
const DATA_V2_HEADER: Fields = &[
    (1, Told(VALUES, &Int)),
    (2, Int),
    (3, Int),
    (4, Told(ENCODING, &Int)),
    (5, Told(LEVELS, &Int)),
    (6, Told(LEVELS, &Int)),
    (7, Told(IS_PACKED, &Bool)),
    (8, Struct(STATISTICS)),
];

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const PLAIN: Column = Column { codec: Compression::UNCOMPRESSED, levels: [0, 0] };

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
            (with(3, &[0x80, 0x80, 1]), "8192 bytes"),
            (with(8, &[0x80, 0x80, 0x10]), "131072 values, over the limit of 65536"),
            (with(1, &[2]), "another kind"),
            (with(1, &[4]), "another kind"),
            (with(5, &[0x80, 0x80, 0x80, 0x80, 0x20]), "more than 32 bits"),
            // Below zero here, two thousand million when it is cut.
            (with(3, &[0x81, 0x80, 0x80, 0x80, 0x10]), "more than 32 bits"),
            (with(6, &[0x25]), "in field 5"),
            (with(9, &[0x99, 0x21, 0]), "list of booleans"),
        ] {
            let length = pages.len() as u64;
            match check_column(&mut Cursor::new(&pages), (0, length), &PLAIN, 1000) {
                Ok(_) => assert_eq!(why, "", "{pages:?}"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(!why.is_empty() && error.contains(why), "{pages:?}: {error}");
                }
            }
        }
    }
    #[test]
    fn a_header_behind_its_column_is_looked_at_as_the_decoder_does() {
        let page = [0x15, 0, 0x15, 18, 0x99, 0x11, 0];
        let found = check_column(&mut Cursor::new(&page), (0, 2), &PLAIN, 1000);
        assert!(matches!(found, Err(PageError::Stop(Stop::Booleans))), "{found:?}");
    }

    #[test]
    fn a_page_that_unpacks_to_more_than_it_states_is_refused() {
        use std::io::Write;
        let gzip = |bytes: &[u8]| {
            let mut coder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            coder.write_all(bytes).unwrap();
            coder.finish().unwrap()
        };
        for (n, is_sound) in [(9, true), (10, false), (1 << 20, false)] {
            let body = gzip(&vec![b'a'; n]);
            let mut page = vec![0x15, 0, 0x15, 18, 0x15];
            // Twice the length, seven bits at a time.
            let mut length = 2 * body.len();
            while length >= 0x80 {
                page.push(length as u8 | 0x80);
                length >>= 7;
            }
            page.push(length as u8);
            page.extend([0x2c, 0x15, 6, 0, 0]);
            page.extend(&body);
            let range = (0, page.len() as u64);
            let gzip =
                Column { codec: Compression::GZIP(Default::default()), levels: [0, 0] };
            let found = check_column(&mut Cursor::new(&page), range, &gzip, 1000);
            assert_eq!(found.is_ok(), is_sound, "{n}: {found:?}");
        }
    }
}
