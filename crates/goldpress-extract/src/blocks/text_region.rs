//! The region of a text that is declared to be an article's: everything is body until a
//! cue says otherwise.
//!
//! The exceptions are runs of very short lines, as rendered menus are, and the tail that a
//! heading of comments or a form opens.

use goldpress_model::Role;

use super::cues::CueKind;
use super::line::Line;
use super::page::{MENU_LINES, Page};
use super::region::Place;

/// The place of each line. What would leave no text at all leaves all of it.
pub(crate) fn places(page: &Page<'_>) -> Vec<Place> {
    let outside = outside(page);
    let is_left = outside
        .iter()
        .enumerate()
        .any(|(at, role)| role.is_none() && page.title != Some(at));
    let place = |role: Option<Role>| role.filter(|_| is_left).map(Place::Beyond);
    outside.into_iter().map(|role| place(role).unwrap_or(Place::Inside)).collect()
}

/// Lines after the last running text from which on the learned region is asked.
const TAIL_LINES: usize = 5;

/// The places of a text without menus, as people save an article by hand: as of a declared
/// text, but for a tail of short lines: all of it, where their scores say so together, else
/// the lines that the learned region leaves `inside` out of.
pub(crate) fn of_clean_text(
    page: &Page<'_>,
    inside: &[bool],
    scores: &[f32],
) -> Vec<Place> {
    let mut places = places(page);
    let last = page.lines.iter().rposition(Line::is_prose).map_or(0, |last| last + 1);
    if page.lines.len() - last >= TAIL_LINES {
        let is_tail = scores[last..].iter().sum::<f32>() < 0.0;
        for at in last..page.lines.len() {
            if places[at] == Place::Inside && (is_tail || !inside[at]) {
                places[at] = Place::Outside;
            }
        }
    }
    places
}

/// For each line the role that its place alone gives it; `None` for what may be body.
fn outside(page: &Page<'_>) -> Vec<Option<Role>> {
    let lines = &page.lines;
    let mut found = vec![None; lines.len()];
    mark_menus(lines, page.title, &mut found);
    let mut open: Option<Role> = None;
    let mut has_text = false;
    for (at, line) in lines.iter().enumerate() {
        let cue = line.cue.map(|cue| (cue.role, cue.kind));
        open = match (cue, open) {
            (Some((Role::Comment, CueKind::Is | CueKind::Starts)), _)
                if !is_in_menu(page, at) =>
            {
                Some(Role::Comment)
            }
            (Some((Role::Related, CueKind::Is)), None) => Some(Role::Related),
            // A form below the comments ends them, and nothing of the article follows.
            (Some((Role::Form, CueKind::Is | CueKind::Starts)), _)
                if open.is_some() || at * 2 > lines.len() =>
            {
                Some(Role::Form)
            }
            (None, Some(Role::Related)) if line.ends && line.n_words >= 8 => None,
            (_, open) => open,
        };
        // A heading of comments above the text is a count of them, not their beginning.
        let is_text = line.is_prose() || line.n_words >= TEXT_WORDS;
        has_text |= is_text && line.cue.is_none() && page.title != Some(at);
        if open == Some(Role::Comment) && !has_text {
            open = None;
        }
        found[at] = open.or(found[at]);
    }
    found
}

/// Words of a line that is text although it does not end.
const TEXT_WORDS: usize = 20;

/// Whether a word such as `Comment` stands among others above the text.
fn is_in_menu(page: &Page<'_>, at: usize) -> bool {
    at < page.core.start && page.runs[at].short + 2 >= MENU_LINES
}

fn mark_menus(lines: &[Line<'_>], title: Option<usize>, found: &mut [Option<Role>]) {
    let is_short = |at: usize| {
        let line = &lines[at];
        line.n_words <= 4 && !line.ends && Some(at) != title
    };
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|at| !is_short(*at)).unwrap_or(lines.len());
        if end - at >= usize::from(MENU_LINES) {
            found[at..end].fill(Some(Role::Nav));
        }
        at = end.max(at + 1);
    }
}
