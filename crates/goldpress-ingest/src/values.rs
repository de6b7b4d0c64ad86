//! Values of records as texts: lists, objects that say what they are called, numbers and
//! dates as databases export them, and lists that a program wrote into one cell.

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// Words that exporters write for nothing.
const NOTHING: &[&str] = &["", "none", "null", "nan", "n/a", "undefined", "nat", "\\n"];

/// Keys where an object says what it is called, and where a nested value stands.
const NAME_KEYS: &[&str] =
    &["name", "text", "rendered", "title", "@value", "main", "original", "url", "@id"];

/// Lists inside of each other in one cell that are still read.
const MAX_DEPTH: usize = 16;

/// The texts of a value: of a list its items, of an object what it is called.
pub(crate) fn flatten(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::String(text) => into.push(text.clone()),
        Value::Bool(is) => into.push(is.to_string()),
        Value::Number(number) => into.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| flatten(item, into)),
        Value::Object(map) => {
            if let Some(text) = extended(map) {
                into.push(text);
            } else if let Some(name) = NAME_KEYS.iter().find_map(|key| map.get(*key)) {
                flatten(name, into);
            } else if let Some(name) = full_name(map) {
                into.push(name);
            }
        }
    }
}

/// The name of a person of whom an object states its parts.
fn full_name(map: &Map<String, Value>) -> Option<String> {
    const PARTS: &[(&str, &str)] = &[
        ("first_name", "last_name"),
        ("firstName", "lastName"),
        ("firstname", "lastname"),
        ("given", "family"),
        ("givenName", "familyName"),
    ];
    let part = |key: &str| map.get(key).and_then(Value::as_str).map(str::trim);
    let named = |(first, last): &(&str, &str)| part(first).zip(part(last));
    let (first, last) = PARTS.iter().find_map(named)?;
    Some(format!("{first} {last}").trim().to_owned())
}

/// A value of MongoDB's extended JSON: `{"$date": …}`, `{"$oid": …}`, `{"$numberLong": …}`.
///
/// # Source
///
/// "MongoDB Extended JSON (v2)", canonical and relaxed, and version 1 as `mongoexport` wrote
/// it.
fn extended(map: &Map<String, Value>) -> Option<String> {
    let (key, value) = map.iter().next().filter(|(key, _)| key.starts_with('$'))?;
    let inner = || match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(map) => extended(map),
        _ => None,
    };
    match key.as_str() {
        "$date" => match inner()? {
            text if text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) => {
                Some(Timestamp::from_millisecond(text.parse().ok()?).ok()?.to_string())
            }
            text => Some(text),
        },
        "$timestamp" => Some(value.get("t")?.as_i64()?.to_string()),
        "$oid" | "$numberLong" | "$numberInt" | "$numberDouble" | "$numberDecimal"
        | "$symbol" | "$uuid" => inner(),
        _ => None,
    }
}

pub(crate) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 9 && NOTHING.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The texts of a list that stands in one text, as JSON, Python, NumPy and Postgres write
/// lists: `["A", "B"]`, `['A', 'B']`, `['A' 'B']`, `{"A","B"}`; `None` where it is no list.
pub(crate) fn listed(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let text = text.strip_prefix("array(").map_or(text, |array| {
        array.rsplit_once(']').map_or(array, |(list, _)| &text[6..6 + list.len() + 1])
    });
    if !(text.starts_with(['[', '(', '{']) && text.ends_with([']', ')', '}'])) {
        return None;
    }
    let mut literal = Literal { text, at: 0 };
    let value = literal.value(0)?;
    // A name in brackets, or a sentence, is no list.
    let is_whole = literal.rest().trim().is_empty();
    let mut texts = Vec::new();
    flatten(&value, &mut texts);
    texts.retain(|text| !is_nothing(text));
    is_whole.then_some(texts)
}

/// A literal of JSON or Python that is being read.
struct Literal<'t> {
    text: &'t str,
    at: usize,
}

impl Literal<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn takes(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += if is { wanted.len_utf8() } else { 0 };
        is
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        match self.peek()? {
            _ if depth > MAX_DEPTH => None,
            '[' => self.items(']', depth).map(Value::Array),
            '(' => self.items(')', depth).map(Value::Array),
            '{' => self.braced(depth),
            quote @ ('\'' | '"') => self.string(quote).map(Value::String),
            _ => self.word(),
        }
    }

    fn items(&mut self, close: char, depth: usize) -> Option<Vec<Value>> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(self.value(depth + 1)?);
            self.takes(',');
        }
        Some(items)
    }

    /// A dictionary, or a set.
    fn braced(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let (mut items, mut map) = (Vec::new(), Map::new());
        while !self.takes('}') {
            let item = self.value(depth + 1)?;
            if self.takes(':') {
                let Value::String(key) = item else { return None };
                map.insert(key, self.value(depth + 1)?);
            } else {
                items.push(item);
            }
            self.takes(',');
        }
        Some(if map.is_empty() { Value::Array(items) } else { Value::Object(map) })
    }

    fn string(&mut self, quote: char) -> Option<String> {
        let mut string = String::new();
        let mut chars = self.text[self.at + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => string.push(match chars.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'u' | 'x' | 'U' => {
                        let rest = &self.text[self.at + 1 + at..];
                        let (escaped, n) = by_code(rest)?;
                        chars.nth(n.checked_sub(3)?);
                        escaped
                    }
                    c => c,
                }),
                c if c == quote => {
                    self.at += 1 + at + c.len_utf8();
                    return Some(string);
                }
                c => string.push(c),
            }
        }
        None
    }

    /// `None`, `nan`, `True`, a number.
    fn word(&mut self) -> Option<Value> {
        let end = self.rest().find(|c: char| ",:]})".contains(c) || c.is_whitespace())?;
        let word = &self.rest()[..end];
        let value = match word {
            "True" | "true" => Value::Bool(true),
            "False" | "false" => Value::Bool(false),
            "None" | "null" | "nan" | "NaN" | "NULL" => Value::Null,
            _ => Value::Number(word.parse::<Number>().ok()?),
        };
        self.at += end;
        Some(value)
    }
}

/// The character of an escape such as `\u00fc` or `\xfc`, and how many characters that takes.
fn by_code(text: &str) -> Option<(char, usize)> {
    let n = match text.get(1..2)? {
        "x" => 2,
        "u" => 4,
        _ => 8,
    };
    let code = u32::from_str_radix(text.get(2..2 + n)?, 16).ok()?;
    Some((char::from_u32(code).unwrap_or('\u{fffd}'), 2 + n))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_databases_are_texts() {
        let texts = |value: Value| {
            let mut texts = Vec::new();
            flatten(&value, &mut texts);
            texts.join("|")
        };
        for (value, expected) in [
            (json!({"$date": "2024-01-02T10:00:00Z"}), "2024-01-02T10:00:00Z"),
            (json!({"$date": 1_704_189_600_000_i64}), "2024-01-02T10:00:00Z"),
            (json!({"$date": {"$numberLong": "1704189600000"}}), "2024-01-02T10:00:00Z"),
            (json!({"$date": {"$numberLong": "-86400000"}}), "1969-12-31T00:00:00Z"),
            (json!({"$timestamp": {"t": 1_704_189_600, "i": 1}}), "1704189600"),
            (json!({"$oid": "5f"}), "5f"),
            (json!([{"$numberInt": "3"}, {"$numberDouble": "1.5"}]), "3|1.5"),
            (json!({"$binary": {"base64": "AA=="}}), ""),
            (json!({"rendered": "Ramp"}), "Ramp"),
            (json!([{"firstName": "Odile", "lastName": "Varga"}]), "Odile Varga"),
            (json!([{"name": "Odile Varga"}, "Tom Askew"]), "Odile Varga|Tom Askew"),
        ] {
            assert_eq!(texts(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn lists_that_programs_write_into_a_cell_are_lists() {
        for (text, expected) in [
            ("['Odile Varga', 'Tom Askew']", Some("Odile Varga|Tom Askew")),
            ("[\"Odile Varga\",\"Tom Askew\"]", Some("Odile Varga|Tom Askew")),
            ("['Odile Varga' 'Tom Askew']", Some("Odile Varga|Tom Askew")),
            ("array(['Odile Varga'], dtype=object)", Some("Odile Varga")),
            ("{\"Odile Varga\",\"Tom Askew\"}", Some("Odile Varga|Tom Askew")),
            ("('Odile Varga',)", Some("Odile Varga")),
            (r"['Zo\xeb D\u00fcr', None, nan]", Some("Zoë Dür")),
            (
                r#"["Tom O'Hara", 'M. "Mo" Li', 'O\'Dea']"#,
                Some("Tom O'Hara|M. \"Mo\" Li|O'Dea"),
            ),
            ("[{'name': 'Odile Varga', 'id': 3}]", Some("Odile Varga")),
            ("[]", Some("")),
            ("[Odile Varga]", None),
            ("(left) Odile Varga (right)", None),
            ("[1] A note. [2]", None),
            ("Odile Varga", None),
            ("['Odile", None),
        ] {
            let found = listed(text).map(|texts| texts.join("|"));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        assert_eq!(listed(&"[".repeat(100_000)), None);
    }
}
