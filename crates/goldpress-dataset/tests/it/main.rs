//! Questions to a small dataset.

mod sql;
mod stats;
