//! Readers: one file for each input format, found by what an input begins with.

mod arc;
mod csv;
mod dialect;
mod documents;
mod envelope;
mod feed;
pub(crate) mod foreign;
pub(crate) mod html;
mod json;
mod jsonl;
mod lenient;
mod mhtml;
mod pieces;
mod reuters;
mod revisits;
mod segments;
mod tables;
mod text;
mod typed;
mod warc;
pub(crate) mod xml;
mod xml_records;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek},
    path::{Path, PathBuf},
};

use encoding_rs_io::DecodeReaderBytes;
use goldpress_model::{Origin, RawDocument, Reject, RejectReason};

use crate::{
    Content, Item, Options, Record,
    compression::reason_of,
    cursor::Cursor,
    record::{Refusal, reject},
};

/// Bytes of an input that a reader may look at to know its format.
pub const HEAD_BYTES: usize = 4096;

/// All readers, most particular first; the last takes whatever is left.
pub const READERS: &[&dyn Reader] = &[
    &warc::Warc,
    &arc::Arc,
    &tables::Parquet,
    &tables::Arrow,
    &feed::Feed,
    &documents::NITF,
    &documents::NEWSML_G2,
    &documents::TEI,
    &documents::TRAFILATURA_XML,
    &documents::SITEMAP,
    &reuters::Reuters,
    &jsonl::Jsonl,
    &json::Json,
    &mhtml::Mhtml,
    &html::Html,
    &xml_records::XmlRecords,
    &csv::Csv,
    &text::Text,
];

/// An input format.
pub trait Reader: Sync {
    /// Name of the format, as `--from` takes it.
    fn name(&self) -> &'static str;

    /// Whether a file is this format, by its first 4 KiB; the path only settles ties.
    ///
    /// The path has the extension of a compression taken off.
    fn recognises(&self, head: &[u8], path: &Path) -> bool;

    /// Yields the records of one file in order, holding one at a time.
    ///
    /// A record that cannot be read is a [`Reject`] and reading goes on after it. When
    /// the rest of a file is lost, the last item says so.
    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a>;
}

/// One input, compression undone.
pub struct Input<'a> {
    /// Path as the user gave it.
    pub(crate) file: String,
    pub(crate) cursor: Cursor<'a>,
    /// The file that holds exactly these bytes, if there is one.
    on_disk: Option<PathBuf>,
}

impl<'a> Input<'a> {
    /// An input named `file` that holds what `stream` yields.
    pub fn new(file: &str, stream: Box<dyn BufRead + 'a>) -> Input<'a> {
        Input { file: file.to_owned(), cursor: Cursor::new(stream), on_disk: None }
    }

    /// The same input, which a file on the disk holds as it is.
    pub(crate) fn on_disk(self, path: &Path) -> Input<'a> {
        Input { on_disk: Some(path.to_owned()), ..self }
    }

    /// The same input in UTF-8 where it begins with the mark of UTF-16, as exports of office
    /// programs do; otherwise as it is. Offsets are those of the UTF-8.
    pub(crate) fn in_utf8(mut self) -> Input<'a> {
        let is_wide = |head: &[u8]| {
            head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff])
        };
        if self.cursor.peek().is_ok_and(is_wide) {
            let decoded = DecodeReaderBytes::new(self.cursor);
            self.cursor = Cursor::new(Box::new(BufReader::new(decoded)));
        }
        self
    }

    /// The input as a file in which one can go to and fro: where it is none, it is copied
    /// to one that goes with its last user, and what cut it short is told.
    pub(crate) fn seekable(mut self) -> io::Result<(File, Option<io::Error>)> {
        if let Some(path) = &self.on_disk {
            return Ok((File::open(path)?, None));
        }
        let mut file = tempfile::tempfile()?;
        let cut = io::copy(&mut self.cursor, &mut file).err();
        file.rewind()?;
        Ok((file, cut))
    }

    pub(crate) fn origin(&self, record: u64, byte_offset: u64) -> Origin {
        Origin { file: self.file.clone(), record, byte_offset }
    }

    /// Reads everything as the bytes of one document, and why it is not whole.
    pub(crate) fn document(
        &mut self,
        media_type: &str,
        options: &Options,
    ) -> (RawDocument, Option<Refusal>) {
        let mut bytes = Vec::new();
        let limit = options.limits.record_bytes;
        let refusal = match self.cursor.all(limit, &mut bytes) {
            Ok(true) => None,
            Ok(false) => Some(too_large(limit)),
            Err(error) => Some(reason_of(&error)),
        };
        (document(self.origin(1, 0), bytes, media_type), refusal)
    }
}

pub(crate) fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        RejectReason::TooLarge,
        format!("the record has more than {limit} bytes"),
    )
}

/// A raw document about which nothing is known but its bytes and its type.
pub(crate) fn document(origin: Origin, bytes: Vec<u8>, media_type: &str) -> RawDocument {
    RawDocument {
        origin,
        bytes,
        media_type: media_type.to_owned(),
        charset_declared: None,
        url: None,
        fetched_at_us: None,
        http_status: None,
        truncated: false,
    }
}

/// The only item of an input that is one document.
pub(crate) fn single<'a>(
    raw: RawDocument,
    refusal: Option<Refusal>,
    content: Content,
) -> Box<dyn Iterator<Item = Item> + 'a> {
    Box::new(std::iter::once(match refusal {
        None => Item::Record(Box::new(Record::plain(raw, content))),
        Some(why) => Item::Reject(reject(&raw, why.reason, why.detail)),
    }))
}

/// A byline without its first word.
pub(crate) fn without_by(byline: &str) -> &str {
    let by = byline.get(..3).filter(|by| by.eq_ignore_ascii_case("by "));
    &byline[by.map_or(0, str::len)..]
}

/// A reject for the rest of an input that broke off where nothing of a record was read.
pub(crate) fn lost(input: &Input<'_>, record: u64, error: &std::io::Error) -> Reject {
    let why = reason_of(error);
    let origin = input.origin(record, input.cursor.offset());
    Reject::of(&origin, &[], why.reason, why.detail)
}

/// The extension of a path, in lower case.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().map(|ext| ext.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The head of an input as text, marks and white space before it left out, letters of ASCII
/// in lower case: whatever a format is known by is written in these.
pub(crate) fn head_text(head: &[u8]) -> String {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = head[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
    };
    let text: String = match head {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => String::from_utf8_lossy(head).into_owned(),
    };
    text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase()
}
