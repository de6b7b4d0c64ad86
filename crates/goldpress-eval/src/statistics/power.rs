//! Power: what a gold set of this size could have seen.

use super::distributions::{normal_quantile, student_quantile};

/// Power at which a difference counts as one that would be found.
const POWER: f64 = 0.80;

/// How many standard errors a difference must have to be found four times in five at a
/// two-sided level, with so many effective clusters; `None` is the limit of many. Infinite
/// for fewer than two.
pub fn factor_at(level: f64, effective: Option<f64>) -> f64 {
    let upper = 1.0 - level / 2.0;
    match effective {
        None => normal_quantile(upper) + normal_quantile(POWER),
        Some(n) => {
            let df = n - 1.0;
            student_quantile(upper, df) + student_quantile(POWER, df)
        }
    }
}

/// The same at 5 %.
pub fn factor(clusters: Option<u64>) -> f64 {
    factor_at(0.05, clusters.map(|n| n as f64))
}

/// The smallest difference that `documents` can be expected to see, where the differences
/// of single documents vary with standard deviation `sd`.
pub fn detectable(sd: f64, documents: u64) -> f64 {
    factor(Some(documents)) * sd / (documents as f64).sqrt()
}

/// How many effective clusters would see a difference, where `effective` of them give a
/// standard error: rounded up. `None` where more than ten million would be needed.
pub fn clusters_for(difference: f64, level: f64, se: f64, effective: f64) -> Option<u64> {
    const MOST: u64 = 10_000_000;
    let sees = |n: u64| {
        let n = n as f64;
        factor_at(level, Some(n)) * se * (effective / n).sqrt() <= difference
    };
    if !sees(MOST) {
        return None;
    }
    // What is seen by some is seen by more: bisection.
    let (mut blind, mut seeing) = (1, MOST);
    while seeing - blind > 1 {
        let middle = blind + (seeing - blind) / 2;
        if sees(middle) { seeing = middle } else { blind = middle }
    }
    Some(seeing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_clusters_are_asked_for_as_see_it() {
        let (se, effective) = (0.01, 40.0);
        let n = clusters_for(0.01, 0.05, se, effective).expect("some");
        let at = |n: u64| factor(Some(n)) * se * (effective / n as f64).sqrt();
        assert!(at(n) <= 0.01 && at(n - 1) > 0.01, "{n}");
        assert_eq!(clusters_for(0.0, 0.05, se, effective), None);
    }
}
