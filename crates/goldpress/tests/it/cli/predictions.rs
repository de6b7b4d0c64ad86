//! `goldpress eval --predictions`: answers in files, scored like any run.

use super::Scratch;

const TEXT: &str = "Zürich opens 🚀\n\nAda Ōno met Bo in Bern.\n";

/// A dataset of one article with two people in gold.
fn dataset() -> (Scratch, String) {
    let scratch = Scratch::new();
    scratch.write("news/goldpress.toml", SCHEMA);
    scratch.write("a.txt", TEXT);
    scratch.ok(&["ingest", "a.txt", "-o", "news"]);
    let gold = "{\"id\":\"1\",\"layer\":\"name\",\"label\":\"PER\",\"fragments\":[[16,23]],\"text\":\"Ada Ōno\"}\n\
                {\"id\":\"2\",\"layer\":\"name\",\"label\":\"PER\",\"fragments\":[[28,30]],\"text\":\"Bo\"}\n";
    scratch.write("gold/a.jsonl", gold);
    let import = ["label", "import", "gold", "--as", "gold", "--reviewed", "name"];
    scratch.ok(&[&import[..], &["--dataset", "news"]].concat());
    scratch.ok(&["label", "build", "news"]);
    let shown = scratch.ok(&["show", "news"]).stdout;
    let doc_id = shown.lines().next().unwrap().to_owned();
    (scratch, doc_id)
}

const SCHEMA: &str = r#"
[schema]
name = "names"
version = 1

[[schema.layers]]
name = "name"
kind = "span"
labels = [{ name = "PER", guide = "A person.", example = "[Ada]", counter = "Bern" }]
"#;

#[test]
fn the_saved_output_of_a_worker_is_scored_and_a_wrong_quote_is_spurious() {
    let (scratch, doc_id) = dataset();
    let answer = |text: &str, start: u32, end: u32| {
        format!(
            "{{\"layer\":\"name\",\"label\":\"PER\",\"fragments\":[[{start},{end}]],\"text\":\"{text}\"}}"
        )
    };
    let lines = format!(
        "{{\"goldpress\":1,\"type\":\"ready\",\"name\":\"acme\",\"version\":\"1.4.0\",\"tasks\":[\"name\"]}}\n\
         {{\"type\":\"result\",\"id\":\"{doc_id}\",\"annotations\":[{},{}]}}\n",
        answer("Ada Ōno", 16, 23),
        answer("Bern", 0, 4),
    );
    scratch.write("acme.jsonl", lines);
    let args = ["eval", "news", "--predictions", "acme.jsonl", "--fail-on", "none"];
    let shown = scratch.ok(&args).stdout;
    // One found, one malformed and so spurious, one missed.
    assert!(shown.contains("acme    0.5000  0.5000  0.5000"), "{shown}");
    assert!(shown.contains("malformed text-differs in acme"), "{shown}");
}

#[test]
fn columns_of_tags_are_laid_along_the_article() {
    let (scratch, _) = dataset();
    let words =
        ["Zürich O", "opens O", "🚀 O", "", "Ada B-PER", "Ōno I-PER", "met O", "Bo O"];
    let rest = ["in O", "Bern B-PER", ". O", ""];
    let lines: Vec<&str> = words.into_iter().chain(rest).collect();
    scratch.write("tagger.conll", lines.join("\n"));
    let args = ["eval", "news", "--predictions", "tagger.conll", "--layer", "name"];
    let shown = scratch.ok(&[&args[..], &["--fail-on", "none"]].concat()).stdout;
    assert!(shown.contains("tagger  0.5000  0.5000  0.5000"), "{shown}");
}

#[test]
fn a_document_without_an_answer_leaves_the_run_incomplete() {
    let (scratch, _) = dataset();
    let ready = "{\"goldpress\":1,\"type\":\"ready\",\"name\":\"mute\",\"version\":\"1\",\"tasks\":[\"name\"]}\n";
    scratch.write("mute.jsonl", ready);
    let args = ["eval", "news", "--predictions", "mute.jsonl", "--fail-on", "none"];
    assert_eq!(scratch.run(&args).code, Some(5));
    let shown = scratch.ok(&[&args[..], &["--missing", "empty"]].concat()).stdout;
    assert!(shown.contains("mute    –  0.0000  0.0000"), "{shown}");
}
