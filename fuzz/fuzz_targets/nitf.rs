//! Any bytes as `nitf`: every item has an outcome.
#![no_main]

mod reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read("nitf", bytes));
