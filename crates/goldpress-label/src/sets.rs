//! Layer sets on disk: `labels/<set>/<doc_id>.jsonl`, read, checked and written.
//!
//! Every write goes through [`LabelSets::write`], which holds the file to the rules of
//! form first: what fails them never reaches the disk.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use goldpress_model::{Digest, Schema};
use goldpress_store::{
    atomic::{self, Several},
    labels::{self, LabelFile, LineError},
};

use crate::checks::{Finding, Severity, TextOf, When, check_file};

/// Why label files cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// A name that no layer set may have.
    #[error("`{name}` cannot be a layer set: {reason}")]
    SetName {
        /// The name.
        name: String,
        /// Why.
        reason: &'static str,
    },
    /// Another process writes the set.
    #[error("process {process} is writing the set `{set}`")]
    Locked {
        /// The set.
        set: String,
        /// The process, as it noted itself.
        process: String,
    },
    /// A file that is not sound, line by line.
    #[error("`{file}`: {}", .errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Broken {
        /// The file.
        file: PathBuf,
        /// Its bad lines.
        errors: Vec<LineError>,
    },
    /// A file that somebody wrote while it was read.
    #[error("`{file}` changed while it was compiled: try again")]
    Changed {
        /// The file.
        file: PathBuf,
    },
    /// A write that breaks a rule of form; nothing was written.
    #[error("not written: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Finding>),
    /// The schema of the dataset is not valid.
    #[error(transparent)]
    Schema(#[from] crate::SchemaError),
    /// A table of the dataset cannot be read or written.
    #[error(transparent)]
    Store(#[from] goldpress_store::StoreError),
    /// The disk refuses.
    #[error("`{path}`")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl LabelError {
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> LabelError + '_ {
        move |source| LabelError::Io { path: path.to_owned(), source }
    }
}

/// The folder `labels/` of a dataset.
#[derive(Debug, Clone)]
pub struct LabelSets {
    folder: PathBuf,
}

/// One label file by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabelName {
    /// The layer set.
    pub set: String,
    /// The article.
    pub doc: Digest,
}

/// Line ends that git leaves alone.
const ATTRIBUTES: &str = "*.jsonl text eol=lf\n";
/// What belongs to one machine.
const IGNORED: &str = ".journal/\n.lock\n.goldpress-*\n";

impl LabelSets {
    /// The label files of the dataset in `root`; the folder may not be there yet.
    pub fn of(root: &Path) -> LabelSets {
        LabelSets { folder: root.join("labels") }
    }

    /// Where the label files of a set lie.
    pub(crate) fn folder(&self, set: &str) -> PathBuf {
        self.folder.join(set)
    }

    /// Where a label file lies.
    pub fn path(&self, name: &LabelName) -> PathBuf {
        self.folder.join(&name.set).join(format!("{}.jsonl", name.doc))
    }

    /// All label files, by set and document.
    ///
    /// # Errors
    ///
    /// A folder cannot be listed. Files of other names are not ours and left alone.
    pub fn list(&self) -> Result<Vec<LabelName>, LabelError> {
        let mut names = Vec::new();
        for set in listed(&self.folder)? {
            if set_fault(&set).is_some() {
                continue;
            }
            for file in listed(&self.folder.join(&set))? {
                let doc = file.strip_suffix(".jsonl").and_then(|doc| doc.parse().ok());
                names.extend(doc.map(|doc| LabelName { set: set.clone(), doc }));
            }
        }
        names.sort();
        Ok(names)
    }

    /// The bytes of a label file; `None` where it is not there.
    ///
    /// # Errors
    ///
    /// It is there and cannot be read.
    pub fn bytes(&self, name: &LabelName) -> Result<Option<Vec<u8>>, LabelError> {
        let path = self.path(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(LabelError::Io { path, source }),
        }
    }

    /// A label file; `None` where it is not there.
    ///
    /// # Errors
    ///
    /// It cannot be read, or a line of it is not sound.
    pub fn read(&self, name: &LabelName) -> Result<Option<LabelFile>, LabelError> {
        let parse = |bytes: Vec<u8>| {
            labels::parse(&bytes)
                .map_err(|errors| LabelError::Broken { file: self.path(name), errors })
        };
        self.bytes(name)?.map(parse).transpose()
    }

    /// The schema closed with the labels that some sets use: for whoever has to list all
    /// labels. One that is closed stays as it is.
    ///
    /// # Errors
    ///
    /// As [`LabelSets::read`].
    pub fn close(&self, schema: &Schema, sets: &[&str]) -> Result<Schema, LabelError> {
        let mut used: BTreeSet<(String, String)> = BTreeSet::new();
        if schema.is_open() {
            let names = self.list()?.into_iter();
            for name in names.filter(|name| sets.contains(&name.set.as_str())) {
                for line in self.read(&name)?.into_iter().flat_map(|file| file.lines) {
                    used.insert((line.annotation.layer, line.annotation.label));
                }
            }
        }
        let used = used.iter().map(|(layer, label)| (layer.as_str(), label.as_str()));
        Ok(schema.clone().with_labels(used))
    }

    /// The text that was labelled; `None` where it was never kept.
    ///
    /// # Errors
    ///
    /// It is there and cannot be read.
    pub fn text(&self, doc: Digest) -> Result<Option<String>, LabelError> {
        let path = self.text_path(doc);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(LabelError::Io { path, source }),
        }
    }

    /// Where the history of a label file lies.
    pub(crate) fn journal_path(&self, name: &LabelName) -> PathBuf {
        let set = self.folder.join(&name.set);
        set.join(".journal").join(format!("{}.log", name.doc))
    }

    /// Folders, files for git, and the text that is labelled.
    pub(crate) fn prepare_for(
        &self,
        name: &LabelName,
        text: &str,
    ) -> Result<(), LabelError> {
        self.prepare(&name.set)?;
        let path = self.text_path(name.doc);
        if !path.exists() {
            put(&path, text.as_bytes())?;
        }
        let folder = self.folder.join(&name.set);
        atomic::sync_folder(&folder).map_err(LabelError::at(&folder))
    }

    fn text_path(&self, doc: Digest) -> PathBuf {
        self.folder.join("texts").join(format!("{doc}.txt"))
    }

    /// Writes a label file, after checking its form; says whether any byte changed.
    ///
    /// The first write into `labels/` tells git about line ends and machine files, the
    /// first one of an article keeps its text, so that gold never outlives it.
    ///
    /// # Errors
    ///
    /// [`LabelError::Refused`] where a line breaks a rule of form: nothing is written. A
    /// cluster border that another Unicode version moved under an old line is no reason.
    pub fn write(
        &self,
        schema: &Schema,
        article: &TextOf<'_>,
        file: &LabelFile,
    ) -> Result<bool, LabelError> {
        let mut together = self.together();
        let is_written = together.write(schema, article, file)?;
        together.commit()?;
        Ok(is_written)
    }

    /// Many writes that reach the disk together.
    pub(crate) fn together(&self) -> Together<'_> {
        Together { sets: self, files: Several::default(), prepared: BTreeSet::new() }
    }

    /// The bytes of a file, held to the rules of form; `None` where they are there already.
    fn rendered(
        &self,
        schema: &Schema,
        article: &TextOf<'_>,
        file: &LabelFile,
    ) -> Result<Option<String>, LabelError> {
        let name = LabelName { set: file.header.set.clone(), doc: file.header.doc };
        if let Some(reason) = set_fault(&name.set) {
            return Err(LabelError::SetName { name: name.set, reason });
        }
        let old = self.bytes(&name)?;
        let mut sorted = file.clone();
        sorted.lines.sort_by(labels::order);
        let rendered = labels::render(&sorted);
        if old.as_deref() == Some(rendered.as_bytes()) {
            return Ok(None);
        }
        let lines: Vec<&str> = rendered.lines().collect();
        let was_there = |finding: &Finding| {
            let line = lines.get(finding.line.saturating_sub(1));
            let old = old.as_deref().map(String::from_utf8_lossy);
            finding.code == "splits-grapheme"
                && line.is_some_and(|line| {
                    old.is_some_and(|old| old.lines().any(|old| old == *line))
                })
        };
        let errors: Vec<Finding> = check_file(schema, article, &sorted, When::Form)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .filter(|finding| !was_there(finding))
            .collect();
        match errors.is_empty() {
            true => Ok(Some(rendered)),
            false => Err(LabelError::Refused(errors)),
        }
    }

    fn prepare(&self, set: &str) -> Result<(), LabelError> {
        for folder in [self.folder.join(set), self.folder.join("texts")] {
            std::fs::create_dir_all(&folder).map_err(LabelError::at(&folder))?;
        }
        for (name, content) in [(".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)] {
            let path = self.folder.join(name);
            if !path.exists() {
                put(&path, content.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Label files that were checked and wait for [`Together::commit`] to appear.
///
/// Dropped before, it leaves nothing. A file is read by its old lines until then.
#[derive(Debug)]
pub(crate) struct Together<'a> {
    sets: &'a LabelSets,
    files: Several,
    prepared: BTreeSet<String>,
}

impl Together<'_> {
    /// As [`LabelSets::write`].
    pub(crate) fn write(
        &mut self,
        schema: &Schema,
        article: &TextOf<'_>,
        file: &LabelFile,
    ) -> Result<bool, LabelError> {
        let Some(rendered) = self.sets.rendered(schema, article, file)? else {
            return Ok(false);
        };
        let name = LabelName { set: file.header.set.clone(), doc: file.header.doc };
        if !self.prepared.contains(&name.set) {
            self.sets.prepare(&name.set)?;
            self.prepared.insert(name.set.clone());
        }
        let text = self.sets.text_path(name.doc);
        if !text.exists() {
            self.put(&text, article.text.as_bytes())?;
        }
        self.put(&self.sets.path(&name), rendered.as_bytes())?;
        Ok(true)
    }

    /// Takes over what another has checked.
    pub(crate) fn append(&mut self, other: Together<'_>) {
        self.files.append(other.files);
    }

    /// Makes all files appear, and survive a power cut.
    pub(crate) fn commit(self) -> Result<(), LabelError> {
        self.files.commit().map_err(LabelError::at(&self.sets.folder))
    }

    fn put(&mut self, path: &Path, bytes: &[u8]) -> Result<(), LabelError> {
        self.files.put(path, bytes).map_err(LabelError::at(path))
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), LabelError> {
    atomic::write(path, bytes).map_err(LabelError::at(path))
}

/// Names in a folder, in order; none where it is not there or is a file.
fn listed(folder: &Path) -> Result<Vec<String>, LabelError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            use io::ErrorKind::{NotADirectory, NotFound};
            return match error.kind() {
                NotFound | NotADirectory => Ok(Vec::new()),
                _ => Err(LabelError::at(folder)(error)),
            };
        }
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(LabelError::at(folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Why a name cannot be a layer set; `None` where it can.
///
/// Names are folders on every system: some fold case, Windows keeps some for devices.
/// Suggestions of a system are named `@` and the system.
///
/// ```
/// use goldpress_label::set_fault;
///
/// assert_eq!(set_fault("ada"), None);
/// assert_eq!(set_fault("@capitalised-runs"), None);
/// assert!(set_fault("Ada").is_some());
/// assert!(set_fault("con").is_some() && set_fault("texts").is_some());
/// ```
pub fn set_fault(name: &str) -> Option<&'static str> {
    let rest = name.strip_prefix('@').unwrap_or(name);
    let inner =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    let device = rest.split('.').next().unwrap_or_default();
    let numbered =
        |stem: &str| device.strip_prefix(stem).is_some_and(|n| n.len() == 1 && n != "0");
    let first = rest.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    match () {
        () if !first || !rest.chars().all(inner) || rest.len() > 63 => {
            Some("names are of `[a-z0-9][a-z0-9._-]{0,62}`, after an `@` for a system")
        }
        () if name == "texts" => Some("`labels/texts` holds the texts"),
        () if ["con", "prn", "aux", "nul"].contains(&device)
            || numbered("com")
            || numbered("lpt") =>
        {
            Some("Windows keeps the name for a device")
        }
        () => None,
    }
}

/// The set that holds the suggestions of a system: `@` and its name, other characters
/// as `-`.
///
/// ```
/// assert_eq!(goldpress_label::suggestion_set("Acme NER/2"), "@acme-ner-2");
/// ```
pub fn suggestion_set(system: &str) -> String {
    let folded = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c) => c,
        _ => '-',
    };
    let name: String = system.chars().map(folded).take(62).collect();
    match name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        true => format!("@{name}"),
        false => format!("@x{name}"),
    }
}
