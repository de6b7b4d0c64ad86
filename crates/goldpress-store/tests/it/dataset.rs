//! Datasets: rows come back as they were, and a folder holds a whole dataset or none.

use std::{collections::BTreeMap, fs, path::Path};

use goldpress_model::{Article, Outcome, RejectReason};
use goldpress_store::{
    Dataset, IngestWriter, Manifest, RawRow, StoreError,
    samples::{self, info, kept, options, refused},
};

#[test]
fn rows_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let rows = records();
    let manifest = write(folder.path(), rows.clone());
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(*dataset.manifest(), manifest);
    assert_eq!((manifest.n_articles, manifest.n_rejects), (4, 1));
    assert_eq!(manifest.n_duplicates, 1);
    assert_eq!(manifest.rejects, BTreeMap::from([(RejectReason::NoText, 1)]));

    let articles: Vec<Article> = dataset.articles().map(Result::unwrap).collect();
    let raw: Vec<RawRow> = dataset.raw().map(Result::unwrap).collect();
    let rejects: Vec<_> = dataset.rejects().map(Result::unwrap).collect();
    let (mut written, mut bytes, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (outcome, row) in rows {
        bytes.extend(row);
        match outcome {
            Outcome::Article(article) => written.push(*article),
            Outcome::Reject(reject) => refused.push(reject),
        }
    }
    let keeper = written[0].doc_id();
    written[2].set_dup_of(keeper);
    assert_eq!(articles, written);
    assert_eq!(raw, bytes);
    assert_eq!(rejects, refused);
}

#[test]
fn the_first_of_equal_bodies_is_the_keeper() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), records());
    let dataset = Dataset::open(folder.path()).unwrap();
    let records: Vec<u64> =
        dataset.keepers().map(|row| row.unwrap().parts().origin.record).collect();
    assert_eq!(records, [1, 2, 5]);
}

#[test]
fn the_same_rows_are_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(write(one.path(), records()), write(other.path(), records()));
    assert_eq!(files(one.path()), files(other.path()));
}

#[test]
fn a_finished_dataset_is_replaced_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), records());
    fs::create_dir(folder.path().join("labels")).unwrap();
    let refused =
        |inputs: &str| match IngestWriter::create(folder.path(), options(inputs))
            .map(drop)
            .unwrap_err()
        {
            StoreError::AlreadyThere { same_inputs, .. } => same_inputs,
            error => panic!("{error}"),
        };
    assert!(refused("samples"));
    assert!(!refused("other"));

    let replace = goldpress_store::IngestOptions { replace: true, ..options("other") };
    let mut writer = IngestWriter::create(folder.path(), replace).unwrap();
    let (outcome, raw) = kept(9, &["New", "All is new."]);
    writer.push(outcome, raw).unwrap();
    writer.finish(info(1)).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(dataset.articles().count(), 1);
    assert!(folder.path().join("labels").is_dir());
    assert!(!folder.path().join(".ingest").exists());
}

#[test]
fn a_dropped_writer_leaves_the_folder_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = IngestWriter::create(folder.path(), options("one")).unwrap();
    let (outcome, raw) = kept(1, &["Title", "Text."]);
    writer.push(outcome, raw).unwrap();
    drop(writer);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(matches!(Dataset::open(folder.path()), Err(StoreError::NoDataset { .. })));
}

#[test]
fn two_writers_of_one_dataset_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let first = IngestWriter::create(folder.path(), options("one")).unwrap();
    let second = IngestWriter::create(folder.path(), options("one")).map(drop);
    assert!(matches!(second, Err(StoreError::Locked { .. })), "{second:?}");
    drop(first);
    write(folder.path(), records());
}

#[test]
fn files_of_somebody_else_are_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("raw")).unwrap();
    let page = folder.path().join("raw/page.html");
    goldpress_store::atomic::write(&page, b"<p>").unwrap();
    let error =
        IngestWriter::create(folder.path(), options("one")).map(drop).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { path } if path == page));
    assert!(page.exists());
}

#[test]
fn a_manifest_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), records());
    let path = folder.path().join("manifest.json");
    let sound = fs::read_to_string(&path).unwrap();
    let refused = |old: &str, new: &str| {
        let text = sound.replace(old, new);
        goldpress_store::atomic::write(&path, text.as_bytes()).unwrap();
        Dataset::open(folder.path()).unwrap_err().to_string()
    };
    let message = refused("\"goldpress_manifest\": 1", "\"goldpress_manifest\": 2");
    assert!(message.contains("is of schema `goldpress_manifest 2`"), "{message}");
    let message = refused("\"raw/1\"", "\"raw/2\"");
    assert!(message.contains("is of schema `raw/2`"), "{message}");
    let message = refused("\"n_articles\"", "\"n_artikles\"");
    assert!(message.ends_with("is no sound document"), "{message}");
}

#[test]
fn a_lost_record_stops_the_ingest() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = IngestWriter::create(folder.path(), options("one")).unwrap();
    let (outcome, raw) = kept(1, &["Title", "Text."]);
    writer.push(outcome, raw).unwrap();
    let error = writer.finish(info(2)).unwrap_err();
    assert_eq!(error.to_string(), "2 records became 1 articles and 0 rejects");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Three texts, one of them twice, one body under two titles that are no main text.
fn records() -> Vec<(Outcome, Option<RawRow>)> {
    vec![
        kept(1, &["Zürich", "The SNB held rates.", "🚀 Kag̃uary Freight will lease."]),
        kept(2, &["Port Elmsworth", "“It keeps 140 jobs,” she said."]),
        kept(3, &["Zürich", "The SNB held rates.", "🚀 Kag̃uary Freight will lease."]),
        refused(4),
        kept(5, &["A third"]),
    ]
}

#[track_caller]
fn write(root: &Path, rows: Vec<(Outcome, Option<RawRow>)>) -> Manifest {
    samples::write(root, rows).unwrap().manifest().clone()
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let below = self::files(&path).into_iter();
            files.extend(below.map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}
