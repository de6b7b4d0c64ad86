//! Lazy tables of a dataset, by name.

use std::path::PathBuf;

use goldpress_store::{Dataset, Run};
use polars::prelude::{LazyFrame, PlRefPath, ScanArgsParquet, UnionArgs, concat, lit};

use crate::error::QueryError;

/// Which runs the tables of runs are read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Runs {
    /// The newest complete one, else the newest.
    #[default]
    Latest,
    /// All, one below the other.
    All,
    /// The one of this name.
    One(String),
}

/// A table that SQL may name, and the command that makes it.
pub(crate) struct Source {
    pub(crate) name: &'static str,
    pub(crate) verb: &'static str,
    of_run: bool,
}

/// Every table that SQL may name.
pub(crate) const SOURCES: &[Source] = &[
    Source { name: "articles", verb: "goldpress ingest", of_run: false },
    Source { name: "raw", verb: "goldpress ingest", of_run: false },
    Source { name: "rejects", verb: "goldpress ingest", of_run: false },
    Source { name: "annotations", verb: "goldpress label build", of_run: false },
    Source { name: "dedup", verb: "goldpress dedup", of_run: false },
    Source { name: "predictions", verb: "goldpress extract", of_run: true },
    Source { name: "timings", verb: "goldpress extract", of_run: true },
    Source { name: "counts", verb: "goldpress eval", of_run: true },
];

impl Source {
    /// The table; `None` where the dataset does not have it yet.
    ///
    /// Rows of runs begin with a column `run_id`.
    pub(crate) fn scan(
        &self,
        dataset: &Dataset,
        runs: &Runs,
    ) -> Result<Option<LazyFrame>, QueryError> {
        if !self.of_run {
            return scan(dataset.files(self.name));
        }
        let mut frames = Vec::new();
        for run_id in run_ids(dataset, runs)? {
            let run = Run::open(dataset, &run_id)?;
            let path = run.path().join(self.name).with_extension("parquet");
            if !path.is_file() {
                continue;
            }
            let named = lit(run_id).alias("run_id");
            let all = polars::prelude::all().as_expr();
            frames.extend(scan(vec![path])?.map(|frame| frame.select([named, all])));
        }
        stack(frames)
    }
}

fn run_ids(dataset: &Dataset, runs: &Runs) -> Result<Vec<String>, QueryError> {
    if let Runs::One(run_id) = runs {
        return Ok(vec![run_id.clone()]);
    }
    let ids = dataset.runs()?.into_iter().map(|run| run.run_id);
    Ok(match runs {
        Runs::Latest => ids.take(1).collect(),
        _ => ids.collect(),
    })
}

/// The rows of some Parquet files of one schema; `None` where there is no file.
pub(crate) fn scan(paths: Vec<PathBuf>) -> Result<Option<LazyFrame>, QueryError> {
    let frame = |path: PathBuf| {
        let name =
            path.to_str().ok_or_else(|| QueryError::Path(path.display().to_string()))?;
        // No globbing: a folder may be called `news[1]`.
        let options = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
        Ok(LazyFrame::scan_parquet(PlRefPath::new(name), options)?)
    };
    stack(paths.into_iter().map(frame).collect::<Result<Vec<_>, QueryError>>()?)
}

fn stack(frames: Vec<LazyFrame>) -> Result<Option<LazyFrame>, QueryError> {
    match frames.is_empty() {
        true => Ok(None),
        false => Ok(Some(concat(frames, UnionArgs::default())?)),
    }
}
