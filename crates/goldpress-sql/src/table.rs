//! Tables in memory: named columns, rows of cells, and how they are written.

use std::io;

use polars::prelude::{AnyValue, DataFrame, TimeUnit};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// Text; dates and times are ISO 8601.
    Text(String),
    /// Bytes; files have them as lower-case hex digits.
    Bytes(Vec<u8>),
    /// Several values.
    List(Vec<Cell>),
    /// Named values.
    Struct(Vec<(String, Cell)>),
}

impl Table {
    pub(crate) fn of(frame: &DataFrame) -> Table {
        let names = frame.get_column_names();
        let columns = names.into_iter().map(|name| name.to_string()).collect();
        let mut rows = vec![Vec::with_capacity(frame.width()); frame.height()];
        for column in frame.columns() {
            let cells = column.as_materialized_series();
            for (row, value) in rows.iter_mut().zip(cells.iter()) {
                row.push(Cell::of(value));
            }
        }
        Table { columns, rows }
    }

    /// Writes CSV with a header; lists and structs are JSON in a cell.
    ///
    /// Null and the empty text look alike: JSON keeps them apart.
    ///
    /// # Errors
    ///
    /// The sink refuses.
    pub fn write_csv(&self, sink: impl io::Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(sink);
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::to_string))?;
        }
        writer.flush()
    }

    /// Writes JSON: one array of objects, a line an object.
    ///
    /// # Errors
    ///
    /// The sink refuses.
    pub fn write_json(&self, mut sink: impl io::Write) -> io::Result<()> {
        sink.write_all(b"[")?;
        for n in 0..self.rows.len() {
            sink.write_all(if n == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut sink, &self.named(n))?;
        }
        sink.write_all(b"\n]\n")
    }

    /// Writes JSON Lines: an object a row.
    ///
    /// # Errors
    ///
    /// The sink refuses.
    pub fn write_jsonl(&self, mut sink: impl io::Write) -> io::Result<()> {
        for n in 0..self.rows.len() {
            serde_json::to_writer(&mut sink, &self.named(n))?;
            sink.write_all(b"\n")?;
        }
        Ok(())
    }

    fn named(&self, row: usize) -> Named<'_> {
        Named { columns: &self.columns, cells: &self.rows[row] }
    }
}

/// A row as an object, its keys in the order of the columns.
struct Named<'t> {
    columns: &'t [String],
    cells: &'t [Cell],
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.columns.iter().zip(self.cells))
    }
}

impl Cell {
    pub(crate) fn of(value: AnyValue<'_>) -> Cell {
        match value {
            AnyValue::Null => Cell::Null,
            AnyValue::Boolean(yes) => Cell::Bool(yes),
            AnyValue::String(text) => Cell::Text(text.to_owned()),
            AnyValue::StringOwned(text) => Cell::Text(text.to_string()),
            AnyValue::Binary(bytes) => Cell::Bytes(bytes.to_vec()),
            AnyValue::BinaryOwned(bytes) => Cell::Bytes(bytes),
            // The shortest digits of the narrow float: 0.1, not 0.10000000149011612.
            AnyValue::Float32(number) => {
                Cell::Float(number.to_string().parse().unwrap_or(number.into()))
            }
            AnyValue::Float64(number) => Cell::Float(number),
            AnyValue::Datetime(at, unit, _) => time(at, unit),
            AnyValue::DatetimeOwned(at, unit, _) => time(at, unit),
            AnyValue::List(items) => Cell::List(items.iter().map(Cell::of).collect()),
            AnyValue::Struct(..) | AnyValue::StructOwned(_) => fields(&value),
            number => match number.extract::<i128>() {
                Some(whole) if number.is_integer() => Cell::Integer(whole),
                // Dates and durations spell themselves.
                _ => Cell::Text(number.to_string()),
            },
        }
    }

    fn is_null(&self) -> bool {
        *self == Cell::Null
    }
}

/// Text for a person or a CSV file: a string as it is, nothing as nothing, lists and
/// structs as JSON.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => f.pad(text),
            cell if cell.is_null() => Ok(()),
            Cell::Bytes(bytes) => f.pad(&hex(bytes)),
            cell => f.pad(&serde_json::to_string(cell).map_err(|_| std::fmt::Error)?),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Null => to.serialize_unit(),
            Cell::Bool(yes) => to.serialize_bool(*yes),
            Cell::Integer(number) => {
                match (i64::try_from(*number), u64::try_from(*number)) {
                    (Ok(number), _) => to.serialize_i64(number),
                    (_, Ok(number)) => to.serialize_u64(number),
                    // JSON readers keep no more than 64 bits.
                    _ => to.collect_str(number),
                }
            }
            Cell::Float(number) => to.serialize_f64(*number),
            Cell::Text(text) => to.serialize_str(text),
            Cell::Bytes(bytes) => to.serialize_str(&hex(bytes)),
            Cell::List(items) => to.collect_seq(items),
            Cell::Struct(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (name, cell) in fields {
                    map.serialize_entry(name, cell)?;
                }
                map.end()
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(digits, "{byte:02x}").expect("a string takes all");
    }
    digits
}

fn time(at: i64, unit: TimeUnit) -> Cell {
    let time = match unit {
        TimeUnit::Nanoseconds => jiff::Timestamp::from_nanosecond(at.into()),
        TimeUnit::Microseconds => jiff::Timestamp::from_microsecond(at),
        TimeUnit::Milliseconds => jiff::Timestamp::from_millisecond(at),
    };
    // Outside the years that dates are written with, the number is all there is.
    time.map_or(Cell::Integer(at.into()), |time| Cell::Text(time.to_string()))
}

fn fields(value: &AnyValue<'_>) -> Cell {
    let owned = value.clone().into_static();
    let AnyValue::StructOwned(pair) = owned else { return Cell::Null };
    let (values, fields) = *pair;
    let named = fields.into_iter().zip(values);
    Cell::Struct(
        named.map(|(field, value)| (field.name().to_string(), Cell::of(value))).collect(),
    )
}
