//! `scope`: annotations of a main layer stand in no block of another class.

use goldpress_model::{Fragments, LayerKind, Scope, Span};

use super::{Report, Sheet, content_class, sheet::Entry};

/// A block that nobody gave a role is taken for main: nobody said otherwise.
pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let is_block = |entry: &&Entry<'_>| {
        sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Block)
    };
    let is_other = |entry: &&Entry<'_>| {
        content_class(sheet.schema, entry.label()).is_some_and(|class| class != "main")
    };
    let other: Vec<Span> = sheet
        .entries
        .iter()
        .filter(|entry| entry.counts())
        .filter(is_block)
        .filter(is_other)
        .flat_map(|entry| entry.place.spans().iter().copied())
        .collect();
    // Blocks of neighbouring lines never touch: a line end stands between them.
    let other = Fragments::merged(other);
    for entry in report.done(sheet) {
        let scope = sheet.layer_of(entry).map(|layer| layer.scope);
        if scope == Some(Scope::Main) && other.overlaps(&entry.place) {
            let message = format!("`{}` stands outside the main blocks", entry.text());
            report.error(entry, "scope", message);
        }
    }
}
