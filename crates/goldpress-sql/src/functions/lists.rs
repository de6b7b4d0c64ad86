//! Lists, and the fields of their elements.

use polars::{
    error::PolarsResult,
    prelude::{
        AnyValue, Column, DataType, Field, IntoColumn, NamedFrom, Series, SortOptions,
    },
};

use super::{Answer, Patterns, text};

/// Characters of text, elements of a list, bytes of a blob.
pub(super) fn len(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let n = match &row[0] {
        AnyValue::List(list) => list.len(),
        AnyValue::Binary(bytes) => bytes.len(),
        AnyValue::BinaryOwned(bytes) => bytes.len(),
        value => value.str_value().chars().count(),
    };
    Ok(AnyValue::Int64(n as i64))
}

/// Whether a list holds a value, or text another text.
pub(super) fn contains(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let found = match &row[0] {
        AnyValue::List(list) => holds(list, &row[1]),
        value => value.str_value().contains(row[1].str_value().as_ref()),
    };
    Ok(AnyValue::Boolean(found))
}

fn holds(list: &Series, wanted: &AnyValue<'_>) -> bool {
    list.iter().any(|value| value == *wanted)
}

/// Whether two lists have a value in common.
pub(super) fn has_any(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let (AnyValue::List(list), AnyValue::List(wanted)) = (&row[0], &row[1]) else {
        return Ok(AnyValue::Null);
    };
    Ok(AnyValue::Boolean(wanted.iter().any(|value| holds(list, &value))))
}

/// Whether a list holds all values of another.
pub(super) fn has_all(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let (AnyValue::List(list), AnyValue::List(wanted)) = (&row[0], &row[1]) else {
        return Ok(AnyValue::Null);
    };
    Ok(AnyValue::Boolean(wanted.iter().all(|value| holds(list, &value))))
}

/// The element at a place, counted from 1, or from the end below 0; null where none is.
pub(super) fn element(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let place = row[1].extract::<i64>().unwrap_or(0);
    let at = |len: usize| match place {
        0 => None,
        1.. => usize::try_from(place - 1).ok().filter(|n| *n < len),
        _ => usize::try_from(len as i64 + place).ok(),
    };
    Ok(match &row[0] {
        AnyValue::List(list) => match at(list.len()) {
            Some(n) => list.get(n)?.into_static(),
            None => AnyValue::Null,
        },
        value => {
            let letters: Vec<char> = value.str_value().chars().collect();
            at(letters.len())
                .map_or(AnyValue::Null, |n| text::owned(letters[n].to_string()))
        }
    })
}

/// Elements or characters from a place to another, both counted from 1 and in.
pub(super) fn slice(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let bound = |n: usize| row.get(n).and_then(AnyValue::extract::<i64>).unwrap_or(0);
    let range = |len: usize| {
        let place = |n: i64| if n < 0 { n + len as i64 + 1 } else { n };
        let from = place(bound(1)).max(1) - 1;
        let to = place(bound(2)).min(len as i64).max(from);
        (from, (to - from) as usize)
    };
    Ok(match &row[0] {
        AnyValue::List(list) => {
            let (from, n) = range(list.len());
            AnyValue::List(list.slice(from, n))
        }
        value => {
            let value = value.str_value();
            let (from, n) = range(value.chars().count());
            text::owned(value.chars().skip(from as usize).take(n).collect())
        }
    })
}

/// A list in order.
pub(super) fn sorted(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let AnyValue::List(list) = &row[0] else { return Ok(AnyValue::Null) };
    Ok(AnyValue::List(list.sort_with(SortOptions::default())?))
}

/// A list without the values that stood before.
pub(super) fn distinct(row: &[AnyValue<'_>], _: &mut Patterns) -> Answer {
    let AnyValue::List(list) = &row[0] else { return Ok(AnyValue::Null) };
    Ok(AnyValue::List(list.unique_stable()?))
}

/// The type of a field of a struct; text where the first column is JSON.
pub(super) fn type_of_field(fields: &[Field], name: &str) -> DataType {
    match fields.first().map(Field::dtype) {
        Some(DataType::Struct(inner)) => {
            let found = inner.iter().find(|field| field.name() == name);
            found.map_or(DataType::Null, |field| field.dtype().clone())
        }
        _ => DataType::String,
    }
}

/// A field of a column: of structs, or of JSON in text.
pub(super) fn field(column: &Column, name: &str) -> PolarsResult<Column> {
    if column.dtype().is_struct() {
        let series = column.as_materialized_series();
        return Ok(series.struct_()?.field_by_name(name)?.into_column());
    }
    let series = column.as_materialized_series();
    let values: Vec<Option<String>> =
        series.iter().map(|json| text::json_field(&json, name)).collect();
    Ok(Series::new(column.name().clone(), values).into_column())
}

/// The place of each text in descending order, for sorts that only go up.
pub(super) fn places_downwards(column: &Column) -> PolarsResult<Column> {
    let series = column.as_materialized_series();
    let mut texts: Vec<String> =
        series.iter().filter_map(|value| value.get_str().map(str::to_owned)).collect();
    texts.sort_unstable();
    texts.dedup();
    let place = |value: AnyValue<'_>| {
        let text = value.get_str()?.to_owned();
        texts.binary_search(&text).ok().map(|n| -(n as i64))
    };
    let places: Vec<Option<i64>> = series.iter().map(place).collect();
    Ok(Series::new(column.name().clone(), places).into_column())
}
