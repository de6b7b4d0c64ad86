//! Any bytes as `xml`: every item has an outcome.
#![no_main]

mod reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read("xml", bytes));
