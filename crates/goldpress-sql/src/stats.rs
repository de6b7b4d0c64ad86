//! Statistics: what is in a dataset, for people and dashboards.
//!
//! Counts rows as they stand, copies included: `n_duplicates` says how many there are.

use goldpress_model::Field;
use goldpress_store::Dataset;
use polars::prelude::{
    ExplodeOptions, Expr, LazyFrame, QuantileMethod, SortMultipleOptions, col, len, lit,
};
use serde::Serialize;

use crate::{
    error::QueryError,
    scan,
    table::{Cell, Table},
};

/// What is in a dataset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stats {
    /// Records read.
    pub n_records: u64,
    /// Rows of `articles`.
    pub n_articles: u64,
    /// Rows of `rejects`.
    pub n_rejects: u64,
    /// Articles whose body stood in an earlier row.
    pub n_duplicates: u64,
    /// Articles by detected language.
    pub languages: Vec<Group>,
    /// Articles by source: domain or publisher.
    pub sources: Vec<Group>,
    /// Articles by the year of publication that they state.
    pub years: Vec<Group>,
    /// Articles by media type.
    pub formats: Vec<Group>,
    /// Articles by field mapping.
    pub presets: Vec<Group>,
    /// Articles by the encoding used.
    pub charsets: Vec<Group>,
    /// Length in code points; `None` without articles.
    pub chars: Option<Quantiles>,
    /// Length in words.
    pub words: Option<Quantiles>,
    /// Length in sentences.
    pub sentences: Option<Quantiles>,
    /// Blocks by role.
    pub roles: Vec<Group>,
    /// Articles by flaw.
    pub flaws: Vec<Group>,
    /// Rejects by reason.
    pub rejects: Vec<Group>,
    /// Articles that state a field, by field in the order of the columns.
    pub fields: Vec<FieldShare>,
}

/// Rows that have a value in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The value; `None` for rows that have none.
    pub name: Option<String>,
    /// Number of rows.
    pub n: u64,
}

/// How many articles state a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldShare {
    /// Name of the column.
    pub field: &'static str,
    /// Articles that state it.
    pub n: u64,
    /// Of all articles, in `0.0..=1.0`; 0 without articles.
    pub share: f64,
}

/// How a number is spread over the articles, by nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantiles {
    /// Arithmetic mean.
    pub mean: f64,
    /// The least.
    pub min: u64,
    /// One in ten is no greater.
    pub p10: u64,
    /// One in four is no greater.
    pub p25: u64,
    /// Half are no greater.
    pub p50: u64,
    /// Three in four are no greater.
    pub p75: u64,
    /// Nine in ten are no greater.
    pub p90: u64,
    /// 99 of a hundred are no greater.
    pub p99: u64,
    /// The greatest.
    pub max: u64,
}

/// Sums a dataset up.
///
/// Groups stand from the largest; of equal ones by name. Each figure reads only its own
/// columns, one after the other: memory does not grow with the texts.
///
/// ```
/// # use goldpress_store::samples;
/// # let folder = tempfile::tempdir()?;
/// # let dataset = samples::write(folder.path(), vec![samples::kept(1, &["Zürich"])])?;
/// let stats = goldpress_sql::stats(&dataset)?;
/// assert_eq!(stats.n_articles, 1);
/// assert_eq!(stats.chars.map(|spread| spread.p50), Some(6));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// A table cannot be read.
pub fn stats(dataset: &Dataset) -> Result<Stats, QueryError> {
    let manifest = dataset.manifest();
    let articles = table(dataset, "articles")?;
    let by = |column: &str| groups(articles.clone(), col(column));
    let year = col("date_published").str().slice(lit(0), lit(4));
    Ok(Stats {
        n_records: manifest.n_records,
        n_articles: manifest.n_articles,
        n_rejects: manifest.n_rejects,
        n_duplicates: manifest.n_duplicates,
        languages: by("lang")?,
        sources: by("source")?,
        years: groups(articles.clone(), year)?,
        formats: by("media_type")?,
        presets: by("preset")?,
        charsets: by("charset_used")?,
        chars: quantiles(&articles, "n_chars")?,
        words: quantiles(&articles, "n_words")?,
        sentences: quantiles(&articles, "n_sentences")?,
        roles: groups_of_items(&articles, "blocks", "role")?,
        flaws: groups_of_items(&articles, "flaws", "flaw")?,
        rejects: groups(table(dataset, "rejects")?, col("reason"))?,
        fields: fields(&articles, manifest.n_articles)?,
    })
}

/// A table that every dataset has.
fn table(dataset: &Dataset, name: &'static str) -> Result<LazyFrame, QueryError> {
    let missing =
        QueryError::MissingTable { name: name.into(), verb: "goldpress ingest" };
    scan::scan(name, dataset.files(name))?.ok_or(missing)
}

/// Rows by the value of an expression.
fn groups(frame: LazyFrame, value: Expr) -> Result<Vec<Group>, QueryError> {
    let order = SortMultipleOptions::default().with_order_descending_multi([true, false]);
    let counted = frame
        .group_by([value.alias("name")])
        .agg([len().alias("n")])
        .sort(["n", "name"], order);
    let group = |row: Vec<Cell>| match row.as_slice() {
        [Cell::Text(name), n] => Group { name: Some(name.clone()), n: whole(n) },
        [_, n] => Group { name: None, n: whole(n) },
        _ => Group { name: None, n: 0 },
    };
    Ok(answer(counted)?.rows.into_iter().map(group).collect())
}

/// Items of all lists in `column`, by one of their fields.
fn groups_of_items(
    frame: &LazyFrame,
    column: &str,
    field: &str,
) -> Result<Vec<Group>, QueryError> {
    let nothing_for_empty = ExplodeOptions { empty_as_null: false, keep_nulls: false };
    let items = frame.clone().select([col(column).explode(nothing_for_empty)]);
    groups(items, col(column).struct_().field_by_name(field))
}

fn quantiles(frame: &LazyFrame, column: &str) -> Result<Option<Quantiles>, QueryError> {
    let shares = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0];
    let rank = |share: f64| {
        let name = format!("p{share}");
        col(column).quantile(lit(share), QuantileMethod::Equiprobable).alias(name)
    };
    let mut columns = vec![col(column).mean()];
    columns.extend(shares.map(rank));
    let row = answer(frame.clone().select(columns))?.rows.into_iter().next();
    let Some([Cell::Float(mean), ranks @ ..]) = row.as_deref() else { return Ok(None) };
    let at = |n: usize| ranks.get(n).map_or(0, whole);
    Ok(Some(Quantiles {
        mean: *mean,
        min: at(0),
        p10: at(1),
        p25: at(2),
        p50: at(3),
        p75: at(4),
        p90: at(5),
        p99: at(6),
        max: at(7),
    }))
}

fn fields(frame: &LazyFrame, n_articles: u64) -> Result<Vec<FieldShare>, QueryError> {
    let stated = |field: &Field| {
        let column = col(field.name());
        match field.is_list() {
            true => column.list().len().gt(lit(0)).sum(),
            false => column.is_not_null().sum(),
        }
    };
    let share = |field: &Field| {
        let count = answer(frame.clone().select([stated(field)]))?;
        let n = count.rows.first().and_then(|row| row.first()).map_or(0, whole);
        let share = if n_articles == 0 { 0.0 } else { n as f64 / n_articles as f64 };
        Ok(FieldShare { field: field.name(), n, share })
    };
    Field::ALL.iter().map(share).collect()
}

fn answer(frame: LazyFrame) -> Result<Table, QueryError> {
    Ok(Table::of(&frame.collect()?))
}

/// A count or a length; 0 for null, as sums over no rows are.
fn whole(cell: &Cell) -> u64 {
    match cell {
        Cell::Integer(number) => u64::try_from(*number).unwrap_or(0),
        Cell::Float(number) => *number as u64,
        _ => 0,
    }
}
