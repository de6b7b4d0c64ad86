//! Timing: how much slower one system is than another, from interleaved rounds.
//!
//! The clock is the caller's; here times are numbers. Never the minimum of rounds: on a
//! busy machine the best slot is luck.

use crate::{gate::GateOutcome, statistics::median};

/// The effect of one system against another over rounds, as natural logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Median over rounds of ln(current / baseline).
    pub effect: f64,
    /// Its 95 % interval; `None` of fewer than six rounds.
    pub interval: Option<(f64, f64)>,
}

/// The effect over rounds, each as the summed CPU ns of (baseline, current) over documents
/// that both answered in that round.
///
/// Rounds without a time on either side are left out. `None` where no round is left.
pub fn effect(rounds: &[(u64, u64)]) -> Option<Effect> {
    let timed = rounds.iter().filter(|(base, current)| *base > 0 && *current > 0);
    let logs: Vec<f64> =
        timed.map(|(base, current)| (*current as f64 / *base as f64).ln()).collect();
    Some(Effect { effect: median::median(&logs)?, interval: median::interval(&logs) })
}

impl Effect {
    /// The effect as a share: 0.05 is five per cent slower.
    pub fn share(&self) -> f64 {
        self.effect.exp_m1()
    }
}

/// The least noise that is believed: shared machines are never quieter.
pub const LEAST_FLOOR: f64 = 0.02;

/// How far apart two processes of one program are on this machine, as a share.
pub fn noise_floor(twin: &Effect) -> f64 {
    let Some((low, high)) = twin.interval else { return LEAST_FLOOR };
    LEAST_FLOOR.max(low.abs().max(high.abs()).exp_m1())
}

/// What may be said of a difference in speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speed {
    /// Slower by more than the bound and the noise.
    Slower,
    /// Faster by more than the bound and the noise.
    Faster,
    /// Within the bound.
    Same,
    /// More rounds are wanted.
    Inconclusive,
}

impl Speed {
    /// The word that files and pages use.
    pub fn name(self) -> &'static str {
        match self {
            Speed::Slower => "slower",
            Speed::Faster => "faster",
            Speed::Same => "same",
            Speed::Inconclusive => "inconclusive",
        }
    }
}

/// The first rule that holds; `bound` and `floor` are shares.
pub fn verdict(effect: &Effect, floor: f64, bound: f64) -> Speed {
    let (x, f, e) = (bound.ln_1p(), floor.ln_1p(), effect.effect);
    let Some((low, high)) = effect.interval else { return Speed::Inconclusive };
    match () {
        () if low > 0.0 && e > x.max(f) => Speed::Slower,
        () if high < 0.0 && -e > x.max(f) => Speed::Faster,
        () if f <= x && low >= -x && high <= x => Speed::Same,
        () => Speed::Inconclusive,
    }
}

/// The gate `slower`: `again` is the second measurement that a `slower` needs, with fresh
/// processes and the next seed.
pub fn gate(
    effect: &Effect,
    again: Option<Speed>,
    floor: f64,
    bound: f64,
) -> GateOutcome {
    let confirmed = again == Some(Speed::Slower);
    let (x, f) = (bound.ln_1p(), floor.ln_1p());
    match verdict(effect, floor, bound) {
        Speed::Slower if confirmed => GateOutcome::Fail,
        _ if f <= x && effect.interval.is_some_and(|(_, high)| high <= x) => {
            GateOutcome::Pass
        }
        _ => GateOutcome::Undecided,
    }
}

/// Latencies of documents: the median, and percentiles where there are enough documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latencies {
    /// Documents, those that timed out among them.
    pub n: usize,
    /// Median by nearest rank.
    pub p50: Option<Latency>,
    /// Of at least 10 documents.
    pub p90: Option<Latency>,
    /// Of at least 100 documents.
    pub p99: Option<Latency>,
    /// The slowest.
    pub max: Option<Latency>,
}

/// One document's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Latency {
    /// Nanoseconds.
    Ns(u64),
    /// More than the limit: prints as `> 10000 ms`.
    TimedOut,
}

/// Percentiles by nearest rank over documents; time-outs sort above every value.
pub fn latencies(times: &[Latency]) -> Latencies {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let of = |percent: usize, least: usize| {
        (sorted.len() >= least).then(|| median::nearest_rank(&sorted, percent))?
    };
    Latencies {
        n: sorted.len(),
        p50: of(50, 1),
        p90: of(90, 10),
        p99: of(99, 100),
        max: sorted.last().copied(),
    }
}
