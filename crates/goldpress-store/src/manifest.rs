//! The manifest: what an ingest wrote, and the mark that it is finished.

use std::{collections::BTreeMap, path::Path};

use goldpress_model::{Flaw, RejectReason};
use serde::{Deserialize, Serialize};

use crate::{document, error::StoreError, part::Part};

/// Version of the document; an unknown one is refused.
pub const MANIFEST_VERSION: u32 = 1;

/// Name of the file in the dataset's folder.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Every part of a dataset with its rows, bytes and hash; written last, so that a folder
/// with a manifest is a whole dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`MANIFEST_VERSION`].
    pub goldpress_manifest: u32,
    /// Version of goldpress that wrote it.
    pub goldpress: String,
    /// Version of the normaliser that made the texts.
    pub normaliser: String,
    /// Field mapping that was asked for, if one was.
    pub preset: Option<String>,
    /// Hash of inputs and options: equal hashes give equal tables.
    pub inputs: String,
    /// Records read; the sum of the next two.
    pub n_records: u64,
    /// Rows of `articles`.
    pub n_articles: u64,
    /// Rows of `rejects`.
    pub n_rejects: u64,
    /// Articles whose body stood in an earlier row.
    pub n_duplicates: u64,
    /// Rejects by reason.
    pub rejects: BTreeMap<RejectReason, u64>,
    /// Articles that have the flaw, by flaw.
    pub flaws: BTreeMap<Flaw, u64>,
    /// Records of types that hold no document, by type; not among `n_records`.
    pub passed_over: BTreeMap<String, u64>,
    /// Tables by name.
    pub tables: BTreeMap<String, TableInfo>,
}

/// The files of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableInfo {
    /// Schema and version: `articles/1`.
    pub schema: String,
    /// Rows of all parts.
    pub rows: u64,
    /// The parts in order.
    pub parts: Vec<Part>,
}

impl Manifest {
    /// Reads the manifest of the dataset in `root`.
    pub(crate) fn read(root: &Path) -> Result<Manifest, StoreError> {
        let path = root.join(MANIFEST);
        if !path.is_file() {
            return Err(StoreError::NoDataset { root: root.to_owned() });
        }
        document::read(&path, "goldpress_manifest", MANIFEST_VERSION)
    }

    /// Writes the manifest of the dataset in `root`.
    pub(crate) fn write(&self, root: &Path) -> Result<(), StoreError> {
        document::write(&root.join(MANIFEST), self)
    }

    /// The parts of a table in order; none where it was not kept.
    pub fn parts(&self, table: &str) -> &[Part] {
        self.tables.get(table).map_or(&[], |info| &info.parts)
    }

    /// What a run was made on: BLAKE3 over the hashes of all parts of `articles`, 64 hex
    /// digits.
    pub fn articles_hash(&self) -> String {
        let mut hash = blake3::Hasher::new();
        for part in self.parts("articles") {
            hash.update(part.blake3.as_bytes());
        }
        hash.finalize().to_hex().to_string()
    }
}
