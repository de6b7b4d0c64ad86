//! Writing tables: the Parquet files, or parts, that they are cut into.
//!
//! The bytes of a part hang on its rows and on nothing else: no clock, no machine, no
//! thread count, a fixed `created_by`.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use goldpress_model::Article;
use parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
    },
    schema::types::ColumnPath,
};
use serde::{Deserialize, Serialize};

use crate::{
    atomic::{self, AtomicFile},
    columns::Layout,
    error::StoreError,
    tables::{Articles, Table},
};

/// Most rows of a row group.
const GROUP_ROWS: usize = 20_000;

/// Rows are turned into columns this many bytes at a time: enough for whole pages, little
/// enough that rows waiting cost no memory worth naming.
const BATCH_BYTES: usize = 4 << 20;

/// And this many rows at a time, where rows are small.
const BATCH_ROWS: usize = 1_000;

/// Key of a file's metadata that names table and version.
pub(crate) const SCHEMA_KEY: &str = "goldpress.schema";

/// One file of a table, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Path below the dataset's folder, with `/`.
    pub file: String,
    /// Number of rows.
    pub rows: u64,
    /// Number of bytes.
    pub bytes: u64,
    /// BLAKE3 of the bytes, 64 hex digits.
    pub blake3: String,
}

/// What the metadata of a file says beside its schema: versions, parameters.
pub(crate) type Metadata = Vec<(&'static str, String)>;

/// Writes one Parquet file, row by row.
pub(crate) struct PartWriter<T: Table, W: Write + Send> {
    writer: ArrowWriter<Counted<W>>,
    path: PathBuf,
    waiting: Vec<T::Row>,
    waiting_bytes: usize,
    group_bytes: usize,
    rows: u64,
}

impl<T: Table, W: Write + Send> PartWriter<T, W> {
    /// Begins a file; `path` is only named in errors.
    pub(crate) fn new(
        sink: W,
        path: &Path,
        about: &Metadata,
    ) -> Result<Self, StoreError> {
        let encoded = T::columns(&[]);
        let options = ArrowWriterOptions::new()
            .with_properties(properties::<T>(&encoded.layouts, about))
            // The Parquet schema says all; Arrow's own copy would hang on its version.
            .with_skip_arrow_metadata(true);
        let sink = Counted { sink, hash: blake3::Hasher::new(), bytes: 0 };
        let schema = Arc::new(encoded.schema());
        let writer = ArrowWriter::try_new_with_options(sink, schema, options)
            .map_err(StoreError::unwritten(path))?;
        Ok(PartWriter {
            writer,
            path: path.to_owned(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            group_bytes: 0,
            rows: 0,
        })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: T::Row) -> Result<(), StoreError> {
        self.waiting_bytes += T::weight(&row);
        self.waiting.push(row);
        self.rows += 1;
        if self.waiting_bytes >= BATCH_BYTES || self.waiting.len() >= BATCH_ROWS {
            self.encode()?;
        }
        Ok(())
    }

    /// Bytes of the file so far, with what waits to be written as it is in memory.
    fn n_bytes(&self) -> usize {
        let open = self.writer.in_progress_size() + self.waiting_bytes;
        self.writer.bytes_written() + open
    }

    /// Writes what waits and the footer.
    pub(crate) fn close(mut self) -> Result<Closed<W>, StoreError> {
        self.encode()?;
        let written = self.writer.into_inner();
        let counted = written.map_err(StoreError::unwritten(&self.path))?;
        Ok(Closed {
            sink: counted.sink,
            rows: self.rows,
            bytes: counted.bytes,
            blake3: counted.hash.finalize().to_hex().to_string(),
        })
    }

    fn encode(&mut self) -> Result<(), StoreError> {
        let batch = T::columns(&self.waiting).into_batch();
        if self.writer.in_progress_rows() + batch.num_rows() > GROUP_ROWS {
            self.end_group()?;
        }
        self.writer.write(&batch).map_err(StoreError::unwritten(&self.path))?;
        self.waiting.clear();
        self.group_bytes += std::mem::take(&mut self.waiting_bytes);
        if self.group_bytes >= T::GROUP_BYTES {
            self.end_group()?;
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), StoreError> {
        self.group_bytes = 0;
        self.writer.flush().map_err(StoreError::unwritten(&self.path))
    }
}

/// A finished file: its sink, and what went into it.
pub(crate) struct Closed<W> {
    sink: W,
    rows: u64,
    bytes: u64,
    blake3: String,
}

fn properties<T: Table>(
    layouts: &[(Vec<String>, Layout)],
    about: &Metadata,
) -> WriterProperties {
    let zstd = ZstdLevel::try_new(3).expect("zstd has a level 3");
    let own = KeyValue::new(SCHEMA_KEY.to_owned(), T::version());
    let about = about
        .iter()
        .map(|(key, value)| KeyValue::new(format!("goldpress.{key}"), value.clone()));
    let mut builder = WriterProperties::builder()
        .set_created_by("goldpress".to_owned())
        .set_compression(Compression::ZSTD(zstd))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_key_value_metadata(Some(std::iter::once(own).chain(about).collect()));
    for (path, layout) in layouts {
        let column = ColumnPath::new(path.clone());
        builder = match layout {
            Layout::Key => builder
                .set_column_bloom_filter_enabled(column.clone(), true)
                .set_column_bloom_filter_max_ndv(column, GROUP_ROWS as u64),
            Layout::Plain => builder,
            Layout::Name => builder.set_column_dictionary_enabled(column, true),
            Layout::Text => {
                builder.set_column_statistics_enabled(column, EnabledStatistics::None)
            }
        };
    }
    builder.build()
}

/// A sink that knows how much it took, and the hash of it.
struct Counted<W> {
    sink: W,
    hash: blake3::Hasher,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.sink.write(bytes)?;
        self.hash.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Writes a table as files `part-00000.parquet` and on, in a folder of its own.
pub(crate) struct PartsWriter<T: Table> {
    folder: PathBuf,
    about: Metadata,
    open: PartWriter<T, File>,
    parts: Vec<Part>,
}

impl<T: Table> PartsWriter<T> {
    /// Begins the part behind `parts`, in a folder that is made if it is not there.
    ///
    /// A part is begun at once, so that also a table without rows has a file that says its
    /// schema.
    pub(crate) fn create(
        folder: &Path,
        about: Metadata,
        parts: Vec<Part>,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::at(folder))?;
        let open = create_part(folder, parts.len(), &about)?;
        Ok(PartsWriter { folder: folder.to_owned(), about, open, parts })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: T::Row) -> Result<(), StoreError> {
        self.open.push(row)
    }

    /// Bytes of the open part.
    pub(crate) fn n_bytes(&self) -> usize {
        self.open.n_bytes()
    }

    /// Finished parts, in order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Closes and syncs the open part and begins the next.
    pub(crate) fn roll(&mut self) -> Result<(), StoreError> {
        let next = create_part(&self.folder, self.parts.len() + 1, &self.about)?;
        let full = std::mem::replace(&mut self.open, next);
        self.parts.push(finish_part(full, self.parts.len())?);
        atomic::sync_folder(&self.folder).map_err(StoreError::at(&self.folder))
    }

    /// Closes and syncs the last part.
    pub(crate) fn finish(mut self) -> Result<Vec<Part>, StoreError> {
        let n = self.parts.len();
        self.parts.push(finish_part(self.open, n)?);
        atomic::sync_folder(&self.folder).map_err(StoreError::at(&self.folder))?;
        Ok(self.parts)
    }
}

/// Name of part `n` of a table.
fn part_name(n: usize) -> String {
    format!("part-{n:05}.parquet")
}

/// Whether a file could be a part of ours.
pub(crate) fn is_part_name(name: &str) -> bool {
    let digits =
        name.strip_prefix("part-").and_then(|rest| rest.strip_suffix(".parquet"));
    digits.is_some_and(|digits| {
        digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn create_part<T: Table>(
    folder: &Path,
    n: usize,
    about: &Metadata,
) -> Result<PartWriter<T, File>, StoreError> {
    let path = folder.join(part_name(n));
    let file = File::create(&path).map_err(StoreError::at(&path))?;
    PartWriter::new(file, &path, about)
}

fn finish_part<T: Table>(
    writer: PartWriter<T, File>,
    n: usize,
) -> Result<Part, StoreError> {
    let path = writer.path.clone();
    let Closed { sink, rows, bytes, blake3 } = writer.close()?;
    sink.sync_all().map_err(StoreError::at(&path))?;
    Ok(Part { file: format!("{}/{}", T::NAME, part_name(n)), rows, bytes, blake3 })
}

/// Writes articles as one Parquet file of the table `articles` to a sink: a pipe, a
/// buffer.
///
/// `path` is only named in errors, `normaliser` stands in the metadata. Memory holds one
/// row group, compressed.
///
/// # Errors
///
/// The sink refuses.
pub fn write_articles<W: Write + Send>(
    sink: W,
    path: &Path,
    articles: impl IntoIterator<Item = Article>,
    normaliser: &str,
) -> Result<W, StoreError> {
    let about = vec![("normaliser", normaliser.to_owned())];
    let mut writer = PartWriter::<Articles, W>::new(sink, path, &about)?;
    for article in articles {
        writer.push(article)?;
    }
    writer.close().map(|closed| closed.sink)
}

/// Writes a table of one file, in place of the old one.
pub(crate) fn write_file<T: Table, E: From<StoreError>>(
    path: &Path,
    rows: impl Iterator<Item = Result<T::Row, E>>,
    about: &Metadata,
) -> Result<(), E> {
    let file = AtomicFile::create(path).map_err(StoreError::at(path))?;
    let mut writer = PartWriter::<T, _>::new(file, path, about)?;
    for row in rows {
        writer.push(row?)?;
    }
    let file = writer.close()?.sink;
    Ok(file.commit().map_err(StoreError::at(path))?)
}
