//! `goldpress init --ci`: a clone with labels alone is scored by the commands of the workflow.

use std::path::Path;

use super::{Scratch, repository};

/// The commands of the workflow that `init --ci` writes, in order.
fn steps(workflow: &str) -> Vec<String> {
    let run = |line: &str| line.trim().strip_prefix("run: goldpress ").map(str::to_owned);
    workflow.lines().filter_map(run).collect()
}

#[test]
fn a_workflow_and_a_gitignore_are_written_once_with_what_to_commit() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path(".git")).unwrap();
    let ran = scratch.ok(&["init", "data/news", "--ci"]);
    assert_eq!(
        ran.stdout,
        "data/news/goldpress.toml\n.github/workflows/goldpress.yml\ndata/news/.gitignore\n"
    );
    assert!(ran.stderr.contains("commit: goldpress.toml, labels/"), "{}", ran.stderr);
    assert!(scratch.read("data/news/.gitignore").contains("\n.goldpress-*.tmp\n"));
    let workflow = scratch.read(".github/workflows/goldpress.yml");
    assert!(workflow.contains("working-directory: \"data/news\""), "{workflow}");
    assert!(workflow.contains("data/news/report.html"), "{workflow}");
    // A file that is there stays as it is.
    scratch.write(".github/workflows/goldpress.yml", "mine");
    let again = scratch.ok(&["init", "data/news", "--ci"]);
    assert_eq!(again.stdout, "");
    assert_eq!(scratch.read(".github/workflows/goldpress.yml"), "mine");
    let ran = scratch.run(&["init", "data/news"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn what_is_committed_is_enough_for_the_workflow() {
    let scratch = Scratch::new();
    let (raw, gold) = (repository("corpus/raw"), repository("corpus/gold"));
    scratch.ok(&["init", "news", "--ci"]);
    scratch.ok(&["ingest", raw.to_str().unwrap(), "-o", "news"]);
    let import = ["label", "import", gold.to_str().unwrap(), "--from", "jsonl"];
    let rest = ["--as", "gold", "--reviewed", "entity,timex", "--dataset", "news"];
    scratch.ok(&[&import[..], &rest].concat());
    scratch.write(
        "news/goldpress.toml",
        "[[system]]\nname = \"timex-rules\"\n[[system]]\nname = \"gazetteer\"\n",
    );
    // The first clone makes the baseline: of articles that came back from their texts.
    clone(&scratch, "news", "first");
    let steps = steps(&scratch.read(".github/workflows/goldpress.yml"));
    assert_eq!(steps.len(), 4, "{steps:?}");
    assert_eq!(follow(&scratch, "first", &steps), Some(5), "there is no baseline yet");
    scratch.ok(&["accept", "first", "--because", "first baseline"]);
    let ids = |dataset: &str| {
        let sql = "SELECT doc_id FROM articles ORDER BY doc_id";
        scratch.ok(&["query", dataset, sql, "--format", "csv"]).stdout
    };
    assert_eq!(ids("first"), ids("news"), "the same articles come back");

    clone(&scratch, "first", "second");
    assert_eq!(follow(&scratch, "second", &steps), Some(0));
    assert!(scratch.path("second/report.html").exists());
}

/// Copies what `.gitignore` does not leave out, and no more than is to be committed.
fn clone(scratch: &Scratch, from: &str, to: &str) {
    let ignored = scratch.read(&format!("{from}/.gitignore"));
    let is_left_out = |name: &str| ignored.lines().any(|line| line == format!("/{name}"));
    for entry in std::fs::read_dir(scratch.path(from)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if is_left_out(&format!("{name}/")) || is_left_out(&name) {
            continue;
        }
        let is_output =
            ["report.html", "report.json", "junit.xml"].contains(&name.as_str());
        let committed =
            [".gitignore", "goldpress.baseline.jsonl", "goldpress.toml", "labels"];
        assert!(is_output || committed.contains(&name.as_str()), "{name} is left over");
        if !is_output {
            copy(&scratch.path(from).join(&name), &scratch.path(to).join(&name));
        }
    }
}

/// Runs the commands in a folder; gives how the last one ended, all others being fine.
fn follow(scratch: &Scratch, folder: &str, steps: &[String]) -> Option<i32> {
    let mut last = None;
    for (n, step) in steps.iter().enumerate() {
        let args: Vec<&str> = step.split_whitespace().collect();
        let output =
            scratch.command(&args).current_dir(scratch.path(folder)).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        last = output.status.code();
        assert!(last == Some(0) || n + 1 == steps.len(), "{step}: {stderr}");
    }
    last
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}
