//! The worked example: 184 annotations under `news@1`, clean but for three warnings.

use std::path::PathBuf;

use goldpress_label::{Severity, TextOf, check_lines, news};
use insta::assert_snapshot;

#[test]
fn the_seed_has_no_error_and_three_warnings() {
    let Some((text, gold)) = seed() else { return };
    let findings =
        check_lines(news(), &TextOf::new(&text), "gold.jsonl", gold.as_bytes());
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.iter().all(|f| f.severity == Severity::Warning), "{told:#?}");
    assert_snapshot!(told.join("\n"), @r"
    gold.jsonl:159: event-presupposed: `conflict` has no source, but stands in what `warned` attributes
    gold.jsonl:162: chain-types: chain `EV:arms` is `AID` and `COOPERATE`
    gold.jsonl:168: event-presupposed: `agreement` has no source, but stands in what `Concerns are raised` attributes
    ");
}

/// One wrong variant: the line with that id, with `from` made `to`, breaks that rule, and
/// the finding names that line, or the one of [`ELSEWHERE`].
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("M1", "[[26, 37]]", "[[26, 36]]", "text-differs"),
    ("M1", "[[26, 37]]", "[[37, 37]]", "span-empty"),
    ("M1", "[[26, 37]]", "[[37, 26]]", "span-reversed"),
    ("M63", "[[2523, 2530]]", "[[2523, 2728]]", "out-of-range"),
    ("AC4", "[[794, 858], [874, 918]]", "[[874, 918], [794, 858]]", "fragments"),
    (
        "M1",
        "[[26, 37]], \"text\": \"Kim Jong Un\"",
        "[[25, 37]], \"text\": \" Kim Jong Un\"",
        "edge-space",
    ),
    ("B19", "\"byline\"", "\"author\"", "label-unknown"),
    ("M2", "\"M2\"", "\"M1\"", "id-duplicate"),
    ("R1", "\"M8\"", "\"M99\"", "id-dangling"),
    ("R1", "\"M8\"", "\"A1\"", "role-unknown"),
    ("R1", "\"M8\"", "\"M7\"", "relation-ends"),
    ("R1", "\"M8\"", "\"M57\"", "relation-ends"),
    ("R5", "\"M25\"", "\"M24\"", "relation-ends"),
    ("M1", "\"NAM\"", "\"NAME\"", "value-invalid"),
    ("M1", "\"PRK\"", "\"prk\"", "value-invalid"),
    ("M1", "\"mention\": \"NAM\", ", "", "value-missing"),
    ("M21", "\"NOM\"", "\"NAM\"", "nested"),
    ("B1", "\"main\"", "\"aux\"", "derived"),
    ("C1", "\"CT+\"", "\"PS+\"", "derived"),
    ("E1", "\"plover\": \"AGREE\"", "\"plover\": \"CONSULT\"", "derived"),
    ("X2", "\"P1M\"", "\"1 month\"", "timex-form"),
    ("X2", "\"within\"", "\"during\"", "timex-signal"),
    ("X1", "\"PAST_REF\"", "\"2024-05\"", "timex-guess"),
    ("A1", "\"args\": {\"source\": [\"AS1\"], ", "\"args\": {", "attr-parts"),
    ("A2", ", \"content\": [\"AC2\"]", "", "role-missing"),
    ("A4", "\"implicit\"", "\"media\"", "attr-source"),
    ("A3", "\"source_named\": false", "\"source_named\": true", "attr-source"),
    ("A1", "\"indirect\"", "\"direct\"", "attr-quote"),
    ("C6", ", \"hedge\": [\"H2\"]", "", "claim-hedge"),
    ("C1", "\"args\": {\"source\": [\"A1\"]}", "\"args\": {}", "claim-source"),
    ("C1", "\"A1\"", "\"A2\"", "claim-source"),
    ("E3", "\"visit\"", "\"allege\"", "event-mode"),
    ("E3", "\"A1\"", "\"A2\"", "event-source"),
    ("M5", "\"K:kim\"", "\"K:prk\"", "chain-label"),
    ("D6", "\"value\": null", "\"value\": null, \"source\": \"text\"", "field-null"),
    ("D1", ", \"source\": \"text\"", "", "field-value"),
    ("D2", "\"value\": \"Deby T\"", "\"value\": \"Deby\"", "field-value"),
    ("D4", "alternativeHeadline", "headline", "field-single"),
    ("B29", "[[2557, 2627]]", "[[2557, 2626]]", "text-differs"),
];

/// Variants whose rule is broken by another line: its id.
const ELSEWHERE: &[(&str, &str, &str)] =
    &[("M21", "nested", "M20"), ("A1", "attr-parts", "AS1")];

#[test]
fn every_wrong_variant_is_refused_by_rule_and_line() {
    let Some((text, gold)) = seed() else { return };
    for (id, from, to, code) in WRONG {
        let wrong = variant(&gold, id, from, to);
        let elsewhere = ELSEWHERE.iter().find(|(of, rule, _)| of == id && rule == code);
        let line = line_of(&gold, elsewhere.map_or(id, |(_, _, at)| at)) + 1;
        let findings =
            check_lines(news(), &TextOf::new(&text), "gold.jsonl", wrong.as_bytes());
        let found = findings.iter().find(|f| f.code == *code && f.line == line);
        let finding = found
            .unwrap_or_else(|| panic!("{id}: no {code} in line {line} of {findings:#?}"));
        assert_eq!(finding.severity, Severity::Error, "{finding}");
        assert!(!finding.message.is_empty());
    }
}

#[test]
fn a_block_without_a_role_is_missed() {
    let Some((text, gold)) = seed() else { return };
    let without: Vec<&str> =
        gold.lines().filter(|line| !line.contains("\"B19\"")).collect();
    let findings = check_lines(
        news(),
        &TextOf::new(&text),
        "gold.jsonl",
        without.join("\n").as_bytes(),
    );
    assert!(findings.iter().any(|f| {
        f.to_string()
            == "gold.jsonl:1: block-cover: 1 blocks have no role, the first at 2263..2280"
    }));
}

#[test]
fn an_event_in_a_comment_is_out_of_scope() {
    let Some((text, gold)) = seed() else { return };
    let line = r#"{"id": "E99", "layer": "event", "label": "CONSULT", "fragments": [[2436, 2443]], "text": "Meeting", "attrs": {"modality": "asserted"}}"#;
    let findings = check_lines(
        news(),
        &TextOf::new(&text),
        "gold.jsonl",
        format!("{gold}{line}\n").as_bytes(),
    );
    assert!(findings.iter().any(|f| (f.line, f.code) == (185, "scope")), "{findings:#?}");
}

#[track_caller]
fn variant(gold: &str, id: &str, from: &str, to: &str) -> String {
    let mut lines: Vec<String> = gold.lines().map(str::to_owned).collect();
    let at = line_of(gold, id);
    assert!(lines[at].contains(from), "{id} holds no {from}");
    lines[at] = lines[at].replacen(from, to, 1);
    lines.join("\n")
}

/// Where the line with that id stands, from 0.
#[track_caller]
fn line_of(gold: &str, id: &str) -> usize {
    let key = format!("{{\"id\": \"{id}\",");
    gold.lines().position(|line| line.starts_with(&key)).expect("a line")
}

/// Text and gold of the seed, which has no licence and is not part of the repository.
pub(crate) fn seed() -> Option<(String, String)> {
    let folder = shared("seed");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let seed = read("000_30a5803eb0d39c5c.txt").zip(read("gold.jsonl"));
    if seed.is_none() {
        skipped("the seed");
    }
    seed
}

/// Data beside the repository that is no part of it.
pub(crate) fn shared(name: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("../../../shared/data").join(name)
}

#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
pub(crate) fn skipped(what: &str) {
    eprintln!("skipped: {what} is not here");
}
