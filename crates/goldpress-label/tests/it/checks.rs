//! Every line of `checks.json` gets exactly its code.

use goldpress_label::{Finding, Severity, TextOf, When, check_bytes, check_file};
use goldpress_store::labels::{self, LabelFile, LabelLine};
use serde_json::Value;

use crate::vectors::{DOC, read, schema};

#[test]
fn every_line_gets_exactly_its_code() {
    let cases: Value = serde_json::from_str(&read("checks.json")).unwrap();
    for case in cases["checks"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let line = case["line"].as_str().unwrap();
        let codes: Vec<&str> =
            findings(line).iter().map(|finding| finding.code).collect();
        let expected: Vec<&str> = case["code"].as_str().into_iter().collect();
        assert_eq!(codes, expected, "{name}");
    }
}

#[test]
fn lines_of_class_form_stop_a_write() {
    let text = read("article.txt");
    let cases: Value = serde_json::from_str(&read("checks.json")).unwrap();
    for case in cases["checks"].as_array().unwrap() {
        let Ok(line) = labels::parse_line(case["line"].as_str().unwrap()) else {
            continue;
        };
        let file = with(line);
        let findings = check_file(&schema(), &TextOf::new(&text), &file, When::Form);
        let stops = findings.iter().any(|finding| finding.severity == Severity::Error);
        assert_eq!(stops, case["class"] == "form", "{}: {findings:?}", case["name"]);
    }
}

#[test]
fn the_files_of_the_vectors_are_clean() {
    let text = read("article.txt");
    for set in ["ada", "@capitalised-runs"] {
        let file = format!("{set}.jsonl");
        let found = check_bytes(
            &schema(),
            &TextOf::new(&text),
            set,
            &file,
            read(&file).as_bytes(),
        );
        assert_eq!(found, [], "{set}");
    }
}

#[test]
fn a_header_must_agree_with_text_and_folder() {
    let text = read("article.txt");
    let ada = read("ada.jsonl");
    let code = |bytes: &str, set: &str| {
        let found = check_bytes(
            &schema(),
            &TextOf::new(&text),
            set,
            "ada.jsonl",
            bytes.as_bytes(),
        );
        found.iter().map(|f| (f.line, f.code)).collect::<Vec<_>>()
    };
    assert_eq!(code(&ada, "bo"), [(1, "header")]);
    assert_eq!(
        code(&ada.replace("\"chars\":195", "\"chars\":194"), "ada"),
        [(1, "header")]
    );
    assert_eq!(
        code(&ada.replace("goldpress_labels\":1", "goldpress_labels\":2"), "ada"),
        [(1, "header")]
    );
    let other = ada.replace(DOC, "00000000000000000000000000000000");
    assert_eq!(code(&other, "ada"), [(1, "article")]);
}

#[test]
fn nothing_that_bytes_can_be_makes_a_check_panic() {
    let ada = read("ada.jsonl");
    let text = read("article.txt");
    for cut in (0..ada.len()).step_by(31) {
        let article = TextOf::new(&text);
        check_bytes(&schema(), &article, "ada", "ada.jsonl", &ada.as_bytes()[..cut]);
    }
}

/// Findings of ada's file with one line put in place of the line of that id.
#[track_caller]
fn findings(line: &str) -> Vec<Finding> {
    let bytes = match labels::parse_line(line) {
        Ok(line) => labels::render(&with(line)),
        Err(_) => read("ada.jsonl") + line + "\n",
    };
    let text = read("article.txt");
    let article = TextOf::new(&text);
    check_bytes(&schema(), &article, "ada", "ada.jsonl", bytes.as_bytes())
}

fn with(line: LabelLine) -> LabelFile {
    let mut file = labels::parse(read("ada.jsonl").as_bytes()).expect("ada is sound");
    file.lines.retain(|old| old.annotation.id != line.annotation.id);
    file.lines.push(line);
    file.lines.sort_by(labels::order);
    file
}
