//! Blocks: the lines of an article, what each does in it, and the markup it came from.

use crate::{Span, names::named};

named! {
    /// What a block does for its article, not how it looks (`news@1`, layer `block`).
    "role"
    pub enum Role {
        /// The headline of this article.
        Title = "title",
        /// Deck or standfirst between title and body.
        Subtitle = "subtitle",
        /// A heading inside the body.
        Heading = "heading",
        /// Running text of the article.
        Paragraph = "paragraph",
        /// A block that is nothing but quoted words, set apart.
        Quote = "quote",
        /// An item or table row that belongs to the article.
        List = "list",
        /// Text of a picture, video or chart, with its credit.
        Caption = "caption",
        /// Written for this article and none of the rest: a correction, an editor's note.
        Other = "other",
        /// Who wrote or supplied the article.
        Byline = "byline",
        /// Place or time of publication or update, alone on its line.
        Dateline = "dateline",
        /// Asks to follow, subscribe, download, donate.
        Promo = "promo",
        /// Points to another article.
        Related = "related",
        /// Readers' comments: heading, count, names, text.
        Comment = "comment",
        /// Fields, buttons and their notices.
        Form = "form",
        /// Copyright, terms, disclaimers, cookie notices.
        Legal = "legal",
        /// Menus, breadcrumbs, section marks, share bars, tags, paging.
        Nav = "nav",
        /// An advertisement or its label.
        Ad = "ad",
    }
}

named! {
    /// What a role counts as: the derived attribute `content` of a block.
    "content class"
    pub enum ContentClass {
        /// The article itself; its blocks are the body.
        Main = "main",
        /// Written for the article, but beside it: captions, corrections.
        Aux = "aux",
        /// About the article: byline, dateline.
        Meta = "meta",
        /// What stands on other pages too.
        Boilerplate = "boilerplate",
    }
}

impl Role {
    /// The class of this role.
    pub fn class(self) -> ContentClass {
        use Role::{
            Byline, Caption, Dateline, Heading, List, Other, Paragraph, Quote, Subtitle,
            Title,
        };
        match self {
            Title | Subtitle | Heading | Paragraph | Quote | List => ContentClass::Main,
            Caption | Other => ContentClass::Aux,
            Byline | Dateline => ContentClass::Meta,
            _ => ContentClass::Boilerplate,
        }
    }

    /// Whether blocks of this role are the article's own text, its title among them.
    pub fn is_main(self) -> bool {
        self.class() == ContentClass::Main
    }

    /// Whether blocks of this role make up the body: the title has a field of its own.
    pub fn is_body(self) -> bool {
        self.is_main() && self != Role::Title
    }
}

/// One line of an article's text, with features of the markup it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The whole line, without its line end.
    pub span: Span,
    /// What the block does; `Paragraph` until a labeller has looked.
    pub role: Role,
    /// BCP 47 tag where the language differs from the article's.
    pub lang: Option<String>,
    /// Element names from the body down, joined by `>`: `article>div>p`. `None` for text.
    pub path: Option<String>,
    /// Class and id words of the element and its nearest four ancestors, nearest first,
    /// in lower case. Each ancestor's words follow a `|`.
    pub marks: Vec<String>,
    /// Level of a heading element, 1 to 6; 0 for anything else.
    pub heading: u8,
    /// Share of the characters that stand inside links, in `0.0..=1.0`.
    pub link_density: f32,
    /// The nearest sectioning or grouping element: `article`, `nav`, `li`, `figure` …
    pub container: Option<String>,
}

impl Block {
    /// A block of plain text: no markup, role `paragraph`.
    pub fn plain(span: Span) -> Block {
        Block {
            span,
            role: Role::Paragraph,
            lang: None,
            path: None,
            marks: Vec::new(),
            heading: 0,
            link_density: 0.0,
            container: None,
        }
    }
}
