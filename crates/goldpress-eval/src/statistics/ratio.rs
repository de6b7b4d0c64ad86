//! Ratios of sums of counts: what a test compares.

use goldpress_model::Counts;

use super::fraction::Distance;
use crate::average::{UNIT, fixed};

/// A number that is made of sums of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratio {
    /// `found / (found + spurious)`; the value of a share metric too.
    Precision,
    /// `found / (found + missed)`.
    Recall,
    /// Fβ with β² = `a / b`; F1 is `{ a: 1, b: 1 }`.
    F {
        /// Numerator of β².
        a: u32,
        /// Denominator of β².
        b: u32,
    },
}

/// F1.
pub const F1: Ratio = Ratio::F { a: 1, b: 1 };

impl Ratio {
    /// Numerator and denominator, both linear in the counts.
    pub fn terms(self, counts: Counts) -> [i64; 2] {
        let Counts { found, spurious, missed } = counts;
        let [found, spurious, missed] = [found, spurious, missed].map(narrow);
        match self {
            Ratio::Precision => [found, found + spurious],
            Ratio::Recall => [found, found + missed],
            Ratio::F { a, b } => {
                let (a, b) = (i64::from(a), i64::from(b));
                let part = (a + b) * found;
                [part, part + b * spurious + a * missed]
            }
        }
    }

    /// The value of summed counts; `None` without a denominator.
    pub fn value(self, counts: Counts) -> Option<f64> {
        let [part, whole] = self.terms(counts);
        (whole != 0).then(|| part as f64 / whole as f64)
    }

    /// One document's value in units of 2⁻⁴⁰ and how many documents it is, 1 or 0: only
    /// those whose gold holds an item take part in a mean over documents. The value of a
    /// document without a denominator, which has gold, is 0.
    pub fn of_document(self, counts: Counts, in_gold: bool) -> [i64; 2] {
        if !in_gold {
            return [0, 0];
        }
        let [part, whole] = self.terms(counts).map(|term| term.unsigned_abs());
        [if whole == 0 { 0 } else { fixed(part, whole) }, 1]
    }
}

/// Counts of real documents are far smaller; a file that says otherwise overflows nothing.
fn narrow(count: u64) -> i64 {
    count.min(1 << 50) as i64
}

/// How summed columns become the value that a test compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Two columns, numerator and denominator.
    Ratio,
    /// The same, the numerator in units of 2⁻⁴⁰.
    DocumentMean,
    /// Two columns for each label: the mean of their ratios.
    LabelMean,
    /// Four columns, P = a / b and R = c / d: their harmonic mean.
    TwoSided,
}

impl Form {
    /// The value; `None` where a denominator is 0.
    pub fn value(self, sums: &[i64]) -> Option<f64> {
        match self {
            Form::Ratio | Form::DocumentMean => {
                let unit = if self == Form::Ratio { 1.0 } else { UNIT as f64 };
                (sums[1] != 0).then(|| sums[0] as f64 / (sums[1] as f64 * unit))
            }
            Form::LabelMean => {
                let mut sum = 0.0;
                for pair in sums.chunks_exact(2) {
                    if pair[1] == 0 {
                        return None;
                    }
                    sum += pair[0] as f64 / pair[1] as f64;
                }
                let n = sums.len() / 2;
                (n > 0).then(|| sum / n as f64)
            }
            Form::TwoSided => {
                let (part, whole) = harmonic(sums)?;
                (whole != 0).then(|| part as f64 / whole as f64)
            }
        }
    }

    /// |current − baseline|.
    pub fn distance(self, baseline: &[i64], current: &[i64]) -> Distance {
        let fraction = |sums: &[i64]| match self {
            Form::Ratio | Form::DocumentMean => {
                Some((i128::from(sums[0]), i128::from(sums[1])))
            }
            Form::TwoSided => harmonic(sums),
            Form::LabelMean => None,
        };
        if self == Form::LabelMean {
            return match (self.value(baseline), self.value(current)) {
                (Some(a), Some(b)) => Distance::Rounded((b - a).abs()),
                _ => Distance::Undefined,
            };
        }
        let (Some((n0, d0)), Some((n1, d1))) = (fraction(baseline), fraction(current))
        else {
            return Distance::Undefined;
        };
        if d0 == 0 || d1 == 0 {
            return Distance::Undefined;
        }
        if self == Form::DocumentMean && d0 == d1 {
            // The documents are the same for both, so their number cancels.
            return Distance::Exact((n1 - n0).unsigned_abs(), d0.unsigned_abs());
        }
        let crossed = n1.checked_mul(d0).zip(n0.checked_mul(d1)).zip(d0.checked_mul(d1));
        match crossed {
            Some(((left, right), whole)) => {
                Distance::Exact((left - right).unsigned_abs(), whole.unsigned_abs())
            }
            None => {
                Distance::Rounded((n1 as f64 / d1 as f64 - n0 as f64 / d0 as f64).abs())
            }
        }
    }
}

/// 2ac / (ad + cb) of P = a / b and R = c / d.
fn harmonic(sums: &[i64]) -> Option<(i128, i128)> {
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| i128::from(sums[at]));
    let part = a.checked_mul(c)?.checked_mul(2)?;
    let whole = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
    // Nothing found where something was expected or given is 0, not undefined.
    if whole == 0 && (b != 0 || d != 0) { Some((0, 1)) } else { Some((part, whole)) }
}

/// Columns of one test, by cluster in key order, for both systems.
///
/// `baseline` and `current` are as long; every row has the columns that `form` wants.
#[derive(Debug, Clone)]
pub struct Sample {
    /// How columns become a value.
    pub form: Form,
    /// Columns of the baseline by cluster.
    pub baseline: Vec<Vec<i64>>,
    /// Columns of the current run by cluster.
    pub current: Vec<Vec<i64>>,
    /// Clusters whose counts differ, whether or not the columns do.
    pub differs: Vec<bool>,
}

impl Sample {
    /// A sample of one ratio over counts by cluster.
    pub fn of_counts(ratio: Ratio, baseline: &[Counts], current: &[Counts]) -> Sample {
        let columns = |counts: &[Counts]| {
            counts.iter().map(|counts| ratio.terms(*counts).to_vec()).collect()
        };
        Sample {
            form: Form::Ratio,
            baseline: columns(baseline),
            current: columns(current),
            differs: baseline.iter().zip(current).map(|(a, b)| a != b).collect(),
        }
    }

    /// Columns of one system summed over clusters.
    pub fn totals(rows: &[Vec<i64>]) -> Vec<i64> {
        let Some(first) = rows.first() else { return vec![0; 2] };
        let mut totals = vec![0; first.len()];
        for row in rows {
            totals.iter_mut().zip(row).for_each(|(total, value)| *total += value);
        }
        totals
    }

    /// Values of both systems.
    pub fn values(&self) -> (Option<f64>, Option<f64>) {
        let value = |rows| self.form.value(&Sample::totals(rows));
        (value(&self.baseline), value(&self.current))
    }

    /// Current minus baseline, from exact integers where there is a common denominator.
    pub fn delta(&self) -> Option<f64> {
        let (baseline, current) =
            (Sample::totals(&self.baseline), Sample::totals(&self.current));
        let (a, b) = (self.form.value(&baseline)?, self.form.value(&current)?);
        match self.form.distance(&baseline, &current) {
            Distance::Exact(part, whole) => {
                let unit =
                    if self.form == Form::DocumentMean { UNIT as f64 } else { 1.0 };
                let size = part as f64 / (whole as f64 * unit);
                Some(if b < a { -size } else { size })
            }
            Distance::Rounded(_) | Distance::Undefined => Some(b - a),
        }
    }

    /// Whether a cluster holds something to score for either system.
    pub fn is_informative(&self, cluster: usize) -> bool {
        let scored = |row: &[i64]| match self.form {
            Form::TwoSided => row[1] > 0 || row[3] > 0,
            _ => row.chunks_exact(2).any(|pair| pair[1] > 0),
        };
        scored(&self.baseline[cluster]) || scored(&self.current[cluster])
    }

    /// Number of informative clusters.
    pub fn n_informative(&self) -> usize {
        (0..self.baseline.len()).filter(|&cluster| self.is_informative(cluster)).count()
    }
}
