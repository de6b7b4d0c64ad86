//! Laws of the nouns.

mod spans;
