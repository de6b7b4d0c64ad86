//! Schemas: the built-in ones, and reading those of a project's own.
//!
//! A schema is data in TOML (`[schema]` of `goldpress.toml`). What is read here has been
//! checked as a whole: every target, label and value that one part names, another has.

mod merge;
mod page;
mod validate;

use std::{path::Path, sync::OnceLock};

use goldpress_model::{Digest, Schema};
use goldpress_store::json::canonical;
use serde::Deserialize;

pub use page::schema_page;

/// The name under which the schema of news is chosen.
pub const NEWS: &str = "news@1";

/// The built-in schemas, by the names under which they are chosen.
///
/// `news@1` says what a news article is made of; `ner@1` takes names and `spans@1` spans
/// and links under whatever labels a project has.
pub const SCHEMAS: &[&str] = &[NEWS, "ner@1", "spans@1"];

/// The built-in schema of that name.
pub fn built_in(id: &str) -> Option<&'static Schema> {
    static ALL: OnceLock<Vec<Schema>> = OnceLock::new();
    let sources = [
        include_str!("schemas/news-1.toml"),
        include_str!("schemas/ner-1.toml"),
        include_str!("schemas/spans-1.toml"),
    ];
    let read = |toml: &str| parse_schema(toml).expect("a built-in schema is valid");
    let all = ALL.get_or_init(|| sources.map(read).into());
    all.iter().find(|schema| schema.id() == id)
}

/// Why a schema is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Not TOML, or a key that no schema has.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A schema nobody knows.
    #[error("schema `{0}` is not built in; {known} are", known = SCHEMAS.join(", "))]
    Unknown(String),
    /// A file that cannot be read.
    #[error("schema file `{file}` cannot be read")]
    File {
        /// The file as `schema.file` names it.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Parts that do not fit each other.
    #[error("schema `{schema}`: {}", .faults.join("; "))]
    Faults {
        /// Name and version.
        schema: String,
        /// Every fault, each a sentence.
        faults: Vec<String>,
    },
}

/// The built-in schema `news@1`.
///
/// # Panics
///
/// Never on data: the schema is compiled in and a test reads it.
pub fn news() -> &'static Schema {
    built_in(NEWS).expect("`news@1` is built in")
}

/// Reads the schema that a `goldpress.toml` chooses or declares.
///
/// Other tables of the file are left to their owners. A file without `schema` means
/// `news@1`; `schema.file` is refused here, since only [`load_schema`] has a folder.
///
/// ```
/// let own = r#"
/// [schema]
/// name = "brief"
/// version = 1
/// extends = "news@1"
/// drop = ["entity", "event/ASSAULT"]
/// "#;
/// let schema = goldpress_label::parse_schema(own)?;
/// assert_eq!(schema.id(), "brief@1");
/// assert!(schema.layer("entity").is_none() && schema.layer("relation").is_none());
/// # Ok::<(), goldpress_label::SchemaError>(())
/// ```
///
/// # Errors
///
/// An unknown key, an unknown base, or parts that do not fit each other: all of them at
/// once.
pub fn parse_schema(toml: &str) -> Result<Schema, SchemaError> {
    parse_with(toml, &|_| Err(std::io::ErrorKind::Unsupported.into()))
}

/// Reads the schema of the dataset in `root`: its `goldpress.toml`, or `news@1` without.
///
/// # Errors
///
/// As [`parse_schema`]; a file that is there and cannot be read.
pub fn load_schema(root: &Path) -> Result<Schema, SchemaError> {
    let path = root.join("goldpress.toml");
    match std::fs::read_to_string(&path) {
        Ok(toml) => parse_with(&toml, &|file| std::fs::read_to_string(root.join(file))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(news().clone()),
        Err(source) => {
            Err(SchemaError::File { file: path.display().to_string(), source })
        }
    }
}

/// Hash of a schema's canonical JSON: what stands in compiled annotations and runs.
pub fn schema_hash(schema: &Schema) -> Digest {
    Digest::of(canonical(schema).as_bytes())
}

#[derive(Deserialize)]
struct Config {
    schema: Option<Choice>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Choice {
    BuiltIn(String),
    Own(toml::Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOnly {
    file: String,
}

type Reader<'a> = &'a dyn Fn(&str) -> std::io::Result<String>;

fn parse_with(toml: &str, read: Reader<'_>) -> Result<Schema, SchemaError> {
    let config: Config = toml::from_str(toml)?;
    match config.schema {
        None => Ok(news().clone()),
        Some(Choice::BuiltIn(id)) => {
            built_in(&id).cloned().ok_or(SchemaError::Unknown(id))
        }
        Some(Choice::Own(table)) if table.contains_key("file") => {
            let FileOnly { file } = table.try_into()?;
            let failed = |source| SchemaError::File { file: file.clone(), source };
            let toml = read(&file).map_err(failed)?;
            parse_with(&toml, &|_| Err(std::io::ErrorKind::Unsupported.into()))
        }
        Some(Choice::Own(table)) => own(table.try_into()?),
    }
}

fn own(declared: merge::Declared) -> Result<Schema, SchemaError> {
    let unknown = |id: &str| SchemaError::Unknown(id.to_owned());
    let base = declared.extends.as_deref();
    let base = base.map(|id| built_in(id).ok_or_else(|| unknown(id))).transpose()?;
    let (schema, mut faults) = merge::merge(declared, base);
    faults.extend(validate::faults(&schema));
    if faults.is_empty() {
        Ok(schema)
    } else {
        Err(SchemaError::Faults { schema: schema.id(), faults })
    }
}
