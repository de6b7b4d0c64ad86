//! Open schemas, closed with the labels that gold and answers use.

use std::collections::BTreeSet;

use goldpress_model::Schema;
use goldpress_store::Dataset;

use super::Chosen;

/// The schema with the labels of compiled gold and of some runs declared where it takes any:
/// whoever counts needs a list of them. A schema that is closed stays as it is.
///
/// # Errors
///
/// A table cannot be read.
pub(crate) fn schema_in_use(
    schema: &Schema,
    dataset: &Dataset,
    chosen: &[Chosen],
) -> anyhow::Result<Schema> {
    if !schema.is_open() {
        return Ok(schema.clone());
    }
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    for row in dataset.annotations() {
        let annotation = row?.line.annotation;
        used.insert((annotation.layer, annotation.label));
    }
    for one in chosen {
        for row in one.run.predictions() {
            let annotations = row?.annotations.into_iter();
            used.extend(annotations.map(|one| (one.layer, one.label)));
        }
        let read = one.readings.iter().flat_map(|(_, rows)| rows);
        let annotations = read.flat_map(|row| &row.annotations);
        used.extend(annotations.map(|one| (one.layer.clone(), one.label.clone())));
    }
    let used = used.iter().map(|(layer, label)| (layer.as_str(), label.as_str()));
    Ok(schema.clone().with_labels(used))
}
