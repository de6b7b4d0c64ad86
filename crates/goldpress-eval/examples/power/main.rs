//! What the default gates see, and how often they cry wolf; how often intervals hold what
//! they should; and whether a difference that is said to be visible is seen.
//!
//! Prints the tables of METHODOLOGY.md, each by its name and with as many simulations as
//! are asked for:
//!
//! ```text
//! cargo run --release -p goldpress-eval --example power -- alarms 2000
//! cargo run --release -p goldpress-eval --example power -- losses 400
//! cargo run --release -p goldpress-eval --example power -- intervals 2000
//! cargo run --release -p goldpress-eval --example power -- visible 2000
//! ```

mod gates;
mod spread;
mod world;

use goldpress_eval::gate::GateOutcome;

use gates::{Ended, ended};
use world::{Copies, Design, Loss, Sizes};

/// Random masks of a simulated test: a tenth of the default, for the sake of time.
const RESAMPLES: u64 = 999;

fn main() {
    let mut args = std::env::args().skip(1);
    let table = args.next().unwrap_or_default();
    let runs = args.next().and_then(|n| n.parse().ok()).unwrap_or(200);
    match table.as_str() {
        "alarms" => alarms(runs),
        "losses" => losses(runs),
        "intervals" => intervals(runs),
        "visible" => visible(runs),
        _ => row(&["alarms, losses, intervals or visible, then a number of runs".into()]),
    }
}

/// One line of a Markdown table.
#[expect(clippy::print_stdout, reason = "an example's output is its purpose")]
fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// The head of a Markdown table.
fn head(names: &[&str]) {
    row(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    row(&names.iter().map(|_| "---".to_owned()).collect::<Vec<_>>());
}

const OUTLETS: [usize; 6] = [3, 6, 12, 20, 50, 200];

/// Documents of a design: each outlet has some.
fn documents(outlets: usize) -> usize {
    if outlets > 50 { 800 } else { 200 }
}

/// Runs of a design, each with a seed that no other has.
fn runs_of(design: &Design, runs: u64) -> Vec<Ended> {
    let at = (design.outlets as u64) << 8 | design.labels as u64;
    (0..runs).map(|run| ended(design, run << 20 | at, RESAMPLES)).collect()
}

fn share(ended: &[Ended], is: impl Fn(&Ended) -> bool) -> f64 {
    ended.iter().filter(|one| is(one)).count() as f64 / ended.len() as f64
}

/// Two versions that are equally good: how often a gate fails, with and without copies.
fn alarms(runs: u64) {
    let kinds = [Copies::None, Copies::LeftOut, Copies::NotLookedFor];
    head(&["outlets", "sizes", "τ", "unit", "no copies", "left out", "not looked for"]);
    for tau in [0.0, 0.3] {
        // With luck by outlet only the wider claim can be wrong.
        for outlets in OUTLETS.into_iter().filter(|n| tau == 0.0 || *n >= 12) {
            for sizes in [Sizes::Equal, Sizes::Zipf] {
                let (mut cells, mut n_wide) = (Vec::new(), 0);
                for copies in kinds {
                    let design = Design {
                        documents: documents(outlets),
                        outlets,
                        sizes,
                        copies,
                        labels: 6,
                        tau,
                        loss: Loss::Nothing,
                    };
                    let mut all = runs_of(&design, runs);
                    n_wide += all.iter().filter(|one| one.by_source).count();
                    if tau > 0.0 {
                        all.retain(|one| one.by_source);
                    }
                    cells.push(alarms_of(&all, tau));
                }
                let is_wide = n_wide * 2 > kinds.len() * runs as usize;
                let unit = if is_wide { "outlet" } else { "document" };
                let names = [
                    outlets.to_string(),
                    format!("{sizes:?}").to_lowercase(),
                    tau.to_string(),
                    unit.to_owned(),
                ];
                row(&names.into_iter().chain(cells).collect::<Vec<_>>());
            }
        }
    }
}

/// The share of runs in which a gate fails, with `significant` and `outlet` behind it. Where
/// each version has luck with each outlet an outlet that is worse is no false alarm.
fn alarms_of(ended: &[Ended], tau: f64) -> String {
    let fails = |gate: fn(&Ended) -> GateOutcome| {
        share(ended, |one| gate(one) == GateOutcome::Fail)
    };
    let (significant, outlet) = (fails(|one| one.significant), fails(|one| one.outlet));
    match tau > 0.0 {
        true => format!("{significant:.3}"),
        false => format!("{:.3} ({significant:.3}, {outlet:.3})", fails(Ended::all)),
    }
}

const LOSSES: [(Loss, &str); 4] = [
    (Loss::All, "a label loses all"),
    (Loss::Fifth, "a label loses a fifth"),
    (Loss::Outlet, "an outlet loses half"),
    (Loss::Swap, "all gain, one loses a fifth"),
];

/// Labels of a layer.
const LABELS: [usize; 3] = [1, 6, 30];

/// A version that lost something: how often gates fail, wait, or pass; each cell for one,
/// six and thirty labels.
fn losses(runs: u64) {
    head(&[
        "outlets",
        "sizes",
        "loss",
        "fails",
        "undecided",
        "passes, told unseen",
        "passes in silence",
    ]);
    for outlets in OUTLETS {
        for sizes in [Sizes::Equal, Sizes::Zipf] {
            for (loss, name) in LOSSES {
                let mut cells: [Vec<String>; 4] = Default::default();
                for labels in LABELS {
                    let design = Design {
                        documents: documents(outlets),
                        outlets,
                        sizes,
                        copies: Copies::None,
                        labels,
                        tau: 0.0,
                        loss,
                    };
                    // Where there is one label none can gain while another loses.
                    let is_none = loss == Loss::Swap && labels == 1;
                    let shares = (!is_none).then(|| ends_of(&runs_of(&design, runs)));
                    for (at, cell) in cells.iter_mut().enumerate() {
                        let shown = shares.map(|shares| format!("{:.2}", shares[at]));
                        cell.push(shown.unwrap_or_else(|| "–".to_owned()));
                    }
                }
                let names = [
                    outlets.to_string(),
                    format!("{sizes:?}").to_lowercase(),
                    name.into(),
                ];
                let cells = cells.map(|cell| cell.join(" · "));
                row(&names.into_iter().chain(cells).collect::<Vec<_>>());
            }
        }
    }
}

/// Shares that fail, wait, pass and say what could not be seen, pass in silence.
fn ends_of(ended: &[Ended]) -> [f64; 4] {
    let of = |outcome| share(ended, |one| one.all() == outcome);
    let silent = share(ended, |one| one.silent);
    let passed = of(GateOutcome::Pass) - silent;
    [of(GateOutcome::Fail), of(GateOutcome::Undecided), passed, silent]
}

/// Equally good versions: how often intervals hold what they should.
fn intervals(runs: u64) {
    head(&[
        "outlets",
        "sizes",
        "τ",
        "95 % interval holds 0",
        "one-sided bound is below 0",
    ]);
    for outlets in [6, 12, 20, 50, 200] {
        for sizes in [Sizes::Equal, Sizes::Zipf] {
            for tau in [0.0, 0.3] {
                let shares = spread::held(outlets, sizes, tau, runs);
                let name = format!("{sizes:?}").to_lowercase();
                let names = [outlets.to_string(), name, tau.to_string()];
                let shares = shares.map(|share| format!("{share:.3}"));
                row(&names.into_iter().chain(shares).collect::<Vec<_>>());
            }
        }
    }
}

/// How often a difference is seen that is as large as what is said to be visible.
fn visible(runs: u64) {
    head(&["clusters", "tests", "said to be visible", "seen"]);
    for n in [12, 20, 50, 200] {
        for tests in [1, 7] {
            let [said, seen] = spread::visible(n, tests, runs);
            let said = format!("{:.1} pt", said * 100.0);
            row(&[n.to_string(), tests.to_string(), said, format!("{seen:.3}")]);
        }
    }
}
