//! Functions of SQL that the engine lacks or has otherwise: lists, fields, dates, patterns.
//!
//! Each takes a row of values and gives one. A value that is null gives null, but where a
//! function says otherwise.

mod dates;
mod lists;
mod text;

use std::{collections::HashMap, sync::Arc};

use polars::{
    error::{PolarsResult, polars_err},
    prelude::{
        AnyValue, BaseColumnUdf, Column, DataType, Field, IntoColumn, NamedFrom, Schema,
        Series, TimeUnit, TimeZone, UserDefinedFunction,
    },
    sql::{FunctionOptions, FunctionRegistry},
};
use regex::Regex;

use crate::types;

/// Before the name of a field, the name of the function that reads it.
pub(crate) const FIELD: &str = "__field_";

/// Patterns that were compiled for the rows of one call.
#[derive(Default)]
struct Patterns(HashMap<String, Regex>);

impl Patterns {
    fn get(&mut self, pattern: &str) -> PolarsResult<&Regex> {
        if !self.0.contains_key(pattern) {
            let regex = Regex::new(pattern).map_err(|error| {
                let error = error.to_string();
                let last = error.lines().last().unwrap_or_default().trim().to_owned();
                polars_err!(ComputeError: "`{}` is no regular expression: {}", pattern, last)
            })?;
            self.0.insert(pattern.to_owned(), regex);
        }
        Ok(&self.0[pattern])
    }
}

type Answer = PolarsResult<AnyValue<'static>>;
type RowFunction = fn(&[AnyValue<'_>], &mut Patterns) -> Answer;

/// The type of what a function gives.
#[derive(Clone, Copy)]
enum Gives {
    Flag,
    Whole,
    Text,
    Day,
    Moment,
    /// A day of a day, else a moment.
    DayOrMoment,
    /// The type of the first argument.
    Same,
    /// The type of an element of the first argument; of text it is text.
    Element,
    /// A number by which the first argument can be sorted.
    Key,
}

struct Entry {
    name: &'static str,
    gives: Gives,
    of_row: RowFunction,
}

const fn entry(name: &'static str, gives: Gives, of_row: RowFunction) -> Entry {
    Entry { name, gives, of_row }
}

/// Functions of a row; those of two underscores stand for operators and keywords.
const FUNCTIONS: &[Entry] = &[
    entry("__bytes", Gives::Whole, text::bytes),
    entry("__date", Gives::Day, dates::date),
    entry("__differs", Gives::Flag, differs),
    entry("__downwards", Gives::Key, downwards),
    entry("__integer", Gives::Whole, integer),
    entry("__like", Gives::Flag, text::like),
    entry("__part", Gives::Whole, dates::part),
    entry("__substring", Gives::Text, text::substring),
    entry("__timestamp", Gives::Moment, dates::timestamp),
    entry("__try_date", Gives::Day, dates::try_date),
    entry("__try_integer", Gives::Whole, try_integer),
    entry("array_extract", Gives::Element, lists::element),
    entry("array_has", Gives::Flag, lists::contains),
    entry("ascii", Gives::Whole, text::ascii),
    entry("chr", Gives::Text, text::chr),
    entry("contains", Gives::Flag, lists::contains),
    entry("date_trunc", Gives::DayOrMoment, dates::trunc),
    entry("datetrunc", Gives::DayOrMoment, dates::trunc),
    entry("json_extract", Gives::Text, text::json),
    entry("json_extract_string", Gives::Text, text::json),
    entry("len", Gives::Whole, lists::len),
    entry("list_contains", Gives::Flag, lists::contains),
    entry("list_distinct", Gives::Same, lists::distinct),
    entry("list_extract", Gives::Element, lists::element),
    entry("list_has", Gives::Flag, lists::contains),
    entry("list_has_all", Gives::Flag, lists::has_all),
    entry("list_has_any", Gives::Flag, lists::has_any),
    entry("list_slice", Gives::Same, lists::slice),
    entry("list_sort", Gives::Same, lists::sorted),
    entry("regexp_extract", Gives::Text, text::regexp_extract),
    entry("regexp_full_match", Gives::Flag, text::regexp_full_match),
    entry("regexp_replace", Gives::Text, text::regexp_replace),
    entry("repeat", Gives::Text, text::repeat),
];

/// The functions, as the engine asks for them.
struct Registry;

/// The functions of this page, for the engine.
pub(crate) fn registry() -> Arc<dyn FunctionRegistry> {
    Arc::new(Registry)
}

impl FunctionRegistry for Registry {
    fn register(&mut self, _: &str, _: UserDefinedFunction) -> PolarsResult<()> {
        Err(polars_err!(InvalidOperation: "functions are built in"))
    }

    fn get_udf(&self, name: &str) -> PolarsResult<Option<UserDefinedFunction>> {
        if let Some(field) = name.strip_prefix(FIELD) {
            let (field, typed) = (field.to_owned(), field.to_owned());
            return Ok(Some(udf(
                name,
                move |columns| lists::field(&columns[0], &field),
                move |fields| lists::type_of_field(fields, &typed),
            )));
        }
        if name == "typeof" {
            return Ok(Some(udf(name, type_of, |_| DataType::String)));
        }
        let entry = FUNCTIONS.iter().find(|entry| entry.name == name);
        Ok(entry.map(|entry| {
            udf(name, |columns| run(entry, columns), |fields| gives(entry, fields))
        }))
    }

    fn contains(&self, name: &str) -> bool {
        let mut names = FUNCTIONS.iter().map(|entry| entry.name);
        name.starts_with(FIELD) || name == "typeof" || names.any(|known| known == name)
    }
}

fn udf(
    name: &str,
    run: impl Fn(&[Column]) -> PolarsResult<Column> + Send + Sync + 'static,
    gives: impl Fn(&[Field]) -> DataType + Send + Sync + 'static,
) -> UserDefinedFunction {
    let run = move |columns: &mut [Column]| run(columns);
    let typed = move |_: &Schema, fields: &[Field]| {
        let name = fields.first().map(|field| field.name().clone());
        Ok(Field::new(name.unwrap_or_default(), gives(fields)))
    };
    let mut udf = UserDefinedFunction::new(name.into(), BaseColumnUdf::new(run, typed));
    udf.options = FunctionOptions::elementwise();
    udf
}

fn gives(entry: &Entry, fields: &[Field]) -> DataType {
    let moment = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let types: Vec<&DataType> = fields.iter().map(Field::dtype).collect();
    let first = types.first().copied().unwrap_or(&DataType::Null);
    match (entry.gives, first) {
        (Gives::Flag, _) => DataType::Boolean,
        (Gives::Whole, _) => DataType::Int64,
        (Gives::Text, _) => DataType::String,
        (Gives::Day, _) => DataType::Date,
        (Gives::DayOrMoment, _) if types.contains(&&DataType::Date) => DataType::Date,
        (Gives::Moment | Gives::DayOrMoment, _) => moment,
        (Gives::Element, DataType::List(inner)) => (**inner).clone(),
        (Gives::Element, _) => DataType::String,
        (Gives::Key, dtype) if dtype.is_float() => DataType::Float64,
        (Gives::Key, _) => DataType::Int64,
        (Gives::Same, dtype) => dtype.clone(),
    }
}

fn run(entry: &Entry, columns: &[Column]) -> PolarsResult<Column> {
    if entry.name == "__downwards" && columns[0].dtype().is_string() {
        return lists::places_downwards(&columns[0]);
    }
    let n_rows = columns.iter().map(Column::len).find(|n| *n != 1).unwrap_or(1);
    let fields: Vec<Field> = columns.iter().map(|c| c.field().into_owned()).collect();
    let series: Vec<&Series> =
        columns.iter().map(Column::as_materialized_series).collect();
    let mut patterns = Patterns::default();
    let mut values = Vec::with_capacity(n_rows);
    for n in 0..n_rows {
        let mut row = Vec::with_capacity(series.len());
        for column in &series {
            row.push(column.get(if column.len() == 1 { 0 } else { n })?);
        }
        let is_null = entry.name != "__differs" && row.iter().any(AnyValue::is_null);
        values.push(match is_null {
            true => AnyValue::Null,
            false => (entry.of_row)(&row, &mut patterns)?,
        });
    }
    let name = fields.first().map(|field| field.name().clone()).unwrap_or_default();
    let dtype = gives(entry, &fields);
    Ok(Series::from_any_values_and_dtype(name, &values, &dtype, false)?.into_column())
}

fn type_of(columns: &[Column]) -> PolarsResult<Column> {
    let column = &columns[0];
    let names = vec![types::name(column.dtype()); column.len()];
    Ok(Series::new(column.name().clone(), names).into_column())
}

/// Whether two values differ, null being a value.
fn differs(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    Ok(AnyValue::Boolean(row[0] != row[1]))
}

fn downwards(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    Ok(match &row[0] {
        AnyValue::Boolean(yes) => AnyValue::Int64(-i64::from(*yes)),
        AnyValue::Float32(number) => AnyValue::Float64(-f64::from(*number)),
        AnyValue::Float64(number) => AnyValue::Float64(-*number),
        other => other.extract::<i64>().map_or(AnyValue::Null, |n| AnyValue::Int64(-n)),
    })
}

/// A whole number: of text its digits, of another number the nearest.
fn integer(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let value = &row[0];
    let number = match value.get_str() {
        Some(text) => text.trim().parse::<f64>().ok(),
        None => match value {
            AnyValue::Boolean(yes) => Some(f64::from(u8::from(*yes))),
            _ => {
                if let Some(whole) = value.extract::<i64>().filter(|_| value.is_integer())
                {
                    return Ok(AnyValue::Int64(whole));
                }
                value.extract::<f64>()
            }
        },
    };
    match number.filter(|number| number.abs() < 9e18) {
        Some(number) => Ok(AnyValue::Int64(number.round_ties_even() as i64)),
        None => Err(polars_err!(ComputeError:
            "`{}` is no whole number: TRY_CAST gives null instead", value.str_value())),
    }
}

fn try_integer(row: &[AnyValue<'_>], patterns: &mut Patterns) -> Answer {
    Ok(integer(row, patterns).unwrap_or(AnyValue::Null))
}
