//! The CI story: a baseline, a change that regresses one label, the fix, other gold.

use super::Scratch;

/// Twelve outlets with one article each; every article names a day and a place.
pub(super) fn newsroom() -> Scratch {
    let scratch = Scratch::new();
    for n in 0..12 {
        let day = n + 1;
        let text = format!(
            "Harbour notes {n}\n\nThe council met on {day} March 2024 in Port Aldery.\n\n\
             It may meet again on {day} May 2024.\n"
        );
        let page = text
            .split("\n\n")
            .enumerate()
            .map(|(i, line)| {
                let tag = if i == 0 { "h1" } else { "p" };
                format!("<{tag}>{}</{tag}>", line.trim())
            })
            .collect::<String>();
        let url = format!("https://outlet-{n}.example/notes");
        scratch.write(
            &format!("in/{n:02}.html"),
            format!(
                "<html lang=\"en\"><head><link rel=\"canonical\" href=\"{url}\"></head>\
                 <body><article>{page}</article></body></html>"
            ),
        );
        scratch.write(&format!("gold/{n:02}.jsonl"), gold(&text));
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    scratch.ok(&[
        "label",
        "import",
        "gold",
        "--as",
        "gold",
        "--reviewed",
        "timex",
        "--dataset",
        "news",
    ]);
    scratch.ok(&["label", "build", "news"]);
    scratch
}

fn gold(text: &str) -> String {
    let text = text.trim_end();
    let mut lines = String::new();
    for (n, month) in ["March", "May"].iter().enumerate() {
        let end = text.find(&format!("{month} 2024")).unwrap() + month.len() + 5;
        let start = text[..end].rfind("on ").unwrap() + 3;
        let quote = &text[start..end];
        let day: u32 = quote.split(' ').next().unwrap().parse().unwrap();
        let value = format!("2024-{:02}-{day:02}", if n == 0 { 3 } else { 5 });
        lines.push_str(&format!(
            "{{\"id\":\"T{n}\",\"layer\":\"timex\",\"label\":\"DATE\",\"fragments\":[[{start},{end}]],\
             \"text\":\"{quote}\",\"attrs\":{{\"value\":\"{value}\"}}}}\n"
        ));
    }
    lines
}

#[test]
fn a_first_run_is_no_pass_then_the_same_run_is_and_a_better_one_too() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let first = scratch.run(&["eval", "news", "--system", "timex-rules"]);
    assert_eq!(first.code, Some(5), "a first run is no pass: {}", first.stderr);
    assert!(first.stderr.contains("goldpress accept news --because"), "{}", first.stderr);
    let refused = scratch.run(&["accept", "news"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    scratch.ok(&["accept", "news", "--because", "first"]);
    let same = scratch.ok(&["eval", "news", "--system", "timex-rules"]);
    assert!(same.stdout.contains("identical"), "{}", same.stdout);

    let baseline = scratch.read("news/goldpress.baseline.jsonl");
    scratch.write("news/goldpress.baseline.jsonl", worsen(&baseline));
    let improved = scratch.ok(&["eval", "news", "--system", "timex-rules"]);
    assert!(improved.stdout.contains("improved"), "{}", improved.stdout);
}

#[test]
fn a_fall_in_every_source_ends_with_3_and_review_shows_the_documents() {
    let scratch = newsroom();
    // The baseline of a better past: a run that found everything.
    scratch.ok(&["extract", "news", "--system", "month-names"]);
    scratch.run(&["eval", "news", "--system", "month-names"]);
    scratch.ok(&["accept", "news", "--because", "first"]);
    let baseline = scratch.read("news/goldpress.baseline.jsonl");
    scratch.write("news/goldpress.baseline.jsonl", perfect(&baseline));
    let ran = scratch.run(&["eval", "news", "--system", "month-names", "-o", "r.html"]);
    assert_eq!(ran.code, Some(3), "{}\n{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("FAILED  significant: timex/timex.value (all)"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("12 documents worse"), "{}", ran.stdout);
    assert!(scratch.read("r.html").contains("regressed"));
    build_servers_say_the_same(&scratch);
    let zero = scratch.run(&["eval", "news", "--system", "month-names", "--exit-zero"]);
    assert_eq!(zero.code, Some(0), "{}", zero.stderr);
    let review = scratch.ok(&["review", "news"]).stdout;
    assert!(review.contains("outlet-3.example"), "{review}");
}

/// What build servers read of a run that failed: the label, the outlet, the document.
fn build_servers_say_the_same(scratch: &Scratch) {
    let mut command = scratch.command(&[
        "eval",
        "news",
        "--system",
        "month-names",
        "--format",
        "github",
        "-o",
        "junit.xml",
        "-o",
        "gitlab:metrics.txt",
    ]);
    command.env("GITHUB_STEP_SUMMARY", scratch.path("summary.md"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let commands = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = commands.lines().collect();
    assert_eq!(lines.len(), 10, "{commands}");
    assert!(
        lines[0].starts_with(
            "::error file=news/goldpress.toml,line=1,title=month-names%3A significant fail::"
        ),
        "{commands}"
    );
    assert!(
        commands.contains("timex/timex.value of all regressed::1.0000 → "),
        "{commands}"
    );
    assert!(commands.contains("file=news/labels/gold/"), "{commands}");
    assert!(commands.contains(".example: "), "{commands}");
    assert!(lines[9].ends_with("more: see the report"), "{commands}");
    assert!(scratch.read("summary.md").contains("regressed"));

    let junit = scratch.read("junit.xml");
    assert!(junit.contains("<testsuite name=\"month-names/timex\""), "{junit}");
    assert!(junit.contains("<failure message=\"regressed: 1.0000 → "), "{junit}");
    assert!(junit.contains("<testcase name=\"significant\""), "{junit}");
    assert!(!junit.contains(" time="), "{junit}");
    let metrics = scratch.read("metrics.txt");
    let line = "goldpress_f1{system=\"month-names\",layer=\"timex\",label=\"*\"} 0.";
    assert!(metrics.contains(line) && metrics.ends_with("# EOF\n"), "{metrics}");
}

#[test]
fn other_gold_ends_with_5_and_names_the_document() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    scratch.run(&["eval", "news", "--system", "timex-rules"]);
    scratch.ok(&["accept", "news", "--because", "first"]);
    let file = std::fs::read_dir(scratch.path("news/labels/gold"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .min()
        .unwrap();
    let lines = std::fs::read_to_string(&file).unwrap();
    // One date is taken out of the gold of one document.
    let kept = lines.lines().filter(|line| !line.contains("\"value\":\"2024-05"));
    let changed: String = kept.map(|line| format!("{line}\n")).collect();
    assert_ne!(lines, changed);
    scratch.write(file.to_str().unwrap(), changed);
    scratch.ok(&["label", "build", "news"]);
    let ran = scratch.run(&["eval", "news", "--system", "timex-rules"]);
    assert_eq!(ran.code, Some(5), "{}", ran.stderr);
    let doc = file.file_stem().unwrap().to_str().unwrap();
    assert!(ran.stderr.contains(&format!("{doc} changed")), "{}", ran.stderr);
    assert!(ran.stderr.contains("--rescore-baseline"), "{}", ran.stderr);
}

#[test]
fn nothing_is_written_under_ci_that_nobody_asked_for() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "timex-rules"]);
    let mut command = scratch.command(&["eval", "news", "--system", "timex-rules"]);
    assert_eq!(command.env("CI", "true").status().unwrap().code(), Some(5));
    assert!(!scratch.path("news/goldpress.baseline.new.jsonl").exists());
}

/// The baseline with every count turned to a perfect answer.
pub(super) fn perfect(baseline: &str) -> String {
    rewrite(baseline, |[found, _, missed]| [found + missed, 0, 0])
}

/// The baseline with every count turned to a silent answer.
fn worsen(baseline: &str) -> String {
    rewrite(baseline, |[found, _, missed]| [0, 0, found + missed])
}

fn rewrite(baseline: &str, change: impl Fn([u64; 3]) -> [u64; 3]) -> String {
    let mut lines = baseline.lines();
    let mut out = format!("{}\n", lines.next().unwrap());
    for line in lines {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        let systems = value["n"].as_object_mut().unwrap();
        for (_, metrics) in systems.iter_mut() {
            for (_, labels) in metrics.as_object_mut().unwrap() {
                for (_, counts) in labels.as_object_mut().unwrap() {
                    let old: [u64; 3] = serde_json::from_value(counts.clone()).unwrap();
                    *counts = serde_json::to_value(change(old)).unwrap();
                }
            }
        }
        out.push_str(&format!("{value}\n"));
    }
    out
}

/// A part of the systems accepted leaves the others as they were.
#[test]
fn accepting_one_system_of_several_keeps_the_others_in_the_baseline() {
    let scratch = newsroom();
    let both = ["--system", "timex-rules", "--system", "month-names"];
    scratch.ok(&[&["extract", "news"], &both[..]].concat());
    scratch.run(&[&["eval", "news"], &both[..]].concat());
    scratch.ok(&["accept", "news", "--because", "first"]);
    let first = scratch.read("news/goldpress.baseline.jsonl");
    scratch.write("news/goldpress.baseline.jsonl", worsen(&first));
    scratch.run(&["eval", "news", "--system", "timex-rules"]);
    let told = scratch.ok(&["accept", "news", "--because", "better"]).stderr;
    assert_eq!(told, "month-names stay in the baseline as they were\n");
    let merged = scratch.read("news/goldpress.baseline.jsonl");
    for system in ["timex-rules", "month-names"] {
        assert!(merged.lines().next().unwrap().contains(system), "{merged}");
    }
}

/// Gold that covers nothing of what a system answers passes no gate.
#[test]
fn a_system_that_gold_says_nothing_of_is_undecidable() {
    let scratch = newsroom();
    scratch.ok(&["extract", "news", "--system", "gazetteer"]);
    let eval = ["eval", "news", "--system", "gazetteer"];
    let ran = scratch.run(&eval);
    assert_eq!(ran.code, Some(5), "{}", ran.stderr);
    let told = "undecided: no gold document is done for entity, which is all that gazetteer answers";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let shown = scratch.ok(&[&eval[..], &["--fail-on", "none"]].concat());
    assert!(shown.stderr.contains(told), "{}", shown.stderr);
}

/// Evaluations that end in the same second each have a report of their own.
#[test]
fn evaluations_at_once_overwrite_nothing() {
    let scratch = newsroom();
    let one = ["--system", "month-names"];
    scratch.ok(&[&["extract", "news"], &one[..]].concat());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                scratch.ok(&[&["eval", "news", "--fail-on", "none"], &one[..]].concat())
            });
        }
    });
    let reports = std::fs::read_dir(scratch.path("news/reports")).unwrap();
    let results = reports.map(|entry| entry.unwrap().path().join("result.json"));
    assert_eq!(results.filter(|path| path.is_file()).count(), 4);
}
