//! Columns: rows turned on their side, by one declaration a table.
//!
//! A table lists its columns once, each with a name and a function from row to cell. The
//! same list, over no rows, is the table's schema.

use std::{borrow::Cow, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, BinaryArray, BooleanArray, ListArray, PrimitiveArray,
        PrimitiveBuilder, RecordBatch, StringArray, StructArray,
        TimestampMicrosecondArray,
    },
    buffer::{NullBuffer, OffsetBuffer},
    datatypes::{
        ArrowNativeType, ArrowPrimitiveType, DataType, Field, Float32Type, Float64Type,
        Schema, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use goldpress_model::CharRange;

/// How a column of strings is laid out, by what readers do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Looked up by value: statistics and a bloom filter.
    Key,
    /// Compared and sorted: statistics.
    Plain,
    /// One of few: a dictionary and statistics.
    Name,
    /// Only read: neither, since the least and the greatest text tell nothing.
    Text,
}

/// Columns of `rows`, in the order of the file.
pub(crate) struct Columns<'r, R> {
    rows: &'r [R],
    encoded: Encoded,
}

/// Columns of a batch with the layout of those that hold strings.
#[derive(Default)]
pub(crate) struct Encoded {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
    /// Path of the column in Parquet, and its layout.
    pub(crate) layouts: Vec<(Vec<String>, Layout)>,
    n_rows: usize,
}

/// A number that a column can hold.
pub(crate) trait Number: ArrowNativeType {
    /// Its type in Arrow.
    type Arrow: ArrowPrimitiveType<Native = Self>;
}

macro_rules! numbers {
    ($($native:ty => $arrow:ty),+ $(,)?) => {
        $( impl Number for $native { type Arrow = $arrow; } )+
    };
}

numbers! {
    u8 => UInt8Type, u16 => UInt16Type, u32 => UInt32Type, u64 => UInt64Type,
    f32 => Float32Type, f64 => Float64Type,
}

impl Encoded {
    /// The schema of these columns.
    pub(crate) fn schema(&self) -> Schema {
        Schema::new(self.fields.clone())
    }

    /// The columns as Arrow has them.
    pub(crate) fn into_batch(self) -> RecordBatch {
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new(schema, self.arrays)
            .expect("every column was built from the same rows")
    }
}

impl<'r, R> Columns<'r, R> {
    /// No column yet.
    pub(crate) fn of(rows: &'r [R]) -> Self {
        Columns { rows, encoded: Encoded { n_rows: rows.len(), ..Encoded::default() } }
    }

    /// All columns are named.
    pub(crate) fn finish(self) -> Encoded {
        self.encoded
    }

    /// Strings.
    pub(crate) fn string<'c, S>(
        mut self,
        name: &str,
        layout: Layout,
        cell: impl Fn(&'r R) -> S,
    ) -> Self
    where
        S: Into<Cow<'c, str>>,
    {
        let cells = self.rows.iter().map(|row| cell(row).into());
        let array = StringArray::from_iter_values(cells);
        self.encoded.layouts.push((vec![name.to_owned()], layout));
        self.push(name, false, Arc::new(array))
    }

    /// Strings or null.
    pub(crate) fn string_opt<'c, S>(
        mut self,
        name: &str,
        layout: Layout,
        cell: impl Fn(&'r R) -> Option<S>,
    ) -> Self
    where
        S: Into<Cow<'c, str>>,
    {
        let cells = self.rows.iter().map(|row| cell(row).map(Into::into));
        let array: StringArray =
            cells.collect::<Vec<Option<Cow<'c, str>>>>().into_iter().collect();
        self.encoded.layouts.push((vec![name.to_owned()], layout));
        self.push(name, true, Arc::new(array))
    }

    /// Numbers.
    pub(crate) fn number<N: Number>(self, name: &str, cell: impl Fn(&'r R) -> N) -> Self {
        let cells = self.rows.iter().map(cell);
        let array = PrimitiveArray::<N::Arrow>::from_iter_values(cells);
        self.push(name, false, Arc::new(array))
    }

    /// Numbers or null.
    pub(crate) fn number_opt<N: Number>(
        self,
        name: &str,
        cell: impl Fn(&'r R) -> Option<N>,
    ) -> Self {
        let mut array = PrimitiveBuilder::<N::Arrow>::with_capacity(self.rows.len());
        self.rows.iter().for_each(|row| array.append_option(cell(row)));
        self.push(name, true, Arc::new(array.finish()))
    }

    /// Yes or no.
    pub(crate) fn flag(self, name: &str, cell: impl Fn(&'r R) -> bool) -> Self {
        let cells: Vec<bool> = self.rows.iter().map(cell).collect();
        self.push(name, false, Arc::new(BooleanArray::from(cells)))
    }

    /// Microseconds since 1970-01-01 UTC, or null.
    pub(crate) fn time_opt(
        self,
        name: &str,
        cell: impl Fn(&'r R) -> Option<i64>,
    ) -> Self {
        let cells: Vec<Option<i64>> = self.rows.iter().map(cell).collect();
        let array = TimestampMicrosecondArray::from(cells).with_timezone(UTC);
        self.push(name, true, Arc::new(array))
    }

    /// Bytes.
    pub(crate) fn bytes(mut self, name: &str, cell: impl Fn(&'r R) -> &'r [u8]) -> Self {
        let array = BinaryArray::from_iter_values(self.rows.iter().map(cell));
        self.encoded.layouts.push((vec![name.to_owned()], Layout::Text));
        self.push(name, false, Arc::new(array))
    }

    /// Lists of strings.
    pub(crate) fn strings<'c, S>(
        mut self,
        name: &str,
        layout: Layout,
        cell: impl Fn(&'r R) -> Vec<S>,
    ) -> Self
    where
        S: Into<Cow<'c, str>>,
    {
        let lists: Vec<Vec<S>> = self.rows.iter().map(cell).collect();
        let lengths: Vec<usize> = lists.iter().map(Vec::len).collect();
        let items: Vec<Cow<'c, str>> =
            lists.into_iter().flatten().map(Into::into).collect();
        let items: ArrayRef = Arc::new(StringArray::from_iter_values(items));
        let path = [name, LIST, ELEMENT].map(str::to_owned).to_vec();
        self.encoded.layouts.push((path, layout));
        let element = Field::new(ELEMENT, DataType::Utf8, false);
        self.push_list(name, element, &lengths, items, None)
    }

    /// Lists of structs.
    pub(crate) fn list<C>(
        self,
        name: &str,
        cell: impl Fn(&'r R) -> Vec<C>,
        columns: impl for<'c> Fn(Columns<'c, C>) -> Columns<'c, C>,
    ) -> Self {
        let lists = self.rows.iter().map(|row| Some(cell(row))).collect();
        self.push_structs(name, lists, columns, false)
    }

    /// Lists of structs, or null.
    pub(crate) fn list_opt<C>(
        self,
        name: &str,
        cell: impl Fn(&'r R) -> Option<Vec<C>>,
        columns: impl for<'c> Fn(Columns<'c, C>) -> Columns<'c, C>,
    ) -> Self {
        let lists = self.rows.iter().map(cell).collect();
        self.push_structs(name, lists, columns, true)
    }

    /// Lists of ranges in code points.
    pub(crate) fn ranges(
        self,
        name: &str,
        cell: impl Fn(&'r R) -> Vec<CharRange>,
    ) -> Self {
        self.list(name, cell, |ranges| ranges.range(|range| *range))
    }

    /// A range in code points, as the columns `start` and `end`.
    pub(crate) fn range(self, cell: impl Fn(&'r R) -> CharRange) -> Self {
        self.number("start", |row| cell(row).start).number("end", |row| cell(row).end)
    }

    fn push_structs<C>(
        mut self,
        name: &str,
        lists: Vec<Option<Vec<C>>>,
        columns: impl for<'c> Fn(Columns<'c, C>) -> Columns<'c, C>,
        nullable: bool,
    ) -> Self {
        let present: Vec<bool> = lists.iter().map(Option::is_some).collect();
        let lengths: Vec<usize> =
            lists.iter().map(|list| list.as_ref().map_or(0, Vec::len)).collect();
        let items: Vec<C> = lists.into_iter().flatten().flatten().collect();
        let Encoded { fields, arrays, layouts, n_rows } =
            columns(Columns::of(&items)).finish();
        for (path, layout) in layouts {
            let mut full = [name, LIST, ELEMENT].map(str::to_owned).to_vec();
            full.extend(path);
            self.encoded.layouts.push((full, layout));
        }
        let structs =
            StructArray::try_new_with_length(fields.into(), arrays, None, n_rows)
                .expect("every column was built from the same items");
        let element = Field::new(ELEMENT, structs.data_type().clone(), false);
        let nulls = nullable.then(|| NullBuffer::from(present));
        self.push_list(name, element, &lengths, Arc::new(structs), nulls)
    }

    fn push_list(
        self,
        name: &str,
        element: Field,
        lengths: &[usize],
        items: ArrayRef,
        nulls: Option<NullBuffer>,
    ) -> Self {
        let nullable = nulls.is_some();
        let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
        let array = ListArray::new(Arc::new(element), offsets, items, nulls);
        self.push(name, nullable, Arc::new(array))
    }

    fn push(mut self, name: &str, nullable: bool, array: ArrayRef) -> Self {
        self.encoded.fields.push(Field::new(name, array.data_type().clone(), nullable));
        self.encoded.arrays.push(array);
        self
    }
}

/// The zone of every time.
const UTC: &str = "UTC";

/// Names of the inner nodes of a list, as the Parquet format has them.
const LIST: &str = "list";
const ELEMENT: &str = "element";
