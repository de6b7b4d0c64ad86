//! `annotations`: label files compiled into one table, all sets and statuses.
//!
//! Made for queries: what an edit changed (`was`), what was carried, the run of a model
//! and the file of an import stand in the label files alone.

use goldpress_model::{Digest, ProposedBy, Provenance};

use super::{FIXED, Table, says};
use crate::{
    columns::{Columns, Encoded, Layout},
    labels::LabelLine,
    rows::{Reason, Row},
};

/// A row of `annotations`: a line of a label file and where it stood.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledAnnotation {
    /// The article.
    pub doc_id: Digest,
    /// The layer set.
    pub set: String,
    /// The line; read back, it lacks what only label files hold.
    pub line: LabelLine,
    /// `name@version` of the schema it was checked against.
    pub schema: String,
}

/// The table of annotations.
pub(crate) struct Annotations;

impl Table for Annotations {
    type Row = CompiledAnnotation;
    const NAME: &'static str = "annotations";
    const VERSION: u32 = 1;

    fn columns(rows: &[CompiledAnnotation]) -> Encoded {
        let place = Columns::of(rows)
            .string("doc_id", Layout::Key, |row| row.doc_id.to_string())
            .string("set", Layout::Name, |row| row.set.as_str())
            .string("id", Layout::Text, |row| row.line.annotation.id.as_str());
        says::columns(place, |row| &row.line.annotation)
            .string("status", Layout::Name, |row| row.line.provenance.status.name())
            .string("origin", Layout::Name, |row| origin(row).0)
            .string_opt("origin_name", Layout::Name, |row| origin(row).1)
            .string_opt("origin_version", Layout::Name, |row| origin(row).2)
            .strings("from", Layout::Text, |row| {
                row.line.provenance.from.iter().map(String::as_str).collect()
            })
            .string_opt("guideline", Layout::Name, |row| {
                row.line.provenance.guideline.as_deref()
            })
            .string("schema", Layout::Name, |row| row.schema.as_str())
            .number_opt("spent_s", |row| {
                row.line.provenance.spent_ds.map(|tenths| f64::from(tenths) / 10.0)
            })
            .number_opt("score", |row| row.line.annotation.score)
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<CompiledAnnotation, Reason> {
        Ok(CompiledAnnotation {
            doc_id: row.parsed("doc_id")?,
            set: row.owned("set")?,
            line: LabelLine {
                annotation: says::read(row)?,
                provenance: Provenance {
                    status: row.parsed("status")?,
                    origin: read_origin(row)?,
                    from: row.strings("from")?,
                    was: None,
                    carried: None,
                    guideline: row.owned_opt("guideline")?,
                    spent_ds: row
                        .number_opt::<f64>("spent_s")?
                        .map(|seconds| (seconds * 10.0).round() as u32),
                },
            },
            schema: row.owned("schema")?,
        })
    }

    fn weight(row: &CompiledAnnotation) -> usize {
        FIXED + says::weight(&row.line.annotation)
    }
}

/// Kind, name and version of who proposed a line.
fn origin(row: &CompiledAnnotation) -> (&str, Option<&str>, Option<&str>) {
    match &row.line.provenance.origin {
        ProposedBy::Human => ("human", None, None),
        ProposedBy::Model { name, version, .. } => ("model", Some(name), Some(version)),
        ProposedBy::Imported { format, .. } => ("imported", Some(format), None),
    }
}

fn read_origin(row: &Row<'_>) -> Result<ProposedBy, Reason> {
    let name = row.owned_opt("origin_name")?.unwrap_or_default();
    match row.string("origin")? {
        "human" => Ok(ProposedBy::Human),
        "model" => Ok(ProposedBy::Model {
            name,
            version: row.owned_opt("origin_version")?.unwrap_or_default(),
            run: String::new(),
        }),
        "imported" => Ok(ProposedBy::Imported {
            format: name,
            file: String::new(),
            reference: None,
        }),
        other => Err(format!("`{other}` is not an origin")),
    }
}
