//! The gates of a step: read from flags and file, applied, and turned into an exit.

use std::str::FromStr;

use goldpress_eval::{
    CONTENT, Compared, OutletTest, Test, UnitChoice,
    gate::{Gate, GateExit, GateInput, GateOutcome, GatedTest, apply},
    primary,
    statistics::permutation::Resampling,
};
use goldpress_model::Schema;
use goldpress_store::result::GateRow;

use super::comparison::{Judged, why_unseen};
use crate::{
    config::{Config, Points, parse_gates},
    exit::Refusal,
};

/// Gates as a flag lists them, apart by commas.
#[derive(Debug, Clone)]
pub(crate) struct GateList(Vec<Gate>);

impl FromStr for GateList {
    type Err = String;

    fn from_str(text: &str) -> Result<GateList, String> {
        parse_gates(text.split(',')).map(GateList)
    }
}

/// The gates of a step, with everything they need to know.
pub(crate) struct Gates {
    gates: Vec<Gate>,
    pub(super) margin: Option<f64>,
    pub(super) unit: UnitChoice,
    pub(super) alpha: f64,
    pub(super) resampling: Resampling,
    labels: Vec<String>,
    /// Layer and metric of the one headline that decides, where one is named.
    primary: Option<(String, String)>,
    /// A difference that gold should see: how much would is told.
    pub(super) plan: Option<f64>,
    /// Why nothing can be decided, where that is known beforehand.
    suspended: Option<String>,
    /// Systems whose gates count; empty: all.
    systems: Vec<String>,
}

impl Gates {
    /// The gates of the command line, else those of `goldpress.toml`.
    ///
    /// # Errors
    ///
    /// A refusal for a label that the schema does not have.
    pub(crate) fn of(
        config: &Config,
        fail_on: Option<&GateList>,
        schema: &Schema,
    ) -> anyhow::Result<Gates> {
        let is_label = |label: &str| {
            label == "*" || schema.layers.iter().any(|layer| layer.has_label(label))
        };
        if let Some(gone) = config.gate.labels.iter().find(|label| !is_label(label)) {
            let message =
                format!("[gate] labels: `{}` has no label `{gone}`", schema.id());
            return Err(Refusal::error(message, "the labels: goldpress schema --guide"));
        }
        Ok(Gates {
            gates: fail_on
                .map_or_else(|| config.gate.fail_on.clone(), |list| list.0.clone()),
            margin: config.gate.margin.map(Points::get),
            unit: config.stats.unit,
            alpha: config.stats.alpha,
            resampling: Resampling {
                seed: config.stats.seed,
                resamples: u64::from(config.stats.resamples),
            },
            labels: config.gate.labels.clone(),
            primary: primary_of(config, schema)?,
            plan: None,
            systems: config.gate.systems.clone(),
            suspended: None,
        })
    }

    /// Refuses gated systems of which nothing could fail: one that nobody knows, or none
    /// that is scored.
    ///
    /// # Errors
    ///
    /// It is so, as a refusal.
    pub(crate) fn know_systems(
        &self,
        scored: &[&str],
        is_known: impl Fn(&str) -> bool,
    ) -> anyhow::Result<()> {
        let is_scored = |name: &String| scored.contains(&name.as_str());
        let gone = self.systems.iter().find(|name| !is_scored(name) && !is_known(name));
        let none = self.systems.first().filter(|_| !self.systems.iter().any(is_scored));
        match gone.or(none) {
            None => Ok(()),
            Some(name) => Err(Refusal::error(
                format!("[gate] systems: `{name}` is not among the systems scored"),
                format!("one of: {}", scored.join(", ")),
            )),
        }
    }

    /// Refuses a gate that allows more documents to be worse than gold has.
    ///
    /// # Errors
    ///
    /// There is one, as a refusal.
    pub(crate) fn know_documents(&self, n: usize) -> anyhow::Result<()> {
        let allows_all = |gate: &&Gate| matches!(gate, Gate::DocRegressions(allowed) if usize::try_from(*allowed).unwrap_or(usize::MAX) >= n);
        match self.gates.iter().find(allows_all) {
            None => Ok(()),
            Some(gate) => Err(Refusal::error(
                format!("`{gate}` could never fail: gold has {n} documents"),
                format!("a number below {n}"),
            )),
        }
    }

    /// Asks how much gold would see a difference.
    pub(crate) fn plan(&mut self, points: Option<Points>) {
        self.plan = points.map(Points::get);
    }

    /// Layer and metric of the one headline that decides.
    pub(super) fn primary(&self) -> Option<(&str, &str)> {
        self.primary.as_ref().map(|(layer, metric)| (layer.as_str(), metric.as_str()))
    }

    /// Whether nothing can fail, so that no baseline is needed.
    pub(crate) fn are_none(&self) -> bool {
        self.gates.iter().all(|gate| *gate == Gate::None)
    }

    /// Leaves every gate undecided, for this reason.
    pub(crate) fn suspend(&mut self, because: String) {
        self.suspended = Some(because);
    }

    /// Why nothing can be decided, where that is known beforehand.
    pub(crate) fn suspended(&self) -> Option<&str> {
        self.suspended.as_deref()
    }

    /// What each gate says of a system, with what decided it.
    pub(super) fn apply(
        &self,
        compared: &Compared,
        new_errors: Option<&[String]>,
    ) -> Vec<GateVerdict> {
        let tests: Vec<GatedTest<'_>> = compared.tests.iter().map(Test::gated).collect();
        let labels: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        let n_worse = compared.n_worse();
        let input = GateInput {
            tests: &tests,
            labels: &labels,
            n_worse,
            n_worse_outlets: compared.outlets.iter().filter(|one| one.is_worse).count()
                as u64,
            n_new_errors: new_errors.map(|errors| errors.len() as u64),
        };
        let verdict = |gate: &Gate| {
            let gate = *gate;
            if let Some(because) = self.suspended.clone().filter(|_| gate != Gate::None) {
                let outcome = GateOutcome::Undecided;
                return GateVerdict { gate, outcome, because: vec![because] };
            }
            let outcome = apply(gate, &input);
            let because = match (outcome, gate) {
                (GateOutcome::Pass, Gate::Significant) => could_have_failed(compared),
                (GateOutcome::Pass, Gate::Outlet) => no_outlet_seen(compared),
                (GateOutcome::Pass, _) => Vec::new(),
                (_, Gate::Outlet) => {
                    compared.outlets.iter().filter_map(worse_outlet).collect()
                }
                (GateOutcome::Undecided, Gate::Significant) => undecided_by(compared),
                (_, Gate::NewErrors) => new_errors.unwrap_or_default().to_vec(),
                (_, Gate::DocRegressions(_)) => {
                    let is = if n_worse == 1 { "is" } else { "are" };
                    let documents = goldpress_report::counted(n_worse, "document");
                    vec![format!("{documents} {is} worse")]
                }
                _ => decided_by(compared),
            };
            GateVerdict { gate, outcome, because }
        };
        self.gates.iter().map(verdict).collect()
    }

    /// How the step ends; systems that are not gated are compared and cannot fail it.
    pub(crate) fn exit(&self, judged: &[Judged]) -> GateExit {
        let gated = judged.iter().filter(|one| {
            self.systems.is_empty() || self.systems.contains(&one.row.system)
        });
        let verdicts = gated.flat_map(|one| &one.verdicts);
        GateExit::of(verdicts.map(|verdict| (verdict.gate, verdict.outcome)))
    }
}

/// What one gate says.
pub(crate) struct GateVerdict {
    gate: Gate,
    outcome: GateOutcome,
    because: Vec<String>,
}

impl GateVerdict {
    /// The same in a result.
    pub(super) fn row(&self) -> GateRow {
        let outcome = match self.outcome {
            GateOutcome::Pass => "pass",
            GateOutcome::Undecided => "undecided",
            GateOutcome::Fail => "fail",
        };
        GateRow {
            gate: self.gate.to_string(),
            outcome: outcome.to_owned(),
            because: self.because.clone(),
        }
    }
}

/// Where something moved and nothing failed: that a loss could have been seen, or where not.
fn could_have_failed(compared: &Compared) -> Vec<String> {
    let moved = compared
        .tests
        .iter()
        .any(|test| !matches!(test.verdict, goldpress_eval::Verdict::Identical));
    if !moved {
        return Vec::new();
    }
    let headlines = compared.tests.iter().filter(|test| test.label == "*");
    let unseen: Vec<String> =
        headlines.filter(|test| test.gated().is_unseen()).map(why_unseen).collect();
    match unseen.is_empty() {
        true => vec!["could have failed".to_owned()],
        false => vec![format!("could not have failed on {}", unseen.join("; "))],
    }
}

/// Where something moved and no outlet could be tested alone: that the gate could not fail.
fn no_outlet_seen(compared: &Compared) -> Vec<String> {
    let is_identical = |test: &Test| test.verdict == goldpress_eval::Verdict::Identical;
    let is_blind = compared.outlets.iter().all(|one| one.is_blind);
    match is_blind && !compared.tests.iter().all(is_identical) {
        true => vec![
            "could not have failed: too few documents of any outlet moved".to_owned(),
        ],
        false => Vec::new(),
    }
}

/// Headlines that fell and could not have been seen; else what decided.
fn undecided_by(compared: &Compared) -> Vec<String> {
    let fell = |test: &&Test| {
        let delta = test.difference.as_ref().and_then(|one| one.delta);
        test.label == "*" && delta.is_some_and(|delta| delta < 0.0)
    };
    let unseen: Vec<String> = compared
        .tests
        .iter()
        .filter(fell)
        .filter(|test| test.gated().is_unseen())
        .map(why_unseen)
        .collect();
    if unseen.is_empty() { decided_by(compared) } else { unseen }
}

/// An outlet that is worse by itself, in words.
fn worse_outlet(one: &OutletTest) -> Option<String> {
    let delta = one.delta.filter(|_| one.is_worse)?;
    Some(format!(
        "{} in {}/{} by {:.1} pt on {}",
        one.outlet,
        one.layer,
        one.metric,
        -delta * 100.0,
        goldpress_report::counted(one.documents as u64, "document")
    ))
}

/// The layer and metric that `[stats] primary` names.
fn primary_of(
    config: &Config,
    schema: &Schema,
) -> anyhow::Result<Option<(String, String)>> {
    let Some(text) = &config.stats.primary else { return Ok(None) };
    let known: Vec<String> = schema
        .layers
        .iter()
        .map(|layer| format!("{}/{}", layer.name, primary(Some(layer)).0))
        .chain([format!("{CONTENT}/{}", primary(None).0)])
        .collect();
    let bare = text.strip_suffix(".all").unwrap_or(text);
    if !known.iter().any(|name| name == bare) {
        let message = format!("[stats] primary: `{text}` is the headline of no layer");
        return Err(Refusal::error(message, format!("one of: {}", known.join(", "))));
    }
    let parts = text.split_once('/');
    Ok(parts.map(|(layer, metric)| (layer.to_owned(), metric.to_owned())))
}

/// The tests whose verdicts can make a gate fail or wait.
fn decided_by(compared: &Compared) -> Vec<String> {
    use goldpress_eval::Verdict::{
        BelowMargin, Changed, Improved, Incomparable, Inconclusive, Missing, New,
        Regressed,
    };
    // What is worst is named alone; what merely moved only where nothing else did.
    for kinds in [
        &[Regressed, Missing][..],
        &[BelowMargin, Incomparable, New],
        &[Inconclusive, Changed, Improved],
    ] {
        let named: Vec<String> = compared
            .tests
            .iter()
            .filter(|test| kinds.contains(&test.verdict))
            .map(|test| {
                let label = if test.label == "*" { "(all)" } else { &test.label };
                format!("{}/{} {label}", test.layer, test.metric)
            })
            .collect();
        if !named.is_empty() {
            return named;
        }
    }
    Vec::new()
}
