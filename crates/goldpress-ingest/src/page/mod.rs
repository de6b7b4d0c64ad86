//! Pages: markup to blocks in reading order, with the features and facts of the markup.
//!
//! Nothing that a reader sees is left out here: menus and comments are blocks too, and a
//! block labeller says what they are.

mod dom;
mod elements;
mod facts;
mod stored;
mod streamed;
mod walk;

use std::time::Duration;

use goldpress_model::{Block, PageFacts};

use self::elements::Sight;
use crate::{Limits, limits::Budget};

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
    /// Whether the text is what the page stores, since it shows next to nothing.
    pub is_stored: bool,
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
    /// More lines than the limit.
    #[error("the text has more than {limit} lines")]
    TooManyLines {
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
    /// Took longer than a record may.
    #[error("the record takes more than {limit:?} of CPU time on this machine")]
    TooSlow {
        /// The limit.
        limit: Duration,
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

/// Renders markup under the given limits, but for the one on time.
///
/// # Errors
///
/// The page goes over one of them.
pub fn render_within(markup: &str, limits: &Limits) -> Result<Page, RenderError> {
    render_in(markup, limits, &Budget::endless())
}

/// Renders markup under all limits.
pub(crate) fn render_in(
    markup: &str,
    limits: &Limits,
    budget: &Budget<'_>,
) -> Result<Page, RenderError> {
    check_tags(markup)?;
    let as_seen = |markup: &str, sight| {
        let mut tree = dom::Tree::parse(markup, limits, budget, sight)?;
        streamed::put_in_place(&mut tree);
        budget.check()?;
        walk::walk(&tree, sight, limits.nodes)
    };
    let mut shown = as_seen(markup, Sight::Shown)?;
    if !stored::is_bare(&shown) {
        return Ok(shown);
    }
    // Forums keep their threads in `noscript`, some frameworks send all text in hidden
    // elements or templates: a page that shows next to nothing is read for what it stores,
    // if that is more.
    let opened = stored::opened(markup);
    let held = as_seen(opened.as_deref().unwrap_or(markup), Sight::Stored)?;
    let n_words = stored::running_words(&shown);
    if stored::running_words(&held) > 2 * n_words + stored::FEW_WORDS / 2 {
        return Ok(Page { is_stored: true, ..held });
    }
    stored::add_data(&mut shown, markup);
    Ok(shown)
}

/// Attributes in one tag beyond which a parser, which compares each with all others,
/// takes seconds.
const MAX_ATTRIBUTES: usize = 20_000;

/// Elements whose content is no markup, and what ends them.
const OPAQUE: &[(&str, &str)] =
    &[("<script", "</script"), ("<style", "</style"), ("<!--", "-->")];

fn check_tags(markup: &str) -> Result<(), RenderError> {
    let bytes = markup.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', &bytes[at..]).map(|found| at + found) {
        let rest = &bytes[start..];
        // What looks like a tag inside of these is none.
        if let Some(end) = OPAQUE.iter().find_map(|(open, close)| {
            let name = rest.get(..open.len())?;
            name.eq_ignore_ascii_case(open.as_bytes()).then_some(close.as_bytes())
        }) {
            at = memchr::memmem::find(rest, end).map_or(bytes.len(), |len| start + len);
            at = at.max(start + 1);
            continue;
        }
        let len = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        // An attribute needs two bytes at least.
        if len > 2 * MAX_ATTRIBUTES && n_attributes(&rest[..len]) > MAX_ATTRIBUTES {
            return Err(RenderError::TooManyAttributes {
                at: start,
                limit: MAX_ATTRIBUTES,
            });
        }
        at = start + len.max(1);
    }
    Ok(())
}

/// Words of a tag outside of quotation marks.
fn n_attributes(tag: &[u8]) -> usize {
    let (mut quote, mut in_word, mut n) = (None, false, 0);
    for byte in tag {
        match (quote, *byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, byte) => {
                let is_word = !byte.is_ascii_whitespace();
                n += usize::from(is_word && !in_word);
                in_word = is_word;
            }
        }
    }
    n
}
