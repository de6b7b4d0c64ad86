//! Table algebra on Polars: SQL over a dataset, and what is in it.
//!
//! The only crate that names polars, and no type of polars leaves it. Tables are scanned
//! lazily: a query reads the columns and row groups it needs, never a corpus whole. What
//! it computes is never a score: those come from `goldpress-eval` alone.

mod error;
mod scan;
mod sql;
mod stats;
mod table;

pub use self::{
    error::QueryError,
    scan::Runs,
    sql::query,
    stats::{FieldShare, Group, Quantiles, Stats, stats},
    table::{Cell, Table},
};
