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

/// Hashes of every file below a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, blake3::Hash> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name =
                    path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, blake3::hash(&fs::read(&path).unwrap()));
            }
        }
    }
    found
}
