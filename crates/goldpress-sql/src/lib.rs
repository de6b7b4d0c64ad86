//! SQL and overviews over the tables of a dataset.
//!
//! The only crate that names polars, and no type of polars leaves it. It is a crate of its
//! own because it is built for size: code of Polars' that is generic is made once, there,
//! and not again here. What is computed here is never a score: those come from
//! `goldpress-eval` alone.

mod about;
mod dialect;
mod error;
mod functions;
mod scan;
mod sql;
mod stats;
mod table;
mod types;

pub use self::{
    error::QueryError,
    scan::Runs,
    sql::{query, query_to_parquet},
    stats::{FieldShare, Group, Quantiles, Stats, stats},
    table::{Cell, Table},
};
