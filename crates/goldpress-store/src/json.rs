//! Canonical JSON: one spelling a value, so that bytes can be hashed and compared.
//!
//! The bytes are those of Python's `json.dumps(x, sort_keys=True, ensure_ascii=False,
//! separators=(",", ":"))`, so that a script can make and check them.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

/// The canonical JSON of a value.
///
/// Keys are sorted by code point; a float is spelt as Python spells it, also where Rust
/// would not (`1e-05`, `1e+16`).
///
/// ```
/// use goldpress_store::json::canonical;
///
/// let value = serde_json::json!({"text": "Kag̃uary", "score": 1.0, "args": {}});
/// assert_eq!(canonical(&value), r#"{"args":{},"score":1.0,"text":"Kag̃uary"}"#);
/// ```
///
/// # Panics
///
/// When the value has a map whose keys are neither strings nor numbers: that is a type of
/// ours, never data.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> String {
    let value = serde_json::to_value(value).expect("our types have JSON values");
    let mut out = String::new();
    spell(&value, &mut out);
    out
}

fn spell(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => spell_float(float, out),
            _ => write!(out, "{number}").expect("a string takes all"),
        },
        Value::String(text) => spell_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                spell(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            // Not left to the map: a dependency may switch it to the order of insertion.
            let mut pairs: Vec<(&String, &Value)> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (n, (key, value)) in pairs.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                spell_text(key, out);
                out.push(':');
                spell(value, out);
            }
            out.push('}');
        }
    }
}

/// Python's `repr`: the shortest digits, with an exponent below 1e-4 and from 1e16.
fn spell_float(float: f64, out: &mut String) {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').expect("`{:e}` writes an e");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a whole exponent");
    if (-4..16).contains(&exponent) {
        let plain = format!("{float}");
        out.push_str(&plain);
        if !plain.contains('.') {
            out.push_str(".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{digits}e{sign}{:02}", exponent.abs()).expect("a string takes all");
    }
}

fn spell_text(text: &str, out: &mut String) {
    out.push('"');
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' => {
                write!(out, "\\u{:04x}", letter as u32).expect("a string takes all");
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonical;

    /// Answers of CPython 3.11's `json.dumps`.
    #[test]
    fn floats_are_spelt_as_python_spells_them() {
        let floats = json!([
            4.0, 0.55, 0.0001, 0.00001, 1e15, 1e16, 1.5e16, -0.0, 123456.789, 1e-7, 1e100
        ]);
        assert_eq!(
            canonical(&floats),
            "[4.0,0.55,0.0001,1e-05,1000000000000000.0,1e+16,1.5e+16,-0.0,123456.789,\
             1e-07,1e+100]"
        );
    }

    #[test]
    fn only_quotes_backslashes_and_controls_are_escaped() {
        let text = "“é” \"\\/\n\r\t\u{8}\u{c}\u{1}\u{7f}\u{2028}🚀";
        assert_eq!(
            canonical(text),
            "\"“é” \\\"\\\\/\\n\\r\\t\\b\\f\\u0001\u{7f}\u{2028}🚀\""
        );
    }

    #[test]
    fn keys_stand_in_order_of_code_points() {
        let value = json!({"ﬀ": 1, "b": {"z": null, "a": [true, 7]}, "🚀": 2, "B": 3});
        assert_eq!(
            canonical(&value),
            r#"{"B":3,"b":{"a":[true,7],"z":null},"ﬀ":1,"🚀":2}"#
        );
    }
}
