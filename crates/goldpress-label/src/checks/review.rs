//! What people decided: statuses that fit the set, reviews that fit each other.

use goldpress_model::{AttrValue, Status};

use super::{
    Report, Sheet,
    sheet::{Entry, covers},
};

/// Why an article was skipped.
const REASONS: [&str; 5] =
    ["not-an-article", "wrong-language", "broken-text", "unsure", "other"];

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.sound(sheet) {
        let fault = check_status(sheet, entry).or_else(|| {
            if entry.is_review() { check_review(sheet, entry) } else { None }
        });
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
        }
    }
}

type Fault = (&'static str, String);

fn check_status(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let provenance = &entry.line.provenance;
    let is_suggested = provenance.status == Status::Suggested;
    let message = match () {
        () if is_suggested && !sheet.is_suggestions() => {
            format!("`suggested` in set `{}`, which is a person's", sheet.set)
        }
        () if !is_suggested && sheet.is_suggestions() => {
            format!("`{}` in the suggestions of `{}`", provenance.status, sheet.set)
        }
        () if provenance.status == Status::Edited && provenance.was.is_none() => {
            "`edited`, but `was` does not say from what".to_owned()
        }
        () => return None,
    };
    Some(("status", message))
}

fn check_review(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let attrs = &entry.line.annotation.attrs;
    let Some(of) = entry.text_of("of") else {
        return Some(("value-invalid", "a review names the layer it is `of`".to_owned()));
    };
    if sheet.schema.layer(of).is_none() {
        let message = format!("`{}` has no layer `{of}`", sheet.schema.id());
        return Some(("label-unknown", message));
    }
    let known: &[&str] = match entry.label() {
        "done" => &["suggestions", "order", "inputs", "policy"],
        "skipped" => &["reason"],
        _ => &[],
    };
    for (name, value) in attrs {
        let sound = match name.as_str() {
            "of" | "note" => matches!(value, AttrValue::Text(_)),
            "suggestions" | "inputs" => {
                known.contains(&name.as_str()) && matches!(value, AttrValue::List(_))
            }
            "reason" => value.as_text().is_some_and(|reason| REASONS.contains(&reason)),
            name => known.contains(&name) && matches!(value, AttrValue::Text(_)),
        };
        if !sound {
            let label = entry.label();
            return Some((
                "value-invalid",
                format!("`{label}` cannot have this `{name}`"),
            ));
        }
    }
    let skipped = |other: &&Entry<'_>| {
        other.is_review() && other.label() == "skipped" && other.text_of("of") == Some(of)
    };
    if entry.label() == "done" && sheet.entries.iter().any(|other| skipped(&other)) {
        return Some(("status", format!("`{of}` is both done and skipped")));
    }
    None
}

pub(super) fn check_regions(sheet: &Sheet<'_>, report: &mut Report) {
    let regions: Vec<(&str, &Entry<'_>)> = sheet
        .entries
        .iter()
        .filter(|entry| entry.is_review() && entry.label() == "unannotated")
        .filter_map(|entry| Some((entry.text_of("of")?, entry)))
        .collect();
    if regions.is_empty() {
        return;
    }
    for entry in report.sound(sheet) {
        let inside = |(of, region): &&(&str, &Entry<'_>)| {
            *of == entry.layer() && covers(&region.place, &entry.place)
        };
        if entry.place.is_empty() || !entry.counts() {
            continue;
        }
        if let Some((of, region)) = regions.iter().find(inside) {
            let message =
                format!("nobody judged `{of}` here, says line {}", region.number);
            report.error(entry, "inside-unannotated", message);
        }
    }
}
