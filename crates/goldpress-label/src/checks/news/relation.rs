//! Relations: words that state them, ends on the same line.

use goldpress_model::layer::RELATION;

use crate::checks::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done_of(sheet, RELATION) {
        if entry.place.is_empty() {
            // Formats that know only links bring such; a person adds the words.
            let message = "no words state the relation".to_owned();
            report.error(entry, "span-empty", message);
        } else if let Some(role) = end_elsewhere(sheet, entry) {
            let message = format!("the {role} stands on another line");
            report.error(entry, "relation-ends", message);
        }
    }
}

fn end_elsewhere(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<&'static str> {
    let line_of = |entry: &Entry<'_>| {
        let start = entry.place.spans().first()?.start();
        Some(sheet.article.text[..start].matches('\n').count())
    };
    let here = line_of(entry);
    ["head", "tail"]
        .into_iter()
        .find(|role| sheet.targets(entry, role).any(|end| line_of(end) != here))
}
