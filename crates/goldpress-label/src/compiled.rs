//! Whether `annotations.parquet` is what the label files say now.
//!
//! Told by hashes of the files: times of change are those of a copy or a checkout, and say
//! nothing of what stands inside.

use std::collections::BTreeMap;

use goldpress_model::{Digest, Schema};
use goldpress_store::Dataset;

use crate::{
    schema::{load_schema, schema_hash},
    sets::{LabelError, LabelSets},
};

/// How the compiled table stands to the label files of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compiled {
    /// It holds what they say, or there are no files beside it.
    Current,
    /// There are label files, and no table.
    Never,
    /// Files came, went or were edited since.
    Changed,
    /// It was checked against another schema.
    OtherSchema,
}

/// Compares the compiled table with the label files of a set and the schema in effect.
///
/// A dataset may come without label files: then its table is all there is, and current.
///
/// # Errors
///
/// A file or the table cannot be read, or the schema does not hold together.
pub fn compiled(dataset: &Dataset, set: &str) -> Result<Compiled, LabelError> {
    let sets = LabelSets::of(dataset.root());
    let all = sets.list()?;
    let is_bare = all.is_empty();
    let mut files = Vec::new();
    for name in all.into_iter().filter(|name| name.set == set) {
        let bytes = sets.bytes(&name)?.unwrap_or_default();
        files.push((set, name.doc, Digest::of(&bytes)));
    }
    let about = dataset.annotations_about().map_err(LabelError::Store)?;
    let Some(about) = about else {
        return Ok(if files.is_empty() { Compiled::Current } else { Compiled::Never });
    };
    if is_bare {
        return Ok(Compiled::Current);
    }
    if hashes(files.into_iter()).get(set) != about.sets.get(set) {
        return Ok(Compiled::Changed);
    }
    let schema = load_schema(dataset.root())?;
    let same = about.schema == spelt(&schema);
    Ok(if same { Compiled::Current } else { Compiled::OtherSchema })
}

/// A schema as the metadata of the table names it.
pub(crate) fn spelt(schema: &Schema) -> String {
    format!("{} {}", schema.id(), schema_hash(schema))
}

/// One hash a set over its files, each given with its article and the hash of its bytes.
pub(crate) fn hashes<'f>(
    files: impl Iterator<Item = (&'f str, Digest, Digest)>,
) -> BTreeMap<String, String> {
    let mut sets: BTreeMap<&str, BTreeMap<Digest, Digest>> = BTreeMap::new();
    for (set, doc, file) in files {
        sets.entry(set).or_default().insert(doc, file);
    }
    let hash = |files: BTreeMap<Digest, Digest>| {
        let spelt: String =
            files.into_iter().map(|(doc, file)| format!("{doc} {file}\n")).collect();
        Digest::of(spelt.as_bytes()).to_string()
    };
    sets.into_iter().map(|(set, files)| (set.to_owned(), hash(files))).collect()
}
