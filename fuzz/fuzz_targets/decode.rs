//! Any bytes under any declaration are text or an error, never a panic.
#![no_main]

use goldpress_text::{Declared, decode};

libfuzzer_sys::fuzz_target!(|input: (bool, Option<&str>, &[u8])| {
    let (markup, http, bytes) = input;
    let _ = decode(bytes, Declared { http, markup });
});
