//! Intervals that hold what they should, and differences that are seen where it is said.

use goldpress_eval::{
    Average, Comparison, Task, UnitChoice, clusters, compare,
    statistics::{
        distributions::normal_quantile,
        interval::difference,
        permutation::{Resampling, family},
        random::Draws,
        ratio::{Form, Sample},
    },
};
use goldpress_model::Digest;

use crate::{
    head, row,
    world::{Copies, Design, Loss, Sizes},
};

/// How often the 95 % interval of a difference holds 0, where both versions are equally
/// good and each has luck of its own with each outlet.
pub(crate) fn intervals(runs: u64) {
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
                let design = Design {
                    documents: if outlets > 50 { 800 } else { 200 },
                    outlets,
                    sizes,
                    copies: Copies::None,
                    labels: 1,
                    tau,
                    loss: Loss::Nothing,
                };
                let (mut held, mut below) = (0, 0);
                for run in 0..runs {
                    let world = design.world(run << 20 | outlets as u64);
                    let named: Vec<(Digest, Option<&str>)> = world
                        .outlets
                        .iter()
                        .map(|(doc, source)| (*doc, Some(source.as_str())))
                        .collect();
                    let (clusters, _) = clusters(&named, UnitChoice::Source);
                    let how = Comparison {
                        tasks: vec![Task {
                            layer: "entity",
                            metric: "strict",
                            average: Average::Micro,
                        }],
                        clusters,
                        resampling: Resampling { seed: 42, resamples: 1 },
                        ..Comparison::default()
                    };
                    let compared = compare(Some(&world.old), Some(&world.new), &how);
                    let found = compared.tests[0].difference.as_ref();
                    let interval = found.and_then(|one| one.interval);
                    held +=
                        u64::from(interval.is_some_and(|(a, b)| a <= 0.0 && 0.0 <= b));
                    let lower = found.and_then(|one| one.lower);
                    below += u64::from(lower.is_some_and(|lower| lower <= 0.0));
                }
                row(&[
                    outlets.to_string(),
                    format!("{sizes:?}").to_lowercase(),
                    tau.to_string(),
                    format!("{:.3}", held as f64 / runs as f64),
                    format!("{:.3}", below as f64 / runs as f64),
                ]);
            }
        }
    }
}

/// How often a difference is significant that is as large as what is said to be visible.
pub(crate) fn visible(runs: u64) {
    head(&["clusters", "tests", "said to be visible", "seen"]);
    for n in [12, 20, 50, 200] {
        for tests in [1, 7] {
            // What is printed where nothing is lost, on average.
            let said: Vec<f64> =
                (0..runs).filter_map(|run| drawn(n, tests, 0.0, run).0).collect();
            let said = said.iter().sum::<f64>() / said.len().max(1) as f64;
            let seen =
                (0..runs).filter(|run| drawn(n, tests, said, runs + run).1).count();
            row(&[
                n.to_string(),
                tests.to_string(),
                format!("{:.1} pt", said * 100.0),
                format!("{:.3}", seen as f64 / runs as f64),
            ]);
        }
    }
}

/// The visible difference that is printed for the first of some tests on clusters of which
/// it loses `lost` on average, and whether that was significant.
fn drawn(n: usize, tests: usize, lost: f64, seed: u64) -> (Option<f64>, bool) {
    const UNIT: f64 = (1_u64 << 40) as f64;
    let mut draws = Draws::new(seed << 16 | (n as u64) << 4 | tests as u64);
    let mut normal =
        || normal_quantile((draws.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64);
    let samples: Vec<Sample> = (0..tests)
        .map(|test| {
            let lost = if test == 0 { lost } else { 0.0 };
            let current = (0..n).map(|_| {
                let change = (0.1 * normal() - lost) * UNIT;
                vec![(0.5 * UNIT) as i64 + change as i64, 1]
            });
            Sample {
                form: Form::DocumentMean,
                current: current.collect(),
                baseline: vec![vec![(0.5 * UNIT) as i64, 1]; n],
                differs: vec![true; n],
            }
        })
        .collect();
    let family = family(&samples, Resampling { seed: 42, resamples: 999 });
    let found = difference(&samples[0]);
    (found.detectable_at(family.critical(0.05)), family.p_adjusted(0) <= 0.05)
}
