//! What `verify` finds.

use std::{fs, path::Path};

use goldpress_model::{CharRange, LooseAnnotation, ProposedBy, Provenance, Status};
use goldpress_store::{
    AnnotationsAbout, CompiledAnnotation, Dataset, IngestWriter, StoreError, atomic,
    labels::LabelLine,
    samples::{self, kept, refused},
    verify, write_annotations,
};

#[test]
fn a_sound_dataset_has_no_faults() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(faults(&dataset(folder.path())), [""; 0]);
}

#[test]
fn a_changed_part_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    let part = folder.path().join("rejects/part-00000.parquet");
    let mut bytes = fs::read(&part).unwrap();
    bytes[10] ^= 1;
    atomic::write(&part, &bytes).unwrap();
    let faults = faults(&dataset);
    assert!(
        faults[0].starts_with("rejects/part-00000.parquet: hashes to "),
        "{faults:?}"
    );
    bytes.pop();
    atomic::write(&part, &bytes).unwrap();
    let n = bytes.len();
    let message =
        format!("rejects/part-00000.parquet: has {n} bytes, and should have {}", n + 1);
    assert_eq!(self::faults(&dataset)[0], message);
}

#[test]
fn a_part_too_many_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    atomic::write(&folder.path().join("raw/part-00001.parquet"), b"").unwrap();
    assert_eq!(faults(&dataset), ["raw/part-00001.parquet: is not in the manifest"]);
}

#[test]
fn bytes_of_another_article_are_found() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let dataset = dataset(one.path());
    samples::write(other.path(), vec![kept(2, &["b"]), kept(1, &["a"])]).unwrap();
    let part = "raw/part-00000.parquet";
    fs::copy(other.path().join(part), one.path().join(part)).unwrap();
    let faults = faults(&dataset);
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert!(faults[1].starts_with("raw: row 1: is 200c"), "{faults:?}");
    assert_eq!(faults[3], "raw: 2 rows for 3 articles");
}

#[test]
fn numbers_that_do_not_add_up_are_found() {
    let folder = tempfile::tempdir().unwrap();
    dataset(folder.path());
    let path = folder.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("\"n_records\": 4", "\"n_records\": 5");
    atomic::write(&path, text.as_bytes()).unwrap();
    let dataset = Dataset::open(folder.path()).unwrap();
    assert_eq!(faults(&dataset), ["manifest.json: n_records: says 5, the tables have 4"]);
}

#[test]
fn annotations_come_back_and_are_held_to_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    let doc_id = dataset.articles().next().unwrap().unwrap().doc_id();
    let row = |set: &str, id: &str, text: &str| CompiledAnnotation {
        doc_id,
        set: set.into(),
        line: LabelLine {
            annotation: LooseAnnotation {
                id: id.into(),
                layer: "entity".into(),
                label: "ORG".into(),
                fragments: vec![CharRange { start: 12, end: 15 }],
                text: text.into(),
                ..LooseAnnotation::default()
            },
            provenance: Provenance {
                status: Status::Accepted,
                origin: ProposedBy::Imported {
                    format: "brat".into(),
                    file: String::new(),
                    reference: None,
                },
                from: vec!["ada/x".into()],
                was: None,
                carried: None,
                guideline: Some("news@1".into()),
                spent_ds: Some(13),
            },
        },
        schema: "news@1".into(),
    };
    let write = |rows: &[CompiledAnnotation]| {
        let rows = rows.iter().cloned().map(Ok::<_, StoreError>);
        write_annotations(folder.path(), rows, &AnnotationsAbout::default()).unwrap();
    };
    let rows = [row("ada", "z", "SNB"), row("gold", "b", "SNB"), row("gold", "a", "SNB")];
    write(&rows);
    let read: Result<Vec<_>, _> = dataset.annotations().collect();
    assert_eq!(read.unwrap(), rows);
    assert_eq!(faults(&dataset), [""; 0]);

    write(&[row("gold", "b", "ECB")]);
    let message = "text is `ECB`, but the article has `SNB` there";
    let fault = format!("annotations.parquet: {doc_id}, `b`: {message}");
    assert_eq!(faults(&dataset), [fault]);
}

/// What a killed ingest can leave: tables beside the old ones, or in place without a
/// manifest. Either way there is no dataset, and the next ingest makes the same bytes.
#[test]
fn what_a_killed_ingest_left_is_cleared() {
    let (killed, undisturbed) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    dataset(killed.path());
    fs::remove_file(killed.path().join("manifest.json")).unwrap();
    fs::rename(killed.path().join("raw"), killed.path().join("raw.moved")).unwrap();
    fs::create_dir(killed.path().join(".ingest")).unwrap();
    fs::rename(killed.path().join("raw.moved"), killed.path().join(".ingest/raw"))
        .unwrap();
    assert!(Dataset::open(killed.path()).is_err());

    let again = dataset(killed.path());
    assert_eq!(again.manifest(), dataset(undisturbed.path()).manifest());
    assert_eq!(faults(&again), [""; 0]);
    assert!(!killed.path().join(".ingest").exists());
    drop(IngestWriter::create(killed.path(), samples::options("samples")));
}

fn dataset(root: &Path) -> Dataset {
    let records = vec![
        kept(1, &["Zürich", "The SNB held rates."]),
        kept(2, &["Port Elmsworth", "“It keeps 140 jobs,” she said."]),
        refused(3),
        kept(4, &["Zürich", "The SNB held rates."]),
    ];
    samples::write(root, records).unwrap()
}

/// Faults with paths below the dataset.
fn faults(dataset: &Dataset) -> Vec<String> {
    let root = format!("{}/", dataset.root().display());
    let faults = verify(dataset).into_iter();
    faults.map(|fault| fault.to_string().replace(&root, "")).collect()
}
