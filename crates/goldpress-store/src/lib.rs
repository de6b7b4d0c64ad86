//! Tables on disk: Parquet and JSONL in and out, manifests, atomic writes.
//!
//! The only crate that names arrow or parquet. It computes nothing about articles: what a
//! file holds comes back as nouns of `goldpress_model`, checked, or as an error that names
//! the file, the row and the reason. An unknown schema version is refused, never guessed.
//!
//! # Offsets
//!
//! In files a range counts **code points** of the article's text; nouns in memory count
//! **bytes**. Articles are converted here, where they enter and leave. Annotations and
//! predictions stay in code points, as [`goldpress_model::LooseAnnotation`], until they
//! meet their text.
//!
//! # Example
//!
//! ```
//! use goldpress_model::{Outcome, Reject, RejectReason};
//! use goldpress_store::{Dataset, IngestInfo, IngestOptions, IngestWriter};
//!
//! let folder = tempfile::tempdir()?;
//! let options = IngestOptions {
//!     keep_raw: true,
//!     replace: false,
//!     inputs: "hash of inputs and options".into(),
//!     normaliser: "norm-text/1".into(),
//!     preset: None,
//!     part_bytes: goldpress_store::PART_BYTES,
//! };
//! let mut writer = IngestWriter::create(folder.path(), options)?;
//! let reject = Reject::of_file("día.warc.gz", RejectReason::Unreadable, "no WARC");
//! writer.push(Outcome::Reject(reject.clone()), None)?;
//! let info = IngestInfo { goldpress: "0.1.0".into(), n_records: 1, ..Default::default() };
//! writer.finish(info)?;
//!
//! let dataset = Dataset::open(folder.path())?;
//! let rejects = dataset.rejects().collect::<Result<Vec<_>, _>>()?;
//! assert_eq!(rejects, [reject]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod atomic;
mod baseline;
mod bodies;
mod checkpoint;
mod columns;
mod dataset;
mod document;
mod error;
mod exchange;
mod foreign;
mod ingest;
pub mod json;
mod keepers;
pub mod labels;
mod manifest;
mod part;
mod reader;
pub mod result;
mod rows;
mod run;
#[cfg(feature = "samples")]
pub mod samples;
mod schemas;
mod sorted;
mod tables;
mod token_rows;
mod verify;
mod work;

pub use self::{
    baseline::{
        BASELINE_VERSION, Baseline, BaselineDocument, BaselineHeader, BaselineSystem,
    },
    bodies::BodyRow,
    dataset::{AnnotationsAbout, Dataset, write_annotations},
    error::StoreError,
    exchange::{IpcBatches, write_parquet},
    foreign::{
        ArrowRows, ForeignError, ForeignRow, ParquetRows, TextOf, hush_guarded_panics,
    },
    ingest::{IngestInfo, IngestOptions, IngestWriter, PART_BYTES},
    manifest::{MANIFEST_VERSION, Manifest, TableInfo},
    part::{Part, write_articles},
    run::{CountsAbout, Git, Machine, RUN_VERSION, Run, RunInfo, RunWriter, SystemInfo},
    schemas::schemas,
    tables::{CompiledAnnotation, DedupRow, RawRow},
    token_rows::{TokenRow, TokenTable, TokenTableError},
    verify::{Fault, verify},
};
