//! Metadata: what a document states about itself.

mod addresses;
mod dates;
mod head;
mod json_ld;
mod people;
mod rules;
mod titles;
mod visible;

pub use json_ld::broken_json_ld;
pub use rules::read_fields;

pub(crate) use rules::MetadataRules;
