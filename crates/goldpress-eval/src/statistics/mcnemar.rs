//! McNemar's exact test: right or wrong, document by document.
//!
//! The permutation test in closed form, so the two cannot disagree. No χ² and no
//! continuity correction: on 25 against 42 they fall on both sides of 0.05.

use super::distributions::coin;

/// The two-sided p of `only_a` documents that only one system has right and `only_b` that
/// only the other has.
///
/// ```
/// use goldpress_eval::statistics::mcnemar::mcnemar;
///
/// assert_eq!(mcnemar(1, 8), 0.0390625);
/// assert_eq!(mcnemar(10, 10), 1.0);
/// ```
pub fn mcnemar(only_a: u64, only_b: u64) -> f64 {
    if only_a == only_b {
        return 1.0;
    }
    (2.0 * coin(only_a.min(only_b), only_a + only_b)).min(1.0)
}

/// The same less half the probability of what was observed: less cautious, never decides.
pub fn mid_p(only_a: u64, only_b: u64) -> f64 {
    let (least, n) = (only_a.min(only_b), only_a + only_b);
    if n == 0 {
        return 1.0;
    }
    let observed = match least {
        0 => coin(0, n),
        least => coin(least, n) - coin(least - 1, n),
    };
    mcnemar(only_a, only_b) - observed
}
