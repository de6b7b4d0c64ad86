//! Every export of `cases.json` in a format that is there, and the way back.

use std::collections::BTreeMap;

use goldpress_label::{
    ExportError, ExportOptions, ExportReport, FORMATS, ImportNote, ImportOptions,
    NoteKind, ReadOptions, Severity, Source, Unit, WriteOptions, check, export, format,
    import, news,
};
use goldpress_store::{
    TokenTable,
    labels::{self, LabelFile},
};
use serde_json::{Value, json};

use crate::{seed::seed, vectors, world::World};

#[test]
fn every_case_goes_out_as_expected() {
    let cases: Value = serde_json::from_str(&vectors::read("cases.json")).unwrap();
    let mut n_run = 0;
    for case in cases["cases"].as_array().unwrap() {
        let is_there = format(case["format"].as_str().unwrap()).is_some();
        if is_there && case["export"].is_object() {
            run(case);
            n_run += 1;
        }
    }
    assert_eq!(n_run, 16);
}

#[track_caller]
fn run(case: &Value) {
    let id = case["id"].as_str().unwrap();
    let (options, allow_loss) = options(case);
    let world = labelled();
    let out = world.root().join("out");
    if allow_loss {
        let strict = ExportOptions { allow_loss: false, ..options.clone() };
        let refused = export(&world.dataset, &out, &strict);
        assert!(matches!(refused, Err(ExportError::WouldLose(_))), "{id}");
        assert!(!out.exists(), "{id}");
    }
    let report =
        export(&world.dataset, &out, &options).unwrap_or_else(|e| panic!("{id}: {e}"));
    let mut lost = serde_json::to_value(&report.lost).unwrap();
    let lost_map = lost.as_object_mut().unwrap();
    lost_map.remove("provenance");
    lost_map.remove("review");
    assert_eq!(lost, case["export"]["lost"], "{id}");
    let extension = case["path"].as_str().unwrap().rsplit('.').next().unwrap();
    let is_ours = |file: &&String| {
        file.ends_with(extension) || extension == "jsonl" && file.ends_with("jsonl")
    };
    let file = report.files.iter().find(is_ours).expect(id);
    if id == "spacy-docbin" {
        // Texts, words, spaces, groups and entities, as the reader of the format has them.
        let source = |bytes: std::io::Result<Vec<u8>>| Source {
            name: "article.spacy".to_owned(),
            bytes: bytes.unwrap(),
            text_beside: None,
        };
        let spacy = format("spacy").unwrap();
        let told = |source: Source| {
            format!("{:?}", spacy.read(&source, &ReadOptions::default()).unwrap())
        };
        let path = vectors::path(case["path"].as_str().unwrap());
        let (ours, theirs) = (std::fs::read(out.join(file)), std::fs::read(path));
        assert_eq!(told(source(ours)), told(source(theirs)), "{id}");
        return;
    }
    if case["format"] == "hf" {
        let table =
            |bytes: std::io::Result<Vec<u8>>| TokenTable::read(bytes.unwrap()).unwrap();
        let written = table(std::fs::read(out.join(file)));
        let path = vectors::path(case["path"].as_str().unwrap());
        assert_eq!(written, table(std::fs::read(path)), "{id}");
        assert_eq!(world.get("out/README.md"), vectors::read("hf/README.md"), "{id}");
        return;
    }
    let written = world.get(&format!("out/{file}"));
    let mut expected = vectors::read(case["path"].as_str().unwrap());
    if case["format"] == "conll" {
        // To spaCy and others a comment is a word: we write the line that they know.
        let comment = format!("# doc_id = {}\n", vectors::DOC);
        expected = expected.replacen(&comment, "-DOCSTART- -X- O O\n\n", 1);
    }
    match case["export"]["compare"].as_str().unwrap() {
        "bytes" => assert_eq!(written, expected, "{id}"),
        compare => {
            let shape = |text: &str| shape(case["format"].as_str().unwrap(), text);
            assert_eq!(shape(&written), shape(&expected), "{id} by {compare}");
        }
    }
}

/// What counts of a file whose bytes do not: as `compare` of the cases says.
fn shape(format: &str, text: &str) -> Value {
    match format {
        "doccano" => {
            let mut task: Value = serde_json::from_str(text).unwrap();
            let names: BTreeMap<String, String> = task["entities"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|e| {
                    (e["id"].to_string(), format!("{}{}", e["start_offset"], e["label"]))
                })
                .collect();
            for entity in task["entities"].as_array_mut().into_iter().flatten() {
                entity["id"] = Value::Null;
            }
            for relation in task["relations"].as_array_mut().into_iter().flatten() {
                relation["id"] = Value::Null;
                for end in ["from_id", "to_id"] {
                    relation[end] = names[&relation[end].to_string()].clone().into();
                }
            }
            as_sets(task)
        }
        "prodigy" => {
            let mut task: Value = serde_json::from_str(text).unwrap();
            task.as_object_mut().unwrap().retain(|key, _| !key.starts_with('_'));
            as_sets(task)
        }
        "spacy" | "cas-json" => serde_json::from_str(text).unwrap(),
        "w3c" => {
            let page: Value = serde_json::from_str(text).unwrap();
            sorted(page["items"].clone())
        }
        "gate" => {
            let mut document: Value = serde_json::from_str(text).unwrap();
            for (_, set) in document["annotation_sets"].as_object_mut().unwrap() {
                for annotation in set["annotations"].as_array_mut().unwrap() {
                    annotation["id"] = Value::Null;
                }
            }
            document
        }
        "label-studio" => {
            let tasks: Value = serde_json::from_str(text).unwrap();
            let results = &tasks[0]["annotations"][0]["result"];
            let told = |id: &Value| {
                let region = results.as_array().unwrap().iter().find(|r| r["id"] == *id);
                region.map_or(Value::Null, |r| r["value"].clone())
            };
            let mut named = results.clone();
            for result in named.as_array_mut().unwrap() {
                for key in ["id", "from_id", "to_id"] {
                    result[key] = told(&result[key]);
                }
            }
            serde_json::json!([tasks[0]["data"]["text"], sorted(named)])
        }
        other => panic!("nothing compares {other}"),
    }
}

fn sorted(mut list: Value) -> Value {
    list.as_array_mut().unwrap().sort_by_key(ToString::to_string);
    list
}

/// Lists of links in a fixed order.
fn as_sets(mut value: Value) -> Value {
    for key in ["entities", "relations"] {
        if let Some(items) = value.get_mut(key).and_then(Value::as_array_mut) {
            items.sort_by_key(ToString::to_string);
        }
    }
    value
}

fn options(case: &Value) -> (ExportOptions, bool) {
    let layers = case["export"]["layers"].as_array().unwrap();
    let mut options = ExportOptions {
        set: "ada".to_owned(),
        to: case["format"].as_str().unwrap().to_owned(),
        layers: layers.iter().map(|layer| layer.as_str().unwrap().to_owned()).collect(),
        ..ExportOptions::default()
    };
    let told = case["export"]["options"].as_array().unwrap();
    let mut told = told.iter().filter_map(Value::as_str);
    while let Some(option) = told.next() {
        match option {
            "--allow-loss" => options.allow_loss = true,
            "--spans-only" => options.writing.spans_only = true,
            "--jsonl" => options.writing.jsonl = true,
            "--flat" => options.writing.flat = told.next().map(str::to_owned),
            "--scheme" => options.writing.scheme = told.next().map(str::to_owned),
            other => panic!("no option {other}"),
        }
    }
    let allow_loss = options.allow_loss;
    (options, allow_loss)
}

#[test]
fn an_export_that_loses_content_writes_nothing_unless_told() {
    let world = labelled();
    let out = world.root().join("out");
    let options = ExportOptions {
        set: "ada".to_owned(),
        to: "brat".to_owned(),
        ..ExportOptions::default()
    };
    let Err(ExportError::WouldLose(report)) = export(&world.dataset, &out, &options)
    else {
        panic!("it was written");
    };
    assert_eq!(
        told(&report),
        "field 1, null-field 1, provenance 16, rejected 1, review 6"
    );
    assert!(!out.exists());
}

#[test]
fn what_goes_out_comes_back_less_what_is_lost() {
    for to in ["brat", "jsonl", "w3c"] {
        let world = labelled();
        let layers = ["attribution", "block", "entity", "relation", "timex"];
        round_trip(&world, "ada", to, &layers.map(str::to_owned), 0);
    }
}

#[test]
fn the_seed_comes_back_from_every_format() {
    let Some((text, gold)) = seed() else { return };
    for (to, n_changed) in [("jsonl", 0), ("brat", 3), ("w3c", 3)] {
        let world = World::of(&[("seed.txt", &text)]);
        world.put("in/gold.jsonl", &gold);
        let options =
            ImportOptions { set: "gold".to_owned(), ..ImportOptions::default() };
        import(&world.dataset, &[world.root().join("in/gold.jsonl")], &options).unwrap();
        let layers: Vec<String> = news()
            .layers
            .iter()
            .map(|layer| layer.name.clone())
            .filter(|layer| to == "jsonl" || layer != "metadata")
            .collect();
        round_trip(&world, "gold", to, &layers, n_changed);
    }
}

#[test]
fn whatever_goes_out_comes_back_as_many_and_sound() {
    let Some((text, gold)) = seed() else { return };
    let world = World::of(&[("seed.txt", &text)]);
    world.put("in/gold.jsonl", &gold);
    let options = ImportOptions { set: "gold".to_owned(), ..ImportOptions::default() };
    import(&world.dataset, &[world.root().join("in/gold.jsonl")], &options).unwrap();
    for format in FORMATS {
        let to = format.name();
        let writing =
            WriteOptions { flat: Some("entity".to_owned()), ..WriteOptions::default() };
        if format.capacity(&writing).is_none() {
            continue;
        }
        let out = world.root().join(format!("out-{to}"));
        let options = ExportOptions {
            set: "gold".to_owned(),
            to: to.to_owned(),
            allow_loss: true,
            writing,
            ..ExportOptions::default()
        };
        let report = export(&world.dataset, &out, &options).unwrap();
        let reading = ReadOptions {
            layer: Some("entity".to_owned()),
            config: std::fs::read_to_string(out.join("config.xml")).ok(),
            ..ReadOptions::default()
        };
        let options = ImportOptions {
            set: format!("back-{to}"),
            from: Some(to.to_owned()),
            // The seed has curly quotes beyond ASCII, but nothing beyond the BMP.
            offset_unit: format.unit().is_none().then_some(Unit::Utf16),
            reading,
            ..ImportOptions::default()
        };
        let back = import(&world.dataset, &[out], &options)
            .unwrap_or_else(|error| panic!("{to}: {error}"));
        let rejected: Vec<_> = back.notes_of(NoteKind::Rejected).collect();
        assert_eq!(rejected, Vec::<&ImportNote>::new(), "{to}");
        assert_eq!(back.n_lines(), report.n_annotations, "{to}: {}", told(&report));
    }
    let findings = check(&world.dataset, None).unwrap();
    let errors: Vec<_> =
        findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Fields that are not stated, spans in pieces, quotations without a cue: where whole lines
/// lie beside, all of it comes back with its ids.
#[test]
fn what_has_no_place_of_its_own_is_not_lost_where_whole_lines_are_kept() {
    let Some((text, gold)) = seed() else { return };
    for to in ["label-studio", "prodigy", "w3c", "gate"] {
        let world = World::of(&[("seed.txt", &text)]);
        world.put("in/gold.jsonl", &gold);
        let options =
            ImportOptions { set: "gold".to_owned(), ..ImportOptions::default() };
        import(&world.dataset, &[world.root().join("in/gold.jsonl")], &options).unwrap();
        let out = world.root().join("out");
        let options = ExportOptions {
            set: "gold".to_owned(),
            to: to.to_owned(),
            writing: WriteOptions { lossless: true, ..WriteOptions::default() },
            ..ExportOptions::default()
        };
        let report = export(&world.dataset, &out, &options)
            .unwrap_or_else(|error| panic!("{to}: {error}"));
        let options =
            ImportOptions { set: "back".to_owned(), ..ImportOptions::default() };
        let back = import(&world.dataset, &[out], &options)
            .unwrap_or_else(|error| panic!("{to}: {error}"));
        let rejected: Vec<_> = back.notes_of(NoteKind::Rejected).collect();
        assert_eq!(rejected, Vec::<&ImportNote>::new(), "{to}");
        assert_eq!(back.n_lines(), report.n_annotations, "{to}: {}", told(&report));
        let lines = |set: &str| {
            let file = std::fs::read_dir(world.root().join("labels").join(set)).unwrap();
            let paths = file.map(|entry| entry.unwrap().path());
            let path = paths.into_iter().find(|p| p.extension().is_some()).unwrap();
            let text = std::fs::read_to_string(path).unwrap();
            let lines = text.lines().skip(1).filter(|line| !line.contains("\"review\""));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(lines("back"), lines("gold"), "{to}");
    }
}

/// Exports a set, imports it as another, and compares contents: `n_changed` annotations
/// may differ, since the report names what they lost.
#[track_caller]
fn round_trip(world: &World, set: &str, to: &str, layers: &[String], n_changed: usize) {
    let out = world.root().join("out");
    let options = ExportOptions {
        set: set.to_owned(),
        to: to.to_owned(),
        layers: layers.to_vec(),
        allow_loss: true,
        writing: WriteOptions::default(),
        ..ExportOptions::default()
    };
    let report = export(&world.dataset, &out, &options).unwrap();
    let options = ImportOptions { set: "back".to_owned(), ..ImportOptions::default() };
    let back = import(&world.dataset, &[out], &options).unwrap();
    assert_eq!(back.notes, [], "{to}");
    assert_eq!(back.n_lines(), report.n_annotations, "{to}");
    let before = contents(&read(world, set), layers);
    let after = contents(&read(world, "back"), layers);
    let same = after.iter().filter(|content| before.contains(content)).count();
    assert_eq!(before.len() - same, n_changed, "{to}: {}", told(&report));
}

fn read(world: &World, set: &str) -> LabelFile {
    let folder = world.root().join("labels").join(set);
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    labels::parse(&std::fs::read(file.path()).unwrap()).unwrap()
}

/// What annotations say, targets named by what they cover.
fn contents(file: &LabelFile, layers: &[String]) -> Vec<String> {
    let told = |id: &String| {
        let target = file.lines.iter().find(|line| line.annotation.id == *id);
        target.map_or(id.clone(), |line| {
            format!("{} {:?}", line.annotation.label, line.annotation.fragments)
        })
    };
    let counted = file.lines.iter().filter(|line| line.provenance.status.counts());
    let mut contents: Vec<String> = counted
        .map(|line| &line.annotation)
        .filter(|annotation| layers.contains(&annotation.layer))
        .map(|annotation| {
            let args: Vec<String> = annotation
                .args
                .iter()
                .map(|(role, ids)| {
                    let mut targets: Vec<String> = ids.iter().map(told).collect();
                    targets.sort();
                    format!("{role}={targets:?}")
                })
                .collect();
            format!(
                "{}/{} {:?} {args:?} {:?}",
                annotation.layer,
                annotation.label,
                annotation.fragments,
                annotation.attrs
            )
        })
        .collect();
    contents.sort();
    contents
}

fn told(report: &ExportReport) -> String {
    let told: Vec<String> =
        report.lost.iter().map(|(feature, n)| format!("{feature} {n}")).collect();
    told.join(", ")
}

fn labelled() -> World {
    let world = World::harbour();
    world.put(&format!("labels/ada/{}.jsonl", vectors::DOC), &vectors::read("ada.jsonl"));
    world
}

/// Half a word marked, and a whole one: the half is left out, or widened when told so.
#[test]
fn spans_off_the_edges_of_tokens_are_left_out_or_widened_and_counted() {
    let text = "Port Elmsworth reopens\n\nThe ferry left.";
    let marked = |start: usize, end: usize| {
        json!({
            "layer": "entity", "label": "GPE", "fragments": [[start, end]],
            "text": text[start..end], "attrs": {"mention": "NAM"},
        })
    };
    for (to, widen, n_annotations, told_lost) in [
        ("conll", false, 1, "misaligned 1"),
        ("conll", true, 2, "misaligned 1"),
        ("hf", true, 2, "misaligned 1"),
        ("prodigy", false, 1, "misaligned 1"),
        ("prodigy", true, 2, "misaligned 1"),
        ("spacy", false, 1, "misaligned 1"),
        ("spacy", true, 2, "misaligned 1"),
    ] {
        let world = World::of(&[("a.txt", text)]);
        let lines = [marked(5, 9), marked(28, 33)].map(|line| line.to_string());
        world.put("in/a.jsonl", &lines.join("\n"));
        let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
        let source = world.root().join("in/a.jsonl");
        import(&world.dataset, &[source], &options).unwrap();
        let out = world.root().join("out");
        let options = ExportOptions {
            set: "ada".to_owned(),
            to: to.to_owned(),
            allow_loss: true,
            writing: WriteOptions {
                widen,
                flat: Some("entity".to_owned()),
                ..WriteOptions::default()
            },
            ..ExportOptions::default()
        };
        let report = export(&world.dataset, &out, &options).unwrap();
        assert_eq!(report.n_annotations, n_annotations, "{to} {widen}");
        assert!(told(&report).contains(told_lost), "{to} {widen}: {}", told(&report));
        let reading =
            ReadOptions { layer: Some("entity".to_owned()), ..ReadOptions::default() };
        let options =
            ImportOptions { set: "back".to_owned(), reading, ..ImportOptions::default() };
        import(&world.dataset, &[out], &options).unwrap();
        let back = read(&world, "back");
        let texts: Vec<&str> =
            back.lines.iter().map(|line| line.annotation.text.as_str()).collect();
        let expected: &[&str] = if widen { &["Elmsworth", "ferry"] } else { &["ferry"] };
        let mut texts: Vec<&str> =
            texts.into_iter().filter(|text| !text.is_empty()).collect();
        texts.sort_unstable();
        assert_eq!(texts, expected, "{to} {widen}");
    }
}

/// What a format has room for comes back with its id, its provenance and all it says.
#[test]
fn whole_lines_come_back_as_they_were() {
    for to in ["label-studio", "prodigy", "w3c", "cas-json", "gate"] {
        let world = labelled();
        let out = world.root().join("out");
        let report = export(&world.dataset, &out, &lossless(to)).unwrap();
        for feature in ["attribute", "argument", "note", "score", "provenance"] {
            assert!(!report.lost.contains_key(feature), "{to}: {}", told(&report));
        }
        let back = back_from(&world, out, to);
        let original = vectors::read("ada.jsonl");
        let mut n = 0;
        for line in back.lines.iter().filter(|line| line.annotation.layer != "review") {
            let spelt = labels::render_line(line);
            assert!(original.lines().any(|old| old == spelt), "{to}: {spelt}");
            n += 1;
        }
        assert_eq!(n, report.n_annotations, "{to}");
        assert!(n >= 12, "{to}");
    }
}

/// A label that was changed in the tool wins, and the line says what it was.
#[test]
fn a_whole_line_that_the_tool_contradicts_is_edited() {
    let world = labelled();
    let out = world.root().join("out");
    export(&world.dataset, &out, &lossless("label-studio")).unwrap();
    let tasks = world.get("out/tasks.json");
    let changed = tasks.replacen("\"labels\":[\"ORG\"]", "\"labels\":[\"GPE\"]", 1);
    assert_ne!(tasks, changed);
    world.put("out/tasks.json", &changed);
    let back = back_from(&world, out, "label-studio");
    let line = back.lines.iter().find(|line| line.annotation.id == "375cd07f4c99");
    let line = line.expect("it keeps its id");
    assert_eq!(line.annotation.label, "GPE");
    assert_eq!(line.provenance.status, goldpress_model::Status::Edited);
    assert_eq!(line.provenance.was.as_deref(), Some("{\"label\":\"ORG\"}"));
}

#[test]
fn a_format_without_room_for_whole_lines_says_so() {
    let world = labelled();
    let refused = export(&world.dataset, &world.root().join("out"), &lossless("brat"));
    let error = refused.expect_err("brat has no such key").to_string();
    assert_eq!(error, "`brat` has no room for whole lines");
}

fn lossless(to: &str) -> ExportOptions {
    ExportOptions {
        set: "ada".to_owned(),
        to: to.to_owned(),
        allow_loss: true,
        writing: WriteOptions { lossless: true, ..WriteOptions::default() },
        ..ExportOptions::default()
    }
}

fn back_from(world: &World, out: std::path::PathBuf, from: &str) -> LabelFile {
    let options = ImportOptions {
        set: "back".to_owned(),
        from: Some(from.to_owned()),
        doc: Some(vectors::DOC.to_owned()),
        ..ImportOptions::default()
    };
    let files: Vec<std::path::PathBuf> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|end| end != "xml"))
        .collect();
    let report = import(&world.dataset, &files, &options).unwrap();
    let rejected: Vec<_> = report.notes_of(NoteKind::Rejected).collect();
    assert_eq!(rejected, Vec::<&ImportNote>::new(), "{from}");
    read(world, "back")
}
