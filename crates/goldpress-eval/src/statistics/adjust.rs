//! Corrections for testing many things at once, from p-values alone.
//!
//! Where masks are at hand step-down minP (`permutation`) takes their place, since it uses
//! the correlation between tests.

/// Holm (1979): adjusted p-values in the order given.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut floor: f64 = 0.0;
    for (rank, test) in ascending(p).into_iter().enumerate() {
        floor = floor.max((p[test] * (p.len() - rank) as f64).min(1.0));
        adjusted[test] = floor;
    }
    adjusted
}

/// Benjamini and Hochberg (1995): for exploratory tables, never for a gate.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut ceiling: f64 = 1.0;
    for (rank, test) in ascending(p).into_iter().enumerate().rev() {
        ceiling = ceiling.min(p[test] * p.len() as f64 / (rank + 1) as f64);
        adjusted[test] = ceiling;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}
