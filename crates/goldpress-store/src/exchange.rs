//! Tables for another engine: rows of Parquet files as Arrow IPC streams, and back.
//!
//! An engine of its own Arrow needs no Parquet reader of its own: bytes are all that is
//! exchanged.

use std::{fs::File, io, path::Path};

use arrow::{
    datatypes::SchemaRef,
    error::ArrowError,
    ipc::{reader::StreamReader, writer::StreamWriter},
    record_batch::RecordBatch,
};
use parquet::{
    arrow::{
        ArrowWriter, ProjectionMask,
        arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    },
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
};

use crate::{error::StoreError, reader::guarded};

/// Rows of a batch: few enough that texts of ordinary length take some tens of megabytes.
const BATCH_ROWS: usize = 8_192;

/// The rows of one Parquet file as Arrow IPC streams, a batch of rows a stream.
///
/// Each stream begins with its schema, so that it can be read by itself.
pub struct IpcBatches {
    path: std::path::PathBuf,
    schema: SchemaRef,
    batches: ParquetRecordBatchReader,
}

impl IpcBatches {
    /// Opens a file, all columns of it or some.
    ///
    /// Columns come in the order of the file; a name that it does not have is passed over.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no Parquet.
    pub fn open(path: &Path, columns: Option<&[&str]>) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::at(path))?;
        let mut builder =
            guarded(path, || ParquetRecordBatchReaderBuilder::try_new(file))?;
        if let Some(names) = columns {
            let fields = builder.schema().fields().iter().enumerate();
            let wanted =
                fields.filter(|(_, field)| names.contains(&field.name().as_str()));
            let wanted: Vec<usize> = wanted.map(|(at, _)| at).collect();
            let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
            builder = builder.with_projection(mask);
        }
        let batches = guarded(path, || builder.with_batch_size(BATCH_ROWS).build())?;
        let schema = arrow::record_batch::RecordBatchReader::schema(&batches);
        Ok(IpcBatches { path: path.to_owned(), schema, batches })
    }

    /// A stream of no rows: names and types of the columns.
    ///
    /// # Errors
    ///
    /// A type that IPC cannot say.
    pub fn schema(&self) -> Result<Vec<u8>, StoreError> {
        guarded(&self.path, || stream(&self.schema, None))
    }
}

impl Iterator for IpcBatches {
    type Item = Result<Vec<u8>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = guarded(&self.path, || self.batches.next().transpose());
        let bytes = batch.and_then(|batch| {
            let Some(batch) = batch else { return Ok(None) };
            guarded(&self.path, || stream(&self.schema, Some(&batch))).map(Some)
        });
        bytes.transpose()
    }
}

fn stream(
    schema: &SchemaRef,
    batch: Option<&RecordBatch>,
) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
    if let Some(batch) = batch {
        writer.write(batch)?;
    }
    writer.into_inner()
}

/// Writes Arrow IPC streams of one schema as a Parquet file, compressed with Zstandard.
///
/// # Errors
///
/// The sink refuses; bytes that are no IPC stream; streams of different schemas.
pub fn write_parquet(
    streams: impl IntoIterator<Item = Vec<u8>>,
    sink: impl io::Write + Send,
) -> io::Result<()> {
    let mut sink = Some(sink);
    let mut writer = None;
    for stream in streams {
        let mut reader =
            StreamReader::try_new(stream.as_slice(), None).map_err(refused)?;
        if let Some(sink) = sink.take() {
            let zstd = Compression::ZSTD(ZstdLevel::default());
            let how = WriterProperties::builder().set_compression(zstd).build();
            let begun = ArrowWriter::try_new(sink, reader.schema(), Some(how));
            writer = Some(begun.map_err(unwritten)?);
        }
        let Some(writer) = &mut writer else { continue };
        reader.try_for_each(|batch| {
            writer.write(&batch.map_err(refused)?).map_err(unwritten)
        })?;
    }
    writer.map_or(Ok(()), |writer| writer.close().map(drop).map_err(unwritten))
}

fn refused(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        error => io::Error::other(error),
    }
}

/// An error of the sink as the sink gave it: a full disk is what it is.
fn unwritten(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => {
            inner.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error)
        }
        error => io::Error::other(error),
    }
}
