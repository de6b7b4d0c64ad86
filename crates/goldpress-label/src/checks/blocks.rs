//! `block-cover`: roles stand on whole blocks, and every block of a done layer has one.

use std::collections::BTreeSet;

use goldpress_model::{LayerKind, Span};

use super::{Report, Sheet, sheet::Entry};

pub(super) fn check_form(sheet: &Sheet<'_>, report: &mut Report) {
    let blocks: BTreeSet<Span> = sheet.blocks().collect();
    for entry in report.sound(sheet) {
        if !is_block(sheet, entry) {
            continue;
        }
        let whole = match entry.place.spans() {
            [span] => blocks.contains(span),
            _ => false,
        };
        if !whole {
            let message = format!("`{}` is not a whole line", entry.text());
            report.error(entry, "block-cover", message);
        }
    }
}

pub(super) fn check_complete(sheet: &Sheet<'_>, report: &mut Report) {
    for layer in sheet.schema.layers.iter().filter(|l| l.kind == LayerKind::Block) {
        let of = layer.name.as_str();
        if !sheet.done.contains(of) {
            continue;
        }
        let says_done = |entry: &&Entry<'_>| {
            entry.is_review()
                && entry.label() == "done"
                && entry.text_of("of") == Some(of)
        };
        let missing = blocks_without(sheet, of);
        // Lines of an exchange format have no `done`: then the first line stands for all.
        let told = sheet.entries.iter().find(says_done).or(sheet.entries.first());
        if let (Some(first), Some(entry)) = (missing.first(), told) {
            let range = sheet.index.chars(*first);
            let (n, start, end) = (missing.len(), range.start, range.end);
            let message = format!("{n} blocks have no role, the first at {start}..{end}");
            report.error(entry, "block-cover", message);
        }
    }
}

/// Blocks that have no role and that nobody left out on purpose.
fn blocks_without(sheet: &Sheet<'_>, of: &str) -> Vec<Span> {
    // A role that does not fit its block is reported once, where it stands.
    let mut covered: Vec<Span> = sheet
        .of_layer(of)
        .flat_map(|entry| entry.place.spans().iter().copied())
        .collect();
    covered.sort();
    let left_out: Vec<Span> = sheet
        .entries
        .iter()
        .filter(|entry| entry.is_review() && entry.label() == "unannotated")
        .filter(|entry| entry.text_of("of") == Some(of))
        .flat_map(|entry| entry.place.spans().iter().copied())
        .collect();
    sheet
        .blocks()
        .filter(|block| {
            let at = covered.partition_point(|span| span.end() <= block.start());
            covered.get(at).is_none_or(|span| !span.overlaps(*block))
        })
        .filter(|block| !left_out.iter().any(|region| region.contains(*block)))
        .collect()
}

fn is_block(sheet: &Sheet<'_>, entry: &Entry<'_>) -> bool {
    sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Block)
}
