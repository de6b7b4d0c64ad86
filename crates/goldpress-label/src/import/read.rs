//! Files to import: which there are, of what format, and what they say.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{ImportError, ImportOptions, chosen};
use crate::{
    formats::{DOCCANO, FORMATS, Foreign, Format, Misread, Source, column_fault},
    sets::LabelError,
};

/// Everything that was read.
pub(super) struct Batch {
    pub(super) format: &'static dyn Format,
    pub(super) n_files: usize,
    pub(super) items: Vec<Item>,
}

/// What one file says of one article.
pub(super) struct Item {
    /// The file as given.
    pub(super) file: String,
    /// Its name without folder and extension.
    pub(super) stem: String,
    pub(super) foreign: Foreign,
}

pub(super) fn read(
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<Batch, ImportError> {
    let named = options.from.as_deref().map(chosen).transpose()?;
    let mut files = Vec::new();
    for path in paths {
        collect(path, true, &mut files)?;
    }
    let mut format = named;
    if format.is_none() {
        format = first_told(&files)?;
    }
    let mut batch = Batch { format: FORMATS[0], n_files: 0, items: Vec::new() };
    for File { path, is_given } in files {
        let mut source = load(&path)?;
        let found = match format {
            // A file named by the user is read as the format that the user named.
            Some(format) if is_given && named.is_some() => Some(format),
            Some(format) => Some(format).filter(|format| format.recognises(&source)),
            None => recognised(&source),
        };
        let Some(found) = found else {
            if is_given {
                let message = unknown(&source, format);
                return Err(ImportError::Refused { code: "format", message });
            }
            continue;
        };
        format = Some(found);
        source.text_beside =
            found.text_beside().map(|ext| beside(&path, ext)).transpose()?.flatten();
        let refused = |misread: Misread| {
            let mut message = format!("`{}`, {misread}", source.name);
            if let Some(keys) = keys(&source).filter(|_| !found.columns().is_empty()) {
                message.push_str(&renaming(found, &keys));
            }
            match misread.code {
                code @ ("scheme-unknown" | "several-annotators") => {
                    ImportError::Usage { code, message }
                }
                code => ImportError::Refused { code, message },
            }
        };
        batch.n_files += 1;
        batch.items.extend(
            found.read(&source, &options.reading).map_err(refused)?.into_iter().map(
                |foreign| Item {
                    file: source.name.clone(),
                    stem: source.stem().to_owned(),
                    foreign,
                },
            ),
        );
    }
    let Some(format) = format.filter(|_| batch.n_files > 0) else {
        let message = "no file among the paths looks like a label file";
        let message = format!("{message}; --from names one of {}", names().join(", "));
        return Err(ImportError::Refused { code: "format", message });
    };
    if let Some(fault) = column_fault(format, &options.reading.columns) {
        return Err(ImportError::usage("column", fault));
    }
    Ok(Batch { format, ..batch })
}

fn recognised(source: &Source) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.recognises(source))
}

/// The format of the first file that says which it is by what stands in it.
fn first_told(files: &[File]) -> Result<Option<&'static dyn Format>, ImportError> {
    for file in files {
        let source = load(&file.path)?;
        if source.is_blank() {
            continue;
        }
        match recognised(&source) {
            None if file.is_given => return Ok(None),
            None => {}
            found => return Ok(found),
        }
    }
    Ok(None)
}

fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    names.sort_unstable();
    names
}

/// Why a file is of no format, and how to name it: objects may have keys of their own.
fn unknown(source: &Source, told: Option<&dyn Format>) -> String {
    let name = &source.name;
    if let Some(told) = told {
        let told = told.name();
        return format!("`{name}` is not `{told}`, as the files before it are");
    }
    let known = names().join(", ");
    let message = format!("`{name}` looks like none of {known}; --from names its format");
    match keys(source) {
        None => message,
        Some(keys) => message + &renaming(DOCCANO, &keys),
    }
}

/// How keys that a project calls otherwise are named.
fn renaming(format: &dyn Format, keys: &[String]) -> String {
    let ours: Vec<String> =
        format.columns().iter().map(|ours| format!("--column {ours}=KEY")).collect();
    format!(
        "\n  its objects have the keys {}; where they are those of a project: --from {} \
         with {}",
        keys.join(", "),
        format.name(),
        ours.join(", ")
    )
}

/// The keys of the first object of a file of JSON.
fn keys(source: &Source) -> Option<Vec<String>> {
    let text = std::str::from_utf8(&source.bytes).ok()?;
    let text = text.trim_start_matches(['\u{feff}', '[', ' ', '\n', '\r', '\t']);
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let Value::Object(first) = values.next()?.ok()? else { return None };
    Some(first.keys().map(|key| format!("`{key}`")).collect())
}

struct File {
    path: PathBuf,
    /// Whether the user named the file itself, not a folder above it.
    is_given: bool,
}

/// Files below a path, in order of their names; hidden ones are not looked at.
fn collect(
    path: &Path,
    is_given: bool,
    files: &mut Vec<File>,
) -> Result<(), ImportError> {
    let failed = |source| LabelError::Io { path: path.to_owned(), source };
    if !path.is_dir() {
        if is_given && !path.exists() {
            let message = format!("`{}` is not there", path.display());
            return Err(ImportError::usage("no-file", message));
        }
        files.push(File { path: path.to_owned(), is_given });
        return Ok(());
    }
    let mut below = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        below.push(entry.map_err(failed)?.path());
    }
    below.sort();
    for path in below {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with('.') {
            collect(&path, false, files)?;
        }
    }
    Ok(())
}

fn load(path: &Path) -> Result<Source, ImportError> {
    let bytes = std::fs::read(path).map_err(LabelError::at(path))?;
    Ok(Source { name: path.display().to_string(), bytes, text_beside: None })
}

fn beside(path: &Path, extension: &str) -> Result<Option<Vec<u8>>, ImportError> {
    let path = path.with_extension(extension);
    match path.is_file() {
        true => Ok(Some(std::fs::read(&path).map_err(LabelError::at(&path))?)),
        false => Ok(None),
    }
}
