//! How often two equally good systems are told apart: the false-alarm rate of the paired
//! permutation test, by the unit that is swapped.
//!
//! Prints the table of METHODOLOGY.md:
//! `cargo run --release -p goldpress-eval --example calibration`.

use goldpress_eval::statistics::{
    distributions::normal_quantile,
    permutation::{Resampling, p},
    random::Draws,
    ratio::{F1, Sample},
};
use goldpress_model::Counts;

/// Simulated pairs of each design.
const PAIRS: u64 = 1000;
const DOCUMENTS: usize = 200;

/// How documents hang together.
struct Design {
    name: &'static str,
    sources: usize,
    /// Spread of the luck that each system has with each source, in logits.
    tau: f64,
}

const DESIGNS: [Design; 4] = [
    Design { name: "20 sources, τ 0", sources: 20, tau: 0.0 },
    Design { name: "20 sources, τ 0.3", sources: 20, tau: 0.3 },
    Design { name: "8 sources, τ 0.3", sources: 8, tau: 0.3 },
    Design { name: "200 sources, τ 0.3", sources: 200, tau: 0.3 },
];

#[expect(clippy::print_stdout, reason = "an example's output is its purpose")]
fn main() {
    println!("| design | by document | by source |\n|---|---|---|");
    for (at, design) in DESIGNS.iter().enumerate() {
        let mut rejected = [0, 0];
        for pair in 0..PAIRS {
            let [documents, sources] = simulate(design, (at as u64) << 32 | pair);
            for (rejected, (old, new)) in rejected.iter_mut().zip([documents, sources]) {
                let sample = Sample::of_counts(F1, &old, &new);
                let masks = Resampling { seed: 42, resamples: 999 };
                *rejected += u64::from(p(&sample, masks) <= 0.05);
            }
        }
        let [document, source] = rejected.map(|n| n as f64 / PAIRS as f64);
        println!("| {} | {document:.3} | {source:.3} |", design.name);
    }
}

type Pair = (Vec<Counts>, Vec<Counts>);

/// Counts of both systems, by document and by source.
fn simulate(design: &Design, seed: u64) -> [Pair; 2] {
    let mut draws = Draws::new(seed);
    let mut share = move || (draws.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64;
    let luck: Vec<[f64; 2]> = (0..design.sources)
        .map(|_| [0, 1].map(|_| design.tau * normal_quantile(share())))
        .collect();
    let mut documents: Pair = Default::default();
    let mut sources: Pair = Default::default();
    sources.0.resize(design.sources, Counts::default());
    sources.1.resize(design.sources, Counts::default());
    for document in 0..DOCUMENTS {
        let source = document % design.sources;
        let gold = 3 + (share() * 15.0) as u64;
        // Hard and easy documents are hard and easy for both.
        let ease = 1.2 + 0.8 * normal_quantile(share());
        let counts = luck[source].map(|luck| {
            let chance = 1.0 / (1.0 + (-(ease + luck)).exp());
            let found = (0..gold).filter(|_| share() < chance).count() as u64;
            let spurious =
                (0..gold).filter(|_| share() < 0.25 * (1.0 - chance) + 0.1).count();
            Counts { found, spurious: spurious as u64, missed: gold - found }
        });
        documents.0.push(counts[0]);
        documents.1.push(counts[1]);
        sources.0[source] += counts[0];
        sources.1[source] += counts[1];
    }
    [documents, sources]
}
