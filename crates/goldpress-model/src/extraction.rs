//! What a system returns for one article.

use std::collections::BTreeMap;

use crate::{Annotation, Field, Role, Span};

/// A role that a system gives a stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockClaim {
    /// The stretch; a line of the text where the system took over the article's blocks.
    pub span: Span,
    /// Its role.
    pub role: Role,
}

/// What a system says of one document field it attempted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldClaim {
    /// Looked for and not found.
    Null,
    /// One value.
    One(String),
    /// Several values, of a list field.
    Many(Vec<String>),
}

/// What a system returns for one article: absent is "not attempted".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extraction {
    /// Text of the body.
    pub body: Option<String>,
    /// Roles, in the order of the text.
    pub blocks: Option<Vec<BlockClaim>>,
    /// Document fields that were attempted.
    pub fields: Option<BTreeMap<Field, FieldClaim>>,
    /// Spans, events, relations.
    pub annotations: Vec<Annotation>,
}
