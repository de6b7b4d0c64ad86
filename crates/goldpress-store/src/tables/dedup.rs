//! `dedup`: one row a document, in the order of the first row of each in `articles`.

use goldpress_model::Digest;

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
};

/// Which cluster of near-duplicates a document is in.
#[derive(Debug, Clone, PartialEq)]
pub struct DedupRow {
    /// The document: a key.
    pub doc_id: Digest,
    /// The keeper of its cluster; its own where it is alone.
    pub cluster_id: Digest,
    /// Whether this row is kept where copies are left out.
    pub keeper: bool,
    /// Jaccard similarity to the keeper, in `0.0..=1.0`; 1 of the keeper itself.
    pub similarity: f32,
}

/// The table of clusters.
pub(crate) struct Dedup;

impl Table for Dedup {
    type Row = DedupRow;
    const NAME: &'static str = "dedup";
    const VERSION: u32 = 1;

    fn columns(rows: &[DedupRow]) -> Encoded {
        Columns::of(rows)
            .string("doc_id", Layout::Key, |row| row.doc_id.to_string())
            .string("cluster_id", Layout::Plain, |row| row.cluster_id.to_string())
            .flag("keeper", |row| row.keeper)
            .number("similarity", |row| row.similarity)
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<DedupRow, Reason> {
        Ok(DedupRow {
            doc_id: row.parsed("doc_id")?,
            cluster_id: row.parsed("cluster_id")?,
            keeper: row.flag("keeper")?,
            similarity: row.number("similarity")?,
        })
    }

    fn weight(_: &DedupRow) -> usize {
        FIXED
    }
}
