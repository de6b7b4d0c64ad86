//! Blocks: what each line of a page or text does for its article.

mod cues;
mod features;
mod fit;
mod line;
mod marks;
mod page;
mod region;
mod roles;
mod rules;
mod signed;
mod text_region;
mod title;

use goldpress_model::{Block, Field, Fields, PageFacts, Role};

pub use fit::{Example, fit_region, render_weights};

pub(crate) use rules::BlocksRules;
pub(crate) use title::letters;

use page::Page;

/// The role of each block, in order: what `blocks-rules` does, for the ingester.
///
/// Roles that the blocks carry already are not looked at. Linear in the text; one role a
/// block, always.
pub fn label_blocks(
    text: &str,
    blocks: &[Block],
    facts: Option<&PageFacts>,
    stated: &Fields,
) -> Vec<Role> {
    let page = Page::of(text, blocks, facts, stated);
    let meta = facts.and_then(|facts| {
        let is_summary = |(name, _): &&(String, String)| {
            matches!(name.as_str(), "og:description" | "description")
        };
        facts.metas.iter().find(is_summary).map(|(_, content)| content.as_str())
    });
    roles::roles(&page, stated.get(Field::Description).or(meta))
}

/// The numbers that the score of `blocks-rules` weighs, one vector a block, for training.
///
/// Each entry is the number of a feature and its value; [`feature_names`] names them.
pub fn block_features(
    text: &str,
    blocks: &[Block],
    facts: Option<&PageFacts>,
    stated: &Fields,
) -> Vec<Vec<(usize, f32)>> {
    features::vectors(&Page::of(text, blocks, facts, stated))
}

/// The names of the features of [`block_features`], by number.
pub fn feature_names() -> Vec<String> {
    features::names()
}
