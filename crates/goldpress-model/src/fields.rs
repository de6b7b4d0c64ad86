//! Metadata of an article: what the document states about itself, and where it says so.

use crate::{Fragments, names::named};

named! {
    /// A metadata field, by the name of its column in `articles`.
    "metadata field"
    pub enum Field {
        /// The title as printed.
        Headline = "headline",
        /// Another title that the document gives this article.
        AlternativeHeadline = "alternative_headline",
        /// People who wrote the article; a list.
        Authors = "authors",
        /// First publication, ISO 8601 as precise as stated.
        DatePublished = "date_published",
        /// Last stated change, ISO 8601 as precise as stated.
        DateModified = "date_modified",
        /// Place the report is filed from.
        Dateline = "dateline",
        /// The outlet that publishes this copy.
        Publisher = "publisher",
        /// Section under which the outlet files it.
        Section = "section",
        /// Tags listed with the article; a list.
        Keywords = "keywords",
        /// Summary that the document marks as one.
        Description = "description",
        /// BCP 47 tag of the body.
        Language = "language",
        /// Address the document was fetched from.
        Url = "url",
        /// Address the document gives itself.
        CanonicalUrl = "canonical_url",
        /// Address of the lead picture.
        Image = "image",
        /// Caption of the lead picture, credit included.
        ImageCaption = "image_caption",
        /// Text of a correction notice.
        Correction = "correction",
    }
}

named! {
    /// Where a field's value was read.
    "field source"
    pub enum FieldSource {
        /// A key of the record: a JSON line, a CSV row.
        Record = "record",
        /// JSON-LD in the page.
        JsonLd = "json-ld",
        /// An OpenGraph property.
        OpenGraph = "opengraph",
        /// Another `meta` or `link` element.
        Meta = "meta",
        /// Microdata attributes.
        Microdata = "microdata",
        /// A pattern of elements: `h1`, `time`, a class that says "author".
        Html = "html",
        /// The words of the article.
        Text = "text",
        /// Read off the whole, as the language is.
        Document = "document",
    }
}

named! {
    /// How precisely a date is stated.
    "granularity"
    pub enum Granularity {
        /// `2024`.
        Year = "year",
        /// `2024-05`.
        Month = "month",
        /// `2024-05-03`.
        Day = "day",
        /// `2024-05-03T07:15`, with or without seconds and zone.
        Time = "time",
    }
}

impl Field {
    /// Whether an article may hold several values.
    pub fn is_list(self) -> bool {
        matches!(self, Field::Authors | Field::Keywords)
    }

    /// The label of the layer `metadata` in `news@1`, a schema.org property; `None` for
    /// what is not annotated.
    pub fn label(self) -> Option<&'static str> {
        Some(match self {
            Field::Headline => "headline",
            Field::AlternativeHeadline => "alternativeHeadline",
            Field::Authors => "author",
            Field::DatePublished => "datePublished",
            Field::DateModified => "dateModified",
            Field::Dateline => "dateline",
            Field::Publisher => "publisher",
            Field::Section => "articleSection",
            Field::Keywords => "keywords",
            Field::Description => "description",
            Field::Language => "inLanguage",
            Field::CanonicalUrl => "url",
            Field::ImageCaption => "image.caption",
            Field::Correction => "correction",
            Field::Url | Field::Image => return None,
        })
    }

    /// The field of a label of the layer `metadata`.
    pub fn of_label(label: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.label() == Some(label))
    }
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// Which field.
    pub field: Field,
    /// The value, trimmed, never empty; dates are ISO 8601 as precise as stated.
    pub value: String,
    /// Where it was read.
    pub source: FieldSource,
    /// Where it stands in the article's text, if it does.
    pub fragments: Fragments,
}

/// All field values of an article, each with its source.
///
/// A field that is not stated has no value: a wrong author is worse than none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    // Invariant: by field; of a field that is no list at most one value; none blank.
    values: Vec<FieldValue>,
}

impl Fields {
    /// No field stated.
    pub fn new() -> Self {
        Fields::default()
    }

    /// Adds a value, unless it is blank, stands there already, or the field is no list
    /// and has one: the first reader of a field wins.
    ///
    /// Says whether the value was taken.
    pub fn add(&mut self, value: FieldValue) -> bool {
        let text = value.value.trim();
        let taken = self.values.iter().any(|old| {
            old.field == value.field && (!value.field.is_list() || old.value == text)
        });
        if text.is_empty() || taken {
            return false;
        }
        let at = self.values.partition_point(|old| old.field <= value.field);
        let trimmed = FieldValue { value: text.to_owned(), ..value };
        self.values.insert(at, trimmed);
        true
    }

    /// Adds a value that stands in no place of the text.
    pub fn state(&mut self, field: Field, value: &str, source: FieldSource) -> bool {
        let value = value.to_owned();
        self.add(FieldValue { field, value, source, fragments: Fragments::none() })
    }

    /// The value of a field, the first of a list.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.all(field).next().map(|value| value.value.as_str())
    }

    /// The values of a field in order.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &FieldValue> {
        self.values.iter().filter(move |value| value.field == field)
    }

    /// Every value, by field.
    pub fn iter(&self) -> impl Iterator<Item = &FieldValue> {
        self.values.iter()
    }

    /// Takes the values of a field out, to replace them.
    pub fn take(&mut self, field: Field) -> Vec<FieldValue> {
        let (taken, kept) = std::mem::take(&mut self.values)
            .into_iter()
            .partition(|value| value.field == field);
        self.values = kept;
        taken
    }
}
