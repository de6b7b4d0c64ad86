//! Parts of the documents: by outlet, language, length, month, flaw, outcome or a column.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{
    Average, Summary, Table, primary,
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
            rows.extend(parts.into_iter().map(|(slice, part)| SliceRow {
                by: by.clone(),
                slice,
                system: run.system.to_owned(),
                layer: layer.clone(),
                metric: metric.clone(),
                ..scored(&part, average)
            }));
        }
    }
    rows
}

/// Lengths stand by size; what is no number keeps its place by name.
fn first_number(slice: &str) -> u64 {
    let digits: String = slice.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

/// The figure of a part, which has no name yet.
fn scored(part: &Table, average: Average) -> SliceRow {
    let summary = summarise(part).pop();
    let is_share = summary.as_ref().is_some_and(|summary| summary.share);
    let scores = summary.as_ref().map(|summary| *summary.of(average)).unwrap_or_default();
    let counts = summary.as_ref().map(|summary| summary.total).unwrap_or_default();
    let scale = summary.as_ref().map_or(1, Summary::scale);
    let in_gold = if is_share { counts.predicted() } else { counts.support() };
    SliceRow {
        by: String::new(),
        slice: String::new(),
        system: String::new(),
        layer: String::new(),
        metric: String::new(),
        average: average.name().to_owned(),
        n: part.docs().len() as u64,
        support: in_gold / scale,
        counts,
        scale,
        precision: scores.precision.filter(|_| !is_share),
        recall: scores.recall,
        f1: scores.f1,
        share: scores.precision.filter(|_| is_share),
    }
}

/// Puts systems side by side under their slice, slices in the order of the first system.
pub(crate) fn side_by_side(rows: &mut [SliceRow]) {
    let place = |row: &SliceRow| (row.layer.clone(), row.by.clone(), row.slice.clone());
    let mut places = BTreeMap::new();
    for row in rows.iter() {
        let n = places.len();
        places.entry(place(row)).or_insert(n);
    }
    rows.sort_by_cached_key(|row| places[&place(row)]);
}
