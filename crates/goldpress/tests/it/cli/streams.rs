//! Inputs that are no files: pipes, devices, links to them, files that change.

use std::{io::Write, os::unix::fs::symlink, process::Command, thread};

use super::Scratch;

const ARTICLE: &str =
    "{\"title\":\"Quay\",\"text\":\"The quay of Port Aldery was closed on Friday.\"}\n";

fn pipe(scratch: &Scratch, name: &str) {
    scratch.write(&format!("{name}.beside"), "");
    let made = Command::new("mkfifo").arg(scratch.path(name)).status().unwrap();
    assert!(made.success());
    std::fs::remove_file(scratch.path(&format!("{name}.beside"))).unwrap();
}

#[test]
fn a_pipe_that_is_named_is_read_once_to_its_end() {
    let scratch = Scratch::new();
    pipe(&scratch, "crawl.jsonl");
    let path = scratch.path("crawl.jsonl");
    let writer = thread::spawn(move || {
        let mut pipe = std::fs::File::options().write(true).open(path).unwrap();
        pipe.write_all(ARTICLE.repeat(3).as_bytes()).unwrap();
    });
    let ran = scratch.ok(&["ingest", "crawl.jsonl", "-o", "news"]);
    writer.join().unwrap();
    assert!(ran.stderr.starts_with("3 records = 3 articles"), "{}", ran.stderr);
}

#[test]
fn pipes_and_devices_inside_folders_are_left_out_and_told() {
    let scratch = Scratch::new();
    scratch.write("in/a.jsonl", ARTICLE);
    pipe(&scratch, "in/pipe.jsonl");
    symlink("/dev/zero", scratch.path("in/zero.txt")).unwrap();
    let ran = scratch.ok(&["ingest", "in", "-o", "news"]);
    assert!(ran.stderr.starts_with("1 record = 1 article"), "{}", ran.stderr);
    for name in ["in/pipe.jsonl", "in/zero.txt"] {
        assert!(
            ran.stderr.contains(&format!("left out {name}: a pipe")),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_device_that_is_named_is_a_reject() {
    let scratch = Scratch::new();
    symlink("/dev/zero", scratch.path("zero.txt")).unwrap();
    let ran = scratch.ok(&["ingest", "zero.txt", "-o", "news"]);
    assert!(ran.stderr.starts_with("1 record = 0 articles + 1 reject"), "{}", ran.stderr);
    let rejects = scratch.ok(&["show", "news", "--rejects"]).stdout;
    assert!(rejects.contains("it is a device"), "{rejects}");
}

/// A large file that was edited and dated back is another input.
#[test]
fn a_large_file_dated_back_is_not_the_same_input() {
    let scratch = Scratch::new();
    let path = scratch.write("big.bin", "");
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(65 << 20).unwrap();
    let before = file.metadata().unwrap().modified().unwrap();
    scratch.ok(&["ingest", "big.bin", "-o", "news"]);
    let again = scratch.ok(&["ingest", "big.bin", "-o", "news"]);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    file.set_modified(before + std::time::Duration::from_secs(1)).unwrap();
    file.set_modified(before).unwrap();
    let ran = scratch.run(&["ingest", "big.bin", "-o", "news"]);
    assert_ne!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("other inputs"), "{}", ran.stderr);
}
