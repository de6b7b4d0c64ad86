//! Re-flow: hard-wrapped lines become paragraphs again.
//!
//! The column is found from the text. Paragraphs are told by blank lines, by indents, which
//! become blank lines first, or by a last line that is short.

pub(crate) mod indent;
mod line_end;
mod margin;

use std::{collections::HashSet, ops::Range};

use self::{
    line_end::{LineEnd, needs_no_space},
    margin::{COLUMNS, Margin},
};
use crate::map::Rewrite;

/// Lines that may be too wide for any margin: a headline, an address in brackets. A third
/// says that paragraphs are lines.
const MAX_WIDE: usize = 2;

/// Joins wrapped lines where most lines of the text are wrapped; counts the joins.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    let ends = line_ends(text)?;
    let margin = Margin::of(&ends)?;
    let mut rewrite = Rewrite::of(text);
    let n_joined = join(&mut rewrite, text, &ends, &margin, &[]);
    rewrite.finish().map(|rewrite| (rewrite, n_joined))
}

/// Joins the lines that a program parted and puts blank lines at `starts`, stretches of
/// spaces before paragraphs, in order; counts the joins.
fn join(
    rewrite: &mut Rewrite<'_>,
    text: &str,
    ends: &[LineEnd<'_>],
    margin: &Margin,
    starts: &[Range<usize>],
) -> u32 {
    // Only a hyphen at a line end asks for the words of the text.
    let has_hyphen = ends.iter().any(|end| end.line.ends_with('-'));
    let words = if has_hyphen { vocabulary(text) } else { HashSet::new() };
    let mut starts = starts.iter().peekable();
    let mut n_joined = 0;
    for end in ends.iter().filter(|end| margin.joins(end)) {
        let (start, glue) = joint(end, &words);
        while let Some(range) = starts.next_if(|range| range.start < start) {
            rewrite.replace(range.clone(), "\n\n");
        }
        rewrite.replace(start..end.next_at, glue);
        n_joined += 1;
    }
    for range in starts {
        rewrite.replace(range.clone(), "\n\n");
    }
    n_joined
}

/// The line ends inside paragraphs; `None` where lines are too wide to be wrapped.
fn line_ends(text: &str) -> Option<Vec<LineEnd<'_>>> {
    let mut found = Vec::new();
    let (mut at, mut block, mut n_wide) = (0, 0, 0);
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        if line.is_empty() {
            block += usize::from(!found.is_empty());
        } else if let Some(next) = lines.peek().filter(|next| !next.is_empty()) {
            if is_wide(line) {
                n_wide += 1;
                if n_wide > MAX_WIDE {
                    return None;
                }
            }
            found.push(LineEnd::new(at, line, next, block));
        }
        at += 1;
    }
    Some(found)
}

/// Whether a line is too wide for any margin and could have been wrapped.
fn is_wide(line: &str) -> bool {
    // No character has more bytes than these, or fewer columns than one.
    const MOST_BYTES: usize = 4 * *COLUMNS.end();
    if line.len() <= *COLUMNS.end() {
        return false;
    }
    let is_over = line.len() > MOST_BYTES || line_end::columns(line) > *COLUMNS.end();
    is_over && line.contains(|c| c == ' ' || needs_no_space(c))
}

/// What stands between two joined lines, and where it begins.
fn joint(end: &LineEnd<'_>, words: &HashSet<String>) -> (usize, &'static str) {
    let first = end.next.chars().next();
    let last = end.line.chars().next_back();
    if let Some(rest) = end.line.strip_suffix('-').filter(|_| is_letter(first)) {
        let head = last_word(rest);
        if !head.is_empty() {
            let joined = format!("{head}{}", first_word(end.next)).to_lowercase();
            let is_word = words.contains(&joined);
            return if is_word { (end.at - 1, "") } else { (end.at, "") };
        }
    }
    let meets = |c: Option<char>| c.is_some_and(needs_no_space);
    let is_dash = end.line.ends_with('—') && !end.line.ends_with(" —");
    if is_dash || meets(last) && meets(first) { (end.at, "") } else { (end.at, " ") }
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphabetic)
}

fn last_word(line: &str) -> &str {
    line.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("")
}

fn first_word(line: &str) -> &str {
    line.split(|c: char| !c.is_alphabetic()).next().unwrap_or("")
}

/// The words of a text in lower case. Halves of words are among them, which is harmless:
/// a half is looked up by nobody.
fn vocabulary(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect()
}
