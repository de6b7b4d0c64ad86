//! Near-duplicates of a dataset, found and written down.

use goldpress_dataset::{BANDS, Clusters, DedupOptions, PERMUTATIONS};
use goldpress_store::Dataset;

/// Finds the clusters of a dataset and writes `dedup.parquet`.
///
/// # Errors
///
/// The dataset cannot be read, or the disk refuses.
pub(crate) fn dedup(
    dataset: &Dataset,
    options: &DedupOptions,
) -> anyhow::Result<Clusters> {
    let found = goldpress_dataset::dedup(dataset, options)?;
    let about = [
        ("shingle", options.shingle.to_string()),
        ("threshold", options.threshold.to_string()),
        ("permutations", PERMUTATIONS.to_string()),
        ("bands", BANDS.to_string()),
        ("hash", "xxh3".to_owned()),
    ];
    dataset.write_dedup(found.rows.iter().cloned(), &about)?;
    Ok(found)
}
