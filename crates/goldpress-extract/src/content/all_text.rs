//! `all-text`: everything on the page is the article.
//!
//! The floor of the content task: a system that cannot beat it chooses nothing. It sees
//! every word, so its recall is as good as the rendering.

use goldpress_model::Extraction;

use crate::{Extractor, Task, View};

/// The floor of the content task.
#[derive(Debug)]
pub(crate) struct AllText;

impl Extractor for AllText {
    fn name(&self) -> &'static str {
        "all-text"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Content]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let lines: Vec<&str> =
            view.blocks.iter().map(|block| block.span.slice(view.text)).collect();
        Extraction { body: Some(lines.join("\n\n")), ..Extraction::default() }
    }
}
