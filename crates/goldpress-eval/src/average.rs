//! Averages: counts of many documents and labels as one number.
//!
//! A ratio without a denominator is undefined and stays `None`: never 0, never 1. A mean
//! runs over defined terms and says how many there were.

use std::collections::BTreeMap;

use goldpress_model::Counts;

use crate::{
    metrics::metric,
    plan::Average,
    table::{Key, Table},
};

/// All numbers of one layer and metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Layer.
    pub layer: String,
    /// Metric, with its parameters and suffix.
    pub metric: String,
    /// Right as `found`, wrong as `spurious`: no recall and no F.
    pub share: bool,
    /// Counts by label, in byte order. Holds `*` alone for metrics blind to labels.
    pub labels: BTreeMap<String, Counts>,
    /// Sum over labels and documents.
    pub total: Counts,
    /// From summed counts.
    pub micro: Scores,
    /// Mean over labels that gold holds.
    pub by_label: Scores,
    /// Mean over documents whose gold holds an item.
    pub by_document: Scores,
    /// Mean over labels that gold holds, weighed by how often.
    pub weighted: Scores,
    /// Labels that were predicted and that gold does not hold, with how often: they weigh
    /// in micro alone.
    pub unsupported: BTreeMap<String, u64>,
}

impl Summary {
    /// Nothing expected and nothing given: every score is undefined.
    pub fn empty(layer: &str, name: &str) -> Summary {
        Summary {
            layer: layer.to_owned(),
            metric: name.to_owned(),
            share: metric(name).is_some_and(|metric| metric.share),
            labels: BTreeMap::new(),
            total: Counts::default(),
            micro: Scores::default(),
            by_label: Scores::default(),
            by_document: Scores::default(),
            weighted: Scores::default(),
            unsupported: BTreeMap::new(),
        }
    }

    /// The scores of one average.
    pub fn of(&self, average: Average) -> &Scores {
        match average {
            Average::Micro => &self.micro,
            Average::Labels => &self.by_label,
            Average::Documents => &self.by_document,
        }
    }

    /// What one item counts for.
    pub fn scale(&self) -> u64 {
        metric(&self.metric).map_or(1, |metric| metric.scale)
    }
}

/// Precision, recall and F of one average, each with the number of terms it rests on.
///
/// Each lies in `0.0..=1.0`; `None` is undefined, and a report prints a dash. A share has
/// its value in `precision` and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scores {
    /// Share of what was predicted that is right.
    pub precision: Option<f64>,
    /// Share of gold that was found.
    pub recall: Option<f64>,
    /// Harmonic mean of the two, from counts.
    pub f1: Option<f64>,
    /// Terms of the means, in the same order.
    pub n: [u64; 3],
}

impl Scores {
    /// The value that stands for the metric: F, or the share.
    pub fn headline(&self, share: bool) -> Option<f64> {
        if share { self.precision } else { self.f1 }
    }

    fn of(counts: Counts, share: bool) -> Scores {
        let (recall, f1) = match share {
            true => (None, None),
            false => (counts.recall(), counts.f1()),
        };
        let n = |value: Option<f64>| u64::from(value.is_some());
        let precision = counts.precision();
        Scores { precision, recall, f1, n: [n(precision), n(recall), n(f1)] }
    }

    fn mean(terms: impl Iterator<Item = (Scores, u64)>) -> Scores {
        let mut sums = [(0.0, 0_u64, 0_u64); 3];
        for (scores, weight) in terms {
            for (sum, value) in
                sums.iter_mut().zip([scores.precision, scores.recall, scores.f1])
            {
                let Some(value) = value else { continue };
                *sum = (sum.0 + value * weight as f64, sum.1 + weight, sum.2 + 1);
            }
        }
        let mean = |at: usize| (sums[at].1 > 0).then(|| sums[at].0 / sums[at].1 as f64);
        let n = [sums[0].2, sums[1].2, sums[2].2];
        Scores { precision: mean(0), recall: mean(1), f1: mean(2), n }
    }
}

/// Sums a table and takes every average, by layer and metric.
///
/// Cells of the confusion are left out: see [`confusion`].
pub fn summarise(table: &Table) -> Vec<Summary> {
    let mut order: Vec<(&Key, u32)> = table.keys().iter().zip(0..).collect();
    order.sort_unstable();
    let mut sums = vec![Counts::default(); table.keys().len()];
    table.rows().for_each(|row| sums[row.key as usize] += row.counts);
    // By key: the number of its layer and metric.
    let mut group_of = vec![usize::MAX; table.keys().len()];
    let mut summaries: Vec<Summary> = Vec::new();
    for (key, number) in order.into_iter().filter(|(key, _)| !is_cell(&key.metric)) {
        let last = summaries.last();
        if last
            .is_none_or(|last| (&last.layer, &last.metric) != (&key.layer, &key.metric))
        {
            summaries.push(Summary::empty(&key.layer, &key.metric));
        }
        let at = summaries.len() - 1;
        group_of[number as usize] = at;
        let counts = sums[number as usize];
        summaries[at].labels.insert(key.label.clone(), counts);
        summaries[at].total += counts;
    }
    let mut documents: Vec<Means> = vec![Means::default(); summaries.len()];
    for doc in 0..table.docs().len() {
        let mut totals: BTreeMap<usize, Counts> = BTreeMap::new();
        for row in table.rows_of(doc) {
            let at = group_of[row.key as usize];
            if at != usize::MAX {
                *totals.entry(at).or_default() += row.counts;
            }
        }
        for (at, counts) in totals {
            documents[at].add(counts, summaries[at].share);
        }
    }
    for (summary, documents) in summaries.iter_mut().zip(documents) {
        finish(summary, &documents);
    }
    summaries
}

/// Items of gold that counts speak of: all of a share's, which has nothing else.
pub(crate) fn in_gold(counts: Counts, share: bool) -> u64 {
    if share { counts.predicted() } else { counts.support() }
}

fn is_cell(metric: &str) -> bool {
    metric.starts_with("cell.")
}

fn finish(summary: &mut Summary, documents: &Means) {
    let share = summary.share;
    let support = |counts: Counts| in_gold(counts, share);
    let supported = || {
        let labels = summary.labels.values();
        labels
            .filter(|counts| support(**counts) > 0)
            .map(|counts| (Scores::of(*counts, share), support(*counts)))
    };
    summary.micro = Scores::of(summary.total, share);
    let by_label = Scores::mean(supported().map(|(scores, _)| (scores, 1)));
    let weighted = Scores::mean(supported());
    let unsupported = summary.labels.iter().filter(|(_, counts)| support(**counts) == 0);
    let unsupported =
        unsupported.map(|(label, c)| (label.clone(), c.predicted())).collect();
    summary.by_document = documents.scores(share);
    (summary.by_label, summary.weighted, summary.unsupported) =
        (by_label, weighted, unsupported);
}

/// Sums of per-document ratios in units of 2⁻⁴⁰, so that no order changes a bit.
#[derive(Debug, Clone, Copy, Default)]
struct Means([(i128, u64); 3]);

impl Means {
    fn add(&mut self, counts: Counts, share: bool) {
        let Counts { found, spurious, missed } = counts;
        if in_gold(counts, share) == 0 {
            return;
        }
        let terms = [
            (found, found + spurious),
            (found, found + missed),
            (2 * found, 2 * found + spurious + missed),
        ];
        for (sum, (part, whole)) in self.0.iter_mut().zip(terms) {
            if whole > 0 {
                *sum = (sum.0 + i128::from(fixed(part, whole)), sum.1 + 1);
            }
        }
    }

    fn scores(&self, share: bool) -> Scores {
        let mean = |at: usize| {
            let (sum, n) = self.0[at];
            (n > 0).then(|| sum as f64 / (n as f64 * UNIT as f64))
        };
        let n = |at: usize| self.0[at].1;
        match share {
            true => Scores { precision: mean(0), n: [n(0), 0, 0], ..Scores::default() },
            false => Scores {
                precision: mean(0),
                recall: mean(1),
                f1: mean(2),
                n: [n(0), n(1), n(2)],
            },
        }
    }
}

/// 2⁴⁰: a document's ratio as an integer.
pub(crate) const UNIT: u64 = 1 << 40;

/// `part / whole` in units of 2⁻⁴⁰, rounded half to even; `whole` is not 0.
pub(crate) fn fixed(part: u64, whole: u64) -> i64 {
    let (scaled, whole) = (u128::from(part) * u128::from(UNIT), u128::from(whole));
    let (below, rest) = (scaled / whole, scaled % whole);
    let up = match (2 * rest).cmp(&whole) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => below % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    i64::try_from(below + u128::from(up)).expect("a share is at most 2^40 units")
}

/// One cell of the confusion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Layer.
    pub layer: String,
    /// Gold label, or [`NONE`](crate::NONE).
    pub gold: String,
    /// Predicted label, or [`NONE`](crate::NONE).
    pub predicted: String,
    /// `same`, `over` or `none`.
    pub bounds: String,
    /// How many.
    pub n: u64,
}

/// The confusion over all documents, by layer and labels. `suffix` is empty, or `.all`.
pub fn confusion(table: &Table, suffix: &str) -> Vec<Cell> {
    let mut sums = vec![0; table.keys().len()];
    table.rows().for_each(|row| sums[row.key as usize] += row.counts.found);
    let cell = |(key, n): (&Key, u64)| {
        let bounds = key.metric.strip_prefix("cell.")?.strip_suffix(suffix)?;
        let (gold, predicted) = key.label.split_once(crate::CELL_SEPARATOR)?;
        (!bounds.contains('.')).then(|| Cell {
            layer: key.layer.clone(),
            gold: gold.to_owned(),
            predicted: predicted.to_owned(),
            bounds: bounds.to_owned(),
            n,
        })
    };
    let mut cells: Vec<Cell> = table.keys().iter().zip(sums).filter_map(cell).collect();
    cells.sort_unstable();
    cells
}

/// The five outcomes of SemEval and MUC under one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Right.
    pub correct: u64,
    /// Wrong, in the place of something right.
    pub incorrect: u64,
    /// Half right.
    pub partial: u64,
    /// In gold alone.
    pub missing: u64,
    /// In the prediction alone.
    pub spurious: u64,
}

/// How cells are read as outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Bounds and label must be right.
    Strict,
    /// Bounds must be right.
    Exact,
    /// A shared character is half right.
    Partial,
    /// The label must be right.
    Type,
}

impl Outcomes {
    /// Reads cells of one layer.
    pub fn read<'c>(
        cells: impl IntoIterator<Item = &'c Cell>,
        reading: Reading,
    ) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for cell in cells {
            let Outcomes { correct, incorrect, partial, missing, spurious } =
                &mut outcomes;
            let (bounds, label) = (cell.bounds == "same", cell.gold == cell.predicted);
            let at = match reading {
                _ if cell.bounds == "none" && cell.predicted == crate::NONE => missing,
                _ if cell.bounds == "none" => spurious,
                Reading::Strict if bounds && label => correct,
                Reading::Exact if bounds => correct,
                Reading::Partial if bounds => correct,
                Reading::Type if label => correct,
                Reading::Partial => partial,
                _ => incorrect,
            };
            *at += cell.n;
        }
        outcomes
    }

    /// What was there to be found.
    pub fn possible(&self) -> u64 {
        self.correct + self.incorrect + self.partial + self.missing
    }

    /// What was given.
    pub fn actual(&self) -> u64 {
        self.correct + self.incorrect + self.partial + self.spurious
    }
}
