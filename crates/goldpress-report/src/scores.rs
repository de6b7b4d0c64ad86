//! Scores as tables: one row a system for people, one row a score for machines.

use std::collections::BTreeSet;

use goldpress_model::layer;
use goldpress_store::result::{EvalResult, ScoreRow, SystemResult};

use crate::{Align, Cell, Table, comparison};

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
    let others = beside(layer);
    columns.extend(others.iter().map(|(.., head)| (*head, Align::Right)));
    columns.extend([
        ("docs/s", Align::Right),
        ("CPU ms/doc", Align::Right),
        ("failed", Align::Right),
    ]);
    let mut table = Table::new(&columns);
    for primary in primaries {
        let mut row = vec![Cell::text(&primary.system)];
        row.extend(match is_share {
            true => vec![Cell::ratio(primary.share)],
            false => {
                [primary.precision, primary.recall, primary.f1].map(Cell::ratio).to_vec()
            }
        });
        row.extend(others.iter().map(|(metric, average, _)| {
            Cell::ratio(total(result, &primary.system, layer, metric, average))
        }));
        let system = result.systems.iter().find(|system| system.name == primary.system);
        row.extend(speed_cells(system));
        table.push(row);
    }
    table
}

/// What the primary figure of a layer is, in words: `body.seq, mean over documents`.
pub(crate) fn primary_of(result: &EvalResult, layer: &str) -> Option<String> {
    let row = result.scores.iter().find(|row| row.layer == layer && row.primary)?;
    let average = match row.average.as_str() {
        "macro-document" => "mean over documents",
        "macro-label" => "mean over labels",
        _ => "all documents together",
    };
    Some(format!("{}, {average}", row.metric))
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
            && row.metric == metric
            && row.average == average
    };
    result.scores.iter().find(fits)?.value()
}

fn speed_cells(system: Option<&SystemResult>) -> [Cell; 3] {
    let speed = system.and_then(|system| system.speed.as_ref());
    let failed = system.map(|system| {
        let failures =
            |outcome: &&String| !matches!(outcome.as_str(), "ok" | "malformed");
        system
            .outcomes
            .keys()
            .filter(failures)
            .map(|outcome| system.outcomes[outcome])
            .sum()
    });
    [
        Cell::rate(speed.and_then(|speed| speed.docs_s)),
        Cell::duration_ms(speed.and_then(|speed| speed.cpu_ms_doc)),
        failed.map_or_else(Cell::empty, Cell::count),
    ]
}

/// Every score, one row each, for machines: counts, scale, and ratios at full precision.
pub fn score_table(result: &EvalResult) -> Table {
    let right = ["n", "tp", "fp", "fn", "scale", "precision", "recall", "f1", "share"];
    let left = ["layer", "system", "metric", "average", "label"];
    let columns: Vec<(&str, Align)> = left
        .iter()
        .map(|name| (*name, Align::Left))
        .chain(right.iter().map(|name| (*name, Align::Right)))
        .collect();
    let mut table = Table::new(&columns);
    for row in &result.scores {
        let count = |value: Option<u64>| value.map_or_else(Cell::empty, Cell::count);
        table.push(vec![
            Cell::text(&row.layer),
            Cell::text(&row.system),
            Cell::text(&row.metric),
            Cell::text(&row.average),
            Cell::text(&row.label),
            Cell::count(row.n),
            count(row.counts.map(|counts| counts.found)),
            count(row.counts.map(|counts| counts.spurious)),
            count(row.counts.map(|counts| counts.missed)),
            Cell::count(row.scale),
            Cell::ratio(row.precision),
            Cell::ratio(row.recall),
            Cell::ratio(row.f1),
            Cell::ratio(row.share),
        ]);
    }
    table
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
    let metric = match primary.map(|row| row.metric.as_str()) {
        Some("field.acc") => "field",
        Some("timex.value") => "strict",
        Some(metric) => metric,
        None => return table,
    };
    let rows = result.scores.iter().filter(|row| {
        row.layer == layer && row.metric == metric && row.average == "label"
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

/// The whole result for a terminal or a Markdown comment: a table a layer, findings last.
pub fn summary(result: &EvalResult, format: crate::Format) -> String {
    let mut out = String::new();
    let is_md = format == crate::Format::Md;
    if is_md {
        out.push_str("<!-- goldpress -->\n");
    }
    for layer in layers(result) {
        let n = result.gold.documents.get(layer).copied().unwrap_or_default();
        let documents = crate::count(n);
        let primary = primary_of(result, layer).unwrap_or_default();
        let head = format!("{layer} · {documents} documents · {primary}");
        out.push_str(&if is_md {
            format!("### {head}\n\n")
        } else {
            format!("{head}\n")
        });
        out.push_str(&leaderboard(result, layer).render(format));
        out.push('\n');
    }
    out.push_str(&comparison::standings(result, format));
    out.push_str(&comparison::comparisons(result, format));
    for finding in &result.findings {
        let line = format!(
            "{} {} in {}: {} times, first at {}\n",
            finding.severity,
            finding.code,
            finding.side,
            finding.count,
            finding.places.first().map_or("–", String::as_str),
        );
        out.push_str(&line);
    }
    out
}
