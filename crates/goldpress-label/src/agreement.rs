//! Agreement: how far annotators say the same, before anyone adjudicates.
//!
//! Coefficients are pure functions of values or spans. What F1 needs is counted by those
//! who score; here stands what has a chance term. A figure that cannot be computed says
//! why: it is never 0, 1 or not a number.

mod coding;
mod gather;
mod spans;

pub use coding::{Coding, Distance, Weights, divisor};
pub use gather::{Gathered, Opinion, Said, Team};
pub use spans::{AlphaU, LabelU, UnitSpan, Unitizing, alpha_u};

/// Why a figure has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undefined {
    /// No unit has two values.
    #[error("no unit has two values")]
    NoUnit,
    /// Only one label was used: no figure can be corrected for chance.
    #[error("only one label used: no figure corrected for chance")]
    OneLabel,
    /// Units with different numbers of values, where all must have the same.
    #[error("units have different numbers of values")]
    UnequalAnnotators,
    /// Another number of annotators than two.
    #[error("defined for two annotators only")]
    TwoOnly,
    /// No set holds a span.
    #[error("nothing is marked")]
    NothingMarked,
    /// Values that the scale does not order.
    #[error("the values do not stand on that scale")]
    Scale,
}

impl Undefined {
    /// The name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Undefined::NoUnit => "no_unit",
            Undefined::OneLabel => "one_label",
            Undefined::UnequalAnnotators => "unequal_annotators",
            Undefined::TwoOnly => "two_only",
            Undefined::NothingMarked => "nothing_marked",
            Undefined::Scale => "scale",
        }
    }
}

/// A coefficient, at most 1, or why there is none.
pub type Figure = Result<f64, Undefined>;
