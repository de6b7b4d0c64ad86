//! A normalised text stays as it is, and its map stays inside both texts.
#![no_main]

use goldpress_text::{NormaliseOptions, measures, normalise, sentences, words};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let once = normalise(text, NormaliseOptions::default());
    let twice = normalise(&once.text, NormaliseOptions::default());
    assert_eq!(once.text, twice.text);
    if !once.text.is_empty() {
        assert!(text.get(once.map.to_source(0..once.text.len())).is_some());
    }
    let _ = (words(&once.text).count(), sentences(&once.text).count());
    let _ = measures(&once.text, &[], "en");
});
