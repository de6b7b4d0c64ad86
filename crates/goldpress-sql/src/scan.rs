//! Lazy tables of a dataset, by name.

use std::{any::Any, io, path::PathBuf, sync::Arc};

use goldpress_store::{Dataset, IpcBatches, Run};
use polars::{
    error::{PolarsError, PolarsResult},
    prelude::{
        AnonymousScan, AnonymousScanArgs, Column, DataFrame, DataType, Expr, IntoLazy,
        LazyFrame, NamedFrom, Operator, PlSmallStr, ScanArgsAnonymous, Series,
    },
};
use polars_io::{SerReader, ipc::IpcStreamReader};

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
            return scan(self.name, dataset.files(self.name));
        }
        let mut parts = Vec::new();
        for run_id in run_ids(dataset, runs)? {
            let run = Run::open(dataset, &run_id)?;
            let path = run.path().join(self.name).with_extension("parquet");
            if path.is_file() {
                parts.push(Part { path, run_id: Some(run_id) });
            }
        }
        open(self.name, parts)
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
pub(crate) fn scan(
    name: &'static str,
    paths: Vec<PathBuf>,
) -> Result<Option<LazyFrame>, QueryError> {
    open(name, paths.into_iter().map(|path| Part { path, run_id: None }).collect())
}

fn open(name: &'static str, parts: Vec<Part>) -> Result<Option<LazyFrame>, QueryError> {
    let Some(first) = parts.first() else { return Ok(None) };
    let nothing = IpcBatches::open(&first.path, None)?.schema()?;
    let schema = first.frame(nothing)?.schema().clone();
    let how = ScanArgsAnonymous { schema: Some(schema), name, ..Default::default() };
    Ok(Some(LazyFrame::anonymous_scan(Arc::new(Parts(parts)), how)?))
}

/// One file of a table.
struct Part {
    path: PathBuf,
    /// The run that it belongs to.
    run_id: Option<String>,
}

/// Name of the column of runs.
const RUN_ID: &str = "run_id";

impl Part {
    /// A batch of rows as the engine has them, `run_id` in front.
    ///
    /// Whole numbers get a sign: a difference of two that have none would wrap around.
    fn frame(&self, stream: Vec<u8>) -> PolarsResult<DataFrame> {
        let mut frame = IpcStreamReader::new(io::Cursor::new(stream)).finish()?;
        let unsigned = |column: &&Column| column.dtype().is_unsigned_integer();
        let narrow: Vec<Column> =
            frame.columns().iter().filter(unsigned).cloned().collect();
        for column in narrow {
            frame.with_column(column.cast(&DataType::Int64)?)?;
        }
        if let Some(run_id) = &self.run_id {
            let values = vec![run_id.as_str(); frame.height()];
            let column = Series::new(RUN_ID.into(), values).into();
            frame.insert_column(0, column)?;
        }
        Ok(frame)
    }
}

/// The files of a table, read by the store, a batch at a time.
struct Parts(Vec<Part>);

impl Parts {
    /// The rows that a step of the plan asks for, in order.
    fn read(&self, asked: &AnonymousScanArgs) -> Result<DataFrame, QueryError> {
        let names = asked.with_columns.as_deref();
        let wanted: Option<Vec<&str>> =
            names.map(|names| names.iter().map(PlSmallStr::as_str).collect());
        let mut rows = chosen(DataFrame::empty_with_schema(&asked.schema), asked)?;
        for part in &self.0 {
            for stream in IpcBatches::open(&part.path, wanted.as_deref())? {
                let left = asked.n_rows.map_or(usize::MAX, |n| n - rows.height());
                if left == 0 {
                    return Ok(rows);
                }
                let batch = chosen(part.frame(stream?)?.head(Some(left)), asked)?;
                rows.vstack_mut_owned(batch)?;
            }
        }
        Ok(rows)
    }
}

/// The columns and the rows of a batch that a step of the plan asks for.
fn chosen(batch: DataFrame, asked: &AnonymousScanArgs) -> PolarsResult<DataFrame> {
    let batch = match &asked.with_columns {
        Some(names) => batch.select(names.iter().cloned())?,
        None => batch,
    };
    match asked.predicate.clone().and_then(said) {
        Some(predicate) => batch.lazy().filter(predicate).collect(),
        None => Ok(batch),
    }
}

/// A condition without the bounds that a sort learns while it runs: the engine can show
/// them and nothing else, and keeps them again where it sorts.
fn said(condition: Expr) -> Option<Expr> {
    match condition {
        Expr::Display { .. } => None,
        Expr::BinaryExpr { left, op: Operator::And | Operator::LogicalAnd, right } => {
            let sides =
                (said(Arc::unwrap_or_clone(left)), said(Arc::unwrap_or_clone(right)));
            match sides {
                (Some(left), Some(right)) => Some(left.and(right)),
                (left, right) => left.or(right),
            }
        }
        condition => Some(condition),
    }
}

impl AnonymousScan for Parts {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn scan(&self, asked: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        self.read(&asked)
            .map_err(|error| PolarsError::ComputeError(error.to_string().into()))
    }

    fn allows_predicate_pushdown(&self) -> bool {
        true
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }
}
