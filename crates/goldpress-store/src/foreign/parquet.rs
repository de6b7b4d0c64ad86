//! Rows of a Parquet file, a row group at a time.

use std::{fs::File, io};

use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use super::{ForeignError, ForeignRow, TextOf, footer, guarded, objects, pages};

/// Rows decoded at a time: pages of the web are large.
const BATCH_ROWS: usize = 32;

/// Bytes that the rows decoded at a time take at the most, where one page fills them.
const MOST_BATCH_BYTES: u64 = 64 << 20;

/// Rows of a Parquet file, in order.
///
/// Holds one page a column and a few rows, whatever the size of the file. A row group
/// that cannot be read is one [`ForeignError`], and reading goes on with the next.
pub struct ParquetRows {
    file: File,
    metadata: ArrowReaderMetadata,
    limit: u64,
    text_of: TextOf,
    /// The next row group.
    group: usize,
    open: Option<Group>,
    /// Number of the next row, from 1.
    number: u64,
    ready: std::vec::IntoIter<serde_json::Value>,
}

/// A row group that is being read.
struct Group {
    batches: ParquetRecordBatchReader,
    byte_offset: u64,
    /// Number of the first row behind it.
    end: u64,
}

impl ParquetRows {
    /// Opens a file, of which only the directory at its end is read; `limit` bounds a page,
    /// in bytes.
    ///
    /// # Errors
    ///
    /// The file is no Parquet, or its directory is broken.
    pub fn open(
        mut file: File,
        limit: u64,
        text_of: TextOf,
    ) -> Result<ParquetRows, ForeignError> {
        let refused = |detail| ForeignError {
            number: 1,
            byte_offset: 0,
            n_rows: None,
            detail,
            is_too_large: false,
        };
        footer::check(&mut file).map_err(refused)?;
        let load = |options| {
            guarded(|| {
                ArrowReaderMetadata::load(&file, options)
                    .map_err(|error| error.to_string())
            })
        };
        // What Arrow writes of its own types beside the schema may be broken; without it
        // only names of time zones are lost.
        let plain = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = load(ArrowReaderOptions::new()).or_else(|_| load(plain()));
        let metadata = metadata.map_err(refused)?;
        let length = file.metadata().map_err(|error| refused(error.to_string()))?.len();
        pages::check_chunks(metadata.metadata(), length)
            .map_err(|error| refused(error.to_string()))?;
        let ready = Vec::new().into_iter();
        Ok(ParquetRows {
            file,
            metadata,
            limit,
            text_of,
            group: 0,
            open: None,
            number: 1,
            ready,
        })
    }

    /// Begins the next row group.
    fn begin(&mut self) -> Result<bool, ForeignError> {
        let groups = self.metadata.metadata().row_groups();
        let Some(group) = groups.get(self.group) else { return Ok(false) };
        let n_rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let starts =
            group.columns().iter().filter_map(|column| pages::range_of(column).ok());
        let byte_offset = starts.map(|(start, _)| start).min().unwrap_or(0);
        let at = self.group;
        self.group += 1;
        let end = self.number.saturating_add(n_rows);
        let largest = match pages::check(&mut self.file, group, self.limit) {
            Ok(largest) => largest,
            Err(error) => {
                let lost = self.lost(byte_offset, end, &error.to_string());
                return Err(ForeignError { is_too_large: error.is_too_large(), ..lost });
            }
        };
        // Each row may be one entry of a dictionary, as large as a page is.
        let rows =
            (MOST_BATCH_BYTES / largest.max(1)).clamp(1, BATCH_ROWS as u64) as usize;
        let (file, metadata) = (self.file.try_clone(), self.metadata.clone());
        let begun = guarded(|| {
            let file = file.map_err(|error: io::Error| error.to_string())?;
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                .with_row_groups(vec![at])
                .with_batch_size(rows)
                .build()
                .map_err(|error| error.to_string())
        });
        match begun {
            Ok(batches) => self.open = Some(Group { batches, byte_offset, end }),
            Err(detail) => return Err(self.lost(byte_offset, end, &detail)),
        }
        Ok(true)
    }

    /// The rest of a row group is lost: says so and goes behind it.
    fn lost(&mut self, byte_offset: u64, end: u64, detail: &str) -> ForeignError {
        let number = self.number;
        let n_rows = end.saturating_sub(number);
        self.number = end.max(number);
        self.open = None;
        ForeignError {
            number,
            byte_offset,
            n_rows: Some(n_rows),
            detail: format!(
                "{n_rows} rows of row group {} are lost: {detail}",
                self.group
            ),
            is_too_large: false,
        }
    }
}

impl Iterator for ParquetRows {
    type Item = Result<ForeignRow, ForeignError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(value) = self.ready.next() {
                let number = self.number;
                self.number += 1;
                let byte_offset = self.open.as_ref().map_or(0, |group| group.byte_offset);
                return Some(Ok(ForeignRow { number, byte_offset, value }));
            }
            let Some(group) = &mut self.open else {
                match self.begin() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            };
            let (byte_offset, end) = (group.byte_offset, group.end);
            let text_of = self.text_of;
            let decoded = guarded(|| match group.batches.next() {
                None => Ok(None),
                Some(Ok(batch)) => objects(&batch, text_of).map(Some),
                Some(Err(error)) => Err(error.to_string()),
            });
            match decoded {
                Ok(Some(values)) => self.ready = values.into_iter(),
                Ok(None) if self.number < end => {
                    return Some(Err(self.lost(byte_offset, end, "they are not there")));
                }
                Ok(None) => self.open = None,
                Err(detail) => return Some(Err(self.lost(byte_offset, end, &detail))),
            }
        }
    }
}
