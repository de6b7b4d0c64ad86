//! What a user sees: stdout, stderr, exit code, files.

mod bad_input;
mod dedup;
mod demo;
mod determinism;
mod documents;
mod eval_answers;
mod eval_counts;
mod eval_outlets;
mod eval_parts;
mod eval_seen;
mod gate;
mod hostile;
mod ingest;
mod init_ci;
mod label;
mod label_agree;
mod label_carry;
mod label_exchange;
mod label_foreign;
mod label_git;
mod label_hand;
mod label_kills;
mod label_plain;
mod label_races;
mod label_team;
mod manners;
mod predictions;
mod query;
mod review;
mod schema;
mod story;
mod streams;
mod toothless;
mod usage;

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

/// A scratch folder in which the command runs.
pub(crate) struct Scratch {
    folder: TempDir,
}

/// What a command left: output as text, the exit code.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes an input file; folders are made.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(&path).unwrap();
        std::io::Write::write_all(&mut file, bytes.as_ref()).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the command in this folder.
    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().unwrap();
        Ran::of(&output)
    }

    /// Runs a line of a session as a shell would: `goldpress …`, or `echo '…' > FILE`.
    #[track_caller]
    pub(crate) fn line(&self, line: &str) -> Ran {
        if let Some((text, file)) =
            line.strip_prefix("echo '").and_then(|l| l.split_once("' > "))
        {
            self.write(file, format!("{text}\n"));
            return Ran { stdout: String::new(), stderr: String::new(), code: Some(0) };
        }
        // Quoted words stand at odd places.
        let words = line.split('"').enumerate().flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().collect::<Vec<_>>(),
            _ => vec![part],
        });
        let words: Vec<&str> = words.collect();
        assert_eq!(words.first(), Some(&"goldpress"), "{line}");
        self.run(&words[1..])
    }

    /// The command, to be started by the test.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("goldpress"));
        command.args(args).current_dir(self.folder.path()).env_remove("CI");
        command
    }

    /// Runs the command and expects success.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(
            ran.code,
            Some(0),
            "goldpress {args:?}\n{}\n{}",
            ran.stdout,
            ran.stderr
        );
        ran
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
        }
    }
}

/// The lines of a session of the README, the one whose block holds some words.
pub(crate) fn readme(words: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let blocks = readme.split("```");
    let block =
        blocks.clone().find(|block| block.starts_with("sh") && block.contains(words));
    let lines = block.expect("a session with these words").lines().skip(1);
    lines.map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned()).collect()
}

/// A file of this repository; the folder is asked for at run time, since two checkouts may share
/// a target directory.
pub(crate) fn repository(path: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("../..").join(path)
}

/// Development data beside the repository; `None`, with a printed word, where it is absent.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = repository("../shared").join(path);
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path.canonicalize().unwrap())
}
