//! Documents: JSON files of one object, with their version in a key of their own.

use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{atomic, error::StoreError};

/// Reads a document whose `key` must hold `version`.
///
/// The version comes first: a document of the future may have keys that this build would
/// otherwise call misspelt.
pub(crate) fn read<T: DeserializeOwned>(
    path: &Path,
    key: &str,
    version: u32,
) -> Result<T, StoreError> {
    let bytes = std::fs::read(path).map_err(StoreError::at(path))?;
    let unsound = |source| StoreError::Document { path: path.to_owned(), source };
    let value: Value = serde_json::from_slice(&bytes).map_err(unsound)?;
    let found = value.get(key).unwrap_or(&Value::Null);
    if found.as_u64() != Some(version.into()) {
        return Err(StoreError::Version {
            path: path.to_owned(),
            found: format!("{key} {found}"),
            known: format!("{key} {version}"),
        });
    }
    serde_json::from_value(value).map_err(unsound)
}

/// Writes a document for people to read: indented, keys in the order of the type.
pub(crate) fn write<T: Serialize>(path: &Path, document: &T) -> Result<(), StoreError> {
    let mut text =
        serde_json::to_string_pretty(document).expect("our types have JSON values");
    text.push('\n');
    atomic::write(path, text.as_bytes()).map_err(StoreError::at(path))
}
