//! Parts of the documents: by outlet, language, length, month, flaw, outcome or a column.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Average, Scores, Table, primary,
    slices::{self, UNKNOWN},
    summarise,
};
use goldpress_model::{Article, CountRow, Digest, Field, RunOutcome, Schema};
use goldpress_store::{Dataset, result::SliceRow};

use super::gold::Gold;
use crate::exit::Refusal;

/// Most values of a column that documents may be cut by: beyond, a table says nothing.
const MAX_VALUES: usize = 50;

/// Keys that have a rule of their own; any other is a column with few values.
const BUILT_IN: &[&str] = &["source", "lang", "length", "date", "flaw", "outcome"];

type OfDocument = BTreeMap<Digest, BTreeSet<String>>;

/// What documents are cut by, and the slices of each.
#[derive(Debug, Default)]
pub(crate) struct Cuts(Vec<(String, OfDocument)>);

impl Cuts {
    /// Reads the slices of each gold document off its article.
    ///
    /// # Errors
    ///
    /// A table cannot be read; a refusal for a key that is no column, or a column with too
    /// many values.
    pub(crate) fn read(
        dataset: &Dataset,
        gold: &Gold,
        keys: &[String],
    ) -> anyhow::Result<Cuts> {
        let mut cuts: Vec<(String, OfDocument)> = Vec::new();
        for key in keys.iter().map(|key| key.trim()) {
            if !cuts.iter().any(|(known, _)| known == key) {
                cuts.push((key.to_owned(), OfDocument::new()));
            }
        }
        if cuts.is_empty() {
            return Ok(Cuts(cuts));
        }
        let wanted: BTreeSet<Digest> = gold.documents().map(|(doc, ..)| doc).collect();
        for article in dataset.keepers() {
            let article = article?;
            let doc_id = article.doc_id();
            if !wanted.contains(&doc_id) {
                continue;
            }
            for (key, of_document) in &mut cuts {
                if key != "outcome" {
                    of_document.insert(doc_id, values(&article, key)?);
                }
            }
        }
        for (key, of_document) in &cuts {
            let n = of_document.values().flatten().collect::<BTreeSet<_>>().len();
            if n > MAX_VALUES && !BUILT_IN.contains(&key.as_str()) {
                return Err(Refusal::error(
                    format!("`{key}` has {n} values here: too many to cut by"),
                    format!("a column with at most {MAX_VALUES} values"),
                ));
            }
        }
        Ok(Cuts(cuts))
    }
}

fn values(article: &Article, key: &str) -> anyhow::Result<BTreeSet<String>> {
    let parts = article.parts();
    let one = |value: &str| BTreeSet::from([value.to_owned()]);
    Ok(match key {
        "source" => one(parts.source.as_deref().unwrap_or(UNKNOWN)),
        "lang" => match slices::language(Some(&parts.lang)) {
            "und" => one(UNKNOWN),
            known => one(known),
        },
        "length" => one(slices::length(article.text().chars().count() as u64)),
        "date" => one(slices::month(parts.fields.get(Field::DatePublished))),
        "flaw" if parts.flaws.is_empty() => one("none"),
        "flaw" => parts.flaws.iter().map(|(flaw, _)| flaw.name().to_owned()).collect(),
        "media_type" => one(&parts.media_type),
        "preset" => one(parts.preset.as_deref().unwrap_or(UNKNOWN)),
        "charset_used" => one(&parts.decoding.charset_used),
        column => {
            let Ok(field) = column.parse::<Field>() else {
                return Err(Refusal::error(
                    format!("documents cannot be cut by `{column}`"),
                    format!(
                        "one of: {}, media_type, preset, charset_used, or a column of \
                         metadata such as section",
                        BUILT_IN.join(", ")
                    ),
                ));
            };
            let all = parts.fields.all(field).map(|value| value.value.clone());
            let all: BTreeSet<String> = all.collect();
            if all.is_empty() { one(UNKNOWN) } else { all }
        }
    })
}

/// What slices need of a run.
pub(super) struct SlicedRun<'r> {
    pub(super) system: &'r str,
    pub(super) primary_metrics: &'r BTreeMap<String, String>,
    pub(super) rows: &'r [CountRow],
    pub(super) outcomes: &'r BTreeMap<Digest, RunOutcome>,
}

/// The primary figure of every layer of a run, slice by slice.
pub(super) fn slice_rows(
    cuts: &Cuts,
    gold: &Gold,
    run: &SlicedRun<'_>,
    schema: &Schema,
) -> Vec<SliceRow> {
    let by_outcome: OfDocument = run
        .outcomes
        .iter()
        .map(|(doc, outcome)| (*doc, [slices::outcome(*outcome).to_owned()].into()))
        .collect();
    let mut rows = Vec::new();
    for (by, of_document) in &cuts.0 {
        let of_document = if by == "outcome" { &by_outcome } else { of_document };
        for (layer, metric) in run.primary_metrics {
            let of_layer = run.rows.iter().filter(|row| row.layer == *layer);
            let of_layer: Vec<CountRow> = of_layer.cloned().collect();
            let table = Table::from_rows(&gold.covering(layer), &of_layer);
            let mut parts: Vec<(String, Table)> =
                slices::cut(&table, of_document).into_iter().collect();
            parts.sort_by_key(|(slice, _)| first_number(slice));
            let (_, average) = primary(schema.layer(layer));
            for (slice, part) in parts {
                let about = SliceRow {
                    by: by.clone(),
                    slice,
                    system: run.system.to_owned(),
                    layer: layer.clone(),
                    metric: metric.clone(),
                    ..blank(average, part.docs().len() as u64)
                };
                rows.push(scored(about, &part, average));
            }
        }
    }
    // Systems stand together under their slice; slices keep their order.
    rows
}

/// Lengths stand by size; what is no number keeps its place by name.
fn first_number(slice: &str) -> u64 {
    let digits: String = slice.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

fn blank(average: Average, n: u64) -> SliceRow {
    let average = match average {
        Average::Micro => "micro",
        Average::Labels => "macro-label",
        Average::Documents => "macro-document",
    };
    SliceRow {
        by: String::new(),
        slice: String::new(),
        system: String::new(),
        layer: String::new(),
        metric: String::new(),
        average: average.to_owned(),
        n,
        support: 0,
        counts: Default::default(),
        scale: 1,
        precision: None,
        recall: None,
        f1: None,
        share: None,
    }
}

fn scored(row: SliceRow, part: &Table, average: Average) -> SliceRow {
    let Some(summary) = summarise(part).pop() else { return row };
    let scores: &Scores = match average {
        Average::Micro => &summary.micro,
        Average::Labels => &summary.by_label,
        Average::Documents => &summary.by_document,
    };
    let bare = summary.metric.strip_suffix(".all").unwrap_or(&summary.metric);
    let scale = goldpress_eval::metric(bare).map_or(1, |metric| metric.scale);
    let counts = summary.total;
    let in_gold = if summary.share { counts.predicted() } else { counts.support() };
    SliceRow {
        support: in_gold / scale,
        counts,
        scale,
        precision: scores.precision.filter(|_| !summary.share),
        recall: scores.recall,
        f1: scores.f1,
        share: scores.precision.filter(|_| summary.share),
        ..row
    }
}
