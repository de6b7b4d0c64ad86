//! The tests of goldpress-label, one binary.

mod build;
mod checks;
mod formats;
mod import;
mod schema;
mod seed;
mod vectors;
mod world;
