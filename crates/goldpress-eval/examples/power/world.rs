//! A simulated world: outlets, documents, and the counts of two versions of a system.

use goldpress_eval::{
    Table,
    statistics::{distributions::normal_quantile, random::Draws},
};
use goldpress_model::{CountRow, Counts, Digest};

/// How many documents each outlet has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// As many as any other.
    Equal,
    /// The k-th a k-th of the first, as in the world.
    Zipf,
}

/// What becomes of copies of one story in other outlets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copies {
    /// There are none.
    None,
    /// Half of the stories stand in five outlets; `dedup` has run, and keepers are scored.
    LeftOut,
    /// The same, and nobody looked for copies.
    NotLookedFor,
}

/// What the new version does to the answers of the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
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

/// One design of a simulation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Design {
    pub(crate) documents: usize,
    pub(crate) outlets: usize,
    pub(crate) sizes: Sizes,
    pub(crate) copies: Copies,
    pub(crate) labels: usize,
    /// Spread of the luck that each version has with each outlet, in logits.
    pub(crate) tau: f64,
    pub(crate) loss: Loss,
}

/// What one simulation gave.
pub(crate) struct World {
    pub(crate) old: Table,
    pub(crate) new: Table,
    /// Every document with its outlet.
    pub(crate) outlets: Vec<(Digest, String)>,
    /// What the harmed label, or the harmed outlet, loses of its F1 on average.
    pub(crate) expected: f64,
}

/// The label that is harmed, and the outlet.
pub(crate) const HARMED: &str = "L00";
pub(crate) const HARMED_OUTLET: &str = "outlet-001";

impl Design {
    /// Two versions on the same documents.
    pub(crate) fn world(&self, seed: u64) -> World {
        let mut draws = Draws::new(seed);
        let mut share =
            move || (draws.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64;
        let mut normal = |spread: f64| spread * normal_quantile(share());
        let luck: Vec<[f64; 2]> =
            (0..self.outlets).map(|_| [0, 1].map(|_| normal(self.tau))).collect();
        let outlet_of = self.assigned();
        let mut world = Written::default();
        let mut story: Option<(usize, Vec<[Counts; 2]>)> = None;
        for (document, &outlet) in outlet_of.iter().enumerate() {
            // Of ten documents five are copies of one story.
            let is_wire = self.copies != Copies::None && document % 10 < 5;
            let number = document / 10;
            if let (true, Some((known, counts))) = (is_wire, &story)
                && *known == number
            {
                if self.copies == Copies::NotLookedFor {
                    let counts = counts.clone();
                    world.write(document, outlet, &counts);
                }
                continue;
            }
            let ease = 1.2 + normal(0.8);
            let mut gold = Draws::new(seed ^ (document as u64 + 1) << 40);
            let counts: Vec<[Counts; 2]> = (0..self.labels)
                .map(|label| {
                    let chances = luck[outlet].map(|luck| logistic(ease + luck));
                    self.answers(label, outlet, chances, &mut gold, &mut world)
                })
                .collect();
            world.write(document, outlet, &counts);
            if is_wire {
                story = Some((number, counts));
            }
        }
        world.done(self.loss)
    }

    /// The outlet of each document: every one has some, dealt so that copies of a story
    /// stand in different ones.
    fn assigned(&self) -> Vec<usize> {
        match self.sizes {
            Sizes::Equal => (0..self.documents).map(|at| at % self.outlets).collect(),
            Sizes::Zipf => {
                let whole: f64 = (1..=self.outlets).map(|k| 1.0 / k as f64).sum();
                let spare = (self.documents - self.outlets) as f64;
                let mut left: Vec<f64> = (1..=self.outlets)
                    .map(|k| 1.0 + spare / (k as f64 * whole))
                    .collect();
                let mut dealt = Vec::with_capacity(self.documents);
                // Round by round, each outlet gives one while it has any left.
                while dealt.len() < self.documents {
                    let before = dealt.len();
                    for (outlet, left) in left.iter_mut().enumerate() {
                        if *left >= 1.0 && dealt.len() < self.documents {
                            *left -= 1.0;
                            dealt.push(outlet);
                        }
                    }
                    if dealt.len() == before {
                        left[0] += 1.0;
                    }
                }
                dealt
            }
        }
    }

    /// Counts of both versions for one label of one document.
    fn answers(
        &self,
        label: usize,
        outlet: usize,
        chances: [f64; 2],
        draws: &mut Draws,
        world: &mut Written,
    ) -> [Counts; 2] {
        let mut share = || (draws.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64;
        let gold = 1 + (share() * 12.0 / self.labels as f64) as u64;
        let mut answer = |chance: f64| {
            let found = (0..gold).filter(|_| share() < chance).count() as u64;
            let spurious = (0..gold).filter(|_| share() < 0.1).count() as u64;
            Counts { found, spurious, missed: gold - found }
        };
        let (old, other) = (answer(chances[0]), answer(chances[1]));
        let is_harmed = match self.loss {
            Loss::Outlet => outlet == 1,
            _ => label == 0,
        };
        let kept = match self.loss {
            Loss::Nothing => return [old, other],
            Loss::All if is_harmed => 0.0,
            Loss::Fifth | Loss::Swap if is_harmed => 0.8,
            Loss::Outlet if is_harmed => 0.5,
            _ => 1.0,
        };
        if !is_harmed && share() < 0.1 {
            // Elsewhere one answer in ten is another, no better and no worse.
            return [old, other];
        }
        let found = (0..old.found).filter(|_| share() < kept).count() as u64;
        let mut new = Counts { found, missed: gold - found, ..old };
        if self.loss == Loss::Swap && !is_harmed && new.missed > 0 && share() < 0.1 {
            (new.found, new.missed) = (new.found + 1, new.missed - 1);
        }
        if is_harmed {
            world.harmed += old;
            world.kept = kept;
        }
        [old, new]
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Rows of both versions while they are written.
#[derive(Default)]
struct Written {
    rows: [Vec<CountRow>; 2],
    outlets: Vec<(Digest, String)>,
    /// What the old version has of what is harmed, and the share that is kept.
    harmed: Counts,
    kept: f64,
}

impl Written {
    fn write(&mut self, document: usize, outlet: usize, counts: &[[Counts; 2]]) {
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&(document as u64).to_be_bytes());
        let doc_id = Digest::from(bytes);
        self.outlets.push((doc_id, format!("outlet-{outlet:03}")));
        for (label, both) in counts.iter().enumerate() {
            for (rows, counts) in self.rows.iter_mut().zip(both) {
                rows.push(CountRow {
                    system: "acme".to_owned(),
                    doc_id,
                    layer: "entity".to_owned(),
                    metric: "strict".to_owned(),
                    label: format!("L{label:02}"),
                    counts: *counts,
                });
            }
        }
    }

    fn done(self, loss: Loss) -> World {
        let docs: Vec<Digest> = self.outlets.iter().map(|(doc, _)| *doc).collect();
        let [old, new] = self.rows.map(|rows| Table::from_rows(&docs, &rows));
        let f1 = |found: f64| {
            let Counts { spurious, .. } = self.harmed;
            let gold = self.harmed.support() as f64;
            2.0 * found / (gold + found + spurious as f64)
        };
        let before = self.harmed.found as f64;
        let expected = match loss {
            Loss::Nothing => 0.0,
            _ => f1(before) - f1(before * self.kept),
        };
        World { old, new, outlets: self.outlets, expected }
    }
}
