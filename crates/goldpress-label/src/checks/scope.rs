//! `scope`: annotations of a main layer stand in main blocks.

use goldpress_model::{Fragments, LayerKind, Scope, Span};

use super::{
    Report, Sheet, content_class,
    sheet::{Entry, covers},
};

/// Without roles in the same set, all of the text is main.
pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let is_block = |entry: &&Entry<'_>| {
        sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Block)
    };
    let roles: Vec<&Entry<'_>> =
        sheet.entries.iter().filter(|entry| entry.counts()).filter(is_block).collect();
    if roles.is_empty() {
        return;
    }
    let is_main = |entry: &&&Entry<'_>| {
        content_class(sheet.schema, entry.label()).as_deref() == Some("main")
    };
    let main: Vec<Span> = roles
        .iter()
        .filter(is_main)
        .flat_map(|entry| entry.place.spans().iter().copied())
        .collect();
    // Blocks of neighbouring lines never touch: a line end stands between them.
    let main = Fragments::merged(main);
    for entry in report.done(sheet) {
        let scope = sheet.layer_of(entry).map(|layer| layer.scope);
        if scope == Some(Scope::Main) && !covers(&main, &entry.place) {
            let message = format!("`{}` stands outside the main blocks", entry.text());
            report.error(entry, "scope", message);
        }
    }
}
