//! The nouns of goldpress: articles, spans, annotations, counts.
//!
//! Every other crate turns one noun into another. This one holds no verbs: it opens no
//! file, names no format, never prints and never asks for the time.
//!
//! # Offsets
//!
//! In memory a [`Span`] counts **bytes** of an article's normalised text. In files, pages
//! and protocols a [`CharRange`] counts **code points**. They are two types so that the
//! compiler finds every place where one is taken for the other. [`CharIndex`] converts
//! many of them in one text.
//!
//! # Example
//!
//! ```
//! use goldpress_model::{CharRange, Span};
//!
//! let text = "Zürich: the SNB held rates.";
//! let span = Span::new(text, 13, 16)?;
//! assert_eq!(span.slice(text), "SNB");
//! assert_eq!(span.to_chars(text), CharRange { start: 12, end: 15 });
//! # Ok::<(), goldpress_model::SpanError>(())
//! ```

mod annotation;
mod article;
mod block;
mod counts;
mod digest;
mod extraction;
mod fields;
mod flaw;
#[cfg(feature = "marked")]
pub mod marked;
mod names;
mod page;
mod provenance;
mod raw;
mod run;
mod schema;
mod span;

pub use annotation::{Annotation, AnnotationError, AttrValue, LooseAnnotation, layer};
pub use article::{Article, ArticleError, ArticleParts, Decoding, Measures};
pub use block::{Block, ContentClass, Role};
pub use counts::{CountRow, Counts};
pub use digest::{Digest, DigestError};
pub use extraction::{BlockClaim, Extraction, FieldClaim};
pub use fields::{Field, FieldSource, FieldValue, Fields, Granularity};
pub use flaw::{Flaw, Outcome, Reject, RejectReason};
pub use names::UnknownName;
pub use page::{PageFacts, PageTime};
pub use provenance::{ProposedBy, Provenance, Status};
pub use raw::{Origin, RawDocument};
pub use run::{Clocks, Malformed, Phase, Prediction, RunOutcome, Timing};
pub use schema::{
    ArgSpec, AttrKind, AttrSpec, DeriveRule, FieldKind, LabelSpec, LayerKind, LayerSpec,
    Overlap, Schema, Scope, is_label_name,
};
pub use span::{CharIndex, CharRange, Fragments, Span, SpanError};
