//! Public corpora of other tools, where they lie beside the repository.

use std::{collections::BTreeMap, path::PathBuf};

use goldpress_label::{
    ExportOptions, ImportOptions, ImportReport, Severity, check, export, import,
};

use crate::{
    seed::{shared, skipped},
    world::World,
};

#[test]
fn gum_comes_in_from_webanno_tables() {
    let folder = shared("gum-news/tsv");
    let Some(files) = files(&folder, "tsv") else { return skipped("gum-news") };
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|(name, content)| {
            let lines = content.lines().filter_map(|line| line.strip_prefix("#Text="));
            (name.clone(), lines.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    let labels = [
        ("person", "PERSON"),
        ("organization", "ORG"),
        ("place", "GPE"),
        ("object", "PRODUCT"),
        ("event", "EVENT"),
        ("quantity", "QUANTITY"),
    ];
    let map = labels.map(|(from, to)| (from.to_owned(), format!("entity/{to}")));
    let ignore = ["time", "abstract", "animal", "plant", "substance"].map(str::to_owned);
    let options = ImportOptions {
        map: BTreeMap::from(map),
        ignore: ignore.to_vec(),
        ..ImportOptions::default()
    };
    let report = bring(&texts, &folder, &options);
    assert_eq!(report.n_articles, files.len());
}

#[test]
fn wnut_comes_in_from_columns() {
    let path = shared("wnut17/emerging.dev.conll");
    let Ok(content) = std::fs::read_to_string(&path) else { return skipped("wnut17") };
    let sentences: Vec<String> = content
        .replace("\r\n", "\n")
        .split("\n\n")
        .map(|sentence| {
            let words = sentence.lines().filter_map(|line| line.split('\t').next());
            words.collect::<Vec<_>>().join(" ")
        })
        .filter(|sentence| !sentence.trim().is_empty())
        .collect();
    let texts = vec![("wnut.txt".to_owned(), sentences.join("\n"))];
    let labels = [
        ("person", "PERSON"),
        ("corporation", "ORG"),
        ("group", "NORP"),
        ("location", "LOC"),
        ("product", "PRODUCT"),
        ("creative-work", "WORK_OF_ART"),
    ];
    let map = labels.map(|(from, to)| (from.to_owned(), format!("entity/{to}")));
    let options = ImportOptions { map: BTreeMap::from(map), ..ImportOptions::default() };
    bring(&texts, &path, &options);
}

/// Imports, and holds that everything that came in is sound.
#[track_caller]
fn bring(
    texts: &[(String, String)],
    path: &PathBuf,
    options: &ImportOptions,
) -> ImportReport {
    let pairs: Vec<(&str, &str)> =
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let world = World::of(&pairs);
    let options = ImportOptions { set: "ada".to_owned(), ..options.clone() };
    let report = import(&world.dataset, std::slice::from_ref(path), &options)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let codes: BTreeMap<(&str, &str), usize> =
        report.notes.iter().fold(BTreeMap::new(), |mut codes, note| {
            *codes.entry((note.kind.name(), note.code)).or_default() += 1;
            codes
        });
    told(&report, &codes);
    let findings = check(&world.dataset, None).unwrap();
    let errors: Vec<_> =
        findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(report.n_lines() > 0);
    assert_comes_back(&world, &pairs);
    report
}

/// What is exported and imported into a dataset without labels is the same to the byte,
/// but for the format that the lines name as their origin.
#[track_caller]
fn assert_comes_back(world: &World, texts: &[(&str, &str)]) {
    let out = world.root().join("out");
    let options = ExportOptions {
        set: "ada".to_owned(),
        to: "jsonl".to_owned(),
        ..ExportOptions::default()
    };
    export(&world.dataset, &out, &options).unwrap();
    let again = World::of(texts);
    let options = ImportOptions { set: "ada".to_owned(), ..ImportOptions::default() };
    let report = import(&again.dataset, &[out], &options).unwrap();
    assert_eq!(report.notes, []);
    let files = label_files(world);
    assert!(!files.is_empty());
    assert_eq!(label_files(&again), files);
}

/// Label files of `ada` by name, each line without its origin.
fn label_files(world: &World) -> BTreeMap<String, String> {
    let folder = world.root().join("labels/ada");
    let files = files(&folder, "jsonl").expect("label files");
    let cut = |line: &str| {
        let (head, rest) = line.split_once("\"origin\"").unwrap_or((line, ""));
        let tail = rest.split_once("\"status\"").map_or("", |(_, tail)| tail);
        format!("{head}{tail}\n")
    };
    files
        .into_iter()
        .map(|(name, text)| (name, text.lines().map(cut).collect()))
        .collect()
}

#[expect(clippy::print_stderr, reason = "a corpus is measured, not only tested")]
fn told(report: &ImportReport, codes: &BTreeMap<(&str, &str), usize>) {
    eprintln!(
        "{}: {} documents, {} annotations, lost {:?}, {codes:?}",
        report.format,
        report.n_articles,
        report.n_lines(),
        report.lost
    );
}

fn files(folder: &PathBuf, extension: &str) -> Option<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    Some(files)
}
