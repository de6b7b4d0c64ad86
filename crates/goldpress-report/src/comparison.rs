//! A system against its baseline, as a person reads it: tests, documents, gates.

use goldpress_store::result::{ComparisonRow, EvalResult, GateRow, TestRow};

use crate::{Align, Cell, Format, Table, number};

/// Tests of one system: one row a label, headlines first.
pub(crate) fn test_table(comparison: &ComparisonRow) -> Table {
    table_of(comparison.tests.iter())
}

/// The tests that say something: headlines, and labels that moved or cannot be told.
fn telling_table(comparison: &ComparisonRow) -> Table {
    let tells = |test: &&TestRow| test.label == "*" || test.verdict != "identical";
    table_of(comparison.tests.iter().filter(tells))
}

fn table_of<'t>(tests: impl Iterator<Item = &'t TestRow>) -> Table {
    let mut table = Table::new(&[
        ("layer/metric", Align::Left),
        ("label", Align::Left),
        ("base", Align::Right),
        ("now", Align::Right),
        ("Δ pt", Align::Right),
        ("95 % interval", Align::Right),
        ("p_adj", Align::Right),
        ("support", Align::Right),
        ("verdict", Align::Left),
    ]);
    let mut last = String::new();
    for test in tests {
        let name = format!("{}/{}", test.layer, test.metric);
        let first = if name == last { Cell::repeated(&name) } else { Cell::text(&name) };
        last = name;
        table.push(vec![
            first,
            Cell::text(label(&test.label)),
            Cell::ratio(test.base),
            Cell::ratio(test.now),
            Cell::text(number::points(test.delta)),
            Cell::text(interval(test)),
            Cell::ratio(test.p_adjusted),
            Cell::count(test.support),
            Cell::text(verdict(test)),
        ]);
    }
    table
}

fn label(label: &str) -> &str {
    if label == "*" { "(all)" } else { label }
}

fn interval(test: &TestRow) -> String {
    test.interval.map_or_else(
        || "–".to_owned(),
        |(low, high)| {
            format!("{} … {}", number::points(Some(low)), number::points(Some(high)))
        },
    )
}

fn verdict(test: &TestRow) -> String {
    match test.verdict.as_str() {
        "inconclusive" if test.informative < 6 => {
            format!("inconclusive ({} clusters)", test.informative)
        }
        word => word.to_owned(),
    }
}

/// All comparisons of a result: head, tests, documents, gates, what to do next.
pub(crate) fn comparisons(result: &EvalResult, format: Format) -> String {
    let mut out = String::new();
    for comparison in &result.comparisons {
        let head = format!(
            "{} · {} documents · {} clusters · unit {} · gold {} · baseline {}",
            comparison.system,
            number::count(comparison.documents),
            number::count(comparison.clusters),
            comparison.unit,
            short(&result.gold.hash),
            short(&comparison.baseline),
        );
        let is_md = format == Format::Md;
        out.push_str(&if is_md {
            format!("### {head}\n\n")
        } else {
            format!("{head}\n")
        });
        out.push_str(&telling_table(comparison).render(format));
        if is_md {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", documents(comparison)));
        for gate in &comparison.gates {
            out.push_str(&format!("{}\n", gate_line(gate)));
        }
        out.push('\n');
    }
    out
}

/// How many documents moved, and what this gold could have seen.
fn documents(comparison: &ComparisonRow) -> String {
    let moved = comparison.worse.len() + comparison.better.len();
    let same = comparison.documents.saturating_sub(moved as u64);
    let identical = |test: &&TestRow| test.label != "*" && test.verdict == "identical";
    let n_identical = comparison.tests.iter().filter(identical).count();
    let mut line = format!(
        "{} documents worse, {} better, {} same",
        comparison.worse.len(),
        comparison.better.len(),
        number::count(same)
    );
    let headline = comparison.tests.iter().find(|test| test.label == "*");
    if let Some(detectable) = headline.and_then(|test| test.detectable) {
        line.push_str(&format!(" · detectable from {:.1} pt", detectable * 100.0));
    }
    if n_identical > 0 {
        line.push_str(&format!(" · {n_identical} labels identical"));
    }
    if let Some((masks, exact)) = comparison.masks {
        let how =
            if exact { "exact".to_owned() } else { format!("seed {}", comparison.seed) };
        line.push_str(&format!(" · {} masks, {how}", number::count(masks)));
    }
    if !comparison.new_errors.is_empty() {
        line.push_str(&format!(" · {} new errors", comparison.new_errors.len()));
    }
    line
}

/// A gate with what decided it.
pub(crate) fn gate_line(gate: &GateRow) -> String {
    let word = match gate.outcome.as_str() {
        "fail" => "FAILED",
        "undecided" => "UNDECIDED",
        _ => "passed",
    };
    match gate.because.as_slice() {
        [] => format!("{word}  {}", gate.gate),
        because => format!("{word}  {}: {}", gate.gate, because.join(", ")),
    }
}

fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
