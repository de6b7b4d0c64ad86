//! Datasets as wholes: near-duplicate clusters, and table algebra on Polars.
//!
//! The only crate that names polars, and no type of polars leaves it; without the feature
//! `sql` it is not there at all. Tables are read lazily or in batches, never a corpus
//! whole. What is computed here is never a score: those come from `goldpress-eval` alone.

#[cfg(feature = "sql")]
mod about;
mod dedup;
#[cfg(feature = "sql")]
mod dialect;
#[cfg(feature = "sql")]
mod error;
#[cfg(feature = "sql")]
mod functions;
#[cfg(feature = "sql")]
mod scan;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sql")]
mod stats;
#[cfg(feature = "sql")]
mod table;
#[cfg(feature = "sql")]
mod types;

pub use self::dedup::{
    BANDS, Cluster, Clusters, DedupError, DedupOptions, PERMUTATIONS, Signature,
    add_headlines, clusters, dedup,
};
#[cfg(feature = "sql")]
pub use self::{
    error::QueryError,
    scan::Runs,
    sql::{query, query_to_parquet},
    stats::{FieldShare, Group, Quantiles, Stats, stats},
    table::{Cell, Table},
};
