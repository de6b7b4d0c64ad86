//! The region of a plain text: everything is body until a cue says otherwise.
//!
//! A text has no markup to judge by, and what people save by hand is mostly article; the
//! exceptions are runs of very short lines, as rendered menus are, and the tail that a
//! heading of comments or a form opens.

use goldpress_model::Role;

use super::cues::CueKind;
use super::line::Line;
use super::page::Page;

/// Short lines in a row that make a menu of them.
const MENU_LINES: usize = 5;

/// For each line the role that its place alone gives it; `None` for what may be body.
pub(crate) fn outside(page: &Page<'_>) -> Vec<Option<Role>> {
    let lines = &page.lines;
    let mut found = vec![None; lines.len()];
    mark_menus(lines, page.title, &mut found);
    let mut open: Option<Role> = None;
    let mut has_text = false;
    for (at, line) in lines.iter().enumerate() {
        let cue = line.cue.map(|cue| (cue.role, cue.kind));
        open = match (cue, open) {
            (Some((Role::Comment, CueKind::Is | CueKind::Starts)), _) => {
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
        has_text |= line.n_words >= 10 && line.cue.is_none() && page.title != Some(at);
        if open == Some(Role::Comment) && !has_text {
            open = None;
        }
        found[at] = open.or(found[at]);
    }
    found
}

fn mark_menus(lines: &[Line<'_>], title: Option<usize>, found: &mut [Option<Role>]) {
    let is_short = |at: usize| {
        let line = &lines[at];
        line.n_words <= 4 && !line.ends && Some(at) != title
    };
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|at| !is_short(*at)).unwrap_or(lines.len());
        if end - at >= MENU_LINES {
            found[at..end].fill(Some(Role::Nav));
        }
        at = end.max(at + 1);
    }
}
