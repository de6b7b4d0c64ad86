//! Same input, same bytes: on one thread and on two, and after a kill at any moment.

use std::{collections::BTreeMap, fs, path::Path, thread, time::Duration};

use super::{Scratch, repository};

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let scratch = Scratch::new();
    let raw = repository("corpus/raw");
    let raw = raw.to_str().unwrap();
    scratch.ok(&["ingest", raw, "-o", "one", "--threads", "1"]);
    scratch.ok(&["ingest", raw, "-o", "two", "--threads", "2"]);
    let one = files(&scratch.path("one"));
    assert!(one.keys().any(|name| name.starts_with("articles/")), "{:?}", one.keys());
    assert_eq!(one, files(&scratch.path("two")));
}

#[test]
fn a_kill_leaves_no_dataset_or_a_whole_one() {
    let scratch = Scratch::new();
    let raw = repository("corpus/raw");
    let raw = raw.to_str().unwrap();
    scratch.ok(&["ingest", raw, "-o", "undisturbed"]);
    let undisturbed = files(&scratch.path("undisturbed"));
    for attempt in 0..8 {
        let mut child =
            scratch.command(&["--quiet", "ingest", raw, "-o", "killed"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(20 * attempt));
        // A child that is done already cannot be killed, which is as good.
        let _ = child.kill();
        child.wait().unwrap();
        let verified = scratch.run(&["verify", "killed"]);
        let is_whole = scratch.path("killed/manifest.json").exists();
        assert_eq!(
            verified.code,
            Some(if is_whole { 0 } else { 1 }),
            "{}",
            verified.stderr
        );
        scratch.ok(&["ingest", raw, "-o", "killed"]);
        assert_eq!(
            files(&scratch.path("killed")),
            undisturbed,
            "after attempt {attempt}"
        );
        fs::remove_dir_all(scratch.path("killed")).unwrap();
    }
}

#[test]
fn fifty_kills_end_after_a_rerun_in_the_same_bytes() {
    let scratch = Scratch::new();
    // Text that does not shrink, so that small parts fill up: a part every few records.
    let lines: String = (0..140_u32).map(record).collect();
    scratch.write("in/news.jsonl", &lines);
    // What a sitemap tells is heard before the first record, after a kill too.
    scratch.write("in/sitemap.xml", sitemap(0..140));
    let ingest =
        |to: &'static str| ["--quiet", "ingest", "in", "-o", to, "--part-size", "6000"];
    scratch.ok(&ingest("undisturbed"));
    let undisturbed = files(&scratch.path("undisturbed"));
    let shown = scratch.ok(&["show", "undisturbed", "--all"]).stdout;
    assert!(shown.contains("Tides of day 137 (record)"), "{shown}");
    let n_parts = undisturbed.keys().filter(|name| name.starts_with("articles/")).count();
    assert!(n_parts > 4, "{n_parts} parts");

    let checkpoint = scratch.path("killed/.ingest/checkpoint.json");
    let done = || fs::read(&checkpoint).unwrap_or_default();
    let (mut kills, mut resumed) = (0_u64, 0);
    while kills < 50 {
        let before = done();
        let mut child = scratch.command(&ingest("killed")).spawn().unwrap();
        // Every other kill comes soon after the start, the others soon after a part was
        // finished: moments that hang on no machine's speed.
        while kills % 2 == 1 && done() == before && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(kills * 7 % 50));
        let is_killed = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        kills += u64::from(is_killed);
        resumed += usize::from(checkpoint.exists());
        if scratch.path("killed/manifest.json").exists() {
            assert_eq!(
                files(&scratch.path("killed")),
                undisturbed,
                "after {kills} kills"
            );
            fs::remove_dir_all(scratch.path("killed")).unwrap();
        }
    }
    assert!(resumed > 5, "only {resumed} kills left something to go on from");
    scratch.ok(&ingest("killed"));
    assert_eq!(files(&scratch.path("killed")), undisturbed);
}

#[test]
fn another_ingest_does_not_go_on_from_what_was_left() {
    let scratch = Scratch::new();
    let lines: String = (0..300_u32).map(record).collect();
    scratch.write("news.jsonl", &lines);
    let small = ["ingest", "news.jsonl", "-o", "news", "--part-size", "20000"];
    let checkpoint = scratch.path("news/.ingest/checkpoint.json");
    let kill_midway = || {
        let mut child =
            scratch.command(&[&["--quiet"], &small[..]].concat()).spawn().unwrap();
        while !checkpoint.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended without a checkpoint");
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(checkpoint.exists(), "it ended before it was killed");
    };
    kill_midway();
    let same = scratch.run(&small);
    assert!(same.stderr.contains("going on after"), "{}", same.stderr);
    fs::remove_dir_all(scratch.path("news")).unwrap();
    kill_midway();
    let other = scratch.run(&[&small[..], &["--no-repair"]].concat());
    assert!(!other.stderr.contains("going on after"), "{}", other.stderr);
    assert_eq!(other.code, Some(0), "{}", other.stderr);
}

/// A line of JSON with an article that compresses badly; every tenth stands for a body
/// that was there before, every seventh is broken.
fn record(n: u32) -> String {
    if n % 7 == 6 {
        return format!("{{\"text\": \"broken {n}\n");
    }
    let n = if n % 10 == 9 { n / 2 } else { n };
    let hash = blake3::hash(&n.to_le_bytes()).to_hex();
    let url = format!("https://tide.example/{n}");
    format!("{{\"url\": \"{url}\", \"text\": \"High water at {hash}. Number {n}.\"}}\n")
}

/// A sitemap with the headlines of records.
fn sitemap(numbers: std::ops::Range<u32>) -> String {
    let entry = |n: u32| {
        format!(
            "<url><loc>https://tide.example/{n}</loc><news:news><news:title>Tides of day {n}\
             </news:title></news:news></url>"
        )
    };
    let entries: String = numbers.map(entry).collect();
    format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{entries}</urlset>"
    )
}

/// Whether a file is what a kill between writing and renaming leaves: hidden, and nobody's.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with(".goldpress-") && name.ends_with(".tmp")
}

/// Hashes of every file below a folder, by its path in it.
pub(super) fn files(folder: &Path) -> BTreeMap<String, blake3::Hash> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !is_temporary(&path) {
                let name =
                    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, blake3::hash(&fs::read(&path).unwrap()));
            }
        }
    }
    found
}
