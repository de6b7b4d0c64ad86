//! Plain dates of German, French and Spanish, and dates in digits of any language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;
use regex::{Captures, Regex};
use serde::Deserialize;

use super::calendar::{Calendar, Side, Unit, date};
use super::rules::Found;
use crate::dates::{DayOrder, find_date, number};
use crate::lexicon::{DATE_WORDS, TIMEX_WORDS};

/// The words of one language, from `timex-words.toml`.
#[derive(Deserialize)]
struct Words {
    weekdays: Vec<String>,
    /// Word → days after `t0`.
    near: BTreeMap<String, i64>,
    /// Words before a month without a year.
    before_month: Vec<String>,
    /// Word → unit, singular and plural.
    units: BTreeMap<String, String>,
    amounts: BTreeMap<String, u32>,
    /// Phrase → unit and side, as `week past`.
    relative: BTreeMap<String, String>,
    vague: BTreeMap<String, String>,
}

struct Patterns {
    words: Words,
    months: BTreeMap<String, u32>,
    day: Regex,
    month: Regex,
    bare_month: Regex,
    year: Regex,
    word: Regex,
    length: Regex,
}

static LANGUAGES: LazyLock<BTreeMap<String, Patterns>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        words: BTreeMap<String, Words>,
    }
    #[derive(Deserialize)]
    struct Months {
        months: BTreeMap<String, Vec<String>>,
    }
    let months: Months = DATE_WORDS.parse();
    let file: File = TIMEX_WORDS.parse();
    file.words
        .into_iter()
        .map(|(lang, words)| {
            let mut names = BTreeMap::new();
            for (at, forms) in (1..).zip(&months.months[&lang]) {
                names.extend(forms.split(' ').map(|form| (form.to_owned(), at)));
            }
            let patterns = Patterns::new(words, names);
            (lang, patterns)
        })
        .collect()
});

impl Patterns {
    fn new(words: Words, months: BTreeMap<String, u32>) -> Patterns {
        let list = |names: Vec<&str>| {
            let mut names = names;
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
            names.join("|")
        };
        let month = list(months.keys().map(String::as_str).collect());
        let before = words.before_month.join("|");
        let mut single: Vec<&str> = words.weekdays.iter().map(String::as_str).collect();
        single.extend(words.near.keys().map(String::as_str));
        single.extend(words.relative.keys().map(String::as_str));
        single.extend(words.vague.keys().map(String::as_str));
        let units = list(words.units.keys().map(String::as_str).collect());
        let amounts = list(words.amounts.keys().map(String::as_str).collect());
        let regex = |pattern: String| {
            Regex::new(&format!("(?i){pattern}")).expect("a pattern of this file")
        };
        Patterns {
            day: regex(format!(
                r"\b(\d{{1,2}})(?:\.|er|º)?\s(?:de\s)?({month})\b\.?(?:\s(?:del?\s)?(\d{{4}})\b)?"
            )),
            month: regex(format!(r"\b({month})\b\.?\s(?:del?\s)?(\d{{4}})\b")),
            bare_month: regex(format!(r"\b(?:{before})\s({month})\b")),
            year: Regex::new(r"\b(?:im Jahr|in|en|seit|depuis|desde|bis|año|l'année)\s((?:19|20)\d{2})\b")
                .expect("a pattern of this file"),
            word: regex(format!(r"\b({})\b", list(single))),
            length: regex(format!(r"\b(\d+|{amounts})\s({units})\b")),
            words,
            months,
        }
    }
}

/// Time expressions of a sentence in `lang`; of a language without words only dates in
/// digits are found.
pub(crate) fn find(sentence: &str, calendar: Calendar, lang: &str) -> Vec<Found> {
    let Some(patterns) = LANGUAGES.get(lang) else { return in_digits(sentence, lang) };
    let mut found = in_digits(sentence, lang);
    let mut take = |captures: &Captures<'_>, group: usize, meaning: Option<Meaning>| {
        let (Some(span), Some((label, value))) = (captures.get(group), meaning) else {
            return;
        };
        let (start, end) = (span.start(), span.end());
        found.push(Found { start, end, label, value, modifier: None });
    };
    for captures in patterns.day.captures_iter(sentence) {
        take(&captures, 0, patterns.read_day(&captures, calendar));
    }
    for captures in patterns.month.captures_iter(sentence) {
        let month = patterns.month_of(&captures[1]);
        let value = month
            .zip(number(&captures[2]))
            .and_then(|(month, year)| date(year, month, None));
        take(&captures, 0, value.map(|value| ("DATE", value)));
    }
    for captures in patterns.bare_month.captures_iter(sentence) {
        let month = patterns.month_of(&captures[1]);
        take(
            &captures,
            1,
            month.map(|month| ("DATE", calendar.month(month, None, None))),
        );
    }
    for captures in patterns.year.captures_iter(sentence) {
        take(&captures, 1, Some(("DATE", captures[1].to_owned())));
    }
    for captures in patterns.word.captures_iter(sentence) {
        take(&captures, 1, patterns.read_word(&captures[1].to_lowercase(), calendar));
    }
    for captures in patterns.length.captures_iter(sentence) {
        take(&captures, 0, patterns.read_length(&captures));
    }
    found
}

type Meaning = (&'static str, String);

impl Patterns {
    fn month_of(&self, name: &str) -> Option<u32> {
        self.months.get(&name.to_lowercase()).copied()
    }

    fn read_day(&self, captures: &Captures<'_>, calendar: Calendar) -> Option<Meaning> {
        let day = number(&captures[1]).filter(|day| (1..=31).contains(day))?;
        let month = self.month_of(&captures[2])?;
        let value = match captures.get(3).and_then(|year| number(year.as_str())) {
            Some(year) => date(year, month, Some(day))?,
            None => calendar.month(month, Some(day), None),
        };
        Some(("DATE", value))
    }

    fn read_word(&self, word: &str, calendar: Calendar) -> Option<Meaning> {
        if let Some(at) = self.words.weekdays.iter().position(|day| day == word) {
            let day =
                Weekday::from_monday_zero_offset(i8::try_from(at % 7).ok()?).ok()?;
            return Some(("DATE", calendar.weekday(day, Some(Side::Past), false)));
        }
        if let Some(after) = self.words.near.get(word) {
            let side = match after.signum() {
                -1 => Side::Past,
                0 => Side::Present,
                _ => Side::Future,
            };
            let value =
                calendar.day(*after).unwrap_or_else(|| side.reference().to_owned());
            return Some(("DATE", value));
        }
        if let Some(relative) = self.words.relative.get(word) {
            let (unit, side) = relative.split_once(' ')?;
            return Some(("DATE", calendar.relative(unit_of(unit)?, side_of(side)?)));
        }
        let side = self.words.vague.get(word)?;
        Some(("DATE", side_of(side)?.reference().to_owned()))
    }

    fn read_length(&self, captures: &Captures<'_>) -> Option<Meaning> {
        let word = captures[1].to_lowercase();
        let amount = number(&word).or_else(|| self.words.amounts.get(&word).copied())?;
        let unit = unit_of(self.words.units.get(&captures[2].to_lowercase())?)?;
        Some(("DURATION", unit.duration(&amount.to_string())))
    }
}

fn unit_of(name: &str) -> Option<Unit> {
    Some(match name {
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        "decade" => Unit::Decade,
        _ => return None,
    })
}

fn side_of(name: &str) -> Option<Side> {
    Some(match name {
        "past" => Side::Past,
        "present" => Side::Present,
        "future" => Side::Future,
        _ => return None,
    })
}

/// The first date in digits or in words with a year: `2024-05-03`, `2024年5月3日`.
fn in_digits(sentence: &str, lang: &str) -> Vec<Found> {
    let order = DayOrder::of_language(lang);
    let Some(date) = find_date(sentence, order) else { return Vec::new() };
    let label = if date.value.contains('T') { "TIME" } else { "DATE" };
    let (start, end) = (date.range.start, date.range.end);
    vec![Found { start, end, label, value: date.value, modifier: None }]
}

#[cfg(test)]
mod tests {
    use crate::{Extractor, View};
    use goldpress_model::Fields;

    fn found(text: &str, lang: &str) -> String {
        let stated = Fields::new();
        let view = View {
            lang,
            published_at: Some("2024-03-06"),
            ..View::of(text, &[], &stated)
        };
        let claims = super::super::TimexRules.extract(view).annotations;
        let show = |claim: &goldpress_model::Annotation| {
            format!("{}={}", claim.text(), claim.attrs["value"].as_text().unwrap_or("?"))
        };
        claims.iter().map(show).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn plain_dates_of_other_languages_are_read() {
        for (text, lang, expected) in [
            (
                "Am 3. Mai 2023 und gestern fiel Schnee.",
                "de",
                "3. Mai 2023=2023-05-03 | gestern=2024-03-05",
            ),
            ("Er kam im Mai, vor zwei Wochen.", "de", "Mai=2024-05 | zwei Wochen=P2W"),
            (
                "Le 3 mars 2024, hier et lundi.",
                "fr",
                "3 mars 2024=2024-03-03 | hier=2024-03-05 | lundi=2024-03-04",
            ),
            (
                "El 5 de mayo de 2021 y la semana pasada.",
                "es",
                "5 de mayo de 2021=2021-05-05 | la semana pasada=2024-W09",
            ),
            ("2024年3月5日に再開した。", "ja", "2024年3月5日=2024-03-05"),
        ] {
            assert_eq!(found(text, lang), expected, "{text}");
        }
    }
}
