//! Questions to small datasets.

mod desk;
mod queries;
mod runs;
mod sql;
mod stats;
