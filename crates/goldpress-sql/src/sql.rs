//! SQL over the tables of a dataset.

use std::{
    collections::BTreeSet,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use goldpress_store::{Dataset, write_parquet};
use polars::{
    error::{PolarsError, PolarsResult},
    prelude::{CompatLevel, DataFrame, LazyFrame},
    sql::SQLContext,
};
use polars_io::{SerWriter, ipc::IpcStreamWriter};
use sqlparser::ast::{Expr, Query, SetExpr, TableAlias, TableFactor, Value};

use crate::{
    about,
    dialect::{self, Asked},
    error::QueryError,
    functions,
    scan::{Runs, SOURCES},
    table::{Cell, Table},
};

/// Answers a `SELECT` over a dataset's tables, `DESCRIBE`, `SUMMARIZE` or `SHOW TABLES`.
///
/// The tables are `articles`, `raw`, `rejects`, `annotations`, and of the runs
/// `predictions`, `timings` and `counts`, which begin with a column `run_id`. The dialect
/// is close to that of DuckDB, whose names for functions and unnamed columns it has: a
/// list is taken apart by `UNNEST`, its elements counted from 1, a field of a struct read
/// by a full stop. A table that the statement does not name is not opened.
///
/// The answer is held in memory: bound it by `LIMIT`. Without `ORDER BY` the order of
/// groups is not promised.
///
/// ```
/// # use goldpress_store::samples;
/// use goldpress_sql::{Cell, Runs, query};
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
    let asked = dialect::read(sql)?;
    guarded(|| answer(dataset, asked, runs))
}

/// Writes the rows of a `SELECT` as Parquet, with the types that they have.
///
/// # Errors
///
/// As those of [`query`]; a statement that is no query; the sink refuses.
pub fn query_to_parquet(
    dataset: &Dataset,
    sql: &str,
    runs: &Runs,
    sink: impl io::Write + Send,
) -> Result<(), QueryError> {
    let Asked::Rows(query) = dialect::read(sql)? else {
        return Err(QueryError::Sql("only rows of a query become Parquet".to_owned()));
    };
    guarded(|| {
        let rows = frame(dataset, query, runs)?.collect()?;
        let starts = (0..rows.height().max(1)).step_by(GROUP_ROWS);
        let streams = starts.map(|start| stream(rows.slice(start as i64, GROUP_ROWS)));
        let streams = streams.collect::<PolarsResult<Vec<_>>>()?;
        write_parquet(streams, sink).map_err(QueryError::Unwritten)
    })
}

/// Rows that are handed to the writer of Parquet at once.
const GROUP_ROWS: usize = 65_536;

/// Rows as an Arrow IPC stream, with the types that every reader of Arrow knows.
fn stream(mut rows: DataFrame) -> PolarsResult<Vec<u8>> {
    let mut bytes = Vec::new();
    IpcStreamWriter::new(&mut bytes)
        .with_compat_level(CompatLevel::oldest())
        .finish(&mut rows)?;
    Ok(bytes)
}

/// The engine panics, now and then, on a type or a verb that it was built without.
fn guarded<T>(work: impl FnOnce() -> Result<T, QueryError>) -> Result<T, QueryError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(QueryError::Sql("the query engine gave up on this".to_owned()))
    })
}

fn answer(dataset: &Dataset, asked: Asked, runs: &Runs) -> Result<Table, QueryError> {
    Ok(match asked {
        Asked::Rows(query) => Table::of(&frame(dataset, query, runs)?.collect()?),
        Asked::Columns(query) => about::describe(frame(dataset, query, runs)?)?,
        Asked::Summary(query) => about::summarise(frame(dataset, query, runs)?)?,
        Asked::Tables => about::tables(&tables(dataset, runs)?),
        Asked::Plan(query) => {
            let plan = frame(dataset, query, runs)?.explain(true)?;
            let line = |line: &str| vec![Cell::Text(line.to_owned())];
            Table {
                columns: vec!["plan".to_owned()],
                rows: plan.lines().map(line).collect(),
            }
        }
    })
}

/// Names of the tables that a dataset has, in order.
fn tables(dataset: &Dataset, runs: &Runs) -> Result<Vec<&'static str>, QueryError> {
    let mut known = Vec::new();
    for source in SOURCES {
        if source.scan(dataset, runs)?.is_some() {
            known.push(source.name);
        }
    }
    known.sort_unstable();
    Ok(known)
}

/// The rows of a query, not yet computed.
fn frame(
    dataset: &Dataset,
    mut query: Box<Query>,
    runs: &Runs,
) -> Result<LazyFrame, QueryError> {
    let context = SQLContext::new().with_function_registry(functions::registry());
    let mut columns = BTreeSet::new();
    for name in dialect::tables(&query) {
        let Some(source) = SOURCES.iter().find(|source| source.name == name) else {
            // A name that the statement itself defines, or none at all: the engine knows.
            continue;
        };
        let Some(mut frame) = source.scan(dataset, runs)? else {
            return Err(QueryError::MissingTable { name, verb: source.verb });
        };
        columns.extend(frame.collect_schema()?.iter_names().map(|name| name.to_string()));
        context.register(source.name, frame);
    }
    dialect::rewrite(&mut query, &columns)?;
    Engine { context, n_named: 0 }.run(&mut query)
}

/// The engine with the tables that a statement names.
///
/// Queries inside of a query are run first and named as tables, since the engine forgets
/// our functions inside of them.
struct Engine {
    context: SQLContext,
    n_named: usize,
}

impl Engine {
    fn run(&mut self, query: &mut Query) -> Result<LazyFrame, QueryError> {
        for table in query.with.take().into_iter().flat_map(|with| with.cte_tables) {
            let mut inner = table.query;
            let frame = renamed(self.run(&mut inner)?, &table.alias)?;
            self.context.register(&table.alias.name.value, frame);
        }
        self.body(&mut query.body)?;
        self.values(query);
        let frame = self.context.execute(&query.to_string()).map_err(explain)?;
        Ok(frame)
    }

    /// Names the queries in the place of tables.
    fn body(&mut self, body: &mut SetExpr) -> Result<(), QueryError> {
        match body {
            SetExpr::Select(select) => {
                for from in &mut select.from {
                    self.factor(&mut from.relation)?;
                    for join in &mut from.joins {
                        self.factor(&mut join.relation)?;
                    }
                }
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left)?;
                self.body(right)?;
            }
            SetExpr::Query(query) => {
                let frame = self.run(query)?;
                *query = self.all_of(frame)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn factor(&mut self, factor: &mut TableFactor) -> Result<(), QueryError> {
        if let TableFactor::Derived { subquery, alias, .. } = factor {
            let mut frame = self.run(subquery)?;
            if let Some(alias) = alias {
                frame = renamed(frame, alias)?;
                alias.columns.clear();
            }
            **subquery = *self.all_of(frame)?;
        }
        Ok(())
    }

    /// A query for all rows of a frame.
    fn all_of(&mut self, frame: LazyFrame) -> Result<Box<Query>, QueryError> {
        self.n_named += 1;
        let name = format!("__query{}", self.n_named);
        self.context.register(&name, frame);
        dialect::all_of(&name)
    }

    /// Puts the values of subqueries in their place, where they depend on nothing outside.
    fn values(&mut self, query: &mut Query) {
        dialect::every_expr(query, |expr| {
            // One that does depend on the rows around it is left to the engine.
            match expr {
                Expr::Subquery(subquery) => {
                    let frame = self.run(&mut subquery.clone()).ok();
                    let rows = frame.and_then(|frame| frame.collect().ok());
                    if let Some(value) = rows.and_then(|rows| literal(&Table::of(&rows)))
                    {
                        *expr = value;
                    }
                }
                Expr::InSubquery { subquery, .. } => {
                    if let Ok(frame) = self.run(&mut subquery.clone())
                        && let Ok(all) = self.all_of(frame)
                    {
                        *subquery = all;
                    }
                }
                _ => {}
            }
        });
    }
}

/// A frame with the names of columns that stand beside its alias: `AS t (a, b)`.
fn renamed(mut frame: LazyFrame, alias: &TableAlias) -> Result<LazyFrame, QueryError> {
    if alias.columns.is_empty() {
        return Ok(frame);
    }
    let schema = frame.collect_schema()?;
    let names = schema.iter_names().zip(&alias.columns);
    let (old, new): (Vec<_>, Vec<_>) =
        names.map(|(old, new)| (old.to_string(), new.name.value.clone())).unzip();
    Ok(frame.rename(old, new, true))
}

/// A single value as SQL writes it.
fn literal(table: &Table) -> Option<Expr> {
    let cell = match table.rows.as_slice() {
        [] => &Cell::Null,
        [row] if row.len() == 1 => &row[0],
        _ => return None,
    };
    let value = match cell {
        Cell::Null => Value::Null,
        Cell::Bool(yes) => Value::Boolean(*yes),
        Cell::Integer(number) => Value::Number(number.to_string(), false),
        Cell::Float(number) => Value::Number(format!("{number:?}"), false),
        Cell::Text(text) => Value::SingleQuotedString(text.clone()),
        _ => return None,
    };
    Some(Expr::Value(value.into()))
}

/// The engine's complaint, or a better one where we know what is meant.
fn explain(error: PolarsError) -> QueryError {
    let message = error.to_string();
    let quoted = |before: &str, after: &str| {
        let rest = message.strip_prefix(before)?;
        Some(rest.strip_suffix(after)?.to_owned())
    };
    if let Some(name) = quoted("relation '", "' was not found") {
        let known = SOURCES.iter().map(|source| source.name).collect();
        return QueryError::UnknownTable { name, known };
    }
    match quoted("unsupported function '", "'") {
        // The engine forgets ours inside of a subquery that it runs for each row.
        Some(name) if functions::registry().contains(&name) => QueryError::Correlated,
        Some(name) => QueryError::UnknownFunction { name },
        None if message == "unexpected subquery" => QueryError::Correlated,
        None => error.into(),
    }
}
