//! Signed lines: which lines of a page are bylines of its article.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use foldhash::fast::RandomState;
use goldpress_model::Role;
use goldpress_text::is_alphanumeric;

use super::cues::CueKind;
use super::line::{Element, Line, within};
use super::marks::Mark;
use super::page::Page;
use super::title::letters;
use crate::bylines::{Byline, read_byline};

/// Lines below the text in which it may be signed.
const SIGNED_LINES: usize = 4;

/// The lines that read as bylines, and what else the page says of their words.
pub(crate) struct Bylines<'a> {
    read: Vec<Option<Byline>>,
    /// Whether one of them says "By".
    has_lead: bool,
    /// Letters of the title and the running text, once they are asked for: who is written
    /// about is no author.
    told: OnceCell<String>,
    /// Words that stand in small letters somewhere, once they are asked for: names do not.
    small: OnceCell<HashSet<&'a str, RandomState>>,
}

impl<'a> Bylines<'a> {
    /// Reads every line of a page once.
    ///
    /// Of a page only lines that `is_near` the title or that a class calls bylines.
    pub(crate) fn of(page: &Page<'a>, is_near: impl Fn(usize) -> bool) -> Bylines<'a> {
        let may_be = |(at, line): &(usize, &Line<'_>)| {
            let is_placed = !page.is_markup
                || is_near(*at)
                || line.vote(Mark::Byline) >= 0.8
                || (page.core.end..=page.core.end + SIGNED_LINES).contains(at);
            is_placed && line.n_words <= 25 && line.heading == 0
        };
        let read: Vec<Option<Byline>> = page
            .lines
            .iter()
            .enumerate()
            .map(|line| may_be(&line).then(|| read_byline(line.1.text))?)
            .collect();
        let has_lead = read.iter().flatten().any(|byline| byline.has_lead);
        Bylines { read, has_lead, told: OnceCell::new(), small: OnceCell::new() }
    }

    /// Whether line `at` is a byline of the article.
    ///
    /// A word like "By", or the class of the element, is enough near the title; a bare
    /// name has to stand between title and text, and be nobody the text tells of.
    pub(crate) fn is_byline(
        &self,
        page: &Page<'a>,
        at: usize,
        is_near: bool,
        first_prose: usize,
    ) -> bool {
        let line = &page.lines[at];
        let is_of_card = !is_near
            && page.is_markup
            && (line.vote(Mark::Related) >= 0.45
                || page.section[at] == Some(Role::Related));
        if is_of_card {
            return false;
        }
        let marked = line.vote(Mark::Byline) >= 0.8 && line.n_words <= 25;
        let Some(byline) = &self.read[at] else {
            return marked && line.cue_role(CueKind::Starts) == Some(Role::Byline);
        };
        if byline.has_lead {
            let is_free = !line.is_within(within::LIST | within::TABLE);
            let is_placed = is_near || !page.is_markup || self.signs_below(page, at);
            return marked || line.n_words <= 12 && is_free && is_placed;
        }
        let names = || byline.names.iter().map(|range| &line.text[Range::clone(range)]);
        if byline.names.is_empty() || names().all(|name| self.is_common(page, name)) {
            return false;
        }
        if marked {
            return is_near || line.n_words <= 6;
        }
        if self.has_lead || !is_near || line.link > 0.9 {
            return false;
        }
        let is_between = page.title.is_some_and(|title| at > title) && at < first_prose;
        let is_item = line.is_within(within::LIST | within::TABLE | within::NAV);
        let is_told = |name: &str| {
            let last = name.rsplit(' ').next().unwrap_or(name);
            self.told.get_or_init(|| told(page)).contains(&letters(last))
        };
        // Where letters have no case, any short word could be a name.
        let has_case = line.text.chars().any(char::is_uppercase);
        let is_control = line.element == Element::Control;
        let is_name = has_case && !is_item && !is_control;
        is_between
            && (line.n_words <= 8 || byline.names.len() > 1)
            && is_name
            && !names().any(is_told)
    }

    /// Whether a page without a byline near its title signs the text below it, as blogs do:
    /// `Posted by Andy Zonk at 2:47 AM`.
    fn signs_below(&self, page: &Page<'a>, at: usize) -> bool {
        let line = &page.lines[at];
        let says = |words: &str| {
            line.text
                .get(..words.len())
                .is_some_and(|text| text.eq_ignore_ascii_case(words))
        };
        (page.core.end..=page.core.end + SIGNED_LINES).contains(&at)
            && ["posted by ", "written by ", "published by "]
                .iter()
                .any(|lead| says(lead))
            && line.vote(Mark::Comment) == 0.0
            && self.read[..at].iter().flatten().all(|byline| !byline.has_lead)
    }

    /// Whether all words of a would-be name are common ones: `Text Size`, `Full Bio`.
    fn is_common(&self, page: &Page<'a>, name: &str) -> bool {
        let small = self.small.get_or_init(|| small_words(page));
        let mut words =
            name.split(|c: char| !is_alphanumeric(c)).filter(|word| word.len() > 2);
        let is_small = |word: &str| small.contains(word.to_lowercase().as_str());
        name.chars().any(char::is_uppercase) && words.all(is_small)
    }
}

fn told(page: &Page<'_>) -> String {
    let mut told = page.title.map(|at| letters(page.lines[at].text)).unwrap_or_default();
    if !page.is_markup {
        for line in page.lines.iter().filter(|line| line.is_prose()).take(40) {
            told.push_str(&letters(line.text));
        }
    }
    told
}

fn small_words<'a>(page: &Page<'a>) -> HashSet<&'a str, RandomState> {
    let words =
        page.lines.iter().flat_map(|line| line.text.split(|c: char| !is_alphanumeric(c)));
    words.filter(|word| word.starts_with(char::is_lowercase)).collect()
}
