//! What this crate promises, one behaviour a module.

mod archives;
mod around;
mod bombs;
mod common;
mod compression;
mod contract;
mod documents;
mod feeds;
mod formats;
mod joins;
mod mapping;
mod page_shapes;
mod pages;
mod raw_shapes;
mod records;
mod runs;
mod segments;
mod tables;
mod unsupported;
mod warc;
