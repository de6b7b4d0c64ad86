//! Rows: the cells of one row of a batch, by the names of their columns.
//!
//! Types were compared with the schema when the file was opened, so a wrong one here is a
//! defect of a file that lies about itself: an error, never a panic.

use std::{cell::Cell, str::FromStr};

use arrow::{
    array::{
        Array, ArrayRef, BinaryArray, BooleanArray, ListArray, PrimitiveArray,
        RecordBatch, StringArray, StructArray, TimestampMicrosecondArray,
    },
    datatypes::{FieldRef, Fields},
};
use goldpress_model::CharRange;
use serde::de::DeserializeOwned;

use crate::columns::Number;

/// One row of a batch, or one struct of a list.
pub(crate) struct Row<'b> {
    fields: &'b Fields,
    columns: &'b [ArrayRef],
    n: usize,
    /// Where the next column probably is: tables are read in the order of their columns.
    next: Cell<usize>,
}

/// What is wrong with a row.
pub(crate) type Reason = String;

impl<'b> Row<'b> {
    /// Row `n` of a batch.
    pub(crate) fn of(batch: &'b RecordBatch, n: usize) -> Row<'b> {
        let fields = &batch.schema_ref().fields;
        Row { fields, columns: batch.columns(), n, next: Cell::new(0) }
    }

    /// A string.
    pub(crate) fn string(&self, name: &str) -> Result<&'b str, Reason> {
        present(name, self.string_opt(name)?)
    }

    /// A string or null.
    pub(crate) fn string_opt(&self, name: &str) -> Result<Option<&'b str>, Reason> {
        let cells = self.column::<StringArray>(name)?;
        Ok(cells.is_valid(self.n).then(|| cells.value(self.n)))
    }

    /// A string of our own.
    pub(crate) fn owned(&self, name: &str) -> Result<String, Reason> {
        self.string(name).map(str::to_owned)
    }

    /// A string of our own, or null.
    pub(crate) fn owned_opt(&self, name: &str) -> Result<Option<String>, Reason> {
        Ok(self.string_opt(name)?.map(str::to_owned))
    }

    /// A string that names something.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<T, Reason>
    where
        T::Err: std::fmt::Display,
    {
        present(name, self.parsed_opt(name)?)
    }

    /// A string that names something, or null.
    pub(crate) fn parsed_opt<T: FromStr>(&self, name: &str) -> Result<Option<T>, Reason>
    where
        T::Err: std::fmt::Display,
    {
        let parse = |text: &str| text.parse().map_err(|error| format!("{name}: {error}"));
        self.string_opt(name)?.map(parse).transpose()
    }

    /// Canonical JSON in a string.
    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, Reason> {
        let text = self.string(name)?;
        serde_json::from_str(text).map_err(|error| format!("`{name}`: {error}"))
    }

    /// A number.
    pub(crate) fn number<N: Number>(&self, name: &str) -> Result<N, Reason> {
        present(name, self.number_opt(name)?)
    }

    /// A number or null.
    pub(crate) fn number_opt<N: Number>(&self, name: &str) -> Result<Option<N>, Reason> {
        let cells = self.column::<PrimitiveArray<N::Arrow>>(name)?;
        Ok(cells.is_valid(self.n).then(|| cells.value(self.n)))
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Reason> {
        let cells = self.column::<BooleanArray>(name)?;
        present(name, cells.is_valid(self.n).then(|| cells.value(self.n)))
    }

    /// Microseconds since 1970-01-01 UTC, or null.
    pub(crate) fn time_opt(&self, name: &str) -> Result<Option<i64>, Reason> {
        let cells = self.column::<TimestampMicrosecondArray>(name)?;
        Ok(cells.is_valid(self.n).then(|| cells.value(self.n)))
    }

    /// Bytes.
    pub(crate) fn bytes(&self, name: &str) -> Result<&'b [u8], Reason> {
        let cells = self.column::<BinaryArray>(name)?;
        present(name, cells.is_valid(self.n).then(|| cells.value(self.n)))
    }

    /// A list of strings.
    pub(crate) fn strings(&self, name: &str) -> Result<Vec<String>, Reason> {
        let lists = self.column::<ListArray>(name)?;
        let items = downcast::<StringArray>(name, lists.values())?;
        let range = present(name, self.items(lists))?;
        range
            .map(|n| present(name, items.is_valid(n).then(|| items.value(n).to_owned())))
            .collect()
    }

    /// A list of structs, each read by `read`.
    pub(crate) fn list<T>(
        &self,
        name: &str,
        read: impl Fn(&Row<'b>) -> Result<T, Reason>,
    ) -> Result<Vec<T>, Reason> {
        present(name, self.list_opt(name, read)?)
    }

    /// A list of structs, or null.
    pub(crate) fn list_opt<T>(
        &self,
        name: &str,
        read: impl Fn(&Row<'b>) -> Result<T, Reason>,
    ) -> Result<Option<Vec<T>>, Reason> {
        let lists = self.column::<ListArray>(name)?;
        let structs = downcast::<StructArray>(name, lists.values())?;
        let Some(range) = self.items(lists) else { return Ok(None) };
        let item = |n| {
            let columns = structs.columns();
            let row = Row { fields: structs.fields(), columns, n, next: Cell::new(0) };
            read(&row).map_err(|reason| format!("{name}: {reason}"))
        };
        range.map(item).collect::<Result<_, _>>().map(Some)
    }

    /// A list of ranges in code points.
    pub(crate) fn ranges(&self, name: &str) -> Result<Vec<CharRange>, Reason> {
        self.list(name, Row::range)
    }

    /// A range in code points, from the columns `start` and `end`.
    pub(crate) fn range(&self) -> Result<CharRange, Reason> {
        Ok(CharRange { start: self.number("start")?, end: self.number("end")? })
    }

    /// Where the items of this row stand among those of all rows; `None` for null.
    fn items(&self, lists: &ListArray) -> Option<std::ops::Range<usize>> {
        let offsets = lists.value_offsets();
        let at = |n: usize| offsets[n] as usize;
        lists.is_valid(self.n).then(|| at(self.n)..at(self.n + 1))
    }

    fn column<A: Array + 'static>(&self, name: &str) -> Result<&'b A, Reason> {
        let here = |field: &FieldRef| field.name() == name;
        let guess = self.next.get();
        let at = match self.fields.get(guess) {
            Some(field) if here(field) => guess,
            _ => self
                .fields
                .iter()
                .position(here)
                .ok_or_else(|| format!("there is no column `{name}`"))?,
        };
        self.next.set(at + 1);
        downcast(name, &self.columns[at])
    }
}

fn downcast<'b, A: Array + 'static>(
    name: &str,
    array: &'b ArrayRef,
) -> Result<&'b A, Reason> {
    let found = array.as_any().downcast_ref::<A>();
    found.ok_or_else(|| format!("column `{name}` holds {}", array.data_type()))
}

fn present<T>(name: &str, cell: Option<T>) -> Result<T, Reason> {
    cell.ok_or_else(|| format!("`{name}` is null"))
}
