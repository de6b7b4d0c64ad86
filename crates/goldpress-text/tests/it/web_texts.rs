//! Real texts of the web, which lie beside the repository; a clone without them skips.

use std::fs;

/// The main texts of the development pages, or nothing and a word that says so.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn web_texts() -> Option<Vec<String>> {
    let folder = std::env::current_dir()
        .unwrap()
        .join("../../../shared/data/wcxb-dev/ground-truth");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return None;
    };
    let text_of = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("a folder can be listed").path();
        let json = fs::read_to_string(path).expect("a file can be read");
        let page: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
        page["ground_truth"]["main_content"].as_str().unwrap_or_default().to_owned()
    };
    Some(entries.map(text_of).collect())
}
