//! Options: how inputs are read, beyond what they say themselves.

use std::{num::NonZeroUsize, path::PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use goldpress_text::NormaliseOptions;
use regex::bytes::Regex;

use crate::{
    Limits,
    mapping::{self, Mapping, Path},
    presets::{PRESETS, Preset},
    readers::{READERS, Reader},
    run::IngestError,
};

/// How to ingest, as a user asks for it; [`Options::new`] is where it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Format of every input, by the name of its reader; `None` looks at each.
    pub from: Option<String>,
    /// Field mapping of structured records, by its name; `None` looks at their keys.
    pub preset: Option<String>,
    /// Fields mapped by hand: ours and where theirs stands, such as `content.body`.
    pub map: Vec<(String, String)>,
    /// Names of the columns of tables without a header; empty where the first row has them.
    pub columns: Vec<String>,
    /// Element of XML of no known format that is one article.
    pub xml_record: Option<String>,
    /// Patterns of files that are left out, such as `*.png` or `**/assets/**`.
    pub exclude: Vec<String>,
    /// The dataset that is being made: where it lies in a source, it is none.
    pub target: Option<PathBuf>,
    /// Regular expression of the lines that part several articles in one text.
    pub split_on: Option<String>,
    /// Bounds on one record.
    pub limits: Limits,
    /// What may be done to texts.
    pub normalise: NormaliseOptions,
    /// Whether the bytes of each article are handed to the sink.
    pub keep_raw: bool,
    /// Number of threads that decode and render; outputs do not depend on it.
    pub threads: NonZeroUsize,
}

impl Default for Asked {
    fn default() -> Self {
        Asked {
            from: None,
            preset: None,
            map: Vec::new(),
            columns: Vec::new(),
            xml_record: None,
            exclude: Vec::new(),
            target: None,
            split_on: None,
            limits: Limits::default(),
            normalise: NormaliseOptions::default(),
            keep_raw: true,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// How to ingest, checked.
#[derive(Clone)]
pub struct Options {
    pub(crate) reader: Option<&'static dyn Reader>,
    pub(crate) mapping: Mapping,
    pub(crate) columns: Vec<String>,
    pub(crate) xml_record: Option<String>,
    exclude: GlobSet,
    pub(crate) target: Option<PathBuf>,
    pub(crate) split_on: Option<Regex>,
    pub(crate) limits: Limits,
    pub(crate) normalise: NormaliseOptions,
    pub(crate) keep_raw: bool,
    pub(crate) threads: NonZeroUsize,
    /// Whether records say how their fields were mapped.
    pub(crate) is_explaining: bool,
}

impl Options {
    /// Checks what was asked for.
    ///
    /// # Errors
    ///
    /// A format or preset is not known, a mapping names no field of ours or no path, or
    /// the expression is none.
    pub fn new(asked: Asked) -> Result<Options, IngestError> {
        let find = |name: &String| {
            let known = READERS.iter().find(|reader| reader.name() == name);
            known.copied().ok_or_else(|| IngestError::UnknownFormat {
                name: name.clone(),
                known: READERS.iter().map(|reader| reader.name()).collect(),
            })
        };
        let reader = asked.from.as_ref().map(find).transpose()?;
        let find = |name: &String| {
            Preset::named(name).ok_or_else(|| IngestError::UnknownPreset {
                name: name.clone(),
                known: PRESETS.iter().map(|(name, _)| *name).collect(),
            })
        };
        let preset = asked.preset.as_ref().map(find).transpose()?;
        let mut own = Vec::new();
        for (target, path) in &asked.map {
            let refused =
                || IngestError::BadMap { target: target.clone(), path: path.clone() };
            let ours = mapping::target_of(target).ok_or_else(refused)?;
            let path = path.parse::<Path>().map_err(|_| refused())?;
            own.push((ours.to_owned(), path));
        }
        let mut exclude = GlobSetBuilder::new();
        for pattern in &asked.exclude {
            exclude.add(Glob::new(pattern).map_err(IngestError::BadExclude)?);
        }
        let split_on = asked.split_on.as_deref().map(Regex::new).transpose();
        let split_on = split_on.map_err(IngestError::BadSplit)?;
        if let Some(one) = split_on.as_ref().filter(|one| one.is_match(b"")) {
            return Err(IngestError::SplitsEverywhere(one.as_str().to_owned()));
        }
        Ok(Options {
            reader,
            mapping: Mapping::new(preset, own),
            columns: asked.columns,
            xml_record: asked.xml_record,
            target: asked.target,
            exclude: exclude.build().map_err(IngestError::BadExclude)?,
            split_on,
            limits: asked.limits,
            normalise: asked.normalise,
            keep_raw: asked.keep_raw,
            threads: asked.threads,
            is_explaining: false,
        })
    }

    /// Whether a file is left out: its path or its name fits a pattern.
    pub(crate) fn is_excluded(&self, file: &std::path::Path) -> bool {
        let is_named = file.file_name().is_some_and(|name| self.exclude.is_match(name));
        is_named || self.exclude.is_match(file)
    }

    /// Bounds on one record.
    pub fn limits(&self) -> Limits {
        self.limits
    }
}

impl Default for Options {
    fn default() -> Self {
        Options::new(Asked::default()).expect("the defaults are sound")
    }
}
