//! Any bytes as a label file: what is read is spelt as it is read again.
#![no_main]

use goldpress_store::labels;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let reading = labels::read(bytes);
    let Ok(file) = labels::parse(bytes) else { return };
    assert!(reading.errors.is_empty());
    let spelt = labels::render(&file);
    let again = labels::parse(spelt.as_bytes()).expect("what we write we read");
    assert_eq!(labels::render(&again), spelt);
});
