//! Where the vectors lie: one article in every label format.

use std::path::PathBuf;

use goldpress_label::parse_schema;
use goldpress_model::Schema;

/// The article's address.
pub(crate) const DOC: &str = "29530c9ce397994f478331b3f1f61dce";

/// A file of the vectors.
pub(crate) fn path(name: &str) -> PathBuf {
    std::env::current_dir().unwrap().join("tests/vectors/formats").join(name)
}

/// Its text.
#[track_caller]
pub(crate) fn read(name: &str) -> String {
    let path = path(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The schema under which all of them are valid.
pub(crate) fn schema() -> Schema {
    parse_schema(&read("goldpress.toml")).expect("the schema of the vectors is valid")
}
