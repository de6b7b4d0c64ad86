//! The tests of goldpress-label, one binary.

mod checks;
mod schema;
mod seed;
mod vectors;
