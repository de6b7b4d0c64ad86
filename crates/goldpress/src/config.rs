//! `goldpress.toml`: systems, gates, schema and recipes, the one file a person edits.
//!
//! An unknown key is refused: a misspelt key would otherwise be a setting that silently
//! does nothing.

use std::{collections::BTreeMap, fs, io, path::Path};

use anyhow::Context;
use serde::Deserialize;

use crate::exit::Refusal;

/// Name of the file in a dataset folder.
pub(crate) const FILE: &str = "goldpress.toml";

/// What `goldpress init` writes: every key with its default, commented out.
pub(crate) const TEMPLATE: &str = include_str!("goldpress.toml");

/// All of `goldpress.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// `name@version` of a built-in schema, or a table that declares one.
    pub(crate) schema: Option<toml::Value>,
    /// The systems that compete; none: every built-in.
    #[serde(rename = "system")]
    pub(crate) systems: Vec<System>,
    /// How gold and predictions are scored.
    pub(crate) eval: Eval,
    /// What CI fails on.
    pub(crate) gate: Gate,
    /// How differences are tested.
    pub(crate) stats: Stats,
    /// How times are taken.
    pub(crate) bench: Bench,
    /// How people label.
    pub(crate) label: Label,
    /// Recipes of training datasets.
    pub(crate) recipe: BTreeMap<String, toml::Table>,
    /// Tables that override others under `--profile NAME`.
    pub(crate) profile: BTreeMap<String, toml::Table>,
}

/// A system that competes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct System {
    pub(crate) name: String,
    pub(crate) cmd: Vec<String>,
    pub(crate) predictions: Option<String>,
    pub(crate) tasks: Vec<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) input: Option<String>,
    pub(crate) offsets: Option<String>,
    pub(crate) timeout: Option<String>,
    pub(crate) start_timeout: Option<String>,
    pub(crate) mem: Option<String>,
    pub(crate) window: Option<u32>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) ignore: Vec<String>,
}

/// How gold and predictions are scored.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Eval {
    pub(crate) scope: String,
    pub(crate) split: String,
    pub(crate) by: Vec<String>,
}

impl Default for Eval {
    fn default() -> Self {
        Eval { scope: "main".to_owned(), split: String::new(), by: Vec::new() }
    }
}

/// What CI fails on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Gate {
    pub(crate) baseline: String,
    pub(crate) fail_on: Vec<String>,
    pub(crate) systems: Vec<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) margin: Option<String>,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            baseline: "goldpress.baseline.jsonl".to_owned(),
            fail_on: vec!["significant".to_owned(), "new-errors".to_owned()],
            systems: Vec::new(),
            labels: Vec::new(),
            margin: None,
        }
    }
}

/// How differences are tested.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Stats {
    pub(crate) unit: String,
    pub(crate) alpha: f64,
    pub(crate) seed: u64,
    pub(crate) resamples: u32,
}

impl Default for Stats {
    fn default() -> Self {
        Stats { unit: "auto".to_owned(), alpha: 0.05, seed: 42, resamples: 9_999 }
    }
}

/// How times are taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Bench {
    pub(crate) documents: u32,
    pub(crate) chunk: u32,
    pub(crate) rounds: u32,
    pub(crate) max_rounds: u32,
    pub(crate) threads: u32,
    pub(crate) metric: String,
}

impl Default for Bench {
    fn default() -> Self {
        Bench {
            documents: 500,
            chunk: 50,
            rounds: 10,
            max_rounds: 40,
            threads: 1,
            metric: "cpu".to_owned(),
        }
    }
}

/// How people label.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Label {
    pub(crate) overlap: f64,
    pub(crate) keys: BTreeMap<String, String>,
}

impl Config {
    /// Reads the file of a dataset folder; a folder without one has the defaults.
    ///
    /// # Errors
    ///
    /// The file cannot be read (1), is no TOML, or holds an unknown key or a value of the
    /// wrong type (2).
    pub(crate) fn read(dataset: &Path) -> anyhow::Result<Config> {
        Config::read_with(dataset, None)
    }

    /// The same, with the tables of a profile over those of the file.
    ///
    /// # Errors
    ///
    /// As [`Config::read`]; and there is no profile of that name (2).
    pub(crate) fn read_with(
        dataset: &Path,
        profile: Option<&str>,
    ) -> anyhow::Result<Config> {
        let path = dataset.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read `{}`", path.display()));
            }
        };
        Config::parse(&text, profile)
            .with_context(|| format!("cannot use `{}`", path.display()))
    }

    fn parse(text: &str, profile: Option<&str>) -> anyhow::Result<Config> {
        let plain: Config = toml::from_str(text).map_err(|error| refused(&error))?;
        let table: toml::Table = toml::from_str(text).map_err(|error| refused(&error))?;
        let mut chosen = None;
        // Every profile is read, so that a misspelt key of one shows at once.
        for (name, over) in &plain.profile {
            let config = overlaid(table.clone(), over)
                .try_into()
                .map_err(|error| refused(&error))
                .with_context(|| format!("profile `{name}`"))?;
            if profile == Some(name.as_str()) {
                chosen = Some(config);
            }
        }
        match (profile, chosen) {
            (None, _) => Ok(plain),
            (Some(_), Some(config)) => Ok(config),
            (Some(name), None) => {
                let known: Vec<&str> = plain.profile.keys().map(String::as_str).collect();
                let hint = match known.as_slice() {
                    [] => format!("write a table [profile.{name}.gate]"),
                    known => format!("one of: {}", known.join(", ")),
                };
                Err(Refusal::error(format!("there is no profile `{name}`"), hint))
            }
        }
    }
}

/// `[profile.NAME.TABLE]` over `[TABLE]`, key by key.
fn overlaid(mut table: toml::Table, over: &toml::Table) -> toml::Table {
    for (name, value) in over {
        match (table.get_mut(name), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => {
                old.extend(new.clone());
            }
            _ => {
                table.insert(name.clone(), value.clone());
            }
        }
    }
    table
}

fn refused(error: &toml::de::Error) -> anyhow::Error {
    let hint = "`goldpress init --print` shows every key with its default";
    Refusal::error(error.to_string().trim_end().to_owned(), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused() {
        let error = Config::parse("[gate]\nfail-on = []\n", None).unwrap_err();
        assert!(error.to_string().contains("unknown field `fail-on`"), "{error}");
    }

    #[test]
    fn a_profile_overrides_key_by_key_and_is_read_before_anyone_asks() {
        let text = "[stats]\nalpha = 0.01\n[profile.nightly.stats]\nseed = 7\n";
        let config = Config::parse(text, Some("nightly")).unwrap();
        assert_eq!((config.stats.alpha, config.stats.seed), (0.01, 7));
        assert_eq!(Config::parse(text, None).unwrap().stats.seed, 42);
        let unknown = Config::parse(text, Some("weekly")).unwrap_err();
        assert!(unknown.to_string().contains("no profile `weekly`"), "{unknown}");
        let misspelt = Config::parse("[profile.nightly.stats]\nsed = 7\n", None);
        assert!(misspelt.is_err());
    }

    #[test]
    fn the_template_with_every_comment_taken_off_is_valid() {
        let bare: Vec<&str> = TEMPLATE
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .collect();
        let settings = bare.iter().filter(|line| !line.starts_with("#:"));
        let text: Vec<&str> = settings.copied().collect();
        let config = Config::parse(&text.join("\n"), None).unwrap();
        assert_eq!(config.stats.resamples, Stats::default().resamples);
        assert_eq!(config.gate.fail_on, Gate::default().fail_on);
        assert_eq!(config.bench.documents, Bench::default().documents);
    }
}
