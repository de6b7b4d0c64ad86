//! Parts of the documents and numbers of other programs, as tables.

use goldpress_store::result::{EvalResult, ModeRow, SliceRow};

use crate::{Align, Cell, Table};

/// Slices of one layer by one key: a row a slice and system, each with n and support.
pub(crate) fn slice_table(result: &EvalResult, layer: &str, by: &str) -> Table {
    let of = |row: &&SliceRow| row.layer == layer && row.by == by;
    let rows: Vec<&SliceRow> = result.slices.iter().filter(of).collect();
    let is_share = rows.iter().any(|row| row.share.is_some());
    let mut columns = vec![
        (by, Align::Left),
        ("system", Align::Left),
        ("n", Align::Right),
        ("support", Align::Right),
    ];
    columns.extend(match is_share {
        true => vec![("accuracy", Align::Right)],
        false => vec![("P", Align::Right), ("R", Align::Right), ("F1", Align::Right)],
    });
    let mut table = Table::new(&columns);
    let mut last = None;
    for row in rows {
        let mut cells = vec![
            match last == Some(&row.slice) {
                true => Cell::repeated(&row.slice),
                false => Cell::text(&row.slice),
            },
            Cell::text(&row.system),
            Cell::count(row.n),
            Cell::count(row.support),
        ];
        last = Some(&row.slice);
        cells.extend(match is_share {
            true => vec![Cell::ratio(row.share)],
            false => [row.precision, row.recall, row.f1].map(Cell::ratio).to_vec(),
        });
        table.push(cells);
    }
    table
}

/// The keys by which a layer was cut, in the order in which they were asked for.
pub(crate) fn keys<'r>(result: &'r EvalResult, layer: &str) -> Vec<&'r str> {
    distinct(result.slices.iter().filter(|row| row.layer == layer).map(|row| &*row.by))
}

/// What a reader must know of slices by this key.
pub(crate) fn caution(by: &str) -> Option<&'static str> {
    let flaw =
        "A document may have several flaws: these slices need not sum to the whole.";
    (by == "flaw").then_some(flaw)
}

/// The modes that a layer was scored in, in the order in which they were asked for.
pub(crate) fn modes<'r>(result: &'r EvalResult, layer: &str) -> Vec<&'r str> {
    distinct(result.modes.iter().filter(|row| row.layer == layer).map(|row| &*row.mode))
}

/// Numbers of one program on one layer, its name and version in the head of each column.
pub(crate) fn mode_table(result: &EvalResult, layer: &str, mode: &str) -> Table {
    let heads = ["P", "R", "F1"].map(|figure| format!("{mode} {figure}"));
    let mut columns =
        ["system", "label", "reading"].map(|name| (name, Align::Left)).to_vec();
    columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
    let mut table = Table::new(&columns);
    let of = |row: &&ModeRow| row.layer == layer && row.mode == mode;
    for row in result.modes.iter().filter(of) {
        let label = if row.label == "*" { "(all)" } else { &row.label };
        let mut cells = vec![Cell::text(&row.system), Cell::text(label)];
        cells.push(match &row.refused {
            Some(why) => Cell::text(format!("refused: {why}")),
            None => Cell::text(&row.reading),
        });
        let printed = row.printed.iter().map(Cell::text);
        cells.extend(printed.chain(std::iter::repeat_with(Cell::empty)).take(3));
        table.push(cells);
    }
    table
}

fn distinct<'r>(all: impl Iterator<Item = &'r str>) -> Vec<&'r str> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}
