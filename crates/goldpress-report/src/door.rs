//! How text of data leaves: one function for each medium that reads it.
//!
//! An article, a file name or the name of a system may hold anything: escape sequences that
//! rewrite a terminal, marks that turn the direction of a line, markup, formulas of a
//! spreadsheet, commands of a build server. Here each becomes text that is only read.

use std::borrow::Cow;

/// Whether a character does something where it should be read: controls, and the marks
/// that turn the direction of what follows.
///
/// The marks that merely stand between letters of two directions (U+200E, U+200F) are text.
pub fn is_unsafe(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') || c.is_control()
}

/// Text in a line of a terminal: blanks in place of tabs and line ends, other characters
/// that do something as `\u001b`.
pub fn terminal(text: &str) -> String {
    let is_blank = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_blank(c) => out.push(' '),
            c if is_unsafe(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Text of many lines for a terminal or the log of a build server, whole lines at a time:
/// as [`terminal`], and no line is a command of GitHub Actions (`::…`, `##[…`).
///
/// JSON stays the same document: what is escaped stands in its strings, and a reader of
/// JSON undoes it. `styles` says whether sequences that colour text (SGR) pass.
pub fn log(text: &str, styles: Styles) -> Cow<'_, str> {
    if !text.split_inclusive('\n').any(|line| is_touched(line, styles)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let blank = &line[..line.len() - start.len()];
        let line = match start.strip_prefix("::") {
            Some(rest) => {
                out.push_str(blank);
                out.push_str("\\u003a:");
                rest
            }
            None => line,
        };
        push_line(&mut out, line, styles);
    }
    Cow::Owned(out)
}

/// Whether sequences that colour text pass a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Styles {
    /// They do: the command sends them itself.
    Pass,
    /// They are escaped as everything else is.
    Escaped,
}

fn is_touched(line: &str, styles: Styles) -> bool {
    let is_kept =
        |c: char| matches!(c, '\n' | '\t') || (c == '\u{1b}' && styles == Styles::Pass);
    line.trim_start().starts_with("::")
        || line.contains("##[")
        || line.chars().any(|c| is_unsafe(c) && !is_kept(c))
        || (styles == Styles::Pass && line.contains('\u{1b}'))
}

fn push_line(out: &mut String, line: &str, styles: Styles) {
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some(style) = style_of(rest).filter(|_| styles == Styles::Pass) {
            out.push_str(style);
            rest = &rest[style.len()..];
            continue;
        }
        match c {
            '#' if rest.starts_with("##[") => {
                out.push_str("#\\u0023");
                rest = &rest[1..];
            }
            '\n' | '\t' => out.push(c),
            c if is_unsafe(c) => push_escape(out, c),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// The sequence at the start of text that sets colour and weight: `ESC [ 1;31 m`.
fn style_of(text: &str) -> Option<&str> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes[end..].starts_with('m').then(|| &text[..2 + end + 1])
}

fn push_escape(out: &mut String, c: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(c)));
}

/// Text in a paragraph or a cell of Markdown: no markup, no link, nobody mentioned.
///
/// # Source
///
/// GitHub Flavored Markdown 0.29: a backslash before punctuation takes its meaning away;
/// links without brackets (§6.9) begin with `www.`, `http://`, `https://` or hold an `@`.
pub fn markdown(text: &str) -> String {
    let text = terminal(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let next = rest[c.len_utf8()..].chars().next();
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '!' | '#' => out.extend(['\\', c]),
            // Inside a word an underscore is text, as in names of rules.
            '_' if !out.ends_with(char::is_alphanumeric)
                || next.is_none_or(|c| !c.is_alphanumeric()) =>
            {
                out.push_str("\\_")
            }
            ':' if rest.starts_with("://") => out.push_str("\\:"),
            '.' if ends_with_www(&out) => out.push_str("\\."),
            // Mentions are looked for in the page that is made: only another text is none.
            '@' if next.is_some_and(char::is_alphanumeric) => out.push_str("@\u{200B}"),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3
        && text.is_char_boundary(text.len() - 3)
        && text[text.len() - 3..].eq_ignore_ascii_case("www")
}

/// A field of CSV, quoted by RFC 4180 where it must be.
pub fn csv(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}

/// A field of CSV that is text: an apostrophe stands before what a spreadsheet would run.
///
/// # Source
///
/// OWASP, *CSV Injection*: fields that begin with `=`, `+`, `-`, `@`, a tab or a carriage
/// return. A dash that a blank follows opens speech or a list, and is left alone.
pub fn csv_text(field: &str) -> String {
    let mut chars = field.chars();
    let is_run = match (chars.next(), chars.next()) {
        (Some('-'), next) => next.is_some_and(|c| !c.is_whitespace()),
        (Some(first), _) => matches!(first, '=' | '+' | '@' | '\t' | '\r'),
        (None, _) => false,
    };
    match is_run {
        true => csv(&format!("'{field}")),
        false => csv(field),
    }
}

/// Text in HTML, in an element or a quoted attribute: one line, that a log may hold too.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '[' if out.ends_with("##") => out.push_str("&#91;"),
            c if is_unsafe(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Text in XML, whose writer escapes markup: characters that XML 1.0 forbids, and those that
/// turn the direction of a line, are escaped as on a terminal.
pub fn xml(text: &str) -> String {
    let is_forbidden = |c: char| {
        is_unsafe(c) && !matches!(c, '\n' | '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match is_forbidden(c) {
            true => push_escape(&mut out, c),
            false => out.push(c),
        }
    }
    out
}

/// The message of a command of GitHub Actions.
///
/// # Source
///
/// Workflow commands of GitHub Actions: `%`, CR and LF are escaped.
pub fn command(text: &str) -> String {
    let is_shown = |c: &char| !is_unsafe(*c) || matches!(c, '\r' | '\n');
    let text: String = text.chars().filter(is_shown).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command of GitHub Actions: as [`command`], and `:` and `,` as well.
pub fn command_property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

/// The value of a label of OpenMetrics.
///
/// # Source
///
/// OpenMetrics 1.0: `\`, `"` and line feeds are escaped.
pub fn openmetrics(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_does_anything_on_a_terminal() {
        for (text, expected) in [
            ("plain, – ü 日本", "plain, – ü 日本"),
            ("a\nb\tc\r\nd", "a b c  d"),
            ("\u{1b}[31mred\u{1b}]0;t\u{7}", "\\u001b[31mred\\u001b]0;t\\u0007"),
            ("\u{9b}2J\u{7f}", "\\u009b2J\\u007f"),
            ("abc\u{202e}fdp.exe", "abc\\u202efdp.exe"),
            ("\u{2067}x\u{2069}", "\\u2067x\\u2069"),
            ("שלום\u{200f}!", "שלום\u{200f}!"),
        ] {
            assert_eq!(terminal(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_log_holds_no_command_and_only_our_colours() {
        let red = "\u{1b}[1;31merror\u{1b}[0m x\n";
        for (text, styles, expected) in [
            ("a: b\n  c::d\n", Styles::Escaped, "a: b\n  c::d\n"),
            ("a\n ::add-mask::x\n", Styles::Escaped, "a\n \\u003a:add-mask::x\n"),
            ("x ##[error]y\n", Styles::Escaped, "x #\\u0023[error]y\n"),
            (red, Styles::Pass, red),
            (red, Styles::Escaped, "\\u001b[1;31merror\\u001b[0m x\n"),
            ("\u{1b}[2J\u{1b}]8;;u\u{7}", Styles::Pass, "\\u001b[2J\\u001b]8;;u\\u0007"),
            ("a\rb", Styles::Pass, "a\\u000db"),
        ] {
            assert_eq!(log(text, styles), expected, "{text:?}");
        }
    }

    #[test]
    fn json_that_passes_a_log_is_the_same_document() {
        let value =
            serde_json::json!({"t": "a\u{202e}b\u{9b}\u{7f} ##[x] ::y", "n": ["::z"]});
        let text = format!("{value:#}\n");
        let passed = log(&text, Styles::Escaped);
        assert_ne!(passed, text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&passed).unwrap(), value);
    }

    #[test]
    fn markdown_is_only_read() {
        for (text, expected) in [
            ("entity/strict · 0.5 (all)", "entity/strict · 0.5 (all)"),
            ("blocks_rules x_", "blocks_rules x\\_"),
            ("<img src=x> a|b", "&lt;img src=x&gt; a\\|b"),
            ("[t](http://e.example)", "\\[t\\](http\\://e.example)"),
            ("see WWW.e.example @ada", "see WWW\\.e.example @\u{200B}ada"),
            (
                "![x] `c` **b** ~~d~~ #1",
                "\\!\\[x\\] \\`c\\` \\*\\*b\\*\\* \\~\\~d\\~\\~ \\#1",
            ),
            ("a\n# b", "a \\# b"),
        ] {
            assert_eq!(markdown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_spreadsheet_runs_nothing() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+x", "'+x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3|cmd", "'-2+3|cmd"),
            ("- said the mayor", "- said the mayor"),
            ("\t=1", "'\t=1"),
            ("=a,b", "\"'=a,b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
        ] {
            assert_eq!(csv_text(text), expected, "{text:?}");
        }
    }
}
