//! The goldpress command.
fn main() {}
