//! Runs: what systems answered for one dataset, how long it took, and where.
//!
//! A run is a folder below `runs/`. `run.json` is written last: without it the folder is
//! what a killed run left, and is not seen.

mod answers;
mod info;
mod writer;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use goldpress_model::{CountRow, Prediction, Timing};

use self::answers::Answers;
pub use self::{
    info::{Git, Machine, RUN_VERSION, RunInfo, SystemInfo},
    writer::RunWriter,
};
use crate::{
    dataset::Dataset,
    document,
    error::StoreError,
    part,
    reader::{self, Rows},
    tables::{CountsTable, Predictions, Timings},
};

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

    /// Answers of a file that holds such a table, wherever it came from, in its order.
    pub fn predictions_of(
        path: &Path,
    ) -> impl Iterator<Item = Result<Prediction, StoreError>> + Send + use<> {
        Rows::<Predictions>::of(vec![path.to_owned()])
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

    /// Writes the counts, in place of those of an earlier scoring.
    ///
    /// They come by system, document, layer, metric and label.
    ///
    /// # Errors
    ///
    /// The disk refuses; then the old counts stay.
    pub fn set_counts(
        &self,
        rows: impl Iterator<Item = CountRow>,
        about: &CountsAbout,
    ) -> Result<(), StoreError> {
        let about = vec![
            ("metrics", about.metrics.clone()),
            ("gold", about.gold.clone()),
            ("labels", about.schema.clone()),
            ("scope", about.scope.clone()),
            ("tokeniser", about.tokeniser.clone()),
        ];
        let path = self.path.join(COUNTS);
        part::write_file::<CountsTable, StoreError>(&path, rows.map(Ok), &about)
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
