//! The bootstrap over clusters, for what has no influence values: an agreement coefficient,
//! a quantile, a two-sided F.
//!
//! Below 50 clusters its intervals are too narrow; reports say so.
//!
//! # Source
//!
//! Efron (1987), "Better bootstrap confidence intervals": BCa.

use super::{
    distributions::{normal, normal_quantile},
    median::quantile,
    random::{Draws, Stream, word},
};

/// What resampling gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// Defined values of the resamples, sorted.
    pub values: Vec<f64>,
    /// 95 % by percentiles.
    pub percentile: Option<(f64, f64)>,
    /// 95 % by BCa; `None` where the resamples do not vary or all lie on one side.
    pub bca: Option<(f64, f64)>,
    /// Bias of the median, in normal units.
    pub z0: f64,
    /// How the standard error changes with the value.
    pub acceleration: f64,
    /// The quantiles that BCa takes.
    pub alpha: Option<(f64, f64)>,
}

/// The clusters that resample `at` draws, of `n`.
pub fn draws(n: usize, at: u64, seed: u64) -> Vec<usize> {
    let mut draws = Draws::new(word(Stream::Bootstrap.seed(seed), at));
    (0..n).map(|_| draws.below(n as u64) as usize).collect()
}

/// Resamples `n` clusters; `theta` is the value of a list of clusters, with repeats.
///
/// `None` where the value of the clusters themselves is undefined. Resamples without a
/// value are left out.
pub fn bootstrap(
    n: usize,
    resamples: u64,
    seed: u64,
    mut theta: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<Bootstrap> {
    let all: Vec<usize> = (0..n).collect();
    let value = theta(&all)?;
    let without = |left_out: usize| -> Vec<usize> {
        all.iter().copied().filter(|&at| at != left_out).collect()
    };
    let jackknife: Vec<f64> = (0..n).filter_map(|at| theta(&without(at))).collect();
    let values = (0..resamples).filter_map(|at| theta(&draws(n, at, seed))).collect();
    Some(summarise(value, values, &jackknife))
}

/// Intervals from the values of resamples and of the clusters with one left out.
pub fn summarise(value: f64, mut values: Vec<f64>, jackknife: &[f64]) -> Bootstrap {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let below = values.partition_point(|other| *other < value);
    let at_or_below = values.partition_point(|other| *other <= value);
    let z0 = normal_quantile((below + at_or_below) as f64 / (2.0 * n));
    let mean = jackknife.iter().sum::<f64>() / jackknife.len() as f64;
    let power = |p: i32| jackknife.iter().map(|j| (mean - j).powi(p)).sum::<f64>();
    let squares = power(2);
    let acceleration =
        if squares > 0.0 { power(3) / (6.0 * squares.powf(1.5)) } else { 0.0 };
    let shifted = |p: f64| {
        let z = z0 + normal_quantile(p);
        normal(z0 + z / (1.0 - acceleration * z))
    };
    let varies = values.first() != values.last() && z0.is_finite();
    let alpha = varies.then(|| (shifted(0.025), shifted(0.975)));
    let between = |(low, high): (f64, f64)| {
        Some((quantile(&values, low)?, quantile(&values, high)?))
    };
    Bootstrap {
        percentile: between((0.025, 0.975)),
        bca: alpha.and_then(between),
        z0,
        acceleration,
        alpha,
        values,
    }
}
