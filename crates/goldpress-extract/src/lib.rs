//! Extractors: what they see, what they return, and the competitors that are built in.
//!
//! This crate has no path to gold. It never reads a file, a clock of the day, a label or
//! the name of a document: an [`Extractor`] gets a [`View`] of one article and returns an
//! `Extraction`, and the same view always gives the same answer.
//!
//! # The list
//!
//! [`EXTRACTORS`] registers every built-in. A name in it is a key in every stored result:
//! a change that is to be compared with its past keeps the name and raises the version.
//!
//! # Example
//!
//! ```
//! use goldpress_extract::{View, extractor};
//! use goldpress_model::Fields;
//!
//! let stated = Fields::new();
//! let text = "Die Fähre fährt im Mai 2024 wieder.";
//! let view = View { published_at: Some("2024-03-01"), lang: "de", ..View::of(text, &[], &stated) };
//! let found = extractor("timex-rules").expect("it is in the list").extract(view);
//! assert_eq!(found.annotations[0].text(), "Mai 2024");
//! # Ok::<(), ()>(())
//! ```

mod attribution;
mod blocks;
mod bylines;
mod content;
mod dates;
mod entity;
mod extractor;
mod hedge;
mod lexicon;
mod metadata;
pub mod runner;
mod task;
mod timex;
mod view;
mod words;

pub use blocks::{
    Given, KnownBody, Labels, Lines, ModelError, RegionModel, RegionWeights, Sample,
    fit_region, label_blocks, label_lines, plain_shapes, region_of,
};
pub use extractor::{EXTRACTORS, Extractor, extractor, extractors_for};
pub use lexicon::{LEXICONS, Lexicon};
pub use metadata::{broken_json_ld, read_fields};
pub use task::{Task, UnknownTask};
pub use view::View;
