//! Indents: where paragraphs of a wrapped text are told by them, blank lines do it instead.
//!
//! Runs before white space is tidied, which takes indents away. Two habits are known: the
//! first line of a paragraph stands further in than the rest, or further out, as in lists.

use super::{
    line_end::{LineEnd, ends_sentence, starts_item, starts_sentence},
    margin::Margin,
};
use crate::map::Rewrite;

/// A line as it stands in the text.
struct Line<'t> {
    /// Bytes of the line end before and of the first character that is no space.
    line_end: usize,
    start: usize,
    text: &'t str,
    indent: usize,
}

/// Puts a blank line before each paragraph that an indent tells, if the text is wrapped.
/// No flaw is counted: joining the lines does.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    if !has_indent(text) {
        return None;
    }
    let lines = lines(text);
    let starts = [further_in, further_out].into_iter().find_map(|habit| {
        let starts = habit(&lines)?;
        Margin::of(&line_ends(&lines, &starts)).is_some().then_some(starts)
    })?;
    let mut rewrite = Rewrite::of(text);
    for (line, _) in lines.iter().zip(&starts).filter(|(_, is_start)| **is_start) {
        rewrite.replace(line.line_end..line.start, "\n\n");
    }
    rewrite.finish().map(|rewrite| (rewrite, 0))
}

/// Whether any line but the first begins with a space. Few texts have one.
fn has_indent(text: &str) -> bool {
    memchr::memchr_iter(b'\n', text.as_bytes()).any(|at| {
        let rest = &text[at + 1..];
        match rest.as_bytes().first() {
            Some(b' ' | b'\t') => true,
            Some(0xc2 | 0xe2 | 0xe3) => rest.starts_with(is_space),
            _ => false,
        }
    })
}

fn is_space(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for whole in text.split('\n') {
        let text = whole.trim_start_matches(is_space);
        let spaces = &whole[..whole.len() - text.len()];
        lines.push(Line {
            line_end: at.max(1) - 1,
            start: at + spaces.len(),
            text: text.trim_end(),
            indent: spaces.chars().map(columns_of_space).sum(),
        });
        at += whole.len() + 1;
    }
    lines
}

fn columns_of_space(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{3000}' => 2,
        _ => 1,
    }
}

/// The least indent that a line in `share` has.
fn least_indent(lines: &[Line<'_>], share: usize) -> Option<usize> {
    let full = lines.iter().filter(|line| !line.text.is_empty());
    let mut indents: Vec<usize> = full.map(|line| line.indent).collect();
    indents.sort_unstable();
    let n_lines = indents.len();
    let mut groups = indents.chunk_by(|a, b| a == b);
    groups.find(|group| group.len() * share >= n_lines).map(|group| group[0])
}

/// First lines that stand further in than the rest; `None` where no paragraphs begin there.
fn further_in(lines: &[Line<'_>]) -> Option<Vec<bool>> {
    let base = least_indent(lines, 5)?;
    let is_in = |at: usize| {
        lines.get(at).is_some_and(|line| !line.text.is_empty() && line.indent > base)
    };
    let is_base = |at: usize| {
        lines.get(at).is_some_and(|line| !line.text.is_empty() && line.indent <= base)
    };
    // A stretch of lines further in that no line of the base follows is a quotation.
    let mut is_first = vec![false; lines.len()];
    let mut has_base_below = false;
    for at in (0..lines.len()).rev() {
        let is_run = is_in(at) && (is_base(at + 1) || is_in(at + 1) && has_base_below);
        has_base_below = is_run;
        is_first[at] = is_run || is_in(at) && at > 0 && is_base(at - 1);
    }
    let may_begin = |at: usize| {
        let before = &lines[at - 1];
        ends_sentence(before.text) && starts_sentence(lines[at].text)
    };
    let begins = |at: usize| is_first[at] && at > 0 && !lines[at - 1].text.is_empty();
    let found: Vec<usize> = (0..lines.len()).filter(|at| begins(*at)).collect();
    let n_sound = found.iter().filter(|at| may_begin(**at)).count();
    if found.is_empty() || n_sound * 5 < found.len() * 3 {
        return None;
    }
    let is_start = |at: usize| begins(at) && (!is_in(at - 1) || may_begin(at));
    Some((0..lines.len()).map(is_start).collect())
}

/// First lines that stand further out than the rest; `None` where no paragraphs begin there.
fn further_out(lines: &[Line<'_>]) -> Option<Vec<bool>> {
    let base = least_indent(lines, lines.len())?;
    let is_out = |at: usize| lines[at].indent <= base;
    // What goes on stands further in, so that every other line is a paragraph's first; but
    // for those of a text that such a list stands in.
    let begins = |at: usize| {
        at > 0
            && is_out(at)
            && !lines[at].text.is_empty()
            && !lines[at - 1].text.is_empty()
            && !(is_out(at - 1) && lines[at].text.starts_with(char::is_lowercase))
    };
    let may_begin = |at: &usize| {
        let line = lines[*at].text;
        starts_item(line, true)
            || ends_sentence(lines[at - 1].text) && starts_sentence(line)
    };
    let found: Vec<usize> =
        (0..lines.len()).filter(|at| begins(*at) && !is_out(*at - 1)).collect();
    let n_sound = found.iter().filter(|at| may_begin(at)).count();
    let is_habit = !found.is_empty() && n_sound * 5 >= found.len() * 3;
    is_habit.then(|| (0..lines.len()).map(begins).collect())
}

/// The line ends inside the paragraphs that begin so.
fn line_ends<'t>(lines: &[Line<'t>], starts: &[bool]) -> Vec<LineEnd<'t>> {
    let mut block = 0;
    let mut ends = Vec::new();
    for (at, pair) in lines.windows(2).enumerate() {
        let [line, next] = pair else { continue };
        if line.text.is_empty() || next.text.is_empty() || starts[at + 1] {
            block += 1;
        } else {
            ends.push(LineEnd::new(next.line_end, line.text, next.text, block));
        }
    }
    ends
}
