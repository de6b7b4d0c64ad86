//! Writers of labels and baselines, killed at any moment: each file is the old one or the new
//! one, the same command then ends as if nothing had been, and nothing is left over.

use std::{collections::BTreeMap, fs, path::Path, thread};

use super::{Scratch, determinism::files, label_races::articles};

#[test]
fn a_killed_writer_of_labels_leaves_whole_files() {
    kills(3);
}

#[test]
#[ignore = "takes minutes; `make attack` runs it"]
fn two_hundred_killed_writers_of_labels_leave_whole_files() {
    kills(40);
}

/// So many kills of each writer, at moments that are spread over its run.
fn kills(n: u32) {
    let scratch = newsroom();
    for (folder, writer) in [
        ("news", &["label", "import", "first", "--as", "cy", "--dataset", "now"][..]),
        (
            "unmade",
            &["label", "adjudicate", "now", "--sets", "ada,bo", "--policy", "union"],
        ),
        ("edited", &["label", "carry", "now", "--pairs", "pairs.txt"]),
        ("bare", &["label", "suggest", "now", "--system", "month-names"]),
        ("news", &["accept", "now", "--because", "the first"]),
    ] {
        let now = scratch.path("now");
        copy(&scratch.path(folder), &now);
        let before = files(&now);
        let started = std::time::Instant::now();
        scratch.ok(writer);
        let whole = started.elapsed();
        let after = files(&now);
        assert_ne!(before, after, "{writer:?} writes nothing");
        for kill in 0..n {
            copy(&scratch.path(folder), &now);
            let mut child = scratch.command(writer).spawn().unwrap();
            thread::sleep(whole * (kill + 1) / (n + 1));
            // A child that is done already cannot be killed, which is as good.
            let _ = child.kill();
            child.wait().unwrap();
            for (name, hash) in files(&now).iter().filter(|(name, _)| is_kept(name)) {
                let is_whole =
                    [&before, &after].iter().any(|all| all.get(name) == Some(hash));
                assert!(is_whole, "{writer:?}, kill {kill}: `{name}` is cut");
            }
            let kept = |mut all: BTreeMap<String, blake3::Hash>| {
                all.retain(|name, _| is_kept(name));
                all
            };
            // What has ended is not there a second time to be accepted.
            if kept(files(&now)) != kept(after.clone()) {
                scratch.ok(writer);
                assert_eq!(leftovers(&now), [""; 0], "{writer:?}, kill {kill}");
            }
            assert_eq!(kept(files(&now)), kept(after.clone()), "{writer:?}, kill {kill}");
        }
    }
}

/// Forty articles that two people have labelled, with gold, a run, and an evaluation to be
/// accepted; the same before anybody labelled, without gold, and where the articles were edited since.
fn newsroom() -> Scratch {
    let scratch = articles();
    for system in ["capitalised-runs", "month-names"] {
        scratch.ok(&["extract", "news", "--system", system]);
    }
    copy(&scratch.path("news"), &scratch.path("bare"));
    let import = |folder: &str, set: &str| {
        let import = ["label", "import", folder, "--as", set, "--dataset", "news"];
        scratch.ok(&[&import[..], &["--reviewed", "entity"]].concat());
    };
    import("first", "ada");
    import("second", "bo");
    copy(&scratch.path("news"), &scratch.path("unmade"));
    import("second", "gold");
    scratch.ok(&["label", "build", "news"]);
    let eval = ["eval", "news", "--system", "capitalised-runs", "--fail-on", "none"];
    scratch.ok(&eval);
    copy(&scratch.path("news"), &scratch.path("edited"));
    for n in 0..40 {
        let text =
            format!("Velmere slept well. Varga left pier {n} in March 2024, they say.\n");
        scratch.write(&format!("raw/a{n}.txt"), text);
    }
    scratch.ok(&["ingest", "raw", "-o", "edited", "--replace"]);
    let ids = |folder: &str| {
        let list = scratch.ok(&["show", folder, "--list", "--format", "jsonl"]).stdout;
        let articles = list.lines().map(|line| {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            [&article["file"], &article["doc_id"]]
                .map(|one| one.as_str().unwrap().to_owned())
        });
        let mut articles: Vec<[String; 2]> = articles.collect();
        articles.sort();
        articles
    };
    let pairs = ids("news").into_iter().zip(ids("edited"));
    let pairs: String =
        pairs.map(|([_, old], [_, new])| format!("{old} {new}\n")).collect();
    scratch.write("pairs.txt", pairs);
    scratch
}

/// Whether a file is kept: locks and journals are of one process, runs and reports have times.
fn is_kept(name: &str) -> bool {
    let is_own = |part: &str| [".lock", ".journal"].contains(&part);
    !name.split('/').any(is_own)
}

/// Files that a writer made on the way to others.
fn leftovers(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                // One without a byte may be another's, made this moment.
                false if entry.metadata().unwrap().len() == 0 => {}
                false => found.push(entry.file_name().into_string().unwrap()),
            }
        }
    }
    found.retain(|name| name.starts_with(".goldpress-"));
    found
}

/// Copies a folder, in place of what was there.
fn copy(from: &Path, to: &Path) {
    if to.exists() {
        fs::remove_dir_all(to).unwrap();
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}
