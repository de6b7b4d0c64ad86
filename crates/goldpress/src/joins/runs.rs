//! Runs of a dataset: the newest of a system, and the beginning of another.

use std::collections::BTreeSet;

use goldpress_store::{Dataset, Run, RunWriter, StoreError};
use jiff::Timestamp;

use super::stamp;

/// The newest complete run of a system on the articles as they are now, else the newest.
pub(crate) fn newest_run(dataset: &Dataset, system: &str) -> anyhow::Result<Option<Run>> {
    let articles = dataset.manifest().articles_hash();
    // Complete runs come first, each kind from the newest.
    let runs = dataset.runs()?;
    let newest = runs.iter().find(|run| {
        run.articles == articles && run.systems.iter().any(|one| one.name == system)
    });
    newest.map(|run| Run::open(dataset, &run.run_id)).transpose().map_err(Into::into)
}

/// Systems that have a run on the articles as they are now.
pub(crate) fn current_systems(dataset: &Dataset) -> anyhow::Result<BTreeSet<String>> {
    let articles = dataset.manifest().articles_hash();
    let runs = dataset.runs()?.into_iter().filter(|run| run.articles == articles);
    Ok(runs.flat_map(|run| run.systems).map(|system| system.name).collect())
}

/// Begins a run named by its start and its system; a second one in the same second gets a
/// number.
pub(crate) fn begin_run(
    dataset: &Dataset,
    started: Timestamp,
    system: &str,
) -> anyhow::Result<(String, RunWriter)> {
    let slug: String =
        system.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = format!("{}-{slug}", stamp(started));
    for n in 1_u32.. {
        let run_id = if n == 1 { name.clone() } else { format!("{name}-{n}") };
        match RunWriter::create(dataset, &run_id) {
            Err(StoreError::RunExists { .. }) => {}
            writer => return Ok((run_id, writer?)),
        }
    }
    unreachable!("there are not that many runs in a second")
}
