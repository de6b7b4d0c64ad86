//! Checkpoints: how far an ingest came, so that the next can go on.
//!
//! The tables of an ingest close their parts together, so part *n* of each holds what
//! became of the same records. Beside the finished parts stands how many records they
//! hold and what was counted in them; what else is in the folder was never finished.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use goldpress_model::{Flaw, RejectReason};
use serde::{Deserialize, Serialize};

use crate::{document, error::StoreError, part::Part};

/// Version of the document; another one is no checkpoint.
const CHECKPOINT_VERSION: u32 = 1;
/// Name of the file in the folder in which the tables grow.
const CHECKPOINT: &str = "checkpoint.json";

/// What was counted so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tally {
    pub(crate) n_duplicates: u64,
    pub(crate) n_articles: u64,
    pub(crate) rejects: BTreeMap<RejectReason, u64>,
    pub(crate) flaws: BTreeMap<Flaw, u64>,
}

impl Tally {
    pub(crate) fn n_rejects(&self) -> u64 {
        self.rejects.values().sum()
    }

    pub(crate) fn n_records(&self) -> u64 {
        self.n_articles + self.n_rejects()
    }
}

/// Finished parts, and what is in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checkpoint {
    goldpress_checkpoint: u32,
    /// Hash of inputs and options: only the same ingest may go on.
    pub(crate) inputs: String,
    pub(crate) counts: Tally,
    /// Finished parts by table.
    pub(crate) parts: BTreeMap<String, Vec<Part>>,
}

impl Checkpoint {
    pub(crate) fn new(
        inputs: &str,
        counts: &Tally,
        parts: BTreeMap<String, Vec<Part>>,
    ) -> Checkpoint {
        Checkpoint {
            goldpress_checkpoint: CHECKPOINT_VERSION,
            inputs: inputs.to_owned(),
            counts: counts.clone(),
            parts,
        }
    }

    /// Reads the checkpoint of a folder, if it has one of these inputs that its parts
    /// bear out.
    pub(crate) fn read(folder: &Path, inputs: &str) -> Option<Checkpoint> {
        let path = folder.join(CHECKPOINT);
        let version = CHECKPOINT_VERSION;
        let found: Checkpoint =
            document::read(&path, "goldpress_checkpoint", version).ok()?;
        let is_there = |part: &Part| {
            fs::metadata(folder.join(&part.file))
                .is_ok_and(|file| file.len() == part.bytes)
        };
        let is_sound = found.inputs == inputs && found.files().all(is_there);
        is_sound.then_some(found)
    }

    /// Writes it: all of it or nothing.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        document::write(&folder.join(CHECKPOINT), self)
    }

    /// Whether a file of the folder, or with `*` some file of a folder in it, is part of
    /// this checkpoint.
    pub(crate) fn has(&self, name: &Path) -> bool {
        let is_folder = name.ends_with("*");
        self.files().any(|part| match is_folder {
            true => PathBuf::from(&part.file).parent() == name.parent(),
            false => Path::new(&part.file) == name,
        })
    }

    fn files(&self) -> impl Iterator<Item = &Part> {
        self.parts.values().flatten()
    }
}
