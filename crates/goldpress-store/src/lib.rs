//! Tables on disk: Parquet and JSONL in and out, manifests, atomic writes.
//!
//! The only crate that names arrow or parquet. It computes nothing about articles: what a
//! file holds comes back as nouns of `goldpress_model`, checked, or as an error that names
//! the file, the row and the reason. An unknown schema version is refused, never guessed.

pub mod atomic;
pub mod json;
pub mod labels;

pub mod result;
