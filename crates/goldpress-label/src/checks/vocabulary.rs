//! `label-unknown`: a layer or label that the schema has not.

use super::{Report, Sheet};

/// The labels of the layer `review`, which every schema has.
pub(super) const REVIEW_LABELS: [&str; 4] = ["done", "skipped", "unannotated", "flagged"];

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.sound(sheet) {
        let (layer, label) = (entry.layer(), entry.label());
        let known = match entry.is_review() {
            true => REVIEW_LABELS.contains(&label),
            false => sheet.schema.label(layer, label).is_some(),
        };
        if !known {
            let schema = sheet.schema.id();
            let message = format!("`{schema}` has no label `{layer}/{label}`");
            report.error(entry, "label-unknown", message);
        }
    }
}
