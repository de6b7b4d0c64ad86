//! A table of cells, and the five ways in which every verb can print one.

use comfy_table::{CellAlignment, ContentArrangement};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{door, number};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Columns for people.
    Text,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
    /// A Markdown table.
    Md,
}

/// On which side a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A cell: what machines get, and what people read.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    value: Value,
    shown: String,
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell { shown: text.clone(), value: Value::String(text) }
    }

    /// Text that repeats the row above: machines get it, people see a gap.
    pub fn repeated(text: impl Into<String>) -> Cell {
        Cell { shown: String::new(), value: Value::String(text.into()) }
    }

    /// Nothing.
    pub fn empty() -> Cell {
        Cell { shown: "–".to_owned(), value: Value::Null }
    }

    /// A count.
    pub fn count(value: u64) -> Cell {
        Cell { shown: number::count(value), value: value.into() }
    }

    /// A ratio in `0.0..=1.0`; `–` for people and null for machines when undefined.
    pub fn ratio(value: Option<f64>) -> Cell {
        Cell { shown: number::ratio(value), value: json_number(value) }
    }

    /// A ratio that is at most this.
    pub fn bound(value: Option<f64>) -> Cell {
        Cell { shown: format!("≤ {}", number::ratio(value)), value: json_number(value) }
    }

    /// A rate such as documents a second.
    pub fn rate(value: Option<f64>) -> Cell {
        Cell { shown: number::rate(value), value: json_number(value) }
    }

    /// The same, with the bounds between which it mostly was.
    pub fn rate_within(value: Option<f64>, low: f64, high: f64) -> Cell {
        let [value_shown, low, high] = [value, Some(low), Some(high)].map(number::rate);
        Cell {
            shown: format!("{value_shown} ({low}–{high})"), value: json_number(value)
        }
    }

    /// A time in milliseconds.
    pub fn duration_ms(value: Option<f64>) -> Cell {
        Cell { shown: number::duration_ms(value), value: json_number(value) }
    }

    /// Any JSON value, shown as its compact text.
    pub fn json(value: Value) -> Cell {
        let shown = match &value {
            Value::Null => "–".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Cell { value, shown }
    }

    /// Whether machines read this text here.
    pub fn is_value(&self, text: &str) -> bool {
        self.value.as_str() == Some(text)
    }

    /// What people read.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// Columns with names, and rows of cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<(String, Right)>,
    rows: Vec<Vec<Cell>>,
}

/// Whether a column is aligned to the right.
type Right = bool;

impl Table {
    /// An empty table with these columns.
    pub fn new(columns: &[(&str, Align)]) -> Table {
        let columns = columns
            .iter()
            .map(|(name, align)| ((*name).to_owned(), *align == Align::Right))
            .collect();
        Table { columns, rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// When the row has another number of cells than there are columns.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "a cell for each column");
        self.rows.push(row);
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Names of the columns.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// Whether a column is aligned to the right.
    pub fn is_right(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|(_, right)| *right)
    }

    /// The table in a format, with a line end behind the last row.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => {
                let objects: Vec<Value> = self.objects().map(Value::Object).collect();
                line(&objects)
            }
            Format::Jsonl => self.objects().map(|object| line(&object)).collect(),
            Format::Csv => self.csv(),
            Format::Md => self.markdown(),
        }
    }

    fn objects(&self) -> impl Iterator<Item = Map<String, Value>> {
        self.rows.iter().map(|row| {
            let names = self.columns.iter().map(|(name, _)| name.clone());
            names.zip(row.iter().map(|cell| cell.value.clone())).collect()
        })
    }

    fn text(&self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_preset(comfy_table::presets::NOTHING);
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(self.columns.iter().map(|(name, _)| door::terminal(name)));
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| door::terminal(&cell.shown)));
        }
        for (i, (_, right)) in self.columns.iter().enumerate() {
            let column = table.column_mut(i).expect("a column for each name");
            column.set_padding((if i == 0 { 0 } else { 1 }, 1));
            if *right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
        lines.collect()
    }

    fn csv(&self) -> String {
        let mut out = String::new();
        let names: Vec<String> =
            self.columns.iter().map(|(name, _)| door::csv_text(name)).collect();
        out.push_str(&names.join(","));
        out.push('\n');
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().map(|cell| csv_field(&cell.value)).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
        out
    }

    fn markdown(&self) -> String {
        let escape = door::markdown;
        let names: Vec<String> =
            self.columns.iter().map(|(name, _)| escape(name)).collect();
        let rule = |right: bool| if right { "---:" } else { ":---" };
        let rules: Vec<&str> =
            self.columns.iter().map(|(_, right)| rule(*right)).collect();
        let mut out = format!("| {} |\n| {} |\n", names.join(" | "), rules.join(" | "));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(&cell.shown)).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        out
    }
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("JSON values always serialise");
    text.push('\n');
    text
}

fn json_number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, Value::from)
}

/// A JSON value as a CSV field: null is empty, and only text is kept from being run.
fn csv_field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => door::csv_text(text),
        other => door::csv(&other.to_string()),
    }
}
