//! `readability`: the library `dom_smoothie`, a port of Mozilla's Readability.
//!
//! It reads the page itself and sees no blocks. A plain text is handed to it as a page of
//! one paragraph a line. Pages over the limits below are refused, so that no page takes
//! seconds.

use std::fmt::Write as _;

use dom_smoothie::{Config, Readability as Reader, TextMode};
use goldpress_model::Extraction;

use crate::{Extractor, Task, View};

/// A rival from a library.
#[derive(Debug)]
pub(crate) struct Readability;

/// Longest page in bytes that is read: the largest article of WCXB's development split has
/// less, and larger pages are data.
const MAX_BYTES: usize = 8 << 20;

/// Most elements of a page; beyond, the library gives up by itself.
const MAX_ELEMENTS: usize = 60_000;

impl Extractor for Readability {
    fn name(&self) -> &'static str {
        "readability"
    }

    fn version(&self) -> &'static str {
        "dom_smoothie-0.19"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Content]
    }

    fn refuses(&self, view: View<'_>) -> Option<String> {
        let n_bytes = view.markup.unwrap_or(view.text).len();
        (n_bytes > MAX_BYTES)
            .then(|| format!("the page has {n_bytes} bytes, the limit is {MAX_BYTES}"))
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let body = match view.markup {
            _ if self.refuses(view).is_some() => None,
            Some(markup) => read(markup),
            None => read(&page_of(view.text)),
        };
        Extraction { body: Some(body.unwrap_or_default()), ..Extraction::default() }
    }
}

fn read(markup: &str) -> Option<String> {
    let config = Config {
        text_mode: TextMode::Formatted,
        max_elements_to_parse: MAX_ELEMENTS,
        ..Config::default()
    };
    let mut reader = Reader::new(markup, None, Some(config)).ok()?;
    let article = reader.parse().ok()?;
    Some(article.text_content.trim().to_owned())
}

fn page_of(text: &str) -> String {
    let mut page = String::from("<html><body><article>");
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        write!(page, "<p>{line}</p>").expect("a string takes everything");
    }
    page.push_str("</article></body></html>");
    page
}
