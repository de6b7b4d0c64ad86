//! `goldpress dedup`: clusters as a table of the dataset.

use super::Scratch;

const STORY: &str = "The ferry to Port Selwyn sails again after nine days in dock, the harbour \
    office said on Friday morning, and the captain thanked the town for its patience.";

#[test]
fn copies_are_counted_shown_and_written_down() {
    let scratch = Scratch::new();
    let record = |title: &str, text: &str, url: &str| {
        format!(
            "{{\"title\":\"{title}\",\"text\":\"{text}\",\"url\":\"https://{url}/x\"}}\n"
        )
    };
    scratch.write(
        "news.jsonl",
        [
            record("Ferry sails again", STORY, "courier.example"),
            record(
                "After nine days",
                &format!("{STORY} Boats leave at seven."),
                "post.example",
            ),
            record("Ferry sails again", STORY, "herald.example"),
            record(
                "Gale",
                "Gales are expected on the whole coast tonight.",
                "post.example",
            ),
        ]
        .concat(),
    );
    scratch.ok(&["ingest", "news.jsonl", "-o", "news"]);
    let found = scratch.ok(&["dedup", "news", "--format", "csv"]);
    insta::assert_snapshot!(found.stdout, @r"
    keeper,articles,outlets,least similarity,headline
    5c3456ccdd315204c15d4564008210f1,3,3,0.8571428656578064,Ferry sails again
    ");
    insta::assert_snapshot!(found.stderr, @"4 articles: 2 kept · 1 exact and 1 near-duplicate in 1 cluster");
    scratch.ok(&["verify", "news"]);
    // The same clusters when an ingest is asked for them, and none when articles change.
    let table = std::fs::read(scratch.path("news/dedup.parquet")).unwrap();
    scratch.ok(&["ingest", "news.jsonl", "-o", "again", "--dedup"]);
    assert_eq!(std::fs::read(scratch.path("again/dedup.parquet")).unwrap(), table);
    scratch.ok(&["ingest", "news.jsonl", "-o", "again", "--replace", "--no-raw"]);
    assert!(!scratch.path("again/dedup.parquet").exists());
}

#[test]
fn a_share_above_one_is_refused() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["dedup", "nowhere", "--threshold", "60"]);
    assert_eq!(ran.code, Some(2));
    insta::assert_snapshot!(ran.stderr, @r"
    error: cannot find duplicates in `nowhere`
      because: a share lies between 0 and 1 and a shingle has words, not 60 and 5 words

    hint: for example --threshold 0.6 --shingle 5
    ");
}
