//! Scores: what one document gives, and the sum of many.

use std::collections::BTreeMap;

use goldpress_model::{Counts, Digest};

use crate::{lint::Findings, mistakes::Mistake, plan::Plan, sides::Label, table::Table};

/// What one document gives.
#[derive(Debug, Clone)]
pub struct DocumentScore {
    /// The document.
    pub doc_id: Digest,
    /// Slot of the plan, label and counts, without rows of zeros.
    pub(crate) rows: Vec<(u32, Label, Counts)>,
    /// Layers in which the document took part, as indices into the plan.
    pub(crate) layers: Vec<usize>,
    /// What was found before scoring. Where an error is among it there are no rows.
    pub findings: Findings,
    /// Mistakes, where they were asked for.
    pub mistakes: Vec<Mistake>,
    /// Outcomes of each field, by label.
    pub fields: BTreeMap<String, FieldOutcomes>,
    /// Whether the system failed on it.
    pub failed: bool,
    /// Gold has no blocks: all of the text is main.
    pub without_blocks: bool,
    /// Annotations of either side inside regions that nobody judged.
    pub in_regions: u64,
    /// Bodies too long to be compared by character.
    pub too_long: u64,
}

/// What became of the values of one field (`metrics.md` §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldOutcomes {
    /// Documents in which gold states the field, or that there is none.
    pub documents: u64,
    /// Right values.
    pub correct: u64,
    /// Another value in the place of a gold one.
    pub wrong: u64,
    /// Gold values without an answer.
    pub missing: u64,
    /// Values beyond those of gold.
    pub spurious: u64,
    /// Of the spurious ones, those where gold says that there is none.
    pub invented: u64,
    /// Null on both sides.
    pub both_null: u64,
}

/// Scores of one system over documents.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    /// Counts by document, layer, metric and label.
    pub table: Table,
    /// What was found, by code. Where [`Findings::stops`] holds nothing may be shown.
    pub findings: Findings,
    /// Documents that took part, by layer.
    pub n_documents: BTreeMap<String, u64>,
    /// Documents on which the system failed.
    pub failed: Vec<Digest>,
    /// Documents without gold blocks, all of whose text is main.
    pub n_without_blocks: u64,
    /// Annotations inside regions that nobody judged.
    pub n_in_regions: u64,
    /// Bodies too long to be compared by character.
    pub n_too_long: u64,
    /// Mistakes in document order, where they were asked for.
    pub mistakes: Vec<Mistake>,
    /// Outcomes of each field, by label.
    pub fields: BTreeMap<String, FieldOutcomes>,
}

impl Scored {
    /// Adds one document's score; documents must come in the order of `doc_id`.
    pub fn add(&mut self, plan: &Plan<'_>, score: DocumentScore) {
        self.findings.merge(score.findings);
        for layer in score.layers {
            *self.n_documents.entry(plan.layers[layer].name.to_owned()).or_default() += 1;
        }
        if score.failed {
            self.failed.push(score.doc_id);
        }
        self.n_without_blocks += u64::from(score.without_blocks);
        self.n_in_regions += score.in_regions;
        self.n_too_long += score.too_long;
        self.mistakes.extend(score.mistakes);
        for (label, outcomes) in score.fields {
            self.fields.entry(label).or_default().add(outcomes);
        }
        self.table.push_document(score.doc_id, plan, &score.rows);
    }
}

impl FieldOutcomes {
    pub(crate) fn add(&mut self, other: FieldOutcomes) {
        self.documents += other.documents;
        self.correct += other.correct;
        self.wrong += other.wrong;
        self.missing += other.missing;
        self.spurious += other.spurious;
        self.invented += other.invented;
        self.both_null += other.both_null;
    }
}
