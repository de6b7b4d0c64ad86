//! Dates of records: to ISO 8601, as precise as stated and no more.

use jiff::{
    Timestamp, civil,
    fmt::{rfc2822, strtime},
};

/// Forms of dates that exporters write, besides ISO 8601 and RFC 2822.
const FORMS: &[(&str, Precision)] = &[
    ("%B %d, %Y", Precision::Day),
    ("%b %d, %Y", Precision::Day),
    ("%d %B %Y", Precision::Day),
    ("%d %b %Y", Precision::Day),
    ("%Y/%m/%d", Precision::Day),
    ("%Y/%m/%d %H:%M:%S", Precision::Second),
    ("%Y%m%d", Precision::Day),
    // Reuters, in capitals and to the hundredth of a second.
    ("%d-%b-%Y %H:%M:%S%.f", Precision::Second),
    ("%a %b %d %H:%M:%S %Y", Precision::Second),
];

#[derive(Clone, Copy)]
enum Precision {
    Day,
    Second,
}

/// The date as ISO 8601; `None` where the text is no date.
pub(crate) fn iso(text: &str) -> Option<String> {
    let text = text.trim();
    by_digits(text)
        .or_else(|| by_basic(text))
        .or_else(|| by_rfc2822(text))
        .or_else(|| by_form(text))
        .or_else(|| by_epoch(text))
}

/// Microseconds since 1970 of a date; a date without a zone is taken as UTC.
pub(crate) fn micros(text: &str) -> Option<i64> {
    let iso = iso(text)?;
    if let Ok(stamp) = iso.parse::<Timestamp>() {
        return Some(stamp.as_microsecond());
    }
    let date: civil::DateTime = match iso.parse::<civil::DateTime>() {
        Ok(date) => date,
        Err(_) => iso.parse::<civil::Date>().ok()?.to_datetime(civil::Time::midnight()),
    };
    Some(jiff::tz::TimeZone::UTC.to_timestamp(date).ok()?.as_microsecond())
}

/// `2024`, `2024-03`, `2024-03-22`, with `T` or a space a time, and perhaps a zone.
fn by_digits(text: &str) -> Option<String> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let widths_fit = parts.iter().enumerate().all(|(n, part)| {
        part.len() == if n == 0 { 4 } else { 2 }
            && part.bytes().all(|b| b.is_ascii_digit())
    });
    if !widths_fit || parts.len() > 3 {
        return None;
    }
    let number = |n: usize| parts.get(n).map_or(Some(1), |part| part.parse::<i8>().ok());
    civil::Date::new(parts[0].parse().ok()?, number(1)?, number(2)?).ok()?;
    let Some(time) = time.filter(|time| !time.is_empty()) else {
        return Some(date.to_owned());
    };
    if parts.len() < 3 {
        return None;
    }
    let clock_end = time
        .find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.')
        .unwrap_or(time.len());
    let (clock, zone) = time.split_at(clock_end);
    clock.parse::<civil::Time>().ok()?;
    Some(format!("{date}T{clock}{}", zone_of(zone.trim())?))
}

/// The basic format of ISO 8601 with a time: `20240322T050000+0100`.
fn by_basic(text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', 't'])?;
    let is_basic = date.len() == 8 && time.get(..6)?.bytes().all(|b| b.is_ascii_digit());
    if !is_basic || !date.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (clock, zone) = time.split_at(6);
    by_digits(&format!(
        "{}-{}-{}T{}:{}:{}{zone}",
        &date[..4],
        &date[4..6],
        &date[6..],
        &clock[..2],
        &clock[2..4],
        &clock[4..]
    ))
}

/// `Z`, `+01:00`, `+0100`, `+01`, `UTC`, `GMT` or nothing.
fn zone_of(zone: &str) -> Option<String> {
    match zone {
        "" => return Some(String::new()),
        "Z" | "z" | "UTC" | "GMT" => return Some("Z".to_owned()),
        _ => {}
    }
    let sign = zone.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let rest = &zone[1..];
    if !rest.chars().all(|c| c.is_ascii_digit() || c == ':') {
        return None;
    }
    let digits = rest.replace(':', "");
    match digits.len() {
        2 => Some(format!("{sign}{digits}:00")),
        4 => Some(format!("{sign}{}:{}", &digits[..2], &digits[2..])),
        _ => None,
    }
}

/// `Fri, 22 Mar 2024 05:00:00 +0100`.
fn by_rfc2822(text: &str) -> Option<String> {
    let date = rfc2822::parse(text).ok()?;
    Some(strtime::format("%Y-%m-%dT%H:%M:%S%:z", &date).ok()?.replace("+00:00", "Z"))
}

fn by_form(text: &str) -> Option<String> {
    FORMS.iter().find_map(|(form, precision)| {
        let parts = strtime::parse(form, text).ok()?;
        match precision {
            Precision::Day => Some(parts.to_date().ok()?.to_string()),
            Precision::Second => Some(parts.to_datetime().ok()?.to_string()),
        }
    })
}

/// Seconds or milliseconds since 1970, of this century.
fn by_epoch(text: &str) -> Option<String> {
    let number: i64 = text.split('.').next()?.parse().ok()?;
    let stamp = match number {
        946_684_800..=4_102_444_800 => Timestamp::from_second(number),
        946_684_800_000..=4_102_444_800_000 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    Some(stamp.ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision_and_zone() {
        for (text, expected) in [
            ("2024-03-22 05:00:00", Some("2024-03-22T05:00:00")),
            ("2024-03-22T05:00:00+0100", Some("2024-03-22T05:00:00+01:00")),
            ("2024-03-22 05:00:00 UTC", Some("2024-03-22T05:00:00Z")),
            ("2024-03-22T05:00:00.123Z", Some("2024-03-22T05:00:00.123Z")),
            ("2024-03", Some("2024-03")),
            ("2024", Some("2024")),
            ("Fri, 22 Mar 2024 05:00:00 +0100", Some("2024-03-22T05:00:00+01:00")),
            ("March 22, 2024", Some("2024-03-22")),
            ("22 Mar 2024", Some("2024-03-22")),
            ("20240322T050000+0100", Some("2024-03-22T05:00:00+01:00")),
            ("20240322T050000Z", Some("2024-03-22T05:00:00Z")),
            ("26-FEB-1987 15:01:01.79", Some("1987-02-26T15:01:01.79")),
            ("1711083600", Some("2024-03-22T05:00:00Z")),
            ("1711083600000", Some("2024-03-22T05:00:00Z")),
            ("None", None),
            ("2024-13-01", None),
            ("yesterday", None),
            ("", None),
            ("2024-03-22 ü", None),
        ] {
            assert_eq!(iso(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn moments_are_microseconds() {
        assert_eq!(micros("1970-01-01 00:00:01"), Some(1_000_000));
        assert_eq!(micros("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(micros("1970-01-02"), Some(86_400_000_000));
    }
}
