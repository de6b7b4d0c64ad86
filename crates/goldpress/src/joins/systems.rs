//! Which systems compete: those of `goldpress.toml`, else every built-in.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::Relabel;
use goldpress_extract::{EXTRACTORS, Extractor, Task, extractor};
use goldpress_model::Schema;

use crate::{
    config::{Config, System},
    exit::Refusal,
};

/// Where the answers of a system come from.
pub(crate) enum Competitor<'c> {
    /// It is built in: `extract` runs it.
    BuiltIn(&'static dyn Extractor),
    /// They lie in a file that `goldpress.toml` names.
    File(&'c System, &'c str),
    /// They are in a run on the disk, whoever made it.
    Stored(String),
}

impl Competitor<'_> {
    /// The name of the system.
    pub(crate) fn name(&self) -> &str {
        match self {
            Competitor::BuiltIn(system) => system.name(),
            Competitor::File(system, _) => &system.name,
            Competitor::Stored(name) => name,
        }
    }
}

/// The systems that are scored: those named, else those of the file, else every built-in;
/// where none of these has a run, whatever has one.
///
/// `with_runs` names the systems that have a run on the articles as they are.
///
/// # Errors
///
/// A refusal for a name that is neither built in, nor has a run, nor a file of answers.
pub(crate) fn competitors<'c>(
    config: &'c Config,
    wanted: &[String],
    with_runs: &BTreeSet<String>,
) -> anyhow::Result<Vec<Competitor<'c>>> {
    let declared = || config.systems.iter().map(|system| system.name.clone());
    let names: Vec<String> = match (wanted, config.systems.as_slice()) {
        ([], []) => {
            let is_built_in = |name: &String| extractor(name).is_some();
            let (ours, others): (Vec<_>, Vec<_>) =
                with_runs.iter().cloned().partition(is_built_in);
            if ours.is_empty() && !others.is_empty() {
                return Ok(others.into_iter().map(Competitor::Stored).collect());
            }
            return Ok(EXTRACTORS.iter().copied().map(Competitor::BuiltIn).collect());
        }
        ([], _) => declared().collect(),
        (wanted, _) => wanted.to_vec(),
    };
    let mut chosen: Vec<Competitor<'c>> = Vec::new();
    for name in names {
        if chosen.iter().any(|old| old.name() == name) {
            continue;
        }
        let system = config.system(&name);
        let file =
            system.and_then(|system| Some((system, system.predictions.as_deref()?)));
        chosen.push(match (file, extractor(&name)) {
            (Some((system, file)), _) => Competitor::File(system, file),
            (None, Some(built_in)) => Competitor::BuiltIn(built_in),
            (None, None) if with_runs.contains(&name) => Competitor::Stored(name),
            (None, None) => return Err(unknown(&name, declared().collect(), with_runs)),
        });
    }
    Ok(chosen)
}

/// The built-in systems that `extract` runs, in the order of the file or of the list.
///
/// # Errors
///
/// A refusal when `wanted` or the file names a system that is not built in; one of the
/// file whose answers lie in a file is passed over.
pub(crate) fn runnable(
    config: &Config,
    wanted: &[String],
) -> anyhow::Result<Vec<&'static dyn Extractor>> {
    let mut chosen = Vec::new();
    for competitor in competitors(config, wanted, &BTreeSet::new())? {
        match competitor {
            Competitor::BuiltIn(system) => chosen.push(system),
            Competitor::File(system, file) if !wanted.is_empty() => {
                let name = &system.name;
                let message = format!("`{name}` is not run: its answers lie in `{file}`");
                return Err(Refusal::error(message, "goldpress eval reads them"));
            }
            Competitor::File(..) | Competitor::Stored(_) => {}
        }
    }
    Ok(chosen)
}

/// The tasks that the file restricts a system to, as tasks of runs are named.
///
/// # Errors
///
/// A refusal for a word that is no task and no layer of the schema.
pub(crate) fn tasks_of(
    config: &Config,
    schema: &Schema,
) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let is_task =
        |word: &&String| word.parse::<Task>().is_ok() || schema.layer(word).is_some();
    let mut tasks = BTreeMap::new();
    for system in config.systems.iter().filter(|system| !system.tasks.is_empty()) {
        if let Some(gone) = system.tasks.iter().find(|word| !is_task(word)) {
            let layers = schema.layers.iter().map(|layer| layer.name.as_str());
            let valid: BTreeSet<&str> = [Task::Content, Task::Blocks, Task::Metadata]
                .iter()
                .map(|task| task.name())
                .chain(layers)
                .collect();
            let valid: Vec<&str> = valid.into_iter().collect();
            let message =
                format!("tasks of system `{}`: there is no `{gone}`", system.name);
            return Err(Refusal::error(message, format!("of: {}", valid.join(", "))));
        }
        tasks.insert(system.name.clone(), system.tasks.clone());
    }
    Ok(tasks)
}

/// What each system of the file calls otherwise than the schema.
///
/// # Errors
///
/// A refusal when a label to map to is not in the schema.
pub(crate) fn relabels(
    config: &Config,
    schema: &Schema,
) -> anyhow::Result<BTreeMap<String, Relabel>> {
    let mut relabels = BTreeMap::new();
    for system in &config.systems {
        if system.map.is_empty() && system.ignore.is_empty() {
            continue;
        }
        let table = Relabel {
            map: system.map.clone(),
            ignore: system.ignore.iter().cloned().collect(),
        };
        let table = table.resolved(schema).map_err(|error| {
            let message = format!("map of system `{}`: {error}", system.name);
            Refusal::error(message, "goldpress schema --guide lists the labels")
        })?;
        relabels.insert(system.name.clone(), table);
    }
    Ok(relabels)
}

fn unknown(
    name: &str,
    declared: Vec<String>,
    with_runs: &BTreeSet<String>,
) -> anyhow::Error {
    let built_in: Vec<&str> = EXTRACTORS.iter().map(|system| system.name()).collect();
    let is_other = |name: &&String| !built_in.contains(&name.as_str());
    let others: BTreeSet<&String> = with_runs
        .iter()
        .chain(&declared)
        .filter(is_other)
        .filter(|one| *one != name)
        .collect();
    let others = others.into_iter().map(|name| format!(", {name}")).collect::<String>();
    Refusal::error(
        format!(
            "`{name}` is not built in, and has neither a run on these articles nor a file of answers"
        ),
        format!(
            "one of: {}{others}; or --predictions {name}=FILE with its answers",
            built_in.join(", ")
        ),
    )
}
