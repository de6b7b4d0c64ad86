//! What counts from the day of publication: "yesterday", "on Monday", "last week".

use jiff::civil::Weekday;

use super::super::calendar::{Side, Unit};
use super::Meaning;
use super::lengths::amount;
use super::parts::Parts;

pub(super) fn read_weekday(parts: &Parts<'_>) -> Option<Meaning> {
    let day = match &parts.get("w")?[..2] {
        "Mo" => Weekday::Monday,
        "Tu" => Weekday::Tuesday,
        "We" => Weekday::Wednesday,
        "Th" => Weekday::Thursday,
        "Fr" => Weekday::Friday,
        "Sa" => Weekday::Saturday,
        _ => Weekday::Sunday,
    };
    let side = parts.get("side").map(str::to_ascii_lowercase);
    let part = parts.part_of_day();
    let is_set =
        matches!(side.as_deref(), Some("every" | "each")) || parts.get("s").is_some();
    if is_set {
        let number = day.to_monday_one_offset();
        return Some(("SET", format!("XXXX-WXX-{number}{}", part.unwrap_or("")), None));
    }
    let side = parts.side();
    let strictly = side.is_some();
    let side = side.or(Some(if parts.is_future() { Side::Future } else { Side::Past }));
    let value = parts.calendar.weekday(day, side, strictly);
    Some(match part {
        Some(part) => ("TIME", format!("{value}{part}"), None),
        None => ("DATE", value, None),
    })
}

pub(super) fn read_near_day(parts: &Parts<'_>) -> Option<Meaning> {
    let word = parts.get("w")?.to_ascii_lowercase();
    let (after, side) = match word.as_str() {
        "yesterday" => (-1, Side::Past),
        "tomorrow" => (1, Side::Future),
        _ => (0, Side::Present),
    };
    let part = if word == "tonight" { Some("TNI") } else { parts.part_of_day() };
    if let Some(part) = part {
        return Some(("TIME", format!("{}{part}", parts.calendar.day_or_x(after)), None));
    }
    // USA Today is a newspaper.
    if parts.get("w")?.starts_with('T')
        && parts.word_before().chars().next().is_some_and(char::is_uppercase)
    {
        return None;
    }
    let value = parts.calendar.day(after).unwrap_or_else(|| side.reference().to_owned());
    Some(("DATE", value, None))
}

pub(super) fn read_part_of_day(parts: &Parts<'_>) -> Option<Meaning> {
    let after = match (parts.get("w")?.to_ascii_lowercase().as_str(), parts.get("p")?) {
        ("last", "night" | "evening") => -1,
        ("last", _) => return None,
        _ => 0,
    };
    let day = parts.calendar.day_or_x(after);
    Some(("TIME", format!("{day}{}", parts.part_of_day()?), None))
}

/// "last week" is a date; "within the next month" is a length of time.
pub(super) fn read_relative(parts: &Parts<'_>) -> Option<Meaning> {
    let (side, unit) = (parts.side()?, parts.unit()?);
    let word = parts.get("side")?.to_ascii_lowercase();
    let is_plural = parts.captures.get(0)?.as_str().ends_with("s");
    if is_plural {
        return Some(("DATE", side.reference().to_owned(), None));
    }
    if parts.get("the").is_some() {
        let signal = parts.word_before().to_ascii_lowercase();
        let is_length = matches!(
            signal.as_str(),
            "within" | "over" | "during" | "for" | "in" | "throughout"
        );
        if is_length && matches!(word.as_str(), "last" | "past" | "next" | "coming") {
            let modifier = (signal == "within").then_some("EQUAL_OR_LESS");
            return Some(("DURATION", unit.duration("1"), modifier));
        }
        if matches!(word.as_str(), "same" | "current")
            || matches!(unit, Unit::Second | Unit::Minute | Unit::Hour)
        {
            return None;
        }
    } else if matches!(word.as_str(), "same" | "following" | "current" | "coming") {
        return None;
    }
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour) {
        return None;
    }
    Some(("DATE", parts.calendar.relative(unit, side), parts.modifier()))
}

/// "the end of the year": a part of the unit that `t0` lies in, or of its neighbour.
pub(super) fn read_edge(parts: &Parts<'_>) -> Option<Meaning> {
    let side = parts.side().unwrap_or(Side::Present);
    Some(("DATE", parts.calendar.relative(parts.unit()?, side), parts.modifier()))
}

pub(super) fn read_weekend(parts: &Parts<'_>) -> Option<Meaning> {
    Some(("DATE", parts.calendar.weekend(parts.side()?), None))
}

pub(super) fn read_ago(parts: &Parts<'_>) -> Option<Meaning> {
    let unit = parts.unit()?;
    let n: Option<i64> = amount(parts.get("n")?).parse().ok();
    let value = n.and_then(|n| parts.calendar.unit(unit, -n));
    Some(("DATE", value.unwrap_or_else(|| Side::Past.reference().to_owned()), None))
}

pub(super) fn read_vague(parts: &Parts<'_>) -> Option<Meaning> {
    let words = parts.get("w")?.to_ascii_lowercase();
    let side = match words.as_str() {
        "soon" => Side::Future,
        words if words.contains("future") || words.contains("coming") => Side::Future,
        "currently" | "nowadays" | "now" | "presently" | "at present"
        | "at the moment" | "these days" => Side::Present,
        _ => Side::Past,
    };
    // `as soon as` is a condition, `the past two years` a length.
    if words == "soon" && parts.word_before() == "as"
        || words == "the past"
            && parts.word_after().len() > 1
            && parts.after().starts_with(' ')
            && !parts.word_after().chars().all(char::is_lowercase)
    {
        return None;
    }
    Some(("DATE", side.reference().to_owned(), None))
}
