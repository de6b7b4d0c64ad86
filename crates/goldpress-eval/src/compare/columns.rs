//! Columns of tests: counts of two runs, summed by cluster.

use std::collections::BTreeMap;

use goldpress_model::{Counts, Digest};

use super::{Task, Test};
use crate::{
    average::in_gold,
    metrics::metric,
    plan::Average,
    statistics::{
        interval::difference,
        moved::{Moved, moved},
        ratio::{F1, Form, Ratio, Sample},
    },
    table::Table,
    verdict::Verdict,
};

/// Columns by cluster of one label of a task; `*` is the headline. `None` where there is no
/// document.
pub(crate) fn sample(
    baseline: &Table,
    current: &Table,
    task: &Task<'_>,
    label: &str,
    clusters: &BTreeMap<Digest, String>,
) -> Option<Sample> {
    let runs = Runs { baseline, current };
    runs.task(task, &runs.documents(clusters)).sample(label)
}

/// Both runs, read under one comparison.
pub(super) struct Runs<'a> {
    pub(super) baseline: &'a Table,
    pub(super) current: &'a Table,
}

/// Documents in order, and the number of each one's cluster, in byte order of keys.
pub(super) struct Documents {
    pub(super) ids: Vec<Digest>,
    cluster: Vec<usize>,
    pub(super) n_clusters: usize,
}

impl<'a> Runs<'a> {
    /// Documents of either run.
    pub(super) fn documents(&self, clusters: &BTreeMap<Digest, String>) -> Documents {
        let mut ids: Vec<Digest> = self.baseline.docs().to_vec();
        ids.extend(self.current.docs());
        ids.sort_unstable();
        ids.dedup();
        let own = |doc: &Digest| clusters.get(doc).cloned().unwrap_or(doc.to_string());
        let keys: Vec<String> = ids.iter().map(own).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by(|&a, &b| keys[a].cmp(&keys[b]));
        let (mut cluster, mut n_clusters) = (vec![0; keys.len()], 0);
        for same in order.chunk_by(|&a, &b| keys[a] == keys[b]) {
            same.iter().for_each(|&doc| cluster[doc] = n_clusters);
            n_clusters += 1;
        }
        Documents { ids, cluster, n_clusters }
    }

    /// Counts of one task.
    pub(super) fn task(
        &self,
        task: &'a Task<'a>,
        documents: &'a Documents,
    ) -> TaskCounts<'a> {
        let keys = || self.baseline.keys().iter().chain(self.current.keys());
        let is = |key: &crate::Key| key.layer == task.layer && key.metric == task.metric;
        let mut labels: Vec<&str> =
            keys().filter(|key| is(key)).map(|key| key.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        let read = |table: &Table| -> Vec<(usize, usize, Counts)> {
            let label = |key: &crate::Key| {
                is(key).then(|| labels.binary_search(&key.label.as_str()).ok())?
            };
            let wanted: Vec<Option<usize>> = table.keys().iter().map(label).collect();
            let place = |doc: &Digest| documents.ids.binary_search(doc).ok();
            let places: Vec<Option<usize>> = table.docs().iter().map(place).collect();
            let row = |row: crate::Row| {
                Some((places[row.doc as usize]?, wanted[row.key as usize]?, row.counts))
            };
            let mut rows: Vec<_> = table.rows().filter_map(row).collect();
            rows.sort_unstable();
            rows
        };
        let rows = [read(self.baseline), read(self.current)];
        let share = metric(task.metric).is_some_and(|metric| metric.share);
        let supports = rows.each_ref().map(|rows| {
            let mut supports = vec![0; labels.len()];
            for (_, of, counts) in rows {
                supports[*of] += in_gold(*counts, share);
            }
            supports
        });
        TaskCounts { task, share, documents, labels, rows, supports }
    }

    /// Whether a run has the test: its layer and metric for a headline, else its label.
    ///
    /// Where gold holds nothing, a run without a row predicted nothing.
    pub(super) fn has(table: &Table, test: &Test) -> bool {
        let of_test = |key: &crate::Key| {
            key.layer == test.layer
                && key.metric == test.metric
                && (test.label == "*" || key.label == test.label)
        };
        test.support == 0 || table.keys().iter().any(of_test)
    }
}

/// Counts of one task, baseline first.
pub(super) struct TaskCounts<'a> {
    task: &'a Task<'a>,
    share: bool,
    documents: &'a Documents,
    labels: Vec<&'a str>,
    /// By document, then label.
    rows: [Vec<(usize, usize, Counts)>; 2],
    /// Items in gold by label.
    supports: [Vec<u64>; 2],
}

impl TaskCounts<'_> {
    fn ratio(&self) -> Ratio {
        if self.share { Ratio::Precision } else { F1 }
    }

    /// The headline and every label.
    pub(super) fn names(&self) -> Vec<&str> {
        let others = self.labels.iter().copied().filter(|label| *label != "*");
        std::iter::once("*").chain(others).collect()
    }

    /// Whether a row counts for a label; all do for the headline.
    fn counts_for<'s>(&'s self, label: &'s str) -> impl Fn(usize) -> bool + 's {
        move |of: usize| label == "*" || self.labels[of] == label
    }

    /// Items of the label in gold, which is the same gold for both runs.
    pub(super) fn support(&self, label: &str) -> u64 {
        let counts_for = self.counts_for(label);
        let sum = |supports: &Vec<u64>| -> u64 {
            let of_label = supports.iter().enumerate().filter(|(of, _)| counts_for(*of));
            of_label.map(|(_, n)| n).sum()
        };
        self.supports.iter().map(sum).max().unwrap_or(0)
    }

    /// Counts of each document over all labels.
    fn totals(&self, side: usize) -> Vec<Counts> {
        let mut totals = vec![Counts::default(); self.documents.ids.len()];
        self.rows[side].iter().for_each(|row| totals[row.0] += row.2);
        totals
    }

    /// Columns by cluster in key order; `None` where there is no document.
    pub(super) fn sample(&self, label: &str) -> Option<Sample> {
        let n = self.documents.n_clusters;
        let supported: Vec<usize> = (0..self.labels.len())
            .filter(|&of| self.labels[of] != "*")
            .filter(|&of| self.supports.iter().any(|supports| supports[of] > 0))
            .collect();
        let form = match (label, self.task.average) {
            ("*", Average::Documents) => Form::DocumentMean,
            ("*", Average::Labels) if !supported.is_empty() => Form::LabelMean,
            _ => Form::Ratio,
        };
        let sums = [0, 1].map(|side| self.by_cluster(side, label));
        let mut sample = Sample {
            form,
            baseline: self.columns(0, form, &supported, &sums[0]),
            current: self.columns(1, form, &supported, &sums[1]),
            differs: vec![false; n],
        };
        for (cluster, differs) in sample.differs.iter_mut().enumerate() {
            let mut of_label = sums[0].iter().zip(&sums[1]);
            *differs = of_label.any(|(old, new)| old[cluster] != new[cluster]);
        }
        (n > 0).then_some(sample)
    }

    /// By label and cluster: summed counts of what counts for `label`.
    fn by_cluster(&self, side: usize, label: &str) -> Vec<Vec<Counts>> {
        let counts_for = self.counts_for(label);
        let wanted: Vec<bool> = (0..self.labels.len()).map(counts_for).collect();
        let empty = |wanted: &bool| match wanted {
            true => vec![Counts::default(); self.documents.n_clusters],
            false => Vec::new(),
        };
        let mut sums: Vec<Vec<Counts>> = wanted.iter().map(empty).collect();
        for (doc, of, counts) in self.rows[side].iter().filter(|row| wanted[row.1]) {
            sums[*of][self.documents.cluster[*doc]] += *counts;
        }
        sums.retain(|sums| !sums.is_empty());
        sums
    }

    fn columns(
        &self,
        side: usize,
        form: Form,
        supported: &[usize],
        sums: &[Vec<Counts>],
    ) -> Vec<Vec<i64>> {
        let (n, ratio) = (self.documents.n_clusters, self.ratio());
        match form {
            Form::DocumentMean => {
                let mut columns = vec![vec![0, 0]; n];
                for (doc, counts) in self.totals(side).into_iter().enumerate() {
                    let of = ratio.of_document(counts, in_gold(counts, self.share) > 0);
                    let row = &mut columns[self.documents.cluster[doc]];
                    row.iter_mut().zip(of).for_each(|(sum, value)| *sum += value);
                }
                columns
            }
            Form::LabelMean => {
                let row = |cluster: usize| {
                    let terms = |of: &usize| ratio.terms(sums[*of][cluster]);
                    supported.iter().flat_map(terms).collect()
                };
                (0..n).map(row).collect()
            }
            _ => {
                let total = |cluster: usize| sums.iter().map(|sums| sums[cluster]).sum();
                (0..n).map(|cluster| ratio.terms(total(cluster)).to_vec()).collect()
            }
        }
    }

    pub(super) fn test(
        &self,
        label: &str,
        sample: &Option<Sample>,
        support: u64,
    ) -> Test {
        let values = sample.as_ref().map(Sample::values).unwrap_or_default();
        Test {
            layer: self.task.layer.to_owned(),
            metric: self.task.metric.to_owned(),
            label: label.to_owned(),
            baseline: values.0,
            current: values.1,
            difference: sample.as_ref().map(|sample| difference(sample).if_enough()),
            p: None,
            p_adjusted: None,
            p_attainable: None,
            alpha: 0.0,
            n_family: 0,
            n_moved: 0,
            support,
            verdict: Verdict::Inconclusive,
        }
    }

    /// The headline of some documents, each a cluster of its own.
    pub(super) fn sample_of(&self, documents: &[usize]) -> Option<Sample> {
        let whole = self.sample("*")?;
        let pick = |rows: &[Vec<i64>]| -> Vec<Vec<i64>> {
            documents
                .iter()
                .map(|&doc| rows[self.documents.cluster[doc]].clone())
                .collect()
        };
        let differs =
            documents.iter().map(|&doc| whole.differs[self.documents.cluster[doc]]);
        Some(Sample {
            form: whole.form,
            baseline: pick(&whole.baseline),
            current: pick(&whole.current),
            differs: differs.collect(),
        })
    }

    pub(super) fn moved(&self) -> BTreeMap<Digest, Moved> {
        let totals = [self.totals(0), self.totals(1)];
        let mut starts = [0, 0];
        let each = self.documents.ids.iter().enumerate().map(|(at, doc)| {
            let rows = [0, 1].map(|side| {
                let rows = &self.rows[side][starts[side]..];
                let n = rows.iter().take_while(|row| row.0 == at).count();
                starts[side] += n;
                &rows[..n]
            });
            let how = match moved(self.ratio(), totals[0][at], totals[1][at]) {
                // Labels may have moved under an equal sum.
                Moved::Same if rows[0] != rows[1] => Moved::SameScore,
                how => how,
            };
            (*doc, how)
        });
        each.collect()
    }
}
