//! Lines: what can be seen of one block without its neighbours.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::{FixedState, RandomState};
use goldpress_model::{Block, Role};
use goldpress_text::CharKind;

use super::cues::{Cue, CueKind, cue_of};
use super::marks::{Mark, MarkReader, Votes};

/// The element a block came from, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    /// Plain text: no markup at all.
    None,
    P,
    Item,
    Heading,
    Cell,
    Quote,
    Caption,
    Link,
    Div,
    Span,
    Control,
    Term,
    Pre,
    Time,
    Other,
}

/// Elements that a block may lie within, as bits of [`Line::within`].
pub(crate) const WITHIN: [&[&str]; 13] = [
    &["nav", "menu"],
    &["header"],
    &["footer"],
    &["aside"],
    &["form", "fieldset", "button", "label", "select"],
    &["ul", "ol", "dl"],
    &["table"],
    &["figure", "figcaption", "amp-img", "picture"],
    &["main"],
    &["article"],
    &["section"],
    &["blockquote", "q"],
    &["amp-ad", "ins", "dialog", "iframe"],
];

/// Bits of [`WITHIN`] that rules ask for.
pub(crate) mod within {
    pub(crate) const NAV: u16 = 1;
    pub(crate) const HEADER: u16 = 1 << 1;
    pub(crate) const FOOTER: u16 = 1 << 2;
    pub(crate) const ASIDE: u16 = 1 << 3;
    pub(crate) const FORM: u16 = 1 << 4;
    pub(crate) const LIST: u16 = 1 << 5;
    pub(crate) const TABLE: u16 = 1 << 6;
    pub(crate) const FIGURE: u16 = 1 << 7;
    pub(crate) const ARTICLE: u16 = 1 << 9;
    pub(crate) const QUOTE: u16 = 1 << 11;
    pub(crate) const AD: u16 = 1 << 12;
}

/// One block with what its words and markup say.
#[derive(Debug, Clone)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) n_words: usize,
    /// Ends like a sentence.
    pub(crate) ends: bool,
    /// Sentence ends inside or at the end.
    pub(crate) n_stops: usize,
    pub(crate) n_commas: usize,
    pub(crate) upper_share: f32,
    pub(crate) digit_share: f32,
    /// Share of the words that begin with a capital.
    pub(crate) capital_share: f32,
    pub(crate) element: Element,
    pub(crate) heading: u8,
    pub(crate) within: u16,
    pub(crate) votes: Votes,
    pub(crate) link: f32,
    pub(crate) cue: Option<Cue>,
}

/// Remembers what paths and marks say, since a page repeats the same few.
#[derive(Default)]
pub(crate) struct Layout<'b> {
    marks: MarkReader<'b>,
    paths: HashMap<&'b str, (Element, u16), RandomState>,
}

impl<'b> Layout<'b> {
    fn place(&mut self, path: Option<&'b str>) -> (Element, u16) {
        let Some(path) = path else { return (Element::None, 0) };
        *self.paths.entry(path).or_insert_with(|| (element_of(path), within_of(path)))
    }
}

impl<'a> Line<'a> {
    /// Looks at one block of `text`.
    pub(crate) fn of<'b>(
        text: &'a str,
        block: &'b Block,
        layout: &mut Layout<'b>,
    ) -> Line<'a> {
        let text = block.span.slice(text);
        let seen = Characters::of(text);
        let n_words = seen.n_words();
        let (element, within) = layout.place(block.path.as_deref());
        Line {
            text,
            n_words,
            ends: ends_sentence(text),
            n_stops: seen.n_stops,
            n_commas: seen.n_commas,
            upper_share: share(seen.n_upper, seen.n_letters),
            digit_share: share(seen.n_digits, seen.n_visible),
            capital_share: share(seen.n_capitals, seen.n_spaced_words),
            element,
            heading: block.heading,
            within,
            votes: layout.marks.votes(&block.marks),
            link: block.link_density,
            cue: cue_of(text, n_words),
        }
    }

    /// Running text: long enough, hardly linked, and made of sentences.
    pub(crate) fn is_prose(&self) -> bool {
        self.n_words >= 10
            && self.link < 0.4
            && (self.ends || self.n_stops > 0 || self.n_words >= 25)
            && self.cue.is_none_or(|cue| cue.kind < CueKind::Starts)
    }

    /// Words that count as text: none where most of them are links.
    pub(crate) fn good_words(&self) -> f32 {
        if self.is_prose() { self.n_words as f32 * (1.0 - self.link) } else { 0.0 }
    }

    /// The vote for a kind of mark.
    pub(crate) fn vote(&self, mark: Mark) -> f32 {
        self.votes[mark as usize]
    }

    /// Whether any of the bits is set.
    pub(crate) fn is_within(&self, bits: u16) -> bool {
        self.within & bits != 0
    }

    /// The role that a cue of at least this kind tells.
    pub(crate) fn cue_role(&self, at_least: CueKind) -> Option<Role> {
        self.cue.filter(|cue| cue.kind >= at_least).map(|cue| cue.role)
    }
}

#[derive(Default)]
struct Characters {
    n_spaced_words: usize,
    n_unspaced: usize,
    n_letters: usize,
    n_upper: usize,
    n_capitals: usize,
    n_digits: usize,
    n_visible: usize,
    n_stops: usize,
    n_commas: usize,
}

impl Characters {
    fn of(text: &str) -> Characters {
        let mut seen = Characters::default();
        let mut in_word = false;
        let mut after_stop = false;
        for c in text.chars() {
            // Most of most texts.
            if c.is_ascii_lowercase() {
                seen.n_visible += 1;
                seen.n_letters += 1;
                seen.n_spaced_words += usize::from(!in_word);
                in_word = true;
                after_stop = false;
                continue;
            }
            let kind = CharKind::of(c);
            if kind.is_whitespace() {
                // A full stop ends a sentence where a blank follows it.
                seen.n_stops += usize::from(after_stop);
                in_word = false;
                after_stop = false;
                continue;
            }
            seen.n_visible += 1;
            after_stop = matches!(c, '.' | '!' | '?' | '…' | '؟' | '।')
                || after_stop && matches!(c, '"' | '”' | '’' | '»' | ')');
            match c {
                '。' | '！' | '？' => seen.n_stops += 1,
                ',' | '、' | '，' | '،' | ';' => seen.n_commas += 1,
                _ => {}
            }
            if is_unspaced(c) {
                seen.n_unspaced += 1;
                in_word = false;
            } else if kind.is_alphanumeric() {
                seen.n_spaced_words += usize::from(!in_word);
                seen.n_capitals += usize::from(!in_word && kind.is_uppercase());
                in_word = true;
            }
            if kind.is_alphabetic() {
                seen.n_letters += 1;
                seen.n_upper += usize::from(kind.is_uppercase());
            } else if kind.is_numeric() {
                seen.n_digits += 1;
            }
        }
        seen.n_stops += usize::from(after_stop);
        seen
    }

    /// Two characters of a script without spaces are about one word.
    fn n_words(&self) -> usize {
        self.n_spaced_words + self.n_unspaced.div_ceil(2)
    }
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{0E00}'..='\u{0E7F}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether the line ends like a sentence, closing quotes and brackets aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let closing = ['"', '”', '’', '\'', '»', ')', ']', '」', '』', '“', '›'];
    let bare = text.trim_end().trim_end_matches(closing);
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।', ':', '：', '．'])
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

fn element_of(path: &str) -> Element {
    let mut names = path.rsplit('>').take(3);
    let last = names.next().unwrap_or_default();
    match last {
        "p" => {
            let above = names.next().unwrap_or_default();
            if above == "li" { Element::Item } else { Element::P }
        }
        "li" => Element::Item,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Element::Heading,
        "td" | "th" | "tr" | "table" | "tbody" => Element::Cell,
        "blockquote" | "q" => Element::Quote,
        "figcaption" | "caption" => Element::Caption,
        "a" => Element::Link,
        "div" | "section" | "article" | "main" | "body" => Element::Div,
        "span" | "strong" | "b" | "em" | "i" | "font" => Element::Span,
        "button" | "label" | "option" | "legend" | "summary" => Element::Control,
        "dt" | "dd" => Element::Term,
        "pre" | "code" => Element::Pre,
        "time" => Element::Time,
        _ => Element::Other,
    }
}

fn within_of(path: &str) -> u16 {
    path.split('>').filter_map(|name| BITS.get(name)).fold(0, |all, bits| all | bits)
}

/// Element → its bits of [`WITHIN`].
static BITS: LazyLock<HashMap<&str, u16, FixedState>> = LazyLock::new(|| {
    let mut bits: HashMap<&str, u16, FixedState> = HashMap::default();
    for (bit, names) in WITHIN.iter().enumerate() {
        for name in *names {
            *bits.entry(name).or_default() |= 1 << bit;
        }
    }
    bits
});
