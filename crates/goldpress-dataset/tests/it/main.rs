//! Questions to small datasets, and the near-duplicates of made ones.

mod dedup;
#[cfg(feature = "sql")]
mod desk;
mod made;
#[cfg(feature = "sql")]
mod queries;
#[cfg(feature = "sql")]
mod runs;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sql")]
mod stats;
