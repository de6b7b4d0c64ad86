//! Presets: how the fields of a crawler's records are called, one data file each.

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use serde::Deserialize;
use serde_json::Value;

use crate::mapping::Path;

/// All presets, most particular first: the first whose keys are there is taken.
pub const PRESETS: &[(&str, &str)] = &[
    ("news-please", include_str!("news-please.toml")),
    ("fundus", include_str!("fundus.toml")),
    ("trafilatura-json", include_str!("trafilatura-json.toml")),
    ("trafilatura-csv", include_str!("trafilatura-csv.toml")),
    ("newspaper4k", include_str!("newspaper4k.toml")),
    ("json-ld", include_str!("json-ld.toml")),
    ("wordpress", include_str!("wordpress.toml")),
    ("guardian", include_str!("guardian.toml")),
    ("newsapi", include_str!("newsapi.toml")),
    ("archivebox", include_str!("archivebox.toml")),
    ("dolma", include_str!("dolma.toml")),
    ("datatrove", include_str!("datatrove.toml")),
    ("scrapy", include_str!("scrapy.toml")),
];

/// How a crawler's records are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preset {
    /// Name, as `--preset` takes it.
    pub(crate) name: String,
    /// Columns of a table without a header.
    #[serde(default)]
    columns: Vec<String>,
    /// Keys that a record has, every one.
    #[serde(default)]
    all: Vec<Path>,
    /// Keys of which a record has one at least.
    #[serde(default)]
    any: Vec<Path>,
    /// Whether records may stand in the lists of one object, by outlet or day.
    #[serde(default)]
    pub(crate) grouped: bool,
    /// Our names → where theirs stand, the best first.
    pub(crate) fields: BTreeMap<String, Vec<Path>>,
    /// Our names → what parts several values in one text.
    #[serde(default)]
    pub(crate) split: BTreeMap<String, String>,
    /// Every key that is read, in lower case.
    #[serde(skip)]
    keys: HashSet<String>,
}

static PARSED: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let parse = |(_, text): &(&str, &str)| {
        let mut preset: Preset = toml::from_str(text).expect("presets are tested");
        preset.keys = preset.fields.values().flatten().flat_map(Path::keys).collect();
        preset
    };
    PRESETS.iter().map(parse).collect()
});

impl Preset {
    /// All presets, in the order in which they are tried.
    pub(crate) fn all() -> &'static [Preset] {
        &PARSED
    }

    /// The preset of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Preset> {
        PARSED.iter().find(|preset| preset.name == name)
    }

    /// Every key that it reads, with points in it where it stands deeper, in lower case.
    pub(crate) fn keys(&self) -> &HashSet<String> {
        &self.keys
    }

    /// The first preset whose keys a record has.
    pub(crate) fn of(record: &Value) -> Option<&'static Preset> {
        PARSED.iter().find(|preset| preset.fits(record))
    }

    /// The columns of a table whose first row is no header but an article of this preset:
    /// as many, an address where one belongs, and no name of a column.
    pub(crate) fn columns_of(&self, row: &[String]) -> Option<&[String]> {
        let is_address = |value: &String| value.contains("://");
        let has_address = self
            .columns
            .iter()
            .zip(row)
            .any(|(name, value)| name == "url" && is_address(value));
        let has_name = row.iter().any(|value| self.columns.contains(value));
        let fits = self.columns.len() == row.len() && has_address && !has_name;
        fits.then_some(self.columns.as_slice())
    }

    /// The columns of a table that somebody says is one of this preset, unless the first row
    /// names them.
    pub(crate) fn implied_columns(&self, row: &[String]) -> Option<&[String]> {
        let has_name = row.iter().any(|value| self.columns.contains(value));
        (!self.columns.is_empty() && !has_name).then_some(self.columns.as_slice())
    }

    fn fits(&self, record: &Value) -> bool {
        let has = |path: &Path| path.is_in(record);
        self.all.iter().all(has) && (self.any.is_empty() || self.any.iter().any(has))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_parses_and_is_called_as_its_file() {
        for (name, _) in PRESETS {
            let preset = Preset::named(name).expect("is there");
            assert_eq!(preset.name, *name);
            assert!(preset.fields.contains_key("text"), "{name}");
            for target in preset.fields.keys() {
                assert!(crate::mapping::is_target(target), "{name}: {target}");
            }
        }
    }
}
