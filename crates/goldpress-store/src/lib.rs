//! Tables on disk: Parquet and JSONL in and out, manifests, atomic writes.
//!
//! The only crate that names arrow or parquet. It computes nothing about articles: what a
//! file holds comes back as nouns of `goldpress_model`, checked, or as an error that names
//! the file, the row and the reason. An unknown schema version is refused, never guessed.

pub mod atomic;
mod columns;
mod dataset;
mod document;
mod error;
mod ingest;
pub mod json;
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
mod verify;

pub use self::{
    dataset::{Dataset, write_annotations},
    error::StoreError,
    ingest::{IngestInfo, IngestOptions, IngestWriter},
    manifest::{MANIFEST_VERSION, Manifest, TableInfo},
    part::{Part, write_articles},
    run::{CountsAbout, Git, Machine, RUN_VERSION, Run, RunInfo, RunWriter, SystemInfo},
    schemas::schemas,
    tables::{CompiledAnnotation, RawRow},
    verify::{Fault, verify},
};
