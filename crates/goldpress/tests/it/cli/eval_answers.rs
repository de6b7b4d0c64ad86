//! Answers in files of any kind: silence, missing documents, orphan tags, other systems.

use super::{Ran, Scratch};

/// A schema of one flat layer, without required attributes.
const SCHEMA: &str = r#"
[schema]
name = "ner"
version = 1

[[schema.layers]]
name = "entity"
kind = "span"
scope = "all"
overlap = "flat"
labels = [
  { name = "PERSON", guide = "x", example = "y", counter = "z" },
  { name = "ORG", guide = "x", example = "y", counter = "z" },
  { name = "GPE", guide = "x", example = "y", counter = "z" },
]
"#;

/// Words of the two articles; a tag each makes a column file of them.
const WORDS: [[&str; 4]; 2] =
    [["Odile", "Varga", "left", "Velmere"], ["Tom", "met", "Ruby", "Byrne"]];

const GOLD: [&str; 2] = ["B-PERSON I-PERSON O B-GPE", "B-PERSON O B-PERSON I-PERSON"];
const ORPHANS: [&str; 2] = ["I-PERSON I-PERSON O B-GPE", "B-PERSON O B-PERSON I-ORG"];
const SILENT: [&str; 2] = ["O O O O", "O O O O"];

fn conll(tags: &[&str]) -> String {
    let mut out = String::new();
    for (words, tags) in WORDS.iter().zip(tags) {
        out.push_str("-DOCSTART- O\n\n");
        let lines = words.iter().zip(tags.split(' '));
        out.extend(lines.map(|(word, tag)| format!("{word}\t{tag}\n")));
        out.push('\n');
    }
    out
}

/// A dataset of the two articles with gold.
fn dataset() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("news/goldpress.toml", SCHEMA);
    scratch.write("gold.conll", conll(&GOLD));
    let import =
        ["label", "import", "gold.conll", "--from", "conll", "--layer", "entity"];
    let into = ["--as", "gold", "--ingest", "--dataset", "news", "--reviewed", "entity"];
    scratch.ok(&[&import[..], &into].concat());
    scratch.write("tagger.conll", conll(&GOLD));
    scratch.write("silent.conll", conll(&SILENT));
    scratch.write("orphans.conll", conll(&ORPHANS));
    scratch
}

/// The row of a system in the first table that has one: precision, recall, F1.
#[track_caller]
fn row(ran: &Ran, system: &str) -> String {
    let is_row = |line: &&str| line.split_whitespace().next() == Some(system);
    let line = ran.stdout.lines().find(is_row);
    let line = line.unwrap_or_else(|| panic!("{system}: {}\n{}", ran.stdout, ran.stderr));
    line.split_whitespace().skip(1).take(3).collect::<Vec<_>>().join(" ")
}

fn eval(scratch: &Scratch, args: &[&str]) -> Ran {
    scratch.run(&[&["eval", "news", "--fail-on", "none"], args].concat())
}

#[test]
fn a_system_that_marks_nothing_has_recall_0_in_every_format() {
    let scratch = dataset();
    let texts = std::fs::read_dir(scratch.path("news/labels/texts")).unwrap();
    let texts: Vec<_> = texts.map(|entry| entry.unwrap().path()).collect();
    let mut doccano = String::new();
    for path in &texts {
        let text = std::fs::read_to_string(path).unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        scratch.write(&format!("brat/{stem}.txt"), &text);
        scratch.write(&format!("brat/{stem}.ann"), "");
        let line = serde_json::json!({"id": 1, "text": text, "label": []});
        doccano.push_str(&format!("{line}\n"));
    }
    scratch.write("doccano.jsonl", doccano);
    for (answers, system) in
        [("silent.conll", "silent"), ("brat", "brat"), ("doccano.jsonl", "doccano")]
    {
        let ran = eval(&scratch, &["--predictions", answers]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(row(&ran, system), "– 0.0000 0.0000", "{answers}");
    }
    // A table of a run is a file of answers too, and what it serves stands beside it.
    let runs = std::fs::read_dir(scratch.path("news/runs")).unwrap();
    let runs = runs.map(|entry| entry.unwrap().path().join("predictions.parquet"));
    let table = runs.min().unwrap();
    let ran = eval(&scratch, &["--predictions", table.to_str().unwrap()]);
    assert!(ran.stdout.contains("–  0.0000  0.0000"), "{}\n{}", ran.stdout, ran.stderr);
    let apart = scratch.path("apart.parquet");
    std::fs::copy(&table, &apart).unwrap();
    let ran = eval(&scratch, &["--predictions", "apart.parquet"]);
    assert!(ran.stdout.contains("–  0.0000  0.0000"), "{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn an_export_of_silence_is_an_answer_in_every_format() {
    let scratch = dataset();
    let import = ["label", "import", "silent.conll", "--layer", "entity", "--as", "mute"];
    let done = ["--dataset", "news", "--reviewed", "entity"];
    scratch.ok(&[&import[..], &done].concat());
    let formats =
        "brat cas-json conll doccano gate hf jsonl label-studio prodigy spacy w3c";
    for format in formats.split(' ') {
        let set = ["--set", "mute", "--layer", "entity", "-o", format];
        scratch.ok(&[
            &["label", "export", "--dataset", "news", "--to", format],
            &set[..],
        ]
        .concat());
        let ran = eval(&scratch, &["--predictions", format]);
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.stderr);
        assert_eq!(row(&ran, format), "– 0.0000 0.0000", "{format}");
    }
}

#[test]
fn silence_of_which_nobody_can_say_in_what_is_refused() {
    let scratch = dataset();
    let two = SCHEMA.replace("[[schema.layers]]", "[[schema.layers]]\nname = \"hedge\"\n\
        kind = \"span\"\nlabels = [{ name = \"MAY\", guide = \"x\", example = \"y\", counter = \"z\" }]\n\n\
        [[schema.layers]]");
    scratch.write("news/goldpress.toml", two);
    let import = ["label", "import", "tagger.conll", "--layer", "entity", "--as", "gold"];
    let done = ["--dataset", "news", "--reviewed", "entity,hedge"];
    scratch.ok(&[&import[..], &done].concat());
    let refused = eval(&scratch, &["--predictions", "silent.conll"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("--layer NAME: one of"), "{}", refused.stderr);
    let ran = eval(&scratch, &["--predictions", "silent.conll", "--layer", "entity"]);
    assert_eq!(row(&ran, "silent"), "– 0.0000 0.0000");
}

#[test]
fn documents_that_a_file_does_not_speak_of_are_missing_not_empty() {
    let scratch = dataset();
    scratch.write("half.conll", conll(&GOLD[..1]));
    let ran = eval(&scratch, &["--predictions", "half.conll"]);
    assert_eq!(ran.code, Some(5), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("nothing was scored: doc-missing"), "{}", ran.stderr);
    assert!(ran.stderr.contains("--missing empty"), "{}", ran.stderr);
    let ran = eval(&scratch, &["--predictions", "half.conll", "--missing", "empty"]);
    assert_eq!(row(&ran, "half"), "1.0000 0.5000 0.6667");
}

#[test]
fn orphan_tags_are_refused_repaired_or_read_as_another_program_reads_them() {
    let scratch = dataset();
    let file = ["--predictions", "orphans.conll"];
    let refused = eval(&scratch, &file);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("--tags begin"), "{}", refused.stderr);
    for (more, expected, told) in [
        (["--tags", "begin"], "0.6000 0.7500 0.6667", "--tags begin"),
        (["--tags", "discard"], "0.6667 0.5000 0.5714", "--tags discard"),
        (["--metric", "seqeval-default"], "0.6000 0.7500 0.6667", "as seqeval-default"),
        (["--metric", "conlleval"], "0.6000 0.7500 0.6667", "as conlleval"),
        (
            ["--metric", "seqeval-strict:IOB2"],
            "0.6667 0.5000 0.5714",
            "as seqeval-strict",
        ),
        (["--metric", "nervaluate-1.2.1"], "0.6000 0.7500 0.6667", "as nervaluate"),
    ] {
        let ran = eval(&scratch, &[&file[..], &more].concat());
        assert_eq!(row(&ran, "orphans"), expected, "{more:?}");
        assert!(ran.stdout.contains("tag-orphan in orphans: 2 times"), "{}", ran.stdout);
        assert!(ran.stdout.contains(told), "{}", ran.stdout);
    }
    // Each program reads them in its own way, whatever is said of our own reading.
    let both = ["--metric", "seqeval-default", "--metric", "seqeval-strict:IOB2"];
    let ran = eval(&scratch, &[&file[..], &both, &["--tags", "discard"]].concat());
    assert_eq!(row(&ran, "orphans"), "0.6667 0.5000 0.5714");
    let micro = |mode: &str| {
        let table = ran.stdout.split(&format!("as {mode} scores")).nth(1).unwrap();
        let line = table.lines().find(|line| line.contains("micro")).unwrap();
        line.split_whitespace().skip(3).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(micro("seqeval-default"), "0.6000 0.7500 0.6667");
    assert_eq!(micro("seqeval-strict:IOB2"), "0.6667 0.5000 0.5714");
}

#[test]
fn files_runs_and_systems_stand_beside_each_other() {
    let scratch = dataset();
    scratch.ok(&["extract", "news", "--system", "capitalised-runs"]);
    let files = ["--predictions", "tagger.conll", "--predictions", "mute=silent.conll"];
    let ran = eval(&scratch, &[&files[..], &["--system", "capitalised-runs"]].concat());
    for system in ["tagger", "mute", "capitalised-runs"] {
        row(&ran, system);
    }
    // A run on the disk needs no [[system]], and stands beside a run by name.
    let runs = std::fs::read_dir(scratch.path("news/runs")).unwrap();
    let mut runs = runs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mute = runs.find(|run| run.ends_with("mute")).unwrap();
    let ran = eval(&scratch, &["--run", &mute, "--system", "tagger"]);
    assert_eq!(row(&ran, "tagger"), "1.0000 1.0000 1.0000");
    assert_eq!(row(&ran, "mute"), "– 0.0000 0.0000");
    // One file alone is compared with the systems that serve its layer.
    let ran = eval(&scratch, &["--predictions", "tagger.conll", "--compare"]);
    assert!(ran.stdout.contains("who stands where"), "{}", ran.stdout);
    row(&ran, "capitalised-runs");
    let twins = ["--predictions", "tagger.conll", "--predictions", "tagger=silent.conll"];
    let refused = eval(&scratch, &twins);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("NAME=FILE"), "{}", refused.stderr);
    let unknown = eval(&scratch, &["--system", "tager"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("tagger"), "{}", unknown.stderr);
}

#[test]
fn a_comparison_with_nobody_says_so() {
    let scratch = dataset();
    let ran = eval(&scratch, &["--predictions", "tagger.conll", "--compare"]);
    let told = "--compare has nothing to stand beside `tagger`";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
}

#[test]
fn a_system_of_goldpress_toml_may_be_a_file_of_answers() {
    let scratch = dataset();
    scratch.write("tagger.conll", conll(&GOLD).replace("PERSON", "PER"));
    let system = "[[system]]\nname = \"acme\"\npredictions = \"../tagger.conll\"\n\
                  tasks = [\"entity\"]\nmap = { PER = \"entity/PERSON\" }\n";
    scratch.write("news/goldpress.toml", format!("{SCHEMA}{system}"));
    assert_eq!(row(&eval(&scratch, &[]), "acme"), "1.0000 1.0000 1.0000");
    scratch.write(
        "news/goldpress.toml",
        format!("{SCHEMA}{system}").replace("\"entity\"]", "\"entities\"]"),
    );
    let refused = eval(&scratch, &[]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("there is no `entities`"), "{}", refused.stderr);
}

#[test]
fn gold_that_is_not_done_is_said_first_and_may_leave_the_gates_undecided() {
    let scratch = dataset();
    // The second article is marked, and nobody says that it is done.
    let labels = std::fs::read_dir(scratch.path("news/labels/gold")).unwrap();
    let labels = labels.map(|entry| entry.unwrap().path());
    let mut labels: Vec<_> = labels
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    labels.sort();
    let lines = std::fs::read_to_string(&labels[0]).unwrap();
    let kept = lines.lines().filter(|line| !line.contains("\"review\""));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    scratch.write(labels[0].to_str().unwrap(), kept);
    let args = ["eval", "news", "--predictions", "tagger.conll"];
    let ran = scratch.run(&[&args[..], &["--fail-on", "none"]].concat());
    let told = "entity: 1 of 2 documents is not done, 1 of them marked; 1 is scored";
    assert_eq!(ran.stdout.lines().next(), Some(told), "{}", ran.stderr);
    scratch.run(&args);
    scratch.ok(&["accept", "news", "--because", "first"]);
    scratch.ok(&args);
    let ran = scratch.run(&[&args[..], &["--min-done", "90%"]].concat());
    assert_eq!(ran.code, Some(5), "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("entity is done in 1 of 2 documents"), "{}", ran.stdout);
    let toml = format!("{SCHEMA}[eval]\nmin_done = 0.9\n");
    scratch.write("news/goldpress.toml", toml);
    assert_eq!(scratch.run(&args).code, Some(5));
}

#[test]
fn edited_labels_are_compiled_anew_and_a_copy_is_not_stale() {
    let scratch = dataset();
    let args = ["eval", "news", "--predictions", "tagger.conll", "--fail-on", "none"];
    let first = scratch.ok(&args);
    assert!(first.stderr.contains("it was not compiled yet"), "{}", first.stderr);
    // Times of change alone say nothing.
    let labels = std::fs::read_dir(scratch.path("news/labels/gold")).unwrap();
    let labels = labels.map(|entry| entry.unwrap().path());
    let label = labels.filter(|path| path.is_file()).min().unwrap();
    let lines = std::fs::read_to_string(&label).unwrap();
    scratch.write(label.to_str().unwrap(), &lines);
    assert_eq!(scratch.ok(&args).stderr, "");
    let kept = lines.lines().filter(|line| !line.contains("\"GPE\""));
    let kept: Vec<&str> = kept.filter(|line| !line.contains("Tom")).collect();
    scratch.write(label.to_str().unwrap(), kept.join("\n") + "\n");
    let ran = scratch.ok(&args);
    assert!(ran.stderr.contains("label files changed"), "{}", ran.stderr);
    assert_eq!(row(&ran, "tagger"), "0.7500 1.0000 0.8571");
    scratch.write(
        label.to_str().unwrap(),
        lines.replace("\"ORG\"", "\"X\"").replace("PERSON", "X"),
    );
    let unsound = scratch.run(&args);
    assert_eq!(unsound.code, Some(5), "{}\n{}", unsound.stdout, unsound.stderr);
    assert!(unsound.stderr.contains("goldpress label check"), "{}", unsound.stderr);
}

#[test]
fn accepting_after_an_edit_of_gold_is_refused() {
    let scratch = dataset();
    scratch.run(&["eval", "news", "--predictions", "tagger.conll"]);
    let labels = std::fs::read_dir(scratch.path("news/labels/gold")).unwrap();
    let labels = labels.map(|entry| entry.unwrap().path());
    let label = labels.filter(|path| path.is_file()).min().unwrap();
    let lines = std::fs::read_to_string(&label).unwrap();
    let kept: Vec<&str> = lines.lines().filter(|line| !line.contains("PERSON")).collect();
    scratch.write(label.to_str().unwrap(), kept.join("\n") + "\n");
    let refused = scratch.run(&["accept", "news", "--because", "first"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("label files changed"), "{}", refused.stderr);
}

#[test]
fn wrong_values_are_refused_with_what_is_valid() {
    let scratch = dataset();
    let file = ["--predictions", "tagger.conll"];
    for (flag, value, told) in [
        ("--scope", "mian", "use main or all"),
        ("--fail-on", "slower=5%", "comes with `goldpress bench`"),
        ("--fail-on", ",", "no gate is named"),
        ("--min-done", "150%", "use a number from 0 to 1"),
        ("--by", "colour", "`colour`"),
    ] {
        let ran = scratch.run(&[&["eval", "news", flag, value], &file[..]].concat());
        assert_eq!(ran.code, Some(2), "{flag} {value}: {}\n{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{flag} {value}: {}", ran.stderr);
    }
    for (toml, told) in [
        ("[eval]\nscope = \"mian\"", "use main or all"),
        ("[gate]\nsystems = [\"tager\"]", "`tager` is not among the systems scored"),
        ("[gate]\nlabels = [\"PERSONS\"]", "has no label `PERSONS`"),
        ("[bench]\nrounds = 5", "comes with `goldpress bench`"),
    ] {
        scratch.write("news/goldpress.toml", format!("{SCHEMA}{toml}\n"));
        let ran = scratch.run(&[&["eval", "news"], &file[..]].concat());
        assert_eq!(ran.code, Some(2), "{toml}: {}\n{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{toml}: {}", ran.stderr);
    }
}
