//! Parquet files: how they are laid out, and what a broken or foreign one does.

use std::{fs, path::Path, sync::Arc};

use arrow::array::{Array, RecordBatch, StringArray};
use goldpress_store::{
    Dataset, StoreError, atomic,
    samples::{self, kept},
};
use insta::assert_snapshot;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    file::{
        metadata::{ColumnChunkMetaData, KeyValue, ParquetMetaData},
        properties::WriterProperties,
        reader::FileReader,
        serialized_reader::SerializedFileReader,
    },
};

#[test]
fn columns_are_laid_out_by_what_readers_do_with_them() {
    let folder = tempfile::tempdir().unwrap();
    dataset(folder.path());
    let metadata = metadata(&part(folder.path()));
    let columns = metadata.row_group(0).columns();
    let named = |name: &str| {
        let column = columns.iter().find(|column| column.column_path().string() == name);
        describe(column.unwrap_or_else(|| panic!("no column {name}")))
    };
    assert_eq!(named("doc_id"), "ZSTD, bloom filter, statistics");
    assert_eq!(named("url"), "ZSTD, bloom filter, statistics");
    assert_eq!(named("text"), "ZSTD");
    assert_eq!(named("body"), "ZSTD");
    assert_eq!(named("language"), "ZSTD, dictionary, statistics");
    assert_eq!(named("publisher"), "ZSTD, dictionary, statistics");
    assert_eq!(named("blocks.list.element.role"), "ZSTD, dictionary, statistics");
    assert_eq!(named("date_published"), "ZSTD, statistics");
    assert!(columns.iter().all(|column| column.offset_index_offset().is_some()));
}

#[test]
fn a_file_says_what_it_is_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    dataset(folder.path());
    let metadata = metadata(&part(folder.path()));
    let file = metadata.file_metadata();
    let pairs: Vec<String> = file
        .key_value_metadata()
        .unwrap()
        .iter()
        .map(|pair| format!("{} = {}", pair.key, pair.value.as_deref().unwrap_or("")))
        .collect();
    assert_snapshot!(pairs.join("\n"), @r"
    goldpress.schema = articles/1
    goldpress.normaliser = norm-text/1
    ");
    assert_eq!(file.created_by(), Some("goldpress"));
}

#[test]
fn another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    let part = part(folder.path());
    rewrite(&part, "articles/2", |batch| batch);
    let error = dataset.articles().next().unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Version { .. }));
    let message = error.to_string().replace(&part.display().to_string(), "PART");
    assert_eq!(
        message,
        "`PART` is of schema `articles/2`; this build reads `articles/1`"
    );
}

#[test]
fn other_columns_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    let part = part(folder.path());
    rewrite(&part, "articles/1", |batch| {
        let columns: Vec<usize> = (1..batch.num_columns()).collect();
        batch.project(&columns).unwrap()
    });
    let error = dataset.articles().next().unwrap().unwrap_err().to_string();
    assert!(
        error.ends_with("column 1 is `raw_id` of type Utf8, not `doc_id` of type Utf8")
    );
}

#[test]
fn a_row_that_makes_no_article_is_named_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    rewrite(&part(folder.path()), "articles/1", |batch| {
        let at = batch.schema().index_of("text").unwrap();
        let texts: Vec<String> = strings(&batch, at)
            .map(|text| text.replace("held rates", "cut rates"))
            .collect();
        let mut columns = batch.columns().to_vec();
        columns[at] = Arc::new(StringArray::from(texts));
        RecordBatch::try_new(batch.schema(), columns).unwrap()
    });
    let rows: Vec<_> = dataset.articles().collect();
    assert_eq!(rows.len(), 2);
    let error = rows[0].as_ref().unwrap_err().to_string();
    let reason = "row 1: blocks: range 8..27 is out of range: the text has 26";
    assert!(error.ends_with(reason), "{error}");
    assert!(rows[1].is_ok());
}

/// The reader meets every cut and many flipped bytes: errors, never a panic.
#[test]
fn broken_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = dataset(folder.path());
    let part = part(folder.path());
    let sound = fs::read(&part).unwrap();
    let read_all = || dataset.articles().filter_map(Result::err).count();
    for cut in (0..sound.len()).step_by(sound.len() / 60) {
        atomic::write(&part, &sound[..cut]).unwrap();
        assert_eq!(read_all(), 1, "cut at {cut}");
    }
    for at in (0..sound.len()).step_by(101) {
        let mut broken = sound.clone();
        broken[at] ^= 0x55;
        atomic::write(&part, &broken).unwrap();
        read_all();
    }
}

fn dataset(root: &Path) -> Dataset {
    let records = vec![
        kept(1, &["Zürich", "The SNB held rates."]),
        kept(2, &["Port Elmsworth", "“It keeps 140 jobs,” she said."]),
    ];
    samples::write(root, records).unwrap()
}

fn part(root: &Path) -> std::path::PathBuf {
    root.join("articles/part-00000.parquet")
}

fn metadata(path: &Path) -> ParquetMetaData {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    reader.metadata().clone()
}

fn describe(column: &ColumnChunkMetaData) -> String {
    let mut words = vec![column.compression().to_string()];
    words[0].truncate(4);
    words.extend(column.dictionary_page_offset().map(|_| "dictionary".to_owned()));
    words.extend(column.bloom_filter_offset().map(|_| "bloom filter".to_owned()));
    words.extend(column.statistics().map(|_| "statistics".to_owned()));
    words.join(", ")
}

fn strings(batch: &RecordBatch, at: usize) -> impl Iterator<Item = &str> {
    let column = batch.column(at).as_any().downcast_ref::<StringArray>().unwrap();
    (0..column.len()).map(|n| column.value(n))
}

/// Writes a file anew, of another version or with other columns.
fn rewrite(path: &Path, version: &str, change: impl Fn(RecordBatch) -> RecordBatch) {
    let file = fs::File::open(path).unwrap();
    let mut reader =
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batch = change(reader.next().unwrap().unwrap());
    let version = KeyValue::new("goldpress.schema".to_owned(), version.to_owned());
    let properties =
        WriterProperties::builder().set_key_value_metadata(Some(vec![version])).build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    atomic::write(path, &bytes).unwrap();
}
