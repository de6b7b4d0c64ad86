//! What the evaluator counts, and what may be said of it.

mod common;
mod contract;
mod findings;
mod metamorphic;
mod rich;
mod vectors_compat;
mod vectors_metrics;
mod vectors_statistics;
