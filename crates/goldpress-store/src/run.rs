//! Runs: what systems answered for one dataset, how long it took, and where.
//!
//! A run is a folder below `runs/`. `run.json` is written last: without it the folder is
//! what a killed run left, and is not seen.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use goldpress_model::{CountRow, Prediction, RunOutcome, Timing};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    atomic,
    dataset::Dataset,
    document,
    error::StoreError,
    part::{self, Metadata},
    reader::{self, Rows},
    sorted::SortedWriter,
    tables::{CountsTable, Predictions, Timings, answer},
};

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

/// Writes a run; dropped before [`RunWriter::finish`], it leaves nothing.
///
/// Rows come in any order and are written by system and document. Memory stays below
/// some 64 MiB for each of the two tables: what is more goes to disk.
pub struct RunWriter {
    predictions: SortedWriter<Predictions>,
    timings: SortedWriter<Timings>,
    // Last: goes after the files in it are closed.
    folder: RunFolder,
}

/// The folder of an unfinished run.
struct RunFolder {
    path: PathBuf,
    run_id: String,
    finished: bool,
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if !self.finished {
            // Nothing to be done where it fails: without `run.json` nobody sees it.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl RunWriter {
    /// Begins the run `run_id` of a dataset.
    ///
    /// # Errors
    ///
    /// There is a folder of this name, or the name is none for a folder.
    pub fn create(dataset: &Dataset, run_id: &str) -> Result<RunWriter, StoreError> {
        let runs = dataset.root().join(RUNS);
        fs::create_dir_all(&runs).map_err(StoreError::at(&runs))?;
        let path = folder_of(dataset.root(), run_id)?;
        fs::create_dir(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                StoreError::RunExists { run_id: run_id.to_owned() }
            }
            _ => StoreError::at(&path)(error),
        })?;
        Ok(RunWriter {
            predictions: SortedWriter::new(&path.join(PREDICTIONS)),
            timings: SortedWriter::new(&path.join(TIMINGS)),
            folder: RunFolder { path, run_id: run_id.to_owned(), finished: false },
        })
    }

    /// Adds what a system answered for a document.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn push(&mut self, prediction: Prediction) -> Result<(), StoreError> {
        self.predictions.push(prediction)
    }

    /// Adds how long it took.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn push_timing(&mut self, timing: Timing) -> Result<(), StoreError> {
        self.timings.push(timing)
    }

    /// Writes the tables and then `run.json`; `outcomes`, `predictions` and `complete` of
    /// its systems are filled from the rows, as is `run_id`.
    ///
    /// A system stays complete only if it was so called and no document was skipped.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn finish(mut self, mut info: RunInfo) -> Result<Run, StoreError> {
        let about = Metadata::new();
        let mut answers = Answers::default();
        self.predictions.finish(&about, |row| answers.add(row))?;
        self.timings.finish(&about, |_| {})?;
        answers.sum_up(&mut info);
        info.goldpress_run = RUN_VERSION;
        info.run_id.clone_from(&self.folder.run_id);
        let path = self.folder.path.clone();
        atomic::sync_folder(&path).map_err(StoreError::at(&path))?;
        document::write(&path.join(RUN), &info)?;
        self.folder.finished = true;
        Ok(Run { path, info })
    }
}

/// What each system answered, summed up.
#[derive(Default)]
struct Answers {
    systems: BTreeMap<String, (blake3::Hasher, BTreeMap<RunOutcome, u64>)>,
}

impl Answers {
    /// Takes rows in the order of the file.
    fn add(&mut self, row: &Prediction) {
        if !self.systems.contains_key(&row.system) {
            self.systems.insert(row.system.clone(), Default::default());
        }
        if let Some((hash, outcomes)) = self.systems.get_mut(&row.system) {
            hash.update(answer(row).as_bytes());
            hash.update(b"\n");
            *outcomes.entry(row.outcome).or_default() += 1;
        }
    }

    fn sum_up(mut self, info: &mut RunInfo) {
        for system in &mut info.systems {
            let (hash, outcomes) = self.systems.remove(&system.name).unwrap_or_default();
            system.predictions = hash.finalize().to_hex().to_string();
            system.complete &= !outcomes.contains_key(&RunOutcome::Skipped);
            system.outcomes = outcomes;
        }
    }
}

/// A finished run.
#[derive(Debug, Clone)]
pub struct Run {
    path: PathBuf,
    info: RunInfo,
}

/// What decides counts beside the predictions; stands in the metadata of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountsAbout {
    /// Version of the metrics.
    pub metrics: String,
    /// Hash of the gold.
    pub gold: String,
    /// Schema with its hash.
    pub schema: String,
    /// `main` or `all`.
    pub scope: String,
    /// Version of the tokeniser.
    pub tokeniser: String,
}

impl Run {
    /// Opens a finished run of a dataset.
    ///
    /// # Errors
    ///
    /// There is none of this name, or `run.json` is of another version.
    pub fn open(dataset: &Dataset, run_id: &str) -> Result<Run, StoreError> {
        let path = folder_of(dataset.root(), run_id)?;
        if !path.join(RUN).is_file() {
            return Err(StoreError::NoRun { run_id: run_id.to_owned() });
        }
        let info = read_info(&path)?;
        Ok(Run { path, info })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What `run.json` says.
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// What `run.json` should say by the rows of `predictions`.
    pub(crate) fn answers(&self) -> Result<RunInfo, StoreError> {
        let mut answers = Answers::default();
        for row in self.predictions() {
            answers.add(&row?);
        }
        let mut info = self.info.clone();
        answers.sum_up(&mut info);
        Ok(info)
    }

    /// Answers, by system and document.
    pub fn predictions(
        &self,
    ) -> impl Iterator<Item = Result<Prediction, StoreError>> + Send + use<> {
        Rows::<Predictions>::of(vec![self.path.join(PREDICTIONS)])
    }

    /// Times, by system, document and round.
    pub fn timings(
        &self,
    ) -> impl Iterator<Item = Result<Timing, StoreError>> + Send + use<> {
        Rows::<Timings>::of(vec![self.path.join(TIMINGS)])
    }

    /// Counts, by system, document, layer, metric and label; none before the first
    /// `goldpress eval`.
    ///
    /// # Errors
    ///
    /// The file is of another version, or broken.
    pub fn counts(&self) -> Result<Vec<CountRow>, StoreError> {
        let path = self.path.join(COUNTS);
        if !path.is_file() {
            return Ok(Vec::new());
        }
        Rows::<CountsTable>::of(vec![path]).collect()
    }

    /// What the counts were made with; `None` before the first `goldpress eval`.
    ///
    /// # Errors
    ///
    /// The file is of another version, or broken.
    pub fn counts_about(&self) -> Result<Option<CountsAbout>, StoreError> {
        let path = self.path.join(COUNTS);
        if !path.is_file() {
            return Ok(None);
        }
        let value = reader::metadata::<CountsTable>(&path)?;
        Ok(Some(CountsAbout {
            metrics: value("metrics"),
            gold: value("gold"),
            schema: value("labels"),
            scope: value("scope"),
            tokeniser: value("tokeniser"),
        }))
    }

    /// Writes the counts in order, in place of those of an earlier scoring.
    ///
    /// # Errors
    ///
    /// The disk refuses; then the old counts stay.
    pub fn set_counts(
        &self,
        rows: &[CountRow],
        about: &CountsAbout,
    ) -> Result<(), StoreError> {
        let mut sorted = rows.to_vec();
        sorted.sort();
        let about = vec![
            ("metrics", about.metrics.clone()),
            ("gold", about.gold.clone()),
            ("labels", about.schema.clone()),
            ("scope", about.scope.clone()),
            ("tokeniser", about.tokeniser.clone()),
        ];
        let rows = sorted.into_iter().map(Ok);
        part::write_file::<CountsTable>(&self.path.join(COUNTS), rows, &about)
    }
}

/// Finished runs of the dataset in `root`: complete ones first, each kind from the newest.
pub(crate) fn list(root: &Path) -> Result<Vec<RunInfo>, StoreError> {
    let folder = root.join(RUNS);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(StoreError::at(&folder))?,
    };
    let mut runs = Vec::new();
    for entry in entries {
        let path = entry.map_err(StoreError::at(&folder))?.path();
        if path.join(RUN).is_file() {
            runs.push(read_info(&path)?);
        }
    }
    runs.sort_by(|a, b| {
        let incomplete = |run: &RunInfo| !run.is_complete();
        incomplete(a)
            .cmp(&incomplete(b))
            .then_with(|| b.started_at.cmp(&a.started_at))
            .then_with(|| b.run_id.cmp(&a.run_id))
    });
    Ok(runs)
}

fn read_info(folder: &Path) -> Result<RunInfo, StoreError> {
    document::read(&folder.join(RUN), "goldpress_run", RUN_VERSION)
}

/// The folder of a run, whose name must not lead out of `runs/`.
fn folder_of(root: &Path, run_id: &str) -> Result<PathBuf, StoreError> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.@+".contains(letter);
    if run_id.is_empty() || run_id.starts_with('.') || !run_id.chars().all(plain) {
        return Err(StoreError::NoRun { run_id: run_id.to_owned() });
    }
    Ok(root.join(RUNS).join(run_id))
}

/// Folder of all runs.
const RUNS: &str = "runs";

/// Files of a run.
const RUN: &str = "run.json";
const PREDICTIONS: &str = "predictions.parquet";
const TIMINGS: &str = "timings.parquet";
const COUNTS: &str = "counts.parquet";
