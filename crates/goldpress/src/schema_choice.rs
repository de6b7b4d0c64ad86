//! Which annotation schema a dataset has: written down in its `goldpress.toml`.

use std::path::Path;

use anyhow::Context;
use goldpress_label::{ImportOptions, SCHEMAS, infer_schema, schema_toml};
use goldpress_model::Schema;
use goldpress_store::atomic;

use crate::{config, exit::Refusal};

/// `--schema infer`: not a name of a schema, but a wish.
pub(crate) const INFER: &str = "infer";

/// The line of the template that chooses a schema, with its comment taken off.
const CHOSEN: &str = "schema = \"news@1\"";
/// Between these lines stands what `--schema infer` found; it may be edited.
const BEGIN: &str =
    "#: Labels found by `goldpress label import --schema infer`; edit as you like.";
const END: &str = "#: End of the labels that were found.";

/// Names that `--schema` takes where a dataset is set up.
pub(crate) fn names() -> Vec<&'static str> {
    SCHEMAS.to_vec()
}

/// Names that `--schema` takes where there are files to look at.
pub(crate) fn names_or_infer() -> Vec<&'static str> {
    SCHEMAS.iter().copied().chain([INFER]).collect()
}

/// `goldpress.toml` with a built-in schema chosen.
pub(crate) fn with_built_in(toml: &str, id: &str) -> String {
    let line = format!("schema = \"{id}\"");
    let commented = format!("# {CHOSEN}");
    match toml.contains(&commented) {
        true => toml.replacen(&commented, &line, 1),
        // A key of the whole file stands before its tables.
        false => format!("{line}\n\n{toml}"),
    }
}

/// `goldpress.toml` with a schema that was found, in place of one found before.
fn with_inferred(toml: &str, schema: &Schema) -> String {
    let found = format!("{BEGIN}\n{}\n{END}\n", schema_toml(schema));
    match (toml.find(BEGIN), toml.find(END)) {
        (Some(from), Some(to)) if from < to => {
            let rest = toml[to + END.len()..].trim_start_matches('\n');
            format!("{}{found}{rest}", &toml[..from])
        }
        _ => format!("{}\n\n{found}", toml.trim_end()),
    }
}

/// Chooses the schema of a dataset folder before labels come in, and gives it. A folder
/// that has chosen keeps what it chose, save that found labels are added to found ones.
///
/// # Errors
///
/// Another schema is chosen already; a file cannot be read or written.
pub(crate) fn choose(
    root: &Path,
    id: &str,
    files: (&[std::path::PathBuf], &ImportOptions),
) -> anyhow::Result<Schema> {
    let path = root.join(config::FILE);
    let toml = match std::fs::read_to_string(&path) {
        Ok(toml) => toml,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            config::TEMPLATE.to_owned()
        }
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let chosen: toml::Table = toml.parse().with_context(|| path.display().to_string())?;
    let chosen = chosen.get("schema");
    let was_found = toml.contains(BEGIN);
    let new = match chosen {
        Some(toml::Value::String(known)) if known == id => toml.clone(),
        None if id != INFER => with_built_in(&toml, id),
        _ if id == INFER && (chosen.is_none() || was_found) => {
            let (paths, options) = files;
            let earlier =
                was_found.then(|| goldpress_label::parse_schema(&toml)).transpose()?;
            with_inferred(&toml, &infer_schema(paths, options, earlier.as_ref())?)
        }
        _ => {
            let known = goldpress_label::load_schema(root)
                .map_or_else(|_| "another one".to_owned(), |schema| schema.id());
            let message =
                format!("`{}` chooses the schema already: {known}", path.display());
            return Err(Refusal::error(message, "leave --schema out, or edit that file"));
        }
    };
    let schema = goldpress_label::parse_schema(&new)?;
    if !files.1.dry_run && (new != toml || !path.exists()) {
        std::fs::create_dir_all(root).with_context(|| root.display().to_string())?;
        atomic::write(&path, new.as_bytes())
            .with_context(|| path.display().to_string())?;
    }
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use goldpress_label::parse_schema;

    use super::*;

    #[test]
    fn a_choice_stands_before_all_tables() {
        let chosen = with_built_in(config::TEMPLATE, "ner@1");
        assert_eq!(parse_schema(&chosen).unwrap().id(), "ner@1");
        let chosen = with_built_in("[gate]\nmargin = \"1pt\"\n", "spans@1");
        assert_eq!(parse_schema(&chosen).unwrap().id(), "spans@1");
    }

    #[test]
    fn what_is_found_later_takes_the_place_of_what_was_found() {
        let found = |labels: &str| {
            let toml = format!(
                "[schema]\nname = \"own\"\nversion = 1\n[[schema.layers]]\n\
                 name = \"entity\"\nkind = \"span\"\nlabels = {labels}\n"
            );
            parse_schema(&toml).unwrap()
        };
        let first = with_inferred(config::TEMPLATE, &found("[\"PER\"]"));
        let second = with_inferred(&first, &found("[\"LOC\", \"PER\"]"));
        assert_eq!(parse_schema(&second).unwrap(), found("[\"LOC\", \"PER\"]"));
        assert_eq!(second.matches("\n[schema]\n").count(), 1);
        assert_eq!(with_inferred(&second, &found("[\"PER\"]")), first);
    }
}
