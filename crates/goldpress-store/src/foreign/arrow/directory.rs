//! The directory at the end of an Arrow IPC file: its schema and where its messages stand.
//!
//! Polars writes files that cannot be read as the stream which the format asks for, so a
//! file is read by its directory wherever there is one.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
};

use arrow::{
    datatypes::{Schema, SchemaRef},
    ipc::{Block, convert::fb_to_schema, root_as_footer},
};

use super::super::guarded;

/// What a file ends with, the length of its directory before it.
const MARK: &[u8] = b"ARROW1";
/// Bytes at the end of a file in which the mark is looked for: others may stand behind it.
const SEARCHED_BYTES: u64 = 64 << 10;

/// Where a message stands, and how long its head and its body are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: u64,
    pub(super) head: u64,
    pub(super) body: u64,
}

/// What the directory says.
pub(super) struct Directory {
    pub(super) schema: SchemaRef,
    /// Dictionaries, then batches of rows, in their order.
    pub(super) places: VecDeque<Place>,
    /// Bytes behind the end of the file's own.
    pub(super) behind: u64,
}

impl Directory {
    /// Reads the directory of a file, of no more than `limit` bytes.
    ///
    /// # Errors
    ///
    /// The file has none, or one that cannot be true.
    pub(super) fn read(file: &mut File, limit: u64) -> Result<Directory, String> {
        let told = |error: io::Error| error.to_string();
        let end = file.seek(SeekFrom::End(0)).map_err(told)?;
        let from = end.saturating_sub(SEARCHED_BYTES);
        file.seek(SeekFrom::Start(from)).map_err(told)?;
        let mut tail = Vec::new();
        file.take(SEARCHED_BYTES).read_to_end(&mut tail).map_err(told)?;
        let mark = tail.windows(MARK.len()).rposition(|bytes| bytes == MARK);
        let length = mark.and_then(|mark| tail[..mark].last_chunk::<4>());
        let (Some(mark), Some(length)) = (mark, length) else {
            return Err("the file has no directory".to_owned());
        };
        let length = u64::from(u32::from_le_bytes(*length));
        let behind = (tail.len() - mark - MARK.len()) as u64;
        let at = (from + mark as u64 - 4).checked_sub(length);
        let at = at.ok_or("the file has no directory")?;
        if length > limit {
            return Err(format!("a directory of {length} bytes"));
        }
        file.seek(SeekFrom::Start(at)).map_err(told)?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).map_err(told)?;
        guarded(|| Directory::of(&bytes, at))
            .map(|directory| Directory { behind, ..directory })
    }

    fn of(bytes: &[u8], end: u64) -> Result<Directory, String> {
        let footer = root_as_footer(bytes).map_err(|error| error.to_string())?;
        let schema = footer.schema().ok_or("a directory without a schema")?;
        let schema: Schema = fb_to_schema(schema);
        let blocks = footer.dictionaries().into_iter().flatten();
        let blocks = blocks.chain(footer.recordBatches().into_iter().flatten());
        let places: Option<VecDeque<Place>> = blocks.map(place_of).collect();
        let places = places.ok_or("a message of negative length")?;
        let mut sorted: Vec<Place> = places.iter().copied().collect();
        sorted.sort_by_key(|place| place.offset);
        // Twice the same bytes would be a bomb.
        let mut free_from = 0;
        for Place { offset, head, body } in sorted {
            let ends = head.checked_add(body).and_then(|n| n.checked_add(offset));
            match ends.filter(|ends| offset >= free_from && *ends <= end) {
                Some(ends) => free_from = ends,
                None => return Err("messages that cannot stand where it says".to_owned()),
            }
        }
        Ok(Directory { schema: Arc::new(schema), places, behind: 0 })
    }
}

fn place_of(block: &Block) -> Option<Place> {
    Some(Place {
        offset: u64::try_from(block.offset()).ok()?,
        head: u64::try_from(block.metaDataLength()).ok()?,
        body: u64::try_from(block.bodyLength()).ok()?,
    })
}
