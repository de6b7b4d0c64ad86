//! What sets hold in common: lines grouped by what they say.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::LooseAnnotation;
use goldpress_store::{
    json::canonical,
    labels::{LabelFile, LabelLine, order},
};
use serde_json::{Value, json};

/// One thing that at least one set says of a layer.
pub(super) struct Held<'a> {
    /// The line of the first set that says it.
    pub(super) line: &'a LabelLine,
    /// The file that line stands in, where its targets are.
    pub(super) file: &'a LabelFile,
    /// All lines that say it, as `set/id`.
    pub(super) from: Vec<String>,
    pub(super) n_holders: usize,
}

/// Everything that the sets say of a layer, targets before what points to them.
pub(super) fn held<'a>(files: &'a [LabelFile], layer: &str) -> Vec<Held<'a>> {
    let mut by_content: BTreeMap<String, Held<'a>> = BTreeMap::new();
    for file in files {
        let mut seen = BTreeSet::new();
        let lines = file.lines.iter().filter(|line| {
            line.annotation.layer == layer && line.provenance.status.counts()
        });
        for line in lines {
            let content = content(&line.annotation, file);
            let from = format!("{}/{}", file.header.set, line.annotation.id);
            let held = by_content.entry(content.clone()).or_insert(Held {
                line,
                file,
                from: Vec::new(),
                n_holders: 0,
            });
            held.from.push(from);
            held.n_holders += usize::from(seen.insert(content));
        }
    }
    let mut all: Vec<Held<'a>> = by_content.into_values().collect();
    all.sort_by(|a, b| {
        let depth = |held: &Held<'_>| depth(held.line, held.file, held.file.lines.len());
        depth(a).cmp(&depth(b)).then_with(|| order(a.line, b.line))
    });
    all
}

/// How many steps lead from a line to one without targets.
fn depth(line: &LabelLine, file: &LabelFile, most: usize) -> usize {
    let targets = line.annotation.args.values().flatten();
    let lines = targets
        .filter_map(|id| file.lines.iter().find(|line| line.annotation.id == *id))
        .filter(|_| most > 0);
    lines.map(|line| 1 + depth(line, file, most - 1)).max().unwrap_or(0)
}

/// What a line says: targets by layer, label and place, notes apart.
fn content(annotation: &LooseAnnotation, file: &LabelFile) -> String {
    let target = |id: &String| {
        let line = file.lines.iter().find(|line| line.annotation.id == *id);
        line.map_or(json!(id), |line| placed(&line.annotation))
    };
    let mut args: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (role, ids) in &annotation.args {
        let mut targets: Vec<Value> = ids.iter().map(target).collect();
        targets.sort_by_key(canonical);
        args.insert(role, targets);
    }
    let attrs: BTreeMap<_, _> =
        annotation.attrs.iter().filter(|(name, _)| *name != "note").collect();
    canonical(&json!([placed(annotation), args, attrs]))
}

fn placed(annotation: &LooseAnnotation) -> Value {
    let fragments: Vec<(u32, u32)> =
        annotation.fragments.iter().map(|range| (range.start, range.end)).collect();
    json!([annotation.layer, annotation.label, fragments])
}

/// Whether two lines stand in the same place under the same name.
pub(super) fn same_place(a: &LooseAnnotation, b: &LooseAnnotation) -> bool {
    a.layer == b.layer && a.label == b.label && a.fragments == b.fragments
}
