//! Schemas: what the files of this crate hold, for programs that are not goldpress.
//!
//! Columns of tables are read off the tables themselves. The JSON Schemas stand in
//! `schemas/` of this crate, and a test holds their keys to those of the types.

use arrow::datatypes::{DataType, Field, Fields};
use serde_json::{Value, json};

use crate::tables::{
    Annotations, Articles, CountsTable, Dedup, Predictions, Raw, Rejects, Table, Timings,
};

/// File name and text of every schema, by name.
///
/// ```
/// let schemas = goldpress_store::schemas();
/// let (name, text) = &schemas[1];
/// assert_eq!(name, "annotations.arrow.json");
/// assert!(text.contains("\"schema\": \"annotations/1\""));
/// ```
pub fn schemas() -> Vec<(String, String)> {
    let documents = [
        ("annotation", include_str!("../schemas/annotation.schema.json")),
        ("label-header", include_str!("../schemas/label-header.schema.json")),
        ("label-line", include_str!("../schemas/label-line.schema.json")),
        ("manifest", include_str!("../schemas/manifest.schema.json")),
        ("run", include_str!("../schemas/run.schema.json")),
    ];
    let mut schemas = vec![
        columns::<Annotations>(),
        columns::<Articles>(),
        columns::<CountsTable>(),
        columns::<Dedup>(),
        columns::<Predictions>(),
        columns::<Raw>(),
        columns::<Rejects>(),
        columns::<Timings>(),
    ];
    schemas.extend(
        documents.map(|(name, text)| (format!("{name}.schema.json"), text.to_owned())),
    );
    schemas.sort();
    schemas
}

fn columns<T: Table>() -> (String, String) {
    let document =
        json!({ "schema": T::version(), "columns": fields(&T::schema().fields) });
    let text = serde_json::to_string_pretty(&document).expect("a value is JSON");
    (format!("{}.arrow.json", T::NAME), text + "\n")
}

fn fields(fields: &Fields) -> Value {
    fields.iter().map(|field| column(field)).collect()
}

fn column(field: &Field) -> Value {
    json!({
        "name": field.name(),
        "type": kind(field.data_type()),
        "nullable": field.is_nullable(),
    })
}

/// A type as the Arrow documents spell it, in lower case.
fn kind(kind: &DataType) -> Value {
    match kind {
        DataType::List(item) => json!({ "list": self::kind(item.data_type()) }),
        DataType::Struct(inner) => json!({ "struct": fields(inner) }),
        DataType::Timestamp(..) => json!("timestamp[us, tz=UTC]"),
        plain => json!(plain.to_string().to_lowercase()),
    }
}
