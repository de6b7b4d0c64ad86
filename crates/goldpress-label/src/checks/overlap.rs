//! How annotations of a layer lie to each other: repeated, nested, crossing.

use std::collections::BTreeMap;

use goldpress_model::{Overlap, Span, Status, layer::ENTITY};

use super::{
    Report, Sheet,
    sheet::{Entry, covers},
};
use crate::content::Content;

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    check_duplicates(sheet, report);
    if sheet.is_suggestions() {
        // A system may contradict itself; what a person takes of it may not.
        return;
    }
    for layer in &sheet.schema.layers {
        let names = sheet.schema.follows("news") && layer.name == ENTITY;
        if layer.overlap == Overlap::Any {
            continue;
        }
        let entries: Vec<&Entry<'_>> = report
            .sound(sheet)
            .into_iter()
            .filter(|entry| entry.layer() == layer.name && entry.counts())
            .collect();
        for (at, with) in overlaps(&entries) {
            let (a, b) = (entries[at], entries[with]);
            let Some(code) = fault(layer.overlap, names, a, b) else { continue };
            let (first, second) = if a.number < b.number { (a, b) } else { (b, a) };
            let message = format!(
                "`{}` shares characters with `{}` of line {}",
                second.text(),
                first.text(),
                first.number
            );
            report.error(second, code, message);
        }
    }
}

fn check_duplicates(sheet: &Sheet<'_>, report: &mut Report) {
    let mut seen: BTreeMap<Content, usize> = BTreeMap::new();
    for entry in report.sound(sheet) {
        if entry.line.provenance.status == Status::Rejected {
            continue;
        }
        let content = Content::of(&entry.line.annotation);
        if let Some(first) = seen.get(&content) {
            let message = format!("says what line {first} says");
            report.error(entry, "duplicate", message);
        } else {
            seen.insert(content, entry.number);
        }
    }
}

/// Pairs of annotations that share a character, by their places in the list.
fn overlaps(entries: &[&Entry<'_>]) -> Vec<(usize, usize)> {
    let hull = |at: usize| entries[at].place.hull();
    let mut order: Vec<(Span, usize)> =
        (0..entries.len()).filter_map(|at| Some((hull(at)?, at))).collect();
    order.sort();
    let mut pairs = Vec::new();
    let mut open: Vec<(Span, usize)> = Vec::new();
    for (span, at) in order {
        open.retain(|(earlier, _)| earlier.end() > span.start());
        let shares = |(_, with): &&(Span, usize)| {
            entries[at].place.overlaps(&entries[*with].place)
        };
        pairs.extend(open.iter().filter(shares).map(|(_, with)| (at, *with)));
        open.push((span, at));
    }
    pairs
}

fn fault(
    overlap: Overlap,
    names: bool,
    a: &Entry<'_>,
    b: &Entry<'_>,
) -> Option<&'static str> {
    let nested = covers(&a.place, &b.place) || covers(&b.place, &a.place);
    let is_name = |entry: &Entry<'_>| entry.text_of("mention") == Some("NAM");
    match (nested, overlap) {
        (false, _) => Some("crossing"),
        (true, Overlap::Flat) => Some("nested"),
        (true, _) if names && is_name(a) && is_name(b) => Some("nested"),
        (true, _) => None,
    }
}
