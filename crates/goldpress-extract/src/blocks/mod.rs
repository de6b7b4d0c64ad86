//! Blocks: what each line of a page or text does for its article.

mod boxes;
mod context;
mod cues;
mod features;
mod fit;
mod layout;
mod lesson;
mod line;
mod marks;
mod mend;
mod page;
mod region;
mod roles;
mod rules;
mod signed;
mod teasers;
mod text_region;
mod title;
mod vocabulary;

use goldpress_model::{Block, Field, Fields, PageFacts, Role};

pub use fit::{Sample, fit_region, region_of};
pub use lesson::{KnownBody, plain_shapes};
pub use region::{ModelError, RegionModel, RegionWeights};

pub(crate) use rules::BlocksRules;
pub(crate) use title::letters;

use page::Page;

/// Lines that are to be labelled, and what is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'a> {
    /// Normalised text.
    pub text: &'a str,
    /// Its lines; roles that they carry already are not looked at.
    pub blocks: &'a [Block],
    /// Facts of the page, if there is one.
    pub facts: Option<&'a PageFacts>,
    /// Metadata that the record states.
    pub stated: &'a Fields,
    /// How the text came.
    pub given: Given,
}

/// How a text came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// As a whole document: the article has to be found in it.
    Document,
    /// In a field that is declared to be the article's text: all of it is, but for lines
    /// that say themselves that they are not.
    Field,
}

/// What each line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// One role a line, in order.
    pub roles: Vec<Role>,
    /// Whether the body is a second reading: the lines that first looked like it were none,
    /// or a small share of the running text.
    pub is_fallback: bool,
}

/// The role of each line of a document, by the model that is part of the build.
pub fn label_blocks(
    text: &str,
    blocks: &[Block],
    facts: Option<&PageFacts>,
    stated: &Fields,
) -> Vec<Role> {
    let lines = Lines { text, blocks, facts, stated, given: Given::Document };
    label_lines(&lines, RegionModel::built_in()).roles
}

/// The role of each line: what `blocks-linear` does, for the ingester.
///
/// Linear in the text; one role a block, always.
pub fn label_lines(lines: &Lines<'_>, model: &RegionModel) -> Labels {
    let page = Page::of(lines.text, lines.blocks, lines.facts, lines.stated);
    let meta = lines.facts.and_then(|facts| {
        let is_summary = |(name, _): &&(String, String)| {
            matches!(name.as_str(), "og:description" | "description")
        };
        facts.metas.iter().find(is_summary).map(|(_, content)| content.as_str())
    });
    let summary = lines.stated.get(Field::Description).or(meta);
    let region = region::of_document(&page, model, lines.given);
    let is_fallback = region.is_fallback;
    Labels { roles: roles::roles(&page, region, summary), is_fallback }
}
