//! Pages: markup to blocks in reading order, with the features and facts of the markup.
//!
//! Nothing that a reader sees is left out here: menus and comments are blocks too, and a
//! block labeller says what they are.

mod dom;
mod elements;
mod facts;
mod walk;

use goldpress_model::{Block, PageFacts};

use crate::Limits;

/// A page as blocks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// All blocks, with a blank line between two.
    pub text: String,
    /// One for each line of the text, in reading order; every role is `paragraph` yet.
    pub blocks: Vec<Block>,
    /// What the markup states outside the visible text.
    pub facts: PageFacts,
    /// Entities that were escaped once more than the parser undoes.
    pub n_entities: u32,
}

/// Why a page cannot be rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// More elements and texts than the limit.
    #[error("the page has more than {limit} nodes")]
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// Nested over the limit.
    #[error("the page is nested deeper than {limit} elements")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A tag with so many attributes that a parser would choke on it.
    #[error("a tag at byte {at} has more than {limit} attributes")]
    TooManyAttributes {
        /// Where the tag begins.
        at: usize,
        /// The limit.
        limit: usize,
    },
}

/// Renders markup to blocks, under the default limits.
///
/// A block is a block-level element with text of its own, a stretch of text between two
/// of them, a part of one between `<br>`s, a line of a `<pre>` or a row of a table.
/// Scripts, styles, templates and hidden elements are left out.
///
/// ```
/// use goldpress_ingest::render;
///
/// let page = render("<nav><a>Start</a> | <a>Küste</a></nav><h1>Düne bricht</h1><p>Am <b>Freitag</b>.<br>Nachts.")?;
/// assert_eq!(page.text, "Start | Küste\n\nDüne bricht\n\nAm Freitag.\n\nNachts.");
/// assert_eq!(page.blocks[1].heading, 1);
/// # Ok::<(), goldpress_ingest::RenderError>(())
/// ```
///
/// # Errors
///
/// The page goes over a limit on nodes, depth or attributes.
pub fn render(markup: &str) -> Result<Page, RenderError> {
    render_within(markup, &Limits::default())
}

/// Renders markup under the given limits.
///
/// # Errors
///
/// The page goes over one of them.
pub fn render_within(markup: &str, limits: &Limits) -> Result<Page, RenderError> {
    check_tags(markup)?;
    let tree = dom::Tree::parse(markup, limits)?;
    Ok(walk::walk(&tree))
}

/// Attributes in one tag beyond which a parser, which compares each with all others,
/// takes seconds.
const MAX_ATTRIBUTES: usize = 20_000;

fn check_tags(markup: &str) -> Result<(), RenderError> {
    let bytes = markup.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', &bytes[at..]).map(|found| at + found) {
        let len = memchr::memchr(b'>', &bytes[start..]).unwrap_or(bytes.len() - start);
        // An attribute needs two bytes at least.
        if len > 2 * MAX_ATTRIBUTES {
            let tag = &bytes[start..start + len];
            let n = tag.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            if n.count() > MAX_ATTRIBUTES {
                let limit = MAX_ATTRIBUTES;
                return Err(RenderError::TooManyAttributes { at: start, limit });
            }
        }
        at = start + len;
    }
    Ok(())
}
