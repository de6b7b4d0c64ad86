//! What takes minutes: false alarms, power and coverage of what is decided, on simulated
//! worlds. `cargo test --release -p goldpress-eval -- --ignored` runs it; the tables with
//! more simulations are those of METHODOLOGY.md.

use goldpress_eval::gate::GateOutcome;

#[path = "../../examples/power/gates.rs"]
mod gates;
#[path = "../../examples/power/spread.rs"]
mod spread;
#[path = "../../examples/power/world.rs"]
mod world;

use gates::{Ended, ended};
use world::{Copies, Design, Loss, Sizes};

const NOTHING: Design = Design {
    documents: 200,
    outlets: 20,
    sizes: Sizes::Equal,
    copies: Copies::None,
    labels: 6,
    tau: 0.0,
    loss: Loss::Nothing,
};

fn share(design: Design, runs: u64, is: impl Fn(&Ended) -> bool) -> f64 {
    let each = (0..runs).map(|run| ended(&design, run << 20 | 7, 999));
    each.filter(|one| is(one)).count() as f64 / runs as f64
}

#[test]
#[ignore = "takes minutes"]
fn equally_good_versions_fail_the_default_gates_in_one_of_twenty_runs_at_most() {
    for outlets in [3, 6, 12, 50] {
        for sizes in [Sizes::Equal, Sizes::Zipf] {
            for copies in [Copies::None, Copies::LeftOut] {
                let design = Design { outlets, sizes, copies, ..NOTHING };
                let alarms = share(design, 1000, |one| one.all() == GateOutcome::Fail);
                // 5 %, and two standard errors of a thousand runs.
                assert!((0.01..=0.064).contains(&alarms), "{design:?}: {alarms}");
            }
        }
    }
}

#[test]
#[ignore = "takes minutes"]
fn luck_with_outlets_is_no_loss_where_the_claim_is_of_further_outlets() {
    for outlets in [12, 50] {
        let design = Design { outlets, tau: 0.3, ..NOTHING };
        let alarms = share(design, 1000, |one| {
            assert!(one.by_source, "{design:?}");
            one.significant == GateOutcome::Fail
        });
        assert!(alarms <= 0.064, "{design:?}: {alarms}");
    }
}

#[test]
#[ignore = "takes minutes"]
fn copies_that_nobody_looked_for_are_seen_as_evidence() {
    let design = Design { copies: Copies::NotLookedFor, ..NOTHING };
    let alarms = share(design, 200, |one| one.all() == GateOutcome::Fail);
    assert!(alarms > 0.1, "the simulation has no copies: {alarms}");
}

#[test]
#[ignore = "takes minutes"]
fn what_is_said_to_be_seen_does_not_pass_in_silence() {
    for outlets in [4, 6, 12, 20, 50] {
        for labels in [1, 6, 30] {
            for loss in [Loss::All, Loss::Fifth, Loss::Outlet, Loss::Swap] {
                if labels == 1 && loss == Loss::Swap {
                    continue;
                }
                let design = Design { outlets, labels, loss, ..NOTHING };
                let silent = share(design, 40, |one| one.silent);
                assert_eq!(silent, 0.0, "{design:?}");
            }
        }
    }
}

#[test]
#[ignore = "takes minutes"]
fn intervals_hold_the_difference_in_92_to_97_of_a_hundred_runs() {
    for (outlets, sizes) in [(12, Sizes::Equal), (12, Sizes::Zipf), (20, Sizes::Zipf)] {
        for tau in [0.0, 0.3] {
            let [held, _] = spread::held(outlets, sizes, tau, 2000);
            assert!((0.92..=0.97).contains(&held), "{outlets} {sizes:?} {tau}: {held}");
        }
    }
}

#[test]
#[ignore = "takes minutes"]
fn a_difference_that_is_said_to_be_visible_is_seen_four_times_in_five() {
    for clusters in [12, 20, 50, 200] {
        for tests in [1, 7] {
            let [_, seen] = spread::visible(clusters, tests, 1000);
            assert!((0.72..=0.88).contains(&seen), "{clusters} {tests}: {seen}");
        }
    }
}
