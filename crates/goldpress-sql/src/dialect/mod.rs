//! SQL as people write it, turned into the SQL that the engine knows.
//!
//! The engine's own dialect names columns after the first column that they are made of, so
//! that `MIN(n), MAX(n)` collide; it cannot order by an aggregate, compare with a
//! subquery, or read a field of an element. Statements are parsed once, rewritten as
//! trees, and handed on as text. Names of functions and of unnamed columns are those of
//! DuckDB.

mod functions;
mod groups;
mod joins;
mod names;
mod select;
mod tree;
mod unnest;

use std::collections::BTreeSet;

use sqlparser::{
    ast::{Query, Statement},
    dialect::GenericDialect,
    parser::{Parser, ParserError},
};

pub(crate) use self::tree::every_expr;
use crate::error::QueryError;

/// What a statement asks for.
pub(crate) enum Asked {
    /// Rows of a query.
    Rows(Box<Query>),
    /// Names and types of a query's columns.
    Columns(Box<Query>),
    /// Extremes, means and gaps of each of a query's columns.
    Summary(Box<Query>),
    /// The names of the tables.
    Tables,
    /// The engine's plan for a query.
    Plan(Box<Query>),
}

/// Reads one statement.
///
/// # Errors
///
/// It is no SQL, several statements, or one that would change something.
pub(crate) fn read(sql: &str) -> Result<Asked, QueryError> {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let (verb, rest) = first_word(sql);
    match verb.to_ascii_uppercase().as_str() {
        "DESCRIBE" | "DESC" if rest.is_empty() => Ok(Asked::Tables),
        "DESCRIBE" | "DESC" => Ok(Asked::Columns(target(rest)?)),
        "SUMMARIZE" | "SUMMARISE" => Ok(Asked::Summary(target(rest)?)),
        "SHOW" => {
            let (what, of) = first_word(rest);
            match what.to_ascii_uppercase().as_str() {
                "TABLES" | "ALL" => Ok(Asked::Tables),
                "COLUMNS" => Ok(Asked::Columns(target(first_word(of).1)?)),
                _ => Ok(Asked::Columns(target(rest)?)),
            }
        }
        "PRAGMA" => match rest.split(['(', ')']).collect::<Vec<_>>()[..] {
            [verb, table, ""] if verb.eq_ignore_ascii_case("table_info") => {
                Ok(Asked::Columns(target(table.trim_matches(['\'', '"']))?))
            }
            _ => Err(QueryError::ReadOnly { verb: "PRAGMA".to_owned() }),
        },
        "EXPLAIN" => Ok(Asked::Plan(query(rest)?)),
        _ => Ok(Asked::Rows(query(sql)?)),
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    (word, rest.trim())
}

/// A query, or all of the table that is named instead.
fn target(text: &str) -> Result<Box<Query>, QueryError> {
    let (word, rest) = first_word(text);
    match word.to_ascii_uppercase().as_str() {
        "SELECT" | "WITH" | "FROM" | "VALUES" | "" => query(text),
        "TABLE" => target(rest),
        _ => query(&format!("SELECT * FROM {text}")),
    }
}

fn query(sql: &str) -> Result<Box<Query>, QueryError> {
    let refused = |error: ParserError| QueryError::Sql(error.to_string());
    let mut parser = Parser::new(&GenericDialect).try_with_sql(sql).map_err(refused)?;
    let mut statements = parser.parse_statements().map_err(refused)?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Ok(query),
        (Some(_), true) => {
            Err(QueryError::ReadOnly { verb: first_word(sql).0.to_ascii_uppercase() })
        }
        (None, _) => Err(QueryError::Sql("the query is empty".to_owned())),
        _ => Err(QueryError::Sql("one statement at a time".to_owned())),
    }
}

/// The tables of a dataset that a query names, lower case.
pub(crate) fn tables(query: &Query) -> BTreeSet<String> {
    tree::relations(query)
}

/// The query for all rows of a table.
///
/// # Errors
///
/// The name is none.
pub(crate) fn all_of(table: &str) -> Result<Box<Query>, QueryError> {
    query(&format!("SELECT * FROM \"{table}\""))
}

/// Rewrites a query for the engine; `columns` are those of the tables that it names.
///
/// # Errors
///
/// It asks for what cannot be rewritten, and the message says what.
pub(crate) fn rewrite(
    query: &mut Query,
    columns: &BTreeSet<String>,
) -> Result<(), QueryError> {
    tree::fold_names(query, columns);
    select::rewrite(query, columns)?;
    functions::rewrite(query);
    Ok(())
}
