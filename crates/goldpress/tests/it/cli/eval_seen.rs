//! What `eval` counts and prints: nothing vanishes, nothing is cut before it is counted, and
//! no number speaks of more than it rests on.

use super::{Scratch, gate::newsroom};

/// A dataset of one article with a date in it and one without, and answers with a date in
/// both.
pub(super) fn two_articles(quiet: &str) -> Scratch {
    let scratch = Scratch::new();
    let told = "Port Aldery\n\nThe council met on 3 March 2024.";
    let still = "Velmere\n\nNothing is known of May.";
    scratch.write("in/told.txt", told);
    scratch.write("in/still.txt", still);
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let line = |text: &str, words: &str, value: &str| {
        let start = text.find(words).unwrap();
        let end = start + words.len();
        format!(
            "{{\"id\":\"T1\",\"layer\":\"timex\",\"label\":\"DATE\",\
             \"fragments\":[[{start},{end}]],\"text\":\"{words}\",\
             \"attrs\":{{\"value\":\"{value}\"}}}}\n"
        )
    };
    scratch.write("gold/told.jsonl", line(told, "3 March 2024", "2024-03-03"));
    scratch.write("gold/still.jsonl", quiet);
    scratch.write("answers/told.jsonl", line(told, "3 March 2024", "2024-03-03"));
    scratch.write("answers/still.jsonl", line(still, "May", "XXXX-05"));
    scratch
}

#[test]
fn an_empty_file_of_gold_says_that_there_is_nothing() {
    let scratch = two_articles("");
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "timex"]].concat());
    half_is_right(&scratch);
}

#[test]
fn lines_of_the_layer_review_are_imported() {
    let done = "{\"id\":\"R1\",\"layer\":\"review\",\"label\":\"done\",\
                \"attrs\":{\"of\":\"timex\"}}\n";
    let scratch = two_articles(done);
    let told = scratch.read("gold/told.jsonl");
    scratch.write("gold/told.jsonl", format!("{told}{done}"));
    scratch.ok(&["label", "import", "gold", "--as", "gold", "--dataset", "news"]);
    half_is_right(&scratch);
}

/// One answer of two is right, and both articles were judged.
#[track_caller]
fn half_is_right(scratch: &Scratch) {
    scratch.ok(&["label", "build", "news"]);
    let args = ["eval", "news", "--predictions", "acme=answers", "--fail-on", "none"];
    let ran = scratch.ok(&[&args[..], &["-o", "r.csv"]].concat());
    assert!(ran.stdout.contains("timex · 2 documents"), "{}", ran.stdout);
    assert!(ran.stdout.contains("acme    0.5000  1.0000  0.6667"), "{}", ran.stdout);
}

#[test]
fn a_layer_that_is_done_and_holds_nothing_is_shown() {
    let scratch = two_articles("");
    scratch.write("gold/told.jsonl", "");
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "timex"]].concat());
    scratch.ok(&["label", "build", "news"]);
    scratch.write("answers/told.jsonl", "");
    scratch.write("answers/still.jsonl", "");
    let args = ["eval", "news", "--predictions", "acme=answers", "--layer", "timex"];
    let ran = scratch.ok(&[&args[..], &["--fail-on", "none"]].concat());
    assert!(ran.stdout.contains("timex · 2 documents"), "{}", ran.stdout);
    let row = ran.stdout.lines().find(|line| line.starts_with("acme"));
    let cells: Vec<&str> = row.unwrap_or_default().split_whitespace().collect();
    assert_eq!(cells[..4], ["acme", "–", "–", "–"], "{}", ran.stdout);
}

#[test]
fn all_lines_are_shown_by_every_metric() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let eval = ["eval", "news", "--system", "timex-rules", "--fail-on", "none"];
    let ran = scratch.ok(&[&eval[..], &["--scope", "all"]].concat());
    let row = ran.stdout.lines().find(|line| line.starts_with("timex-rules"));
    let row = row.unwrap_or_else(|| panic!("{}", ran.stdout));
    assert!(!row.contains('–'), "{}", ran.stdout);
}

#[test]
fn a_column_n_counts_documents_and_terms_what_a_mean_rests_on() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let eval = ["eval", "news", "--system", "timex-rules", "--fail-on", "none"];
    scratch.ok(&[&eval[..], &["-o", "r.csv"]].concat());
    let csv = scratch.read("r.csv");
    let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|one| *one == name).unwrap();
    let (n, terms, support) = (at("n"), at("terms"), at("support"));
    let (metric, average) = (at("metric"), at("average"));
    let mut seen = 0;
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        // Twelve documents were judged, with two dates in each.
        assert_eq!(cells[n], "12", "{line}");
        if cells[metric] != "timex.value" {
            continue;
        }
        assert_eq!(cells[support], "24", "{line}");
        let expected = match cells[average] {
            "macro-document" => "12",
            _ => "1",
        };
        assert_eq!(cells[terms], expected, "{line}");
        seen += 1;
    }
    assert_eq!(seen, 3, "{csv}");
}

#[test]
fn a_release_that_stays_stops_slow_drift() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "month-names"]);
    let eval = ["eval", "news", "--system", "month-names"];
    scratch.run(&eval);
    scratch.ok(&["accept", "news", "--because", "first"]);
    let settings = "[gate]\nrelease = \"release.jsonl\"\n";
    scratch.write("news/goldpress.toml", settings);
    let gone = scratch.run(&eval);
    assert_eq!(gone.code, Some(2), "{}", gone.stderr);
    assert!(gone.stderr.contains("[gate] release"), "{}", gone.stderr);
    // The release found everything; what was accepted since does not.
    let accepted = scratch.read("news/goldpress.baseline.jsonl");
    scratch.write("news/release.jsonl", super::gate::perfect(&accepted));
    let ran = scratch.run(&[&eval[..], &["-o", "r.xml", "-o", "r.html"]].concat());
    assert_eq!(ran.code, Some(3), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("identical to baseline"), "{}", ran.stdout);
    assert!(ran.stdout.contains("· release baseline "), "{}", ran.stdout);
    assert!(scratch.read("r.xml").contains("month-names against the release/gates"));
    assert!(scratch.read("r.html").contains("month-names against the release"));
    // The release itself passes.
    scratch.write("news/release.jsonl", accepted);
    scratch.ok(&eval);
}

#[test]
fn a_moved_result_that_passes_says_whether_it_could_have_failed() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let eval = ["eval", "news", "--system", "timex-rules"];
    scratch.run(&eval);
    scratch.ok(&["accept", "news", "--because", "first"]);
    let baseline = scratch.read("news/goldpress.baseline.jsonl");
    // One document of the past was worse than it is now.
    let moved = baseline.replacen("\"DATE\":[2,0,0]", "\"DATE\":[1,0,1]", 1);
    let moved = moved.replacen("\"*\":[2,0,0]", "\"*\":[1,0,1]", 1);
    assert_ne!(moved, baseline, "{baseline}");
    scratch.write("news/goldpress.baseline.jsonl", moved);
    let ran = scratch.ok(&eval);
    let passed: Vec<&str> =
        ran.stdout.lines().filter(|line| line.starts_with("passed")).collect();
    assert!(!passed.is_empty(), "{}", ran.stdout);
    for line in passed.iter().filter(|line| !line.contains("new-errors")) {
        let says =
            line.contains("could have failed") || line.contains("could not have failed");
        assert!(says, "{line}");
    }
    assert!(ran.stdout.contains("95 %, unadjusted"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("0 documents worse, 1 better, 11 same"),
        "{}",
        ran.stdout
    );
}

#[test]
fn any_metric_can_be_asked_for_and_help_lists_them() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let eval = ["eval", "news", "--system", "timex-rules", "--fail-on", "none"];
    let asked = ["--metric", "overlap@0.75", "--metric", "token", "--metric", "surface"];
    let ran = scratch.ok(&[&eval[..], &asked[..], &["-o", "r.html"]].concat());
    assert!(ran.stdout.contains("timex by the metrics asked for"), "{}", ran.stdout);
    for metric in ["overlap@0.75", "token", "surface"] {
        let row = ran
            .stdout
            .lines()
            .find(|line| line.split_whitespace().take(2).eq([metric, "timex-rules"]));
        let row = row.unwrap_or_else(|| panic!("{metric}: {}", ran.stdout));
        assert!(row.contains("1.0000"), "{row}");
    }
    assert!(scratch.read("r.html").contains("overlap@0.75"));
    let help = scratch.ok(&["eval", "news", "--metric", "help"]).stdout;
    for line in ["cover-gold[@0.5]", "token.acc", "nervaluate-1.2.1"] {
        assert!(help.contains(line), "{help}");
    }
    let unfit = scratch.ok(&[&eval[..], &["--metric", "relation.bounds"]].concat());
    assert!(
        unfit.stderr.contains("`relation.bounds` counts nothing"),
        "{}",
        unfit.stderr
    );
    let unknown = scratch.run(&[&eval[..], &["--metric", "bleu"]].concat());
    assert_eq!(unknown.code, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("--metric help"), "{}", unknown.stderr);
}

#[test]
fn kinds_of_error_stand_with_their_change_since_the_baseline() {
    let scratch = two_articles("");
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&[&import[..], &["--reviewed", "timex"]].concat());
    scratch.ok(&["label", "build", "news"]);
    let eval = ["eval", "news", "--predictions", "acme=answers"];
    scratch.run(&eval);
    scratch.ok(&["accept", "news", "--because", "first"]);
    scratch.write("answers/still.jsonl", "");
    let ran = scratch.run(&[&eval[..], &["--verbose", "-o", "r.html"]].concat());
    let after = ran.stdout.split("kinds of error").nth(1).unwrap_or_default();
    let row = after.lines().find(|line| line.starts_with("acme")).unwrap_or_default();
    let cells: Vec<&str> =
        row.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
    assert_eq!(cells, ["acme", "1", "0", "0", "0", "0", "0 (−1)"], "{}", ran.stdout);
    assert!(ran.stdout.contains("what acme takes for what"), "{}", ran.stdout);
    let page = scratch.read("r.html");
    assert!(page.contains("Kinds of error"), "{page}");
    assert!(page.contains("What acme takes for what"), "{page}");
}
