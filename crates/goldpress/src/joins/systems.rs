//! Which systems compete: those of `goldpress.toml`, else every built-in.

use std::collections::BTreeMap;

use goldpress_eval::Relabel;
use goldpress_extract::{EXTRACTORS, Extractor, extractor};
use goldpress_model::Schema;

use crate::{config::Config, exit::Refusal};

/// The built-in systems that a verb runs, in the order of the file or of the list.
///
/// # Errors
///
/// A refusal when `wanted` or the file names a system that is not built in.
pub(crate) fn chosen(
    config: &Config,
    wanted: &[String],
) -> anyhow::Result<Vec<&'static dyn Extractor>> {
    let names: Vec<&str> = match (wanted, config.systems.as_slice()) {
        ([], []) => return Ok(EXTRACTORS.to_vec()),
        ([], systems) => systems.iter().map(|system| system.name.as_str()).collect(),
        (wanted, _) => wanted.iter().map(String::as_str).collect(),
    };
    let mut chosen: Vec<&'static dyn Extractor> = Vec::new();
    for name in names {
        let Some(system) = extractor(name) else { return Err(unknown(config, name)) };
        if !chosen.iter().any(|old| old.name() == name) {
            chosen.push(system);
        }
    }
    Ok(chosen)
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

fn unknown(config: &Config, name: &str) -> anyhow::Error {
    let declared = config.systems.iter().find(|system| system.name == name);
    if let Some(system) = declared.filter(|system| !system.cmd.is_empty()) {
        return Refusal::error(
            format!(
                "`{}` is a program, and this build runs built-in systems only",
                system.name
            ),
            "take it out of `goldpress.toml`, or name others with --system",
        );
    }
    let names: Vec<&str> = EXTRACTORS.iter().map(|system| system.name()).collect();
    Refusal::error(
        format!("there is no system `{name}`"),
        format!("one of: {}", names.join(", ")),
    )
}
