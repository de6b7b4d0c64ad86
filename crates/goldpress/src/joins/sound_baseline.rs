//! Whether a baseline can be believed: that nobody changed its lines, and that it counts
//! the gold of today.
//!
//! Against a baseline that holds other documents or other counts than an evaluation would
//! write, a gate could pass whatever a system answers.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_label::set_hash;
use goldpress_model::Digest;
use goldpress_store::{Baseline, BaselineDocument};

/// Most that one document can count: no text has so many characters.
const MOST: u64 = u32::MAX as u64;

/// What in a baseline was not written by an evaluation; `None` for a sound one.
pub(crate) fn edited(baseline: &Baseline) -> Option<String> {
    let documents = &baseline.documents;
    if let Some(pair) = documents.windows(2).find(|pair| pair[0].doc >= pair[1].doc) {
        let [first, second] = [pair[0].doc, pair[1].doc];
        let what = if first == second { "stands twice" } else { "is out of order" };
        return Some(format!("document {second} {what}"));
    }
    let hash = set_hash(documents.iter().map(|one| (one.doc, one.gold))).to_string();
    if hash != baseline.header.gold {
        return Some(
            "its documents are not those of the gold that its header names".into(),
        );
    }
    documents.iter().find_map(|one| odd_line(baseline, one))
}

/// What a line says that no evaluation says.
fn odd_line(baseline: &Baseline, document: &BaselineDocument) -> Option<String> {
    let known = &baseline.header.systems;
    let names = document.n.keys().chain(document.o.keys());
    if let Some(gone) = names.into_iter().find(|name| !known.contains_key(*name)) {
        return Some(format!(
            "document {} counts `{gone}`, a system that its header does not name",
            document.doc
        ));
    }
    let counts = document.n.values().flat_map(|metrics| metrics.values());
    let mut counts = counts.flat_map(|labels| labels.values()).flatten();
    let odd = counts.find(|count| **count > MOST)?;
    Some(format!("document {} counts {odd} items", document.doc))
}

/// The first place where two results of the same gold count another number of its items.
pub(crate) fn other_support(old: &Baseline, new: &Baseline) -> Option<String> {
    let theirs: BTreeMap<Digest, &BaselineDocument> =
        old.documents.iter().map(|one| (one.doc, one)).collect();
    let counted = counted_by(old);
    new.documents.iter().find_map(|ours| {
        let theirs = theirs.get(&ours.doc)?;
        let ours_by_metric = support_of(ours);
        counted.iter().find_map(|(system, metric)| {
            let here = ours_by_metric.get(metric)?;
            let then = theirs.n.get(*system).and_then(|metrics| metrics.get(*metric));
            let then = |label: &str| {
                let counts = then.and_then(|labels| labels.get(label)).copied();
                support(metric, counts.unwrap_or_default())
            };
            let (label, now) = here.iter().find(|(label, now)| then(label) != **now)?;
            Some(format!(
                "counts: {} of gold's {label} ({metric}) in {} in the baseline, {now} here",
                then(label),
                ours.doc
            ))
        })
    })
}

/// Each system of a baseline with each metric that it is counted by.
fn counted_by(baseline: &Baseline) -> BTreeSet<(&str, &str)> {
    let systems = baseline.documents.iter().flat_map(|one| &one.n);
    let pairs = systems.flat_map(|(system, metrics)| {
        metrics.keys().map(move |metric| (system.as_str(), metric.as_str()))
    });
    pairs.collect()
}

/// Metric → label → items of gold, as any system of a document counts them.
fn support_of(document: &BaselineDocument) -> BTreeMap<&str, BTreeMap<&str, u64>> {
    let mut all: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (metric, labels) in document.n.values().flatten() {
        let of_metric = all.entry(metric).or_default();
        for (label, counts) in labels {
            of_metric.insert(label, support(metric, *counts));
        }
    }
    all
}

/// Items of gold in counts; an accuracy books a wrong answer once, as spurious.
fn support(metric: &str, [found, spurious, missed]: [u64; 3]) -> u64 {
    let wrong = if metric.ends_with(".acc") { spurious } else { 0 };
    found + wrong + missed
}
