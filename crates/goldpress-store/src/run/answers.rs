//! Answers of a run, summed up: a hash and the outcomes of each system.

use std::collections::BTreeMap;

use goldpress_model::{Prediction, RunOutcome};

use super::RunInfo;
use crate::tables::answer;

/// What each system answered, summed up.
#[derive(Default)]
pub(super) struct Answers {
    systems: BTreeMap<String, (blake3::Hasher, BTreeMap<RunOutcome, u64>)>,
}

impl Answers {
    /// Takes rows in the order of the file.
    pub(super) fn add(&mut self, row: &Prediction) {
        if !self.systems.contains_key(&row.system) {
            self.systems.insert(row.system.clone(), Default::default());
        }
        if let Some((hash, outcomes)) = self.systems.get_mut(&row.system) {
            hash.update(answer(row).as_bytes());
            hash.update(b"\n");
            *outcomes.entry(row.outcome).or_default() += 1;
        }
    }

    /// Fills in what `run.json` says of the answers.
    pub(super) fn sum_up(mut self, info: &mut RunInfo) {
        for system in &mut info.systems {
            let (hash, outcomes) = self.systems.remove(&system.name).unwrap_or_default();
            system.predictions = hash.finalize().to_hex().to_string();
            system.complete &= !outcomes.contains_key(&RunOutcome::Skipped);
            system.outcomes = outcomes;
        }
    }
}
