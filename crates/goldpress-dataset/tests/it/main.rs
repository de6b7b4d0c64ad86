//! Questions to a small dataset.

mod runs;
mod sql;
mod stats;
