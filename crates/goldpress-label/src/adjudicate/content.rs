//! What sets hold in common: lines grouped by what they say.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::LooseAnnotation;
use goldpress_store::{
    json::canonical,
    labels::{LabelFile, LabelLine, order},
};
use serde_json::{Value, json};

/// What one set says of an article, with its lines by id: what points to what is asked of
/// every line.
pub(super) struct Input {
    pub(super) file: LabelFile,
    by_id: BTreeMap<String, usize>,
}

impl Input {
    pub(super) fn of(file: LabelFile) -> Input {
        let ids = file.lines.iter().map(|line| line.annotation.id.clone());
        let by_id = ids.enumerate().map(|(at, id)| (id, at)).collect();
        Input { file, by_id }
    }

    pub(super) fn line(&self, id: &str) -> Option<&LabelLine> {
        self.by_id.get(id).map(|at| &self.file.lines[*at])
    }
}

/// One thing that at least one set says of a layer.
pub(super) struct Held<'a> {
    /// The line of the first set that says it.
    pub(super) line: &'a LabelLine,
    /// The set that line stands in, where its targets are.
    pub(super) input: &'a Input,
    /// All lines that say it, as `set/id`.
    pub(super) from: Vec<String>,
    pub(super) n_holders: usize,
}

/// Everything that the sets say of a layer, targets before what points to them.
pub(super) fn held<'a>(inputs: &'a [Input], layer: &str) -> Vec<Held<'a>> {
    let mut by_content: BTreeMap<String, Held<'a>> = BTreeMap::new();
    for input in inputs {
        let mut seen = BTreeSet::new();
        let lines = input.file.lines.iter().filter(|line| {
            line.annotation.layer == layer && line.provenance.status.counts()
        });
        for line in lines {
            let content = content(&line.annotation, input);
            let from = format!("{}/{}", input.file.header.set, line.annotation.id);
            let held = by_content.entry(content.clone()).or_insert(Held {
                line,
                input,
                from: Vec::new(),
                n_holders: 0,
            });
            held.from.push(from);
            held.n_holders += usize::from(seen.insert(content));
        }
    }
    let mut all: Vec<Held<'a>> = by_content.into_values().collect();
    all.sort_by(|a, b| {
        let depth =
            |held: &Held<'_>| depth(held.line, held.input, held.input.file.lines.len());
        depth(a).cmp(&depth(b)).then_with(|| order(a.line, b.line))
    });
    all
}

/// How many steps lead from a line to one without targets.
fn depth(line: &LabelLine, input: &Input, most: usize) -> usize {
    let targets = line.annotation.args.values().flatten();
    let lines = targets.filter_map(|id| input.line(id)).filter(|_| most > 0);
    lines.map(|line| 1 + depth(line, input, most - 1)).max().unwrap_or(0)
}

/// What a line says: targets by layer, label and place, notes apart.
fn content(annotation: &LooseAnnotation, input: &Input) -> String {
    let target =
        |id: &String| input.line(id).map_or(json!(id), |line| placed(&line.annotation));
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

/// Gold as it grows: its lines by place and name, and the ids that are taken.
pub(super) struct Growing<'g> {
    pub(super) file: &'g mut LabelFile,
    ids: BTreeSet<String>,
    by_place: BTreeMap<String, Vec<usize>>,
}

impl<'g> Growing<'g> {
    pub(super) fn of(file: &'g mut LabelFile) -> Growing<'g> {
        let lines = std::mem::take(&mut file.lines);
        let mut growing =
            Growing { file, ids: BTreeSet::new(), by_place: BTreeMap::new() };
        lines.into_iter().for_each(|line| growing.push(line));
        growing
    }

    pub(super) fn push(&mut self, line: LabelLine) {
        self.ids.insert(line.annotation.id.clone());
        let place = canonical(&placed(&line.annotation));
        self.by_place.entry(place).or_default().push(self.file.lines.len());
        self.file.lines.push(line);
    }

    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The first line in the same place under the same name that counts, or any where one
    /// that was refused will do.
    pub(super) fn at_place(
        &self,
        annotation: &LooseAnnotation,
        counts: bool,
    ) -> Option<&LabelLine> {
        let all = self.by_place.get(&canonical(&placed(annotation)))?;
        let mut lines = all.iter().map(|at| &self.file.lines[*at]);
        lines.find(|line| line.provenance.status.counts() >= counts)
    }
}
