//! The tests of goldpress-label, one binary.

mod adjudicate;
mod agreement;
mod build;
mod carry;
mod checks;
mod corpora;
mod export;
mod formats;
mod import;
mod journal;
mod schema;
mod seed;
mod suspects;
mod vectors;
mod world;
