//! Teasers: linked titles of other articles, each with a sentence or two below it.
//!
//! One by one they are running text, and a page may hold more of them than of its article.
//! What tells them is that they alternate with links, in a place of their own.

use super::line::{Line, within};
use super::marks::Mark;
use super::page::Page;

/// Teasers of one place that make it a list of them.
const LEAST: u32 = 3;
/// Lines below the title in which the article must begin.
const REACH: usize = 12;
/// Words of a line that begins the article.
const LEAD_WORDS: usize = 15;

/// Which lines are teasers or their titles; none where nothing else follows the title, since
/// a page of teasers is about them. Linear in the number of lines.
pub(crate) fn teasers(page: &Page<'_>) -> Vec<bool> {
    let lines = &page.lines;
    let mut found = vec![false; lines.len()];
    let Some(lead) = lead(page) else { return found };
    let mut counts = vec![Count::default(); page.groups.len()];
    for at in (0..lines.len()).filter(|at| is_text(&lines[*at])) {
        let count = &mut counts[page.group[at]];
        count.n_texts += 1;
        count.n_titled += u32::from(is_titled(page, at));
        count.n_adjacent += u32::from(at > 0 && page.group[at - 1] == page.group[at]);
    }
    let main = page.group[lead];
    for at in (1..lines.len()).filter(|at| is_text(&lines[*at])) {
        let group = page.group[at];
        let is_list = group != main && counts[group].is_list();
        if is_list && is_titled(page, at) && is_apart(page, lead, at) {
            found[at - 1] = true;
            found[at] = true;
        }
    }
    found
}

/// Whether a line stands in a list, at the side, or in another `article` than the lead:
/// parts of one article may have linked titles too.
fn is_apart(page: &Page<'_>, lead: usize, at: usize) -> bool {
    let line = &page.lines[at];
    let article = |at: usize| page.groups[page.group[at]].article;
    line.is_within(within::LIST | within::ASIDE)
        || line.vote(Mark::Aside) >= 0.35
        || line.vote(Mark::Related) >= 0.8
        || article(at) != 0 && article(lead) != 0 && article(at) != article(lead)
}

#[derive(Clone, Copy, Default)]
struct Count {
    n_texts: u32,
    /// Those with a linked title right above.
    n_titled: u32,
    /// Those right below a line of the same place, as paragraphs are.
    n_adjacent: u32,
}

impl Count {
    fn is_list(self) -> bool {
        self.n_titled >= LEAST
            && self.n_titled * 5 >= self.n_texts * 4
            && self.n_adjacent == 0
    }
}

/// The line that begins the article.
fn lead(page: &Page<'_>) -> Option<usize> {
    let title = page.title?;
    let near = (title + 1..page.lines.len()).take(REACH);
    near.into_iter().find(|at| {
        let line = &page.lines[*at];
        line.n_words >= LEAD_WORDS
            && line.link < 0.3
            && line.heading == 0
            && line.cue.is_none()
            && !(is_titled(page, *at) && *at > title + 1)
    })
}

fn is_text(line: &Line<'_>) -> bool {
    line.n_words >= 8 && line.link < 0.4 && line.heading == 0
}

fn is_titled(page: &Page<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|above| {
        let title = &page.lines[above];
        title.link > 0.75 && title.n_words >= 3 && page.title != Some(above)
    })
}
