//! Any bytes in every notation of annotations: read or refused, each misread line named.
#![no_main]

use goldpress_label::{FORMATS, ReadOptions, Source};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A panic that a guard catches, of a foreign decoder on a broken table, is none.
    static HUSHED: std::sync::Once = std::sync::Once::new();
    HUSHED.call_once(goldpress_store::hush_guarded_panics);
    let source = Source {
        name: "in/article.ann".to_owned(),
        bytes: bytes.to_vec(),
        text_beside: Some(b"Port Elmsworth reopens".to_vec()),
    };
    let options = ReadOptions { layer: Some("entity".to_owned()), ..ReadOptions::default() };
    let n_lines = bytes.split(|byte| *byte == b'\n').count();
    for format in FORMATS {
        let is_seen = format.recognises(&source);
        let Ok(articles) = format.read(&source, &options) else { continue };
        for misread in articles.iter().flat_map(|article| &article.misread) {
            // Lines of JSON are tasks or annotations, of which a line may hold many.
            assert!(misread.line <= n_lines.max(bytes.len()), "{} {is_seen}", format.name());
        }
    }
});
