//! The tests of goldpress-label, one binary.

mod schema;
