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
    // Four layers more are complete in three articles, so that every system is scored.
    let three =
        ["lowland-wire-ferry-inquiry", "meridian-ledger-gas-levy", "tarn-post-summit"]
            .map(|stem| gold.join(format!("{stem}.jsonl")).display().to_string());
    let more = ["label", "import", &three[0], &three[1], &three[2], "--as", "gold"];
    let reviewed = ["--reviewed", "attribution,hedge,claim,event", "--dataset", "demo"];
    let ran = scratch.ok(&[&more[..], &reviewed].concat());
    assert!(ran.stderr.contains("hedge done in 3"), "{}", ran.stderr);
    scratch.ok(&["label", "check", "demo"]);
    scratch.ok(&["label", "build", "demo"]);
    for line in super::readme("label carry").iter().filter(|l| l.contains(" export ")) {
        let ran = scratch.line(&line.replace("ada", "gold").replace("news", "demo"));
        assert_eq!(ran.code, Some(0), "{line}\n{}", ran.stderr);
    }
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
    assert!(!shown.contains("not scored"), "{shown}");
    for system in [
        "capitalised-runs",
        "month-names",
        "timex-rules",
        "attribution-rules",
        "hedge-lexicon",
    ] {
        assert!(shown.contains(system), "{shown}");
    }
    assert!(scratch.read("demo/report.html").contains("timex-rules"));
    scratch.ok(&["verify", "demo"]);
}
