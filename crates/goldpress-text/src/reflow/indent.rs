//! Indents: wrapped text whose paragraphs they tell, or whose margin counts them.
//!
//! Runs before white space is tidied, which takes indents away. Three habits are known: the
//! first line of a paragraph stands further in than the rest, or further out, as in lists;
//! or blank lines part paragraphs, and indents are ornament.

use std::ops::Range;

use super::{
    join,
    line_end::{LineEnd, columns, ends_sentence, starts_item, starts_sentence},
    margin::{HEAD_LINES, Margin},
};
use crate::map::Rewrite;

/// A line as it stands in the text.
struct Line<'t> {
    /// Bytes of the first character that is no space and behind the last.
    start: usize,
    end: usize,
    text: &'t str,
    indent: usize,
}

/// Which lines begin a paragraph though no blank line stands before them.
type Starts = Vec<bool>;

/// Joins wrapped lines, and puts a blank line before each paragraph that an indent tells.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    if !has_indent(text) {
        return None;
    }
    let lines = lines(text);
    let habits =
        [further_in(&lines), further_out(&lines), Some(vec![false; lines.len()])];
    for starts in habits.into_iter().flatten() {
        // Most programs count an indent; some put it before lines that are wrapped already.
        let measured = [indent_of, nothing].into_iter().filter_map(|counts| {
            let ends = line_ends(&lines, &starts, counts);
            let margin = Margin::of(&ends)?;
            Some((margin, ends))
        });
        let best = measured.min_by_key(|(margin, _)| margin.n_odd);
        let Some((margin, ends)) = best else { continue };
        let before = |(at, _): (usize, &bool)| lines[at - 1].end..lines[at].start;
        let starts: Vec<Range<usize>> =
            starts.iter().enumerate().filter(|(_, is)| **is).map(before).collect();
        let mut rewrite = Rewrite::of(text);
        let n_joined = join(&mut rewrite, text, &ends, &margin, &starts);
        return rewrite.finish().map(|rewrite| (rewrite, n_joined));
    }
    None
}

fn indent_of(line: &Line<'_>) -> usize {
    line.indent
}

fn nothing(_: &Line<'_>) -> usize {
    0
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
        let (start, text) = (at + spaces.len(), text.trim_end());
        lines.push(Line {
            start,
            end: start + text.len(),
            text,
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
fn further_in(lines: &[Line<'_>]) -> Option<Starts> {
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
    // Headlines and bylines end no sentence, and are short.
    let widest = lines.iter().map(|line| columns(line.text)).max().unwrap_or(0);
    let is_below_head = |at: usize| {
        at < HEAD_LINES
            && columns(lines[at - 1].text) * 3 < widest * 2
            && starts_sentence(lines[at].text)
    };
    let is_unsound = |at: &&usize| !may_begin(**at) && !is_below_head(**at);
    let n_unsound = found.iter().filter(is_unsound).count();
    if found.is_empty() || n_unsound * 5 > found.len() * 2 {
        return None;
    }
    let is_start = |at: usize| begins(at) && (!is_in(at - 1) || may_begin(at));
    Some((0..lines.len()).map(is_start).collect())
}

/// First lines that stand further out than the rest; `None` where no paragraphs begin there.
fn further_out(lines: &[Line<'_>]) -> Option<Starts> {
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

/// The line ends inside the paragraphs that begin so, with the columns that `counts` says.
fn line_ends<'t>(
    lines: &[Line<'t>],
    starts: &[bool],
    counts: fn(&Line<'_>) -> usize,
) -> Vec<LineEnd<'t>> {
    let mut block = 0;
    let mut ends = Vec::new();
    for (at, pair) in lines.windows(2).enumerate() {
        let [line, next] = pair else { continue };
        if line.text.is_empty() || next.text.is_empty() || starts[at + 1] {
            block += 1;
        } else {
            ends.push(LineEnd {
                at: line.end,
                next_at: next.start,
                line: line.text,
                width: counts(line) + columns(line.text),
                next: next.text,
                block,
            });
        }
    }
    ends
}
