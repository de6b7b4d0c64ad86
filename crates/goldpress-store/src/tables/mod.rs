//! The tables: their columns, and what a row is.
//!
//! One file a table. A member lists its columns once for writing, which also is its
//! schema, and reads a row back into a noun that is checked.

mod annotations;
mod articles;
mod counts;
mod dedup;
mod predictions;
mod raw;
mod rejects;
mod says;
mod timings;

use arrow::datatypes::Schema;

pub(crate) use self::{
    annotations::Annotations,
    articles::Articles,
    counts::CountsTable,
    dedup::Dedup,
    predictions::{Predictions, answer},
    raw::Raw,
    rejects::Rejects,
    timings::Timings,
};
pub use self::{annotations::CompiledAnnotation, dedup::DedupRow, raw::RawRow};
use crate::{
    columns::Encoded,
    rows::{Reason, Row},
};

/// A table: rows of one noun, in columns of one schema.
pub(crate) trait Table: 'static {
    /// The noun.
    type Row: 'static;

    /// Name of its folder or file.
    const NAME: &'static str;

    /// Raised whenever a column changes its name, type or meaning.
    const VERSION: u32;

    /// Most bytes of a row group before compression.
    const GROUP_BYTES: usize = 64 << 20;

    /// Rows that are read at once.
    const READ_ROWS: usize = 256;

    /// Turns rows into columns.
    fn columns(rows: &[Self::Row]) -> Encoded;

    /// Turns a row into its noun.
    fn row(row: &Row<'_>) -> Result<Self::Row, Reason>;

    /// Bytes of a row before compression, roughly: what bounds memory and row groups.
    fn weight(row: &Self::Row) -> usize;

    /// What the metadata of a file says: `articles/1`.
    fn version() -> String {
        format!("{}/{}", Self::NAME, Self::VERSION)
    }

    /// Names, types and nullability of the columns.
    fn schema() -> Schema {
        Self::columns(&[]).schema()
    }
}

/// Bytes of the numbers and the short strings of a row: what [`Table::weight`] adds to
/// its long ones.
const FIXED: usize = 256;
