//! Rows of an Arrow IPC file or stream (Feather version 2), a message at a time.
//!
//! A file is a stream between two marks, with a directory behind it. It is read by its
//! directory; one that breaks off before it is read as the stream, so that it keeps the
//! batches before.

mod directory;
mod head;

use std::{
    collections::{HashMap, VecDeque},
    fs::File,
    io::{Read, Seek, SeekFrom},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, RecordBatch},
    buffer::Buffer,
    datatypes::{Schema, SchemaRef},
    ipc::{
        Message, MessageHeader, RecordBatch as BatchHeader,
        convert::fb_to_schema,
        reader::{RecordBatchDecoder, read_dictionary},
        root_as_message,
    },
};

use self::directory::{Directory, Place};
use super::{ForeignError, ForeignRow, TextOf, guarded, objects};

/// What a file begins with, padding included.
const FILE_MAGIC: &[u8; 8] = b"ARROW1\0\0";
/// Where the first message of a file begins at the latest.
const MAX_PADDING: u64 = 64;
/// What comes before the length of a message since version 0.15.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Rows turned into objects at a time.
const BATCH_ROWS: usize = 32;

/// Rows of an Arrow file or stream, in order.
///
/// Holds one batch, as large as its writer made it, up to the limit. A batch that cannot
/// be read is one [`ForeignError`], and reading goes on with the next message.
pub struct ArrowRows<'a> {
    bytes: Bytes<'a>,
    text_of: TextOf,
    /// Most bytes of one message, and of each of its buffers undone.
    limit: u64,
    offset: u64,
    schema: Option<SchemaRef>,
    dictionaries: HashMap<i64, ArrayRef>,
    /// Number of the next row, from 1.
    number: u64,
    batch: Option<(u64, RecordBatch)>,
    ready: std::vec::IntoIter<serde_json::Value>,
    is_done: bool,
    /// Whether the stream is that of a file.
    is_file: bool,
}

/// Where messages are read.
enum Bytes<'a> {
    /// One behind the other; `directory` is why that of the file is not gone by.
    Stream { stream: Box<dyn Read + 'a>, directory: Option<String> },
    /// Where the directory says that they are.
    Places { file: File, places: VecDeque<Place>, behind: u64 },
}

/// What a message was.
enum Told {
    /// The schema or a dictionary.
    About,
    Batch(RecordBatch),
}

/// Why a message is none.
struct Broken {
    detail: String,
    n_rows: Option<u64>,
    is_too_large: bool,
    /// Whether nothing behind it can be found.
    is_last: bool,
}

fn parsed(head: &[u8]) -> Result<Message<'_>, String> {
    guarded(|| root_as_message(head).map_err(|error| error.to_string()))
}

impl<'a> ArrowRows<'a> {
    /// Rows of a stream, or of a file as if it were one; `limit` bounds a message, in
    /// bytes.
    pub fn new(stream: Box<dyn Read + 'a>, limit: u64, text_of: TextOf) -> ArrowRows<'a> {
        ArrowRows::of(Bytes::Stream { stream, directory: None }, limit, text_of)
    }

    /// Rows of a file, by its directory; without one as those of a stream.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn open(
        mut file: File,
        limit: u64,
        text_of: TextOf,
    ) -> std::io::Result<ArrowRows<'a>> {
        match Directory::read(&mut file, limit) {
            Ok(Directory { schema, places, behind }) => {
                let bytes = Bytes::Places { file, places, behind };
                let mut rows = ArrowRows::of(bytes, limit, text_of);
                rows.schema = Some(schema);
                Ok(rows)
            }
            Err(why) => {
                file.rewind()?;
                let stream = Box::new(std::io::BufReader::new(file));
                let bytes = Bytes::Stream { stream, directory: Some(why) };
                Ok(ArrowRows::of(bytes, limit, text_of))
            }
        }
    }

    fn of(bytes: Bytes<'a>, limit: u64, text_of: TextOf) -> ArrowRows<'a> {
        ArrowRows {
            bytes,
            text_of,
            limit,
            offset: 0,
            schema: None,
            dictionaries: HashMap::new(),
            number: 1,
            batch: None,
            ready: Vec::new().into_iter(),
            is_done: false,
            is_file: false,
        }
    }

    /// Reads the next message; `None` at the end.
    fn message(&mut self) -> Option<Result<Told, Broken>> {
        match &mut self.bytes {
            Bytes::Places { places, behind, .. } => {
                let Some(place) = places.pop_front() else {
                    let what = format!("{behind} bytes behind the end of the file");
                    return (*behind > 0).then(|| Err(last(what)));
                };
                let told = self.at(place);
                // Where the others stand is known.
                Some(told.map_err(|broken| Broken { is_last: false, ..broken }))
            }
            Bytes::Stream { .. } => self.next_of_stream(),
        }
    }

    /// Reads the message at a place that the directory names.
    fn at(&mut self, place: Place) -> Result<Told, Broken> {
        if let Bytes::Places { file, .. } = &mut self.bytes {
            let sought = file.seek(SeekFrom::Start(place.offset));
            self.offset = sought.map_err(|error| here(error.to_string()))?;
        }
        let head = self.exactly(place.head)?;
        let prefix = if head.starts_with(&CONTINUATION) { 8 } else { 4 };
        let head = head.get(prefix..).ok_or_else(|| here("a message without a head"))?;
        self.told(head)
    }

    /// The next byte in the input from which a message may be read.
    fn place(&self) -> u64 {
        match &self.bytes {
            Bytes::Places { places, .. } => {
                places.front().map_or(self.offset, |place| place.offset)
            }
            Bytes::Stream { .. } => self.offset,
        }
    }

    /// Reads on behind the end of a stream: another may follow, but nothing else.
    fn end_of_stream(&mut self) -> Option<Result<Told, Broken>> {
        let Bytes::Stream { directory, .. } = &mut self.bytes else { return None };
        match directory.take() {
            Some(why) if self.is_file => {
                let what = format!("{why}: it was read as a stream");
                return Some(Err(last(what)));
            }
            _ if self.is_file => return None,
            _ => {}
        }
        match self.fixed::<4>() {
            Ok(None) => None,
            Ok(Some(CONTINUATION)) => match self.fixed::<4>() {
                Ok(Some(length)) => self.of_length(i32::from_le_bytes(length)),
                Ok(None) => None,
                Err(broken) => Some(Err(broken)),
            },
            _ => Some(Err(last("bytes behind the end of the stream".to_owned()))),
        }
    }

    fn next_of_stream(&mut self) -> Option<Result<Told, Broken>> {
        let mut length = match self.fixed::<4>() {
            Ok(Some(length)) => length,
            Ok(None) => return None,
            Err(broken) => return Some(Err(broken)),
        };
        if self.offset == 4 && length == FILE_MAGIC[..4] {
            self.is_file = true;
            if let Err(broken) = self.fixed::<4>() {
                return Some(Err(broken));
            }
            return Some(Ok(Told::About));
        }
        if length == CONTINUATION {
            length = match self.fixed::<4>() {
                Ok(Some(length)) => length,
                // A stream may end without its mark.
                Ok(None) => return None,
                Err(broken) => return Some(Err(broken)),
            };
        }
        self.of_length(i32::from_le_bytes(length))
    }

    /// Reads the message whose head has so many bytes.
    fn of_length(&mut self, length: i32) -> Option<Result<Told, Broken>> {
        match u64::try_from(length) {
            // Some writers pad the mark at the front further than the format asks for.
            Ok(0) if self.offset <= MAX_PADDING => Some(Ok(Told::About)),
            Ok(0) => self.end_of_stream(),
            Ok(length) => {
                let head = self.exactly(length);
                Some(head.and_then(|head| self.told(&head)))
            }
            Err(_) => Some(Err(last(format!("a message of {length} bytes")))),
        }
    }

    fn told(&mut self, head: &[u8]) -> Result<Told, Broken> {
        let moved;
        let message = match parsed(head) {
            Ok(message) => message,
            Err(what) => {
                moved = head::aligned(head);
                let again = moved.as_deref().and_then(|moved| parsed(moved).ok());
                again.ok_or_else(|| {
                    last(format!("the head of a message is broken: {what}"))
                })?
            }
        };
        let body = u64::try_from(message.bodyLength())
            .map_err(|_| last("a message has a body of negative length".to_owned()))?;
        let n_rows = message.header_as_record_batch().map(|batch| batch.length());
        let n_rows = n_rows.and_then(|n| u64::try_from(n).ok());
        let body = self.exactly(body).map_err(|broken| Broken { n_rows, ..broken })?;
        guarded(|| {
            self.decode(&message, Buffer::from_vec(body)).map_err(|what| what.detail)
        })
        .map_err(|detail| Broken {
            detail,
            n_rows,
            is_too_large: false,
            is_last: false,
        })
    }

    fn decode(&mut self, message: &Message<'_>, body: Buffer) -> Result<Told, Broken> {
        let failed = |error: arrow::error::ArrowError| here(error.to_string());
        if message.header_type() == MessageHeader::Schema {
            let schema = message.header_as_schema().ok_or_else(|| here("no schema"))?;
            let schema: Schema = fb_to_schema(schema);
            self.schema = Some(Arc::new(schema));
            self.dictionaries.clear();
            return Ok(Told::About);
        }
        let schema = self.schema.clone().ok_or_else(|| here("rows before the schema"))?;
        match message.header_type() {
            MessageHeader::DictionaryBatch => {
                let batch = message.header_as_dictionary_batch();
                let batch = batch.ok_or_else(|| here("no dictionary"))?;
                let data = batch.data().ok_or_else(|| here("an empty dictionary"))?;
                self.check_sizes(data, &body)?;
                let known = &mut self.dictionaries;
                read_dictionary(&body, batch, &schema, known, &message.version())
                    .map_err(failed)?;
                Ok(Told::About)
            }
            MessageHeader::RecordBatch => {
                let batch = message.header_as_record_batch();
                let batch = batch.ok_or_else(|| here("no batch"))?;
                self.check_sizes(batch, &body)?;
                let (known, version) = (&self.dictionaries, message.version());
                let decoder =
                    RecordBatchDecoder::try_new(&body, batch, schema, known, &version);
                let batch = decoder.and_then(RecordBatchDecoder::read_record_batch);
                batch.map(Told::Batch).map_err(failed)
            }
            _ => Ok(Told::About),
        }
    }

    /// Refuses a batch whose packed buffers say that they are larger than the limit: the
    /// decoder would set the room aside before it looks.
    fn check_sizes(&self, batch: BatchHeader<'_>, body: &Buffer) -> Result<(), Broken> {
        if batch.compression().is_none() {
            return Ok(());
        }
        for buffer in batch.buffers().into_iter().flatten() {
            let at = usize::try_from(buffer.offset()).unwrap_or(usize::MAX);
            let size = at.checked_add(8).and_then(|end| body.get(at..end));
            let Some(size) = size.and_then(|bytes| bytes.try_into().ok()) else {
                continue;
            };
            // Minus one says that the buffer is not packed.
            let size = i64::from_le_bytes(size);
            if u64::try_from(size).is_ok_and(|size| size > self.limit) {
                return Err(here(format!("a buffer of {size} bytes, packed")));
            }
        }
        Ok(())
    }

    /// The next `N` bytes, or nothing at the end of the stream.
    fn fixed<const N: usize>(&mut self) -> Result<Option<[u8; N]>, Broken> {
        let bytes = self.upto(N as u64)?;
        match <[u8; N]>::try_from(bytes) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(bytes) if bytes.is_empty() => Ok(None),
            Err(_) => Err(last("the file breaks off".to_owned())),
        }
    }

    fn exactly(&mut self, n: u64) -> Result<Vec<u8>, Broken> {
        if n > self.limit {
            let detail =
                format!("a message of {n} bytes, over the limit of {}", self.limit);
            return Err(Broken { is_too_large: true, ..last(detail) });
        }
        let bytes = self.upto(n)?;
        if (bytes.len() as u64) < n {
            let detail = format!("the file breaks off in a message of {n} bytes");
            return Err(last(detail));
        }
        Ok(bytes)
    }

    fn upto(&mut self, n: u64) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::new();
        let read = match &mut self.bytes {
            Bytes::Stream { stream, .. } => stream.take(n).read_to_end(&mut bytes),
            Bytes::Places { file, .. } => file.take(n).read_to_end(&mut bytes),
        };
        self.offset += bytes.len() as u64;
        read.map_err(|error| last(error.to_string()))?;
        Ok(bytes)
    }

    fn lost(&mut self, byte_offset: u64, broken: Broken) -> ForeignError {
        let number = self.number;
        self.number = number.saturating_add(broken.n_rows.unwrap_or(0));
        self.is_done |= broken.is_last;
        let broken = match &mut self.bytes {
            Bytes::Stream { directory, .. } if self.is_file && broken.is_last => {
                let why = directory.take().map(|why| format!("{why}; "));
                let detail = why.unwrap_or_default() + &broken.detail;
                Broken { detail, ..broken }
            }
            _ => broken,
        };
        let what = match broken.n_rows {
            Some(n_rows) => format!("{n_rows} rows are lost: {}", broken.detail),
            None => broken.detail,
        };
        ForeignError {
            number,
            byte_offset,
            n_rows: broken.n_rows,
            detail: what,
            is_too_large: broken.is_too_large,
        }
    }
}

fn here(detail: impl Into<String>) -> Broken {
    Broken { detail: detail.into(), n_rows: None, is_too_large: false, is_last: false }
}

fn last(detail: String) -> Broken {
    Broken { is_last: true, ..here(detail) }
}

impl Iterator for ArrowRows<'_> {
    type Item = Result<ForeignRow, ForeignError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(value) = self.ready.next() {
                let number = self.number;
                self.number += 1;
                let byte_offset = self.batch.as_ref().map_or(0, |(at, _)| *at);
                return Some(Ok(ForeignRow { number, byte_offset, value }));
            }
            if let Some((byte_offset, batch)) = self.batch.take()
                && batch.num_rows() > 0
            {
                let n = batch.num_rows().min(BATCH_ROWS);
                let text_of = self.text_of;
                match guarded(|| objects(&batch.slice(0, n), text_of)) {
                    Ok(values) => self.ready = values.into_iter(),
                    Err(detail) => {
                        let n_rows = Some(batch.num_rows() as u64);
                        let broken = Broken { n_rows, ..here(detail) };
                        return Some(Err(self.lost(byte_offset, broken)));
                    }
                }
                self.batch = Some((byte_offset, batch.slice(n, batch.num_rows() - n)));
                continue;
            }
            if self.is_done {
                return None;
            }
            let byte_offset = self.place();
            match self.message() {
                None => self.is_done = true,
                Some(Ok(Told::About)) => {}
                Some(Ok(Told::Batch(batch))) => self.batch = Some((byte_offset, batch)),
                Some(Err(broken)) => return Some(Err(self.lost(byte_offset, broken))),
            }
        }
    }
}
