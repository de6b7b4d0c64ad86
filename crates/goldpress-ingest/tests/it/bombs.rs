//! Limits count what is made of a record, not only what is read.

use goldpress_ingest::{Asked, Limits, Options};

use crate::common::told_file_with;

#[test]
fn lines_are_counted_wherever_they_stand() {
    let limits = Limits { nodes: 1000, ..Limits::default() };
    let options = Options::new(Asked { limits, ..Asked::default() }).expect("are sound");
    let with = |n: usize, end: &str| format!("x{end}").repeat(n);
    let json = |text: &str| serde_json::json!({ "text": text }).to_string();
    for (name, text) in [
        ("a.txt", with(1001, "\n")),
        ("a.txt", with(1001, "\r")),
        ("a.txt", with(1001, "\u{2028}")),
        ("a.html", format!("<html><pre>{}</pre>", with(1001, "\n"))),
        ("a.html", format!("<html><pre>{}</pre>", with(501, "\n</b>\n"))),
        ("a.jsonl", json(&with(1001, "\n"))),
        ("a.csv", format!("title,text\nEins,\"{}\"\n", with(1001, "\n"))),
    ] {
        let told = told_file_with(name, text.as_bytes(), &options);
        assert!(told.contains("too_many_nodes"), "{name}: {told:.200}");
        assert!(told.contains("more than 1000 lines"), "{name}: {told:.200}");
        assert_eq!(told.lines().count(), 1, "{name}");
    }
    // What only looks like lines is none.
    let page = format!("<html><p>{}</p>", with(3000, "\n"));
    let told = told_file_with("a.html", page.as_bytes(), &options);
    assert!(!told.contains("too_many"), "{told:.200}");
}
