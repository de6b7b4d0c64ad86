//! Content: which text of a page is its article.

mod all_text;
mod readability;

pub(crate) use all_text::AllText;
pub(crate) use readability::Readability;
