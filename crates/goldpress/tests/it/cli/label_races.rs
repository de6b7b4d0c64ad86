//! Two commands that write one set at once, and what a killed one leaves.

use super::Scratch;

const N_ARTICLES: usize = 40;

#[test]
fn of_two_importers_of_one_set_each_comes_in_whole_or_is_told_of_the_other() {
    races(4);
}

#[test]
#[ignore = "takes minutes; `make attack` runs it"]
fn sixteen_races_of_two_importers_lose_nothing() {
    races(16);
}

fn races(n: usize) {
    let scratch = articles();
    for round in 0..n {
        let set = format!("ada{round}");
        let import = |file| {
            let told = ["label", "import", file, "--as", &set, "--dataset", "news"];
            scratch.command(&told).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let both = ["first", "second"].map(import);
        let ended = both.map(|child| child.wait_with_output().unwrap());
        let mut n_whole = 0;
        for ran in &ended {
            let told = String::from_utf8_lossy(&ran.stderr);
            match ran.status.code() {
                Some(0) => n_whole += 1,
                Some(2) => assert!(told.contains("is writing the set `ada"), "{told}"),
                code => panic!("{code:?}: {told}"),
            }
        }
        assert!(n_whole > 0);
        assert_eq!(n_lines(&scratch, &set), n_whole * N_ARTICLES, "round {round}");
    }
}

#[test]
fn what_a_killed_writer_left_is_swept_by_the_next() {
    let scratch = articles();
    let left =
        ["news/labels/ada/.goldpress-x1.tmp", "news/labels/texts/.goldpress-x2.tmp"];
    left.iter().for_each(|name| drop(scratch.write(name, "half a file")));
    scratch.ok(&["label", "import", "first", "--as", "ada", "--dataset", "news"]);
    left.iter().for_each(|name| assert!(!scratch.path(name).exists(), "{name}"));
}

/// Articles, and two folders with a line for each of them.
pub(super) fn articles() -> Scratch {
    let scratch = Scratch::new();
    for n in 0..N_ARTICLES {
        scratch.write(
            &format!("raw/a{n}.txt"),
            format!("Velmere slept. Varga left pier {n} in March 2024.\n"),
        );
        let line = |label: &str, text: &str| {
            format!(
                "{{\"layer\":\"entity\",\"label\":\"{label}\",\"text\":\"{text}\"}}\n"
            )
        };
        scratch.write(&format!("first/a{n}.jsonl"), line("GPE", "Velmere"));
        scratch.write(&format!("second/a{n}.jsonl"), line("PERSON", "Varga"));
    }
    scratch.ok(&["ingest", "raw", "-o", "news"]);
    scratch
}

fn n_lines(scratch: &Scratch, set: &str) -> usize {
    let folder = scratch.path(&format!("news/labels/{set}"));
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    files.map(|path| std::fs::read_to_string(path).unwrap().lines().count() - 1).sum()
}
