//! Warnings: what is worth a look and stops nothing.

use std::collections::BTreeMap;

use goldpress_model::{LayerKind, layer::HEDGE};
use goldpress_store::labels::order;

use super::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    check_edges(sheet, report);
    check_labels(sheet, report);
    check_guidelines(sheet, report);
    check_order(sheet, report);
    for entry in report.done_of(sheet, HEDGE) {
        if sheet.schema.follows("news") && entry.text() == "May" && !opens(sheet, entry) {
            let message = "`May` inside a sentence is a month more often".to_owned();
            report.warn(entry, "may", message);
        }
    }
}

/// Whether an annotation opens its line or its sentence.
fn opens(sheet: &Sheet<'_>, entry: &Entry<'_>) -> bool {
    let Some(first) = entry.place.spans().first() else { return true };
    let before =
        sheet.article.text[..first.start()].trim_end_matches([' ', '“', '"', '‘']);
    before.is_empty() || before.ends_with(['\n', '.', '!', '?', '”', ':'])
}

fn check_edges(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.sound(sheet) {
        let is_span =
            sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Span);
        let edge = entry.place.spans().iter().find_map(|span| {
            let rest = &sheet.article.text[span.end()..];
            loose_edge(span.slice(sheet.article.text), rest)
        });
        if let Some(edge) = edge.filter(|_| is_span && entry.counts()) {
            let message = format!("`{}` has `{edge}` at its edge", entry.text());
            report.warn(entry, "edge-punctuation", message);
        }
    }
}

/// Punctuation that belongs to the sentence and not to the words.
///
/// A full stop belongs to an abbreviation when the words have another one (`U.S.`) or the
/// sentence goes on behind it.
fn loose_edge(words: &str, rest: &str) -> Option<char> {
    let loose = |c: &char| ",;:!?…".contains(*c);
    let first = words.chars().next().filter(|c| loose(c) || *c == '.');
    let last = words.chars().next_back();
    let stop = last.filter(|c| *c == '.').filter(|_| {
        let inner = words.trim_end_matches('.').contains('.');
        let next = rest.trim_start_matches(' ').chars().next();
        !inner && next.is_none_or(|c| c == '\n' || c.is_uppercase())
    });
    first.or(last.filter(loose)).or(stop)
}

fn check_labels(sheet: &Sheet<'_>, report: &mut Report) {
    type Place<'a> = (&'a str, Vec<(u32, u32)>);
    let mut seen: BTreeMap<Place<'_>, &Entry<'_>> = BTreeMap::new();
    for entry in report.sound(sheet) {
        let is_field =
            sheet.layer_of(entry).is_none_or(|layer| layer.kind == LayerKind::Field);
        if is_field || entry.place.is_empty() || !entry.counts() {
            continue;
        }
        let ranges = entry.line.annotation.fragments.iter();
        let place = ranges.map(|range| (range.start, range.end)).collect();
        let first = *seen.entry((entry.layer(), place)).or_insert(entry);
        if first.label() != entry.label() {
            let (was, line) = (first.label(), first.number);
            let message = format!("`{}` is `{was}` in line {line} too", entry.text());
            report.warn(entry, "two-labels", message);
        }
    }
}

fn check_guidelines(sheet: &Sheet<'_>, report: &mut Report) {
    let schema = sheet.schema;
    for entry in report.sound(sheet) {
        let Some(guideline) = &entry.line.provenance.guideline else { continue };
        let version = guideline
            .split('+')
            .next()
            .and_then(|id| id.split_once('@'))
            .filter(|(name, _)| *name == schema.name)
            .and_then(|(_, version)| version.parse::<u32>().ok());
        if version.is_some_and(|version| version < schema.version) {
            let message = format!("decided under `{guideline}`, now `{}`", schema.id());
            report.warn(entry, "guideline", message);
        }
    }
}

/// Only asked for where all is sound: a fault moves a line out of its place.
fn check_order(sheet: &Sheet<'_>, report: &mut Report) {
    if !report.faulty.is_empty() {
        return;
    }
    let misplaced = sheet
        .entries
        .windows(2)
        .find(|pair| order(pair[0].line, pair[1].line).is_gt())
        .map(|pair| &pair[1]);
    if let Some(entry) = misplaced {
        let message = "lines are not in canonical order (`--fix`)".to_owned();
        report.warn(entry, "order", message);
    }
}
