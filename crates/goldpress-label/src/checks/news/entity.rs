//! Entities: chains of one label, mentions that something needs, edges of names.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{AttrValue, layer::ENTITY};

use crate::checks::{Report, Sheet, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    let mut chains: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for entry in report.done_of(sheet, ENTITY) {
        let Some(chain) = entry.text_of("coref") else { continue };
        let first = *chains.entry(chain).or_insert(entry);
        if first.label() != entry.label() {
            let (label, was, line) = (entry.label(), first.label(), first.number);
            let message =
                format!("chain `{chain}` is `{label}` here and `{was}` in line {line}");
            report.error(entry, "chain-label", message);
        }
    }
    let needed = Needed::of(sheet);
    for entry in report.done_of(sheet, ENTITY) {
        let mention = entry.text_of("mention");
        if matches!(mention, Some("NOM" | "PRO")) && !needed.has(entry) {
            let message = format!("`{}` fills no argument", entry.text());
            report.warn(entry, "mention-idle", message);
        }
        if mention == Some("NAM") && has_loose_edge(entry.text()) {
            let message =
                format!("`{}` begins with an article or ends possessive", entry.text());
            report.warn(entry, "name-edge", message);
        }
    }
}

/// Mentions that arguments point to, and the chains they belong to.
struct Needed<'a> {
    ids: BTreeSet<&'a str>,
    chains: BTreeSet<&'a str>,
}

impl<'a> Needed<'a> {
    fn of(sheet: &Sheet<'a>) -> Needed<'a> {
        let ids: BTreeSet<&str> = sheet
            .entries
            .iter()
            .filter(|entry| entry.counts())
            .flat_map(|entry| entry.line.annotation.args.values().flatten())
            .map(String::as_str)
            .collect();
        let mut chains = BTreeSet::new();
        for entry in sheet.of_layer(ENTITY).filter(|entry| ids.contains(entry.id())) {
            chains.extend(entry.text_of("coref"));
            if let Some(AttrValue::List(members)) = entry.attr("members") {
                chains.extend(members.iter().map(String::as_str));
            }
        }
        Needed { ids, chains }
    }

    fn has(&self, entry: &Entry<'_>) -> bool {
        let in_chain = |chain| self.chains.contains(chain);
        self.ids.contains(entry.id()) || entry.text_of("coref").is_some_and(in_chain)
    }
}

/// `The Hague` keeps its article; a possessive of English never belongs to a name.
fn has_loose_edge(name: &str) -> bool {
    let articles = ["the ", "a ", "an "];
    articles.iter().any(|article| name.starts_with(article))
        || ["’s", "'s", "s’", "s'"].iter().any(|ending| name.ends_with(ending))
}
