//! Statistics: what sums of counts prove.
//!
//! Everything is a pure function of integers. What is swapped or resampled is a cluster of
//! whole documents: mentions, sentences and tokens are not independent.

pub mod adjust;
pub mod bootstrap;
pub mod distributions;
pub mod fraction;
pub mod interval;
pub mod mcnemar;
pub mod median;
pub mod moved;
pub mod permutation;
pub mod power;
pub mod proportion;
pub mod random;
pub mod ranks;
pub mod ratio;
