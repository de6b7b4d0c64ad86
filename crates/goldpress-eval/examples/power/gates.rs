//! What the default gates say of a simulated pair, and what is said beside a pass.

use goldpress_eval::{
    Average, Compared, Comparison, Task, Test, UnitChoice, compare_by,
    gate::{Gate, GateInput, GateOutcome, GatedTest, apply},
    statistics::permutation::Resampling,
};
use goldpress_model::Digest;

use super::world::{Design, HARMED, HARMED_OUTLET, Loss, World};

/// How a simulated step ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) significant: GateOutcome,
    pub(crate) outlet: GateOutcome,
    pub(crate) by_source: bool,
    /// Every gate passed although what was harmed is said to be visible at this size.
    pub(crate) silent: bool,
}

impl Ended {
    /// The worst word of both.
    pub(crate) fn all(&self) -> GateOutcome {
        self.significant.max(self.outlet)
    }
}

/// The gates `significant` and `outlet` on one pair, as `goldpress eval` applies them.
pub(crate) fn ended(design: &Design, seed: u64, resamples: u64) -> Ended {
    let world = design.world(seed);
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        resampling: Resampling { seed: 42, resamples },
        outlets: world.outlets.iter().cloned().collect(),
        ..Comparison::default()
    };
    let named: Vec<(Digest, Option<&str>)> =
        world.outlets.iter().map(|(doc, source)| (*doc, Some(source.as_str()))).collect();
    let (compared, unit) =
        compare_by(Some(&world.old), Some(&world.new), &how, &named, UnitChoice::Auto);
    let tests: Vec<GatedTest<'_>> = compared.tests.iter().map(Test::gated).collect();
    let input = GateInput {
        tests: &tests,
        labels: &[],
        n_worse_outlets: compared.outlets.iter().filter(|one| one.is_worse).count()
            as u64,
        n_worse: compared.n_worse(),
        n_new_errors: Some(0),
    };
    let (significant, outlet) =
        (apply(Gate::Significant, &input), apply(Gate::Outlet, &input));
    let passed = significant.max(outlet) == GateOutcome::Pass;
    let silent = passed && is_said_to_be_seen(design, &compared, &world);
    Ended { significant, outlet, by_source: unit.by_source, silent }
}

/// Whether the result says that a loss of this size would have been seen: then a pass says
/// that there is none. What could not be seen is named, and a label or outlet whose least
/// visible loss is larger is told by that.
fn is_said_to_be_seen(design: &Design, compared: &Compared, world: &World) -> bool {
    match design.loss {
        Loss::Nothing => false,
        Loss::Outlet => compared
            .outlets
            .iter()
            .any(|one| one.outlet == HARMED_OUTLET && !one.is_blind),
        _ => {
            let of_label = |test: &&Test| {
                test.label == if design.labels == 1 { "*" } else { HARMED }
            };
            let test = compared.tests.iter().find(of_label);
            test.is_none_or(|test| {
                let seen = test.difference.as_ref().and_then(|one| one.detectable);
                let is_named = test.gated().is_unseen();
                !is_named && seen.is_some_and(|seen| seen <= world.expected)
            })
        }
    }
}
