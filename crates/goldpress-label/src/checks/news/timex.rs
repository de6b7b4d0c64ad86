//! Times: values in the form of their label, signals in place, no year from nowhere.

use std::sync::OnceLock;

use goldpress_model::layer::{METADATA, TIMEX};
use regex::Regex;

use crate::checks::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let known = is_published_known(sheet);
    for entry in report.done_of(sheet, TIMEX) {
        let fault = check_form(entry)
            .or_else(|| check_signal(sheet, entry))
            .or_else(|| if known { None } else { check_guess(entry) });
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
            continue;
        }
        if entry.text() == "may" {
            let message = "`may` is a verb more often than a month".to_owned();
            report.warn(entry, "may", message);
        }
    }
}

type Fault = (&'static str, String);

/// What the set says of the date of publication goes before what the page says.
fn is_published_known(sheet: &Sheet<'_>) -> bool {
    let judged = sheet.of_layer(METADATA).find(|entry| entry.label() == "datePublished");
    match judged {
        Some(entry) => entry.text_of("value").is_some(),
        None => sheet.article.published_at.is_some(),
    }
}

fn check_form(entry: &Entry<'_>) -> Option<Fault> {
    let value = entry.text_of("value")?;
    let forms = forms();
    let date = || forms.date.is_match(value);
    let time = || forms.time.is_match(value);
    let duration = || forms.duration.is_match(value);
    let sound = match entry.label() {
        "DATE" => date(),
        "TIME" => time(),
        "DURATION" => duration(),
        "SET" => date() || time() || duration(),
        _ => true,
    };
    let message = || format!("`{value}` is no value of a {}", entry.label());
    if sound { None } else { Some(("timex-form", message())) }
}

struct Forms {
    date: Regex,
    time: Regex,
    duration: Regex,
}

/// The forms of TIMEX3 that the schema takes; any digit may be `X`.
fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| {
        let year = "[0-9X]{4}(?:-(?:[01X][0-9X](?:-[0-3X][0-9X])?\
                    |W[0-5X][0-9X](?:-(?:[1-7X]|WE))?|Q[1-4X]|H[12X]|SP|SU|FA|WI))?";
        let date = format!("^(?:[0-9X]{{2,3}}|{year}|(?:PAST|PRESENT|FUTURE)_REF)$");
        let time = format!(
            "^(?:{year})?T(?:[0-2X][0-9X](?::[0-5X][0-9X](?::[0-5X][0-9X])?)?\
             |MO|MI|AF|EV|NI|DT)$"
        );
        let number = r"(?:[0-9]+(?:\.[0-9]+)?|X+)";
        let days = format!("(?:{number}(?:DE|CE|[YMWDQ]))");
        let hours = format!("T(?:{number}[HMS])+");
        let duration = format!("^P(?:{days}+(?:{hours})?|{hours})$");
        let compiled = |form: &str| Regex::new(form).expect("the form is a pattern");
        Forms {
            date: compiled(&date),
            time: compiled(&time),
            duration: compiled(&duration),
        }
    })
}

fn check_signal(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let signal = entry.text_of("signal")?;
    let start = entry.place.spans().first()?.start();
    let before = sheet.article.text[..start].trim_end_matches([' ', '\t']);
    let at = before.len().checked_sub(signal.len())?;
    let stands = before.is_char_boundary(at)
        && before[at..].to_lowercase() == signal.to_lowercase()
        && !before[..at].ends_with(char::is_alphanumeric);
    let message = || format!("`{signal}` does not stand before `{}`", entry.text());
    if stands { None } else { Some(("timex-signal", message())) }
}

/// Without a date of publication, a year can only come from the words.
fn check_guess(entry: &Entry<'_>) -> Option<Fault> {
    let value = entry.text_of("value").filter(|_| entry.label() != "DURATION")?;
    let year = value.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
    let words = entry.text();
    let stated = words.contains(year) || words.contains(&format!("’{}", &year[2..]));
    let message = || {
        format!("`{value}` has a year that `{words}` does not state, and `t0` is unknown")
    };
    if stated { None } else { Some(("timex-guess", message())) }
}
