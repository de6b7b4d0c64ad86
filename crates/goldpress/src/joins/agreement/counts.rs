//! The F1 family: one annotator in the place of gold, pairs pooled by their counts.

use std::collections::BTreeMap;

use goldpress_eval::{
    Average, GoldDocument, Lines, Options, PredictedDocument, Region, Table, Task,
    Wanted, intervals, score, summarise,
};
use goldpress_label::agreement::{Gathered, Undefined};
use goldpress_model::{
    CountRow, Counts, Digest, LayerKind, LayerSpec, RunOutcome, layer as layers,
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
        let mut sums: BTreeMap<(Digest, String, String), Counts> = BTreeMap::new();
        for (one, other) in pairs(members) {
            let table = self.count(layer, (one, other), names, kept, group)?;
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
        let table = Table::from_rows(&docs, &rows);
        let summaries = summarise(&table);
        for (at, name) in names.iter().enumerate() {
            let found = summaries.iter().find(|summary| {
                summary.metric.strip_suffix(".all").unwrap_or(&summary.metric) == *name
            });
            let Some(summary) = found else {
                group.figures.push(Figure {
                    name: (*name).to_owned(),
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
                name: (*name).to_owned(),
                value: summary.micro.f1.ok_or(Undefined::NothingMarked),
                interval,
                missing: None,
                counts: Some([found, found + missed, found + spurious]),
                n_units: None,
            });
            if at == 0 {
                let by_label = summary.labels.iter().filter(|(label, _)| *label != "*");
                group.labels =
                    by_label.map(|(l, counts)| (l.clone(), counts.f1())).collect();
            }
        }
        Ok(())
    }

    fn count(
        &self,
        layer: &LayerSpec,
        (one, other): (usize, usize),
        names: &[&'static str],
        kept: &[Gathered<'_>],
        group: &mut Group,
    ) -> anyhow::Result<Table> {
        let (mut gold, mut predicted) = (Vec::new(), Vec::new());
        for doc in kept.iter().map(|document| document.doc_id) {
            let (Some(text), Some(a), Some(b)) = (
                self.texts.get(&doc),
                self.team.said(doc, one),
                self.team.said(doc, other),
            ) else {
                continue;
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
                ..GoldDocument::reviewed(doc, text, &a.annotations)
            });
            predicted.push(PredictedDocument {
                annotations: &b.annotations,
                ..PredictedDocument::empty(doc, RunOutcome::Ok)
            });
        }
        let options = Options {
            layers: vec![&layer.name],
            metrics: Wanted::Named(names.to_vec()),
            lines: Lines::All,
            mistakes: true,
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
