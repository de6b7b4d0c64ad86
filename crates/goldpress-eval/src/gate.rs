//! Gates: what makes a CI step fail, and what leaves it undecided.

use std::{fmt, str::FromStr};

use crate::verdict::{LEAST_CLUSTERS, Verdict};

/// One word of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gate {
    /// A gated test is `regressed` or `missing`.
    Significant,
    /// An outlet is significantly worse by itself.
    Outlet,
    /// A fall on this set.
    Any,
    /// A fall on this set by more than this.
    Margin(f64),
    /// No assurance that the fall is smaller than this.
    NonInferior(f64),
    /// More documents than this are worse.
    DocRegressions(u64),
    /// A document that had a result has none now.
    NewErrors,
    /// Slower by more than this share, confirmed.
    Slower(f64),
    /// Never fails.
    None,
}

/// What one gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateOutcome {
    /// Nothing against it.
    Pass,
    /// The question has no answer.
    Undecided,
    /// The step fails.
    Fail,
}

/// What gates look at in one test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GatedTest<'t> {
    /// Label; `*` is the headline.
    pub label: &'t str,
    /// Its verdict.
    pub verdict: Verdict,
    /// Current minus baseline.
    pub delta: Option<f64>,
    /// One-sided 95 % lower bound of the difference.
    pub lower: Option<f64>,
    /// Clusters with something to score.
    pub informative_clusters: usize,
    /// Whether no loss at all could have been significant.
    pub is_blind: bool,
}

impl GatedTest<'_> {
    /// Whether a fall of any size would have gone unseen.
    pub fn is_unseen(&self) -> bool {
        self.informative_clusters < LEAST_CLUSTERS || self.is_blind
    }
}

/// A text that names no gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no gate: use significant, outlet, any, margin=0.5pt, noninferior=0.5pt, \
     doc-regressions>3, new-errors or none"
)]
pub struct GateError(String);

impl FromStr for Gate {
    type Err = GateError;

    fn from_str(text: &str) -> Result<Gate, GateError> {
        let error = || GateError(text.to_owned());
        let share = |value: &str, unit: &str| {
            let number = value.strip_suffix(unit)?.trim().parse::<f64>().ok()?;
            (number.is_finite() && number >= 0.0).then_some(number / 100.0)
        };
        let text = text.trim();
        match text {
            "significant" => return Ok(Gate::Significant),
            "outlet" => return Ok(Gate::Outlet),
            "any" => return Ok(Gate::Any),
            "new-errors" => return Ok(Gate::NewErrors),
            "none" => return Ok(Gate::None),
            _ => {}
        }
        if let Some(n) = text.strip_prefix("doc-regressions>") {
            return n.trim().parse().map(Gate::DocRegressions).map_err(|_| error());
        }
        let (name, value) = text.split_once('=').ok_or_else(error)?;
        let gate = match name {
            "margin" => share(value, "pt").map(Gate::Margin),
            "noninferior" => share(value, "pt").map(Gate::NonInferior),
            "slower" => share(value, "%").map(Gate::Slower),
            _ => None,
        };
        gate.ok_or_else(error)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = |share: f64| {
            // 0.005 · 100 is not 0.5 in binary; four decimals are what people type.
            let text = format!("{:.4}", share * 100.0);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match self {
            Gate::Significant => f.write_str("significant"),
            Gate::Outlet => f.write_str("outlet"),
            Gate::Any => f.write_str("any"),
            Gate::Margin(m) => write!(f, "margin={}pt", hundredths(*m)),
            Gate::NonInferior(m) => write!(f, "noninferior={}pt", hundredths(*m)),
            Gate::DocRegressions(n) => write!(f, "doc-regressions>{n}"),
            Gate::NewErrors => f.write_str("new-errors"),
            Gate::Slower(x) => write!(f, "slower={}%", hundredths(*x)),
            Gate::None => f.write_str("none"),
        }
    }
}

/// What a quality gate looks at, of one system against its baseline.
#[derive(Debug, Clone, Copy)]
pub struct GateInput<'t> {
    /// Headlines and labels of all tasks.
    pub tests: &'t [GatedTest<'t>],
    /// Labels whose own test counts for `any`, `margin` and `noninferior`; `*` for all.
    pub labels: &'t [&'t str],
    /// Outlets that are significantly worse by themselves.
    pub n_worse_outlets: u64,
    /// Documents that are worse on the primary metric.
    pub n_worse: u64,
    /// Documents that had a result and have none now; `None` where the system is not in
    /// the baseline.
    pub n_new_errors: Option<u64>,
}

/// Applies one gate.
///
/// `slower` belongs to `bench` and passes here; see [`timing`](crate::timing).
pub fn apply(gate: Gate, input: &GateInput<'_>) -> GateOutcome {
    // A headline without a counterpart was not compared, and nothing passes unseen.
    let unseen = input.tests.iter().any(|test| {
        test.verdict == Verdict::Incomparable
            || test.label == "*" && test.verdict == Verdict::New
    });
    let gated = |test: &&GatedTest<'_>| {
        test.label == "*"
            || input.labels.iter().any(|label| *label == "*" || *label == test.label)
    };
    let looked_at = input.tests.iter().filter(gated);
    let either = |fails: bool, undecided: bool| match (fails, undecided) {
        (true, _) => GateOutcome::Fail,
        (_, true) => GateOutcome::Undecided,
        _ => GateOutcome::Pass,
    };
    match gate {
        Gate::None | Gate::Slower(_) => GateOutcome::Pass,
        Gate::Significant => {
            let fails = |test: &GatedTest<'_>| {
                matches!(test.verdict, Verdict::Regressed | Verdict::Missing)
            };
            let is_blind = input.tests.iter().any(|test| {
                test.label == "*"
                    && test.is_unseen()
                    && test.delta.is_some_and(|delta| delta < 0.0)
            });
            either(input.tests.iter().any(fails), unseen || is_blind)
        }
        // Outlets that could not be seen are counted, and no reason to wait.
        Gate::Outlet => either(input.n_worse_outlets > 0, false),
        Gate::Any => {
            let fell = looked_at.clone().any(|test| test.delta.is_some_and(|d| d < 0.0));
            either(fell, unseen)
        }
        Gate::Margin(margin) => {
            let fell =
                looked_at.clone().any(|test| test.delta.is_some_and(|d| d < -margin));
            either(fell, unseen)
        }
        Gate::NonInferior(margin) => {
            let each = looked_at.map(|test| noninferior(test, margin));
            let worst = each.max().unwrap_or(GateOutcome::Pass);
            either(worst == GateOutcome::Fail, unseen || worst == GateOutcome::Undecided)
        }
        Gate::DocRegressions(most) => either(input.n_worse > most, unseen),
        Gate::NewErrors => match input.n_new_errors {
            None => GateOutcome::Undecided,
            Some(n) => either(n > 0, false),
        },
    }
}

/// The gate `noninferior` on one test.
pub fn noninferior(test: &GatedTest<'_>, margin: f64) -> GateOutcome {
    if test.verdict == Verdict::Identical {
        return GateOutcome::Pass;
    }
    let fell = test.delta.is_some_and(|delta| delta < -margin);
    match test.lower {
        Some(lower) if lower > -margin => GateOutcome::Pass,
        Some(_) if fell || test.verdict == Verdict::Regressed => GateOutcome::Fail,
        Some(_) => GateOutcome::Undecided,
        None if test.delta.is_none_or(|delta| delta < 0.0) => GateOutcome::Undecided,
        None => GateOutcome::Pass,
    }
}

/// How a step with these gates ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateExit {
    /// Every gate passed: exit code 0.
    Passed,
    /// A quality gate failed: 3.
    Quality,
    /// A timing gate failed: 4.
    Timing,
    /// A gate is undecided: 5.
    Undecided,
}

impl GateExit {
    /// Joins gates by "or": a quality failure comes before a timing failure before what is
    /// undecided.
    pub fn of(outcomes: impl IntoIterator<Item = (Gate, GateOutcome)>) -> GateExit {
        let rank = |exit: GateExit| match exit {
            GateExit::Passed => 0,
            GateExit::Undecided => 1,
            GateExit::Timing => 2,
            GateExit::Quality => 3,
        };
        let each = outcomes.into_iter().map(|(gate, outcome)| match (outcome, gate) {
            (GateOutcome::Pass, _) => GateExit::Passed,
            (GateOutcome::Undecided, _) => GateExit::Undecided,
            (GateOutcome::Fail, Gate::Slower(_)) => GateExit::Timing,
            (GateOutcome::Fail, _) => GateExit::Quality,
        });
        each.max_by_key(|exit| rank(*exit)).unwrap_or(GateExit::Passed)
    }

    /// The exit code, a public promise.
    pub fn code(self) -> u8 {
        match self {
            GateExit::Passed => 0,
            GateExit::Quality => 3,
            GateExit::Timing => 4,
            GateExit::Undecided => 5,
        }
    }
}
