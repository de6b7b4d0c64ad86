//! What the evaluator counts, and what may be said of it.

mod alignment;
mod common;
mod comparison;
mod contract;
mod findings;
mod metamorphic;
mod metamorphic_layers;
mod reference_programs;
mod rich;
mod slow;
mod vectors_agreement;
mod vectors_compat;
mod vectors_metrics;
mod vectors_statistics;
mod wnut17;
