//! What this crate promises, one behaviour a module.

mod common;
mod contract;
mod mapping;
mod pages;
mod raw_shapes;
mod runs;
mod warc;
