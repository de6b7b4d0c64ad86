//! Every import of `cases.json` in a format that is there, and what the cases leave out.

use std::collections::BTreeMap;

use goldpress_label::{
    ExitClass, ImportOptions, ImportReport, NoteKind, Unit, check, format, import, news,
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    seed::{seed, shared, skipped},
    vectors,
    world::World,
};

#[test]
fn every_case_comes_in_as_expected() {
    let cases: Value = serde_json::from_str(&vectors::read("cases.json")).unwrap();
    let mut n_run = 0;
    for case in cases["cases"].as_array().unwrap() {
        if format(case["format"].as_str().unwrap()).is_some() {
            run(case);
            n_run += 1;
        }
    }
    assert_eq!(n_run, 32);
}

#[track_caller]
fn run(case: &Value) {
    let id = case["id"].as_str().unwrap();
    let told = &case["import"];
    let world = World::harbour();
    let options = options(case);
    let path = vectors::path(case["path"].as_str().unwrap());
    let outcome = import(&world.dataset, &[path], &options);
    if let Some(code) = told["refused"].as_str() {
        let error = outcome.expect_err(id);
        assert_eq!(error.code(), Some(code), "{id}: {error}");
        let exit = match error.exit_class() {
            ExitClass::Refused => 1,
            ExitClass::Usage => 2,
            ExitClass::Faults => 6,
        };
        assert_eq!(told["exit"].as_u64(), Some(exit), "{id}");
        assert!(!world.root().join("labels").exists(), "{id}");
        return;
    }
    let report = outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
    if let Some(expected) = told["expect"].as_str() {
        let written = world.get(&format!("labels/ada/{}.jsonl", vectors::DOC));
        assert_eq!(written, vectors::read(expected), "{id}: {:#?}", report.notes);
    } else {
        assert!(!world.root().join("labels").exists(), "{id}");
    }
    let skipped = serde_json::to_value(&report.skipped).unwrap();
    assert_eq!(skipped, told.get("skipped").cloned().unwrap_or(json!({})), "{id}");
    let expected = told["findings"].as_array().cloned().unwrap_or_default();
    let found: Vec<String> = report
        .notes
        .iter()
        .map(|n| format!("{} {} {}", n.line, n.kind.name(), n.code))
        .collect();
    let expected: Vec<String> = expected
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding["line"].as_u64().unwrap_or(0),
                finding["outcome"].as_str().unwrap(),
                finding["code"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(found, expected, "{id}: {:#?}", report.notes);
}

fn options(case: &Value) -> ImportOptions {
    let mut options = ImportOptions {
        set: "ada".to_owned(),
        from: case["format"].as_str().map(str::to_owned),
        ..ImportOptions::default()
    };
    let told: Vec<&str> = case["import"]["options"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for pair in told.chunks(2) {
        let value = pair[1].to_owned();
        match pair[0] {
            "--config" => options.reading.config = Some(vectors::read(&value)),
            "--layer" => options.reading.layer = Some(value),
            "--scheme" => options.reading.scheme = Some(value),
            "--doc" => options.doc = Some(value),
            "--ignore" => options.ignore.push(value),
            "--offset-unit" => options.offset_unit = Unit::from_name(&value),
            other => panic!("no option {other}"),
        }
    }
    options
}

#[test]
fn the_cure_for_a_shift_is_named_and_works() {
    let world = World::harbour();
    let options =
        ImportOptions { set: "ada".to_owned(), shift: 1, ..ImportOptions::default() };
    let path = vectors::path("brat-shifted/article.ann");
    let error = import(
        &world.dataset,
        std::slice::from_ref(&path),
        &ImportOptions { shift: 0, ..options.clone() },
    );
    assert_snapshot!(error.expect_err("shifted"), @"shifted: every offset is 1 too low: `--shift 1` puts them right");
    import(&world.dataset, &[path], &options).unwrap();
    let written = world.get(&format!("labels/ada/{}.jsonl", vectors::DOC));
    assert_eq!(written, vectors::read("brat/expected.jsonl"));
}

#[test]
fn importing_twice_changes_nothing() {
    for (path, n_held) in [("brat/article.ann", 14), ("jsonl/article.jsonl", 18)] {
        let world = World::harbour();
        let first = bring(&world, path, &ImportOptions::default());
        let written = world.get(&format!("labels/ada/{}.jsonl", vectors::DOC));
        assert_eq!(first.n_lines(), n_held, "{path}");
        let again = bring(&world, path, &ImportOptions::default());
        assert_eq!(
            (again.n_lines(), again.n_held),
            (0, n_held),
            "{path}: {:#?}",
            again.notes
        );
        assert_eq!(world.get(&format!("labels/ada/{}.jsonl", vectors::DOC)), written);
    }
}

#[test]
fn the_format_and_the_article_are_found_by_content() {
    for path in ["brat", "jsonl/article.jsonl", "jsonl/exported.jsonl"] {
        let report = bring(&World::harbour(), path, &ImportOptions::default());
        assert!(report.n_lines() >= 14, "{path}: {report:#?}");
    }
}

#[test]
fn a_first_write_prepares_the_folder_and_keeps_the_text() {
    let world = World::harbour();
    bring(&world, "brat", &ImportOptions::default());
    assert_eq!(world.get("labels/.gitattributes"), "*.jsonl text eol=lf\n");
    assert_eq!(world.get("labels/.gitignore"), ".journal/\n.lock\n.goldpress-*\n");
    let text = world.get(&format!("labels/texts/{}.txt", vectors::DOC));
    assert_eq!(text, vectors::read("article.txt"));
}

#[test]
fn a_dry_run_writes_nothing_and_shows_three_lines() {
    let world = World::harbour();
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let report = bring(&world, "brat", &options);
    assert_eq!((report.n_lines(), report.samples.len()), (14, 3));
    assert!(!world.root().join("labels").exists());
}

#[test]
fn reviewed_layers_are_done_unless_they_are_incomplete() {
    let world = World::harbour();
    let reviewed = ["entity", "block"].map(str::to_owned).to_vec();
    let report =
        bring(&world, "brat", &ImportOptions { reviewed, ..ImportOptions::default() });
    assert_eq!(report.done, BTreeMap::from([("entity".to_owned(), 1)]));
    let notes: Vec<&str> = report.notes_of(NoteKind::NotDone).map(|n| n.code).collect();
    assert_eq!(notes, ["block-cover"]);
    assert_eq!(findings(&world), "");
}

#[test]
fn repair_moves_edges_to_whole_characters_and_words() {
    let world = World::harbour();
    let options = ImportOptions {
        repair: true,
        ignore: vec!["VESSEL".to_owned()],
        ..ImportOptions::default()
    };
    let report = bring(&world, "brat-bad/article.ann", &options);
    let edges: Vec<usize> =
        report.notes.iter().filter(|n| n.code == "edges").map(|n| n.line).collect();
    assert_eq!(edges, [4, 13]);
    assert_eq!(findings(&world), "");
}

#[test]
fn a_label_is_mapped_by_name() {
    let world = World::harbour();
    let map = BTreeMap::from([("VESSEL".to_owned(), "entity/FAC".to_owned())]);
    let report = bring(
        &world,
        "brat-bad/article.ann",
        &ImportOptions { map, ..ImportOptions::default() },
    );
    assert_eq!(report.mapping["VESSEL"], "entity/FAC");
}

#[test]
fn an_unknown_label_is_refused_with_lines_to_copy() {
    let world = World::harbour();
    let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let error = import(&world.dataset, &[vectors::path("brat-bad")], &options);
    assert_snapshot!(error.expect_err("VESSEL is unknown"), @r"
    label-unknown: the schema `harbour@1` has no label for
      `VESSEL`: --map VESSEL=LAYER/LABEL or --ignore VESSEL
    ");
}

#[test]
fn a_file_of_no_article_is_refused() {
    let world = World::of(&[("other.txt", "Another text.")]);
    world.put("goldpress.toml", &vectors::read("goldpress.toml"));
    let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let error = import(&world.dataset, &[vectors::path("brat")], &options);
    assert_eq!(error.expect_err("no article").code(), Some("no-article"));
}

#[test]
fn names_that_no_set_may_have_are_refused() {
    let world = World::harbour();
    for set in ["", "Ada", "texts", "con", "a/b", ".."] {
        let options = ImportOptions { set: set.to_owned(), ..ImportOptions::default() };
        let error = import(&world.dataset, &[vectors::path("brat")], &options);
        assert_eq!(error.expect_err(set).exit_class(), ExitClass::Usage, "{set}");
    }
}

#[test]
fn the_seed_is_gold_in_all_its_layers() {
    let Some((text, gold)) = seed() else { return };
    let world = World::of(&[("000_30a5803eb0d39c5c.txt", &text)]);
    world.put("in/gold.jsonl", &gold);
    let layers = news().layers.iter().map(|layer| layer.name.clone());
    let options = ImportOptions {
        set: "gold".to_owned(),
        reviewed: layers.collect(),
        ..ImportOptions::default()
    };
    let path = world.root().join("in/gold.jsonl");
    let report = import(&world.dataset, &[path], &options).unwrap();
    assert_eq!((report.n_lines(), report.done.len()), (184, 9), "{:#?}", report.notes);
    assert_eq!(report.notes, []);
    let codes: Vec<&str> =
        check(&world.dataset, None).unwrap().iter().map(|f| f.code).collect();
    assert_eq!(codes, ["event-presupposed", "chain-types", "event-presupposed"]);
}

#[test]
fn a_benchmark_page_becomes_fields_of_the_article_of_the_same_name() {
    let world = World::of(&[
        ("html/0001.html.gz", "A title\nBody."),
        ("html/0002.html.gz", "Other"),
    ]);
    world.put("gt/0001.json", r#"{"url": "https://a.example", "ground_truth": {"title": "A title", "author": null, "publish_date": "2025-09-04", "main_content": "Body.\u2028More.", "with": ["Body"], "without": ["Menu"]}}"#);
    let options = ImportOptions {
        set: "gold".to_owned(),
        reviewed: vec!["metadata".to_owned()],
        ..ImportOptions::default()
    };
    let report = import(&world.dataset, &[world.root().join("gt")], &options).unwrap();
    assert_eq!((report.format, report.n_lines(), report.done.len()), ("wcxb", 4, 1));
    assert_eq!(findings(&world), "");
    let doc = goldpress_model::Digest::of("A title\nBody.".as_bytes());
    let lines = world.get(&format!("labels/gold/{doc}.jsonl"));
    let body = lines.lines().find(|line| line.contains("articleBody")).unwrap();
    assert_snapshot!(body, @r#"{"attrs":{"source":"document","value":"Body.\nMore.","with":["Body"],"without":["Menu"]},"id":"4f552de9f1e4","label":"articleBody","layer":"metadata","origin":{"imported":{"format":"wcxb"}},"status":"accepted"}"#);
    let author = lines.lines().find(|line| line.contains("author")).unwrap();
    assert!(author.contains(r#""attrs":{"value":null}"#), "{author}");
}

#[test]
fn every_page_of_the_benchmark_comes_in_and_checks_clean() {
    let folder = shared("wcxb-dev/ground-truth");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skipped("the benchmark");
        return;
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.replace(".json", ""))
        .collect();
    names.sort();
    let articles: Vec<(String, String)> = names
        .iter()
        .map(|name| (format!("html/{name}.html.gz"), format!("Page {name}.")))
        .collect();
    let pairs: Vec<(&str, &str)> =
        articles.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let world = World::of(&pairs);
    let options = ImportOptions {
        set: "gold".to_owned(),
        reviewed: vec!["metadata".to_owned()],
        ..ImportOptions::default()
    };
    let report = import(&world.dataset, &[folder], &options).unwrap();
    assert_eq!(report.notes, []);
    assert_eq!(report.n_articles, names.len());
    assert_eq!(report.n_lines(), 4 * names.len() as u64);
    assert_eq!(report.done["metadata"], names.len() as u64);
    assert_eq!(findings(&world), "");
}

#[track_caller]
fn bring(world: &World, path: &str, options: &ImportOptions) -> ImportReport {
    let options = ImportOptions { set: "ada".to_owned(), ..options.clone() };
    import(&world.dataset, &[vectors::path(path)], &options)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn findings(world: &World) -> String {
    let findings = check(&world.dataset, None).unwrap();
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

#[test]
fn what_a_system_claims_goes_to_a_set_of_its_own() {
    let world = World::harbour();
    let text = vectors::read("article.txt");
    let region = |id: &str, score: Value| {
        json!({
            "id": id, "from_name": "entity", "to_name": "text", "type": "labels",
            "score": score,
            "value": {"start": 2, "end": 18, "text": "Kag\u{303}uary Freight", "labels": ["ORG"]},
        })
    };
    let tasks = json!([{
        "id": 1, "data": {"text": text},
        "annotations": [{"id": 7, "was_cancelled": false, "result": [region("a", Value::Null)]}],
        "predictions": [
            {"model_version": "Acme NER/2", "score": 0.5, "result": [region("p", json!(0.75))]},
            {"model_version": "acme-3", "score": 0.5, "result": [region("q", Value::Null)]},
            {"model_version": "idle", "score": 0.1, "result": []},
        ],
    }]);
    world.put("in/tasks.json", &tasks.to_string());
    let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let report =
        import(&world.dataset, &[world.root().join("in/tasks.json")], &options).unwrap();
    assert_eq!((report.n_lines(), report.n_articles), (1, 1), "{report:#?}");
    let suggested: Vec<String> =
        report.suggested.iter().map(|(set, n)| format!("{set} {n}")).collect();
    assert_eq!(suggested, ["@acme-3 1", "@acme-ner-2 1"]);
    for (set, status, score) in [
        ("ada", "accepted", Value::Null),
        ("@acme-ner-2", "suggested", json!(0.75)),
        ("@acme-3", "suggested", json!(0.5)),
    ] {
        let file = world.get(&format!("labels/{set}/{}.jsonl", vectors::DOC));
        let line: Value = serde_json::from_str(file.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&line["status"], &line["score"]), (&json!(status), &score), "{set}");
        assert_eq!(file.contains("\"done\""), set == "ada", "{set}: nobody reviewed it");
    }
    assert!(!world.root().join("labels/@idle").exists());
    assert_eq!(check(&world.dataset, None).unwrap(), Vec::new());
}

/// The work of two people is not that of one: it goes into two sets, each by name.
#[test]
fn tasks_of_several_people_come_in_one_person_at_a_time() {
    let world = World::harbour();
    let text = vectors::read("article.txt");
    let by = |who: u64, label: &str| {
        let value = json!({"start": 34, "end": 39, "text": "North", "labels": [label]});
        json!({
            "id": who, "completed_by": who, "was_cancelled": false,
            "result": [{"id": "a", "from_name": "entity", "type": "labels", "value": value}],
        })
    };
    let tasks = json!([
        {"id": 1, "data": {"text": text}, "annotations": [by(3, "GPE"), by(4, "ORG")]},
    ]);
    world.put("in/tasks.json", &tasks.to_string());
    let path = [world.root().join("in/tasks.json")];
    let mut options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let refused = import(&world.dataset, &path, &options).expect_err("nobody was named");
    assert_eq!(refused.code(), Some("several-annotators"));
    assert_eq!(refused.exit_class(), ExitClass::Usage);
    for (who, set, label) in [("3", "ada", "GPE"), ("4", "bo", "ORG")] {
        options.set = set.to_owned();
        options.reading.annotator = Some(who.to_owned());
        import(&world.dataset, &path, &options).unwrap();
        let file = world.get(&format!("labels/{set}/{}.jsonl", vectors::DOC));
        assert!(file.contains(&format!("\"label\":\"{label}\"")), "{file}");
    }
}
