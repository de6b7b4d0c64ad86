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

use super::world::{Copies, Design, Loss, Sizes};

/// How often the 95 % interval of a difference holds 0, and how often the one-sided bound
/// lies below it, where both versions are equally good and have luck with each outlet.
pub(crate) fn held(outlets: usize, sizes: Sizes, tau: f64, runs: u64) -> [f64; 2] {
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
        let source = |(doc, source)| -> (Digest, Option<&str>) { (doc, Some(source)) };
        let named = world.outlets.iter().map(|(doc, name)| source((*doc, name.as_str())));
        let (clusters, _) = clusters(&named.collect::<Vec<_>>(), UnitChoice::Source);
        let task = Task { layer: "entity", metric: "strict", average: Average::Micro };
        let how = Comparison {
            tasks: vec![task],
            clusters,
            resampling: Resampling { seed: 42, resamples: 1 },
            ..Comparison::default()
        };
        let compared = compare(Some(&world.old), Some(&world.new), &how);
        let found = compared.tests[0].difference.as_ref();
        let interval = found.and_then(|one| one.interval);
        held += u64::from(interval.is_some_and(|(a, b)| a <= 0.0 && 0.0 <= b));
        let lower = found.and_then(|one| one.lower);
        below += u64::from(lower.is_some_and(|lower| lower <= 0.0));
    }
    [held, below].map(|n| n as f64 / runs as f64)
}

/// What is said to be visible on so many clusters, on average where nothing is lost, and how
/// often a difference as large is significant.
pub(crate) fn visible(n: usize, tests: usize, runs: u64) -> [f64; 2] {
    let said: Vec<f64> =
        (0..runs).filter_map(|run| drawn(n, tests, 0.0, run).0).collect();
    let said = said.iter().sum::<f64>() / said.len().max(1) as f64;
    let seen = (0..runs).filter(|run| drawn(n, tests, said, runs + run).1).count();
    [said, seen as f64 / runs as f64]
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
