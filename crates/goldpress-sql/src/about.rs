//! What a query's columns are: `DESCRIBE`, and `SUMMARIZE` over their values.

use polars::{
    error::PolarsResult,
    prelude::{DataFrame, DataType, Expr, LazyFrame, QuantileMethod, col, lit},
};

use crate::{
    table::{Cell, Table},
    types,
};

/// Letters of a text or of the name of a type that a summary shows: an id is whole.
const SHOWN: usize = 40;

/// Names and types of columns, a row each.
pub(crate) fn describe(mut frame: LazyFrame) -> PolarsResult<Table> {
    let schema = frame.collect_schema()?;
    let row = |(name, dtype): (&_, &DataType)| {
        let name: &polars::prelude::PlSmallStr = name;
        let names = [name.to_string(), types::name(dtype), "YES".to_owned()];
        names.into_iter().map(Cell::Text).collect()
    };
    Ok(Table {
        columns: names(&["column_name", "column_type", "null"]),
        rows: schema.iter().map(row).collect(),
    })
}

/// Names of tables, a row each.
pub(crate) fn tables(known: &[&str]) -> Table {
    let row = |name: &&str| vec![Cell::Text((*name).to_owned())];
    Table { columns: names(&["name"]), rows: known.iter().map(row).collect() }
}

/// Extremes, distinct values, mean, spread, quartiles and gaps, a row a column.
///
/// Lists and structs have no order: of them only gaps are told.
pub(crate) fn summarise(mut frame: LazyFrame) -> PolarsResult<Table> {
    const COLUMNS: [&str; 12] = [
        "column_name",
        "column_type",
        "min",
        "max",
        "unique",
        "avg",
        "std",
        "q25",
        "q50",
        "q75",
        "count",
        "null_percentage",
    ];
    let schema = frame.collect_schema()?;
    let wanted: Vec<Expr> = schema
        .iter()
        .enumerate()
        .flat_map(|(n, (name, dtype))| figures(n, name.as_str(), dtype))
        .collect();
    let figures = frame.select(wanted).collect()?;
    let mut rows = Vec::new();
    for (n, (name, dtype)) in schema.iter().enumerate() {
        let mut row = vec![Cell::Text(name.to_string()), cut(types::name(dtype))];
        row.extend(COLUMNS[2..].iter().map(|what| cell(&figures, n, what)));
        rows.push(row);
    }
    Ok(Table { columns: names(&COLUMNS), rows })
}

/// What is asked of one column, under names of its number.
fn figures(n: usize, name: &str, dtype: &DataType) -> Vec<Expr> {
    let column = || col(name);
    let n_rows = || polars::prelude::len();
    let gaps = lit(100.0) * column().null_count() / n_rows();
    let mut all = vec![("count", n_rows()), ("null_percentage", gaps)];
    if !dtype.is_nested() && *dtype != DataType::Binary {
        all.extend([
            ("min", column().min()),
            ("max", column().max()),
            ("unique", column().drop_nulls().n_unique()),
        ]);
    }
    if dtype.is_primitive_numeric() {
        let quartile = |share: f64| column().quantile(lit(share), QuantileMethod::Linear);
        all.extend([
            ("avg", column().mean()),
            ("std", column().cast(DataType::Float64).std(1)),
            ("q25", quartile(0.25)),
            ("q50", quartile(0.5)),
            ("q75", quartile(0.75)),
        ]);
    }
    all.into_iter().map(|(what, expr)| expr.alias(format!("{n} {what}"))).collect()
}

fn cell(figures: &DataFrame, n: usize, what: &str) -> Cell {
    let column = figures.column(&format!("{n} {what}"));
    match column.ok().and_then(|column| column.get(0).ok().map(Cell::of)) {
        Some(Cell::Text(text)) => cut(text),
        value => value.unwrap_or(Cell::Null),
    }
}

/// Text as far as a summary shows it.
fn cut(text: String) -> Cell {
    if text.chars().count() <= SHOWN {
        return Cell::Text(text);
    }
    Cell::Text(text.chars().take(SHOWN).chain(['…']).collect())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
