//! The crate graph is the architecture: an edge is added here, in sight, or not at all.

use std::{collections::BTreeSet, fs, path::PathBuf};

/// Which of our crates each crate may name. The command may name all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("goldpress-model", &[]),
    ("goldpress-text", &["model"]),
    ("goldpress-store", &["model"]),
    ("goldpress-ingest", &["model", "text", "store"]),
    ("goldpress-label", &["model", "text", "store"]),
    ("goldpress-extract", &["model", "text"]),
    ("goldpress-dataset", &["model", "text", "store"]),
    ("goldpress-sql", &["model", "store"]),
    ("goldpress-eval", &["model"]),
    ("goldpress-report", &["model", "store"]),
];

/// Foreign crates that have one home.
const ONE_HOME: &[(&str, &str)] = &[
    ("arrow", "goldpress-store"),
    ("parquet", "goldpress-store"),
    ("polars", "goldpress-sql"),
    ("polars-io", "goldpress-sql"),
    ("clap", "goldpress"),
    ("indicatif", "goldpress"),
    ("anyhow", "goldpress"),
];

#[test]
fn no_crate_names_another_that_it_may_not() {
    for (name, dependencies) in manifests() {
        let Some((_, may_use)) =
            MAY_USE.iter().find(|(crate_name, _)| *crate_name == name)
        else {
            assert_eq!(name, "goldpress", "a crate that no rule knows");
            continue;
        };
        for dependency in &dependencies {
            let Some(ours) = dependency.strip_prefix("goldpress-") else { continue };
            // A crate may name itself in its tests, to switch on a feature.
            let allowed = may_use.contains(&ours) || *dependency == name;
            assert!(allowed, "{name} may not name {dependency}");
        }
    }
}

#[test]
fn foreign_crates_stay_at_home() {
    for (name, dependencies) in manifests() {
        for (foreign, home) in ONE_HOME {
            let named = dependencies.contains(*foreign);
            assert!(
                !named || name == *home,
                "{name} names {foreign}, whose home is {home}"
            );
        }
    }
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for folder in crate_folders() {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(
            lints.and_then(toml::Value::as_bool),
            Some(true),
            "{}",
            folder.display()
        );
    }
}

/// Each crate with every dependency it names: normal, dev and build alike.
fn manifests() -> Vec<(String, BTreeSet<String>)> {
    let read = |folder: PathBuf| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let tables = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_table());
        let dependencies = tables.flat_map(|table| table.keys().cloned()).collect();
        (name, dependencies)
    };
    crate_folders().into_iter().map(read).collect()
}

fn crate_folders() -> Vec<PathBuf> {
    let crates = std::env::current_dir().unwrap().join("..");
    let entries = fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> =
        entries.filter(|path| path.join("Cargo.toml").exists()).collect();
    folders.sort();
    assert!(folders.len() > MAY_USE.len(), "the crates were not found");
    folders
}
