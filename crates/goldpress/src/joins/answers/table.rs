//! Answers as a table `predictions`, as runs hold it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::bail;
use goldpress_extract::Task;
use goldpress_model::Prediction;
use goldpress_store::{Run, RunInfo};

use super::{Answers, of_file};

/// First bytes of every Parquet file.
const PARQUET: &[u8] = b"PAR1";

/// Whether a file is such a table. Other formats are Parquet too.
pub(super) fn is_table(path: &Path, bytes: &[u8]) -> bool {
    bytes.starts_with(PARQUET)
        && Run::predictions_of(path).next().is_none_or(|first| first.is_ok())
}

/// Reads a table `predictions`. What a system serves stands in the `run.json` beside it,
/// where the table is that of a run; else it is read off its rows.
pub(super) fn table(path: &Path) -> anyhow::Result<Vec<Answers>> {
    let mut systems: BTreeMap<String, (BTreeSet<String>, Vec<Prediction>)> =
        BTreeMap::new();
    for row in Run::predictions_of(path) {
        let row = row?;
        let (tasks, rows) = systems.entry(row.system.clone()).or_default();
        tasks.extend(row.annotations.iter().map(|line| line.layer.clone()));
        for (there, task) in [
            (row.body.is_some(), Task::Content),
            (row.blocks.is_some(), Task::Blocks),
            (row.fields.is_some(), Task::Metadata),
        ] {
            if there {
                tasks.insert(task.name().to_owned());
            }
        }
        rows.push(row);
    }
    if systems.is_empty() {
        bail!("it holds no answer");
    }
    let declared = declared(path);
    let answers = |(name, (mut tasks, rows)): (String, (BTreeSet<String>, Vec<_>))| {
        tasks.extend(declared.get(&name).into_iter().flatten().cloned());
        Answers { about: of_file(name, tasks.into_iter().collect()), rows }
    };
    Ok(systems.into_iter().map(answers).collect())
}

/// The tasks of each system, where the table lies in the folder of a run.
fn declared(path: &Path) -> BTreeMap<String, Vec<String>> {
    let info = std::fs::read(path.with_file_name("run.json")).ok();
    let info: Option<RunInfo> =
        info.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let systems = info.into_iter().flat_map(|info| info.systems);
    systems.map(|system| (system.name, system.tasks)).collect()
}
