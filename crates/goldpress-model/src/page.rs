//! What the markup of a page states about itself, outside its visible text.
//!
//! Collected in the one walk that renders a page to blocks, so that the reader of fields
//! never parses the page again.

/// Statements of a page's head and attributes, in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFacts {
    /// Text of the `title` element.
    pub title: Option<String>,
    /// `lang` or `xml:lang` of the root element.
    pub lang: Option<String>,
    /// `meta` elements: `name`, `property`, `itemprop` or `http-equiv` in lower case, and
    /// `content`.
    pub metas: Vec<(String, String)>,
    /// `link` elements: `rel` in lower case, and `href`.
    pub links: Vec<(String, String)>,
    /// Bodies of `script type="application/ld+json"`.
    pub json_ld: Vec<String>,
    /// Microdata outside `meta`: `itemprop` and its value.
    pub microdata: Vec<(String, String)>,
    /// `time` elements.
    pub times: Vec<PageTime>,
    /// `src` of the first picture inside the article or figure.
    pub image: Option<String>,
    /// Address in the comment of a saved or mirrored page.
    pub saved_from: Option<String>,
}

/// A `time` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageTime {
    /// Its `datetime` attribute.
    pub datetime: String,
    /// Index of the block that holds it, if it has text.
    pub block: Option<usize>,
}
