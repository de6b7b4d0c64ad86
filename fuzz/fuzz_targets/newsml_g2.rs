//! Any bytes as `newsml-g2`: every item has an outcome.
#![no_main]

mod reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read("newsml-g2", bytes));
