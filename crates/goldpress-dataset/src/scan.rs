//! Lazy tables of a dataset, by name.

use std::path::PathBuf;

use goldpress_store::{Dataset, Run};
use polars::prelude::{
    DataType, Expr, LazyFrame, NULL, PlRefPath, ScanArgsParquet, all, col, lit, when,
};

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
        let mut found = Vec::new();
        for run_id in run_ids(dataset, runs)? {
            let run = Run::open(dataset, &run_id)?;
            let path = run.path().join(self.name).with_extension("parquet");
            if path.is_file() {
                found.push((path, run_id));
            }
        }
        let (paths, ids): (Vec<PathBuf>, Vec<String>) = found.into_iter().unzip();
        let Some(frame) = open(&paths, Some(FILE))? else { return Ok(None) };
        // Beside each row stands the file it is from, the folder of which is its run.
        let mut run_id = lit(NULL).cast(DataType::String);
        for (path, id) in paths.iter().zip(ids) {
            let is_here = col(FILE).eq(lit(path.display().to_string()));
            run_id = when(is_here).then(lit(id)).otherwise(run_id);
        }
        let rows = all().exclude_cols([FILE]).as_expr();
        Ok(Some(signed(frame.select([run_id.alias("run_id"), rows]))?))
    }
}

/// Name of the column that says which file a row is from, while it is needed.
const FILE: &str = "__file";

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
    open(&paths, None)?.map(signed).transpose()
}

fn open(
    paths: &[PathBuf],
    file: Option<&'static str>,
) -> Result<Option<LazyFrame>, QueryError> {
    let name = |path: &PathBuf| {
        let name =
            path.to_str().ok_or_else(|| QueryError::Path(path.display().to_string()))?;
        Ok(PlRefPath::new(name))
    };
    let names = paths.iter().map(name).collect::<Result<Vec<_>, QueryError>>()?;
    if names.is_empty() {
        return Ok(None);
    }
    // No globbing: a folder may be called `news[1]`.
    let options = ScanArgsParquet {
        glob: false,
        include_file_paths: file.map(Into::into),
        ..ScanArgsParquet::default()
    };
    Ok(Some(LazyFrame::scan_parquet_files(names.into(), options)?))
}

/// The same table with whole numbers that have a sign: a difference of two that have none
/// would wrap around.
fn signed(mut frame: LazyFrame) -> Result<LazyFrame, QueryError> {
    let schema = frame.collect_schema()?;
    let unsigned = schema.iter().filter(|(_, dtype)| dtype.is_unsigned_integer());
    let wide = unsigned.map(|(name, _)| col(name.clone()).cast(DataType::Int64));
    let wide: Vec<Expr> = wide.collect();
    Ok(if wide.is_empty() { frame } else { frame.with_columns(wide) })
}
