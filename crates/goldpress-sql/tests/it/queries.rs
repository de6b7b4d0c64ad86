//! Queries as people write them, each with the answer that DuckDB gives.
//!
//! `tests/queries/*.txt` hold a query, which ends with `;`, and below it the answer as CSV.
//! The answers are DuckDB's, written by `tests/queries/expect.py`; those of `own.txt` and
//! `refused.txt` are ours, with the reason beside each.

use std::{fs, path::PathBuf};

use goldpress_sql::{Runs, query};
use goldpress_store::Dataset;

use crate::desk;

/// Queries that are held to another program's answers: at least so many.
const LEAST: usize = 200;

#[test]
fn queries_give_what_duckdb_gives() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = desk::write(folder.path());
    let mut wrong = Vec::new();
    let mut n_queries = 0;
    for path in files() {
        for (sql, wanted) in blocks(&fs::read_to_string(&path).unwrap()) {
            n_queries += 1;
            let given = ask(&dataset, &sql);
            if !is_same(&sql, &wanted, &given) {
                wrong.push(format!("{sql}\nwanted:\n{wanted}given:\n{given}"));
            }
        }
    }
    assert!(n_queries > LEAST, "{n_queries} queries");
    assert!(wrong.is_empty(), "{} of {n_queries}\n{}", wrong.len(), wrong.join("\n"));
}

fn files() -> Vec<PathBuf> {
    let folder = std::env::current_dir().unwrap().join("tests/queries");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ext| ext == "txt")).collect();
    files.sort();
    files
}

/// The queries of a file, with their answers.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((sql, after)) = rest.split_once(";\n") {
        let (answer, next) = after.split_once("\n\n").unwrap_or((after, ""));
        let is_query = |line: &&str| !line.starts_with("-- ") && !line.is_empty();
        let sql: Vec<&str> = sql.lines().filter(is_query).collect();
        blocks.push((sql.join("\n"), format!("{}\n", answer.trim_end_matches('\n'))));
        rest = next;
    }
    blocks
}

fn ask(dataset: &Dataset, sql: &str) -> String {
    match query(dataset, sql, &Runs::All) {
        Ok(table) => {
            let mut csv = Vec::new();
            table.write_csv(&mut csv).unwrap();
            String::from_utf8(csv).unwrap()
        }
        Err(error) => format!("error: {error}\n"),
    }
}

/// Whether two answers are one; rows that nobody sorted may come in any order.
fn is_same(sql: &str, wanted: &str, given: &str) -> bool {
    let rows = |csv: &str| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(csv.as_bytes());
        let mut rows: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(number).collect())
            .collect();
        if !sql.to_lowercase().contains("order by") && rows.len() > 1 {
            rows[1..].sort();
        }
        rows
    };
    rows(wanted) == rows(given)
}

/// A cell, a number to nine digits: sums of floats depend on their order.
fn number(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => format!("{number:.8e}"),
        _ => cell.to_owned(),
    }
}
