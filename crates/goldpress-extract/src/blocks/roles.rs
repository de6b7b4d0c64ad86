//! Roles: what each line does, once the region of the body is known.

use goldpress_model::Role;

use super::cues::CueKind;
use super::line::{Element, Line, within};
use super::marks::Mark;
use super::page::Page;
use super::region::{Place, Region};
use super::signed::Bylines;
use super::title::letters;
use crate::dates::is_dateline;
use crate::lexicon::fold;

/// The role of every line of a page, once its region is known.
pub(crate) fn roles(page: &Page<'_>, region: Region, summary: Option<&str>) -> Vec<Role> {
    let first_prose = first_prose(page);
    let labeller = Labeller {
        page,
        summary: summary.map(letters).unwrap_or_default(),
        first_prose,
        bylines: Bylines::of(page, |at| is_near_title(page, first_prose, at)),
    };
    let role = |(at, place): (usize, Place)| match place {
        Place::Inside => labeller.inside(at),
        Place::Outside => labeller.outside(at),
        Place::Beyond(role) => labeller.beyond(at, role),
    };
    region.places.into_iter().enumerate().map(role).collect()
}

struct Labeller<'p, 'a> {
    page: &'p Page<'a>,
    /// Letters of the summary that the head states.
    summary: String,
    /// The first line of running text after the title.
    first_prose: usize,
    bylines: Bylines<'a>,
}

impl Labeller<'_, '_> {
    /// A line of the body, unless its words or its element say that it is no text of it.
    fn inside(&self, at: usize) -> Role {
        let line = &self.page.lines[at];
        if self.page.title == Some(at) {
            return Role::Title;
        }
        if let Some(role) = self.about(at) {
            return role;
        }
        if let Some(role) = self.cue_inside(at) {
            return role;
        }
        if line.heading > 0 {
            return if self.is_subtitle(at) { Role::Subtitle } else { Role::Heading };
        }
        if line.is_within(within::QUOTE) || line.element == Element::Quote {
            return Role::Quote;
        }
        if self.is_subtitle(at) {
            return Role::Subtitle;
        }
        let is_row =
            matches!(line.element, Element::Item | Element::Cell | Element::Term);
        if is_row || line.is_within(within::TABLE | within::LIST) {
            return Role::List;
        }
        if self.is_plain_caption(at) {
            return Role::Caption;
        }
        if self.is_plain_heading(at) { Role::Heading } else { Role::Paragraph }
    }

    /// A line that stands outside the body.
    fn outside(&self, at: usize) -> Role {
        let line = &self.page.lines[at];
        if self.page.title == Some(at) {
            return Role::Title;
        }
        if let Some(role) = self.about(at) {
            return role;
        }
        let is_near = self.is_near_title(at);
        if is_near && self.is_subtitle(at) {
            return Role::Subtitle;
        }
        let role = self.furniture(at);
        // What a page prints between the title and its text, and is no menu, is a picture's.
        if is_near && line.is_within(within::FIGURE) { Role::Caption } else { role }
    }

    /// A line in the tail of a plain text, whose place gives `role`.
    fn beyond(&self, at: usize, role: Role) -> Role {
        let line = &self.page.lines[at];
        match line.cue {
            Some(cue)
                if cue.kind >= CueKind::Starts
                    && cue.role.class() == Role::Nav.class() =>
            {
                cue.role
            }
            Some(cue) if cue.kind == CueKind::Holds && cue.role == Role::Legal => {
                Role::Legal
            }
            _ if self.page.title == Some(at) => Role::Title,
            _ => role,
        }
    }

    /// Bylines, datelines and captions: what is about the article, inside or outside.
    fn about(&self, at: usize) -> Option<Role> {
        let line = &self.page.lines[at];
        if in_comments(line) || self.page.section[at] == Some(Role::Comment) {
            return None;
        }
        let is_caption = line.vote(Mark::Caption) >= 0.8 && line.n_words <= 80
            || line.element == Element::Caption
            || line.is_within(within::FIGURE)
                && !line.is_within(within::TABLE | within::QUOTE);
        if is_caption && line.link < 0.75 && line.vote(Mark::Related) < 0.8 {
            return Some(Role::Caption);
        }
        if self.bylines.is_byline(self.page, at, self.is_near_title(at), self.first_prose)
        {
            return Some(Role::Byline);
        }
        if line.heading == 0 && line.n_words <= 60 && ends_in_credit(line.text) {
            return Some(Role::Caption);
        }
        let in_table = line.is_within(within::TABLE);
        let stamped = line.element == Element::Time || line.vote(Mark::Dateline) >= 0.8;
        let is_item = line.is_within(within::LIST) && !stamped;
        let is_plain = line.heading == 0 && line.link < 0.75;
        let is_placed = stamped || self.is_near_title(at) || is_plain;
        let is_date = !in_table && !is_item && is_placed && is_dateline(line.text);
        is_date.then_some(Role::Dateline)
    }

    /// What a cue makes of a line that the region holds for body.
    fn cue_inside(&self, at: usize) -> Option<Role> {
        let line = &self.page.lines[at];
        // Words and place agree, or the element says so itself.
        let is_below = self.page.section[at] == Some(Role::Comment);
        if in_comments(line) && (is_below || line.vote(Mark::Comment) >= 0.8) {
            return Some(self.furniture(at));
        }
        if line.is_within(within::AD) || line.vote(Mark::Ad) >= 0.8 && line.n_words <= 6 {
            return Some(Role::Ad);
        }
        let cue = line.cue?;
        let is_quoted =
            line.text.starts_with(['"', '“', '„', '«', '「', '‘']) && line.ends;
        let is_item = line.is_within(within::LIST | within::TABLE) && line.link < 0.75;
        // Asks are set as small headings too.
        let is_heading = line.heading > 0 && !(line.ends && line.n_words > 12);
        let is_long = line.n_words > 25;
        let is_long_ask = line.n_words > 40 || is_long && cue.kind < CueKind::Starts;
        let is_tail = self.page.share_before(at) > 0.7 && line.n_words <= 40;
        let role = match (cue.role, cue.kind) {
            _ if is_quoted => return None,
            (Role::Byline, _) => return None,
            (Role::Ad, CueKind::Is | CueKind::Starts) => Role::Ad,
            (Role::Caption, CueKind::Holds | CueKind::Ends)
                if line.ends && line.n_words > 20 =>
            {
                return None;
            }
            (Role::Caption, _) if is_heading || is_item => return None,
            (Role::Other, CueKind::Starts) if !is_heading => Role::Other,
            (Role::Legal, CueKind::Holds) if is_item || is_heading => return None,
            (Role::Legal, _) if !is_long || is_tail || cue.kind >= CueKind::Starts => {
                Role::Legal
            }
            (Role::Related, CueKind::Is) => Role::Related,
            (Role::Related, _) if !is_long => Role::Related,
            (Role::Comment | Role::Form, CueKind::Is | CueKind::Starts) if !is_item => {
                cue.role
            }
            // Advice in a list and headings in the imperative are text: `Get more sleep`.
            (Role::Promo, _) if is_item || is_heading || is_long_ask => return None,
            (Role::Promo, CueKind::Holds) if line.n_stops > 2 => return None,
            (Role::Promo, _) => Role::Promo,
            (Role::Nav, CueKind::Is) if !is_heading && !is_item => Role::Nav,
            (Role::Nav, CueKind::Starts | CueKind::Ends) if !is_heading && !line.ends => {
                Role::Nav
            }
            (Role::Caption, _) => Role::Caption,
            _ => return None,
        };
        Some(role)
    }

    /// What a line outside the body is: by its words, then its marks, then its place.
    fn furniture(&self, at: usize) -> Role {
        let line = &self.page.lines[at];
        let section = self.page.section[at];
        if in_comments(line) {
            let is_form = line.cue_role(CueKind::Starts) == Some(Role::Form)
                || line.element == Element::Control
                || line.is_within(within::FORM);
            return if is_form { Role::Form } else { Role::Comment };
        }
        if let Some(role) = line.cue_role(CueKind::Starts)
            && role.class() == Role::Nav.class()
        {
            return role;
        }
        if line.element == Element::Control || line.is_within(within::FORM) {
            let is_menu =
                line.is_within(within::NAV | within::HEADER) || section.is_none();
            let alone = line.element == Element::Control && !line.is_within(within::NAV);
            return if is_menu && alone && line.n_words <= 3 && line.vote(Mark::Form) < 0.3
            {
                Role::Nav
            } else {
                Role::Form
            };
        }
        if let Some(role) = line.cue_role(CueKind::Holds)
            && role.class() == Role::Nav.class()
        {
            return role;
        }
        if let Some(role) = self.marked(line) {
            return role;
        }
        match section {
            Some(Role::Comment) if line.link < 0.75 => return Role::Comment,
            Some(Role::Related) => return Role::Related,
            Some(role) if line.n_words <= 30 && role != Role::Comment => return role,
            _ => {}
        }
        let is_after = self.page.title.is_some_and(|title| at > title);
        if line.link >= 0.75 || line.heading > 0 {
            let is_title = line.n_words >= 4 && (is_after || line.n_words >= 6);
            return if is_title { Role::Related } else { Role::Nav };
        }
        if line.n_words >= 12 { Role::Promo } else { Role::Nav }
    }

    /// The role that the marks of the element and its ancestors give.
    fn marked(&self, line: &Line<'_>) -> Option<Role> {
        let votes = [
            (Mark::Ad, Role::Ad),
            (Mark::Related, Role::Related),
            (Mark::Promo, Role::Promo),
            (Mark::Legal, Role::Legal),
            (Mark::Form, Role::Form),
        ];
        let (vote, role) =
            votes.map(|(mark, role)| (line.vote(mark), role)).into_iter().fold(
                (0.0, Role::Nav),
                |best, next| if next.0 > best.0 { next } else { best },
            );
        let nav =
            line.vote(Mark::Nav).max(if line.is_within(within::NAV) { 0.8 } else { 0.0 });
        if nav >= 0.45 && nav >= vote && line.n_words <= 12 {
            return Some(Role::Nav);
        }
        (vote >= 0.45 && !(role == Role::Related && line.n_words < 3)).then_some(role)
    }

    fn is_near_title(&self, at: usize) -> bool {
        is_near_title(self.page, self.first_prose, at)
    }

    /// A summary between title and text.
    fn is_subtitle(&self, at: usize) -> bool {
        let line = &self.page.lines[at];
        let Some(title) = self.page.title else { return false };
        let placed = at > title && at <= self.first_prose && at <= title + 6;
        if !placed || line.n_words < 3 || line.n_words > 70 || line.link > 0.5 {
            return false;
        }
        if line.vote(Mark::Subtitle) >= 1.0 {
            return true;
        }
        let own = letters(line.text);
        let stated = own.len() >= 20 && !self.summary.is_empty() && own == self.summary;
        // A heading right under the headline is its second deck.
        stated && at < self.first_prose
            || self.page.is_markup
                && line.heading > 0
                && line.n_words >= 6
                && at == title + 1
    }

    /// In a text: a short line without an end, between title and text.
    fn is_plain_caption(&self, at: usize) -> bool {
        let line = &self.page.lines[at];
        let Some(title) = self.page.title.filter(|_| !self.page.is_markup) else {
            return false;
        };
        at > title && at < self.first_prose && !line.ends && line.n_words <= 15
    }

    /// A short line without an end, between two lines of running text.
    fn is_plain_heading(&self, at: usize) -> bool {
        let line = &self.page.lines[at];
        let is_prose = |at: Option<usize>| {
            at.and_then(|at| self.page.lines.get(at)).is_some_and(Line::is_prose)
        };
        let most = if self.page.is_markup { 10 } else { 8 };
        let starts = line.text.starts_with(|c: char| c.is_numeric() || c.is_alphabetic())
            && !line.text.starts_with(char::is_lowercase);
        !line.ends
            && line.n_words <= most
            && starts
            && line.n_commas == 0
            && is_prose(Some(at + 1))
            && (is_prose(at.checked_sub(1)) || at > self.first_prose)
    }
}

/// Whether the line closes with who made the picture: `… on the pier. Photo: A. Vale`.
fn ends_in_credit(line: &str) -> bool {
    const WORDS: [&str; 13] = [
        "image:",
        "photo:",
        "picture:",
        "video:",
        "audio:",
        "credit:",
        "photograph:",
        "illustration:",
        "foto:",
        "bild:",
        "crédit:",
        "фото:",
        "imagen:",
    ];
    if !line.contains(':') {
        return false;
    }
    let folded = fold(line);
    let found = WORDS.iter().filter_map(|word| Some((folded.rfind(word)?, word.len())));
    found.max().is_some_and(|(at, len)| {
        let name = &folded[at + len..];
        let starts_word = folded[..at].ends_with([' ', '(', '[', '.']);
        starts_word && name.split_whitespace().count() <= 6 && name.trim().len() > 1
    })
}

/// Between the title and the text, or where the title would be.
fn is_near_title(page: &Page<'_>, first_prose: usize, at: usize) -> bool {
    let title = page.title.unwrap_or(0);
    (title.saturating_sub(4)..=title + 14).contains(&at) && at <= first_prose + 1
}

fn in_comments(line: &Line<'_>) -> bool {
    line.vote(Mark::Comment) >= 0.35
}

/// The first running text after the title, else of the page.
fn first_prose(page: &Page<'_>) -> usize {
    let from = page.title.map_or(0, |title| title + 1);
    let is_text = |at: &usize| {
        let line = &page.lines[*at];
        // A text without full stops is text all the same.
        let is_plain = !page.is_markup && line.n_words >= 16 && line.cue.is_none();
        (line.is_prose() || is_plain)
            && line.vote(Mark::Subtitle) < 1.0
            && !line.is_within(within::FIGURE)
    };
    (from..page.lines.len()).find(is_text).unwrap_or(page.lines.len())
}
