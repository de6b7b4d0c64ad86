//! Any bytes as the journal of an article, sealed so that its records are looked at: it
//! opens, and what it holds is the same after closing and opening it again.
#![no_main]

use std::{cell::OnceCell, fs};

use goldpress_label::{LabelSets, Session, TextOf, news};
use goldpress_model::Digest;
use goldpress_store::json::canonical;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const TEXT: &str = "Port Elmsworth reopens\n\nThe ferry left on Monday.";

thread_local! {
    static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() };
}

fuzz_target!(|bytes: &[u8]| {
    FOLDER.with(|folder| {
        let folder = folder.get_or_init(|| {
            let memory = std::path::Path::new("/dev/shm");
            tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()).expect("a folder")
        });
        open(folder.path(), bytes);
    });
});

fn open(root: &std::path::Path, bytes: &[u8]) {
    let article = TextOf::new(TEXT);
    let labels = root.join("labels");
    let _ = fs::remove_dir_all(&labels);
    let folder = labels.join("ada").join(".journal");
    fs::create_dir_all(&folder).expect("a folder in memory");
    let doc = Digest::of(TEXT.as_bytes());
    fs::write(folder.join(format!("{doc}.log")), sealed(bytes)).expect("a file in memory");
    let (sets, schema) = (LabelSets::of(root), news());
    let Ok(first) = Session::open(&sets, schema, article, "ada") else { return };
    let lines = first.lines();
    let Ok(()) = first.close() else { return };
    let again = Session::open(&sets, schema, TextOf::new(TEXT), "ada").expect("it was closed");
    assert_eq!(again.lines(), lines);
}

/// The lines that are objects, each with the sum that its place asks for.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut before = String::new();
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Ok(Value::Object(mut record)) = serde_json::from_slice(line) else {
            out.extend_from_slice(line);
            continue;
        };
        record.remove("sum");
        let spelt = format!("{before}{}", canonical(&Value::Object(record.clone())));
        before = Digest::of(spelt.as_bytes()).to_string()[..16].to_owned();
        record.insert("sum".to_owned(), Value::from(before.clone()));
        out.extend_from_slice(canonical(&Value::Object(record)).as_bytes());
        out.extend_from_slice(if line.ends_with(b"\n") { b"\n" } else { b"" });
    }
    out
}
