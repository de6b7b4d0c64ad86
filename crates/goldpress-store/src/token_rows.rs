//! Token rows: the table that Hugging Face trains token classification from.
//!
//! A row a sentence: words, the number of each word's tag, and where words begin. The
//! names of the tags stand in the key `huggingface` of the file's metadata.

use std::{collections::HashMap, io, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, AsArray, Int64Builder, ListBuilder, RecordBatch, StringArray,
        StringBuilder,
    },
    datatypes::{Field, Int32Type, Int64Type, Schema},
};
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    file::{metadata::KeyValue, properties::WriterProperties},
};
use serde_json::Value;

use crate::foreign::{footer, guarded, pages};

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenRow {
    /// The document and where the sentence begins in it, as `doc_id:start`.
    pub id: String,
    /// Its words.
    pub tokens: Vec<String>,
    /// By word, the place of its tag among the names.
    pub tags: Vec<i64>,
    /// Where each word begins, in code points; empty where the file does not say.
    pub starts: Vec<i64>,
}

/// Sentences, and the names that their tags count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenTable {
    /// Names of the tags; their order is their meaning.
    pub names: Vec<String>,
    /// Sentences in the order of the file.
    pub rows: Vec<TokenRow>,
}

/// Why bytes are no such table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TokenTableError(String);

/// The key in the metadata that tells what columns mean.
const KEY: &str = "huggingface";

/// Bytes that a page of such a file may become.
const MAX_PAGE: u64 = 256 << 20;

impl TokenTable {
    /// The table as a Parquet file.
    ///
    /// # Errors
    ///
    /// The Parquet library refuses; it has no reason to.
    pub fn write(&self) -> Result<Vec<u8>, TokenTableError> {
        let batch = self.batch()?;
        let features = KeyValue::new(KEY.to_owned(), features(&self.names));
        let properties = WriterProperties::builder()
            .set_created_by("goldpress".to_owned())
            .set_key_value_metadata(Some(vec![features]))
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
                .map_err(refused)?;
        writer.write(&batch).map_err(refused)?;
        writer.close().map_err(refused)?;
        Ok(bytes)
    }

    fn batch(&self) -> Result<RecordBatch, TokenTableError> {
        let mut tokens = ListBuilder::new(StringBuilder::new());
        let mut tags = ListBuilder::new(Int64Builder::new());
        let mut starts = ListBuilder::new(Int64Builder::new());
        for row in &self.rows {
            row.tokens.iter().for_each(|token| tokens.values().append_value(token));
            tokens.append(true);
            tags.values().append_slice(&row.tags);
            tags.append(true);
            starts.values().append_slice(&row.starts);
            starts.append(true);
        }
        let ids: StringArray =
            self.rows.iter().map(|row| Some(row.id.as_str())).collect();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("id", Arc::new(ids)),
            ("tokens", Arc::new(tokens.finish())),
            ("ner_tags", Arc::new(tags.finish())),
            ("starts", Arc::new(starts.finish())),
        ];
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| Field::new(*name, column.data_type().clone(), true))
            .collect();
        let arrays = columns.into_iter().map(|(_, column)| column).collect();
        // pyarrow looks at the schema's metadata alone, others at that of the file.
        let told = HashMap::from([(KEY.to_owned(), features(&self.names))]);
        let schema = Schema::new_with_metadata(fields, told);
        RecordBatch::try_new(Arc::new(schema), arrays).map_err(refused)
    }

    /// Reads such a file; the column `starts` may be missing.
    ///
    /// # Errors
    ///
    /// The bytes are no Parquet, a column is missing or of another type, or the metadata
    /// does not name the tags.
    pub fn read(bytes: Vec<u8>) -> Result<TokenTable, TokenTableError> {
        footer::check(&mut io::Cursor::new(&bytes)).map_err(TokenTableError)?;
        // The decoder may panic on what is broken.
        let decoded = guarded(|| Ok(TokenTable::decode(bytes)));
        decoded.map_err(TokenTableError)?
    }

    fn decode(bytes: Vec<u8>) -> Result<TokenTable, TokenTableError> {
        let bytes = bytes::Bytes::from(bytes);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(bytes.clone()).map_err(refused)?;
        pages::check_chunks(builder.metadata(), bytes.len() as u64).map_err(refused)?;
        for group in builder.metadata().row_groups() {
            pages::check(&mut io::Cursor::new(&bytes), group, MAX_PAGE)
                .map_err(refused)?;
        }
        let metadata = builder.metadata().file_metadata().key_value_metadata().cloned();
        let told = metadata.into_iter().flatten().find(|pair| pair.key == KEY);
        let names = told.and_then(|pair| names(&pair.value?)).ok_or_else(|| {
            TokenTableError(format!("the key `{KEY}` does not name the tags"))
        })?;
        let mut rows = Vec::new();
        for batch in builder.build().map_err(refused)? {
            read_batch(&batch.map_err(refused)?, &mut rows)?;
        }
        Ok(TokenTable { names, rows })
    }
}

fn read_batch(
    batch: &RecordBatch,
    rows: &mut Vec<TokenRow>,
) -> Result<(), TokenTableError> {
    let column = |name: &str| {
        batch
            .column_by_name(name)
            .ok_or_else(|| TokenTableError(format!("there is no column `{name}`")))
    };
    let lists = |name: &str| {
        column(name)?
            .as_list_opt::<i32>()
            .cloned()
            .ok_or_else(|| TokenTableError(format!("column `{name}` holds no lists")))
    };
    let ids =
        batch.column_by_name("id").and_then(|ids| ids.as_string_opt::<i32>().cloned());
    let (tokens, tags) = (lists("tokens")?, lists("ner_tags")?);
    let starts = lists("starts").ok();
    for at in 0..batch.num_rows() {
        let words = tokens.value(at);
        let words = words.as_string_opt::<i32>().ok_or_else(|| {
            TokenTableError("column `tokens` holds no strings".to_owned())
        })?;
        let row = TokenRow {
            id: ids
                .as_ref()
                .map_or_else(|| at.to_string(), |ids| ids.value(at).to_owned()),
            tokens: words.iter().flatten().map(str::to_owned).collect(),
            tags: whole_numbers(&tags.value(at), "ner_tags")?,
            starts: match &starts {
                Some(starts) => whole_numbers(&starts.value(at), "starts")?,
                None => Vec::new(),
            },
        };
        if row.tags.len() != row.tokens.len() {
            let (n, of) = (row.tags.len(), row.tokens.len());
            return Err(TokenTableError(format!(
                "row {}: {n} tags of {of} words",
                rows.len() + 1
            )));
        }
        rows.push(row);
    }
    Ok(())
}

fn whole_numbers(array: &ArrayRef, name: &str) -> Result<Vec<i64>, TokenTableError> {
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        return Ok(numbers.values().to_vec());
    }
    let narrow = array.as_primitive_opt::<Int32Type>();
    let wide =
        narrow.map(|numbers| numbers.values().iter().map(|n| i64::from(*n)).collect());
    wide.ok_or_else(|| TokenTableError(format!("column `{name}` holds no whole numbers")))
}

/// What the library of Hugging Face reads of a file, in its own order of keys.
fn features(names: &[String]) -> String {
    let names = serde_json::to_string(names).unwrap_or_default();
    let plain = |kind: &str| format!(r#"{{"dtype": "{kind}", "_type": "Value"}}"#);
    let list = |of: &str| format!(r#"{{"feature": {of}, "_type": "Sequence"}}"#);
    let label = format!(r#"{{"names": {names}, "_type": "ClassLabel"}}"#);
    format!(
        r#"{{"info": {{"features": {{"id": {}, "tokens": {}, "ner_tags": {}, "starts": {}}}}}}}"#,
        plain("string"),
        list(&plain("string")),
        list(&label),
        list(&plain("int64"))
    )
}

fn names(features: &str) -> Option<Vec<String>> {
    let value: Value = serde_json::from_str(features).ok()?;
    let tags = &value["info"]["features"]["ner_tags"];
    let names = tags["feature"]["names"].as_array()?;
    names.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}

fn refused(error: impl std::fmt::Display) -> TokenTableError {
    TokenTableError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_back() {
        let names = ["O", "B-ORG", "I-ORG"].map(str::to_owned).to_vec();
        let row = TokenRow {
            id: "29530c9c:0".to_owned(),
            tokens: ["🚀", "Kag̃uary", "Freight"].map(str::to_owned).to_vec(),
            tags: vec![0, 1, 2],
            starts: vec![0, 2, 11],
        };
        let table = TokenTable { names, rows: vec![row, TokenRow::default()] };
        assert_eq!(TokenTable::read(table.write().unwrap()), Ok(table));
        assert!(TokenTable::read(b"PAR1".to_vec()).is_err());
    }
}
