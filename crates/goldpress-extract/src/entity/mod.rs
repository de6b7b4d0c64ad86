//! Entities: names and mentions.

mod capitalised_runs;
mod gazetteer;

pub(crate) use capitalised_runs::CapitalisedRuns;
pub(crate) use gazetteer::Gazetteer;
