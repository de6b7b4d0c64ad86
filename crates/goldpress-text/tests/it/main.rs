//! What this crate promises, one behaviour a module.

mod bytes_of_known_text;
mod decoding;
mod laws;
mod normalising;
mod raw_shapes;
mod reflowing;
mod repairing;
mod tongues;
mod web_texts;
mod wording;
mod wrapping;
