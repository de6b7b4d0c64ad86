//! Kinds of error and the confusion of labels: what was taken for what, and how that
//! changed since the baseline.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_store::result::{ConfusionRow, EvalResult};

use crate::{Align, Cell, Table, count};

/// The partner of what has none.
const NONE: &str = "NONE";

/// Labels of a matrix on a terminal; of more the largest cells are listed instead.
const MOST_COLUMNS: usize = 12;

/// Cells that are listed where a matrix would be too wide.
const LISTED: usize = 20;

/// How often, now and in the baseline's run.
#[derive(Debug, Clone, Copy, Default)]
struct Often {
    now: u64,
    base: Option<u64>,
}

impl Often {
    fn add(&mut self, row: &ConfusionRow) {
        self.now += row.n;
        if let Some(base) = row.base {
            *self.base.get_or_insert(0) += base;
        }
    }

    /// `12`, or `12 (+3)` where it was another number.
    fn cell(self) -> Cell {
        match self.base {
            Some(base) if base < self.now => self.moved("+", self.now - base),
            Some(base) if base > self.now => self.moved("−", base - self.now),
            _ => Cell::count(self.now),
        }
    }

    fn moved(self, sign: &str, by: u64) -> Cell {
        Cell::text(format!("{} ({sign}{})", count(self.now), count(by)))
    }
}

/// What became of an item.
fn kind(row: &ConfusionRow) -> usize {
    match (row.bounds.as_str(), row.gold == row.predicted) {
        ("same", true) => 0,
        ("same", false) => 1,
        ("over", true) => 2,
        ("over", false) => 3,
        _ if row.predicted == NONE => 4,
        _ => 5,
    }
}

/// Kinds of error of every system in a layer, one row a system.
pub(crate) fn kind_table(result: &EvalResult, layer: &str) -> Table {
    let mut table = Table::new(&[
        ("system", Align::Left),
        ("right", Align::Right),
        ("label", Align::Right),
        ("boundary", Align::Right),
        ("label and boundary", Align::Right),
        ("missed", Align::Right),
        ("spurious", Align::Right),
    ]);
    for system in &result.systems {
        let mut kinds = [Often::default(); 6];
        let rows = rows_of(result, layer, &system.name);
        rows.iter().for_each(|row| kinds[kind(row)].add(row));
        if !rows.is_empty() {
            let name = Cell::text(&system.name);
            table.push(std::iter::once(name).chain(kinds.map(Often::cell)).collect());
        }
    }
    table
}

/// What stands behind the head of a table of these: that changes are in brackets, where
/// any system's baseline is known.
pub(crate) fn since(result: &EvalResult, layer: &str) -> &'static str {
    let is_known = |row: &ConfusionRow| row.layer == layer && row.base.is_some();
    match result.confusion.iter().any(is_known) {
        true => ", change since the baseline in brackets",
        false => "",
    }
}

/// Systems that have a confusion in a layer.
pub(crate) fn confused<'r>(result: &'r EvalResult, layer: &str) -> Vec<&'r str> {
    let names = result.systems.iter().map(|system| system.name.as_str());
    names.filter(|name| !rows_of(result, layer, name).is_empty()).collect()
}

/// What gold calls one thing and a system another: a row a gold label, a column a predicted
/// one, `NONE` for what has no partner. Of many labels the largest wrong cells are listed.
pub(crate) fn matrix(result: &EvalResult, layer: &str, system: &str) -> Table {
    let rows = rows_of(result, layer, system);
    let mut cells: BTreeMap<(&str, &str), Often> = BTreeMap::new();
    for row in &rows {
        cells.entry((&row.gold, &row.predicted)).or_default().add(row);
    }
    let labels = |side: fn(&ConfusionRow) -> &str| -> Vec<&str> {
        let all: BTreeSet<&str> = rows.iter().map(|row| side(row)).collect();
        let (none, others): (Vec<&str>, Vec<&str>) =
            all.into_iter().partition(|label| *label == NONE);
        others.into_iter().chain(none).collect()
    };
    let (gold, predicted) = (labels(|row| &row.gold), labels(|row| &row.predicted));
    if predicted.len() > MOST_COLUMNS {
        return list(&cells);
    }
    let mut columns = vec![("gold", Align::Left)];
    columns.extend(predicted.iter().map(|label| (*label, Align::Right)));
    let mut table = Table::new(&columns);
    for gold in gold {
        let of = |predicted: &&str| cells.get(&(gold, *predicted)).copied();
        let shown = predicted.iter().map(|p| of(p).map_or_else(Cell::empty, Often::cell));
        table.push(std::iter::once(Cell::text(gold)).chain(shown).collect());
    }
    table
}

fn list(cells: &BTreeMap<(&str, &str), Often>) -> Table {
    let mut table = Table::new(&[
        ("gold", Align::Left),
        ("predicted", Align::Left),
        ("times", Align::Right),
    ]);
    let mut wrong: Vec<_> =
        cells.iter().filter(|((gold, predicted), _)| gold != predicted).collect();
    wrong.sort_by_key(|(names, often)| (std::cmp::Reverse(often.now), **names));
    for ((gold, predicted), often) in wrong.into_iter().take(LISTED) {
        table.push(vec![Cell::text(*gold), Cell::text(*predicted), often.cell()]);
    }
    table
}

fn rows_of<'r>(
    result: &'r EvalResult,
    layer: &str,
    system: &str,
) -> Vec<&'r ConfusionRow> {
    let of = |row: &&ConfusionRow| row.layer == layer && row.system == system;
    result.confusion.iter().filter(of).collect()
}

/// Metrics that were asked for, of one layer: a row a metric and system.
pub(crate) fn asked_table(result: &EvalResult, layer: &str) -> Table {
    let mut table = Table::new(&[
        ("metric", Align::Left),
        ("system", Align::Left),
        ("support", Align::Right),
        ("P", Align::Right),
        ("R", Align::Right),
        ("F1", Align::Right),
        ("share", Align::Right),
    ]);
    for name in &result.asked {
        let is =
            |metric: &str| metric == name || metric.strip_suffix(".all") == Some(name);
        let rows = result.scores.iter().filter(|row| {
            row.layer == layer && row.average == "micro" && is(&row.metric)
        });
        for row in rows {
            let ratios = [row.precision, row.recall, row.f1, row.share];
            let mut cells = vec![
                Cell::text(&row.metric),
                Cell::text(&row.system),
                Cell::count(row.support),
            ];
            cells.extend(ratios.map(Cell::ratio));
            table.push(cells);
        }
    }
    table
}
