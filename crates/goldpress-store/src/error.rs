//! What can go wrong between a table and its file.

use std::{
    io,
    path::{Path, PathBuf},
};

use parquet::errors::ParquetError;

/// Why a table could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no finished dataset.
    #[error(
        "`{root}` holds no `manifest.json`, so no finished dataset; \
         `goldpress ingest SRC -o {root}` makes one"
    )]
    NoDataset {
        /// The folder.
        root: PathBuf,
    },
    /// The dataset is finished, and a new one was not asked for.
    #[error(
        "`{root}` is a finished dataset of {}",
        if *.same_inputs { "the same inputs and options" } else { "other inputs or options" }
    )]
    AlreadyThere {
        /// The folder.
        root: PathBuf,
        /// Whether it was made of the same inputs with the same options, so that there
        /// is nothing to do.
        same_inputs: bool,
    },
    /// Somebody else writes this dataset.
    #[error("`{root}` is being written by process {process}")]
    Locked {
        /// The folder.
        root: PathBuf,
        /// The process id of the writer, as it noted it.
        process: String,
    },
    /// A folder that should be replaced holds files that are not ours.
    #[error("`{path}` was not written by goldpress and would be overwritten")]
    Foreign {
        /// The first such file.
        path: PathBuf,
    },
    /// A run of this name exists.
    #[error("run `{run_id}` is there already")]
    RunExists {
        /// The run.
        run_id: String,
    },
    /// No finished run of this name.
    #[error("run `{run_id}` is not there or was never finished")]
    NoRun {
        /// The run.
        run_id: String,
    },
    /// A file of another schema version, or of another table.
    #[error("`{path}` is of schema `{found}`; this build reads `{known}`")]
    Version {
        /// The file.
        path: PathBuf,
        /// What the file says.
        found: String,
        /// What this build reads.
        known: String,
    },
    /// A file says the right version and has other columns.
    #[error("`{path}`: {reason}")]
    Columns {
        /// The file.
        path: PathBuf,
        /// The first difference.
        reason: String,
    },
    /// A row that does not make a noun.
    #[error("`{path}`, row {row}: {reason}")]
    Row {
        /// The file.
        path: PathBuf,
        /// The row in this file, counted from 1.
        row: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A table that was made of other articles than the dataset holds now.
    #[error("`{path}` was made of other articles")]
    Stale {
        /// The file.
        path: PathBuf,
    },
    /// The rows handed in do not fit each other: a defect of the caller.
    #[error("{0}")]
    Unbalanced(String),
    /// A file that is no Parquet, or is cut off.
    #[error("`{path}` is no sound Parquet file")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: ParquetError,
    },
    /// A table that could not be written.
    #[error("cannot write `{path}`")]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// What the writer says.
        source: ParquetError,
    },
    /// A JSON document that does not fit its type.
    #[error("`{path}` is no sound document")]
    Document {
        /// The file.
        path: PathBuf,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// The disk refuses.
    #[error("cannot read or write `{path}`")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl StoreError {
    /// Ties an error of the system to its path, for `map_err`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
        move |source| StoreError::Io { path: path.to_owned(), source }
    }

    /// Ties an error of the Parquet library to its path, for `map_err`.
    pub(crate) fn parquet(path: &Path) -> impl FnOnce(ParquetError) -> StoreError + '_ {
        move |source| StoreError::Parquet { path: path.to_owned(), source }
    }

    /// Ties an error while a table is written to its path, for `map_err`: a full disk is
    /// what it is.
    pub(crate) fn unwritten(path: &Path) -> impl FnOnce(ParquetError) -> StoreError + '_ {
        move |source| match source {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => StoreError::at(path)(*source),
                Err(inner) => {
                    let source = ParquetError::External(inner);
                    StoreError::Unwritten { path: path.to_owned(), source }
                }
            },
            source => StoreError::Unwritten { path: path.to_owned(), source },
        }
    }
}
