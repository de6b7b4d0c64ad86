//! Label files: what people say of articles, checked, brought in and out.
//!
//! A write that fails its check never reaches the disk. Nothing here prints, asks for the
//! time or draws pages; what may be said of a text is data, a
//! [`Schema`](goldpress_model::Schema).
//!
//! # Offsets
//!
//! Label files count **code points**. Foreign files count what they like: which it is is
//! found by the words they quote, never guessed.

mod checks;
mod reading;
mod schema;

pub use checks::{Finding, Severity, TextOf, When, check_file};
pub use reading::{check_bytes, check_lines};
pub use schema::{NEWS, SchemaError, load_schema, news, parse_schema, schema_page};
