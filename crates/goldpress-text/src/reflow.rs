//! Re-flow: hard-wrapped lines become paragraphs again.

use std::collections::HashSet;

use unicode_width::UnicodeWidthChar;

use crate::{map::Rewrite, script};

/// Columns between which wrapped lines end.
const COLUMNS: std::ops::RangeInclusive<usize> = 60..=80;
/// Fewest line ends inside paragraphs that show a habit.
const MIN_LINE_ENDS: usize = 3;

/// A line end inside a paragraph, between two lines with text.
struct Inner<'t> {
    /// Byte of the line end.
    at: usize,
    line: &'t str,
    width: usize,
    next: &'t str,
}

impl Inner<'_> {
    /// Whether the next line's first word would not have fitted: why a wrapping program
    /// ends a line. A person who ends a line early does not care about the margin.
    fn is_full(&self, margin: usize) -> bool {
        let word = self.next.split(' ').next().unwrap_or("");
        let first = word.chars().next().filter(|c| needs_no_space(*c));
        let room = first.map_or_else(|| columns(word), columns_of);
        self.width + 1 + room > margin && (self.width <= margin || self.is_unbroken())
    }

    /// One word, an address mostly, that no program could wrap: it may stick out.
    fn is_unbroken(&self) -> bool {
        !self.line.contains(|c| c == ' ' || needs_no_space(c))
    }

    /// Whether the next line goes on as the inside of a sentence does: with a small
    /// letter, or one of a script without capitals. Verse, items, headlines and
    /// messages begin otherwise.
    fn goes_on(&self) -> bool {
        self.next.starts_with(|c: char| c.is_alphabetic() && !c.is_uppercase())
    }

    /// Has what programs are written in and prose is not.
    fn looks_like_code(&self) -> bool {
        const SIGNS: [&str; 9] = [" = ", "==", "(\"", "()", "){", "{", "};", "=>", "->"];
        self.line.ends_with([';', '{', '}'])
            || SIGNS.iter().any(|sign| self.line.contains(sign))
    }

    /// Ends in the usual columns, and not because a sentence ends.
    fn looks_wrapped(&self) -> bool {
        let end = self.line.trim_end_matches(['"', '”', '’', ')', '»']);
        COLUMNS.contains(&self.width) && !end.ends_with(['.', '!', '?', '。'])
    }
}

/// Joins wrapped lines where most lines of the text are wrapped; counts the joins.
pub(crate) fn pass(text: &str) -> Option<(Rewrite<'_>, u32)> {
    let inner = inner_line_ends(text)?;
    if inner.len() < MIN_LINE_ENDS {
        return None;
    }
    let broken = inner.iter().filter(|end| !end.is_unbroken());
    let margin = broken.map(|end| end.width).max()?;
    let wrapped = inner.iter().filter(|end| end.looks_wrapped()).count();
    let full = inner.iter().filter(|end| end.is_full(margin)).count();
    let going_on = inner.iter().filter(|end| end.goes_on()).count();
    // Wrapped text is full nearly everywhere; a list of headlines that happen to be 60 to
    // 80 characters long is not. Of wrapped lines two in three begin with a small letter;
    // in German, which has the most capitals, one in two.
    if !COLUMNS.contains(&margin)
        || wrapped * 2 <= inner.len()
        || full * 10 < inner.len() * 8
        || going_on * 3 < inner.len()
        || inner.iter().filter(|end| end.looks_like_code()).count() * 3 > inner.len()
    {
        return None;
    }
    let mut words = None;
    let mut rewrite = Rewrite::of(text);
    let mut n_joined = 0;
    for end in inner.iter().filter(|end| end.is_full(margin)) {
        let words = words.get_or_insert_with(|| vocabulary(text));
        let (start, glue) = joint(end, words);
        rewrite.replace(start..end.at + 1, glue);
        n_joined += 1;
    }
    rewrite.finish().map(|rewrite| (rewrite, n_joined))
}

/// The line ends inside paragraphs; `None` as soon as a line is too wide to be wrapped.
fn inner_line_ends(text: &str) -> Option<Vec<Inner<'_>>> {
    // No character has more bytes than these, or fewer columns than one.
    const MOST_BYTES: usize = 4 * *COLUMNS.end();
    let mut found = Vec::new();
    let mut at = 0;
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        at += line.len();
        if let Some(next) =
            lines.peek().filter(|next| !line.is_empty() && !next.is_empty())
        {
            if line.len() > MOST_BYTES && line.contains(' ') {
                return None;
            }
            let width = columns(line);
            found.push(Inner { at, line, width, next });
        }
        at += 1;
    }
    Some(found)
}

/// Columns that a text takes: two a character in Chinese, Japanese and Korean.
fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns_of).sum() }
}

/// One or two: programs that wrap count marks and ligatures as characters.
fn columns_of(c: char) -> usize {
    c.width().unwrap_or(1).max(1)
}

/// What stands between two joined lines, and where it begins.
fn joint(end: &Inner<'_>, words: &HashSet<String>) -> (usize, &'static str) {
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

/// A character of a script without spaces, or a wide mark as such scripts have.
fn needs_no_space(c: char) -> bool {
    script::is_spaceless(c) || columns_of(c) == 2 && !c.is_alphanumeric()
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
