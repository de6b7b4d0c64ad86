//! Any markup is a page whose blocks are its lines, or over a limit.
#![no_main]

libfuzzer_sys::fuzz_target!(|markup: &str| {
    if let Ok(page) = goldpress_ingest::render(markup) {
        let lines = page.text.split('\n').filter(|line| !line.is_empty());
        let blocks = page.blocks.iter().map(|block| block.span.slice(&page.text));
        assert!(lines.eq(blocks));
    }
});
