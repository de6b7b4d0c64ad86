//! Label files in git: what annotators did on branches of their own comes together.

use std::process::Command;

use super::{
    Ran, Scratch,
    label_exchange::{line, text},
};

#[test]
fn two_annotators_merge_without_a_conflict() {
    let Some(team) = Team::new() else { return };
    // The same article, and one that only one of them had.
    team.on_branch("ada", || team.label("ada", "a", &[port(), ferries()]));
    team.on_branch("bo", || {
        team.label("bo", "a", &[port()]);
        team.label("bo", "b", &[bees()]);
    });
    for branch in ["ada", "bo"] {
        let merged = team.git(&["merge", "--no-edit", branch]);
        assert_eq!(merged.code, Some(0), "{}\n{}", merged.stdout, merged.stderr);
    }
    let files = team.git(&["ls-files", "news/labels"]).stdout;
    assert_eq!(files.matches(".jsonl\n").count(), 3, "{files}");
    team.scratch.ok(&["label", "check", "news"]);
    let left = team.git(&["status", "--porcelain"]).stdout;
    assert_eq!(left, "", "nothing of one machine goes into git");
}

#[test]
fn one_set_on_two_branches_merges_where_other_articles_or_distant_lines_changed() {
    let Some(team) = Team::new() else { return };
    team.label("ada", "a", &[port(), monday(), ferries(), summer()]);
    team.commit("ada began");
    // One branch adds a line at the head of the file, the other one at its end.
    team.on_branch("office", || team.label("ada", "a", &[harbour()]));
    team.on_branch("train", || {
        team.label("ada", "a", &[statement()]);
        team.label("ada", "b", &[bees()]);
    });
    for branch in ["office", "train"] {
        let merged = team.git(&["merge", "--no-edit", branch]);
        assert_eq!(merged.code, Some(0), "{}\n{}", merged.stdout, merged.stderr);
    }
    team.scratch.ok(&["label", "check", "news"]);
    let all = team.labels("ada");
    assert_eq!(all.matches("\"layer\":\"entity\"").count(), 7, "{all}");
}

#[test]
fn one_place_changed_on_both_sides_is_a_conflict_that_check_names_and_import_leaves() {
    let Some(team) = Team::new() else { return };
    team.label("ada", "a", &[port()]);
    team.commit("ada began");
    team.on_branch("office", || team.label("ada", "a", &[named("ORG", 145, AUTHORITY)]));
    team.on_branch("train", || team.label("ada", "a", &[named("FAC", 145, AUTHORITY)]));
    assert_eq!(team.git(&["merge", "--no-edit", "office"]).code, Some(0));
    assert_eq!(team.git(&["merge", "--no-edit", "train"]).code, Some(1));
    let before = team.labels("ada");
    let check = team.scratch.run(&["label", "check", "news"]);
    assert_eq!(check.code, Some(6), "{}", check.stdout);
    for said in [":3: json: ", ":5: json: ", ":7: json: "] {
        let said = format!("{said}a merge left both sides here: keep one");
        assert!(check.stdout.contains(&said), "{said} in {}", check.stdout);
    }
    team.scratch.write("more.jsonl", ferries());
    let import = ["label", "import", "more.jsonl", "--as", "ada", "--doc", "a"];
    let ran = team.scratch.run(&[&import[..], &["--dataset", "news"]].concat());
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    assert_eq!(team.labels("ada"), before, "what is broken is never written over");
}

const AUTHORITY: &str = "port authority";

fn named(label: &str, start: usize, text: &str) -> String {
    line(label, start, text).replace("}\n", ",\"attrs\":{\"mention\":\"NAM\"}}\n")
}

fn harbour() -> String {
    named("FAC", 0, "Harbour")
}

fn port() -> String {
    named("GPE", 30, "Port Aldery")
}

fn monday() -> String {
    named("EVENT", 52, "Monday")
}

fn ferries() -> String {
    named("PRODUCT", 61, "Ferries")
}

fn summer() -> String {
    named("EVENT", 133, "summer")
}

fn statement() -> String {
    named("WORK_OF_ART", 170, "statement")
}

fn bees() -> String {
    named("ORG", 0, "Bees")
}

/// A repository that holds a dataset of two articles, `a` and `b`.
struct Team {
    scratch: Scratch,
}

impl Team {
    /// `None`, with a printed word, where git is absent.
    #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
    fn new() -> Option<Team> {
        if Command::new("git").arg("--version").output().is_err() {
            println!("skipped: git is not here");
            return None;
        }
        let scratch = Scratch::new();
        scratch.write("a.txt", text("The harbour of Port Aldery opened on Monday."));
        scratch.write("b.txt", "Bees on the roof\n\nThey live on the town hall now.\n");
        scratch.ok(&["ingest", "a.txt", "b.txt", "-o", "news"]);
        let team = Team { scratch };
        team.git(&["init", "--quiet", "--initial-branch", "main"]);
        team.commit("two articles");
        Some(team)
    }

    /// Imports lines into a set; what it held stays.
    fn label(&self, set: &str, article: &str, lines: &[String]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.jsonl");
        self.scratch.write(path.to_str().unwrap(), lines.concat());
        let import = ["label", "import", path.to_str().unwrap(), "--as", set];
        self.scratch
            .ok(&[&import[..], &["--doc", article, "--dataset", "news"]].concat());
    }

    /// Does something on a new branch of `main`, and comes back.
    fn on_branch(&self, name: &str, act: impl FnOnce()) {
        self.git(&["checkout", "--quiet", "-b", name, "main"]);
        act();
        self.commit(name);
        self.git(&["checkout", "--quiet", "main"]);
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        let done = self.git(&["commit", "--quiet", "-m", message]);
        assert_eq!(done.code, Some(0), "{}\n{}", done.stdout, done.stderr);
    }

    fn git(&self, args: &[&str]) -> Ran {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Ada", "-c", "user.email=ada@news.example"]);
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.args(args).current_dir(self.scratch.path(""));
        Ran::of(&git.output().unwrap())
    }

    /// All label files of a set, one behind the other.
    fn labels(&self, set: &str) -> String {
        let folder = self.scratch.path(&format!("news/labels/{set}"));
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> = files.collect();
        files.sort();
        files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }
}
