//! Any bytes as `warc`: every item has an outcome.
#![no_main]

mod reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read("warc", bytes));
