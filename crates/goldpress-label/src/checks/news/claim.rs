//! Claims: hedges that fit the label, and whose claim it is.

use goldpress_model::{Fragments, Span, layer::CLAIM};

use crate::checks::{
    Report, Sheet,
    sheet::{Entry, covers},
};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done_of(sheet, CLAIM) {
        let fault = check_hedge(entry).or_else(|| check_source(sheet, entry));
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
        }
    }
}

type Fault = (&'static str, String);

fn check_hedge(entry: &Entry<'_>) -> Option<Fault> {
    let label = entry.label();
    let is_hedged = matches!(label, "probable" | "possible");
    let polarity = entry.text_of("polarity");
    let message = match () {
        () if is_hedged && !entry.has_role("hedge") => {
            format!("`{label}`, but no hedge lowers it")
        }
        () if label == "certain" && entry.has_role("hedge") => {
            "`certain`, yet a hedge lowers it".to_owned()
        }
        () if is_hedged && polarity == Some("underspecified") => {
            format!("`{label}` with underspecified polarity")
        }
        () => return None,
    };
    Some(("claim-hedge", message))
}

fn check_source(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let author = entry.text_of("author_certainty");
    let Some(cue) = sheet.targets(entry, "source").next() else {
        let message = || {
            format!("`author_certainty` is `{}` without source", author.unwrap_or("–"))
        };
        let differs = author.is_some_and(|author| author != entry.label());
        return if differs { Some(("claim-source", message())) } else { None };
    };
    let message = match () {
        () if author.is_some_and(|author| author != "underspecified") => {
            "`author_certainty` of an attributed claim is `underspecified`".to_owned()
        }
        () if !covers(&content_of(sheet, cue), &entry.place) => {
            format!("`{}` stands outside the content of its source", entry.text())
        }
        () => return None,
    };
    Some(("claim-source", message))
}

/// Everything that a cue attributes.
pub(super) fn content_of(sheet: &Sheet<'_>, cue: &Entry<'_>) -> Fragments {
    let spans: Vec<Span> = sheet
        .targets(cue, "content")
        .flat_map(|content| content.place.spans().iter().copied())
        .collect();
    Fragments::merged(spans)
}
