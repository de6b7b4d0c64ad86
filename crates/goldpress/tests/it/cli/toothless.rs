//! Settings and baselines under which nothing could fail: a system that lost everything
//! never ends with 0.

use super::{Scratch, gate::newsroom};

/// A draw from a fixed sequence: the same cases on every machine.
struct Dice(u64);

impl Dice {
    fn draw<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        &of[(self.0 >> 33) as usize % of.len()]
    }
}

const ALPHAS: &[&str] =
    &["0.05", "0.05", "0.2", "0.001", "0.0", "nan", "-1", "0.5", "1e-9"];
const RESAMPLES: &[&str] = &["9999", "999", "0", "1", "10", "4294967295"];
const GATES: &[&str] = &[
    r#"["significant"]"#,
    r#"["any"]"#,
    r#"["margin=0.5pt"]"#,
    r#"["noninferior=0.5pt"]"#,
    r#"["doc-regressions>3"]"#,
    r#"["significant", "outlet", "new-errors"]"#,
    "[]",
    r#"["slower=5%"]"#,
    r#"["margin=100pt"]"#,
    r#"["doc-regressions>12"]"#,
];
const SYSTEMS: &[&str] = &["[]", r#"["acme"]"#, r#"["acmme"]"#, r#"["month-names"]"#];
const LABELS: &[&str] = &["[]", r#"["DATE"]"#, r#"["DAET"]"#];

/// What somebody, or a merge, does to the lines of a baseline.
type Change = fn(&[String]) -> Vec<String>;

const CHANGES: &[Change] = &[
    <[String]>::to_vec,
    <[String]>::to_vec,
    // A line is another once more.
    |lines| [&lines[..11], &lines[10..11], &lines[12..]].concat(),
    // Half of the lines, and a header that says so.
    |lines| {
        let head = lines[0].replace("\"documents\":12", "\"documents\":6");
        [&[head][..], &lines[1..7]].concat()
    },
    |lines| each(lines, with_other_gold),
    |lines| each(lines, |line| line.replace("[2,0,0]", "[18446744073709551615,0,0]")),
    |lines| each(lines, |line| line.replace("[2,0,0]", "[0,0,0]")),
    |lines| each(lines, |line| line.replace("[2,0,0]", "[0,0,1]")),
    |lines| each(lines, |line| line.replace("\"acme\"", "\"bcme\"")),
    |lines| each(lines, without_counts),
    // One document keeps its counts.
    |lines| [&lines[..2], &each(&lines[1..], without_counts)[1..]].concat(),
];

fn each(lines: &[String], change: impl Fn(&str) -> String) -> Vec<String> {
    let rest = lines[1..].iter().map(|line| change(line));
    lines[..1].iter().cloned().chain(rest).collect()
}

fn with_other_gold(line: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
    value["gold"] = serde_json::json!("0".repeat(32));
    value.to_string()
}

fn without_counts(line: &str) -> String {
    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
    value["n"] = serde_json::json!({});
    value.to_string()
}

/// Gold's own marks as the answers of a system, and the same system that says nothing.
fn perfect_and_silent() -> Scratch {
    let scratch = newsroom();
    let export =
        ["label", "export", "--to", "jsonl", "--set", "gold", "--layer", "timex"];
    scratch.ok(&[&export[..], &["-o", "perfect", "--dataset", "news"]].concat());
    for entry in std::fs::read_dir(scratch.path("perfect")).unwrap() {
        let name = entry.unwrap().file_name();
        scratch.write(&format!("silent/{}", name.to_str().unwrap()), "");
    }
    let answers = ["eval", "news", "--predictions", "acme=perfect", "--fail-on", "none"];
    scratch.ok(&answers);
    scratch.ok(&["accept", "news", "--because", "first"]);
    scratch
}

#[test]
fn a_system_that_lost_everything_never_ends_with_0() {
    let scratch = perfect_and_silent();
    let sound = scratch.read("news/goldpress.baseline.jsonl");
    let sound: Vec<String> = sound.lines().map(str::to_owned).collect();
    assert!(sound[1].contains("[2,0,0]"), "{}", sound[1]);
    let mut dice = Dice(7);
    for n in 0..60 {
        let config = format!(
            "[gate]\nfail_on = {}\nsystems = {}\nlabels = {}\n\
             [stats]\nalpha = {}\nresamples = {}\n",
            dice.draw(GATES),
            dice.draw(SYSTEMS),
            dice.draw(LABELS),
            dice.draw(ALPHAS),
            dice.draw(RESAMPLES),
        );
        // Every other case has the defaults, so that the baseline is what is tried.
        let config = if n % 2 == 0 { config } else { String::new() };
        let lines = dice.draw(CHANGES)(&sound);
        scratch.write("news/goldpress.toml", &config);
        scratch.write("news/goldpress.baseline.jsonl", lines.join("\n") + "\n");
        let ran = scratch.run(&["eval", "news", "--predictions", "acme=silent"]);
        let told = format!(
            "{config}\n{}\n{}\n{}",
            lines[..2].join("\n"),
            ran.stdout,
            ran.stderr
        );
        assert!(matches!(ran.code, Some(2 | 3 | 5)), "{:?}: {told}", ran.code);
    }
}

#[test]
fn an_edited_baseline_is_told_with_what_was_edited() {
    let scratch = perfect_and_silent();
    let sound = scratch.read("news/goldpress.baseline.jsonl");
    let sound: Vec<String> = sound.lines().map(str::to_owned).collect();
    let told = |change: Change| {
        let lines = change(&sound).join("\n") + "\n";
        scratch.write("news/goldpress.baseline.jsonl", lines);
        let ran = scratch.run(&["eval", "news", "--predictions", "acme=silent"]);
        let is_why = |line: &&str| line.contains("edited: ") || line.contains("counts: ");
        let line = ran.stderr.lines().find(is_why).unwrap_or(&ran.stderr);
        let cut = line.find("edited: ").or(line.find("counts: ")).unwrap_or(0);
        let words =
            line[cut..].split(' ').map(|word| if word.len() == 32 { "ID" } else { word });
        format!("{:?} {}", ran.code.unwrap(), words.collect::<Vec<_>>().join(" "))
    };
    let all: Vec<String> = CHANGES[2..8].iter().map(|change| told(*change)).collect();
    insta::assert_snapshot!(all.join("\n"), @r"
    2 edited: document ID stands twice
    2 edited: its documents are not those of the gold that its header names
    2 edited: its documents are not those of the gold that its header names
    2 edited: document ID counts 18446744073709551615 items
    5 counts: 0 of gold's * (timex/timex.value) in ID in the baseline, 2 here
    5 counts: 1 of gold's * (timex/timex.value) in ID in the baseline, 2 here
    ");
}

#[test]
fn an_evaluation_that_scored_nothing_is_no_baseline() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "gazetteer"]);
    scratch.ok(&["eval", "news", "--system", "gazetteer", "--fail-on", "none"]);
    let ran = scratch.run(&["accept", "news", "--because", "first"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(!scratch.path("news/goldpress.baseline.jsonl").exists());
}

#[test]
fn a_system_of_the_baseline_that_no_longer_competes_is_named() {
    let scratch = perfect_and_silent();
    let ran = scratch.run(&["eval", "news", "--predictions", "bcme=perfect"]);
    assert_eq!(ran.code, Some(5), "{}", ran.stderr);
    assert!(ran.stderr.contains("not compared: acme of the baseline"), "{}", ran.stderr);
}

/// A revision that looks like an option of git is a revision that is not there.
#[test]
fn a_baseline_in_git_is_never_an_option() {
    let scratch = perfect_and_silent();
    let git = |args: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(scratch.path("news"));
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "a")
                .env(format!("GIT_{who}_EMAIL"), "a@b.example");
        }
        assert!(command.args(args).output().unwrap().status.success(), "{args:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "goldpress.baseline.jsonl"]);
    git(&["commit", "-qm", "a"]);
    let place = "git:--independent:goldpress.baseline.jsonl";
    let eval = ["eval", "news", "--predictions", "acme=silent", "--baseline", place];
    let ran = scratch.run(&eval);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("--independent"), "{}", ran.stderr);
}
