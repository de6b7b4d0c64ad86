//! Dates as pages print them, read to ISO 8601 as precisely as stated.
//!
//! Only calendar dates with a year: what needs a day of reference is a time expression and
//! lives in `timex`. Digits of any script count as digits.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use goldpress_model::Granularity;
use regex::{Captures, Regex};
use serde::Deserialize;

use crate::lexicon::{DATE_WORDS, fold};

/// A date that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundDate {
    /// Bytes of the text it was read in.
    pub(crate) range: Range<usize>,
    /// ISO 8601.
    pub(crate) value: String,
    /// How precise it is.
    pub(crate) granularity: Granularity,
}

/// How `3/4/2024` is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayOrder {
    /// 3 April.
    DayFirst,
    /// March 4.
    MonthFirst,
    /// Not to be told: only dates that fit one order are read.
    Unknown,
}

impl DayOrder {
    /// The order that a language tag implies; English alone implies none.
    pub(crate) fn of_language(tag: &str) -> DayOrder {
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        let mut parts = tag.split('-');
        match (parts.next().unwrap_or_default(), parts.next_back()) {
            ("en", Some("us")) => DayOrder::MonthFirst,
            ("en", Some(_)) => DayOrder::DayFirst,
            ("en" | "und" | "", _) => DayOrder::Unknown,
            _ => DayOrder::DayFirst,
        }
    }
}

struct Patterns {
    months: BTreeMap<String, u8>,
    zones: BTreeMap<String, String>,
    labels: HashSet<String>,
    forms: Vec<(Form, Regex)>,
    clock: Regex,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    YearFirst,
    Numbers,
    Cjk,
    DayMonthYear,
    MonthDayYear,
    MonthYear,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        months: BTreeMap<String, Vec<String>>,
        zones: BTreeMap<String, String>,
        labels: Labels,
    }
    #[derive(Deserialize)]
    struct Labels {
        words: Vec<String>,
    }
    let file: File = DATE_WORDS.parse();
    let mut months = BTreeMap::new();
    for names in file.months.values() {
        for (at, forms) in (1..).zip(names) {
            for form in forms.split(' ') {
                months.entry(form.replace('_', " ")).or_insert(at);
            }
        }
    }
    let mut names: Vec<&str> = months.keys().map(String::as_str).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let month = names.join("|");
    let regex = |pattern: &str| {
        let pattern = pattern.replace("MONTH", &month);
        Regex::new(&format!("(?i){pattern}")).expect("a pattern of this file")
    };
    let clock = r"(\d{1,2})[:.h時٫](\d{2})(?:[:.](\d{2}))?\s?(分|[ap]\.?\s?m\b\.?)?\s*\(?([+\-]\d{2}:?\d{2}|[A-Zа-я]{1,4})?";
    Patterns {
        forms: vec![
            (Form::YearFirst, regex(r"(\d{4})([-./])(\d{1,2})[-./](\d{1,2})")),
            (Form::Cjk, regex(r"(\d{4})\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?日)?")),
            (
                Form::DayMonthYear,
                regex(
                    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª|-?го)?(?:\s+de\s+|\s+of\s+|[\s\-/،,]{1,2})(MONTH)\.?(?:\s+del?\s+|[\s\-/,،]{1,2})(\d{4})",
                ),
            ),
            (
                Form::MonthDayYear,
                regex(r"(MONTH)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s?,?\s+(\d{4})"),
            ),
            (Form::Numbers, regex(r"(\d{1,2})\s?[./\-]\s?(\d{1,2})\s?[./\-]\s?(\d{4})")),
            (Form::MonthYear, regex(r"(MONTH)\.?,?\s+(?:de\s+)?(\d{4})")),
        ],
        clock: regex(clock),
        months,
        zones: file.zones,
        labels: file.labels.words.iter().map(|word| fold(word)).collect(),
    }
});

/// The first date of a short text, with the time of day right after it, if there is one.
///
/// A month with a year counts only where there is no day. Texts over 400 bytes are cut:
/// a dateline is short, and a date further in is one of the story.
pub(crate) fn find_date(text: &str, order: DayOrder) -> Option<FoundDate> {
    let text = &text[..floor_boundary(text, 400)];
    if !text.chars().any(char::is_numeric) {
        return None;
    }
    let patterns = &*PATTERNS;
    let mut best: Option<FoundDate> = None;
    for (form, regex) in &patterns.forms {
        for captures in regex.captures_iter(text) {
            let range = captures.get(0).expect("group 0 is the match").range();
            let earlier = best.as_ref().is_none_or(|best| {
                range.start < best.range.start && *form != Form::MonthYear
            });
            if !earlier || !stands_alone(text, &range) {
                continue;
            }
            if let Some(found) = read(*form, &captures, order, range) {
                best = Some(found);
                break;
            }
        }
    }
    best.map(|date| with_clock(text, date))
}

/// A date of numbers with a year of two digits, `23.09.22`, in a line that speaks of dates:
/// elsewhere it could be a score or a version.
pub(crate) fn short_date(text: &str, order: DayOrder) -> Option<FoundDate> {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?([./\-])\s?(\d{2})")
            .expect("a pattern of this file")
    });
    let text = &text[..floor_boundary(text, 400)];
    let found = SHORT.captures_iter(text).find_map(|captures| {
        let range = captures.get(0)?.range();
        let rest = text[range.end..].strip_prefix(['.', '/', '-']);
        let goes_on = rest.is_some_and(|rest| rest.starts_with(char::is_numeric));
        if captures.get(2)?.as_str() != captures.get(4)?.as_str()
            || goes_on
            || !stands_alone(text, &range)
        {
            return None;
        }
        let part = |group: usize| captures.get(group).and_then(|m| number(m.as_str()));
        let (day, month) = in_order(part(1)?, part(3)?, order)?;
        let year = part(5)?;
        let year = if year < 70 { 2000 + year } else { 1900 + year };
        let (value, granularity) = iso(year, Some(month), Some(day))?;
        Some(FoundDate { range, value, granularity })
    })?;
    Some(with_clock(text, found))
}

fn read(
    form: Form,
    captures: &Captures<'_>,
    order: DayOrder,
    range: Range<usize>,
) -> Option<FoundDate> {
    let number = |group: usize| captures.get(group).and_then(|m| number(m.as_str()));
    let month = |group: usize| {
        let name = captures.get(group)?.as_str().to_lowercase();
        PATTERNS.months.get(&name).map(|month| u32::from(*month))
    };
    let (year, month, day) = match form {
        Form::YearFirst => (number(1)?, Some(number(3)?), Some(number(4)?)),
        Form::Cjk => (number(1)?, Some(number(2)?), number(3)),
        Form::DayMonthYear => (number(3)?, Some(month(2)?), Some(number(1)?)),
        Form::MonthDayYear => (number(3)?, Some(month(1)?), Some(number(2)?)),
        Form::MonthYear => (number(2)?, Some(month(1)?), None),
        Form::Numbers => {
            let (day, month) = in_order(number(1)?, number(2)?, order)?;
            (number(3)?, Some(month), Some(day))
        }
    };
    let (value, granularity) = iso(year, month, day)?;
    Some(FoundDate { range, value, granularity })
}

fn in_order(first: u32, second: u32, order: DayOrder) -> Option<(u32, u32)> {
    match order {
        _ if second > 12 => Some((second, first)),
        _ if first > 12 || first == second => Some((first, second)),
        DayOrder::DayFirst => Some((first, second)),
        DayOrder::MonthFirst => Some((second, first)),
        DayOrder::Unknown => None,
    }
}

/// Years outside are misread numbers: newspapers began about 1600.
fn iso(year: u32, month: Option<u32>, day: Option<u32>) -> Option<(String, Granularity)> {
    if !(1600..=2199).contains(&year) {
        return None;
    }
    let Some(month) = month else { return Some((format!("{year}"), Granularity::Year)) };
    let of = |number: u32| i8::try_from(number).ok();
    let (short_year, short_month) = (i16::try_from(year).ok()?, of(month)?);
    jiff::civil::Date::new(short_year, short_month, of(day.unwrap_or(1))?).ok()?;
    Some(match day {
        Some(day) => (format!("{year}-{month:02}-{day:02}"), Granularity::Day),
        None => (format!("{year}-{month:02}"), Granularity::Month),
    })
}

/// Adds the clock time that follows within a few characters.
fn with_clock(text: &str, date: FoundDate) -> FoundDate {
    if date.granularity != Granularity::Day {
        return date;
    }
    let rest = &text[date.range.end..];
    let Some(captures) = PATTERNS.clock.captures(rest) else { return date };
    let whole = captures.get(0).expect("group 0 is the match");
    let between = fold(&rest[..whole.start()]);
    let joined = between
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| PATTERNS.labels.contains(word));
    if between.chars().count() > 16 || !joined || between.contains('\n') {
        return date;
    }
    let part = |group: usize| captures.get(group).map(|m| m.as_str());
    let Some(time) = clock_time(part(1), part(2), part(3), part(4)) else { return date };
    let (zone, end) = match part(5).map(|zone| (zone, zone_offset(zone))) {
        Some((_, Some(offset))) => (offset, whole.end()),
        Some((zone, None)) => (String::new(), whole.end() - zone.len()),
        None => (String::new(), whole.end()),
    };
    let end =
        date.range.start + text[date.range.start..date.range.end + end].trim_end().len();
    FoundDate {
        range: date.range.start..end,
        value: format!("{}T{time}{zone}", date.value),
        granularity: Granularity::Time,
    }
}

fn clock_time(
    hour: Option<&str>,
    minute: Option<&str>,
    second: Option<&str>,
    half: Option<&str>,
) -> Option<String> {
    let hour = number(hour?)?;
    let minute = number(minute?)?;
    let half = half.map(fold).unwrap_or_default();
    let hour = match half.chars().next() {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ => hour,
    };
    let second = second.and_then(number);
    if hour > 23 || minute > 59 || second.is_some_and(|second| second > 59) {
        return None;
    }
    Some(match second {
        Some(second) => format!("{hour:02}:{minute:02}:{second:02}"),
        None => format!("{hour:02}:{minute:02}"),
    })
}

/// `+02:00` of `+0200`, `+02`, `+٠٢:٠٠` or `CEST`; `None` for an offset of no place on earth.
fn zone_offset(zone: &str) -> Option<String> {
    let Some(digits) = zone.strip_prefix(['+', '-']) else {
        return PATTERNS.zones.get(&zone.to_lowercase()).cloned();
    };
    let digits: Vec<u32> =
        digits.chars().filter(|c| *c != ':').map(digit).collect::<Option<_>>()?;
    let (hours, minutes) = match digits.as_slice() {
        [tens, ones] => (tens * 10 + ones, 0),
        [h1, h0, m1, m0] => (h1 * 10 + h0, m1 * 10 + m0),
        _ => return None,
    };
    let sign = &zone[..1];
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

/// A date as metadata write it: ISO in its variants, RFC 2822, digits alone, or printed.
///
/// The first of January 1970 at midnight is an empty field of some database, not a date.
pub(crate) fn machine_date(
    value: &str,
    order: DayOrder,
) -> Option<(String, Granularity)> {
    static ISO: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|z|UTC|GMT|[+\-]\d{2}:?\d{2}|[+\-]\d{2})?)?";
        Regex::new(pattern).expect("a pattern of this file")
    });
    let value = value.trim();
    if value.starts_with("1970-01-01T00:00") || value.starts_with("0001-") {
        return None;
    }
    if let Some(captures) = ISO.captures(value) {
        let get = |group: usize| captures.get(group).map(|m| m.as_str());
        let number = |group: usize| get(group).and_then(number);
        let (day, granularity) = iso(number(1)?, number(2), number(3))?;
        let time = clock_time(get(4), get(5), get(6), None);
        let Some(time) = time.filter(|_| granularity == Granularity::Day) else {
            return Some((day, granularity));
        };
        let zone = match get(7) {
            Some(zone) => zone_offset(zone).unwrap_or_default(),
            None => String::new(),
        };
        return Some((format!("{day}T{time}{zone}"), Granularity::Time));
    }
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match value.len() {
        4 if digits => iso(number(value)?, None, None),
        8 if digits => {
            iso(number(&value[..4])?, number(&value[4..6]), number(&value[6..8]))
        }
        10 | 13 if digits => of_epoch(value),
        _ => find_date(value, order).map(|date| (date.value, date.granularity)),
    }
}

fn of_epoch(value: &str) -> Option<(String, Granularity)> {
    let seconds: i64 = value[..10].parse().ok()?;
    let at = jiff::Timestamp::from_second(seconds).ok()?;
    // Earlier ones are identifiers that happen to have ten digits.
    (seconds > 631_152_000)
        .then(|| (at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), Granularity::Time))
}

/// Whether a line holds a date or time of publication and hardly anything besides.
///
/// `Orlec, 18 April 2023`, `Updated 14:05`, `2 hours ago`; not `March 3, 2024 brought rain`.
pub(crate) fn is_dateline(line: &str) -> bool {
    if line.chars().count() > 100 || !line.chars().any(char::is_numeric) {
        return false;
    }
    let mut rest = line.to_owned();
    let mut n_found = 0;
    while let Some(date) = find_date(&rest, DayOrder::DayFirst)
        && n_found < 3
    {
        rest.replace_range(date.range, " ");
        n_found += 1;
    }
    let has_clock = PATTERNS.clock.is_match(&rest);
    let folded = fold(&rest);
    let is_ago = folded.ends_with(" ago") || folded.starts_with("il y a ");
    if n_found == 0 && !has_clock && !is_ago {
        return false;
    }
    let words =
        rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (mut n_foreign, mut n_capital) = (0, 0);
    for word in words {
        let is_label = PATTERNS.labels.contains(&fold(word));
        let is_zone = PATTERNS.zones.contains_key(&word.to_lowercase());
        let is_number = word.chars().all(char::is_numeric);
        let is_month = PATTERNS.months.contains_key(&word.to_lowercase());
        if is_label || is_zone || is_number || is_month {
            continue;
        }
        n_foreign += 1;
        n_capital += usize::from(word.chars().next().is_some_and(char::is_uppercase));
    }
    // A place beside the date is one or two capitalised words.
    let limit = if n_found > 0 { 2 } else { 0 };
    n_foreign <= limit && n_foreign == n_capital && !line.ends_with(['.', '?', '!'])
}

/// Length of a text without the words of a stamp at its end: `By Jane Doe, updated`.
pub(crate) fn without_stamps(text: &str) -> usize {
    let is_mark = |c: char| !c.is_alphanumeric() && c != ')' && c != '.';
    let mut len = text.trim_end_matches(is_mark).len();
    loop {
        let word =
            text[..len].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if word.is_empty() || !PATTERNS.labels.contains(&fold(word)) {
            return len;
        }
        len = text[..len - word.len()].trim_end_matches(is_mark).len();
    }
}

/// The value of digits of any script.
pub(crate) fn number(digits: &str) -> Option<u32> {
    let mut value: u32 = 0;
    for c in digits.chars() {
        value = value.checked_mul(10)?.checked_add(digit(c)?)?;
    }
    (!digits.is_empty()).then_some(value)
}

fn digit(c: char) -> Option<u32> {
    let at = c as u32;
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= at)].last()?;
    (at - zero < 10).then_some(at - zero)
}

/// The zeros of all scripts whose digits count by tens (Unicode, general category `Nd`).
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6,
    0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0,
    0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0,
    0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
    0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50,
    0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC,
    0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// Neither a longer number nor a word goes on at the edges.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let first = text[range.start..].chars().next();
    let digit_before = before.is_some_and(|c| c.is_numeric() || c == '/');
    let word_before =
        before.is_some_and(char::is_alphabetic) && first.is_some_and(char::is_alphabetic);
    !digit_before && !word_before && !after.is_some_and(char::is_numeric)
}

/// The largest character boundary that is not above `at`.
pub(crate) fn floor_boundary(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_dates_of_many_languages_become_iso() {
        for (line, value) in [
            ("HARROW VALE, March 3, 2024 (Lowland Wire) --", "2024-03-03"),
            ("9 January 2024, 07:15", "2024-01-09T07:15"),
            ("21/11/2023", "2023-11-21"),
            ("2024年3月5日 9時30分", "2024-03-05T09:30"),
            ("١٢ مارس ٢٠٢٤", "2024-03-12"),
            ("১১/০৪/২০২৪ ১০:১৫", "2024-04-11T10:15"),
            ("૨૦૨૪-૦૩-૧૨", "2024-03-12"),
            ("12 March 2024, 10:15 +০৬:০০", "2024-03-12T10:15+06:00"),
            ("12 March 2024, 10:15 +99:99", "2024-03-12T10:15"),
            ("Stand: 3. März 2024, 14:05 Uhr", "2024-03-03T14:05"),
            ("Publié le 1er août 2023 à 18h30", "2023-08-01T18:30"),
            ("Publicado el 5 de mayo de 2021", "2021-05-05"),
            ("12 марта 2024 г.", "2024-03-12"),
            ("2024年10月", "2024-10"),
            ("Sept. 4th, 2025 3:07 PM EDT", "2025-09-04T15:07-04:00"),
            ("May 2024", "2024-05"),
        ] {
            let found = find_date(line, DayOrder::DayFirst).map(|date| date.value);
            assert_eq!(found.as_deref(), Some(value), "{line}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_read_where_a_date_is_looked_for() {
        let read = |line, order| short_date(line, order).map(|date| date.value);
        assert_eq!(read("23.09.22", DayOrder::DayFirst).as_deref(), Some("2022-09-23"));
        let line = "Von: Jan Holt | 31.10.23";
        assert_eq!(read(line, DayOrder::Unknown).as_deref(), Some("2023-10-31"));
        assert_eq!(read("Version 1.2.34.5", DayOrder::DayFirst), None);
        assert_eq!(read("3-4/22", DayOrder::DayFirst), None);
    }

    #[test]
    fn an_ambiguous_order_of_day_and_month_is_not_guessed() {
        let read = |order| find_date("3/4/2024", order).map(|date| date.value);
        assert_eq!(read(DayOrder::Unknown), None);
        assert_eq!(read(DayOrder::of_language("de")).as_deref(), Some("2024-04-03"));
        assert_eq!(read(DayOrder::of_language("en-US")).as_deref(), Some("2024-03-04"));
        assert_eq!(read(DayOrder::of_language("en-GB")).as_deref(), Some("2024-04-03"));
    }

    #[test]
    fn metadata_dates_keep_their_precision_and_zone() {
        let read = |value| machine_date(value, DayOrder::Unknown).map(|date| date.0);
        for (value, iso) in [
            ("2024-02-11T06:30:00+01:00", "2024-02-11T06:30:00+01:00"),
            ("2024-03-22 05:00:00", "2024-03-22T05:00:00"),
            ("2024-02-11T06:30:00.000+0000", "2024-02-11T06:30:00+00:00"),
            ("2023-06-02T08:15Z", "2023-06-02T08:15Z"),
            ("2022-12-31", "2022-12-31"),
            ("2022-12", "2022-12"),
            ("20221231", "2022-12-31"),
            ("Fri, 02 Jun 2023 08:15:00 GMT", "2023-06-02T08:15:00Z"),
            ("1700000000", "2023-11-14T22:13:20Z"),
        ] {
            assert_eq!(read(value).as_deref(), Some(iso), "{value}");
        }
        for nothing in
            ["None", "", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "2024-13-40"]
        {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_line_that_is_a_date_is_a_dateline_and_a_sentence_is_not() {
        for line in [
            "Orlec, 18 April 2023",
            "09:12",
            "Updated 14:05",
            "2 hours ago",
            "21/11/2023",
        ] {
            assert!(is_dateline(line), "{line}");
        }
        for line in
            ["March 3, 2024 brought rain to Orlec.", "Tram line 4", "Depth: 620 metres"]
        {
            assert!(!is_dateline(line), "{line}");
        }
    }
}
