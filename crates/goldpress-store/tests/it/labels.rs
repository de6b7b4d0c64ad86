//! Label files: read and written without a changed byte, and refused by line.

use goldpress_model::{ProposedBy, Status};
use goldpress_store::labels::{LabelFile, new_id, order, parse, parse_loose, render};

const ADA: &str = include_str!("../vectors/ada.jsonl");
const SUGGESTED: &str = include_str!("../vectors/capitalised-runs.jsonl");
const LOOSE: &str = include_str!("../vectors/loose.jsonl");

#[test]
fn a_file_comes_back_byte_for_byte() {
    for text in [ADA, SUGGESTED] {
        assert_eq!(render(&sound(text)), text);
    }
}

#[test]
fn lines_in_any_order_are_written_in_one() {
    let mut file = sound(ADA);
    assert!(file.lines.is_sorted_by(|a, b| order(a, b).is_le()));
    file.lines.reverse();
    assert_eq!(render(&file), ADA);
}

#[test]
fn provenance_is_read() {
    let file = sound(ADA);
    let edited = file
        .lines
        .iter()
        .find(|line| line.annotation.id == "375cd07f4c99")
        .expect("the vector has it");
    let provenance = &edited.provenance;
    assert_eq!(provenance.status, Status::Edited);
    assert_eq!(provenance.spent_ds, Some(45));
    assert_eq!(
        provenance.was.as_deref(),
        Some(r#"{"fragments":[[11,18]],"text":"Freight"}"#)
    );
    let run = ProposedBy::Model {
        name: "capitalised-runs".into(),
        version: "0.1.0".into(),
        run: String::new(),
    };
    assert_eq!(provenance.origin, run);
}

/// Every id of the vector was made by the rule; two lines edited later keep theirs.
#[test]
fn ids_are_made_from_content() {
    for line in sound(ADA).lines {
        let says = line.annotation;
        let id = new_id(
            &says.layer,
            &says.label,
            &says.fragments,
            &says.args,
            &says.attrs,
            |_| false,
        );
        assert_eq!(id, says.id, "{} {}", says.layer, says.label);
    }
}

#[test]
fn a_line_that_is_not_sound_is_named() {
    let faults = [
        (r#""label":"ORG""#, r#""labell":"ORG""#, "unknown field `labell`"),
        (r#""status":"accepted""#, r#""status":"done""#, "`done` is not a status"),
        (r#""spent_s":2.0"#, r#""spent_s":-1.0"#, "not seconds with one decimal"),
        (r#""spent_s":2.0"#, r#""spent_s":2.04"#, "not seconds with one decimal"),
        (r#""id":"34869fced996""#, r#""id":"t0""#, "`t0` cannot be an id"),
        (r#""id":"34869fced996""#, r#""id":"a/b""#, "`a/b` cannot be an id"),
        (r#"[[70,98]]"#, r#"[[-1,98]]"#, "invalid value: integer `-1`"),
        ("Port Elmsworth Harbour", r"Port\u2028Harbour", "a string holds U+2028"),
        ("Port Elmsworth Harbour", r"Port\u0007Harbour", "a control character"),
        (r#""fragments":[[70,98]],"#, "", "stand together or not at all"),
        (r#""origin":"human""#, r#""origin":{"robot":{}}"#, "unknown variant `robot`"),
        (r#""layer":"entity""#, r#""layer":"entity","id":"x""#, "duplicate field `id`"),
    ];
    let line = "{\"fragments\":[[70,98]],\"id\":\"34869fced996\",\"label\":\"ORG\",\
                \"layer\":\"entity\",\"origin\":\"human\",\"spent_s\":2.0,\
                \"status\":\"accepted\",\"text\":\"Port Elmsworth Harbour Board\"}";
    for (old, new, message) in faults {
        let broken = line.replacen(old, new, 1);
        assert_ne!(line, broken);
        assert_refused(&with_second_line(&broken), 2, message);
    }
}

#[test]
fn a_header_of_another_version_is_refused() {
    let newer = ADA.replacen(r#""goldpress_labels":1"#, r#""goldpress_labels":2"#, 1);
    let message = "label files of version 2; this build reads version 1";
    assert_refused(&newer, 1, message);
    assert_refused("", 1, "EOF");
    assert_refused("{}\n", 1, "no label file");
}

#[test]
fn the_exchange_format_reads_empty_keys_and_single_fragments() {
    let read: Vec<_> = LOOSE.lines().map(|line| parse_loose(line).unwrap()).collect();
    assert_eq!(read.len(), 18);
    assert_eq!(read[17].fragments[0].start, 107);
    let refused = parse_loose(r#"{"layer":"entity","label":"ORG","start":2}"#);
    assert!(refused.unwrap_err().contains("together"));
}

#[track_caller]
fn sound(text: &str) -> LabelFile {
    parse(text.as_bytes()).unwrap()
}

fn with_second_line(line: &str) -> String {
    let header = ADA.lines().next().expect("a header");
    format!("{header}\n{line}\n")
}

#[track_caller]
fn assert_refused(text: &str, line: usize, message: &str) {
    let errors = parse(text.as_bytes()).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].line, line);
    assert!(errors[0].message.contains(message), "{}", errors[0]);
}
