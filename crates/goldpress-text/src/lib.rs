//! From bytes to normalised text, and from text to lines, words and sentences.
//!
//! Every function is pure: the same bytes give the same text on any machine. This crate
//! opens no file, knows no format and parses no page; of markup it reads only the charset
//! that a page declares.
//!
//! # Offsets
//!
//! Whatever changes characters is noted in an [`OffsetMap`], so that any range of the
//! normalised text can be found again in the decoded text.
//!
//! # Example
//!
//! ```
//! use goldpress_text::{Declared, NormaliseOptions, decode, normalise, words};
//!
//! let bytes = b"Z\xfcrich: the SNB held\r\nrates, \x93for now\x94.";
//! let decoded = decode(bytes, Declared::default())?;
//! assert_eq!(decoded.decoding.charset_used, "windows-1252");
//! let text = normalise(&decoded.text, NormaliseOptions::default()).text;
//! assert_eq!(text, "Zürich: the SNB held\nrates, “for now”.");
//! let found: Vec<&str> = words(&text).map(|word| word.slice(&text)).collect();
//! assert_eq!(found, ["Zürich", "the", "SNB", "held", "rates", "for", "now"]);
//! # Ok::<(), goldpress_text::DecodeError>(())
//! ```

mod char_kind;
mod charset;
mod clean;
mod decode;
mod fragment;
mod language;
mod lines;
mod map;
mod measures;
mod normalise;
mod reflow;
mod repair;
mod script;
mod sentences;
mod shingles;
mod stop_words;
mod words;

pub use char_kind::{CharKind, is_alphanumeric, push_lowercase};
pub use decode::{Declared, DecodeError, Decoded, decode};
pub use fragment::{Fragment, fragment, normalise_fragment};
pub use language::{Language, language};
pub use lines::lines;
pub use map::OffsetMap;
pub use measures::measures;
pub use normalise::{NormaliseOptions, Normalised, normalise};
pub use repair::{REPAIRS, Repair, repair_mojibake};
pub use sentences::sentences;
pub use shingles::Shingles;
pub use stop_words::stop_word_share;
pub use words::{is_grapheme_edge, tokens, words};

/// Version of what [`normalise`] does; a change of any text changes it.
pub const NORMALISER: &str = "norm-text/3";

/// Version of what [`words`] and [`sentences`] do.
pub const TOKENISER: &str = "words/1";
