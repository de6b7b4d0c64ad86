//! Power: what a gold set of this size could have seen.

use super::distributions::{normal_quantile, student_quantile};

/// How many standard errors a difference must have to be found four times in five, at a
/// two-sided 5 %; `None` clusters is the limit of many. Infinite for a single cluster.
pub fn factor(clusters: Option<u64>) -> f64 {
    match clusters {
        None => normal_quantile(0.975) + normal_quantile(0.80),
        Some(n) => {
            let df = n.saturating_sub(1);
            student_quantile(0.975, df) + student_quantile(0.80, df)
        }
    }
}

/// The smallest difference that `documents` can be expected to see, where the differences
/// of single documents vary with standard deviation `sd`.
pub fn detectable(sd: f64, documents: u64) -> f64 {
    factor(Some(documents)) * sd / (documents as f64).sqrt()
}
