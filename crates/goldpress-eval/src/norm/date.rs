//! Dates as ISO 8601 states them, compared as precisely as gold is.

/// A date with the components that are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stated {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
    /// Minutes of the day.
    time: Option<u32>,
    /// Minutes east of Greenwich.
    zone: Option<i64>,
}

/// Whether every component that gold states is stated and equal; a finer prediction is
/// fine, a coarser one is wrong.
///
/// With a time and a zone on both sides, instants are compared, to the minute. Values that
/// are no dates agree when they are the same text.
///
/// ```
/// use goldpress_eval::norm::date_agrees;
///
/// assert!(date_agrees("2024-05", "2024-05-03"));
/// assert!(!date_agrees("2024-05-03", "2024-05"));
/// assert!(date_agrees("2024-05-03T07:15+02:00", "2024-05-03T05:15:40Z"));
/// ```
pub fn agrees(gold: &str, predicted: &str) -> bool {
    let (Some(gold), Some(predicted)) = (parse(gold), parse(predicted)) else {
        return gold.trim() == predicted.trim();
    };
    if let (Some(a), Some(b)) = (gold.instant(), predicted.instant()) {
        return a == b;
    }
    let stated =
        |gold: Option<u32>, predicted: Option<u32>| gold.is_none() || gold == predicted;
    gold.year == predicted.year
        && stated(gold.month, predicted.month)
        && stated(gold.day, predicted.day)
        && stated(gold.time, predicted.time)
}

/// Days from one calendar day to the other, as written; `None` where one states no day.
pub fn day_distance(a: &str, b: &str) -> Option<u64> {
    let day = |value: &str| parse(value).and_then(|date| date.days());
    Some(day(a)?.abs_diff(day(b)?))
}

impl Stated {
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    fn days(&self) -> Option<i64> {
        let (month, day) = (i64::from(self.month?), i64::from(self.day?));
        // Years begin in March, so that the leap day comes last.
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Minutes since 1970-01-01T00:00Z.
    fn instant(&self) -> Option<i64> {
        Some(self.days()? * 1440 + i64::from(self.time?) - self.zone?)
    }
}

/// Reads `2024`, `2024-05`, `2024-05-03`, `2024-05-03T07:15`, with or without seconds and
/// zone; a space may stand for the `T`.
fn parse(value: &str) -> Option<Stated> {
    let value = value.trim();
    let (date, clock) = match value.find(['T', 't', ' ']) {
        Some(at) => (&value[..at], Some(&value[at + 1..])),
        None => (value, None),
    };
    let mut parts = date.split('-');
    let mut stated = Stated {
        year: number(parts.next()?, 4)?.into(),
        month: None,
        day: None,
        time: None,
        zone: None,
    };
    stated.month = bounded(parts.next(), 1..=12)?;
    stated.day = bounded(parts.next(), 1..=31)?;
    if parts.next().is_some() || clock.is_some() && stated.day.is_none() {
        return None;
    }
    let Some(clock) = clock else { return Some(stated) };
    let zone_at = clock.find(['Z', 'z', '+', '-', '−']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone_at);
    let mut parts = clock.trim_end().split(':');
    let hour = bounded(parts.next(), 0..=24)??;
    let minute = bounded(Some(parts.next().unwrap_or("00")), 0..=59)??;
    stated.time = Some(hour * 60 + minute);
    stated.zone = match zone {
        "" => None,
        "Z" | "z" => Some(0),
        zone => Some(offset(zone)?),
    };
    Some(stated)
}

/// `+02:00`, `-0530`, `+02`.
fn offset(zone: &str) -> Option<i64> {
    let mut rest = zone.chars();
    let sign = if rest.next()? == '+' { 1 } else { -1 };
    let digits: String = rest.filter(|c| *c != ':').collect();
    let hours = i64::from(number(digits.get(..2)?, 2)?);
    let minutes = match &digits[2..] {
        "" => 0,
        minutes => i64::from(number(minutes, 2)?),
    };
    Some(sign * (hours * 60 + minutes))
}

/// The outer `None` is a broken part, the inner one an absent part.
fn bounded(
    part: Option<&str>,
    range: std::ops::RangeInclusive<u32>,
) -> Option<Option<u32>> {
    match part {
        None => Some(None),
        Some(part) => number(part, 2).filter(|n| range.contains(n)).map(Some),
    }
}

fn number(digits: &str, len: usize) -> Option<u32> {
    let sound = digits.len() == len && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_zone_on_both_sides_values_are_compared_as_written() {
        assert!(agrees("2024-05-03T07:15", "2024-05-03T07:15:59+09:00"));
        assert!(!agrees("2024-05-03T07:15Z", "2024-05-03T08:15"));
        assert!(!agrees("2024-05-03T07:15Z", "2024-05-03T07:15+01:00"));
    }

    #[test]
    fn days_are_counted_across_months_and_leap_years() {
        assert_eq!(day_distance("2024-02-28", "2024-03-01"), Some(2));
        assert_eq!(day_distance("1970-01-01", "1970-01-01T23:00Z"), Some(0));
        assert_eq!(day_distance("2024-02", "2024-02-01"), None);
        assert_eq!(parse("2000-02-29").unwrap().days(), Some(11_016));
    }

    #[test]
    fn what_is_no_date_agrees_only_with_itself() {
        assert!(agrees("last spring", " last spring"));
        assert!(!agrees("2024-13", "2024-12"));
        assert!(parse("2024-5-3").is_none());
    }
}
