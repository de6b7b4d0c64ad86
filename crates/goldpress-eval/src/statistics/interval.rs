//! Intervals of a score and of a difference: linearised standard errors over clusters.
//!
//! No random numbers and one pass. Clusters without anything to score would lend degrees
//! of freedom that a rare label does not have, so they are left out.
//!
//! # Source
//!
//! The linearised variance of a ratio of cluster totals (Cochran, 1977, chapter 6), with
//! Student's t of one degree of freedom less than there are effective clusters (Kish,
//! 1965): where outlets are as unequal as in the world, the few large ones decide.

use super::{
    distributions::student_quantile,
    power,
    proportion::wilson,
    ratio::{Form, Sample},
};
use crate::{average::UNIT, verdict::LEAST_CLUSTERS};

/// How sure a difference is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Current minus baseline; `None` where either is undefined.
    pub delta: Option<f64>,
    /// Standard error of the baseline, of the current run, of the difference.
    pub se: [Option<f64>; 3],
    /// Two-sided 95 % interval; `None` where the standard error is 0 or unknown.
    pub interval: Option<(f64, f64)>,
    /// One-sided 95 % lower bound.
    pub lower: Option<f64>,
    /// Clusters with something to score for either system.
    pub informative: usize,
    /// As many equal clusters would say as much: at least 2, at most those informative.
    pub effective: f64,
    /// The standard error is 0: an interval would read as certainty.
    pub degenerate: bool,
    /// Smallest difference that would be found four times in five by one test at 5 %.
    pub detectable: Option<f64>,
}

impl Difference {
    /// The same without what fewer than six clusters cannot say.
    pub fn if_enough(self) -> Difference {
        if self.informative >= LEAST_CLUSTERS {
            return self;
        }
        Difference { interval: None, lower: None, detectable: None, ..self }
    }

    /// The smallest difference that would be found four times in five by a test at this
    /// level; `None` where nothing is known of the spread.
    pub fn detectable_at(&self, level: f64) -> Option<f64> {
        let se = self.se[2].filter(|se| *se > 0.0 && level > 0.0)?;
        Some(power::factor_at(level, Some(self.effective)) * se)
    }
}

/// The interval of a paired difference.
pub fn difference(sample: &Sample) -> Difference {
    let clusters: Vec<usize> =
        (0..sample.baseline.len()).filter(|&at| sample.is_informative(at)).collect();
    let informative = clusters.len();
    let baseline = influence(sample.form, &sample.baseline, &clusters);
    let current = influence(sample.form, &sample.current, &clusters);
    let paired: Option<Vec<f64>> = baseline
        .as_ref()
        .zip(current.as_ref())
        .map(|(a, b)| a.iter().zip(b).map(|(a, b)| b - a).collect());
    let se =
        [&baseline, &current, &paired].map(|u| u.as_deref().and_then(standard_error));
    let delta = sample.delta();
    let degenerate = se[2] == Some(0.0);
    let sound = se[2].filter(|se| *se > 0.0);
    let weight = |at: &usize| {
        weight(sample.form, &sample.baseline[*at])
            + weight(sample.form, &sample.current[*at])
    };
    let effective = effective(clusters.iter().map(weight));
    let bound = |p: f64| student_quantile(p, effective - 1.0);
    let at = delta.zip(sound);
    Difference {
        delta,
        se,
        interval: at.map(|(d, se)| (d - bound(0.975) * se, d + bound(0.975) * se)),
        lower: at.map(|(d, se)| d - bound(0.95) * se),
        informative,
        effective,
        degenerate,
        detectable: sound.map(|se| (bound(0.975) + bound(0.80)) * se),
    }
}

/// How sure a score is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The score.
    pub value: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Two-sided 95 % interval inside `0.0..=1.0`; `None` where the standard error is 0.
    pub interval: Option<(f64, f64)>,
    /// Clusters with something to score.
    pub informative: usize,
    /// The standard error is 0.
    pub degenerate: bool,
    /// Clusters in which something is wrong; where none is, the interval of their share
    /// takes the place of that of the score.
    pub with_errors: usize,
}

impl Score {
    /// The interval that is printed: none below six clusters; of a system without a single
    /// error Wilson's, of the share of clusters without one.
    pub fn shown(&self) -> Option<(f64, f64)> {
        if self.informative < LEAST_CLUSTERS {
            return None;
        }
        if self.with_errors == 0 && self.degenerate {
            let wrong = wilson(0, self.informative as u64);
            return wrong.map(|(low, high)| (1.0 - high, 1.0 - low));
        }
        self.interval
    }
}

/// The interval of one system's score; rows are columns by cluster.
pub fn score(form: Form, rows: &[Vec<i64>]) -> Score {
    let both = Sample {
        form,
        baseline: rows.to_vec(),
        current: rows.to_vec(),
        differs: vec![false; rows.len()],
    };
    let clusters: Vec<usize> =
        (0..rows.len()).filter(|&at| both.is_informative(at)).collect();
    let value = form.value(&Sample::totals(rows));
    let se = influence(form, rows, &clusters).as_deref().and_then(standard_error);
    let weights = clusters.iter().map(|&at| weight(form, &rows[at]));
    let effective = effective(weights);
    let is_wrong = |at: &&usize| {
        let unit = if form == Form::DocumentMean { UNIT } else { 1 };
        let mut pairs = rows[**at].chunks_exact(2);
        pairs.any(|pair| i128::from(pair[0]) != i128::from(pair[1]) * i128::from(unit))
    };
    let with_errors = clusters.iter().filter(is_wrong).count();
    let interval = value.zip(se.filter(|se| *se > 0.0)).map(|(value, se)| {
        let far = student_quantile(0.975, effective - 1.0) * se;
        ((value - far).max(0.0), (value + far).min(1.0))
    });
    let informative = clusters.len();
    let degenerate = se == Some(0.0);
    Score { value, se, interval, informative, degenerate, with_errors }
}

/// What a cluster weighs: its denominators.
fn weight(form: Form, row: &[i64]) -> f64 {
    match form {
        Form::TwoSided => (row[1] + row[3]) as f64,
        _ => row.chunks_exact(2).map(|pair| pair[1] as f64).sum(),
    }
}

/// (Σ w)² / Σ w², and at least 2: what is left after one degree of freedom is 1.
fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), weight| {
        (sum + weight, squares + weight * weight)
    });
    if squares > 0.0 { (sum * sum / squares).max(2.0) } else { 2.0 }
}

/// What each cluster adds to the value, to first order: the sum is 0.
///
/// `None` where a denominator is 0, and for two-sided F, whose interval is a bootstrap's.
fn influence(form: Form, rows: &[Vec<i64>], clusters: &[usize]) -> Option<Vec<f64>> {
    let totals = Sample::totals(rows);
    if form == Form::TwoSided {
        return None;
    }
    let unit = if form == Form::DocumentMean { UNIT as f64 } else { 1.0 };
    let n_terms = totals.len() / 2;
    let mut values = vec![0.0; clusters.len()];
    for (at, pair) in totals.chunks_exact(2).enumerate() {
        let (part, whole) = (i128::from(pair[0]), i128::from(pair[1]));
        if whole == 0 {
            return None;
        }
        let scale = (whole as f64) * (whole as f64) * unit * n_terms as f64;
        for (value, &cluster) in values.iter_mut().zip(clusters) {
            let row = &rows[cluster];
            let (n, d) = (i128::from(row[2 * at]), i128::from(row[2 * at + 1]));
            *value += (n * whole - part * d) as f64 / scale;
        }
    }
    Some(values)
}

/// sqrt(C / (C − 1) · Σ U²), of at least two clusters.
fn standard_error(influence: &[f64]) -> Option<f64> {
    let n = influence.len();
    let squares: f64 = influence.iter().map(|value| value * value).sum();
    (n > 1).then(|| (n as f64 / (n - 1) as f64 * squares).sqrt())
}
