//! The page of an evaluation: who is better at what, how fast, and where they fail.

use goldpress_model::Counts;
use goldpress_store::result::{ComparisonRow, ErrorRow, EvalResult, MovedRow};

use super::figure::{self, Bar};
use crate::{
    Align, Cell, Table,
    comparison::{
        gate_line, named_with_baseline, nothing_changed, pair_table, scope,
        standing_table, test_table, tests_of, unchanged,
    },
    door::html as escape,
    findings::with_file,
    kinds,
    scores::{cautions, label_table, layers, leaderboard, primary_of},
    slices,
};

/// Most errors shown for one system and layer: a page is read, not scrolled for ever.
const MAX_ERRORS: usize = 40;

/// The whole page: one file, no network, nothing that needs a script.
///
/// Article text is escaped everywhere; no markup of an article is ever emitted.
pub fn eval_page(result: &EvalResult) -> String {
    let mut html = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n");
    html.push_str("<meta charset=\"utf-8\">\n");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.push_str(&format!(
        "<title>goldpress eval {}</title>\n",
        escape(&result.eval_id)
    ));
    html.push_str(&format!("<style>\n{}</style>\n", include_str!("eval.css")));
    html.push_str("</head>\n<body>\n");
    push_head(&mut html, result);
    push_comparisons(&mut html, result);
    for layer in layers(result) {
        push_layer(&mut html, result, layer);
    }
    push_findings(&mut html, result);
    push_method(&mut html, result);
    html.push_str("</body>\n</html>\n");
    html
}

fn push_head(html: &mut String, result: &EvalResult) {
    let covered = result.gold.documents.values().max().copied().unwrap_or_default();
    html.push_str(&format!("<h1>{}</h1>\n", escape(&result.eval_id)));
    html.push_str(&format!(
        "<p>{} on {}. Gold <code>{}</code>, schema <code>{}</code>, \
         scope {}.</p>\n",
        crate::counted(result.systems.len() as u64, "system"),
        crate::counted(covered, "gold document"),
        escape(short(&result.gold.hash)),
        escape(&result.gold.schema),
        escape(&result.scope),
    ));
    for line in cautions(result) {
        html.push_str(&format!("<p>{}</p>\n", escape(&line)));
    }
    html.push_str("<nav><ul>");
    for layer in layers(result) {
        let layer = escape(layer);
        html.push_str(&format!("<li><a href=\"#{layer}\">{layer}</a></li>"));
    }
    html.push_str("<li><a href=\"#method\">method</a></li></ul></nav>\n");
}

/// What changed since the baseline, first: it is what a red build is opened for. Systems of
/// which nothing changed are one line; what says "identical" is folded.
fn push_comparisons(html: &mut String, result: &EvalResult) {
    if result.comparisons.is_empty() {
        return;
    }
    html.push_str("<section>\n<h2 id=\"gate\">Since the baseline</h2>\n");
    let changed = result.comparisons.iter().filter(|one| !nothing_changed(one));
    for comparison in changed {
        let name = named_with_baseline(comparison);
        html.push_str(&format!("<h3>{}</h3>\n<ul>\n", escape(&name)));
        for gate in &comparison.gates {
            html.push_str(&format!("<li>{}</li>\n", escape(&gate_line(gate))));
        }
        for line in &comparison.differs {
            html.push_str(&format!("<li>not comparable: {}</li>\n", escape(line)));
        }
        html.push_str("</ul>\n");
        html.push_str(&format!("<p>{}</p>\n", escape(&scope(result, comparison))));
        html.push_str(&table_html(&tests_of(comparison)));
        let (n_worse, n_better) = (comparison.n_worse, comparison.n_better);
        for (word, n, rows) in [
            ("worse", n_worse, &comparison.worse),
            ("better", n_better, &comparison.better),
        ] {
            push_moved(html, result, word, n, rows);
        }
        push_all_tests(html, comparison);
    }
    for line in unchanged(result) {
        html.push_str(&format!("<p>{}</p>\n", escape(&line)));
    }
    for comparison in result.comparisons.iter().filter(|one| nothing_changed(one)) {
        push_all_tests(html, comparison);
    }
    html.push_str("</section>\n");
}

/// Every test of a system, folded.
fn push_all_tests(html: &mut String, comparison: &ComparisonRow) {
    html.push_str(&format!(
        "<details><summary>All {} tests of {}</summary>\n",
        comparison.tests.len(),
        escape(&named_with_baseline(comparison))
    ));
    html.push_str(&table_html(&test_table(comparison)));
    html.push_str("</details>\n");
}

fn push_standings(html: &mut String, result: &EvalResult, layer: &str) {
    for one in result.standings.iter().filter(|one| one.layer == layer) {
        html.push_str("<h3>Who stands where</h3>\n");
        html.push_str(&table_html(&standing_table(one)));
        html.push_str("<details><summary>Every pair</summary>\n");
        html.push_str(&table_html(&pair_table(one)));
        html.push_str("</details>\n");
    }
}

fn push_moved(
    html: &mut String,
    result: &EvalResult,
    word: &str,
    n: u64,
    rows: &[MovedRow],
) {
    if rows.is_empty() {
        return;
    }
    html.push_str(&format!(
        "<details><summary>{} {word}: {} shown</summary>\n",
        crate::counted(n, "document"),
        crate::counted(rows.len().min(MAX_ERRORS) as u64, "layer"),
    ));
    let columns = ["document", "file", "source", "layer", "tp fp fn before", "now"];
    let mut table = Table::new(&columns.map(|name| (name, Align::Left)));
    let counts = |c: Counts| format!("{} {} {}", c.found, c.spurious, c.missed);
    for row in rows.iter().take(MAX_ERRORS) {
        table.push(vec![
            Cell::text(short(&row.doc_id)),
            file_cell(result, &row.doc_id),
            row.source.as_deref().map_or_else(Cell::empty, Cell::text),
            Cell::text(&row.layer),
            Cell::text(counts(row.base)),
            Cell::text(counts(row.now)),
        ]);
    }
    html.push_str(&table_html(&table));
    html.push_str("</details>\n");
}

fn push_layer(html: &mut String, result: &EvalResult, layer: &str) {
    let n = result.gold.documents.get(layer).copied().unwrap_or_default();
    let primary = primary_of(result, layer).unwrap_or_default();
    html.push_str(&format!(
        "<section>\n<h2 id=\"{0}\">{0}</h2>\n<p>{1}. Sorted by {2}.</p>\n",
        escape(layer),
        crate::counted(n, "document"),
        escape(&primary),
    ));
    let rows = result.scores.iter().filter(|row| row.layer == layer && row.primary);
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| {
        b.value().partial_cmp(&a.value()).unwrap_or(std::cmp::Ordering::Equal)
    });
    let bars: Vec<Bar> = rows
        .iter()
        .map(|row| {
            let system = result.systems.iter().find(|system| system.name == row.system);
            let cpu = system.and_then(|s| s.speed.as_ref()).and_then(|s| s.cpu_ms_doc);
            let note = cpu.map_or_else(String::new, |_| {
                format!("· {} CPU ms/doc", crate::duration_ms(cpu))
            });
            Bar { name: row.system.clone(), value: row.value(), note }
        })
        .collect();
    html.push_str(&figure::bars(&format!("{layer}: {primary}"), &bars));
    html.push_str(&table_html(&leaderboard(result, layer)));
    push_standings(html, result, layer);
    let labels = label_table(result, layer);
    if labels.n_rows() > 0 {
        html.push_str("<details><summary>By label</summary>\n");
        html.push_str(&table_html(&labels));
        html.push_str("</details>\n");
    }
    push_kinds(html, result, layer);
    push_beside(html, result, layer);
    for system in &result.systems {
        let errors = result.errors.iter();
        let errors: Vec<&ErrorRow> = errors
            .filter(|row| row.layer == layer && row.system == system.name)
            .collect();
        let n = system.n_errors.get(layer).copied().unwrap_or(errors.len() as u64);
        push_errors(html, result, &system.name, n, &errors);
    }
    html.push_str("</section>\n");
}

/// Kinds of error, and what each system takes for what.
fn push_kinds(html: &mut String, result: &EvalResult, layer: &str) {
    let kinds = kinds::kind_table(result, layer);
    if kinds.n_rows() == 0 {
        return;
    }
    let since = kinds::since(result, layer);
    html.push_str(&format!("<h3>Kinds of error{since}</h3>\n"));
    html.push_str(&table_html(&kinds));
    for system in kinds::confused(result, layer) {
        html.push_str(&format!(
            "<details><summary>What {} takes for what</summary>\n",
            escape(system)
        ));
        html.push_str(&table_html(&kinds::matrix(result, layer, system)));
        html.push_str("</details>\n");
    }
}

/// Metrics that were asked for, slices, and numbers as other programs give them.
fn push_beside(html: &mut String, result: &EvalResult, layer: &str) {
    let asked = kinds::asked_table(result, layer);
    if asked.n_rows() > 0 {
        html.push_str("<h3>Metrics asked for</h3>\n");
        html.push_str(&table_html(&asked));
    }
    for by in slices::keys(result, layer) {
        html.push_str(&format!("<details><summary>By {}</summary>\n", escape(by)));
        html.push_str(&table_html(&slices::slice_table(result, layer, by)));
        if let Some(line) = slices::caution(by) {
            html.push_str(&format!("<p>{line}</p>\n"));
        }
        html.push_str("</details>\n");
    }
    for mode in slices::modes(result, layer) {
        html.push_str(&format!("<details><summary>As {}</summary>\n", escape(mode)));
        html.push_str(&table_html(&slices::mode_table(result, layer, mode)));
        html.push_str("</details>\n");
    }
}

fn push_errors(
    html: &mut String,
    result: &EvalResult,
    system: &str,
    n: u64,
    errors: &[&ErrorRow],
) {
    if errors.is_empty() {
        return;
    }
    let shown = errors.len().min(MAX_ERRORS);
    html.push_str(&format!(
        "<details><summary>Errors of {}: {} of {} shown</summary>\n",
        escape(system),
        shown,
        crate::count(n),
    ));
    let columns = ["document", "file", "at", "kind", "gold", "predicted"];
    let mut table = Table::new(&columns.map(|name| (name, Align::Left)));
    for error in &errors[..shown] {
        let side = |label: &Option<String>, text: &Option<String>| match (label, text) {
            (Some(label), Some(text)) => Cell::text(format!("{label}: {text}")),
            (Some(one), None) | (None, Some(one)) => Cell::text(one),
            (None, None) => Cell::empty(),
        };
        table.push(vec![
            Cell::text(short(&error.doc_id)),
            file_cell(result, &error.doc_id),
            Cell::text(&error.at),
            Cell::text(&error.kind),
            side(&error.gold_label, &error.gold_text),
            side(&error.predicted_label, &error.predicted_text),
        ]);
    }
    html.push_str(&table_html(&table));
    html.push_str("</details>\n");
}

fn push_findings(html: &mut String, result: &EvalResult) {
    html.push_str("<section>\n<h2 id=\"findings\">Checks before scoring</h2>\n");
    if result.findings.is_empty() {
        html.push_str("<p>Nothing was found.</p>\n</section>\n");
        return;
    }
    let mut table = Table::new(&[
        ("severity", Align::Left),
        ("code", Align::Left),
        ("side", Align::Left),
        ("count", Align::Right),
        ("first places", Align::Left),
    ]);
    for finding in &result.findings {
        table.push(vec![
            Cell::text(&finding.severity),
            Cell::text(&finding.code),
            Cell::text(&finding.side),
            Cell::count(finding.count),
            Cell::text(places(result, &finding.places)),
        ]);
    }
    html.push_str(&table_html(&table));
    html.push_str("</section>\n");
}

fn push_method(html: &mut String, result: &EvalResult) {
    html.push_str("<section>\n<h2 id=\"method\">Method</h2>\n");
    html.push_str(
        "<p>Precision is the share of predicted items that are in gold, recall the share of \
         gold items that were predicted, F1 their harmonic mean from summed counts. Spans \
         match one to one. A dash is an undefined ratio: nothing was predicted, or nothing \
         was there. A failed document counts as an empty answer. CPU time is that of the \
         extracting thread; documents a second are measured by the wall.</p>\n",
    );
    let mut table = Table::new(&[("what", Align::Left), ("value", Align::Left)]);
    let versions = &result.versions;
    let mut facts: Vec<(String, String)> = vec![
        ("goldpress".into(), versions.goldpress.clone()),
        ("metrics".into(), versions.metrics.clone()),
        ("field values".into(), versions.norm.clone()),
        ("tokeniser".into(), versions.tokeniser.clone()),
        ("gold".into(), result.gold.hash.clone()),
        ("documents without gold blocks".into(), result.gold.without_blocks.to_string()),
    ];
    for system in &result.systems {
        let outcomes: Vec<String> =
            system.outcomes.iter().map(|(name, n)| format!("{name} {n}")).collect();
        facts.push((
            format!("system {}", system.name),
            format!(
                "version {}, run {}, {}",
                system.version,
                system.run,
                outcomes.join(", ")
            ),
        ));
    }
    let machine = &result.machine;
    let memory = machine.memory_bytes >> 30;
    facts.push((
        "scored on".into(),
        format!(
            "{} {}, {}, {} cores, {memory} GiB",
            machine.os, machine.kernel, machine.cpu, machine.cores
        ),
    ));
    for (what, value) in facts {
        table.push(vec![Cell::text(what), Cell::text(value)]);
    }
    html.push_str(&table_html(&table));
    html.push_str("</section>\n");
}

fn places(result: &EvalResult, places: &[String]) -> String {
    let places: Vec<String> =
        places.iter().map(|place| with_file(result, place)).collect();
    places.join(" · ")
}

/// The input file of a document.
fn file_cell(result: &EvalResult, doc_id: &str) -> Cell {
    result.files.get(doc_id).map_or_else(Cell::empty, Cell::text)
}

/// A table as HTML; numbers stand right by an attribute, since styles may be blocked.
fn table_html(table: &Table) -> String {
    let align =
        |column: usize| if table.is_right(column) { " align=\"right\"" } else { "" };
    let mut html = String::from("<table>\n<thead><tr>");
    for (i, name) in table.column_names().enumerate() {
        html.push_str(&format!("<th scope=\"col\"{}>{}</th>", align(i), escape(name)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in table.rows() {
        html.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            html.push_str(&format!("<td{}>{}</td>", align(i), escape(cell.shown())));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    html
}

/// The first digits of a hash: enough to tell it from others on one page.
fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
