//! Foreign tables: rows of Parquet and Arrow files that somebody else made, as objects.
//!
//! Strict reading is for our own tables. Here any layout of strings will do, a group of
//! rows that cannot be read is told and passed over, and no length that a file states is
//! believed before it was checked.

mod arrow;
mod deltas;
pub(crate) mod footer;
pub(crate) mod pages;
mod parquet;
mod thrift;

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use ::arrow::{
    array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Field, Schema},
    json::LineDelimitedWriter,
};
use serde_json::Value;

pub use self::{arrow::ArrowRows, parquet::ParquetRows};

/// A row, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignRow {
    /// Number of the row in its file, from 1.
    pub number: u64,
    /// Where the group of rows begins that holds it, in bytes of the file.
    pub byte_offset: u64,
    /// Its columns that are not null, by name; a date is a string of ISO 8601.
    pub value: Value,
}

/// Rows that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ForeignError {
    /// Number of the first row that is lost, from 1.
    pub number: u64,
    /// Where its group of rows begins, in bytes of the file.
    pub byte_offset: u64,
    /// How many rows are lost, where the file says so.
    pub n_rows: Option<u64>,
    /// What was wrong, for people.
    pub detail: String,
    /// Whether a length was over the limit.
    pub is_too_large: bool,
}

/// Makes text of bytes in a column that ought to be text.
pub type TextOf = fn(&[u8]) -> String;

/// The rows of a batch as objects.
fn objects(batch: &RecordBatch, text_of: TextOf) -> Result<Vec<Value>, String> {
    let batch = readable(batch, text_of)?;
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(&batch).map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    let lines = writer.into_inner();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).map_err(|error| error.to_string()))
        .collect()
}

/// The batch with bytes as text: crawlers keep pages in columns of bytes.
fn readable(batch: &RecordBatch, text_of: TextOf) -> Result<RecordBatch, String> {
    let is_binary = |kind: &DataType| {
        use DataType::{Binary, BinaryView, LargeBinary};
        matches!(kind, Binary | BinaryView | LargeBinary)
    };
    let schema = batch.schema();
    if !schema.fields().iter().any(|field| is_binary(field.data_type())) {
        return Ok(batch.clone());
    }
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        if !is_binary(field.data_type()) {
            fields.push(Field::clone(field));
            columns.push(column.clone());
            continue;
        }
        let bytes = cast(column, &DataType::Binary).map_err(|error| error.to_string())?;
        let bytes = bytes.as_any().downcast_ref::<BinaryArray>().ok_or("no bytes")?;
        let texts: StringArray = bytes.iter().map(|bytes| bytes.map(text_of)).collect();
        fields.push(Field::new(field.name(), DataType::Utf8, true));
        columns.push(std::sync::Arc::new(texts));
    }
    RecordBatch::try_new(std::sync::Arc::new(Schema::new(fields)), columns)
        .map_err(|error| error.to_string())
}

/// Calls a decoder; where it panics on the bytes of others, that is an error of theirs.
pub(crate) fn guarded<T>(
    decode: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let outer = IS_GUARDED.replace(true);
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    IS_GUARDED.set(outer);
    decoded.unwrap_or_else(|_| Err("the decoder gave up on it".to_owned()))
}

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panic hook of this process from panics of decoders of foreign tables: they are
/// caught, and told as errors of the file.
pub fn hush_guarded_panics() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !IS_GUARDED.get() {
            tell(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::{io::Seek, sync::Arc};

    use ::arrow::{
        array::{Int32Array, LargeStringArray, StringViewArray},
        ipc::{
            CompressionType,
            writer::{FileWriter, IpcWriteOptions},
        },
    };
    use ::parquet::{
        arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
        file::{metadata::KeyValue, properties::WriterProperties},
    };

    use super::*;

    #[test]
    fn strings_of_any_layout_are_the_same_text() {
        let texts = ["🚢 Kag̃uary", "zwei"];
        let narrow: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
        let wide: ArrayRef = Arc::new(LargeStringArray::from_iter_values(texts));
        let view: ArrayRef = Arc::new(StringViewArray::from_iter_values(texts));
        let kind =
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let coded = cast(&narrow, &kind).expect("strings can be coded");
        for column in [narrow, wide, view, coded] {
            let batch = RecordBatch::try_from_iter([("text", column)]).expect("is one");
            assert_eq!(parquet_rows(&batch), texts, "{:?}", batch.schema());
            assert_eq!(arrow_rows(&arrow_file(&batch), 1 << 20), texts);
        }
    }

    #[test]
    fn a_packed_buffer_that_says_it_is_huge_is_refused_unopened() {
        let text: ArrayRef = Arc::new(StringArray::from_iter_values(["a".repeat(9000)]));
        let batch = RecordBatch::try_from_iter([("text", text)]).expect("is one");
        let mut file = arrow_file(&batch);
        let size = 9000_i64.to_le_bytes();
        let at = file.windows(8).rposition(|bytes| bytes == size).expect("is packed");
        file[at..at + 8].copy_from_slice(&(i64::MAX / 2).to_le_bytes());
        let mut rows = ArrowRows::new(Box::new(&file[..]), 1 << 20, text_of);
        let error = rows.next().expect("there is one").expect_err("it is refused");
        assert!(error.detail.contains("bytes, packed"), "{error}");
        assert_eq!((error.n_rows, rows.count()), (Some(1), 0));
    }

    #[test]
    fn a_directory_that_names_the_same_rows_twice_is_not_gone_by() {
        let text: ArrayRef = Arc::new(StringArray::from_iter_values(["eins"]));
        let batch = RecordBatch::try_from_iter([("text", text)]).expect("is one");
        let mut bytes = Vec::new();
        let mut writer =
            FileWriter::try_new(&mut bytes, &batch.schema()).expect("memory takes it");
        writer.write(&batch).expect("memory takes it");
        writer.write(&batch).expect("memory takes it");
        writer.finish().expect("memory takes it");
        drop(writer);
        let tail = bytes.len() - 10;
        let length: [u8; 4] = bytes[tail..tail + 4].try_into().expect("are four");
        let directory = tail - u32::from_le_bytes(length) as usize;
        let footer = ::arrow::ipc::root_as_footer(&bytes[directory..tail]);
        let places = footer.expect("is sound").recordBatches().expect("are there");
        let (first, second) = (places.get(0).offset(), places.get(1).offset());
        let rows = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().expect("a file can be made");
            std::io::Write::write_all(&mut file, bytes).expect("has room");
            let rows = ArrowRows::open(file, 1 << 20, text_of).expect("can be read");
            rows.map(|row| row.map(|row| row.byte_offset).map_err(|why| why.detail))
                .collect::<Vec<_>>()
        };
        let places = [first, second].map(|at| Ok(at.cast_unsigned()));
        assert_eq!(rows(&bytes), places);
        let second = second.to_le_bytes();
        let at = bytes.windows(8).rposition(|found| found == second).expect("is there");
        bytes[at..at + 8].copy_from_slice(&first.to_le_bytes());
        let rows = rows(&bytes);
        assert_eq!(rows[..2], places);
        let why = rows[2].as_ref().expect_err("it is told");
        assert!(why.contains("cannot stand where it says"), "{why}");
    }

    /// Integers of 33 bits: `arrow` panics on them.
    #[test]
    fn a_schema_on_which_the_decoder_panics_is_an_error_of_the_file() {
        let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values([1, 2]));
        let batch = RecordBatch::try_from_iter([("text", numbers)]).expect("is one");
        let file = arrow_file(&batch);
        let is_width = |at: &usize| file[*at..*at + 4] == 32_i32.to_le_bytes();
        // One of these numbers is the width, the others are offsets.
        let errors = (0..file.len() - 4).filter(is_width).flat_map(|at| {
            let mut broken = file.clone();
            broken[at] = 33;
            let rows = ArrowRows::new(Box::new(&broken[..]), 1 << 20, text_of);
            rows.filter_map(Result::err).map(|error| error.detail).collect::<Vec<_>>()
        });
        let errors: Vec<String> = errors.collect();
        assert!(errors.iter().any(|error| error.contains("gave up")), "{errors:?}");
        assert!(!IS_GUARDED.get());
    }

    #[test]
    fn parquet_is_read_without_a_broken_note_of_its_arrow_types() {
        let text: ArrayRef = Arc::new(StringArray::from_iter_values(["eins"]));
        let batch = RecordBatch::try_from_iter([("text", text)]).expect("is one");
        let note = KeyValue::new("ARROW:schema".to_owned(), "no schema".to_owned());
        let properties =
            WriterProperties::builder().set_key_value_metadata(Some(vec![note])).build();
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true);
        let mut file = tempfile::tempfile().expect("a file can be made");
        let mut writer =
            ArrowWriter::try_new_with_options(&mut file, batch.schema(), options)
                .expect("is sound");
        writer.write(&batch).expect("has room");
        writer.close().expect("has room");
        file.rewind().expect("is a file");
        let rows = ParquetRows::open(file, 1 << 20, text_of).expect("is Parquet");
        assert_eq!(texts(rows), ["eins"]);
    }

    fn arrow_file(batch: &RecordBatch) -> Vec<u8> {
        let options = IpcWriteOptions::default()
            .try_with_compression(Some(CompressionType::LZ4_FRAME))
            .expect("is compiled in");
        let mut bytes = Vec::new();
        let mut writer =
            FileWriter::try_new_with_options(&mut bytes, &batch.schema(), options)
                .expect("memory takes it");
        writer.write(batch).expect("memory takes it");
        writer.finish().expect("memory takes it");
        drop(writer);
        bytes
    }

    fn arrow_rows(file: &[u8], limit: u64) -> Vec<String> {
        texts(ArrowRows::new(Box::new(file), limit, text_of))
    }

    fn parquet_rows(batch: &RecordBatch) -> Vec<String> {
        let mut file = tempfile::tempfile().expect("a file can be made");
        let mut writer =
            ArrowWriter::try_new(&mut file, batch.schema(), None).expect("is sound");
        writer.write(batch).expect("has room");
        writer.close().expect("has room");
        file.rewind().expect("is a file");
        texts(ParquetRows::open(file, 1 << 20, text_of).expect("is Parquet"))
    }

    fn texts(
        rows: impl Iterator<Item = Result<ForeignRow, ForeignError>>,
    ) -> Vec<String> {
        let text = |row: Result<ForeignRow, ForeignError>| {
            row.expect("is sound").value["text"].as_str().map(str::to_owned)
        };
        rows.filter_map(text).collect()
    }

    fn text_of(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }
}
