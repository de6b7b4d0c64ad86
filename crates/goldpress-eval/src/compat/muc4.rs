//! The MUC-4 scorer of 1992: whole per cents, and F taken from these.

use crate::average::Outcomes;

/// What the scorer prints of one row; `None` is its `*`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Muc4 {
    /// Recall in per cent.
    pub rec: Option<u64>,
    /// Precision in per cent.
    pub pre: Option<u64>,
    /// Overgeneration in per cent.
    pub ovg: Option<u64>,
    /// F with recall and precision alike, in hundredths of a per cent.
    pub p_and_r: Option<u64>,
    /// F that weighs precision twice.
    pub two_p_and_r: Option<u64>,
    /// F that weighs recall twice.
    pub p_and_two_r: Option<u64>,
    /// F from the outcomes themselves, in `0.0..=1.0`, which nobody printed then.
    pub unrounded_f1: Option<f64>,
}

/// Scores one row of outcomes: say which of the four rows of templates it is.
pub fn muc4(outcomes: &Outcomes) -> Muc4 {
    let (possible, actual) = (outcomes.possible(), outcomes.actual());
    let halves = 2 * outcomes.correct + outcomes.partial;
    let (rec, pre) = (percent(halves, possible), percent(halves, actual));
    // a / PRE + (1 − a) / REC with a = 1/2, 4/5, 1/5.
    let f = |of_p: u64, of_r: u64| {
        let (p, r) = (pre?, rec?);
        Some(match p * r {
            0 => 0,
            both => half_even((of_p + of_r) * both * 100, of_p * r + of_r * p),
        })
    };
    let whole = possible + actual;
    Muc4 {
        rec,
        pre,
        ovg: percent(2 * outcomes.spurious, actual),
        p_and_r: f(1, 1),
        two_p_and_r: f(4, 1),
        p_and_two_r: f(1, 4),
        unrounded_f1: (whole > 0).then(|| halves as f64 / whole as f64),
    }
}

/// Cut to tenths, then rounded to the nearest per cent, a last digit 5 to the even one.
fn percent(halves: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| half_even(500 * halves / whole, 10))
}

fn half_even(part: u64, whole: u64) -> u64 {
    let (below, rest) = (part / whole, part % whole);
    let up = match (2 * rest).cmp(&whole) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => below % 2 == 1,
        std::cmp::Ordering::Greater => true,
    };
    below + u64::from(up)
}
