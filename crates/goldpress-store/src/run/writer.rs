//! Writing a run: tables first, `run.json` last, nothing where it is given up.

use std::{fs, io, path::PathBuf};

use goldpress_model::{Prediction, Timing};

use super::{
    PREDICTIONS, RUN, RUN_VERSION, RUNS, Run, RunInfo, TIMINGS, answers::Answers,
    folder_of,
};
use crate::{
    atomic,
    dataset::Dataset,
    document,
    error::StoreError,
    part::Metadata,
    sorted::SortedWriter,
    tables::{Predictions, Timings},
};

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
