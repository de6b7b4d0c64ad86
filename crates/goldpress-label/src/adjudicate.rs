//! `label adjudicate`: several sets become one gold, with a memory of what it came from.
//!
//! What all sets hold is taken. The rest is decided by a policy, or line by line by a
//! person; what was refused stands in gold as rejected, so that an article where all is
//! refused is done like any other.

mod content;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    AttrValue, Digest, LooseAnnotation, ProposedBy, Provenance, Schema, Status,
    layer::REVIEW,
};
use goldpress_store::{
    Dataset,
    labels::{LabelFile, LabelHeader, LabelLine, new_id},
};

use crate::{
    checks::{Severity, TextOf, When, check_file},
    done::done_line_with,
    gold::gold_hash,
    locks::{Locks, lock},
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
    verify::{for_each_article, text_of},
};

use self::content::{Growing, Held, Input, held};

/// The set that adjudication writes.
pub const GOLD: &str = "gold";

/// What decides where sets differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Only what all sets hold is taken.
    Agreed,
    /// What more than half of the sets hold is taken.
    Majority,
    /// What any set holds is taken.
    Union,
}

impl Policy {
    /// The name that `done` and the command use.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Agreed => "agreed",
            Policy::Majority => "majority",
            Policy::Union => "union",
        }
    }

    /// The policy of that name.
    pub fn from_name(name: &str) -> Option<Policy> {
        [Policy::Agreed, Policy::Majority, Policy::Union]
            .into_iter()
            .find(|policy| policy.name() == name)
    }

    fn takes(self, n_holders: usize, n_sets: usize) -> bool {
        match self {
            Policy::Agreed => n_holders == n_sets,
            Policy::Majority => n_holders * 2 > n_sets,
            Policy::Union => true,
        }
    }
}

/// What an adjudication is asked to do.
#[derive(Debug, Clone, Default)]
pub struct AdjudicateOptions {
    /// The sets that are compared; one alone is promoted.
    pub sets: Vec<String>,
    /// The layers; all of the schema without.
    pub layers: Vec<String>,
    /// What decides where sets differ; without, the rest is listed.
    pub policy: Option<Policy>,
    /// Decisions of a person, before the policy: article and `set/id` → taken or not.
    pub decisions: BTreeMap<(Digest, String), bool>,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Something that the sets do not all hold and nobody decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Disputed {
    /// The article.
    pub doc_id: Digest,
    /// What some of the sets say.
    pub annotation: LooseAnnotation,
    /// The lines that say it, as `set/id`.
    pub held_by: Vec<String>,
}

/// What an adjudication did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AdjudicateReport {
    /// Articles and layers that all sets had done.
    pub n_compared: usize,
    /// Of these, how many are done in gold now.
    pub n_done: usize,
    /// Articles and layers whose gold was made elsewhere, and is left alone.
    pub n_left_alone: usize,
    /// Lines taken, by layer.
    pub taken: BTreeMap<String, u64>,
    /// Lines refused, by layer.
    pub refused: BTreeMap<String, u64>,
    /// What is left to decide.
    pub disputed: Vec<Disputed>,
    /// What was to be taken and contradicts another line of gold: it is refused. With the
    /// rule that it breaks.
    pub overruled: Vec<(Disputed, String)>,
}

/// How far sets are with what adjudication needs of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Articles that every set has a label file of.
    pub n_shared: usize,
    /// By set: articles that it has a label file of.
    pub n_files: BTreeMap<String, usize>,
    /// By layer and set: articles that the set has done.
    pub n_done: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Says of each set how many articles it labels and has done: why nothing was adjudicated.
///
/// # Errors
///
/// A file cannot be read, or a line of it is not sound.
pub fn readiness(
    dataset: &Dataset,
    options: &AdjudicateOptions,
) -> Result<Readiness, LabelError> {
    let sets = LabelSets::of(dataset.root());
    let mut ready = Readiness::default();
    let mut by_article: BTreeMap<Digest, usize> = BTreeMap::new();
    for name in sets.list()?.into_iter().filter(|name| options.sets.contains(&name.set)) {
        *by_article.entry(name.doc).or_default() += 1;
        *ready.n_files.entry(name.set.clone()).or_default() += 1;
        let lines = sets.read(&name)?.map(|file| file.lines).unwrap_or_default();
        for layer in lines.iter().map(|l| &l.annotation).filter(|a| is_done(a)) {
            let Some(layer) = of(layer) else { continue };
            if options.layers.is_empty() || options.layers.iter().any(|l| l == layer) {
                let by_set = ready.n_done.entry(layer.to_owned()).or_default();
                *by_set.entry(name.set.clone()).or_default() += 1;
            }
        }
    }
    let n_sets = options.sets.len();
    ready.n_shared = by_article.values().filter(|n| **n == n_sets).count();
    Ok(ready)
}

/// Gold whose inputs changed after it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// The article.
    pub doc_id: Digest,
    /// The layer.
    pub layer: String,
    /// The set that changed.
    pub set: String,
}

/// Compares sets and writes gold.
///
/// Gold that was made elsewhere, so that its `done` names no inputs, is left alone.
///
/// # Errors
///
/// The schema is not valid; a file or table cannot be read or written; gold that is there
/// breaks a rule of form.
pub fn adjudicate(
    dataset: &Dataset,
    options: &AdjudicateOptions,
) -> Result<AdjudicateReport, LabelError> {
    let schema = load_schema(dataset.root())?;
    let sets = LabelSets::of(dataset.root());
    let mut n_files: BTreeMap<Digest, usize> = BTreeMap::new();
    for name in sets.list()?.into_iter().filter(|name| options.sets.contains(&name.set)) {
        *n_files.entry(name.doc).or_default() += 1;
    }
    let docs: BTreeSet<Digest> = n_files
        .into_iter()
        .filter(|(_, n)| *n == options.sets.len())
        .map(|(doc, _)| doc)
        .collect();
    let mut report = AdjudicateReport::default();
    let _locks = match options.dry_run || docs.is_empty() {
        true => Locks::default(),
        false => lock(&sets, [GOLD])?,
    };
    let mut together = sets.together();
    for_each_article(dataset, &docs, |article| {
        let text = text_of(article);
        let mut inputs = Vec::new();
        for set in &options.sets {
            let name = LabelName { set: set.clone(), doc: text.doc };
            inputs.extend(sets.read(&name)?.map(Input::of));
        }
        let name = LabelName { set: GOLD.to_owned(), doc: text.doc };
        let there = sets.read(&name)?;
        let chars = u32::try_from(text.text.chars().count()).unwrap_or(u32::MAX);
        let header = LabelHeader { chars, doc: text.doc, set: GOLD.to_owned() };
        let mut gold = there.unwrap_or(LabelFile { header, lines: Vec::new() });
        let mut desk = Desk { schema: &schema, options, text: &text, inputs: &inputs };
        for layer in desk.layers() {
            desk.decide(&layer, &mut gold, &mut report);
        }
        let is_new = !gold.lines.is_empty() && !options.dry_run;
        if is_new {
            together.write(&schema, &text, &gold)?;
        }
        Ok(())
    })?;
    together.commit()?;
    Ok(report)
}

/// Layers of gold whose inputs are no longer what they were, by article.
///
/// # Errors
///
/// A file cannot be read, or a line of it is not sound.
pub fn stale(dataset: &Dataset) -> Result<Vec<Stale>, LabelError> {
    let sets = LabelSets::of(dataset.root());
    let mut all = Vec::new();
    for name in sets.list()?.into_iter().filter(|name| name.set == GOLD) {
        let Some(gold) = sets.read(&name)? else { continue };
        for done in gold.lines.iter().map(|line| &line.annotation).filter(|a| is_done(a))
        {
            let (Some(layer), Some(AttrValue::List(inputs))) =
                (of(done), done.attrs.get("inputs"))
            else {
                continue;
            };
            for (set, hash) in inputs.iter().filter_map(|input| input.rsplit_once(':')) {
                let input = LabelName { set: set.to_owned(), doc: name.doc };
                let file = sets.read(&input)?;
                let is_same = file.is_some_and(|file| layer_hash(&file, layer) == hash);
                if !is_same {
                    let (layer, set) = (layer.to_owned(), set.to_owned());
                    all.push(Stale { doc_id: name.doc, layer, set });
                }
            }
        }
    }
    all.sort();
    Ok(all)
}

fn is_done(annotation: &LooseAnnotation) -> bool {
    annotation.layer == REVIEW && annotation.label == "done"
}

fn of(annotation: &LooseAnnotation) -> Option<&str> {
    annotation.attrs.get("of").and_then(AttrValue::as_text)
}

/// What one set says of one layer, as a hash.
fn layer_hash(file: &LabelFile, layer: &str) -> String {
    let lines = file.lines.iter().filter(|line| {
        line.annotation.layer == layer
            || line.annotation.layer == REVIEW && of(&line.annotation) == Some(layer)
    });
    gold_hash(lines).to_string()
}

/// One article on the desk of whoever decides.
struct Desk<'a> {
    schema: &'a Schema,
    options: &'a AdjudicateOptions,
    text: &'a TextOf<'a>,
    inputs: &'a [Input],
}

impl Desk<'_> {
    /// Layers that all sets have done, those that others point to before the others.
    fn layers(&self) -> Vec<String> {
        let is_asked = |name: &String| {
            self.options.layers.is_empty() || self.options.layers.contains(name)
        };
        let is_ready = |name: &&String| {
            self.inputs.iter().all(|input| {
                input.file.lines.iter().any(|line| {
                    is_done(&line.annotation)
                        && of(&line.annotation) == Some(name.as_str())
                })
            })
        };
        let mut ordered: Vec<&String> = Vec::new();
        while ordered.len() < self.schema.layers.len() {
            let before = ordered.len();
            for layer in &self.schema.layers {
                let others = layer.args.iter().flat_map(|arg| &arg.target);
                let mut needed = others.filter_map(|target| target.split('/').next());
                let is_free = needed.all(|name| {
                    name == layer.name
                        || name == "t0"
                        || ordered.iter().any(|o| *o == name)
                });
                if is_free && !ordered.contains(&&layer.name) {
                    ordered.push(&layer.name);
                }
            }
            if ordered.len() == before {
                // Layers that point to each other in a circle come as they stand.
                let rest = self.schema.layers.iter().map(|layer| &layer.name);
                let rest: Vec<&String> =
                    rest.filter(|name| !ordered.contains(name)).collect();
                ordered.extend(rest);
            }
        }
        ordered
            .into_iter()
            .filter(|name| is_asked(name))
            .filter(is_ready)
            .cloned()
            .collect()
    }

    fn decide(
        &mut self,
        layer: &str,
        gold: &mut LabelFile,
        report: &mut AdjudicateReport,
    ) {
        let own = gold.lines.iter().map(|line| &line.annotation);
        let own: Vec<&LooseAnnotation> =
            own.filter(|a| is_done(a) && of(a) == Some(layer)).collect();
        if own.iter().any(|done| !done.attrs.contains_key("inputs")) {
            report.n_left_alone += 1;
            return;
        }
        report.n_compared += 1;
        let is_own = |line: &LabelLine| {
            line.annotation.layer == layer
                || is_done(&line.annotation) && of(&line.annotation) == Some(layer)
        };
        gold.lines.retain(|line| !is_own(line));
        let mut is_open = false;
        let mut growing = Growing::of(gold);
        for held in held(self.inputs, layer) {
            match self.verdict(&held) {
                Some(is_taken) => self.put(&held, is_taken, &mut growing),
                None => {
                    is_open = true;
                    report.disputed.push(Disputed {
                        doc_id: self.text.doc,
                        annotation: held.line.annotation.clone(),
                        held_by: held.from.clone(),
                    });
                }
            }
        }
        self.hold_to_form(gold, report);
        if !is_open {
            gold.lines.push(self.done(layer, gold));
            report.n_done += 1;
        }
        for line in gold.lines.iter().filter(|line| line.annotation.layer == layer) {
            let counts = match line.provenance.status.counts() {
                true => &mut report.taken,
                false => &mut report.refused,
            };
            *counts.entry(layer.to_owned()).or_default() += 1;
        }
    }

    /// Taken, refused, or nobody said.
    fn verdict(&self, held: &Held<'_>) -> Option<bool> {
        let doc = self.text.doc;
        let by_hand = held
            .from
            .iter()
            .find_map(|line| self.options.decisions.get(&(doc, line.clone())).copied());
        let n_sets = self.inputs.len();
        let agreed = (held.n_holders == n_sets).then_some(true);
        let by_policy =
            self.options.policy.map(|policy| policy.takes(held.n_holders, n_sets));
        by_hand.or(agreed).or(by_policy)
    }

    /// Adds a line to gold; one whose targets are not in gold is refused.
    fn put(&self, held: &Held<'_>, is_taken: bool, gold: &mut Growing<'_>) {
        let mut annotation = held.line.annotation.clone();
        let mut is_whole = true;
        for ids in annotation.args.values_mut() {
            for id in ids.iter_mut().filter(|id| *id != "t0") {
                let target = held.input.line(id);
                let in_gold =
                    target.and_then(|target| gold.at_place(&target.annotation, is_taken));
                match in_gold {
                    Some(line) => id.clone_from(&line.annotation.id),
                    None => is_whole = false,
                }
            }
            ids.sort();
            ids.dedup();
        }
        if !is_whole && !is_taken {
            // What was refused may point to what is not here at all: then it points to
            // nothing.
            annotation.args.clear();
        }
        let taken = |id: &str| gold.is_taken(id);
        let LooseAnnotation { layer, label, fragments, args, attrs, .. } = &annotation;
        annotation.id = new_id(layer, label, fragments, args, attrs, taken);
        let status = match is_taken && is_whole {
            true => Status::Accepted,
            false => {
                annotation.args.clear();
                Status::Rejected
            }
        };
        let provenance = Provenance {
            status,
            origin: held.line.provenance.origin.clone(),
            from: held.from.clone(),
            was: None,
            carried: None,
            guideline: held.line.provenance.guideline.clone(),
            spent_ds: None,
        };
        gold.push(LabelLine { annotation, provenance });
    }

    /// Lines that contradict others by the rules of form are refused: a union may say two
    /// things of one place where the layer allows one.
    fn hold_to_form(&self, gold: &mut LabelFile, report: &mut AdjudicateReport) {
        loop {
            let findings = check_file(self.schema, self.text, gold, When::Form);
            let mut wrong: BTreeMap<usize, String> = BTreeMap::new();
            for finding in findings {
                let is_line = finding.severity == Severity::Error && finding.line > 1;
                let at = finding.line.saturating_sub(2);
                if is_line && gold.lines[at].provenance.status != Status::Rejected {
                    let told = format!("{}: {}", finding.code, finding.message);
                    wrong.entry(at).or_insert(told);
                }
            }
            if wrong.is_empty() {
                return;
            }
            for (at, told) in wrong {
                let line = &mut gold.lines[at];
                let disputed = Disputed {
                    doc_id: self.text.doc,
                    annotation: line.annotation.clone(),
                    held_by: line.provenance.from.clone(),
                };
                report.overruled.push((disputed, told));
                line.provenance.status = Status::Rejected;
                line.annotation.args.clear();
            }
        }
    }

    fn done(&self, layer: &str, gold: &LabelFile) -> LabelLine {
        let inputs = self.inputs.iter().map(|Input { file, .. }| {
            format!("{}:{}", file.header.set, layer_hash(file, layer))
        });
        let policy = self.options.policy.map_or("by hand", Policy::name);
        let attrs = BTreeMap::from([
            ("inputs".to_owned(), AttrValue::List(inputs.collect())),
            ("policy".to_owned(), AttrValue::from(policy)),
        ]);
        let provenance = Provenance {
            status: Status::Accepted,
            origin: ProposedBy::Human,
            from: Vec::new(),
            was: None,
            carried: None,
            guideline: Some(self.schema.id()),
            spent_ds: None,
        };
        done_line_with(layer, attrs, provenance, gold)
    }
}
