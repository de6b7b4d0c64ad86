//! Fields: a null stands alone, a value has a source, and the words agree with it.

use goldpress_model::{AttrValue, FieldKind, layer::METADATA};

use crate::checks::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done_of(sheet, METADATA) {
        let fault = check_null(sheet, entry)
            .or_else(|| check_single(sheet, entry))
            .or_else(|| check_value(sheet, entry));
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
        }
    }
}

type Fault = (&'static str, String);

fn is_null(entry: &Entry<'_>) -> bool {
    entry.attr("value") == Some(&AttrValue::Null)
}

fn same_label<'s, 'a>(
    sheet: &'s Sheet<'a>,
    entry: &'s Entry<'_>,
) -> impl Iterator<Item = &'s Entry<'a>> {
    sheet.of_layer(METADATA).filter(move |other| {
        other.label() == entry.label() && other.number != entry.number
    })
}

fn check_null(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    if !is_null(entry) {
        return None;
    }
    let label = entry.label();
    let message = match () {
        () if !entry.place.is_empty() => format!("`{label}` is null, yet has a place"),
        () if entry.attr("source").is_some() => {
            format!("`{label}` is null, yet has a source")
        }
        () if label == "inLanguage" => "`inLanguage` is never null: `und`".to_owned(),
        () => {
            let other = same_label(sheet, entry).next()?;
            format!("`{label}` is null, but line {} states it", other.number)
        }
    };
    Some(("field-null", message))
}

fn check_single(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let label = entry.label();
    let spec = sheet.schema.label(METADATA, label)?;
    let earlier = same_label(sheet, entry).find(|other| other.number < entry.number)?;
    match spec.list || is_null(earlier) {
        true => None,
        false => {
            let message = format!("`{label}` stands in line {} too", earlier.number);
            Some(("field-single", message))
        }
    }
}

fn check_value(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let value = entry.text_of("value")?;
    let spec = sheet.schema.label(METADATA, entry.label())?;
    if entry.attr("source").is_none() {
        let message = format!("`{}` has a value without `source`", entry.label());
        return Some(("field-value", message));
    }
    // A date is written otherwise than it stands in the text.
    let is_date = spec.kind == Some(FieldKind::Date);
    let differs = fold(value) != fold(entry.text());
    if !entry.place.is_empty() && !is_date && differs {
        let message = format!("`value` is `{value}`, the words are `{}`", entry.text());
        return Some(("field-value", message));
    }
    None
}

/// White space collapsed, letter case free.
fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
