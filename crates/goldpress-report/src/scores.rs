//! Scores as tables: one row a system for people, one row a score for machines.

use std::collections::BTreeSet;

use goldpress_model::{Counts, layer};
use goldpress_store::result::{EvalResult, ScoreRow, Speed, SystemResult};

use crate::{
    Align, Cell, Detail, Table, comparison, findings, kinds, number::times, sheet::Sheet,
    slices,
};

/// The order in which layers are shown: as an article is read.
const LAYERS: &[&str] = &[
    "content",
    layer::BLOCK,
    layer::METADATA,
    layer::ENTITY,
    layer::TIMEX,
    layer::ATTRIBUTION,
    layer::HEDGE,
    layer::CLAIM,
    layer::EVENT,
    layer::RELATION,
];

/// A figure beside the primary one: its metric, its average, the head of its column.
type Beside = (&'static str, &'static str, &'static str);

/// Figures that stand beside precision, recall and F1 of the primary metric.
fn beside(layer: &str) -> &'static [Beside] {
    const MICRO: &str = "micro";
    match layer {
        "content" => &[
            ("body.bag", "macro-document", "word F1"),
            ("body.shingle4", "macro-document", "shingle F1"),
            ("body.seq", MICRO, "micro F1"),
        ],
        layer::BLOCK => {
            &[("block", MICRO, "micro F1"), ("block.class", MICRO, "class F1")]
        }
        layer::METADATA => &[("field", MICRO, "micro F1")],
        layer::TIMEX => {
            &[("timex.strict", MICRO, "strict"), ("timex.relaxed", MICRO, "relaxed")]
        }
        layer::ENTITY | layer::HEDGE => &[
            ("exact", MICRO, "exact"),
            ("partial", MICRO, "partial"),
            ("type", MICRO, "type"),
            ("overlap@0.5", MICRO, "overlap@0.5"),
            ("char", MICRO, "char"),
        ],
        _ => &[],
    }
}

/// The layers that a result holds scores of, in reading order, others behind.
pub(crate) fn layers(result: &EvalResult) -> Vec<&str> {
    let found: BTreeSet<&str> =
        result.scores.iter().map(|row| row.layer.as_str()).collect();
    let known = LAYERS.iter().copied().filter(|name| found.contains(name));
    let others = found.iter().copied().filter(|name| !LAYERS.contains(name));
    known.chain(others).collect()
}

/// One row a system: the primary figure of a layer, others beside it, and the speed.
///
/// Sorted by the primary figure, best first; the order of equals is that of the runs. No
/// ranks are given: whether a difference is real is for the statistics to say.
pub fn leaderboard(result: &EvalResult, layer: &str) -> Table {
    let primaries = result.scores.iter().filter(|row| row.layer == layer && row.primary);
    let mut primaries: Vec<&ScoreRow> = primaries.collect();
    primaries.sort_by(|a, b| {
        b.value().partial_cmp(&a.value()).unwrap_or(std::cmp::Ordering::Equal)
    });
    let is_share = primaries.iter().any(|row| row.share.is_some());
    let mut columns = vec![("system", Align::Left)];
    columns.extend(match is_share {
        true => vec![("accuracy", Align::Right)],
        false => vec![("P", Align::Right), ("R", Align::Right), ("F1", Align::Right)],
    });
    let has_interval = primaries.iter().any(|row| row.interval.is_some());
    if has_interval {
        columns.push(("95 % interval", Align::Right));
    }
    let others = beside(layer);
    columns.extend(others.iter().map(|(.., head)| (*head, Align::Right)));
    // Files of answers come without times.
    let is_timed = result.systems.iter().any(|system| system.speed.is_some());
    if is_timed {
        columns.extend([("docs/s", Align::Right), ("CPU ms/doc", Align::Right)]);
    }
    columns.push(("failed", Align::Right));
    let has_unserved = |row: &&ScoreRow| {
        let system = result.systems.iter().find(|system| system.name == row.system);
        system.is_some_and(|system| n_unserved(system) > 0)
    };
    let is_unserved = primaries.iter().any(has_unserved);
    if is_unserved {
        columns.push(("not served", Align::Right));
    }
    let mut table = Table::new(&columns);
    for primary in primaries {
        let mut row = vec![Cell::text(&primary.system)];
        row.extend(match is_share {
            true => vec![Cell::ratio(primary.share)],
            false => {
                [primary.precision, primary.recall, primary.f1].map(Cell::ratio).to_vec()
            }
        });
        if has_interval {
            row.push(Cell::text(interval(primary.interval)));
        }
        row.extend(others.iter().map(|(metric, average, _)| {
            Cell::ratio(total(result, &primary.system, layer, metric, average))
        }));
        let system = result.systems.iter().find(|system| system.name == primary.system);
        if is_timed {
            let speed = system.and_then(|system| system.speed.as_ref());
            row.push(speed.map_or_else(Cell::empty, docs_s));
            row.push(Cell::duration_ms(speed.and_then(|speed| speed.cpu_ms_doc)));
        }
        let counted = |n: fn(&SystemResult) -> u64| {
            system.map_or_else(Cell::empty, |system| Cell::count(n(system)))
        };
        row.push(counted(n_failed));
        if is_unserved {
            row.push(counted(n_unserved));
        }
        table.push(row);
    }
    table
}

/// Documents a second, with the middle half of the tenths of the run.
fn docs_s(speed: &Speed) -> Cell {
    match speed.docs_s_middle {
        None => Cell::rate(speed.docs_s),
        Some((low, high)) => Cell::rate_within(speed.docs_s, low, high),
    }
}

fn interval(interval: Option<(f64, f64)>) -> String {
    interval.map_or_else(
        || "–".to_owned(),
        |(low, high)| {
            format!("{} … {}", crate::ratio(Some(low)), crate::ratio(Some(high)))
        },
    )
}

/// What the primary figure of a layer is, in words, with the terms of a mean:
/// `body.seq, mean over 182 documents`.
pub(crate) fn primary_of(result: &EvalResult, layer: &str) -> Option<String> {
    let row = result.scores.iter().find(|row| row.layer == layer && row.primary)?;
    let average = match row.average.as_str() {
        "macro-document" => {
            format!("mean over {}", crate::counted(row.terms, "document"))
        }
        "macro-label" => format!("mean over {}", crate::counted(row.terms, "label")),
        _ => "all documents together".to_owned(),
    };
    // The ends of a relation are what the same system marked, never what gold gave it.
    let ends = match row.metric.starts_with("relation.") {
        true => ", end to end",
        false => "",
    };
    Some(format!("{}{ends}, {average}", row.metric))
}

fn total(
    result: &EvalResult,
    system: &str,
    layer: &str,
    metric: &str,
    average: &str,
) -> Option<f64> {
    let fits = |row: &&ScoreRow| {
        row.system == system
            && row.layer == layer
            && is_metric(row, metric)
            && row.average == average
    };
    result.scores.iter().find(fits)?.value()
}

/// Whether a row is of a metric, which has a suffix where all lines are scored.
fn is_metric(row: &ScoreRow, metric: &str) -> bool {
    row.metric == metric || row.metric.strip_suffix(".all") == Some(metric)
}

/// Documents on which a system failed; what it does not serve is no failure.
fn n_failed(system: &SystemResult) -> u64 {
    let is_failure =
        |outcome: &str| !matches!(outcome, "ok" | "malformed" | "unsupported");
    let failed = system.outcomes.iter().filter(|(outcome, _)| is_failure(outcome));
    failed.map(|(_, n)| n).sum()
}

/// Documents in a language or of a kind that a system does not serve.
fn n_unserved(system: &SystemResult) -> u64 {
    system.outcomes.get("unsupported").copied().unwrap_or_default()
}

/// Every score, one row each, for machines: counts, scale, and ratios at full precision.
///
/// Slices and modes of other programs follow: the former name their key and value in `by`
/// and `slice`, the latter the program in `metric` and its reading in `average`.
pub fn score_table(result: &EvalResult) -> Table {
    let right = [
        "n",
        "terms",
        "support",
        "tp",
        "fp",
        "fn",
        "scale",
        "precision",
        "recall",
        "f1",
        "share",
    ];
    let left = ["layer", "system", "metric", "average", "label", "by", "slice"];
    let columns: Vec<(&str, Align)> = left
        .iter()
        .map(|name| (*name, Align::Left))
        .chain(right.iter().map(|name| (*name, Align::Right)))
        .collect();
    let mut table = Table::new(&columns);
    for row in &result.scores {
        let names = [&row.layer, &row.system, &row.metric, &row.average, &row.label];
        let ratios = [row.precision, row.recall, row.f1, row.share];
        let mut cells = names.map(Cell::text).to_vec();
        cells.extend([Cell::text(""), Cell::text("")]);
        let rests_on = [Some(row.n), Some(row.terms), Some(row.support)];
        cells.extend(counted(rests_on, row.counts, Some(row.scale), ratios));
        table.push(cells);
    }
    for row in &result.slices {
        let names = [&row.layer, &row.system, &row.metric, &row.average];
        let ratios = [row.precision, row.recall, row.f1, row.share];
        let mut cells = names.map(Cell::text).to_vec();
        cells.extend([Cell::text("*"), Cell::text(&row.by), Cell::text(&row.slice)]);
        let rests_on = [Some(row.n), None, Some(row.support)];
        cells.extend(counted(rests_on, Some(row.counts), Some(row.scale), ratios));
        table.push(cells);
    }
    for row in result.modes.iter().filter(|row| row.refused.is_none()) {
        let names = [&row.layer, &row.system, &row.mode, &row.reading, &row.label];
        let ratios = [row.precision, row.recall, row.f1, None];
        let mut cells = names.map(Cell::text).to_vec();
        cells.extend([Cell::text(""), Cell::text("")]);
        cells.extend(counted([None; 3], None, None, ratios));
        table.push(cells);
    }
    table
}

/// Documents, terms and support; counts and their scale; ratios.
fn counted(
    rests_on: [Option<u64>; 3],
    counts: Option<Counts>,
    scale: Option<u64>,
    ratios: [Option<f64>; 4],
) -> impl Iterator<Item = Cell> {
    let [found, spurious, missed] = [
        counts.map(|counts| counts.found),
        counts.map(|counts| counts.spurious),
        counts.map(|counts| counts.missed),
    ];
    let integers = rests_on.into_iter().chain([found, spurious, missed, scale]);
    let integers =
        integers.map(|value: Option<u64>| value.map_or_else(Cell::empty, Cell::count));
    integers.chain(ratios.map(Cell::ratio))
}

/// The label rows of a layer's primary metric: one row a label, with its support.
pub(crate) fn label_table(result: &EvalResult, layer: &str) -> Table {
    let columns = [
        ("label", Align::Left),
        ("system", Align::Left),
        ("support", Align::Right),
        ("predicted", Align::Right),
        ("P", Align::Right),
        ("R", Align::Right),
        ("F1", Align::Right),
    ];
    let mut table = Table::new(&columns);
    let primary = result.scores.iter().find(|row| row.layer == layer && row.primary);
    // The label rows of a share or a label-blind metric are those of the metric that has
    // labels: fields for `field.acc`, bounds with types for `timex.value`.
    let metric = match primary.map(|row| row.metric.trim_end_matches(".all")) {
        Some("field.acc") => "field",
        Some("timex.value") => "strict",
        Some(metric) => metric,
        None => return table,
    };
    let rows = result.scores.iter().filter(|row| {
        row.layer == layer && is_metric(row, metric) && row.average == "label"
    });
    let mut rows: Vec<&ScoreRow> = rows.collect();
    rows.sort_by(|a, b| (&a.label, &a.system).cmp(&(&b.label, &b.system)));
    let mut last = None;
    for row in rows {
        let counts = row.counts.unwrap_or_default();
        let label = match last == Some(&row.label) {
            true => Cell::repeated(&row.label),
            false => Cell::text(&row.label),
        };
        last = Some(&row.label);
        table.push(vec![
            label,
            Cell::text(&row.system),
            Cell::count(counts.support() / row.scale.max(1)),
            Cell::count(counts.predicted() / row.scale.max(1)),
            Cell::ratio(row.precision),
            Cell::ratio(row.recall),
            Cell::ratio(row.f1),
        ]);
    }
    table
}

/// The whole result for a terminal or a Markdown comment: a table a layer, what changed
/// since the baseline, findings last.
pub fn summary(result: &EvalResult, format: crate::Format, detail: Detail) -> String {
    let mut sheet = Sheet::new(format);
    sheet.mark("goldpress");
    cautions(result).iter().for_each(|line| sheet.line(line));
    for layer in layers(result) {
        let n = result.gold.documents.get(layer).copied().unwrap_or_default();
        let documents = crate::counted(n, "document");
        let primary = primary_of(result, layer).unwrap_or_default();
        sheet.head(3, &format!("{layer} · {documents} · {primary}"));
        sheet.table(&leaderboard(result, layer));
        push_beside(&mut sheet, result, layer);
        push_kinds(&mut sheet, result, layer, detail);
    }
    comparison::push_standings(&mut sheet, result);
    comparison::push_comparisons(&mut sheet, result, detail);
    findings::lines(result, detail).iter().for_each(|line| sheet.line(line));
    sheet.into_string()
}

/// Slices and other programs' numbers of a layer.
fn push_beside(sheet: &mut Sheet, result: &EvalResult, layer: &str) {
    let asked = kinds::asked_table(result, layer);
    if asked.n_rows() > 0 {
        sheet.head(4, &format!("{layer} by the metrics asked for · gated by nothing"));
        sheet.table(&asked);
    }
    for by in slices::keys(result, layer) {
        let primary = primary_of(result, layer).unwrap_or_default();
        sheet.head(4, &format!("{layer} by {by} · {primary}"));
        sheet.table(&slices::slice_table(result, layer, by));
        if let Some(line) = slices::caution(by) {
            sheet.line(line);
            sheet.gap();
        }
    }
    for mode in slices::modes(result, layer) {
        sheet.head(4, &format!("{layer} as {mode} scores it · gated by nothing"));
        sheet.table(&slices::mode_table(result, layer, mode));
    }
}

/// Kinds of error of a layer; what was taken for what where everything is to be told.
fn push_kinds(sheet: &mut Sheet, result: &EvalResult, layer: &str, detail: Detail) {
    let kinds = kinds::kind_table(result, layer);
    if kinds.n_rows() > 0 {
        let since = kinds::since(result, layer);
        sheet.head(4, &format!("{layer} · kinds of error{since}"));
        sheet.table(&kinds);
    }
    if detail == Detail::Grouped {
        return;
    }
    for system in kinds::confused(result, layer) {
        sheet.head(4, &format!("{layer} · what {system} takes for what"));
        sheet.table(&kinds::matrix(result, layer, system));
    }
}

/// What a reader must know before any number: documents left out, labels changed.
pub(crate) fn cautions(result: &EvalResult) -> Vec<String> {
    let mut lines = undone(result);
    if let Some(common) = result.common {
        lines.push(format!(
            "common: {} of {}, those whose gold is that of the baseline",
            crate::count(common.documents),
            crate::counted(common.of, "document"),
        ));
    }
    let gold = &result.gold;
    if (gold.articles, gold.keepers) != (gold.of, gold.of) {
        lines.push(format!(
            "{}, {} without exact copies, {} of them with gold",
            crate::counted(gold.articles, "article"),
            crate::counted(gold.keepers, "document"),
            crate::count(gold.of),
        ));
    }
    for system in &result.systems {
        for (what, n) in &system.mapped {
            lines.push(format!("{}: {what}, {}", system.name, times(*n)));
        }
        for (what, n) in &system.ignored {
            lines.push(format!("{}: {what} ignored, {}", system.name, times(*n)));
        }
    }
    lines
}

fn is_or_are(n: u64) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// Scored layers that are not done in every gold document: what was left out, first of all.
fn undone(result: &EvalResult) -> Vec<String> {
    let gold = &result.gold;
    let is_served = |layer: &str| {
        result.systems.iter().any(|system| system.tasks.iter().any(|task| task == layer))
    };
    let mut all = layers(result);
    let open = gold.open.keys().map(String::as_str);
    all.extend(
        open.filter(|layer| !all.contains(layer) && is_served(layer)).collect::<Vec<_>>(),
    );
    let line = |layer: &&str| {
        let n_done = gold.documents.get(*layer).copied().unwrap_or_default();
        let n_open = gold.open.get(*layer).copied().unwrap_or_default();
        let n_left = gold.of.checked_sub(n_done).filter(|n| *n > 0)?;
        let marked = match n_open {
            0 => String::new(),
            n => format!(", {} of them marked", crate::count(n)),
        };
        Some(format!(
            "{layer}: {} of {} {} not done{marked}; {} {} scored",
            crate::count(n_left),
            crate::counted(gold.of, "document"),
            is_or_are(n_left),
            crate::count(n_done),
            is_or_are(n_done),
        ))
    };
    all.iter().filter_map(line).collect()
}
