//! Events: modes of their type, triggers inside what their source says.

use std::collections::BTreeMap;

use goldpress_model::layer::{ATTRIBUTION, EVENT};

use super::claim::content_of;
use crate::checks::{
    Report, Sheet,
    attributes::holds_for,
    sheet::{Entry, covers},
};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.done_of(sheet, EVENT) {
        let fault = check_mode(sheet, entry).or_else(|| check_source(sheet, entry));
        if let Some((code, message)) = fault {
            report.error(entry, code, message);
        }
    }
    let mut chains: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    for entry in report.done_of(sheet, EVENT) {
        if let Some(cue) = presupposing(sheet, entry) {
            let message = format!(
                "`{}` has no source, but stands in what `{}` attributes",
                entry.text(),
                cue.text()
            );
            report.warn(entry, "event-presupposed", message);
        }
        let Some(chain) = entry.text_of("coref") else { continue };
        let (first, told) = chains.entry(chain).or_insert((entry.label(), false));
        if *first != entry.label() && !*told {
            *told = true;
            let message = format!("chain `{chain}` is `{first}` and `{}`", entry.label());
            report.warn(entry, "chain-types", message);
        }
    }
}

type Fault = (&'static str, String);

fn check_mode(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let mode = entry.text_of("mode")?;
    let layer = sheet.layer_of(entry)?;
    let fits = layer
        .attrs
        .iter()
        .filter(|spec| spec.name == "mode" && holds_for(spec, entry.label()))
        .any(|spec| spec.values.iter().any(|value| value == mode));
    let message = || format!("`{mode}` is no mode of {}", entry.label());
    if fits { None } else { Some(("event-mode", message())) }
}

fn check_source(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Option<Fault> {
    let cue = sheet.targets(entry, "source").next()?;
    let message =
        || format!("`{}` stands outside what `{}` attributes", entry.text(), cue.text());
    let inside = covers(&content_of(sheet, cue), &entry.place);
    if inside { None } else { Some(("event-source", message())) }
}

/// The statement or belief in whose content an event without source stands.
fn presupposing<'s, 'a>(
    sheet: &'s Sheet<'a>,
    entry: &Entry<'_>,
) -> Option<&'s Entry<'a>> {
    if entry.has_role("source") {
        return None;
    }
    sheet
        .of_layer(ATTRIBUTION)
        .filter(|cue| matches!(cue.label(), "statement" | "belief"))
        .find(|cue| covers(&content_of(sheet, cue), &entry.place))
}
