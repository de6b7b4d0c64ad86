//! Days, months, years and seasons that the text names.

use super::super::calendar::{Side, date};
use super::Meaning;
use super::parts::Parts;
use crate::dates::number;

pub(super) fn read_iso(parts: &Parts<'_>) -> Option<Meaning> {
    let group = |at: usize| parts.captures.get(at).map(|m| m.as_str());
    let value = date(number(group(1)?)?, number(group(2)?)?, Some(number(group(3)?)?))?;
    Some(match group(4) {
        Some(time) => ("TIME", format!("{value}T{time}"), None),
        None => ("DATE", value, None),
    })
}

pub(super) fn read_day(parts: &Parts<'_>) -> Option<Meaning> {
    let (month, day) = (parts.month()?, parts.number("d")?);
    if !(1..=31).contains(&day) {
        return None;
    }
    let value = match parts.number("y") {
        Some(year) => date(year, month, Some(day))?,
        None => parts.calendar.month(month, Some(day), None),
    };
    Some(("DATE", value, None))
}

pub(super) fn read_month_year(parts: &Parts<'_>) -> Option<Meaning> {
    let value = date(parts.number("y")?, parts.month()?, None)?;
    Some(("DATE", value, parts.modifier()))
}

/// A month without a year. `May` and `March` get here only with a word before them.
pub(super) fn read_month(parts: &Parts<'_>) -> Option<Meaning> {
    // Theresa May, and May Smith: another capital beside the name makes it one.
    let next = parts.word_after();
    let is_name = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is_ambiguous =
        matches!(parts.get("m")?, "May" | "March" | "April" | "June" | "August");
    let joined = parts.after().starts_with(' ') && is_name(next) && is_ambiguous;
    let after_name = is_ambiguous
        && parts.before().ends_with(' ')
        && is_name(parts.word_before())
        && parts.word_before().len() > 2
        && !parts.before().trim_end().contains(char::is_whitespace)
        && parts.get("side").is_none();
    if joined
        || after_name && !parts.before().trim().is_empty() && parts.word_before() != "In"
    {
        return None;
    }
    let value = parts.calendar.month(parts.month()?, None, parts.side());
    Some(("DATE", value, parts.modifier()))
}

/// Four digits are a year unless they count something.
pub(super) fn read_year(parts: &Parts<'_>) -> Option<Meaning> {
    let last = parts.before().chars().next_back();
    if last
        .is_some_and(|c| matches!(c, '$' | '€' | '£' | '¥' | '#' | '.' | ',' | '+' | ':'))
    {
        return None;
    }
    let after = parts.after();
    let goes_on = after.starts_with(['%', '°', ':']) || {
        let mut rest = after.chars();
        let mark = rest.next();
        matches!(mark, Some('.' | ',')) && rest.next().is_some_and(|c| c.is_ascii_digit())
    };
    const UNITS: [&str; 16] = [
        "people",
        "men",
        "women",
        "children",
        "km",
        "kilometres",
        "kilometers",
        "miles",
        "metres",
        "meters",
        "tonnes",
        "tons",
        "feet",
        "euros",
        "dollars",
        "per",
    ];
    let next = parts.word_after();
    let is_led = matches!(
        parts.word_before().to_ascii_lowercase().as_str(),
        "in" | "since"
            | "by"
            | "from"
            | "until"
            | "till"
            | "before"
            | "after"
            | "during"
            | "of"
            | "to"
            | "through"
            | "and"
            | "between"
            | "circa"
            | "the"
            | "year"
    );
    let counts = after.starts_with(' ')
        && (UNITS.contains(&next)
            || !is_led
                && next.ends_with('s')
                && next.chars().all(char::is_lowercase)
                && next.len() > 3);
    if goes_on || counts {
        return None;
    }
    Some(("DATE", parts.get("y")?.to_owned(), parts.modifier()))
}

pub(super) fn read_decade(parts: &Parts<'_>) -> Option<Meaning> {
    const WORDS: [&str; 8] = [
        "twenties",
        "thirties",
        "forties",
        "fifties",
        "sixties",
        "seventies",
        "eighties",
        "nineties",
    ];
    let digits = parts.get("y")?;
    if let Some(at) = WORDS.iter().position(|word| *word == digits) {
        return Some(("DATE", format!("19{}", at + 2), None));
    }
    let is_bare = digits.len() == 2;
    let marked = parts.before().ends_with(['\'', '’', '‘'])
        || parts.captures.get(0)?.as_str().contains("the ");
    if is_bare && !marked {
        return None;
    }
    let value =
        if is_bare { format!("19{}", &digits[..1]) } else { digits[..3].to_owned() };
    Some(("DATE", value, parts.modifier()))
}

pub(super) fn read_century(parts: &Parts<'_>) -> Option<Meaning> {
    let number = parts.number("n")?.checked_sub(1)?;
    Some(("DATE", format!("{number:02}"), parts.modifier()))
}

pub(super) fn read_quarter(parts: &Parts<'_>) -> Option<Meaning> {
    let year = parts.number("y");
    let is_half = parts.get("k") == Some("half");
    // `the first half` is one of a match unless a year follows.
    if is_half && year.is_none()
        || parts.get("k").is_some()
            && year.is_none()
            && !parts.after().trim_start().starts_with("of the year")
            && !parts.before().ends_with("in ")
    {
        return None;
    }
    let number = match (parts.get("n"), parts.number("q")) {
        (_, Some(q)) => q,
        (Some("first"), _) => 1,
        (Some("second"), _) => 2,
        (Some("third"), _) => 3,
        (Some("last"), _) if is_half => 2,
        _ => 4,
    };
    let year = year.map_or_else(|| parts.calendar.year_or_x(0), |year| year.to_string());
    let letter = if is_half { "H" } else { "Q" };
    Some(("DATE", format!("{year}-{letter}{number}"), None))
}

pub(super) fn read_season(parts: &Parts<'_>) -> Option<Meaning> {
    let season = match parts.get("s")?.to_ascii_lowercase().as_str() {
        "spring" => "SP",
        "summer" => "SU",
        "winter" => "WI",
        _ => "FA",
    };
    let whole = parts.captures.get(0)?.as_str();
    let lead = whole.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let is_led = matches!(lead.as_str(), "in" | "by" | "until" | "during" | "since");
    let year = match (parts.get("y"), parts.side()) {
        (Some(year), _) => year.to_owned(),
        (None, Some(Side::Past)) => parts.calendar.year_or_x(-1),
        (None, Some(Side::Future)) => parts.calendar.year_or_x(1),
        (None, Some(Side::Present)) => parts.calendar.year_or_x(0),
        (None, None) if is_led => parts.calendar.year_or_x(0),
        // A bare `spring` is also a source, and `fall` a verb.
        (None, None) => return None,
    };
    Some(("DATE", format!("{year}-{season}"), None))
}
