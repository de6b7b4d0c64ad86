//! Entities: names and mentions.

mod capitalised_runs;

pub(crate) use capitalised_runs::CapitalisedRuns;
