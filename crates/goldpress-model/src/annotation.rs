//! Annotations: statements about a text, by a person or a system.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};

use crate::{CharIndex, CharRange, Fragments, Span, SpanError};

/// The layers of `news@1`, and the one every schema has.
pub mod layer {
    /// Roles of blocks.
    pub const BLOCK: &str = "block";
    /// Document fields.
    pub const METADATA: &str = "metadata";
    /// Names and mentions.
    pub const ENTITY: &str = "entity";
    /// Time expressions.
    pub const TIMEX: &str = "timex";
    /// Who says what.
    pub const ATTRIBUTION: &str = "attribution";
    /// Words that lower certainty.
    pub const HEDGE: &str = "hedge";
    /// What is claimed, and how surely.
    pub const CLAIM: &str = "claim";
    /// What happens.
    pub const EVENT: &str = "event";
    /// How entities stand to each other.
    pub const RELATION: &str = "relation";
    /// What a person has looked at.
    pub const REVIEW: &str = "review";
}

/// Value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum AttrValue {
    /// The text does not state it; only a field's `value` may be null.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl AttrValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            AttrValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for AttrValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AttrVisitor)
    }
}

/// Takes a value for what it looks like: what is derived tries every kind in turn, and
/// spells an error for each that it is not.
struct AttrVisitor;

impl<'de> Visitor<'de> for AttrVisitor {
    type Value = AttrValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, a whole number, a string or a list of strings")
    }

    fn visit_unit<E: Error>(self) -> Result<AttrValue, E> {
        Ok(AttrValue::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<AttrValue, E> {
        Ok(AttrValue::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<AttrValue, E> {
        Ok(AttrValue::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<AttrValue, E> {
        let whole = i64::try_from(value);
        whole.map(AttrValue::Integer).map_err(|_| E::custom("a number beyond 64 bits"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<AttrValue, E> {
        Ok(AttrValue::from(value))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<AttrValue, E> {
        Ok(AttrValue::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<AttrValue, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(AttrValue::List(texts))
    }
}

impl From<&str> for AttrValue {
    fn from(text: &str) -> Self {
        AttrValue::Text(text.to_owned())
    }
}

/// An annotation as a file or a program gives it: promises nothing.
///
/// Ranges are code points. [`LooseAnnotation::check`] is where it is believed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LooseAnnotation {
    /// Handle inside its document; empty where none was given.
    pub id: String,
    /// Layer of the schema.
    pub layer: String,
    /// Label of the layer.
    pub label: String,
    /// Ranges in code points; none for what stands in no place.
    pub fragments: Vec<CharRange>,
    /// The slices joined by one space.
    pub text: String,
    /// Role → ids of the same document, or `t0`.
    pub args: BTreeMap<String, Vec<String>>,
    /// Attributes.
    pub attrs: BTreeMap<String, AttrValue>,
    /// How sure the system is.
    pub score: Option<f64>,
}

/// One statement about a text: a span, an event, a relation, a document field, a block's
/// role.
///
/// Its quoted text is cut from the article, so the two cannot disagree.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    // Invariant: text is the quote of fragments.
    fragments: Fragments,
    text: String,
    /// Handle inside its document; empty where none is needed.
    pub id: String,
    /// Layer of the schema.
    pub layer: String,
    /// Label of the layer.
    pub label: String,
    /// Role → ids of the same document, or `t0`.
    pub args: BTreeMap<String, Vec<String>>,
    /// Attributes.
    pub attrs: BTreeMap<String, AttrValue>,
    /// How sure the system is.
    pub score: Option<f64>,
}

/// Why a loose annotation cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotationError {
    /// A range is no span of the text, or fragments are not in order.
    #[error(transparent)]
    Range(#[from] SpanError),
    /// The quoted text is not what stands there.
    #[error("text is `{quoted}`, but the article has `{found}` there")]
    TextDiffers {
        /// What the annotation quotes.
        quoted: String,
        /// What stands at its ranges.
        found: String,
    },
}

impl AnnotationError {
    /// The code that reports and `label check` use.
    pub fn code(&self) -> &'static str {
        match self {
            AnnotationError::Range(SpanError::Empty { .. }) => "span-empty",
            AnnotationError::Range(SpanError::Reversed { .. }) => "span-reversed",
            AnnotationError::Range(SpanError::OutOfRange { .. }) => "out-of-range",
            AnnotationError::Range(SpanError::SplitsCharacter { .. }) => {
                "splits-character"
            }
            AnnotationError::Range(SpanError::Fragments { .. }) => "fragments",
            AnnotationError::TextDiffers { .. } => "text-differs",
        }
    }
}

impl Annotation {
    /// An annotation of `fragments`, quoting `text`; arguments and attributes are empty.
    pub fn new(
        text: &str,
        layer: &str,
        label: &str,
        fragments: impl Into<Fragments>,
    ) -> Self {
        let fragments = fragments.into();
        Annotation {
            text: fragments.quote(text),
            fragments,
            id: String::new(),
            layer: layer.to_owned(),
            label: label.to_owned(),
            args: BTreeMap::new(),
            attrs: BTreeMap::new(),
            score: None,
        }
    }

    /// The same with an attribute.
    #[must_use]
    pub fn with_attr(mut self, name: &str, value: impl Into<AttrValue>) -> Self {
        self.attrs.insert(name.to_owned(), value.into());
        self
    }

    /// Where it stands; none for what stands in no place.
    pub fn fragments(&self) -> &Fragments {
        &self.fragments
    }

    /// The only fragment, or the hull of several.
    pub fn span(&self) -> Option<Span> {
        self.fragments.hull()
    }

    /// The words it covers, fragments joined by one space.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same in code points, as files and protocols write it.
    pub fn loosen(&self, index: &CharIndex<'_>) -> LooseAnnotation {
        LooseAnnotation {
            id: self.id.clone(),
            layer: self.layer.clone(),
            label: self.label.clone(),
            fragments: self
                .fragments
                .spans()
                .iter()
                .map(|span| index.chars(*span))
                .collect(),
            text: self.text.clone(),
            args: self.args.clone(),
            attrs: self.attrs.clone(),
            score: self.score,
        }
    }
}

impl LooseAnnotation {
    /// Checks ranges and quote against the text.
    ///
    /// Layer, label, arguments and attributes are matters of a schema and are not looked
    /// at.
    ///
    /// # Errors
    ///
    /// A range is no span, fragments are unsorted, touch or overlap, or `text` differs
    /// from the slices. Nothing is repaired.
    pub fn check(self, index: &CharIndex<'_>) -> Result<Annotation, AnnotationError> {
        let spans: Vec<Span> = self
            .fragments
            .iter()
            .map(|range| index.span(*range))
            .collect::<Result<_, _>>()?;
        let fragments = Fragments::new(spans)?;
        let found = fragments.quote(index.text());
        if found != self.text {
            return Err(AnnotationError::TextDiffers { quoted: self.text, found });
        }
        Ok(Annotation {
            fragments,
            text: found,
            id: self.id,
            layer: self.layer,
            label: self.label,
            args: self.args,
            attrs: self.attrs,
            score: self.score,
        })
    }
}
