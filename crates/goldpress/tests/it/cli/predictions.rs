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
    scratch.write("theirs.jsonl", lines.replace("\"PER\"", "\"PEOPLE\""));
    scratch.write("acme.jsonl", lines);
    let mapped = ["eval", "news", "--predictions", "theirs.jsonl", "--fail-on", "none"];
    let mapped =
        scratch.ok(&[&mapped[..], &["--map", "PEOPLE=name/PER"]].concat()).stdout;
    assert!(mapped.contains("acme    0.5000  0.5000  0.5000"), "{mapped}");
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

/// Answers of `acme` for the article: both people, under these labels.
fn acme(scratch: &Scratch, doc_id: &str, labels: [&str; 2]) {
    let line = |label: &str, start: u32, end: u32, text: &str| {
        format!(
            "{{\"layer\":\"name\",\"label\":\"{label}\",\"fragments\":[[{start},{end}]],\"text\":\"{text}\"}}"
        )
    };
    let lines = format!(
        "{{\"goldpress\":1,\"type\":\"ready\",\"name\":\"acme\",\"version\":\"1.4.0\",\"tasks\":[\"name\"]}}\n\
         {{\"type\":\"result\",\"id\":\"{doc_id}\",\"annotations\":[{},{}]}}\n",
        line(labels[0], 16, 23, "Ada Ōno"),
        line(labels[1], 28, 30, "Bo"),
    );
    scratch.write("acme.jsonl", lines);
}

const ACME: [&str; 6] =
    ["eval", "news", "--predictions", "acme.jsonl", "--fail-on", "none"];

#[test]
fn labels_of_a_system_are_mapped_and_ignored_and_both_are_counted() {
    let (scratch, doc_id) = dataset();
    acme(&scratch, &doc_id, ["PERSON", "PET"]);
    let system = "[[system]]\nname = \"acme\"\nmap = { PERSON = \"name/PER\" }\nignore = [\"PET\"]\n";
    scratch.write("news/goldpress.toml", format!("{SCHEMA}{system}"));
    let shown = scratch.ok(&ACME).stdout;
    assert!(shown.contains("acme: name/PERSON → name/PER, once"), "{shown}");
    assert!(shown.contains("acme: name/PET ignored, once"), "{shown}");
    assert!(shown.contains("acme    1.0000  0.5000  0.6667"), "{shown}");
    let wrong = format!("{SCHEMA}{system}").replace("name/PER", "x/Y");
    scratch.write("news/goldpress.toml", wrong);
    let refused = scratch.run(&ACME);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("`x/Y` is no label of the schema"));
}

#[test]
fn another_programs_numbers_stand_under_its_name() {
    let (scratch, doc_id) = dataset();
    acme(&scratch, &doc_id, ["PER", "PER"]);
    let modes = ["nervaluate-1.2.1", "seqeval-strict:IOBES", "muc-4"];
    let more: Vec<&str> = modes.iter().flat_map(|mode| ["--metric", mode]).collect();
    let shown = scratch.ok(&[&ACME[..], &more].concat()).stdout;
    let words =
        ["nervaluate-1.2.1 F1", "ent_type", "seqeval-strict:IOBES P", "macro", "muc-4 P"];
    for words in words {
        assert!(shown.contains(words), "`{words}`: {shown}");
    }
    let refused = scratch.run(&[&ACME[..], &["--metric", "rouge"]].concat());
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--metric help lists all"), "{}", refused.stderr);
}

#[test]
fn a_table_of_predictions_scores_as_the_run_that_it_is_of() {
    let (scratch, doc_id) = dataset();
    acme(&scratch, &doc_id, ["PER", "PER"]);
    let first = scratch.ok(&ACME).stdout;
    let runs = std::fs::read_dir(scratch.path("news/runs")).unwrap();
    let run = runs.map(|entry| entry.unwrap().path()).next().unwrap();
    std::fs::copy(run.join("predictions.parquet"), scratch.path("x.parquet")).unwrap();
    let args = ["eval", "news", "--predictions", "x.parquet", "--fail-on", "none"];
    assert_eq!(scratch.ok(&args).stdout, first);
}
