//! The view: all that an extractor is shown of one article.

use goldpress_model::{Block, Fields, PageFacts};

/// One article as an extractor sees it.
///
/// It never holds gold, neighbours, file names or clocks. What a task has to find is
/// absent for it: for the tasks content, blocks and metadata the language is `und`, the
/// date `None` and `stated` no more than what the record itself said.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Normalised text.
    pub text: &'a str,
    /// Its blocks, one for each non-blank line, in order. Roles are those of the
    /// ingester; who labels blocks does not look at them.
    pub blocks: &'a [Block],
    /// The decoded page, where there is one.
    pub markup: Option<&'a str>,
    /// What the page states about itself outside its visible text.
    pub facts: Option<&'a PageFacts>,
    /// Fields that the record stated.
    pub stated: &'a Fields,
    /// Address it was fetched from.
    pub url: Option<&'a str>,
    /// BCP 47 tag of the text; `und` when unknown.
    pub lang: &'a str,
    /// Date of publication, ISO 8601 as precise as stated: the `t0` of time expressions.
    pub published_at: Option<&'a str>,
}

impl<'a> View<'a> {
    /// A view of a text and its blocks, of which nothing else is known.
    pub fn of(text: &'a str, blocks: &'a [Block], stated: &'a Fields) -> View<'a> {
        View {
            text,
            blocks,
            markup: None,
            facts: None,
            stated,
            url: None,
            lang: "und",
            published_at: None,
        }
    }
}
