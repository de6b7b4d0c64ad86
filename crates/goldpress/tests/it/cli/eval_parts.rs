//! `goldpress eval` on parts: slices, profiles, documents of equal gold.

use super::{Scratch, gate::newsroom};

/// Evaluates `timex-rules` with further arguments.
fn eval<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["eval", "news", "--system", "timex-rules"], more].concat()
}

#[test]
fn slices_show_n_and_support_in_every_format() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let args = ["--by", "source,length,flaw,outcome", "--fail-on", "none"];
    let files = ["-o", "r.csv", "-o", "r.md", "-o", "r.json", "-o", "r.html"];
    let shown = scratch.ok(&eval(&[&args[..], &files].concat())).stdout;
    assert!(shown.contains("timex by source · timex.value"), "{shown}");
    // One document of each of twelve outlets, with two dates in it.
    assert_eq!(shown.matches("  timex-rules  1        2  ").count(), 12, "{shown}");
    assert!(shown.contains("0–499   timex-rules  12       24  "), "{shown}");
    assert!(shown.contains("ok       timex-rules  12       24  "), "{shown}");
    assert!(shown.contains("need not sum to the whole"), "{shown}");
    let csv = scratch.read("r.csv");
    assert!(csv.contains(",*,source,outlet-3.example,1,"), "{csv}");
    assert!(scratch.read("r.md").contains("#### timex by length"));
    assert!(scratch.read("r.html").contains("<summary>By source</summary>"));
    let json: serde_json::Value = serde_json::from_str(&scratch.read("r.json")).unwrap();
    let slices = json["slices"].as_array().unwrap();
    let lengths: Vec<_> = slices.iter().filter(|row| row["by"] == "length").collect();
    assert_eq!(lengths.len(), 1);
    assert_eq!((&lengths[0]["n"], &lengths[0]["support"]), (&12.into(), &24.into()));
    let unknown = scratch.run(&eval(&["--by", "colour"]));
    assert_eq!(unknown.code, Some(2), "{}", unknown.stderr);
}

#[test]
fn a_profile_lies_over_the_file_and_an_unknown_one_is_refused() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let profile = "[gate]\nfail_on = [\"any\"]\n\
                   [profile.look.gate]\nfail_on = [\"none\"]\n\
                   [profile.look.eval]\nby = [\"lang\"]\n";
    scratch.write("news/goldpress.toml", profile);
    assert_eq!(scratch.run(&eval(&[])).code, Some(5));
    let shown = scratch.ok(&eval(&["--profile", "look"])).stdout;
    assert!(shown.contains("timex by lang"), "{shown}");
    let unknown = scratch.run(&eval(&["--profile", "peek"]));
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("hint: one of: look"), "{}", unknown.stderr);
}

#[test]
fn common_documents_are_gated_from_nine_in_ten_on() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    scratch.run(&eval(&[]));
    scratch.ok(&["accept", "news", "--because", "first"]);
    forget_a_date(&scratch, 0);
    assert_eq!(scratch.run(&eval(&[])).code, Some(5));
    let most = scratch.ok(&eval(&["--common"])).stdout;
    assert!(most.contains("common: 11 of 12 documents"), "{most}");
    assert!(most.contains("identical to baseline"), "{most}");
    forget_a_date(&scratch, 1);
    let few = scratch.run(&eval(&["--common"]));
    assert_eq!(few.code, Some(5), "{}", few.stdout);
    let because = "UNDECIDED  significant: only 10 of 12 documents have equal gold";
    assert!(few.stdout.contains(because), "{}", few.stdout);
}

/// Takes the second date out of the gold of the nth document.
fn forget_a_date(scratch: &Scratch, nth: usize) {
    let mut files: Vec<_> = std::fs::read_dir(scratch.path("news/labels/gold"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    files.sort();
    let lines = std::fs::read_to_string(&files[nth]).unwrap();
    let kept = lines.lines().filter(|line| !line.contains("\"value\":\"2024-05"));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    scratch.write(files[nth].to_str().unwrap(), kept);
    scratch.ok(&["label", "build", "news"]);
}
