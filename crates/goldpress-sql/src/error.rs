//! Why a query has no answer.

use std::io;

use goldpress_store::StoreError;
use polars::error::PolarsError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A table that no dataset has.
    #[error("there is no table `{name}`; there are `{}`", .known.join("`, `"))]
    UnknownTable {
        /// The name in the query.
        name: String,
        /// Tables that a dataset may have.
        known: Vec<&'static str>,
    },
    /// A table that this dataset has not yet.
    #[error("table `{name}` is not there yet; `{verb}` makes it")]
    MissingTable {
        /// The table.
        name: String,
        /// The command that makes it.
        verb: &'static str,
    },
    /// A statement that would change something.
    #[error("tables are only read here: `{verb}` changes something")]
    ReadOnly {
        /// The first word of the statement.
        verb: String,
    },
    /// A column of which each group may hold several values.
    #[error(
        "`{column}` must stand in GROUP BY, or in an aggregate such as MIN({column})"
    )]
    NotGrouped {
        /// The column.
        column: String,
    },
    /// A function that neither the engine nor we have.
    #[error("there is no function `{name}`")]
    UnknownFunction {
        /// Its name in the query.
        name: String,
    },
    /// A subquery for a value that reads a column of the query around it.
    #[error(
        "a subquery reads a column of the query around it: join it instead, grouped by \
         that column"
    )]
    Correlated,
    /// The statement is no SQL, or asks for what the tables do not hold.
    #[error("{0}")]
    Sql(String),
    /// The dataset cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sink of an answer refuses.
    #[error("the answer cannot be written")]
    Unwritten(#[source] io::Error),
}

impl From<PolarsError> for QueryError {
    fn from(error: PolarsError) -> Self {
        // Later lines are the engine's own plan, of no use to whoever wrote the query.
        let message = error.to_string();
        let first = message.lines().find(|line| !line.trim().is_empty());
        QueryError::Sql(first.unwrap_or("the query failed").trim().to_owned())
    }
}
