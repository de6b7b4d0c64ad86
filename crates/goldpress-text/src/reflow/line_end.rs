//! Line ends inside paragraphs: what each says of whether a program put it there.

use unicode_width::UnicodeWidthChar;

use crate::script;

/// A line end between two lines with text.
pub(super) struct LineEnd<'t> {
    /// Bytes where the line ends and the next begins, spaces left out.
    pub(super) at: usize,
    pub(super) next_at: usize,
    pub(super) line: &'t str,
    /// Columns of `line`, and of what stands before it if that counts.
    pub(super) width: usize,
    pub(super) next: &'t str,
    /// Number of the paragraph, as blank lines part them.
    pub(super) block: usize,
}

/// What a line end is, if lines are as long as a margin allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The next line's first word would not have fitted: why a wrapping program ends a
    /// line. A person who ends a line early does not care about the margin.
    Full,
    /// A short line that ends a sentence, or one before an item of a list: a paragraph
    /// ends.
    Paragraph,
    /// Short, in the middle of something.
    Odd,
}

impl<'t> LineEnd<'t> {
    /// The end of a tidy line at a byte.
    pub(super) fn new(at: usize, line: &'t str, next: &'t str, block: usize) -> Self {
        LineEnd { at, next_at: at + 1, line, width: columns(line), next, block }
    }

    pub(super) fn kind(&self, margin: usize) -> Kind {
        let is_full = self.is_full(margin);
        let ends = !is_full || self.ends_clause() || starts_item(self.line, true);
        if starts_item(self.next, ends) {
            return Kind::Paragraph;
        }
        if is_full {
            return Kind::Full;
        }
        let is_paragraph = self.ends_sentence() && starts_sentence(self.next);
        if is_paragraph { Kind::Paragraph } else { Kind::Odd }
    }

    fn is_full(&self, margin: usize) -> bool {
        let word = self.next.split(' ').next().unwrap_or("");
        let first = word.chars().next().filter(|c| needs_no_space(*c));
        let room = first.map_or_else(|| columns(word), columns_of);
        self.width + 1 + room > margin && (self.width <= margin || self.is_unbroken())
    }

    /// One word, an address mostly, that no program could wrap: it may stick out.
    pub(super) fn is_unbroken(&self) -> bool {
        !self.line.contains(|c| c == ' ' || needs_no_space(c))
    }

    /// Whether the next line goes on as the inside of a sentence does: with a small
    /// letter, or one of a script without capitals; or behind a line in which a sentence
    /// began and did not end. Verse, items, headlines and messages begin otherwise.
    pub(super) fn goes_on(&self) -> bool {
        self.next.starts_with(|c: char| c.is_alphabetic() && !c.is_uppercase())
            || self.is_cut()
    }

    fn is_cut(&self) -> bool {
        // The end of a word, not of an initial or the number of an item.
        let begins = |at: usize| {
            self.line[..at].ends_with(|c: char| c.is_lowercase() || c == ')' || c == '”')
                && self.line[at + 2..].starts_with(|c: char| c.is_uppercase() || c == '„')
        };
        !self.ends_clause()
            && [". ", "! ", "? "]
                .iter()
                .any(|end| self.line.rfind(end).is_some_and(begins))
    }

    /// The same where only a small letter says so.
    pub(super) fn goes_on_small(&self) -> bool {
        self.next.starts_with(char::is_lowercase)
    }

    /// Has what programs are written in and prose is not.
    pub(super) fn looks_like_code(&self) -> bool {
        const SIGNS: [&str; 11] =
            [" = ", "==", "(\"", "()", "){", "{", "};", "=>", "->", " | ", " && "];
        // `--release`, not the dash of a typewriter.
        let is_option =
            |at: usize| self.line[at + 3..].starts_with(|c: char| c.is_ascii_lowercase());
        self.line.ends_with(['{', '}', '|', '\\'])
            || [");", "\";", "';", "];"].iter().any(|end| self.line.ends_with(end))
            || SIGNS.iter().any(|sign| self.line.contains(sign))
            || self.line.match_indices(" --").any(|(at, _)| is_option(at))
    }

    pub(super) fn ends_sentence(&self) -> bool {
        ends_sentence(self.line)
    }

    /// Ends with any mark that parts clauses, as most lines of verse do.
    pub(super) fn ends_clause(&self) -> bool {
        self.ends_sentence()
            || self.line.ends_with([',', ';', ':', '،', '؛', '、', '，', '；', '：'])
    }
}

pub(super) fn ends_sentence(line: &str) -> bool {
    let end =
        line.trim_end_matches(['"', '”', '“', '’', '\'', ')', ']', '»', '」', '』']);
    end.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟', '۔'])
}

/// Whether a line may be the first of a paragraph.
pub(super) fn starts_sentence(line: &str) -> bool {
    let quotes =
        ['"', '“', '„', '”', '«', '»', '‘', '\'', '(', '[', '¿', '¡', '「', '『'];
    let start = line.trim_start_matches(quotes);
    start.starts_with(|c: char| !c.is_lowercase() && !matches!(c, ',' | '.' | ';' | ')'))
}

/// Whether a line begins as an item of a list does. A dash or a number may stand in a
/// sentence as well: `ends` says that the line before ends something.
pub(super) fn starts_item(line: &str, ends: bool) -> bool {
    let Some((mark, rest)) = line.split_once(' ') else { return false };
    if rest.is_empty() {
        return false;
    }
    let is_number = || {
        let digits = mark.trim_start_matches('(').trim_end_matches(['.', ')']);
        let is_short = digits.len() <= 2 || digits.len() == 1;
        digits.len() < mark.len()
            && is_short
            && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match mark {
        "•" | "*" | "·" | "▪" | "■" | "●" | "◦" | "‣" => true,
        "-" | "–" | "—" => ends,
        _ => ends && is_number(),
    }
}

/// Columns that a text takes: two a character in Chinese, Japanese and Korean.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns_of).sum() }
}

/// One or two: programs that wrap count marks and ligatures as characters.
pub(super) fn columns_of(c: char) -> usize {
    c.width().unwrap_or(1).max(1)
}

/// A character of a script without spaces, or a wide mark as such scripts have.
pub(super) fn needs_no_space(c: char) -> bool {
    script::is_spaceless(c) || columns_of(c) == 2 && !c.is_alphanumeric()
}
