//! Features: a page's lines as numbers, for the score that tells body from the rest.
//!
//! Every feature has a name, by which the data file `region.toml` gives its weight.

use goldpress_model::Role;

use super::cues::CueKind;
use super::line::{Line, WITHIN, within};
use super::marks::N_MARKS;
use super::page::Page;

/// Names of all features, in the order of their numbers.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = FIXED.iter().map(|name| (*name).to_owned()).collect();
    let ranges: [(&str, usize); 17] = [
        ("words", 8),
        ("link", 4),
        ("element", 15),
        ("within", WITHIN.len()),
        ("mark", N_MARKS),
        ("cue", Role::ALL.len()),
        ("section", Role::ALL.len()),
        ("group", 6),
        ("around1", 4),
        ("around3", 4),
        ("around8", 4),
        ("before", 5),
        ("previous", 8),
        ("next", 8),
        ("previous-link", 4),
        ("next-link", 4),
        ("heading", 7),
    ];
    for (name, n) in ranges {
        names.extend((0..n).map(|at| format!("{name}-{at}")));
    }
    names
}

const FIXED: [&str; 20] = [
    "bias",
    "ends",
    "has-comma",
    "several-sentences",
    "mostly-upper",
    "mostly-digits",
    "repeated",
    "in-stated-body",
    "not-in-stated-body",
    "is-title",
    "before-title",
    "after-title",
    "item-linked",
    "item-prose",
    "heading-linked",
    "short-in-group",
    "after-comments",
    "previous-is-prose",
    "next-is-prose",
    "between-prose",
];

/// The features of one line that are not 0, by number.
pub(crate) type Vector = Vec<(usize, f32)>;

/// The features of every line of a page.
pub(crate) fn vectors(page: &Page<'_>) -> Vec<Vector> {
    let mut comments_open = false;
    (0..page.lines.len())
        .map(|at| {
            comments_open |= page.section[at] == Some(Role::Comment);
            vector(page, at, comments_open)
        })
        .collect()
}

fn vector(page: &Page<'_>, at: usize, after_comments: bool) -> Vector {
    let line = &page.lines[at];
    let previous = at.checked_sub(1).map(|at| &page.lines[at]);
    let next = page.lines.get(at + 1);
    let prose = |line: Option<&Line<'_>>| line.is_some_and(Line::is_prose);
    let is_item = line.is_within(within::LIST);
    let body = page.in_stated_body.as_ref().map(|body| body[at]);
    let conditions = [
        true,
        line.ends,
        line.n_commas > 0,
        line.n_stops > 1,
        line.upper_share > 0.6,
        line.digit_share > 0.3,
        page.repeated[at],
        body == Some(true),
        body == Some(false),
        page.title == Some(at),
        page.title.is_some_and(|title| at < title),
        page.title.is_some_and(|title| at > title),
        is_item && line.link > 0.75,
        is_item && line.is_prose(),
        line.heading > 0 && line.link > 0.75,
        line.n_words < 10 && page.group_share[at] > 0.3,
        after_comments,
        prose(previous),
        prose(next),
        prose(previous) && prose(next),
    ];
    let mut found = Builder::default();
    found.many(conditions.map(|holds| f32::from(u8::from(holds))));
    found.one_of(word_bin(line.n_words), 8);
    found.one_of(link_bin(line.link), 4);
    found.one_of(line.element as usize, 15);
    found.many((0..WITHIN.len()).map(|bit| f32::from(line.within >> bit & 1)));
    found.many(line.votes);
    let cue = line
        .cue
        .map(|cue| (cue.role, if cue.kind >= CueKind::Starts { 1.0 } else { 0.5 }));
    found.role(cue);
    found.role(page.section[at].map(|role| (role, 1.0)));
    found.one_of(share_bin(page.group_share[at]), 6);
    for reach in [1, 3, 8] {
        found.one_of(around_bin(page.words_around(at, reach)), 4);
    }
    found.one_of(before_bin(page, at), 5);
    found.one_of(previous.map_or(7, |line| word_bin(line.n_words)), 8);
    found.one_of(next.map_or(7, |line| word_bin(line.n_words)), 8);
    found.one_of(previous.map_or(3, |line| link_bin(line.link)), 4);
    found.one_of(next.map_or(3, |line| link_bin(line.link)), 4);
    found.one_of(usize::from(line.heading.min(6)), 7);
    found.vector
}

/// Puts features one after the other, in the order of [`names`].
#[derive(Default)]
struct Builder {
    vector: Vector,
    base: usize,
}

impl Builder {
    fn many(&mut self, values: impl IntoIterator<Item = f32>) {
        for value in values {
            if value != 0.0 {
                self.vector.push((self.base, value));
            }
            self.base += 1;
        }
    }

    fn one_of(&mut self, at: usize, n: usize) {
        self.vector.push((self.base + at, 1.0));
        self.base += n;
    }

    fn role(&mut self, role: Option<(Role, f32)>) {
        if let Some((role, value)) = role {
            self.vector.push((self.base + role as usize, value));
        }
        self.base += Role::ALL.len();
    }
}

fn word_bin(n_words: usize) -> usize {
    [2, 5, 10, 20, 40, 80].iter().position(|most| n_words <= *most).unwrap_or(6)
}

fn link_bin(link: f32) -> usize {
    [0.01, 0.33, 0.75].iter().position(|most| link < *most).unwrap_or(3)
}

fn share_bin(share: f32) -> usize {
    [0.001, 0.05, 0.15, 0.35, 0.65].iter().position(|most| share < *most).unwrap_or(5)
}

fn around_bin(words: f32) -> usize {
    [10.0, 40.0, 120.0].iter().position(|most| words < *most).unwrap_or(3)
}

/// How much of the running text stands before the line.
fn before_bin(page: &Page<'_>, at: usize) -> usize {
    let all = page.n_good_words();
    let share = if all > 0.0 { page.words_before[at] / all } else { 0.0 };
    [0.001, 0.05, 0.7, 0.97].iter().position(|most| share < *most).unwrap_or(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_name() {
        let names = names();
        let last = FIXED.len() + 8 + 4 + 15 + 13 + 17 + 17 + 17 + 6 + 12 + 5 + 16 + 8 + 7;
        assert_eq!(names.len(), last);
    }
}
