//! `month-names`: wherever the name of a month stands, there is a date.
//!
//! A foil: it knows the English months, a day before or after and a year, and looks at
//! nothing around them. So it reads the modal verb "may" as May, as date finders do
//! (wanasit/chrono#518, akoumjian/datefinder#56). Without a year the value has none.

use std::sync::LazyLock;

use goldpress_model::{Annotation, Extraction, Span, layer};
use regex::Regex;

use crate::dates::number;
use crate::{Extractor, Task, View};

/// The foil of the timex task.
#[derive(Debug)]
pub(crate) struct MonthNames;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"(?i)(?-u:\b)(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({})(?-u:\b)(?: (\d{{1,2}})(?-u:\b))?(?:,? (\d{{4}})(?-u:\b))?",
        MONTHS.join("|")
    );
    Regex::new(&pattern).expect("a pattern of this file")
});

impl Extractor for MonthNames {
    fn name(&self) -> &'static str {
        "month-names"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Timex]
    }

    fn refuses(&self, view: View<'_>) -> Option<String> {
        let lang = view.lang.split('-').next().unwrap_or_default();
        (!matches!(lang, "en" | "und" | ""))
            .then(|| format!("no names of months for language `{}`", view.lang))
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let dates = DATE.captures_iter(view.text).filter_map(|captures| {
            let found = captures.get(0).expect("group 0 is the match");
            let part = |group: usize| captures.get(group).map(|m| m.as_str());
            let name = part(2)?.to_ascii_lowercase();
            let month = MONTHS.iter().position(|known| *known == name)? + 1;
            let year = part(4).unwrap_or("XXXX");
            let day =
                part(1).or(part(3)).and_then(number).filter(|day| (1..=31).contains(day));
            let value = match day {
                Some(day) => format!("{year}-{month:02}-{day:02}"),
                None => format!("{year}-{month:02}"),
            };
            let span = Span::new(view.text, found.start(), found.end()).ok()?;
            let claim = Annotation::new(view.text, layer::TIMEX, "DATE", span);
            Some(claim.with_attr("value", value.as_str()))
        });
        Extraction { annotations: dates.collect(), ..Extraction::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldpress_model::Fields;

    fn found(text: &str) -> Vec<(String, String)> {
        let stated = Fields::new();
        let claims = MonthNames.extract(View::of(text, &[], &stated)).annotations;
        let value =
            |claim: &Annotation| claim.attrs["value"].as_text().map(str::to_owned);
        claims
            .iter()
            .map(|claim| (claim.text().to_owned(), value(claim).unwrap_or_default()))
            .collect()
    }

    #[test]
    fn months_are_read_with_day_and_year() {
        assert_eq!(
            found("On 3 March 2024 and in June"),
            [("3 March 2024", "2024-03-03"), ("June", "XXXX-06")]
                .map(|(text, value)| (text.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn known_mistake_the_modal_verb_is_read_as_may() {
        // What a foil is for: nothing around the word is looked at.
        assert_eq!(found("It may be signed.")[0].0, "may");
    }
}
