//! Counts of one metric in one document while they are being made.

use goldpress_model::Counts;

use crate::sides::Label;

/// Counts by label.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    // Invariant: `touched` lists each label below `dense.len()` whose counts were asked for.
    dense: Vec<Counts>,
    touched: Vec<Label>,
    /// Cells of the confusion, whose labels are pairs.
    pairs: Vec<(Label, Counts)>,
}

impl Tally {
    /// No counts, for a plan of `n_labels`.
    pub fn new(n_labels: usize) -> Self {
        Tally { dense: vec![Counts::default(); n_labels], ..Tally::default() }
    }

    fn at(&mut self, label: Label) -> &mut Counts {
        let at = label.0 as usize;
        if at < self.dense.len() {
            if self.dense[at].is_empty() && !self.touched.contains(&label) {
                self.touched.push(label);
            }
            return &mut self.dense[at];
        }
        let old = self.pairs.iter().position(|pair| pair.0 == label);
        let old = old.unwrap_or_else(|| {
            self.pairs.push((label, Counts::default()));
            self.pairs.len() - 1
        });
        &mut self.pairs[old].1
    }

    /// Adds counts.
    pub fn add(&mut self, label: Label, counts: Counts) {
        *self.at(label) += counts;
    }

    /// Gold holds `weight`, not found so far.
    pub fn expect(&mut self, label: Label, weight: u64) {
        self.at(label).missed += weight;
    }

    /// The prediction holds `weight`, spurious so far.
    pub fn claim(&mut self, label: Label, weight: u64) {
        self.at(label).spurious += weight;
    }

    /// `credit` of what was expected and claimed is found after all.
    pub fn find(&mut self, label: Label, credit: u64) {
        let counts = self.at(label);
        counts.found += credit;
        counts.spurious -= credit;
        counts.missed -= credit;
    }

    /// One item of a share metric: right or wrong.
    pub fn judge(&mut self, label: Label, right: bool) {
        let counts = self.at(label);
        counts.found += u64::from(right);
        counts.spurious += u64::from(!right);
    }

    /// Hands out the counts by label, without rows of zeros, and forgets them.
    pub fn drain(&mut self, mut row: impl FnMut(Label, Counts)) {
        self.touched.sort_unstable();
        for label in self.touched.drain(..) {
            let counts = std::mem::take(&mut self.dense[label.0 as usize]);
            if !counts.is_empty() {
                row(label, counts);
            }
        }
        self.pairs.sort_unstable();
        for (label, counts) in self.pairs.drain(..).filter(|pair| !pair.1.is_empty()) {
            row(label, counts);
        }
    }
}
