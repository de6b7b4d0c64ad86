//! The main job on `corpus/`: what `make demo` does, held to what it promises.

use super::{Scratch, repository};

#[test]
fn the_corpus_goes_from_raw_files_to_scores_of_every_system() {
    let scratch = Scratch::new();
    let raw = repository("corpus/raw");
    let gold = repository("corpus/gold");
    let ran = scratch.ok(&["ingest", raw.to_str().unwrap(), "-o", "demo"]);
    assert!(ran.stderr.contains("articles + "), "{}", ran.stderr);
    let import =
        ["label", "import", gold.to_str().unwrap(), "--from", "jsonl", "--as", "gold"];
    let reviewed = ["--reviewed", "block,metadata,entity,timex", "--dataset", "demo"];
    let ran = scratch.ok(&[&import[..], &reviewed].concat());
    assert!(!ran.stderr.contains("rejected"), "{}", ran.stderr);
    scratch.ok(&["label", "check", "demo"]);
    scratch.ok(&["label", "build", "demo"]);
    scratch.ok(&["extract", "demo"]);
    // The baseline in corpus/ is what these scores are held to: a built-in that gets worse
    // by more than chance fails here.
    let baseline = std::fs::read(repository("corpus/goldpress.baseline.jsonl")).unwrap();
    scratch.write("baseline.jsonl", baseline);
    let eval = ["eval", "demo", "--baseline", "baseline.jsonl", "-o", "demo/report.html"];
    let shown = scratch.ok(&eval).stdout;
    for system in ["all-text", "readability", "blocks-rules", "metadata-rules"] {
        assert!(shown.contains(system), "{shown}");
    }
    for system in ["capitalised-runs", "month-names", "timex-rules"] {
        assert!(shown.contains(system), "{shown}");
    }
    assert!(scratch.read("demo/report.html").contains("timex-rules"));
    scratch.ok(&["verify", "demo"]);
}
