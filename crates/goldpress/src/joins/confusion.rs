//! What was taken for what, now and in the baseline's run.

use std::collections::BTreeMap;

use goldpress_eval::{CELL_SEPARATOR, Scored, confusion};
use goldpress_model::{LayerKind, Schema};
use goldpress_store::{
    Baseline, Dataset, Run, StoreError,
    result::{ConfusionRow, EvalResult},
};

/// Cells of all layers of a scored run, over the lines that are scored.
pub(super) fn confusion_rows(
    scored: &Scored,
    system: &str,
    scope: &str,
    schema: &Schema,
) -> Vec<ConfusionRow> {
    let is_all = |layer: &str| {
        let is_block = |kind: LayerKind| kind == LayerKind::Block;
        scope == "all" && !schema.layer(layer).is_some_and(|spec| is_block(spec.kind))
    };
    let main = confusion(&scored.table, "").into_iter().filter(|one| !is_all(&one.layer));
    let all = confusion(&scored.table, ".all").into_iter();
    let cells = main.chain(all.filter(|one| is_all(&one.layer))).filter(|one| one.n > 0);
    let row = |cell: goldpress_eval::Cell| ConfusionRow {
        system: system.to_owned(),
        layer: cell.layer,
        gold: cell.gold,
        predicted: cell.predicted,
        bounds: cell.bounds,
        n: cell.n,
        base: None,
    };
    cells.map(row).collect()
}

/// Puts what the baseline's runs took for what beside the cells of a result. Runs that are
/// not at hand, or were scored against other gold, are left out.
///
/// # Errors
///
/// A run cannot be read.
pub(crate) fn add_old_cells(
    dataset: &Dataset,
    old: &Baseline,
    result: &mut EvalResult,
) -> Result<(), StoreError> {
    let runs = dataset.runs()?;
    for (system, about) in &old.header.systems {
        let holds = |one: &goldpress_store::SystemInfo| {
            one.name == *system && one.predictions == about.predictions
        };
        let Some(info) = runs.iter().find(|info| info.systems.iter().any(holds)) else {
            continue;
        };
        let run = Run::open(dataset, &info.run_id)?;
        let is_same = run.counts_about()?.is_some_and(|about| {
            about.gold == result.gold.hash
                && about.scope == result.scope
                && about.metrics == result.versions.metrics
                && about.schema == result.gold.schema
        });
        if is_same {
            put(result, system, &run)?;
        }
    }
    Ok(())
}

fn put(result: &mut EvalResult, system: &str, run: &Run) -> Result<(), StoreError> {
    type Key = (String, String, String, String);
    let scope_all = result.scope == "all";
    let mut sums: BTreeMap<Key, u64> = BTreeMap::new();
    for row in run.counts()?.into_iter().filter(|row| row.system == system) {
        let Some(bounds) = row.metric.strip_prefix("cell.") else { continue };
        let (bounds, is_all) = match bounds.strip_suffix(".all") {
            Some(bounds) => (bounds, true),
            None => (bounds, false),
        };
        let is_scored = row.layer == goldpress_model::layer::BLOCK || is_all == scope_all;
        let Some((gold, predicted)) = row.label.split_once(CELL_SEPARATOR) else {
            continue;
        };
        if is_scored {
            let (gold, predicted) = (gold.to_owned(), predicted.to_owned());
            let key = (row.layer.clone(), gold, predicted, bounds.to_owned());
            *sums.entry(key).or_default() += row.counts.found;
        }
    }
    let of_system = result.confusion.iter_mut().filter(|row| row.system == system);
    for row in of_system {
        let (layer, gold) = (row.layer.clone(), row.gold.clone());
        let key = (layer, gold, row.predicted.clone(), row.bounds.clone());
        row.base = Some(sums.remove(&key).unwrap_or_default());
    }
    let gone = sums.into_iter().filter(|(_, n)| *n > 0);
    result.confusion.extend(gone.map(|((layer, gold, predicted, bounds), n)| {
        let system = system.to_owned();
        ConfusionRow { system, layer, gold, predicted, bounds, n: 0, base: Some(n) }
    }));
    Ok(())
}
