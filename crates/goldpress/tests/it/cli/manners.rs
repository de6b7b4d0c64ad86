//! Manners: colours only where they are wanted, plain words where the disk refuses, nothing
//! half done behind a Ctrl-C, names offered to a shell.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::Scratch;

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_of_errors_and_help_come_as_asked() {
    let scratch = Scratch::new();
    for args in [&["show", "nowhere"][..], &["ingest", "--sauce"], &["eval", "nowhere"]] {
        for (flags, is_coloured) in [
            (&["--color", "always"][..], true),
            (&["--color=always"], true),
            (&["--color", "never"], false),
            (&["--color=never"], false),
            (&[], false),
        ] {
            let ran = scratch.run(&[flags, args].concat());
            assert_eq!(ran.stderr.contains(ESCAPE), is_coloured, "{flags:?} {args:?}");
        }
    }
    let help =
        |flags: &[&str]| scratch.ok(&[flags, &["ingest", "--help"]].concat()).stdout;
    assert!(help(&["--color", "always"]).contains(ESCAPE));
    assert!(!help(&["--color", "never"]).contains(ESCAPE));
}

/// A terminal of its own for a command line, by `script` of util-linux; `None`, with a
/// printed word, where there is none.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn on_a_terminal(scratch: &Scratch, args: &str, set: &[(&str, &str)]) -> Option<String> {
    let program = assert_cmd::cargo::cargo_bin!("goldpress");
    let line = format!("{} {args}", program.display());
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(scratch.path(""));
    command.env("TERM", "xterm").env_remove("NO_COLOR").stdin(Stdio::null());
    command.envs(set.iter().copied());
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            println!("skipped: there is no `script` here");
            None
        }
    }
}

#[test]
fn a_terminal_has_colours_unless_it_or_a_person_wants_none() {
    let scratch = Scratch::new();
    for args in ["show nowhere", "ingest --sauce", "ingest --help"] {
        for (set, flag, is_coloured) in [
            (&[][..], "", true),
            (&[("NO_COLOR", "1")], "", false),
            (&[("NO_COLOR", "")], "", true),
            (&[("TERM", "dumb")], "", false),
            (&[], "--color never ", false),
            (&[("NO_COLOR", "1")], "--color always ", true),
        ] {
            let line = format!("{flag}{args}");
            let Some(shown) = on_a_terminal(&scratch, &line, set) else { return };
            assert_eq!(shown.contains(ESCAPE), is_coloured, "{set:?} {line}: {shown}");
        }
    }
}

#[test]
fn a_dumb_terminal_gets_no_progress_bar() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Ferry late\n\nThe ferry to Velmere was late again.\n");
    let dumb = [("TERM", "dumb")];
    let Some(shown) = on_a_terminal(&scratch, "ingest in -o news", &dumb) else { return };
    assert!(shown.contains("1 record = 1 article + 0 rejects"), "{shown}");
    assert!(!shown.contains(ESCAPE), "{shown}");
    let shown = on_a_terminal(&scratch, "extract news", &dumb).unwrap();
    assert!(!shown.contains(ESCAPE), "{shown}");
}

#[test]
fn one_is_not_written_as_many() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Ferry late\n\nThe ferry to Velmere was late again.\n");
    scratch.write("in/b.json", "{");
    let ran = scratch.ok(&["ingest", "in", "-o", "news"]);
    assert!(ran.stderr.contains("2 records = 1 article + 1 reject"), "{}", ran.stderr);
    let ran = scratch.ok(&["dedup", "news"]);
    assert!(ran.stderr.contains("1 article: 1 kept"), "{}", ran.stderr);
    let id = scratch.ok(&["show", "news"]).stdout.lines().next().unwrap().to_owned();
    let gold = "{\"id\":\"1\",\"layer\":\"timex\",\"label\":\"DATE\",\"fragments\":[[0,5]],\"text\":\"Ferry\",\"attrs\":{\"value\":\"2026\"}}\n";
    scratch.write(&format!("gold/{id}.jsonl"), gold);
    let import = ["label", "import", "gold", "--as", "gold", "--dataset", "news"];
    scratch.ok(&import);
    let ran = scratch.run(&["label", "check", "news"]);
    assert!(!ran.stderr.contains("1 errors") && !ran.stderr.contains("1 warnings"));
    let ran = scratch.run(&["label", "build", "news"]);
    assert!(ran.stderr.contains("1 row from 1 label file"), "{}", ran.stderr);
}

#[test]
fn ctrl_c_of_an_extraction_leaves_no_run() {
    let scratch = Scratch::new();
    let line =
        "The council of Port Aldery closed the pier on 3 March 2026, said Bo Lindgren. ";
    for n in 0..400 {
        let text = format!("Pier {n} closed\n\n{}\n", line.repeat(40));
        scratch.write(&format!("in/{n}.txt"), text);
    }
    scratch.ok(&["ingest", "in", "-o", "news"]);
    let mut command = scratch.command(&["extract", "news"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let runs = scratch.path("news/runs");
    let has_run = || runs.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    let started = Instant::now();
    while !has_run() && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert_eq!(stderr, "interrupted: no run was kept\n");
    assert_eq!(output.stdout, b"");
    assert!(!has_run(), "a run was left");
}

#[test]
fn a_full_disk_is_called_a_full_disk() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Ferry late\n\nThe ferry to Velmere was late again.\n");
    scratch.ok(&["ingest", "in", "-o", "news"]);
    for args in [
        &["--help"][..],
        &["show", "news"],
        &["stats", "news"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &["query", "news", "SELECT * FROM articles"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = scratch.command(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?} {stderr}");
        let hint = "hint: make room and run the same command again\n";
        assert!(
            stderr.starts_with("error: ") && stderr.ends_with(hint),
            "{args:?} {stderr}"
        );
        assert!(stderr.contains("the disk is full"), "{args:?} {stderr}");
        assert!(!stderr.contains("os error"), "{args:?} {stderr}");
    }
}

/// A folder on a disk of one megabyte, unmounted when it goes; `None`, with a printed word,
/// where none may be made.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn small_disk(folder: &Path) -> Option<SmallDisk> {
    std::fs::create_dir_all(folder).unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"];
    let done = Command::new("mount").args(mount).arg(folder).output();
    if !done.is_ok_and(|output| output.status.success()) {
        println!("skipped: no disk may be mounted here");
        return None;
    }
    Some(SmallDisk(folder.to_owned()))
}

struct SmallDisk(std::path::PathBuf);

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn tables_that_do_not_fit_the_disk_are_told_as_such() {
    let scratch = Scratch::new();
    let Some(_disk) = small_disk(&scratch.path("small")) else { return };
    let mut text = String::from("Numbers\n\n");
    for n in 0_u64..60_000 {
        text.push_str(&format!("{:x} ", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    }
    scratch.write("in/a.txt", text);
    let ran = scratch.run(&["ingest", "in", "-o", "small/news"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("because: the disk is full\n"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("no sound Parquet"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("hint: make room and run the same command again\n"));
    assert!(!scratch.path("small/news/manifest.json").exists());
}

#[test]
fn a_shell_is_offered_formats_presets_metrics_and_systems() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = scratch.ok(&["completions", shell]).stdout;
        for name in
            ["trafilatura-csv", "label-studio", "nervaluate-1.2.1", "timex-rules", "warc"]
        {
            assert!(script.contains(name), "{shell}: {name}");
        }
    }
    assert!(scratch.ok(&["--help"]).stdout.contains("  man "));
}
