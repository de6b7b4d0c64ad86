//! Import: annotations of other tools become lines of label files.
//!
//! A bad annotation is rejected alone, and what points to it with it; what can be put
//! right without loss is, and counted. A file that speaks of no article, or counts what
//! nobody can tell, is refused, and nothing is written.

mod articles;
mod detect;
mod done;
mod fit;
mod infer;
mod layers;
mod lines;
mod places;
mod read;
mod repair;
mod tokens;
mod whole;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use goldpress_model::{AttrValue, Digest, Schema};
use goldpress_store::{Dataset, labels};

use crate::{
    checks::{TextOf, can_be},
    formats::{Format, ReadOptions, Task},
    locks::{Locks, lock},
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets, Together, set_fault, suggestion_set},
    units::{Reading, Unit},
};

pub use self::infer::{infer_schema, schema_toml};
use self::{articles::Found, read::Batch};

/// What an import is asked to do.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The layer set that the lines go to (`--as`).
    pub set: String,
    /// The format; found by content without (`--from`).
    pub from: Option<String>,
    /// The article all files speak of: a `doc_id`, or the stem of its input file.
    pub doc: Option<String>,
    /// Labels of the file and what they are here: `VESSEL` → `entity/VEHICLE`.
    pub map: BTreeMap<String, String>,
    /// Labels that are left out.
    pub ignore: Vec<String>,
    /// Layers that the file covers: what is not marked there is not there.
    pub reviewed: Vec<String>,
    /// What offsets count; found by quotes without.
    pub offset_unit: Option<Unit>,
    /// Added to every offset.
    pub shift: i32,
    /// Whether edges are widened to whole characters and spaces trimmed.
    pub repair: bool,
    /// Attributes that files do not bring, as `layer.attribute` → value (`--set-attr`).
    pub set_attr: BTreeMap<String, String>,
    /// What becomes of required attributes that neither files nor options bring.
    pub unsaid: Unsaid,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Choices that single formats have.
    pub reading: ReadOptions,
}

/// What becomes of required attributes that files do not bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unsaid {
    /// The schema's default is written, and counted.
    #[default]
    Default,
    /// They stay unsaid: answers of a system are taken as they are.
    Leave,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Something to mend in the arguments.
    #[error("{code}: {message}")]
    Usage {
        /// Name of the rule.
        code: &'static str,
        /// What is missing, with lines to copy.
        message: String,
    },
    /// The file cannot be believed.
    #[error("{code}: {message}")]
    Refused {
        /// Name of the rule.
        code: &'static str,
        /// What was found.
        message: String,
    },
    /// Label files that cannot be read or written.
    #[error(transparent)]
    Labels(#[from] LabelError),
}

/// Which exit code an error asks of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitClass {
    /// 1: the file is refused, or the disk is.
    Refused,
    /// 2: to be mended in arguments or configuration.
    Usage,
    /// 6: label files that are there hold faults.
    Faults,
}

impl ImportError {
    /// The exit code it asks for.
    pub fn exit_class(&self) -> ExitClass {
        match self {
            ImportError::Usage { .. }
            | ImportError::Labels(
                LabelError::SetName { .. }
                | LabelError::Schema(_)
                | LabelError::Locked { .. },
            ) => ExitClass::Usage,
            ImportError::Labels(LabelError::Broken { .. } | LabelError::Refused(_)) => {
                ExitClass::Faults
            }
            _ => ExitClass::Refused,
        }
    }

    /// Name of the rule, where one was broken.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            ImportError::Usage { code, .. } | ImportError::Refused { code, .. } => {
                Some(code)
            }
            ImportError::Labels(_) => None,
        }
    }

    fn usage(code: &'static str, message: impl Into<String>) -> ImportError {
        ImportError::Usage { code, message: message.into() }
    }
}

/// What became of something in a file that did not simply come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Left out, since it breaks a rule.
    Rejected,
    /// Put right without loss.
    Repaired,
    /// Left out, since the options say so.
    Ignored,
    /// A layer that could not be called done.
    NotDone,
}

impl NoteKind {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::Rejected => "rejected",
            NoteKind::Repaired => "repaired",
            NoteKind::Ignored => "ignored",
            NoteKind::NotDone => "not-done",
        }
    }
}

/// One thing to know about one line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportNote {
    /// The file as given.
    pub file: String,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// What became of it.
    pub kind: NoteKind,
    /// Name of the rule.
    pub code: &'static str,
    /// What was found.
    pub message: String,
}

/// What an import did.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// Name of the format.
    pub format: &'static str,
    /// Files read.
    pub n_files: usize,
    /// Articles that the files speak of and the dataset has.
    pub n_articles: usize,
    /// The same by name: one that is here without a line was answered with nothing.
    pub articles: BTreeSet<Digest>,
    /// New lines, by layer and label.
    pub counts: BTreeMap<(String, String), u64>,
    /// Lines that the set held already.
    pub n_held: u64,
    /// What offsets were found to count, and in how many articles.
    pub readings: BTreeMap<Reading, usize>,
    /// Labels of the files and what they became, where the names differ.
    pub mapping: BTreeMap<String, String>,
    /// New suggestions, by the set of the system that claims them.
    pub suggested: BTreeMap<String, u64>,
    /// `done` lines written, by layer.
    pub done: BTreeMap<String, u64>,
    /// Tasks that somebody refused or passed over, by how.
    pub skipped: BTreeMap<&'static str, u64>,
    /// What did not simply come in, by file and line.
    pub notes: Vec<ImportNote>,
    /// What the format brought and the schema has no room for, by feature.
    pub lost: BTreeMap<&'static str, u64>,
    /// Sentences that became one article a file, since no file marks where one begins.
    pub n_unmarked_sentences: usize,
    /// Attributes that had no room, by layer and name.
    pub lost_attrs: BTreeMap<String, u64>,
    /// Attributes that files did not bring and that were written for them, as
    /// `layer.attribute=value`.
    pub filled: BTreeMap<String, u64>,
    /// The first three new lines, as they stand in the file.
    pub samples: Vec<String>,
}

impl ImportReport {
    /// Counts what the schema has no room for.
    fn lose(&mut self, feature: &'static str, n: u64) {
        *self.lost.entry(feature).or_default() += n;
    }

    /// New lines without those of review.
    pub fn n_lines(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Notes of one kind.
    pub fn notes_of(&self, kind: NoteKind) -> impl Iterator<Item = &ImportNote> {
        self.notes.iter().filter(move |note| note.kind == kind)
    }
}

/// Lines that are shown of what was imported.
const N_SAMPLES: usize = 3;

/// Brings annotations of other tools into a layer set of the dataset.
///
/// Importing twice changes nothing the second time. Every article's lines are written at
/// once or not at all, and no article's before those of all have been checked.
///
/// # Errors
///
/// See [`ImportError`]; nothing was written then, save where the disk refuses in the
/// middle: articles that were written before stay.
pub fn import(
    dataset: &Dataset,
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    let schema = load_schema(dataset.root()).map_err(LabelError::Schema)?;
    import_under(&schema, dataset, paths, options)
}

/// The same under a given schema.
///
/// # Errors
///
/// As [`import`].
pub fn import_under(
    schema: &Schema,
    dataset: &Dataset,
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    check_options(schema, options)?;
    let mut batch = read::read(paths, options)?;
    let mut report = ImportReport {
        format: batch.format.name(),
        n_files: batch.n_files,
        n_unmarked_sentences: unmarked(&batch, options),
        ..ImportReport::default()
    };
    batch.items.retain(|item| match item.foreign.task {
        Task::Skipped(how) => {
            *report.skipped.entry(how).or_default() += 1;
            false
        }
        _ => true,
    });
    for item in &batch.items {
        let mended = item.foreign.mended.iter().map(|mended| {
            let message = mended.message.clone();
            note(&item.file, mended.line, NoteKind::Repaired, mended.code, message)
        });
        report.notes.extend(mended);
    }
    layers::map(schema, &batch, options, &mut report)?;
    let found = articles::find(dataset, &batch, options, &mut report)?;
    let rulings = detect::detect(batch.format, &found, options, &mut report)?;
    let sets = LabelSets::of(dataset.root());
    let submitted = layers::submitted(schema, &batch, options);
    let asked = (options, &submitted);
    let groups = by_label_file(&found, &rulings, options);
    let _locks = match options.dry_run {
        true => Locks::default(),
        false => lock(&sets, groups.keys().map(|name| name.set.as_str()))?,
    };
    let mut planned = Vec::new();
    let mut articles = BTreeSet::new();
    for (name, ruled) in groups {
        let (article, file) =
            plan(schema, &sets, &batch, &name, &ruled, asked, &mut report)?;
        articles.insert(name.doc);
        let is_person = name.set == options.set;
        if is_person || !file.lines.is_empty() {
            planned.push((article, file));
        }
    }
    report.n_articles = articles.len();
    report.articles = articles;
    report.notes.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    if !options.dry_run {
        write_all(schema, &sets, &planned)?;
    }
    Ok(report)
}

/// Sentences of files of tokens that mark no articles.
fn unmarked(batch: &Batch, options: &ImportOptions) -> usize {
    let is_one =
        |item: &read::Item| item.foreign.doc.is_none() && !item.foreign.tokens.is_empty();
    let is_unmarked = batch.items.len() == batch.n_files
        && options.reading.sentences.is_none()
        && batch.items.iter().all(is_one);
    match is_unmarked {
        true => batch.items.iter().map(|item| item.foreign.sentences.len()).sum(),
        false => 0,
    }
}

/// Threads that check and write side by side.
const WRITERS: usize = 4;

/// Writes label files, all or none; of several errors the first in order is told.
fn write_all(
    schema: &Schema,
    sets: &LabelSets,
    planned: &[(TextOf<'_>, labels::LabelFile)],
) -> Result<(), LabelError> {
    let share = planned.len().div_ceil(WRITERS).max(1);
    let write = |files: &[(TextOf<'_>, labels::LabelFile)]| {
        let mut part = sets.together();
        for (article, file) in files {
            part.write(schema, article, file)?;
        }
        Ok(part)
    };
    let parts: Vec<Result<Together<'_>, LabelError>> = std::thread::scope(|scope| {
        let writers: Vec<_> =
            planned.chunks(share).map(|files| scope.spawn(|| write(files))).collect();
        let join = |writer: std::thread::ScopedJoinHandle<'_, _>| {
            writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        writers.into_iter().map(join).collect()
    });
    let mut all = sets.together();
    for part in parts {
        all.append(part?);
    }
    all.commit()
}

/// The texts that files bring, each with a name of its own, for an ingest to make
/// articles of them.
///
/// Formats of tokens bring their sentences, one a line. Files that only speak of a text
/// bring none.
///
/// # Errors
///
/// As [`import`], of files that cannot be read.
pub fn texts_of(
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<Vec<(String, String)>, ImportError> {
    let batch = read::read(paths, options)?;
    let mut texts = Vec::new();
    let mut given: BTreeMap<String, u64> = BTreeMap::new();
    for item in &batch.items {
        let foreign = &item.foreign;
        let text = foreign.text.clone();
        let text = text.unwrap_or_else(|| foreign.sentences.join("\n"));
        if text.trim().is_empty() {
            continue;
        }
        let stem =
            foreign.doc.as_deref().map_or(item.stem.as_str(), crate::formats::stem);
        let n = given.entry(stem.to_owned()).or_default();
        *n += 1;
        texts.push((if *n == 1 { stem.to_owned() } else { format!("{stem}-{n}") }, text));
    }
    Ok(texts)
}

fn check_options(schema: &Schema, options: &ImportOptions) -> Result<(), ImportError> {
    if let Some(reason) = set_fault(&options.set) {
        return Err(LabelError::SetName { name: options.set.clone(), reason }.into());
    }
    for layer in &options.reviewed {
        if schema.layer(layer).is_none() {
            let all: Vec<&str> = schema.layers.iter().map(|l| l.name.as_str()).collect();
            let all = all.join(", ");
            let message = format!("`{}` has no layer `{layer}`, but {all}", schema.id());
            return Err(ImportError::usage("label-unknown", message));
        }
    }
    options.set_attr.iter().try_for_each(|(key, value)| check_attr(schema, key, value))
}

/// Refuses a value that its attribute cannot have.
fn check_attr(schema: &Schema, key: &str, value: &str) -> Result<(), ImportError> {
    let refused = |message| Err(ImportError::usage("value-invalid", message));
    let spec = key.split_once('.').and_then(|(layer, name)| {
        let attrs = &schema.layer(layer)?.attrs;
        attrs.iter().find(|attr| attr.name == name)
    });
    let Some(spec) = spec else {
        let message = format!("`{}` has no attribute `{key}`", schema.id());
        return refused(format!("{message}; one is written `layer.attribute=value`"));
    };
    let typed = fit::fit_value(spec.kind, spec.list, AttrValue::from(value));
    if can_be(spec, &typed) {
        return Ok(());
    }
    match spec.values.is_empty() {
        true => refused(format!("`{key}` cannot be `{value}`")),
        false => refused(format!("`{key}` is one of {}", spec.values.join(", "))),
    }
}

type Ruled<'a> = (Vec<&'a Found<'a>>, Vec<&'a detect::Ruling>);

/// Files of one article together: their annotations may point to each other's places, and
/// its label file is written once. What a system claims goes to the set of that system.
fn by_label_file<'a>(
    found: &'a [Found<'a>],
    rulings: &'a [detect::Ruling],
    options: &ImportOptions,
) -> BTreeMap<LabelName, Ruled<'a>> {
    let mut groups: BTreeMap<LabelName, Ruled<'a>> = BTreeMap::new();
    for (found, ruling) in found.iter().zip(rulings) {
        let model = found.item.foreign.model.as_deref();
        let set = model.map_or_else(|| options.set.clone(), suggestion_set);
        let group = groups.entry(LabelName { set, doc: found.article.doc }).or_default();
        group.0.push(found);
        group.1.push(ruling);
    }
    groups
}

fn plan<'a>(
    schema: &Schema,
    sets: &LabelSets,
    batch: &Batch,
    name: &LabelName,
    (group, rulings): &Ruled<'a>,
    (options, submitted): (&ImportOptions, &BTreeSet<String>),
    report: &mut ImportReport,
) -> Result<(TextOf<'a>, labels::LabelFile), ImportError> {
    let article = group[0].article();
    let mut file = sets.read(name)?.unwrap_or_else(|| lines::empty(name, &article));
    let mut torn_layers = BTreeSet::new();
    for (found, ruling) in group.iter().zip(rulings) {
        let job = lines::Job::new(schema, batch.format, found, ruling, options);
        lines::add(&job, &mut file, report);
        torn_layers.append(&mut job.torn.into_inner());
    }
    if name.set == options.set {
        let mut covered = layers::reviewed(schema, group, submitted, options);
        covered.retain(|layer| {
            let is_whole = !torn_layers.contains(layer) && !torn_layers.contains("*");
            if !is_whole {
                let file = format!("{}/{}", name.set, name.doc);
                let message = format!("`{layer}`: something of it was rejected");
                let kind = NoteKind::NotDone;
                report.notes.push(note(&file, 0, kind, "rejected", message));
            }
            is_whole
        });
        done::mark_done(schema, batch.format, &article, &covered, &mut file, report);
    }
    Ok((article, file))
}

fn note(
    file: &str,
    line: usize,
    kind: NoteKind,
    code: &'static str,
    message: impl Into<String>,
) -> ImportNote {
    ImportNote { file: file.to_owned(), line, kind, code, message: message.into() }
}

/// The format that an import was told, by name.
fn chosen(name: &str) -> Result<&'static dyn Format, ImportError> {
    crate::formats::format(name).ok_or_else(|| {
        let known: Vec<&str> = crate::formats::FORMATS.iter().map(|f| f.name()).collect();
        let message = format!("`{name}` is none of {}", known.join(", "));
        ImportError::usage("format", message)
    })
}
