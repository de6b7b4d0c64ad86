//! Text, patterns, and JSON in text.

use polars::{error::polars_err, prelude::AnyValue};
use serde_json::Value;

use super::{Answer, Patterns};

/// Text as a value.
pub(super) fn owned(text: String) -> AnyValue<'static> {
    AnyValue::StringOwned(text.into())
}

fn flag(yes: bool) -> Answer {
    Ok(AnyValue::Boolean(yes))
}

/// Bytes of text in UTF-8, or of a blob.
pub(super) fn bytes(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let n = match &row[0] {
        AnyValue::Binary(bytes) => bytes.len(),
        AnyValue::BinaryOwned(bytes) => bytes.len(),
        value => value.str_value().len(),
    };
    Ok(AnyValue::Int64(n as i64))
}

/// `LIKE` with a character that takes `%` and `_` by their letter.
pub(super) fn like(row: &[AnyValue<'_>], patterns: &mut Patterns) -> Answer {
    let (text, pattern, escape) =
        (row[0].str_value(), row[1].str_value(), row[2].str_value());
    let mut regex = String::from("(?s)^");
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            _ if escape.starts_with(letter) => {
                let literal = letters.next().unwrap_or(letter);
                regex.push_str(&regex::escape(&literal.to_string()));
            }
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            letter => regex.push_str(&regex::escape(&letter.to_string())),
        }
    }
    regex.push('$');
    flag(patterns.get(&regex)?.is_match(&text))
}

/// Characters from a place, counted from 1, or from the end below 0.
pub(super) fn substring(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let text = row[0].str_value();
    let n_letters = text.chars().count() as i64;
    let from = match row[1].extract::<i64>().unwrap_or(1) {
        place if place < 0 => n_letters + place,
        place => place - 1,
    };
    let length = row.get(2).and_then(AnyValue::extract::<i64>).unwrap_or(i64::MAX);
    let to = from.saturating_add(length).clamp(0, n_letters);
    let from = from.clamp(0, n_letters);
    let n = usize::try_from(to - from).unwrap_or(0);
    Ok(owned(text.chars().skip(from as usize).take(n).collect()))
}

/// The code point of the first character.
pub(super) fn ascii(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let first = row[0].str_value().chars().next();
    Ok(AnyValue::Int64(first.map_or(0, |letter| i64::from(u32::from(letter)))))
}

/// The character of a code point.
pub(super) fn chr(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let letter = row[0].extract::<u32>().and_then(char::from_u32);
    Ok(letter.map_or(AnyValue::Null, |letter| owned(letter.to_string())))
}

/// Text so many times.
pub(super) fn repeat(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let n = row[1].extract::<i64>().unwrap_or(0).clamp(0, 1_000_000);
    let text = row[0].str_value();
    if text.len().saturating_mul(n as usize) > 1 << 28 {
        return Err(polars_err!(ComputeError: "REPEAT would give over 256 MB"));
    }
    Ok(owned(text.repeat(n as usize)))
}

/// The first match of a pattern, or of a group of it; empty where there is none.
pub(super) fn regexp_extract(row: &[AnyValue<'_>], patterns: &mut Patterns) -> Answer {
    let text = row[0].str_value();
    let group = row.get(2).and_then(AnyValue::extract::<usize>).unwrap_or(0);
    let found = patterns.get(&row[1].str_value())?.captures(&text);
    let found = found.and_then(|groups| Some(groups.get(group)?.as_str().to_owned()));
    Ok(owned(found.unwrap_or_default()))
}

/// Whether a pattern is all of a text.
pub(super) fn regexp_full_match(row: &[AnyValue<'_>], patterns: &mut Patterns) -> Answer {
    let whole = format!("^(?:{})$", row[1].str_value());
    flag(patterns.get(&whole)?.is_match(&row[0].str_value()))
}

/// Replaces the first match of a pattern, or all with the option `g`; `\1` is a group.
pub(super) fn regexp_replace(row: &[AnyValue<'_>], patterns: &mut Patterns) -> Answer {
    let (text, by) = (row[0].str_value(), row[2].str_value());
    let options = row.get(3).map(AnyValue::str_value).unwrap_or_default();
    let pattern = match options.contains('i') {
        true => format!("(?i){}", row[1].str_value()),
        false => row[1].str_value().into_owned(),
    };
    let mut replacement = String::new();
    let mut letters = by.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(char::is_ascii_digit) => {
                let digit = letters.next().unwrap_or('0');
                replacement.push_str(&format!("${{{digit}}}"));
            }
            '$' => replacement.push_str("$$"),
            letter => replacement.push(letter),
        }
    }
    let limit = if options.contains('g') { 0 } else { 1 };
    let replaced = patterns.get(&pattern)?.replacen(&text, limit, replacement.as_str());
    Ok(owned(replaced.into_owned()))
}

/// What stands at a path of JSON in text: `mention`, `$.mention`, `$.a.b`.
pub(super) fn json(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let found = json_field(&row[0], &row[1].str_value());
    Ok(found.map_or(AnyValue::Null, owned))
}

/// The same for one value.
pub(super) fn json_field(json: &AnyValue<'_>, path: &str) -> Option<String> {
    let json: Value = serde_json::from_str(json.get_str()?).ok()?;
    let path = path.strip_prefix("$.").unwrap_or(path);
    let step = |value: Value, key: &str| match &value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?).cloned(),
        value => value.get(key).cloned(),
    };
    let mut keys = path.split(['.', '[', ']']).filter(|key| !key.is_empty());
    let found = keys.try_fold(json, step)?;
    match found {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
