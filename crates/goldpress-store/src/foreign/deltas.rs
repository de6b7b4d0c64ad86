//! Values of Parquet that are written as differences, counted before they are decoded.
//!
//! A stream of differences states how many there are, and the decoder makes room for as many;
//! strings state how much each shares with the one before, so that few bytes become many.
//! Here both are counted against what the page may hold.
//!
//! # Source
//!
//! *Encodings* of the Parquet format, version 2.12: `DELTA_BINARY_PACKED`,
//! `DELTA_LENGTH_BYTE_ARRAY`, `DELTA_BYTE_ARRAY`.

use std::io::Read;

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;
use parquet::basic::Compression;

/// An encoding by differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delta {
    /// Whole numbers.
    Numbers,
    /// Strings: their lengths, then their bytes.
    Lengths,
    /// Strings: how much of the one before each begins with, then the rest as above.
    Prefixes,
}

impl Delta {
    /// The encoding of a page by its number; `None` for those that state no count.
    pub(super) fn of(encoding: i64) -> Option<Delta> {
        match encoding {
            5 => Some(Delta::Numbers),
            6 => Some(Delta::Lengths),
            7 => Some(Delta::Prefixes),
            _ => None,
        }
    }

    /// Whether the values of a page are no more than `most`, and their strings together no
    /// longer than `limit` bytes. Linear in the bytes.
    pub(super) fn is_sound(self, values: &[u8], most: u64, limit: u64) -> bool {
        self.bytes(values, most).is_some_and(|bytes| bytes <= limit)
    }

    /// Bytes that the strings of a page become; `None` where it cannot be decoded.
    fn bytes(self, values: &[u8], most: u64) -> Option<u64> {
        let mut rest = values;
        let mut total = 0_u64;
        let streams = match self {
            Delta::Numbers => return stream(&mut rest, most, |_| {}).map(|()| 0),
            Delta::Lengths => 1,
            Delta::Prefixes => 2,
        };
        for _ in 0..streams {
            let add = |length: i64| {
                total = total.saturating_add(u64::try_from(length).unwrap_or(0));
            };
            stream(&mut rest, most, add)?;
        }
        Some(total)
    }
}

/// Goes over a stream of differences: shows each value, and leaves `bytes` behind its end.
/// `None` where it states more than `most` values, or ends before they do.
fn stream(bytes: &mut &[u8], most: u64, mut see: impl FnMut(i64)) -> Option<()> {
    let block = number(bytes)?;
    let parts = number(bytes)?;
    let total = number(bytes)?;
    let mut value = zigzag(number(bytes)?);
    if total > most {
        return None;
    }
    if total == 0 {
        return Some(());
    }
    see(value);
    let mut left = total - 1;
    let a_part = block.checked_div(parts).filter(|n| *n > 0 && n % 8 == 0)?;
    while left > 0 {
        let least = zigzag(number(bytes)?);
        let widths = cut(bytes, usize::try_from(parts).ok()?)?;
        for width in widths {
            if left == 0 {
                break;
            }
            let width = u64::from(*width);
            let n_bytes = a_part.checked_mul(width)?.checked_div(8)?;
            let n = a_part.min(left);
            // The last part may end with its last value.
            let needed = (n * width).div_ceil(8);
            let has = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if width > 64 || needed > has {
                return None;
            }
            let packed = cut(bytes, usize::try_from(n_bytes.min(has)).ok()?)?;
            for at in 0..n {
                let delta = bits(packed, at * width, width).cast_signed();
                value = value.wrapping_add(least).wrapping_add(delta);
                see(value);
            }
            left -= n;
        }
    }
    Some(())
}

/// A whole number of seven bits a byte (ULEB128).
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn cut<'b>(bytes: &mut &'b [u8], n: usize) -> Option<&'b [u8]> {
    let (head, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(head)
}

/// `width` bits from bit `at` on, the lowest first.
fn bits(packed: &[u8], at: u64, width: u64) -> u64 {
    let first = usize::try_from(at / 8).unwrap_or(usize::MAX);
    let window = packed.get(first..).unwrap_or_default();
    let mut word = [0; 16];
    let n = window.len().min(9);
    word[..n].copy_from_slice(&window[..n]);
    let word = u128::from_le_bytes(word) >> (at % 8);
    let mask = (1_u128 << width) - 1;
    u64::try_from(word & mask).unwrap_or(0)
}

/// The bytes of a page that become no more than `most`; `None` where they cannot be had.
pub(super) fn unpacked(
    packed: Vec<u8>,
    codec: Compression,
    most: u64,
) -> Option<Vec<u8>> {
    let size = usize::try_from(most).ok()?;
    let all = |unpacked: &mut dyn Read| {
        let mut bytes = Vec::new();
        let n = unpacked.take(most + 1).read_to_end(&mut bytes).ok()?;
        (n <= size).then_some(bytes)
    };
    match codec {
        Compression::UNCOMPRESSED => Some(packed),
        Compression::SNAPPY => {
            let length = snap::raw::decompress_len(&packed).ok()?;
            (length <= size)
                .then(|| snap::raw::Decoder::new().decompress_vec(&packed).ok())?
        }
        Compression::GZIP(_) => all(&mut MultiGzDecoder::new(&packed[..])),
        Compression::BROTLI(_) => all(&mut Decompressor::new(&packed[..], 1 << 14)),
        Compression::ZSTD(_) => all(&mut zstd::Decoder::new(&packed[..]).ok()?),
        Compression::LZ4_RAW => lz4_flex::block::decompress(&packed, size).ok(),
        // Two ways to frame a block go by this name; nobody writes differences in either.
        Compression::LZ4 | Compression::LZO => None,
    }
}

/// Where the values of a page of the first version begin, behind its levels.
pub(super) fn behind_levels(
    page: &[u8],
    levels: [(i16, i64); 2],
    n_values: u64,
) -> Option<&[u8]> {
    let mut rest = page;
    for (highest, encoding) in levels.into_iter().filter(|(highest, _)| *highest > 0) {
        let n_bytes = match encoding {
            // RLE, behind its length.
            3 => u32::from_le_bytes(cut(&mut rest, 4)?.try_into().ok()?).into(),
            // BIT_PACKED.
            4 => {
                let width = u64::from(16 - highest.cast_unsigned().leading_zeros());
                n_values.checked_mul(width)?.div_ceil(8)
            }
            _ => return None,
        };
        cut(&mut rest, usize::try_from(n_bytes).ok()?)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Seek, Write},
        sync::Arc,
    };

    use ::arrow::array::{ArrayRef, Int64Array, ListArray, RecordBatch, StringArray};
    use ::arrow::datatypes::Int32Type;
    use parquet::{
        arrow::ArrowWriter,
        basic::Encoding,
        file::properties::{WriterProperties, WriterVersion},
    };

    use super::{super::ParquetRows, *};

    /// A column of strings with gaps, one of numbers and one of lists, 300 rows.
    fn written(
        encoding: Encoding,
        codec: Compression,
        version: WriterVersion,
    ) -> Vec<u8> {
        let name = |n: i64| (n % 7 != 3).then(|| format!("https://e.example/news/{n}"));
        let names: ArrayRef = Arc::new((0..300).map(name).collect::<StringArray>());
        let numbers: ArrayRef = Arc::new((0..300).map(|n| n * n).collect::<Int64Array>());
        let list = |n: i32| (n % 5 != 2).then(|| vec![Some(n), None, Some(-n)]);
        let lists = (0..300).map(list);
        let lists: ArrayRef =
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists));
        let batch =
            RecordBatch::try_from_iter([("text", names), ("n", numbers), ("l", lists)])
                .expect("is one");
        let how = WriterProperties::builder()
            .set_compression(codec)
            .set_writer_version(version)
            .set_dictionary_enabled(false)
            .set_column_encoding("text".into(), encoding)
            .set_column_encoding("n".into(), Encoding::DELTA_BINARY_PACKED)
            .set_column_encoding("l.list.item".into(), Encoding::DELTA_BINARY_PACKED)
            .build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(how))
            .expect("is sound");
        writer.write(&batch).expect("memory takes it");
        writer.close().expect("memory takes it");
        bytes
    }

    fn rows(bytes: &[u8]) -> Vec<Result<String, String>> {
        let mut file = tempfile::tempfile().expect("a file can be made");
        file.write_all(bytes).expect("has room");
        file.rewind().expect("is a file");
        let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let rows = ParquetRows::open(file, 1 << 20, text_of).expect("is Parquet");
        rows.map(|row| match row {
            Ok(row) => Ok(row.value.to_string()),
            Err(error) => Err(error.detail),
        })
        .collect()
    }

    #[test]
    fn differences_that_others_write_are_read() {
        let codecs = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(Default::default()),
            Compression::BROTLI(Default::default()),
            Compression::ZSTD(Default::default()),
            Compression::LZ4_RAW,
        ];
        let plain = rows(&written(
            Encoding::PLAIN,
            Compression::UNCOMPRESSED,
            WriterVersion::PARQUET_1_0,
        ));
        assert!(plain.len() == 300 && plain.iter().all(Result::is_ok), "{plain:?}");
        for encoding in [Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                for codec in codecs {
                    let found = rows(&written(encoding, codec, version));
                    assert_eq!(found, plain, "{encoding} {codec:?} {version:?}");
                }
            }
        }
    }

    #[test]
    fn a_page_that_states_a_million_times_its_values_costs_its_row_group() {
        for encoding in [Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY] {
            let version = WriterVersion::PARQUET_1_0;
            let mut bytes = written(encoding, Compression::UNCOMPRESSED, version);
            // Blocks of 128 in four parts; 257 values that are no gaps.
            let head = [0x80, 1, 4, 0x81, 2];
            let at = bytes.windows(5).position(|found| found == head).expect("is there");
            // As many again and again: no byte may move, so the first value goes too.
            bytes[at + 3..at + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
            let found = rows(&bytes);
            let [Err(why)] = &found[..] else { panic!("{found:?}") };
            assert!(why.contains("states more differences"), "{why}");
        }
    }

    /// Blocks of 128 in four parts, `total` values from 7, each one more than the last.
    fn rising(total: u8) -> Vec<u8> {
        vec![0x80, 1, 4, total, 14, 2, 0, 0, 0, 0]
    }

    #[test]
    fn a_stream_is_as_long_as_it_says_and_no_longer_than_it_may_be() {
        let claims = [0x80, 1, 4, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2, 14];
        for (bytes, most, expected) in [
            (rising(3), 3, Some(vec![7, 8, 9])),
            (rising(3), 2, None),
            (claims.to_vec(), 1 << 20, None),
            // One value has no block.
            (rising(1)[..5].to_vec(), 9, Some(vec![7])),
            (rising(0)[..5].to_vec(), 9, Some(vec![])),
            (rising(3)[..7].to_vec(), 9, None),
            // No parts, and none of eight values.
            (vec![0x80, 1, 0, 3, 14, 2], 9, None),
            (vec![4, 4, 3, 14, 2, 0, 0, 0, 0], 9, None),
            // Two bits each: 1 more, then 2 more, then 3 more than the least, 1.
            (
                vec![0x80, 1, 4, 4, 14, 2, 2, 0, 0, 0, 0b11_10_01],
                9,
                Some(vec![7, 9, 12, 16]),
            ),
            (vec![0x80, 1, 4, 4, 14, 2, 65, 0, 0, 0, 0, 0], 9, None),
        ] {
            let mut seen = Vec::new();
            let end = stream(&mut &bytes[..], most, |value| seen.push(value));
            assert_eq!(end.map(|()| seen), expected, "{bytes:?}");
        }
    }

    #[test]
    fn strings_that_share_their_beginnings_count_whole() {
        // Three strings: of 7, 8 and 9 bytes of the one before, and as many of their own.
        let both = [rising(3), rising(3)].concat();
        assert!(Delta::Prefixes.is_sound(&both, 3, 48));
        assert!(!Delta::Prefixes.is_sound(&both, 3, 47));
        assert!(Delta::Lengths.is_sound(&both, 3, 24));
        assert!(!Delta::Lengths.is_sound(&both, 3, 23));
        assert!(Delta::Numbers.is_sound(&both, 3, 0));
    }

    #[test]
    fn levels_are_stepped_over() {
        let page = [2, 0, 0, 0, 9, 9, 1, 0, 0, 0, 9, 5];
        assert_eq!(behind_levels(&page, [(1, 3), (2, 3)], 3), Some(&[5][..]));
        assert_eq!(behind_levels(&page, [(0, 3), (1, 3)], 3), Some(&page[6..]));
        assert_eq!(behind_levels(&page, [(0, 3), (3, 4)], 8), Some(&page[2..]));
        assert_eq!(behind_levels(&page, [(1, 3), (1, 9)], 3), None);
        assert_eq!(behind_levels(&[255, 255, 255, 255], [(1, 3), (0, 3)], 3), None);
    }
}
