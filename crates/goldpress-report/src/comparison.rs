//! A system against its baseline, as a person reads it: tests, documents, gates.

use goldpress_model::Counts;
use goldpress_store::result::{
    ComparisonRow, EvalResult, GateRow, MovedRow, StandingsRow, TestRow,
};

use crate::{Align, Cell, Detail, Table, number, sheet::Sheet};

/// Tests of one system: one row a label, headlines first.
pub(crate) fn test_table(comparison: &ComparisonRow) -> Table {
    table_of(comparison.tests.iter())
}

/// The tests that say something: headlines, and labels that moved or cannot be told.
pub fn tests_of(comparison: &ComparisonRow) -> Table {
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
        ("95 %, unadjusted", Align::Right),
        ("p_adj", Align::Right),
        ("sees pt", Align::Right),
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
            Cell::text(sees(test)),
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

/// The smallest difference that would be found four times in five.
fn sees(test: &TestRow) -> String {
    test.detectable.map_or_else(|| "–".to_owned(), |seen| format!("{:.1}", seen * 100.0))
}

fn verdict(test: &TestRow) -> String {
    match test.verdict.as_str() {
        "inconclusive" if test.informative < 6 => {
            format!("inconclusive ({})", number::counted(test.informative, "cluster"))
        }
        "inconclusive" if test.p_attainable.is_some_and(|p| p > test.alpha) => {
            format!("inconclusive ({} moved, {} tests)", test.n_moved, test.n_family)
        }
        word => word.to_owned(),
    }
}

/// All comparisons of a result: head, tests, documents, gates; systems of which nothing
/// changed in one line.
pub(crate) fn push_comparisons(sheet: &mut Sheet, result: &EvalResult, detail: Detail) {
    if detail == Detail::Grouped {
        unchanged(result).iter().for_each(|line| sheet.line(line));
    }
    for comparison in &result.comparisons {
        match (nothing_changed(comparison), detail) {
            (true, Detail::Grouped) => {}
            (true, Detail::Each) => sheet.line(&identical(comparison)),
            (false, _) => push_changed(sheet, result, comparison),
        }
    }
}

fn push_changed(sheet: &mut Sheet, result: &EvalResult, comparison: &ComparisonRow) {
    let baseline = match comparison.baseline.as_str() {
        "" => "not in the baseline".to_owned(),
        hash => format!("{} {}", baseline_of(comparison), short(hash)),
    };
    let head = format!(
        "{} · {} · {} · unit {} · gold {} · {baseline}",
        comparison.system,
        number::counted(comparison.documents, "document"),
        number::counted(comparison.clusters, "cluster"),
        comparison.unit,
        short(&result.gold.hash),
    );
    sheet.head(3, &head);
    sheet.table_with_lines(&tests_of(comparison));
    sheet.line(&scope(result, comparison));
    sheet.line(&documents(comparison));
    for line in &comparison.plan {
        sheet.line(&format!("plan    {line}"));
    }
    if let Some(line) = fell_unseen(comparison) {
        sheet.line(&format!("unseen  {line}"));
    }
    for row in comparison.worse.iter().take(WORST) {
        sheet.item(&worst(result, row));
    }
    for gate in &comparison.gates {
        sheet.line(&gate_line(gate));
    }
    sheet.gap();
}

/// What a baseline is called: the one that moves, or the release's.
fn baseline_of(comparison: &ComparisonRow) -> &'static str {
    match comparison.against.as_str() {
        "release" => "release baseline",
        _ => "baseline",
    }
}

/// A system, and the baseline where it is not the usual one.
pub(crate) fn named_with_baseline(comparison: &ComparisonRow) -> String {
    match comparison.against.as_str() {
        "" => comparison.system.clone(),
        other => format!("{} against the {other}", comparison.system),
    }
}

/// One line a baseline for all systems of which every count is that of it.
pub(crate) fn unchanged(result: &EvalResult) -> Vec<String> {
    let each = ["", "release"];
    each.iter().filter_map(|against| unchanged_against(result, against)).collect()
}

fn unchanged_against(result: &EvalResult, against: &str) -> Option<String> {
    let is_same = |one: &&ComparisonRow| one.against == against && nothing_changed(one);
    let same: Vec<&ComparisonRow> = result.comparisons.iter().filter(is_same).collect();
    let names: Vec<&str> = same.iter().map(|one| one.system.as_str()).collect();
    match same.as_slice() {
        [] => None,
        [one] => Some(identical(one)),
        [first, ..] => Some(format!(
            "{} systems are identical to the {} on {} · passed {}: {}",
            same.len(),
            baseline_of(first),
            number::counted(first.documents, "document"),
            gates_of(first),
            names.join(", ")
        )),
    }
}

fn identical(comparison: &ComparisonRow) -> String {
    format!(
        "{}: identical to {} {} on {} · passed {}",
        comparison.system,
        baseline_of(comparison),
        short(&comparison.baseline),
        number::counted(comparison.documents, "document"),
        gates_of(comparison)
    )
}

fn gates_of(comparison: &ComparisonRow) -> String {
    let gates: Vec<&str> =
        comparison.gates.iter().map(|gate| gate.gate.as_str()).collect();
    gates.join(", ")
}

/// Tests that fell and of which no loss could have been seen, the first of them.
fn fell_unseen(comparison: &ComparisonRow) -> Option<String> {
    const SHOWN: usize = 3;
    let all = &comparison.unseen;
    let more = all.len().saturating_sub(SHOWN);
    let shown = all.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("; ");
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    (!all.is_empty()).then(|| format!("{shown}{more}"))
}

/// Documents named of those that got worse; `goldpress review` shows them all.
const WORST: usize = 5;

/// A document that got worse: which, of which outlet, and its counts before and now.
fn worst(result: &EvalResult, row: &MovedRow) -> String {
    let counts = |c: Counts| format!("{}/{}/{}", c.found, c.spurious, c.missed);
    let file = result.files.get(&row.doc_id);
    format!(
        "worse   {} {} {}/{} tp/fp/fn {} → {}{}",
        row.doc_id,
        row.source.as_deref().unwrap_or("–"),
        row.layer,
        row.metric,
        counts(row.base),
        counts(row.now),
        file.map_or_else(String::new, |file| format!(" · {file}")),
    )
}

/// Whether every count of a system is that of the baseline, and every gate passed.
pub(crate) fn nothing_changed(comparison: &ComparisonRow) -> bool {
    let same = comparison.tests.iter().all(|test| test.verdict == "identical");
    let passed = comparison.gates.iter().all(|gate| gate.outcome == "pass");
    !comparison.tests.is_empty() && same && passed
}

/// How many documents moved, and what this gold could have seen.
fn documents(comparison: &ComparisonRow) -> String {
    let (n_worse, n_better) = (comparison.n_worse, comparison.n_better);
    let same = comparison.documents.saturating_sub(n_worse + n_better);
    let identical = |test: &&TestRow| test.label != "*" && test.verdict == "identical";
    let n_identical = comparison.tests.iter().filter(identical).count();
    let mut line = match (comparison.baseline.as_str(), comparison.differs.as_slice()) {
        ("", _) => "documents were not compared: the system is new".to_owned(),
        (_, [_, ..]) => {
            "documents were not compared: the results do not compare".to_owned()
        }
        _ => format!(
            "{} worse, {} better, {} same",
            number::counted(n_worse, "document"),
            number::count(n_better),
            number::count(same)
        ),
    };
    if n_identical > 0 {
        let labels = number::counted(n_identical as u64, "label");
        line.push_str(&format!(" · {labels} identical"));
    }
    if let Some((masks, exact)) = comparison.masks {
        let how =
            if exact { "exact".to_owned() } else { format!("seed {}", comparison.seed) };
        line.push_str(&format!(" · {}, {how}", number::counted(masks, "mask")));
    }
    if comparison.n_outlets + comparison.n_unseen_outlets > 0 {
        line.push_str(&format!(
            " · {} tested alone, {} too small to be seen",
            number::counted(comparison.n_outlets, "outlet"),
            number::count(comparison.n_unseen_outlets)
        ));
    }
    if !comparison.new_errors.is_empty() {
        let n = comparison.new_errors.len() as u64;
        line.push_str(&format!(" · {}", number::counted(n, "new error")));
    }
    line
}

/// What a pass or a failure speaks of, in words.
pub(crate) fn scope(result: &EvalResult, comparison: &ComparisonRow) -> String {
    let n = number::count(comparison.sources);
    let mut line = match (comparison.unit.as_str(), comparison.sources) {
        (_, 1) => "speaks of further articles of this one outlet".to_owned(),
        ("source", _) => format!("speaks of further outlets like these {n}"),
        (_, 0) => "speaks of further articles like these: no outlet is known".to_owned(),
        _ => format!("speaks of further articles of these {n} outlets"),
    };
    if !comparison.unit_because.is_empty() {
        line.push_str(&format!(", since {}", comparison.unit_because));
    }
    match result.gold.near_copies {
        None => line.push_str(" · near-copies not looked for"),
        Some(0) => {}
        Some(n) => {
            let copies = if n == 1 { "near-copy" } else { "near-copies" };
            line.push_str(&format!(" · {} {copies} left out", number::count(n)))
        }
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

/// Who stands where: ranks with ties, and each neighbour's test.
pub(crate) fn push_standings(sheet: &mut Sheet, result: &EvalResult) {
    for one in &result.standings {
        let head = format!(
            "{}/{} · who stands where · unit {} · at most {}, seed {}",
            one.layer,
            one.metric,
            one.unit,
            number::counted(one.resamples, "mask"),
            one.seed
        );
        sheet.head(3, &head);
        sheet.table(&standing_table(one));
        sheet.table(&pair_table(one));
    }
}

/// Ranks; a rank is shared where the order could be chance.
pub(crate) fn standing_table(one: &StandingsRow) -> Table {
    let mut table = Table::new(&[
        ("rank", Align::Right),
        ("system", Align::Left),
        ("score", Align::Right),
        ("95 % interval", Align::Right),
        ("may be", Align::Right),
    ]);
    for row in &one.standings {
        let interval = row.interval.map_or_else(
            || "–".to_owned(),
            |(low, high)| {
                format!("{} … {}", number::ratio(Some(low)), number::ratio(Some(high)))
            },
        );
        table.push(vec![
            Cell::count(row.rank),
            Cell::text(&row.system),
            Cell::ratio(row.score),
            Cell::text(interval),
            Cell::text(format!("{}–{}", row.ranks.0, row.ranks.1)),
        ]);
    }
    table
}

/// Every pair with its test.
pub(crate) fn pair_table(one: &StandingsRow) -> Table {
    let mut table = Table::new(&[
        ("upper", Align::Left),
        ("lower", Align::Left),
        ("Δ pt", Align::Right),
        ("95 % interval", Align::Right),
        ("p", Align::Right),
        ("p_adj", Align::Right),
        ("separable", Align::Left),
    ]);
    for pair in &one.pairs {
        let interval = pair.interval.map_or_else(
            || "–".to_owned(),
            |(low, high)| {
                format!("{} … {}", number::points(Some(low)), number::points(Some(high)))
            },
        );
        table.push(vec![
            Cell::text(&pair.upper),
            Cell::text(&pair.lower),
            Cell::text(number::points(pair.delta)),
            Cell::text(interval),
            p_cell(pair.p, one.resamples),
            Cell::ratio(pair.p_adjusted),
            Cell::text(if pair.separated { "yes" } else { "no" }),
        ]);
    }
    table
}

/// A p; the least that random masks can give is shown as a bound.
fn p_cell(p: Option<f64>, resamples: u64) -> Cell {
    match p {
        Some(value) if resamples > 0 && value == 1.0 / (resamples + 1) as f64 => {
            Cell::bound(p)
        }
        p => Cell::ratio(p),
    }
}
