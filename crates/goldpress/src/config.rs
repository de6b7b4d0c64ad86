//! `goldpress.toml`: systems, gates, schema, the one file a person edits.
//!
//! Every value is typed as it is read, so that a wrong one is told with its line and what
//! is valid. An unknown key is refused: a misspelt key would otherwise be a setting that
//! silently does nothing; and so is a key of what this build cannot do yet.

mod unbuilt;
mod values;

use std::{collections::BTreeMap, fs, io, path::Path};

use anyhow::Context;
use goldpress_eval::{Lines, UnitChoice, gate::Gate as GateWord};
use serde::Deserialize;

pub(crate) use self::values::{Points, Share, parse_gates};
use self::values::{alpha, gates, resamples, text};
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
    /// How raw files become articles.
    pub(crate) ingest: Ingest,
    /// The systems that compete; none: every built-in.
    #[serde(rename = "system")]
    pub(crate) systems: Vec<System>,
    /// How gold and predictions are scored.
    pub(crate) eval: Eval,
    /// What CI fails on.
    pub(crate) gate: Gate,
    /// How differences are tested.
    pub(crate) stats: Stats,
    /// Tables that override others under `--profile NAME`.
    pub(crate) profile: BTreeMap<String, toml::Table>,
}

/// How raw files become articles.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ingest {
    /// Weights of the region of the body, as `goldpress train blocks` writes them, relative
    /// to the dataset; none: those of the build.
    pub(crate) model: Option<String>,
}

/// A system that competes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct System {
    /// Its name; without `predictions` a built-in system or one with a run on disk.
    pub(crate) name: String,
    /// Its answers, as a file or folder; relative to this file.
    #[serde(default)]
    pub(crate) predictions: Option<String>,
    /// Tasks that are scored; empty: all that it serves.
    #[serde(default)]
    pub(crate) tasks: Vec<String>,
    /// Its labels → ours.
    #[serde(default)]
    pub(crate) map: BTreeMap<String, String>,
    /// Its labels that are dropped.
    #[serde(default)]
    pub(crate) ignore: Vec<String>,
}

/// How gold and predictions are scored.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Eval {
    /// Which part of the text.
    #[serde(deserialize_with = "text")]
    pub(crate) scope: Lines,
    /// What documents are cut by.
    pub(crate) by: Vec<String>,
    /// Least share of the gold documents in which a scored layer is done.
    pub(crate) min_done: Share,
}

impl Default for Eval {
    fn default() -> Self {
        Eval { scope: Lines::Main, by: Vec::new(), min_done: Share::ZERO }
    }
}

/// What CI fails on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Gate {
    /// A file, or `git:REF:PATH`.
    pub(crate) baseline: String,
    /// A second baseline that no `accept` moves, such as that of the last release: a file,
    /// or `git:REF:PATH`.
    pub(crate) release: Option<String>,
    /// The gates; never empty.
    #[serde(deserialize_with = "gates")]
    pub(crate) fail_on: Vec<GateWord>,
    /// Systems whose gates count; empty: all.
    pub(crate) systems: Vec<String>,
    /// Labels whose own test counts for `any`, `margin` and `noninferior`; `*` for all.
    pub(crate) labels: Vec<String>,
    /// Largest fall that verdicts tolerate.
    pub(crate) margin: Option<Points>,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            baseline: "goldpress.baseline.jsonl".to_owned(),
            release: None,
            fail_on: vec![GateWord::Significant, GateWord::Outlet, GateWord::NewErrors],
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
    /// What is swapped and resampled.
    #[serde(deserialize_with = "text")]
    pub(crate) unit: UnitChoice,
    /// Largest p that counts as significant.
    #[serde(deserialize_with = "alpha")]
    pub(crate) alpha: f64,
    /// Seed of everything random.
    pub(crate) seed: u64,
    /// The one headline that decides, as `layer/metric`.
    pub(crate) primary: Option<String>,
    /// Random masks of a test.
    #[serde(deserialize_with = "resamples")]
    pub(crate) resamples: u32,
}

impl Default for Stats {
    fn default() -> Self {
        Stats {
            unit: UnitChoice::Auto,
            alpha: 0.05,
            seed: 42,
            primary: None,
            resamples: 9_999,
        }
    }
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
        let table: toml::Table = toml::from_str(text).map_err(|error| refused(&error))?;
        unbuilt::refuse(&table)?;
        let plain: Config = toml::from_str(text).map_err(|error| refused(&error))?;
        plain.refuse_twins()?;
        let mut chosen = None;
        // Every profile is read, so that a misspelt key of one shows at once.
        for (name, over) in &plain.profile {
            let context = || format!("profile `{name}`");
            unbuilt::refuse(over).with_context(context)?;
            let config = overlaid(table.clone(), over)
                .try_into()
                .map_err(|error| refused(&error))
                .with_context(context)?;
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

impl Config {
    /// The system of that name, where the file declares one.
    pub(crate) fn system(&self, name: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.name == name)
    }

    /// A name is the key of every result: two systems of one name would be one.
    fn refuse_twins(&self) -> anyhow::Result<()> {
        for (n, system) in self.systems.iter().enumerate() {
            if self.systems[..n].iter().any(|other| other.name == system.name) {
                let message =
                    format!("two [[system]] tables are named `{}`", system.name);
                return Err(Refusal::error(message, "each system has a name of its own"));
            }
        }
        Ok(())
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
    fn a_wrong_value_is_told_with_what_is_valid() {
        for (text, told) in [
            ("[eval]\nscope = \"mian\"", "`mian` is no scope: use main or all"),
            ("[eval]\nmin_done = 1.5", "`1.5` is no share: use a number from 0 to 1"),
            ("[eval]\nmin_done = \"ninety\"", "`ninety` is no share"),
            ("[eval]\nsplit = \"test\"", "`eval.split` comes with `goldpress build`"),
            ("[stats]\nunit = \"cluster\"", "use auto, source or document"),
            ("[stats]\nalpha = 0.5", "alpha is 0.5: use 0.001 to 0.2"),
            ("[stats]\nalpha = nan", "alpha is NaN: use 0.001 to 0.2"),
            ("[stats]\nresamples = 10", "resamples is 10: use 999 to 1000000"),
            ("[gate]\nmargin = \"0.5\"", "`0.5` is no margin: write 0.5pt"),
            ("[gate]\nfail_on = []", "no gate is named: nothing could ever fail"),
            ("[gate]\nfail_on = [\"margin=100pt\"]", "could never fail"),
            ("[gate]\nfail_on = [\"sometimes\"]", "`sometimes` is no gate"),
            ("[gate]\nfail_on = [\"slower=5%\"]", "comes with `goldpress bench`"),
            ("[bench]\nrounds = 10", "`[bench]` comes with `goldpress bench`"),
            ("[label]\noverlap = 0.1", "`[label]` comes with the labelling page"),
            ("[recipe.news]\nx = 1", "`[recipe]` comes with `goldpress build`"),
            ("[[system]]\nname = \"a\"\ncmd = [\"a\"]", "`system.cmd` comes with"),
            ("[[system]]\ntasks = [\"entity\"]", "missing field `name`"),
            ("[[system]]\nname = \"a\"\n[[system]]\nname = \"a\"", "two [[system]]"),
            ("[profile.n.bench]\nrounds = 1", "profile `n`"),
            ("[profile.n.eval]\nscope = \"mian\"", "profile `n`"),
        ] {
            let error = Config::parse(text, None).expect_err(text);
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            assert!(chain.join("\n").contains(told), "{text}: {chain:?}");
        }
    }

    #[test]
    fn values_are_typed_as_they_are_read() {
        let text = "[eval]\nscope = \"all\"\nmin_done = \"90%\"\n\
                    [gate]\nmargin = \"0.5pt\"\nfail_on = [\"margin=1pt\"]";
        let config = Config::parse(text, None).unwrap();
        assert_eq!(config.eval.scope, Lines::All);
        assert_eq!(config.eval.min_done, "0.9".parse().unwrap());
        assert_eq!(config.gate.margin.map(Points::get), Some(0.005));
        assert_eq!(config.gate.fail_on, [GateWord::Margin(0.01)]);
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
    }
}
