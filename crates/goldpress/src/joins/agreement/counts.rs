//! The F1 family: one annotator in the place of gold, pairs pooled by their counts.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Average, GoldDocument, Lines, Options, PredictedDocument, Region, Table, Task,
    Wanted, intervals, score, summarise,
};
use goldpress_label::agreement::{Gathered, Undefined};
use goldpress_model::{
    CharRange, CountRow, Counts, Digest, LayerKind, LayerSpec, LooseAnnotation,
    RunOutcome, layer as layers,
};

use super::{Agreement, Figure, Group, pairs};

/// Fewest clusters that an interval may rest on.
pub(super) const LEAST_CLUSTERS: usize = 6;

/// Faults that are told; more say nothing new.
const MAX_FAULTS: usize = 5;

/// The metrics of a layer, the first being its headline.
fn metrics(layer: &LayerSpec) -> &'static [&'static str] {
    match (layer.kind, layer.name.as_str()) {
        (LayerKind::Block, _) => &[],
        (LayerKind::Field, _) => &["field"],
        (LayerKind::Relation, _) => &["relation.strict"],
        (LayerKind::Event, layers::ATTRIBUTION) => {
            &["attr.joint", "attr.source", "attr.cue", "attr.content"]
        }
        (LayerKind::Event, _) => &["trigger.class", "argument.class"],
        (LayerKind::Span, layers::CLAIM) => {
            &["claim.joint", "strict", "overlap@0.5", "char"]
        }
        (LayerKind::Span, _) => &["strict", "overlap@0.5", "char"],
    }
}

/// The metric that is also counted over links whose ends both sets hold: it tells "saw
/// another relation" from "cut the span differently".
fn of_shared_ends(layer: &LayerSpec) -> Option<&'static str> {
    let named = ["relation.strict", "argument.class"];
    metrics(layer).iter().find(|name| named.contains(name)).copied()
}

/// Which links are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Any,
    /// Those whose ends both sets hold, with equal fragments and label.
    Shared,
}

impl Agreement<'_> {
    /// Counts every pair of the members, pools the counts, and takes F1 of the sums.
    pub(super) fn f1(
        &self,
        layer: &LayerSpec,
        members: &[usize],
        kept: &[Gathered<'_>],
        clusters: &BTreeMap<Digest, String>,
        group: &mut Group,
    ) -> anyhow::Result<()> {
        let names = metrics(layer);
        if names.is_empty() {
            return Ok(());
        }
        self.f1_of(layer, members, names, Ends::Any, kept, clusters, group)?;
        match of_shared_ends(layer) {
            Some(name) => {
                self.f1_of(layer, members, &[name], Ends::Shared, kept, clusters, group)
            }
            None => Ok(()),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one caller, twice")]
    fn f1_of(
        &self,
        layer: &LayerSpec,
        members: &[usize],
        names: &[&'static str],
        ends: Ends,
        kept: &[Gathered<'_>],
        clusters: &BTreeMap<Digest, String>,
        group: &mut Group,
    ) -> anyhow::Result<()> {
        let pairs = pairs(members);
        let table = match pairs.as_slice() {
            [pair] => self.count(layer, *pair, names, ends, kept, group)?,
            pairs => self.pooled(layer, pairs, names, ends, kept, group)?,
        };
        let summaries = summarise(&table);
        for (at, name) in names.iter().enumerate() {
            let found = summaries.iter().find(|summary| {
                summary.metric.strip_suffix(".all").unwrap_or(&summary.metric) == *name
            });
            let Some(summary) = found else {
                group.figures.push(Figure {
                    name: named(name, ends),
                    value: Err(Undefined::NothingMarked),
                    interval: None,
                    missing: None,
                    counts: Some([0; 3]),
                    n_units: None,
                });
                continue;
            };
            let metric = summary.metric.as_str();
            let task = Task { layer: &layer.name, metric, average: Average::Micro };
            let score = intervals(&table, &task, clusters).remove("*");
            let interval = score
                .filter(|score| score.informative >= LEAST_CLUSTERS)
                .and_then(|score| score.interval);
            let Counts { found, spurious, missed } = summary.total;
            group.figures.push(Figure {
                name: named(name, ends),
                value: summary.micro.f1.ok_or(Undefined::NothingMarked),
                interval,
                missing: None,
                counts: Some([found, found + missed, found + spurious]),
                n_units: None,
            });
            if at == 0 && ends == Ends::Any {
                let by_label = summary.labels.iter().filter(|(label, _)| *label != "*");
                group.labels =
                    by_label.map(|(l, counts)| (l.clone(), counts.f1())).collect();
            }
        }
        Ok(())
    }

    /// Counts of several pairs, added up.
    fn pooled(
        &self,
        layer: &LayerSpec,
        pairs: &[(usize, usize)],
        names: &[&'static str],
        ends: Ends,
        kept: &[Gathered<'_>],
        group: &mut Group,
    ) -> anyhow::Result<Table> {
        let mut sums: BTreeMap<(Digest, String, String), Counts> = BTreeMap::new();
        for pair in pairs {
            let table = self.count(layer, *pair, names, ends, kept, group)?;
            for row in table.to_rows("") {
                let key = (row.doc_id, row.metric, row.label);
                *sums.entry(key).or_default() += row.counts;
            }
        }
        let rows: Vec<CountRow> = sums
            .into_iter()
            .map(|((doc_id, metric, label), counts)| CountRow {
                system: String::new(),
                doc_id,
                layer: layer.name.clone(),
                metric,
                label,
                counts,
            })
            .collect();
        let docs: Vec<Digest> = kept.iter().map(|one| one.doc_id).collect();
        Ok(Table::from_rows(&docs, &rows))
    }

    fn count(
        &self,
        layer: &LayerSpec,
        (one, other): (usize, usize),
        names: &[&'static str],
        ends: Ends,
        kept: &[Gathered<'_>],
        group: &mut Group,
    ) -> anyhow::Result<Table> {
        let docs = || kept.iter().map(|document| document.doc_id);
        let of_both = |doc| {
            self.team.said(doc, one).zip(self.team.said(doc, other)).map(|(a, b)| {
                [(a, b), (b, a)].map(|(own, other)| {
                    with_shared_ends(layer, &own.annotations, &other.annotations)
                })
            })
        };
        let shared: BTreeMap<Digest, [Vec<LooseAnnotation>; 2]> = match ends {
            Ends::Any => BTreeMap::new(),
            Ends::Shared => docs().filter_map(|doc| Some((doc, of_both(doc)?))).collect(),
        };
        let (mut gold, mut predicted) = (Vec::new(), Vec::new());
        for doc in docs() {
            let (Some(text), Some(a), Some(b)) = (
                self.texts.get(&doc),
                self.team.said(doc, one),
                self.team.said(doc, other),
            ) else {
                continue;
            };
            let (of_a, of_b) = match shared.get(&doc) {
                Some([of_a, of_b]) => (of_a, of_b),
                None => (&a.annotations, &b.annotations),
            };
            let unjudged =
                [a, b].into_iter().flat_map(|said| said.unannotated.get(&layer.name));
            let regions = unjudged
                .flatten()
                .map(|&range| Region { layer: &layer.name, range })
                .collect();
            gold.push(GoldDocument {
                covered: vec![&layer.name],
                regions,
                ..GoldDocument::reviewed(doc, text, of_a)
            });
            predicted.push(PredictedDocument {
                annotations: of_b,
                ..PredictedDocument::empty(doc, RunOutcome::Ok)
            });
        }
        let options = Options {
            layers: vec![&layer.name],
            metrics: Wanted::Named(names.to_vec()),
            lines: Lines::All,
            mistakes: ends == Ends::Any,
            ..Options::default()
        };
        let mut scored = score(&gold, &predicted, self.asked.schema, &options)?;
        if scored.findings.stops() {
            let stopping =
                scored.findings.iter().filter(|(_, _, severity, _)| severity.stops());
            let told = stopping.flat_map(|(code, _, _, group)| {
                group.first.iter().map(move |finding| {
                    format!("{code}: {} in {}", finding.message, finding.doc_id)
                })
            });
            group.faults.extend(told.take(MAX_FAULTS));
        }
        group.disagreements.append(&mut scored.mistakes);
        Ok(scored.table)
    }
}

fn named(metric: &str, ends: Ends) -> String {
    match ends {
        Ends::Any => metric.to_owned(),
        Ends::Shared => format!("{metric}.shared"),
    }
}

/// A set's annotations without relations and arguments of the layer that have an end which
/// the other set does not hold.
fn with_shared_ends(
    layer: &LayerSpec,
    own: &[LooseAnnotation],
    other: &[LooseAnnotation],
) -> Vec<LooseAnnotation> {
    let place = |a: &LooseAnnotation| (a.label.clone(), a.fragments.clone());
    let there: BTreeSet<(String, Vec<CharRange>)> = other.iter().map(place).collect();
    let is_shared = |a: &LooseAnnotation| there.contains(&place(a));
    let shared: BTreeSet<&str> =
        own.iter().filter(|a| is_shared(a)).map(|a| a.id.as_str()).collect();
    let is_end = |id: &String| id == "t0" || shared.contains(id.as_str());
    let mut kept = Vec::with_capacity(own.len());
    for annotation in own {
        let mut annotation = annotation.clone();
        if annotation.layer == layer.name {
            match layer.kind {
                LayerKind::Relation => {
                    if !annotation.args.values().flatten().all(is_end) {
                        continue;
                    }
                }
                // The trigger is the other end of every argument.
                _ if !is_shared(&annotation) => annotation.args.clear(),
                _ => annotation.args.values_mut().for_each(|ids| ids.retain(is_end)),
            }
            annotation.args.retain(|_, ids| !ids.is_empty());
        }
        kept.push(annotation);
    }
    kept
}
