//! SQL over the tables of a dataset.

use std::panic::{AssertUnwindSafe, catch_unwind};

use goldpress_store::Dataset;
use polars::{
    error::PolarsError,
    sql::{SQLContext, extract_table_identifiers},
};

use crate::{
    error::QueryError,
    scan::{Runs, SOURCES},
    table::Table,
};

/// Answers a `SELECT` over a dataset's tables.
///
/// The tables are `articles`, `raw`, `rejects`, `annotations`, and of the runs
/// `predictions`, `timings` and `counts`, which begin with a column `run_id`. The dialect
/// is that of Polars, close to PostgreSQL: lists are taken apart by `UNNEST` in `SELECT`,
/// fields of a struct by `->>` or a full stop. A table that the statement does not name
/// is not opened.
///
/// The answer is held in memory: bound it by `LIMIT`. Without `ORDER BY` the order of
/// groups is not promised.
///
/// ```
/// # use goldpress_store::samples;
/// use goldpress_dataset::{Cell, Runs, query};
///
/// # let folder = tempfile::tempdir()?;
/// # let dataset = samples::write(folder.path(), vec![samples::kept(1, &["Zürich"])])?;
/// let sql = "SELECT lang, COUNT(*) AS n FROM articles GROUP BY lang";
/// let table = query(&dataset, sql, &Runs::Latest)?;
/// assert_eq!(table.columns, ["lang", "n"]);
/// assert_eq!(table.rows, [[Cell::Text("en".into()), Cell::Integer(1)]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The statement is no SQL, names what is not there, or a file cannot be read.
pub fn query(dataset: &Dataset, sql: &str, runs: &Runs) -> Result<Table, QueryError> {
    let mut context = SQLContext::new();
    for name in extract_table_identifiers(sql, false, true)? {
        let Some(source) = SOURCES.iter().find(|source| source.name == name) else {
            // A name that the statement itself defines, or none at all: the engine knows.
            continue;
        };
        match source.scan(dataset, runs)? {
            Some(frame) => context.register(source.name, frame),
            None => {
                return Err(QueryError::MissingTable { name, verb: source.verb });
            }
        }
    }
    let answer = || {
        let frame = context.execute(sql)?.collect()?;
        Ok(Table::of(&frame))
    };
    // The engine panics, now and then, on a type or a verb that it was built without.
    match catch_unwind(AssertUnwindSafe(answer)) {
        Ok(outcome) => outcome.map_err(explain),
        Err(_) => Err(QueryError::Sql("the query engine gave up on this".to_owned())),
    }
}

/// The engine's complaint, or a better one where a table is misspelt.
fn explain(error: PolarsError) -> QueryError {
    let message = error.to_string();
    let name = message
        .strip_prefix("relation '")
        .and_then(|rest| rest.strip_suffix("' was not found"));
    match name {
        Some(name) => QueryError::UnknownTable {
            name: name.to_owned(),
            known: SOURCES.iter().map(|source| source.name).collect(),
        },
        None => error.into(),
    }
}
