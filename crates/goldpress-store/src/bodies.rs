//! Bodies: the columns of `articles` by which near-duplicates are found, and no others.

use std::path::PathBuf;

use goldpress_model::Digest;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use crate::{error::StoreError, reader, rows::Row, tables::Articles};

const COLUMNS: &[&str] = &["doc_id", "dup_of", "body", "headline", "source"];

/// What of an article tells whether it is a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyRow {
    /// The article.
    pub doc_id: Digest,
    /// The first article with exactly this body, if this is not it.
    pub dup_of: Option<Digest>,
    /// Main text; empty if there is none.
    pub body: String,
    /// Headline, if it has one.
    pub headline: Option<String>,
    /// Outlet, if it is known.
    pub source: Option<String>,
}

/// Reads bodies, one batch at a time; an error is the last item.
pub(crate) struct Bodies {
    paths: std::vec::IntoIter<PathBuf>,
    /// The open file, its batches and its rows so far.
    open: Option<(PathBuf, ParquetRecordBatchReader, u64)>,
    rows: std::vec::IntoIter<Result<BodyRow, StoreError>>,
}

impl Bodies {
    pub(crate) fn of(paths: Vec<PathBuf>) -> Bodies {
        Bodies { paths: paths.into_iter(), open: None, rows: Vec::new().into_iter() }
    }

    /// Reads the next batch; false at the end.
    fn fill(&mut self) -> Result<bool, StoreError> {
        loop {
            let Some((path, batches, n_rows)) = &mut self.open else {
                let Some(path) = self.paths.next() else { return Ok(false) };
                let batches = reader::open_columns::<Articles>(&path, COLUMNS)?;
                self.open = Some((path, batches, 0));
                continue;
            };
            let Some(batch) = reader::guarded(path, || batches.next().transpose())?
            else {
                self.open = None;
                continue;
            };
            let rows = (0..batch.num_rows()).map(|n| {
                *n_rows += 1;
                let (path, row) = (path.clone(), *n_rows);
                read(&Row::of(&batch, n)).map_err(|reason| StoreError::Row {
                    path,
                    row,
                    reason,
                })
            });
            self.rows = rows.collect::<Vec<_>>().into_iter();
            return Ok(true);
        }
    }
}

fn read(row: &Row<'_>) -> Result<BodyRow, String> {
    Ok(BodyRow {
        doc_id: row.parsed("doc_id")?,
        dup_of: row.parsed_opt("dup_of")?,
        body: row.owned("body")?,
        headline: row.owned_opt("headline")?,
        source: row.owned_opt("source")?,
    })
}

impl Iterator for Bodies {
    type Item = Result<BodyRow, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    *self = Bodies::of(Vec::new());
                    return Some(Err(error));
                }
            }
        }
    }
}
