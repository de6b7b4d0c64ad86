//! Keys of `goldpress.toml` whose features this build does not have.
//!
//! They are part of the file's design, so someone will write them: a setting that nobody
//! reads would look as if it worked.

use crate::exit::Refusal;

/// Tables, and what they come with.
const TABLES: &[(&str, &str)] = &[
    ("bench", "`goldpress bench`"),
    ("label", "the labelling page"),
    ("recipe", "`goldpress build`"),
];

/// Keys of a `[[system]]` that is a program of its own.
const OF_PROGRAMS: &[&str] = &[
    "cmd",
    "protocol",
    "input",
    "offsets",
    "timeout",
    "start_timeout",
    "mem",
    "window",
    "env",
];

/// Refuses a file, or the tables of a profile, with a setting that nothing would read.
pub(super) fn refuse(table: &toml::Table) -> anyhow::Result<()> {
    for (name, feature) in TABLES {
        if table.contains_key(*name) {
            return Err(refused(&format!("[{name}]"), feature, "take the table out"));
        }
    }
    let split = table.get("eval").and_then(|eval| eval.get("split"));
    if split.is_some_and(|split| split.as_str() != Some("")) {
        let hint = "take the key out: all gold is scored";
        return Err(refused("eval.split", "`goldpress build`", hint));
    }
    let systems = table.get("system").and_then(toml::Value::as_array);
    for key in systems.into_iter().flatten().filter_map(toml::Value::as_table) {
        if let Some(key) = OF_PROGRAMS.iter().find(|name| key.contains_key(**name)) {
            let hint = "run the program yourself, and name its answers: \
                        predictions = \"answers.jsonl\"";
            let key = format!("system.{key}");
            return Err(refused(&key, "programs that goldpress starts itself", hint));
        }
    }
    Ok(())
}

fn refused(key: &str, feature: &str, hint: &str) -> anyhow::Error {
    let message =
        format!("`{key}` comes with {feature}, which this version does not have yet");
    Refusal::error(message, hint)
}
