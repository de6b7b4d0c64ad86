//! `counts`: one row a system, document, layer, metric and label.

use goldpress_model::{CountRow, Counts};

use super::{FIXED, Table};
use crate::{
    columns::{Columns, Encoded, Layout},
    rows::{Reason, Row},
};

/// The table of counts.
pub(crate) struct CountsTable;

impl Table for CountsTable {
    type Row = CountRow;
    const NAME: &'static str = "counts";
    const VERSION: u32 = 1;

    fn columns(rows: &[CountRow]) -> Encoded {
        Columns::of(rows)
            .string("system", Layout::Name, |row| row.system.as_str())
            .string("doc_id", Layout::Key, |row| row.doc_id.to_string())
            .string("layer", Layout::Name, |row| row.layer.as_str())
            .string("metric", Layout::Name, |row| row.metric.as_str())
            .string("label", Layout::Name, |row| row.label.as_str())
            .number("tp", |row| row.counts.found)
            .number("fp", |row| row.counts.spurious)
            .number("fn", |row| row.counts.missed)
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<CountRow, Reason> {
        Ok(CountRow {
            system: row.owned("system")?,
            doc_id: row.parsed("doc_id")?,
            layer: row.owned("layer")?,
            metric: row.owned("metric")?,
            label: row.owned("label")?,
            counts: Counts {
                found: row.number("tp")?,
                spurious: row.number("fp")?,
                missed: row.number("fn")?,
            },
        })
    }

    fn weight(_: &CountRow) -> usize {
        FIXED
    }
}
