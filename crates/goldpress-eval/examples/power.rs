//! What the default gates see, and how often they cry wolf: losses of four kinds over few
//! and many outlets, and two equally good systems.
//!
//! Prints the table of METHODOLOGY.md: `cargo run --release -p goldpress-eval --example power`.

use std::collections::BTreeMap;

use goldpress_eval::{
    Average, Comparison, Table, Task, Test, UnitChoice, compare_by,
    gate::{Gate, GateInput, GateOutcome, GatedTest, apply},
    statistics::{
        distributions::normal_quantile, permutation::Resampling, random::Draws,
    },
};
use goldpress_model::{CountRow, Counts, Digest};

const RUNS: u64 = 200;
const DOCUMENTS: usize = 200;

/// What the new version of a system does to the answers of the old one.
#[derive(Clone, Copy)]
enum Loss {
    /// Nothing: it is as good, and answers anew.
    Nothing,
    /// One label loses all recall everywhere.
    All,
    /// One label loses a fifth of its recall everywhere.
    Fifth,
    /// One outlet loses half of everything.
    Outlet,
    /// All labels gain a little, and one loses a fifth.
    Swap,
}

const LOSSES: [(Loss, &str); 5] = [
    (Loss::Nothing, "nothing"),
    (Loss::All, "a label loses all"),
    (Loss::Fifth, "a label loses a fifth"),
    (Loss::Outlet, "an outlet loses half"),
    (Loss::Swap, "all gain, one loses a fifth"),
];

#[expect(clippy::print_stdout, reason = "an example's output is its purpose")]
fn main() {
    println!(
        "| outlets | labels | loss | fails | undecided | passes |\n|---|---|---|---|---|---|"
    );
    for n_outlets in [4, 6, 12, 20, 50] {
        for n_labels in [1, 6, 30] {
            for (loss, name) in LOSSES {
                let mut outcomes: BTreeMap<GateOutcome, u64> = BTreeMap::new();
                for run in 0..RUNS {
                    let seed = run << 16 | (n_outlets as u64) << 8 | n_labels as u64;
                    *outcomes
                        .entry(gates(loss, n_outlets, n_labels, seed))
                        .or_default() += 1;
                }
                let share =
                    |outcome| *outcomes.get(&outcome).unwrap_or(&0) as f64 / RUNS as f64;
                println!(
                    "| {n_outlets} | {n_labels} | {name} | {:.3} | {:.3} | {:.3} |",
                    share(GateOutcome::Fail),
                    share(GateOutcome::Undecided),
                    share(GateOutcome::Pass)
                );
            }
        }
    }
}

/// The worst word of the gates `significant` and `outlet` on one simulated pair.
fn gates(loss: Loss, n_outlets: usize, n_labels: usize, seed: u64) -> GateOutcome {
    let (old, new, sources) = pair(loss, n_outlets, n_labels, seed);
    let how = Comparison {
        tasks: vec![Task { layer: "entity", metric: "strict", average: Average::Micro }],
        resampling: Resampling { seed: 42, resamples: 999 },
        outlets: sources.iter().cloned().collect(),
        ..Comparison::default()
    };
    let named: Vec<(Digest, Option<&str>)> =
        sources.iter().map(|(doc, source)| (*doc, Some(source.as_str()))).collect();
    let (compared, _) =
        compare_by(Some(&old), Some(&new), &how, &named, UnitChoice::Auto);
    let tests: Vec<GatedTest<'_>> = compared.tests.iter().map(Test::gated).collect();
    let input = GateInput {
        tests: &tests,
        labels: &[],
        n_worse_outlets: compared.outlets.iter().filter(|one| one.is_worse).count()
            as u64,
        n_worse: 0,
        n_new_errors: Some(0),
    };
    apply(Gate::Significant, &input).max(apply(Gate::Outlet, &input))
}

/// Counts of both systems, and the outlet of each document.
fn pair(
    loss: Loss,
    n_outlets: usize,
    n_labels: usize,
    seed: u64,
) -> (Table, Table, Vec<(Digest, String)>) {
    let mut draws = Draws::new(seed);
    let mut share = move || (draws.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64;
    let mut rows: [Vec<CountRow>; 2] = Default::default();
    let mut sources = Vec::new();
    for document in 0..DOCUMENTS {
        let outlet = document % n_outlets;
        let doc_id = id(document);
        sources.push((doc_id, format!("outlet-{outlet:02}")));
        let ease = 1.2 + 0.8 * normal_quantile(share());
        for label in 0..n_labels {
            let gold = 1 + (share() * 12.0 / n_labels as f64) as u64;
            let chance = 1.0 / (1.0 + (-ease).exp());
            // Equally good systems err in other places; a change of one keeps the rest.
            let answer = |chance: f64, share: &mut dyn FnMut() -> f64| {
                let found = (0..gold).filter(|_| share() < chance).count() as u64;
                let spurious = (0..gold).filter(|_| share() < 0.1).count() as u64;
                Counts { found, spurious, missed: gold - found }
            };
            let old = answer(chance, &mut share);
            let kept = match loss {
                Loss::Nothing => None,
                Loss::All if label == 0 => Some(0.0),
                Loss::Fifth | Loss::Swap if label == 0 => Some(0.8),
                Loss::Outlet if outlet == 0 => Some(0.5),
                _ => Some(1.0),
            };
            let mut new = match kept {
                None => answer(chance, &mut share),
                Some(kept) => {
                    let found = (0..old.found).filter(|_| share() < kept).count() as u64;
                    Counts { found, missed: gold - found, ..old }
                }
            };
            if matches!(loss, Loss::Swap) && label > 0 && new.missed > 0 && share() < 0.1
            {
                (new.found, new.missed) = (new.found + 1, new.missed - 1);
            }
            for (rows, counts) in rows.iter_mut().zip([old, new]) {
                rows.push(CountRow {
                    system: "acme".to_owned(),
                    doc_id,
                    layer: "entity".to_owned(),
                    metric: "strict".to_owned(),
                    label: format!("L{label:02}"),
                    counts,
                });
            }
        }
    }
    let docs: Vec<Digest> = sources.iter().map(|(doc, _)| *doc).collect();
    let [old, new] = rows.map(|rows| Table::from_rows(&docs, &rows));
    (old, new, sources)
}

fn id(at: usize) -> Digest {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&(at as u64).to_be_bytes());
    Digest::from(bytes)
}
