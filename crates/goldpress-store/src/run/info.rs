//! `run.json`: everything that decides the answers and the times of a run.

use std::collections::BTreeMap;

use goldpress_model::RunOutcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of `run.json`; an unknown one is refused.
pub const RUN_VERSION: u32 = 1;

/// What `run.json` says: everything that decides the answers and the times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunInfo {
    /// [`RUN_VERSION`].
    pub goldpress_run: u32,
    /// Name of the run and of its folder: `20261123T141502Z-acme`.
    pub run_id: String,
    /// Start in UTC, ISO 8601.
    pub started_at: String,
    /// Version of goldpress.
    pub goldpress: String,
    /// State of the source tree, if there is one.
    pub git: Option<Git>,
    /// Hash of the articles it was made on: [`Manifest::articles_hash`].
    ///
    /// [`Manifest::articles_hash`]: crate::Manifest::articles_hash
    pub articles: String,
    /// The systems; several only in `bench`.
    pub systems: Vec<SystemInfo>,
    /// The machine.
    pub machine: Machine,
    /// Options and measurements of the verb that made the run, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Value>,
}

/// One system of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemInfo {
    /// Its name: the key of every result.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Hash of its options.
    pub config_hash: String,
    /// The command, of an outside program.
    pub argv: Vec<String>,
    /// Hash of the program file, of an outside program.
    pub program_hash: Option<String>,
    /// Tasks it served, by name.
    pub tasks: Vec<String>,
    /// Whether it promises equal answers for equal documents.
    pub deterministic: bool,
    /// Whether it was asked about every document: none is `skipped`.
    pub complete: bool,
    /// Documents by outcome. Filled when the run is finished.
    pub outcomes: BTreeMap<RunOutcome, u64>,
    /// BLAKE3 of its answers in order of `doc_id`, 64 hex digits; messages, stderr and
    /// times take no part. Filled when the run is finished.
    pub predictions: String,
}

/// State of a source tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Git {
    /// The commit.
    pub commit: String,
    /// Whether files differ from it.
    pub dirty: bool,
}

/// Where a run was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Operating system.
    pub os: String,
    /// Version of its kernel.
    pub kernel: String,
    /// Model of the processor.
    pub cpu: String,
    /// Logical processors.
    pub cores: u32,
    /// Main memory.
    pub memory_bytes: u64,
    /// Limits of the control group, by name of the file: `cpu.max`, `memory.max`.
    pub cgroup: BTreeMap<String, String>,
    /// Locale.
    pub locale: String,
    /// Environment variables of the allow-list that are set.
    pub environment: BTreeMap<String, String>,
}

impl RunInfo {
    /// Whether every system was asked about every document.
    pub fn is_complete(&self) -> bool {
        self.systems.iter().all(|system| system.complete)
    }
}
