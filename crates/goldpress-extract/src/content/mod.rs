//! Content: which text of a page is its article.

mod all_text;
mod density;
mod readability;

pub(crate) use all_text::AllText;
pub(crate) use density::Density;
pub(crate) use readability::Readability;
