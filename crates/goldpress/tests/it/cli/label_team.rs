//! `goldpress label suggest`, `suspects` and `adjudicate`: several voices on one text.

use insta::assert_snapshot;

use super::{
    Scratch,
    label_exchange::{line, text},
};

#[test]
fn what_all_hold_is_gold_and_the_rest_is_decided_by_hand() {
    let scratch = team();
    let adjudicate = ["label", "adjudicate", "news", "--sets", "ada,bo"];
    let asked = scratch.ok(&adjudicate);
    assert_snapshot!(asked.stdout, @r"
    ? cbc11b0c08e0582b0fbc578b89004ba4 bo/9d3c1461d9c0  # entity/ORG 141..159 “the port authority” held by bo
    ? cbc11b0c08e0582b0fbc578b89004ba4 ada/5e6ff54eea6b  # entity/ORG 145..159 “port authority” held by ada
    ");
    assert_snapshot!(asked.stderr, @r"
    1 article-layer pair of ada, bo: 1 taken, 0 refused, 2 left to decide · 0 done in gold

    hint: put + or - for each ? and hand the lines back: --decisions FILE
    ");
    scratch.write("decided.txt", asked.stdout.replacen('?', "+", 1).replace("? ", "- "));
    let decided = [&adjudicate[..], &["--decisions", "decided.txt"]].concat();
    let decided = scratch.ok(&[&decided[..], &["--report", "a.json"]].concat());
    assert_snapshot!(decided.stdout, @"");
    assert_snapshot!(decided.stderr, @"1 article-layer pair of ada, bo: 2 taken, 1 refused, 0 left to decide · 1 done in gold");
    assert_snapshot!(scratch.read("a.json"), @r#"{"compared":1,"disputed":[],"done":1,"left_alone":0,"overruled":[],"refused":{"entity":1},"taken":{"entity":2}}"#);
    scratch.ok(&["label", "check", "news", "--set", "gold"]);
    assert_snapshot!(scratch.ok(&["label", "adjudicate", "news", "--stale"]).stderr, @"0 stale inputs");
    bring(&scratch, "ada", &[named("LOC", 78, "north")]);
    let stale = scratch.ok(&["label", "adjudicate", "news", "--stale"]);
    assert_snapshot!(stale.stderr, @"1 stale input");
}

#[test]
fn a_policy_leaves_nothing_open() {
    let scratch = team();
    let union = ["label", "adjudicate", "news", "--sets", "ada,bo", "--policy", "union"];
    assert_snapshot!(scratch.ok(&union).stderr, @r"
    cbc11b0c08e0582b0fbc578b89004ba4 refused: entity/ORG 145..159 of ada/5e6ff54eea6b: nested: `port authority` shares characters with `the port authority` of line 3
    1 article-layer pair of ada, bo: 2 taken, 1 refused, 0 left to decide · 1 done in gold
    ");
}

#[test]
fn a_decision_that_cannot_be_read_ends_with_2() {
    let scratch = team();
    scratch.write("decided.txt", "+ nonsense\n");
    let run = ["label", "adjudicate", "news", "--sets", "ada,bo"];
    let ran = scratch.run(&[&run[..], &["--decisions", "decided.txt"]].concat());
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert_snapshot!(ran.stderr, @r"
    error: cannot adjudicate in `news`
      because: line 1 of `decided.txt` is no decision

    hint: lines as they are printed, with `+` or `-` for `?`
    ");
}

#[test]
fn a_systems_claims_become_suggestions_and_contradict_gold() {
    let scratch = team();
    scratch.ok(&["extract", "news", "--system", "capitalised-runs"]);
    let suggest = ["label", "suggest", "news", "--system", "capitalised-runs"];
    let ran = scratch.ok(&suggest);
    let account = ran.stderr.split(" from ").next().unwrap();
    assert_snapshot!(account, @"2 suggestions of 1 article into `@capitalised-runs`");
    scratch.ok(&["label", "check", "news", "--set", "@capitalised-runs"]);
    bring(&scratch, "cy", &[named("ORG", 30, "Port Aldery")]);
    let again = scratch.ok(&[&suggest[..], &["--report", "s.json"]].concat());
    assert!(again.stderr.ends_with("· 1 decided already\n"), "{}", again.stderr);
    assert_snapshot!(scratch.read("s.json"), @r#"{"capitalised-runs":{"articles":1,"below_score":0,"decided":1,"labels":{},"refused":0,"suggestions":1}}"#);
    let all = scratch.ok(&[&suggest[..], &["--for", "bo"]].concat());
    assert!(all.stderr.starts_with("2 suggestions of 1 article"), "{}", all.stderr);
    let suspects = ["label", "suspects", "news", "--set", "ada", "--sets", "bo"];
    let ran = scratch.ok(&[&suspects[..], &["--format", "csv"]].concat());
    assert_snapshot!(ran.stdout, @r"
    why,against,of,doc_id,at,label,text
    gold lacks it,1,1,cbc11b0c08e0582b0fbc578b89004ba4,141..159,entity/ORG,the port authority
    only gold has it,1,1,cbc11b0c08e0582b0fbc578b89004ba4,145..159,entity/ORG,port authority
    ");
    assert_snapshot!(ran.stderr, @"2 contradictions by bo · 0 articles not done");
    let nobody = scratch.run(&["label", "suspects", "news", "--set", "ada"]);
    assert_eq!(nobody.code, Some(2), "{}", nobody.stderr);
    let gone = scratch.run(&["label", "suggest", "news", "--run", "gone"]);
    assert_eq!(gone.code, Some(2), "{}", gone.stderr);
}

/// One article, done by `ada` and `bo`: they share a place, cut a span differently, and
/// one of them has a name more.
pub(super) fn team() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("a.txt", text("The harbour of Port Aldery opened on Monday."));
    scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    let port = named("GPE", 30, "Port Aldery");
    bring(&scratch, "ada", &[port.clone(), named("ORG", 145, "port authority")]);
    bring(&scratch, "bo", &[port, named("ORG", 141, "the port authority")]);
    scratch
}

/// A name, with the attribute that makes it complete.
fn named(label: &str, start: usize, text: &str) -> String {
    line(label, start, text).replace("}\n", ",\"attrs\":{\"mention\":\"NAM\"}}\n")
}

fn bring(scratch: &Scratch, set: &str, lines: &[String]) {
    scratch.write(&format!("{set}/a.jsonl"), lines.concat());
    let path = format!("{set}/a.jsonl");
    let import = ["label", "import", &path, "--as", set, "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "entity"]].concat());
}
