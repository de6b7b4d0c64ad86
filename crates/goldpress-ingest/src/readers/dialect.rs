//! Dialects of CSV: what parts fields, what ends a row, and what stands before a quotation
//! mark inside of quotation marks.

use std::borrow::Cow;

/// What may part two fields, the one that is rarest in prose first.
const DELIMITERS: &[u8] = b"\t|;,";
/// Rows that are looked at to find what parts the fields.
const MAX_ROWS: usize = 8;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// The last byte of a row: a line feed, or a carriage return alone as old Macs wrote it.
    pub(super) line_end: u8,
    /// Whether a backslash makes what follows a part of the field: Spark, MySQL and Python
    /// write quotation marks so. Known from the first place where nothing else makes sense.
    pub(super) has_escapes: bool,
}

impl Dialect {
    /// The dialect of a table that begins so.
    pub(super) fn of(head: &[u8]) -> Dialect {
        let line_end = line_end_of(head);
        let delimiter = stated(head).unwrap_or_else(|| delimiter_of(head, line_end));
        Dialect { delimiter, line_end, has_escapes: false }
    }
}

/// The delimiter that the first line states for Excel: `sep=;`.
pub(super) fn stated(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line
        .strip_prefix(b"\"")
        .map_or(line, |line| line.strip_suffix(b"\"").unwrap_or(line));
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}

/// A carriage return where one comes before any line feed and none follows it.
fn line_end_of(head: &[u8]) -> u8 {
    let first = head.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    let behind = first.map_or(&[][..], |at| &head[at..]);
    match behind {
        // A line feed that Windows gave a second carriage return.
        [b'\r', b'\n', ..] | [b'\r', b'\r', b'\n', ..] | [b'\r'] => b'\n',
        [b'\r', ..] => b'\r',
        _ => b'\n',
    }
}

/// The delimiter that cuts the first rows into equally many fields, else the one that the
/// first row has most of.
fn delimiter_of(head: &[u8], line_end: u8) -> u8 {
    let counts = DELIMITERS.iter().map(|delimiter| {
        let counts = fields_of_rows(head, *delimiter, line_end);
        let first = counts.first().copied().unwrap_or(1);
        let is_even = first > 1 && counts.iter().all(|n| *n == first);
        (is_even && counts.len() > 1, first, *delimiter)
    });
    let counts: Vec<(bool, usize, u8)> = counts.collect();
    // Of a row alone, prose has commas; tabulators it has none.
    let is_alone = counts.iter().all(|(is_even, ..)| !is_even);
    let tabs = counts.iter().find(|(_, n, delimiter)| *delimiter == b'\t' && *n > 1);
    match (is_alone, tabs) {
        (true, Some((_, _, delimiter))) => *delimiter,
        // The last of equals: a comma.
        _ => counts
            .into_iter()
            .max()
            .filter(|(_, n, _)| *n > 1)
            .map_or(b',', |best| best.2),
    }
}

/// How many fields each of the first rows has, of which the last may be cut.
fn fields_of_rows(head: &[u8], delimiter: u8, line_end: u8) -> Vec<usize> {
    let mut quotes = Quotes::default();
    let mut dialect = Dialect { delimiter, line_end, has_escapes: false };
    let (mut counts, mut n) = (Vec::new(), 1);
    for line in head.split_inclusive(|byte| *byte == line_end) {
        let is_whole = line.last() == Some(&line_end);
        let bytes = line.strip_suffix(&[line_end]).unwrap_or(line);
        if bytes.trim_ascii().is_empty() && !quotes.is_open {
            continue;
        }
        n += quotes.read(bytes, &mut dialect);
        if quotes.is_open {
            continue;
        }
        if is_whole || counts.is_empty() {
            counts.push(n);
        }
        n = 1;
        if counts.len() == MAX_ROWS {
            break;
        }
    }
    if counts.is_empty() { vec![n] } else { counts }
}

/// Whether a row so far ends inside a quoted field (RFC 4180: a field is quoted where its
/// first byte is a quotation mark, and two of them inside stand for one).
#[derive(Default)]
pub(super) struct Quotes {
    pub(super) is_open: bool,
    /// Whether the byte before lets no quoted field begin.
    is_inside: bool,
}

impl Quotes {
    /// Reads a line of a row, without its line end; says how many delimiters it has outside
    /// of quotation marks.
    pub(super) fn read(&mut self, line: &[u8], dialect: &mut Dialect) -> usize {
        let mut n_delimiters = 0;
        self.is_inside &= self.is_open;
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            match *byte {
                b'\\' if self.is_open => {
                    let is_mark = line.get(at + 1) == Some(&b'"');
                    dialect.has_escapes |=
                        is_mark && self.goes_on(&line[at + 2..], dialect);
                    if dialect.has_escapes {
                        at += 1;
                    }
                }
                b'"' if self.is_open => self.is_open = false,
                // A second quotation mark opens the field again.
                b'"' if !self.is_inside => self.is_open = true,
                _ => {}
            }
            let Some(byte) = line.get(at) else { break };
            n_delimiters += usize::from(*byte == dialect.delimiter && !self.is_open);
            self.is_inside = *byte != dialect.delimiter && *byte != b'"' || self.is_open;
            at += 1;
        }
        n_delimiters
    }

    /// Whether a field goes on behind a backslash and a quotation mark, which would have
    /// ended it without the backslash.
    fn goes_on(&self, rest: &[u8], dialect: &Dialect) -> bool {
        let ends = [dialect.delimiter, b'"', b'\r'];
        rest.first().is_some_and(|next| !ends.contains(next))
    }
}

/// Cuts a row of a table with escapes into its fields.
pub(super) fn escaped_fields(row: &str, delimiter: u8) -> Vec<String> {
    let delimiter = char::from(delimiter);
    let mut fields = vec![String::new()];
    let mut chars = row.chars().peekable();
    let (mut is_open, mut is_first) = (false, true);
    while let Some(c) = chars.next() {
        let field = fields.last_mut().expect("there is one");
        let was_first = std::mem::replace(&mut is_first, false);
        match c {
            '\\' => match chars.next() {
                Some('n') => field.push('\n'),
                Some('t') => field.push('\t'),
                Some('r') => field.push('\r'),
                // MySQL's word for nothing.
                Some('N') if was_first => field.push_str("\\N"),
                Some(c) => field.push(c),
                None => field.push('\\'),
            },
            '"' if is_open && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if is_open => is_open = false,
            '"' if was_first => is_open = true,
            c if c == delimiter && !is_open => {
                fields.push(String::new());
                is_first = true;
            }
            c => field.push(c),
        }
    }
    fields
}

/// The line ends and tabulators of a field of a table with tabulators, which has no other
/// way to write them.
pub(super) fn without_escapes(field: &str) -> Cow<'_, str> {
    if !field.contains("\\n") && !field.contains("\\t") {
        return field.into();
    }
    let mut plain = String::new();
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some('r') => plain.push('\r'),
                Some('\\') | None => plain.push('\\'),
                Some(c) => plain.extend(['\\', c]),
            },
            c => plain.push(c),
        }
    }
    plain.into()
}

/// Whether a row is one of values and no names of columns: an address, a date, a number or a
/// sentence stands in it.
pub(super) fn looks_like_data(row: &[String]) -> bool {
    let is_value = |field: &String| {
        let field = field.trim();
        let n_words = field.split_whitespace().count();
        let is_number = field.parse::<f64>().is_ok_and(f64::is_finite);
        field.contains("://")
            || n_words > 6
            || is_number
            || crate::dates::iso(field).is_some()
    };
    row.iter().any(is_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_found_by_the_first_rows() {
        for (head, delimiter, line_end) in [
            ("a,b\n1,2\n", b',', b'\n'),
            ("a;b\n\"1;2\",5;2\n", b';', b'\n'),
            ("a\tb\n1, 2, 3\t2\n", b'\t', b'\n'),
            ("a|b|c\n1|2|3\n", b'|', b'\n'),
            ("\"a,b\";c;d\n1,1,1,1;2;3\n", b';', b'\n'),
            ("sep=;\na,b;c,d,e\n", b';', b'\n'),
            ("\u{feff}\"sep=|\"\r\na,b\r\n", b'|', b'\n'),
            ("a,b\r1,2\r", b',', b'\r'),
            ("a,b\r\n1,2\r\n", b',', b'\n'),
            ("a,b\r\r\n1,2\r\r\n", b',', b'\n'),
            ("http://a.example\tOne, two, three\t2024\n", b'\t', b'\n'),
            ("text\nOne, two\nThree\n", b',', b'\n'),
            ("a,b\n\"One\ntwo; three; four\",2\n", b',', b'\n'),
            ("", b',', b'\n'),
        ] {
            let dialect = Dialect::of(head.as_bytes());
            let expected = Dialect { delimiter, line_end, has_escapes: false };
            assert_eq!(dialect, expected, "{head:?}");
        }
    }

    #[test]
    fn a_backslash_escapes_where_nothing_else_makes_sense() {
        for (line, has_escapes, is_open) in [
            (r#"1,"He said \"no\" to it""#, true, false),
            (r#"1,"He said \"no\", then left""#, true, false),
            (r#"1,"C:\data\",2"#, false, false),
            (r#"1,"He said ""no""\",2"#, false, false),
            (r#"1,"open \"no"#, true, true),
            (r#"1,say \"no\" to it"#, false, false),
        ] {
            let mut dialect = Dialect::of(b"a,b");
            let mut quotes = Quotes::default();
            quotes.read(line.as_bytes(), &mut dialect);
            assert_eq!(
                (dialect.has_escapes, quotes.is_open),
                (has_escapes, is_open),
                "{line}"
            );
        }
        for (row, fields) in [
            (r#"1,"He said \"no\", then left\\",2"#, r#"1|He said "no", then left\|2"#),
            (r#""One\nTwo",a\, b,\N"#, "One\nTwo|a, b|\\N"),
            (r#""a ""b""",c"#, r#"a "b"|c"#),
        ] {
            assert_eq!(escaped_fields(row, b',').join("|"), fields, "{row}");
        }
        assert_eq!(without_escapes(r"One\nTwo C:\data \\n"), "One\nTwo C:\\data \\n");
    }
}
