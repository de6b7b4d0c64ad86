//! `goldpress label carry`: labels follow an article whose text changed.

use insta::assert_snapshot;

use super::{
    Scratch,
    label_exchange::{harbour, text},
};

#[test]
fn labels_follow_an_edited_article_and_what_is_gone_is_listed() {
    let scratch = edited("The new harbour of Port Aldery opened on Tuesday, at last.");
    let orphan = scratch.run(&["label", "check", "news"]);
    assert_eq!(orphan.code, Some(6), "{}", orphan.stdout);
    assert_snapshot!(orphan.stdout, @"labels/ada/cbc11b0c08e0582b0fbc578b89004ba4.jsonl:1: article: no article is `cbc11b0c08e0582b0fbc578b89004ba4`; `label carry` finds its text");
    let dry = scratch.ok(&["label", "carry", "news", "--dry-run"]);
    assert_snapshot!(dry.stderr, @"1 label file · moved 1 · lost 1 · nothing was written");
    let ran = scratch.ok(&["label", "carry", "news", "--prune", "--report", "c.json"]);
    assert_snapshot!(ran.stdout, @"labels/ada/cbc11b0c08e0582b0fbc578b89004ba4.jsonl: lost: 7d84c0bcaf0e timex/DATE “Monday”");
    assert_snapshot!(ran.stderr, @"1 label file · moved 1 · lost 1");
    assert_snapshot!(scratch.read("c.json"), @r#"{"counts":{"lost":1,"moved":1},"files":1,"listed":[{"how":"lost","id":"7d84c0bcaf0e","label":"timex/DATE","old":"cbc11b0c08e0582b0fbc578b89004ba4","set":"ada","text":"Monday"}],"undone":[],"unpaired":[]}"#);
    scratch.ok(&["label", "check", "news"]);
}

#[test]
fn strict_ends_with_6_when_something_is_lost() {
    let scratch = edited("The new harbour of Port Aldery opened on Tuesday, at last.");
    let ran = scratch.run(&["label", "carry", "news", "--strict"]);
    assert_eq!(ran.code, Some(6), "{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn an_article_without_a_successor_is_listed_and_pairs_can_name_one() {
    let scratch = harbour();
    scratch.write("a.txt", "Bees on the roof\n\nThey live on the town hall now.\n");
    scratch.ok(&["ingest", "a.txt", "-o", "news", "--replace"]);
    let ran = scratch.ok(&["label", "carry", "news"]);
    assert_snapshot!(ran.stdout, @"labels/ada/cbc11b0c08e0582b0fbc578b89004ba4.jsonl: unpaired: no article is its successor");
    scratch.write("pairs.txt", "not two ids at all\n");
    let ran = scratch.run(&["label", "carry", "news", "--pairs", "pairs.txt"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert_snapshot!(ran.stderr, @r"
    error: cannot carry the labels of `news`
      because: line 1 of `pairs.txt` is not two doc_ids

    hint: two doc_ids a line: the old one, then the new one
    ");
}

/// The harbour's dataset after its article was ingested again with another second line.
fn edited(line: &str) -> Scratch {
    let scratch = harbour();
    scratch.write("a.txt", text(line));
    scratch.ok(&["ingest", "a.txt", "-o", "news", "--replace"]);
    scratch
}
