//! Intervals for a single share: how sure we are of "18 of 20".
//!
//! Never the textbook interval of Wald, which gives 10 of 10 no width at all.

use super::distributions::{binomial, normal_quantile};

/// The 95 % interval of Wilson (1927); `None` of none.
pub fn wilson(hits: u64, of: u64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let z = normal_quantile(0.975);
    let centre = p + z * z / (2.0 * n);
    let far = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if hits == 0 { 0.0 } else { (centre - far) / scale };
    let high = if hits == of { 1.0 } else { (centre + far) / scale };
    Some((low, high))
}

/// The exact 95 % interval of Clopper and Pearson (1934); `None` of none.
pub fn clopper_pearson(hits: u64, of: u64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    let low = match hits {
        0 => 0.0,
        // The share at which `hits` or more are as rare as 1 in 40.
        hits => solve(|p| 1.0 - binomial(hits - 1, of, p) - 0.025),
    };
    let high = match hits {
        all if all == of => 1.0,
        hits => solve(|p| 0.025 - binomial(hits, of, p)),
    };
    Some((low, high))
}

/// Where a rising function of a share is 0.
fn solve(rising: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
