//! Lengths of time, repetitions, and times of day.

use super::super::calendar::Unit;
use super::Meaning;
use super::parts::Parts;

/// A number as digits, or `X` where it is vague.
pub(super) fn amount(word: &str) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let word = word.to_ascii_lowercase();
    let small = |word: &str| SMALL.iter().position(|known| *known == word);
    let tens =
        |word: &str| TENS.iter().position(|known| *known == word).map(|at| at * 10 + 20);
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.replace(',', "");
    }
    let value = match word.split_once('-') {
        Some((ten, one)) => tens(ten).zip(small(one)).map(|(ten, one)| ten + one),
        None => small(&word).or_else(|| tens(&word)),
    };
    match (value, word.as_str()) {
        (Some(value), _) => value.to_string(),
        (None, "a" | "an") => "1".to_owned(),
        (None, "a couple of") => "2".to_owned(),
        (None, "a dozen") => "12".to_owned(),
        (None, "a hundred") => "100".to_owned(),
        _ => "X".to_owned(),
    }
}

pub(super) fn read_duration(parts: &Parts<'_>) -> Option<Meaning> {
    let unit = parts.unit()?;
    let after = parts.after();
    // `a 31-year-old` is a person, `a 30-second spot` and `a three-day visit` are lengths.
    if after.starts_with("-old") || after.starts_with(" old") {
        return None;
    }
    // `two quarters of the town`, `the second minute`: no lengths of time.
    if matches!(unit, Unit::Quarter) && after.starts_with(" of") {
        return None;
    }
    let amount = amount(parts.get("n")?);
    // `the 2018 year`: four digits before one unit are a year.
    let is_one = parts.captures.get(0)?.as_str().ends_with(|c| c != 's');
    if is_one && amount.len() == 4 && !parts.get("n")?.contains(',') {
        return None;
    }
    Some(("DURATION", unit.duration(&amount), None))
}

pub(super) fn read_half(parts: &Parts<'_>) -> Option<Meaning> {
    let value = match parts.get("x")?.rsplit(' ').next()? {
        "hour" => "PT30M",
        "day" => "PT12H",
        _ => "P6M",
    };
    Some(("DURATION", value.to_owned(), None))
}

pub(super) fn read_every(parts: &Parts<'_>) -> Option<Meaning> {
    Some(("SET", parts.unit()?.duration("1"), None))
}

pub(super) fn read_adverb(parts: &Parts<'_>) -> Option<Meaning> {
    let value = match parts.get("w")? {
        "hourly" => "PT1H",
        "daily" | "nightly" => "P1D",
        "weekly" => "P1W",
        "monthly" => "P1M",
        _ => "P1Y",
    };
    Some(("SET", value.to_owned(), None))
}

pub(super) fn read_clock(parts: &Parts<'_>) -> Option<Meaning> {
    let hour = parts.number("h")?;
    let minute = parts.number("mi").unwrap_or(0);
    let half = parts.get("half").map(|half| half.as_bytes()[0]);
    let hour = match half {
        Some(_) if hour > 12 || hour == 0 => return None,
        Some(b'p') if hour < 12 => hour + 12,
        Some(b'a') if hour == 12 => 0,
        _ => hour,
    };
    let is_ratio = parts.before().ends_with([':', '.', '-', '–'])
        || parts.after().starts_with([':']) && half.is_none();
    (!is_ratio && minute < 60).then(|| ("TIME", format!("T{hour:02}:{minute:02}"), None))
}

pub(super) fn read_noon(parts: &Parts<'_>) -> Option<Meaning> {
    let value = if parts.get("w")?.eq_ignore_ascii_case("midnight") {
        "T24:00"
    } else {
        "T12:00"
    };
    Some(("TIME", value.to_owned(), None))
}
