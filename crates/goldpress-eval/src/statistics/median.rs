//! Medians and percentiles, with an interval of order statistics.

use super::distributions::coin;

/// Ranks of the two values between which the median lies with at least 95 %, counted from
/// 1, and how surely; `None` of fewer than six values.
///
/// ```
/// use goldpress_eval::statistics::median::ranks;
///
/// assert_eq!(ranks(10).unwrap().0, (2, 9));
/// assert!(ranks(5).is_none());
/// ```
pub fn ranks(n: u64) -> Option<((u64, u64), f64)> {
    let coverage = |low: u64| 1.0 - 2.0 * coin(low - 1, n);
    // Coverage falls as the ranks move inwards.
    let low = (1..=n / 2).take_while(|low| coverage(*low) >= 0.95).last()?;
    Some(((low, n + 1 - low), coverage(low)))
}

/// The median; of an even number the mean of the middle two.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let upper = *sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        0 => Some(0.5 * (sorted[sorted.len() / 2 - 1] + upper)),
        _ => Some(upper),
    }
}

/// The 95 % interval of the median.
pub fn interval(values: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(values);
    let ((low, high), _) = ranks(sorted.len() as u64)?;
    Some((sorted[low as usize - 1], sorted[high as usize - 1]))
}

/// The value at rank ⌈q · n⌉ of sorted values, by nearest rank; `percent` is q in hundredths.
pub fn nearest_rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The quantile of type 7: linear between neighbours. Values are sorted.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = last as f64 * p;
    let below = (at.floor() as usize).min(last);
    let above = (below + 1).min(last);
    Some(sorted[below] + (at - below as f64) * (sorted[above] - sorted[below]))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}
