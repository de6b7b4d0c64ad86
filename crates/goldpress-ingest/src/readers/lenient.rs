//! JSON as programs write it: what the standard forbids and everybody meets is put right.
//!
//! Python writes `NaN` and half of a character that was cut in two, others leave tabs and
//! line ends in strings, commas behind the last item, and escapes that there are none.

use serde_json::Value;

/// A value, and how many halves of characters in it became U+FFFD.
pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) n_replaced: u32,
}

/// Parses JSON; what is none is put right and parsed once more.
///
/// # Errors
///
/// It is none even so: the error of the first attempt.
pub(super) fn parse(text: &str) -> Result<Parsed, serde_json::Error> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(Parsed { value, n_replaced: 0 }),
        Err(error) => error,
    };
    let mut repair = Repair { text, out: String::new(), n_replaced: 0 };
    repair.run();
    let n_replaced = repair.n_replaced;
    serde_json::from_str(&repair.out)
        .map(|value| Parsed { value, n_replaced })
        .map_err(|_| error)
}

struct Repair<'t> {
    text: &'t str,
    out: String,
    n_replaced: u32,
}

impl Repair<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let end = match byte {
                b'"' => self.string(at),
                b',' => self.comma(at),
                b'-' if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => at + 1,
                byte if byte.is_ascii_alphabetic() => self.word(at),
                _ => self.plain(at),
            };
            at = end;
        }
    }

    /// Copies up to the next byte that may have to be put right.
    fn plain(&mut self, from: usize) -> usize {
        let rest = &self.text.as_bytes()[from + 1..];
        let is_special = |b: &u8| matches!(b, b'"' | b',') || b.is_ascii_alphabetic();
        // A minus before a word is none of a number.
        let end = rest.iter().position(|b| is_special(b) || *b == b'-');
        let end = end.map_or(self.text.len(), |n| from + 1 + n);
        self.out.push_str(self.text.get(from..end).unwrap_or_default());
        end
    }

    /// A comma, unless nothing follows it.
    fn comma(&mut self, from: usize) -> usize {
        let rest = self.text[from + 1..].trim_start();
        if !rest.starts_with(['}', ']']) {
            self.out.push(',');
        }
        from + 1
    }

    fn word(&mut self, from: usize) -> usize {
        let rest = &self.text[from..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        self.out.push_str(match &rest[..end] {
            "NaN" | "nan" | "Infinity" | "inf" | "undefined" | "None" => "null",
            "True" => "true",
            "False" => "false",
            word => word,
        });
        from + end
    }

    /// A string from its opening quotation mark to behind its closing one.
    fn string(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let (mut at, mut done) = (from + 1, from);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    self.out.push_str(&self.text[done..=at]);
                    return at + 1;
                }
                b'\\' => {
                    let (written, n) = self.escape(at);
                    if let Some(written) = written {
                        self.out.push_str(&self.text[done..at]);
                        self.out.push_str(&written);
                        done = at + n;
                    }
                    at += n;
                }
                0..0x20 => {
                    self.out.push_str(&self.text[done..at]);
                    self.out.push_str(&format!("\\u{byte:04x}"));
                    at += 1;
                    done = at;
                }
                _ => at += 1,
            }
        }
        self.out.push_str(&self.text[done..]);
        self.text.len()
    }

    /// What to write for the escape that begins here, if not itself, and its length.
    fn escape(&mut self, at: usize) -> (Option<String>, usize) {
        let rest = &self.text[at..];
        match rest.as_bytes().get(1) {
            Some(b'u') => match (code(rest), rest.get(6..).and_then(code)) {
                (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (None, 12),
                (Some(0xd800..0xe000), _) => {
                    self.n_replaced += 1;
                    (Some("\\ufffd".to_owned()), 6)
                }
                (Some(_), _) => (None, 6),
                (None, _) => (Some("\\\\".to_owned()), 1),
            },
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (None, 2),
            Some(b'\'') => (Some("'".to_owned()), 2),
            // A backslash that escapes nothing is one.
            _ => (Some("\\\\".to_owned()), 1),
        }
    }
}

/// The code of `\u00fc` at the front of a text.
fn code(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_is_json() {
        for (text, expected, n) in [
            (
                r#"{"a":NaN,"b":[Infinity,-Infinity,-1]}"#,
                r#"{"a":null,"b":[null,null,-1]}"#,
                0,
            ),
            (
                r#"{"a":"NaN, -Infinity","b":NaN}"#,
                r#"{"a":"NaN, -Infinity","b":null}"#,
                0,
            ),
            (r#"{"a":"x \ud83d y"}"#, "{\"a\":\"x \u{fffd} y\"}", 1),
            (r#"{"a":"\udc00\ud83d\ude00\ud83d"}"#, "{\"a\":\"\u{fffd}😀\u{fffd}\"}", 2),
            (r#"{"a":[1,2,],"b":"x",}"#, r#"{"a":[1,2],"b":"x"}"#, 0),
            ("{\"a\":\"x\ty\nz\"}", r#"{"a":"x\ty\nz"}"#, 0),
            (r#"{"a":"it\'s C:\data"}"#, r#"{"a":"it's C:\\data"}"#, 0),
            (
                r#"{"a":"ü \ud83dü","b":undefined}"#,
                "{\"a\":\"ü \u{fffd}ü\",\"b\":null}",
                1,
            ),
        ] {
            let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let expected: Value = serde_json::from_str(expected).expect("is JSON");
            assert_eq!((parsed.value, parsed.n_replaced), (expected, n), "{text}");
        }
        for text in
            [r#"{"a":"#, r#"{"a":"\u12"#, "{\"a\":\"x", "{a:1}", "hello", "\\", "-"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
