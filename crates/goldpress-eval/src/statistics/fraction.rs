//! Fractions compared exactly, whatever the size of their parts.

use std::cmp::Ordering;

/// Orders `a / b` and `c / d`, none of which is negative and neither `b` nor `d` 0.
///
/// ```
/// use std::cmp::Ordering;
/// use goldpress_eval::statistics::fraction::compare;
///
/// let big = u128::MAX;
/// assert_eq!(compare((big, big), (big - 1, big)), Ordering::Greater);
/// ```
pub fn compare((a, b): (u128, u128), (c, d): (u128, u128)) -> Ordering {
    match (a.checked_mul(d), c.checked_mul(b)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => product(a, d).cmp(&product(c, b)),
    }
}

/// `a · b` in 256 bits, the high half first: four partial products of 64 bits.
fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let (middle, carry) = middle.overflowing_add(a0 * b1);
    let high = a1 * b1 + (middle >> 64) + (u128::from(carry) << 64);
    (high, middle << 64 | (low & LOW))
}

/// What a permutation compares: a distance of two ratios, or undefined, which counts as
/// the most extreme of all.
#[derive(Debug, Clone, Copy)]
pub enum Distance {
    /// Numerator and denominator.
    Exact(u128, u128),
    /// A mean of ratios, which has no common denominator.
    Rounded(f64),
    /// A ratio without a denominator.
    Undefined,
}

impl Distance {
    /// Orders two distances of one test.
    pub fn compare(&self, other: &Distance) -> Ordering {
        match (self, other) {
            (Distance::Undefined, Distance::Undefined) => Ordering::Equal,
            (Distance::Undefined, _) => Ordering::Greater,
            (_, Distance::Undefined) => Ordering::Less,
            (Distance::Exact(a, b), Distance::Exact(c, d)) => compare((*a, *b), (*c, *d)),
            (a, b) => a.rounded().total_cmp(&b.rounded()),
        }
    }

    /// Whether this is at least `other`; means of ratios within 2⁻⁴⁰ count as equal.
    pub fn reaches(&self, other: &Distance) -> bool {
        match (self, other) {
            (Distance::Rounded(a), Distance::Rounded(b)) => {
                *a >= *b - 1.0 / (1_u64 << 40) as f64
            }
            _ => self.compare(other) != Ordering::Less,
        }
    }

    fn rounded(&self) -> f64 {
        match self {
            Distance::Exact(a, b) => *a as f64 / *b as f64,
            Distance::Rounded(value) => *value,
            Distance::Undefined => f64::INFINITY,
        }
    }
}
