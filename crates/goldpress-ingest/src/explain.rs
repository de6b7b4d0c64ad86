//! Explain: what would be read, how, and what the first records would become.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use goldpress_model::Outcome;

use crate::{Hands, IngestError, Item, Options, ingest, reading::FileReader, source};

/// What is known of one file before it is ingested.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explained {
    /// Path as the user gave it.
    pub file: String,
    /// Whether it is a dataset of goldpress, which is not gone into.
    pub is_dataset: bool,
    /// Fields of the first records that nothing maps.
    pub unmapped: Vec<String>,
    /// Formats found in it; several in an archive, none where nothing can be read.
    pub formats: Vec<String>,
    /// Field mapping of its first record, if that has fields.
    pub preset: Option<String>,
    /// Our fields and where the first record has theirs, if it has fields.
    pub fields: Vec<(String, String)>,
    /// What the first records would become.
    pub outcomes: Vec<Outcome>,
}

/// Says of every file below the sources how it would be read.
///
/// Reads the first `n_records` records of each and no more.
///
/// # Errors
///
/// A source does not exist.
pub fn explain(
    sources: &[PathBuf],
    options: &Options,
    hands: &Hands<'_>,
    n_records: usize,
) -> Result<Vec<Explained>, IngestError> {
    let mut options = options.clone();
    options.is_explaining = true;
    let source::Walked { files, datasets, .. } = source::walked(sources, &options)?;
    let left_out = datasets.iter().map(|folder| Explained {
        file: folder.to_string_lossy().into_owned(),
        is_dataset: true,
        ..Explained::default()
    });
    let files = files.iter().map(|file| {
        // What nothing maps is told of each file.
        let mut options = options.clone();
        options.mapping = options.mapping.afresh();
        explain_file(file, &options, hands, n_records)
    });
    Ok(left_out.chain(files).collect())
}

fn explain_file(
    file: &std::path::Path,
    options: &Options,
    hands: &Hands<'_>,
    n_records: usize,
) -> Explained {
    let name = file.to_string_lossy().into_owned();
    let mut formats = Vec::new();
    let mut items = Vec::new();
    let mut take = |item: Item| {
        if !matches!(item, Item::Apart(_)) {
            items.push(item);
        }
        items.len() < n_records
    };
    let mut reader =
        FileReader { options, take: &mut take, formats: &mut formats, pages: None };
    // That no more items are wanted is no failure here.
    let _ = reader.file(file, &name, &Arc::new(AtomicU64::new(0)));
    let first = items.iter().find_map(|item| match item {
        Item::Record(record) => Some(record),
        _ => None,
    });
    Explained {
        file: name,
        is_dataset: false,
        unmapped: options.mapping.unmapped().into_keys().collect(),
        formats,
        preset: first.and_then(|record| record.preset.clone()),
        fields: first.map(|record| record.mapped.clone()).unwrap_or_default(),
        outcomes: items
            .into_iter()
            .filter_map(|item| match item {
                Item::Record(record) => Some(ingest(Ok(*record), hands, options)),
                Item::Reject(reject) => Some(Outcome::Reject(reject)),
                Item::Apart(_) => None,
            })
            .collect(),
    }
}
