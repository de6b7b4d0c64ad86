//! Layers that a file of answers speaks of, also where it marks nothing in them.
//!
//! Silence is an answer: a tagger that finds nothing has recall 0, and nothing would say so
//! if its layers were read off what it found.

use std::collections::BTreeSet;

use goldpress_extract::Task;
use goldpress_model::{LayerKind, Schema};
use goldpress_store::Baseline;

use super::Foreign;
use crate::{exit::Refusal, joins::Gold};

/// What tells the layers of a silent file.
pub(crate) struct Known<'k> {
    pub(crate) schema: &'k Schema,
    pub(crate) gold: &'k Gold,
    pub(crate) baseline: Option<&'k Baseline>,
}

/// The tasks of a system by its file: those that it marks, those that it was said to serve,
/// else those of the baseline, else the only layer of spans that gold covers.
///
/// # Errors
///
/// A refusal where nothing tells.
pub(super) fn tasks(
    system: &str,
    found: &[String],
    foreign: &Foreign,
    known: &Known<'_>,
) -> anyhow::Result<Vec<String>> {
    let mut tasks: BTreeSet<String> = found.iter().cloned().collect();
    tasks.extend(foreign.reading.layer.iter().cloned());
    let map = foreign.full_map();
    let targets = map.values().filter_map(|target| target.split_once('/'));
    tasks.extend(targets.map(|(layer, _)| layer.to_owned()));
    tasks.extend(foreign.tasks.iter().cloned());
    if tasks.is_empty() {
        tasks.extend(of_baseline(system, known).into_iter().map(str::to_owned));
    }
    if tasks.is_empty() {
        let layers = known.schema.layers.iter();
        let spans = layers.filter(|layer| layer.kind == LayerKind::Span);
        let done: Vec<&str> = spans
            .map(|layer| layer.name.as_str())
            .filter(|layer| !known.gold.covering(layer).is_empty())
            .collect();
        match done.as_slice() {
            [one] => tasks.extend([(*one).to_owned()]),
            [] => {}
            several => {
                return Err(Refusal::error(
                    format!("`{system}` marks nothing, and nothing says of which layer"),
                    format!("--layer NAME: one of {}", several.join(", ")),
                ));
            }
        }
    }
    Ok(tasks.into_iter().collect())
}

fn of_baseline<'k>(system: &str, known: &'k Known<'_>) -> Vec<&'k str> {
    let documents = known.baseline.iter().flat_map(|baseline| &baseline.documents);
    let metrics = documents.filter_map(|one| one.n.get(system)).flat_map(|n| n.keys());
    let layers = metrics.filter_map(|metric| metric.split_once('/'));
    let task =
        |layer: &'k str| if layer == "block" { Task::Blocks.name() } else { layer };
    let layers: BTreeSet<&str> = layers.map(|(layer, _)| task(layer)).collect();
    layers.into_iter().collect()
}
