//! Answers in a format of labels: whatever `label import` reads is an answer too.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::bail;
use goldpress_eval::compat::{Mode, reads_tags, runs_of_tags};
use goldpress_label::{
    ExitClass, ImportError, ImportNote, ImportOptions, ImportReport, LabelName,
    LabelSets, NoteKind, TagReader,
};
use goldpress_model::{Digest, LooseAnnotation, Prediction, Status, layer::REVIEW};
use goldpress_store::{Dataset, result::FindingRow};

use super::{Answers, Foreign, nothing, of_file};
use crate::exit::Refusal;

/// Set name of the scratch import; it never reaches the dataset.
const SCRATCH: &str = "predictions";

/// Places that a finding names.
const PLACES: usize = 5;

/// What a file of labels says, and how other programs would read it.
pub(super) struct Imported {
    /// Answers by system: the file's own, or of every model that it names.
    pub(super) answers: Vec<Answers>,
    /// The same rows as other programs read the tags, where these are not sound.
    pub(super) readings: Vec<(Mode, Vec<Answers>)>,
    /// What was put right to read the file, of the system `side`.
    pub(super) findings: Vec<FindingRow>,
    /// Whether labels became ours while they were read.
    pub(super) is_mapped: bool,
}

/// Reads a label format in a scratch folder that shows the same articles.
///
/// Tags that their scheme does not allow are refused, unless `--tags` says what they are,
/// or a mode is asked for whose program reads them: then that reading is scored too.
pub(super) fn imported(
    dataset: &Dataset,
    path: &Path,
    name: &str,
    foreign: &Foreign,
) -> anyhow::Result<Imported> {
    let by_mode: Vec<Mode> =
        foreign.modes.iter().copied().filter(|mode| reads_tags(*mode)).collect();
    let options = foreign.import_options(SCRATCH);
    let (own, read_as) = match (import(dataset, path, name, &options), by_mode.first()) {
        (Err(ImportFailure::Import(error)), Some(mode))
            if error.code() == Some("tag-orphan") && foreign.reading.tags.is_none() =>
        {
            let read = import(dataset, path, name, &as_program(*mode, &options));
            (read.map_err(told)?, Some(*mode))
        }
        (read, _) => (read.map_err(told)?, None),
    };
    let orphans: Vec<&ImportNote> =
        own.report.notes.iter().filter(|note| note.code == "tag-orphan").collect();
    let mut readings = Vec::new();
    for mode in by_mode.iter().filter(|_| !orphans.is_empty()) {
        // What a program cannot process it refuses in its own row.
        if let Ok(read) = import(dataset, path, name, &as_program(*mode, &options)) {
            readings.push((*mode, read.answers));
        }
    }
    let findings = (!orphans.is_empty()).then(|| {
        let how = match (read_as, foreign.reading.tags.as_deref()) {
            (Some(mode), _) => format!("read as {mode} reads them"),
            (None, Some(tags)) => format!("--tags {tags}"),
            (None, None) => "put right".to_owned(),
        };
        let place = |note: &&ImportNote| {
            format!("{}:{} {}; {how}", note.file, note.line, note.message)
        };
        FindingRow {
            code: "tag-orphan".to_owned(),
            side: name.to_owned(),
            severity: "repair".to_owned(),
            count: orphans.len() as u64,
            places: orphans.iter().take(PLACES).map(place).collect(),
        }
    });
    let mut findings: Vec<FindingRow> = findings.into_iter().collect();
    findings.extend(own.left_out(name));
    Ok(Imported { answers: own.answers, readings, findings, is_mapped: true })
}

/// The same import with the tags read as a program reads them.
fn as_program(mode: Mode, options: &ImportOptions) -> ImportOptions {
    let read = move |tags: &[Vec<String>]| {
        runs_of_tags(mode, tags).map_err(|error| format!("{mode}: {error}"))
    };
    let mut options = options.clone();
    options.reading.reader = Some(TagReader::new(read));
    options
}

enum ImportFailure {
    Import(ImportError),
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for ImportFailure {
    fn from(error: E) -> Self {
        ImportFailure::Other(error.into())
    }
}

/// An import that failed, as something the user can mend where it is.
fn told(failure: ImportFailure) -> anyhow::Error {
    let error = match failure {
        ImportFailure::Other(error) => return error,
        ImportFailure::Import(error) => error,
    };
    let hint = match error.code() {
        Some("tag-orphan") => {
            "--tags begin or --tags discard says what such a tag is; --metric \
             seqeval-default or conlleval scores it as that program does"
        }
        Some("scheme-unknown") => "--scheme NAME names the scheme of the tags",
        Some("label-unknown") => {
            "--map and --ignore say what a label of the file is here"
        }
        _ if error.exit_class() == ExitClass::Usage => {
            "--from NAME names the format; the formats: goldpress label import --help"
        }
        _ => return error.into(),
    };
    Refusal::error(error.to_string(), hint)
}

struct Read {
    answers: Vec<Answers>,
    report: ImportReport,
}

impl Read {
    /// What the file says of articles that the dataset does not hold.
    fn left_out(&self, name: &str) -> Option<FindingRow> {
        let notes: Vec<&ImportNote> =
            self.report.notes.iter().filter(|note| note.code == NO_ARTICLE).collect();
        let place = |note: &&ImportNote| format!("{}: {}", note.file, note.message);
        (!notes.is_empty()).then(|| FindingRow {
            code: "doc-extra".to_owned(),
            side: name.to_owned(),
            severity: "warn".to_owned(),
            count: notes.len() as u64,
            places: notes.iter().take(PLACES).map(place).collect(),
        })
    }
}

/// Code of a note on something that speaks of no article of the dataset.
const NO_ARTICLE: &str = "no-article";

fn import(
    dataset: &Dataset,
    path: &Path,
    name: &str,
    options: &ImportOptions,
) -> Result<Read, ImportFailure> {
    let folder = tempfile::tempdir()?;
    for name in ["articles", "raw", "rejects", "manifest.json", "goldpress.toml"] {
        let from = dataset.root().join(name).canonicalize();
        if let Ok(from) = from {
            std::os::unix::fs::symlink(from, folder.path().join(name))?;
        }
    }
    let scratch = Dataset::open(folder.path())?;
    // Read here, since a schema may stand in a file beside `goldpress.toml`.
    let schema = crate::joins::schema_of(dataset.root())?;
    let paths = [path.to_owned()];
    let report = goldpress_label::import_under(&schema, &scratch, &paths, options)
        .map_err(ImportFailure::Import)?;
    let is_refused = |note: &&ImportNote| note.code != NO_ARTICLE;
    let refused: Vec<&ImportNote> =
        report.notes_of(NoteKind::Rejected).filter(is_refused).collect();
    if let Some(first) = refused.first() {
        return Err(ImportFailure::Other(anyhow::anyhow!(
            "{} of its annotations cannot be read, the first in line {}: {}",
            refused.len(),
            first.line,
            first.message
        )));
    }
    let answers = answers(&scratch, name, &report)?;
    Ok(Read { answers, report })
}

type OfArticle = BTreeMap<Digest, Vec<LooseAnnotation>>;

/// The lines of the scratch import, by system.
///
/// An article that the file speaks of and marks nothing in was answered with nothing; one
/// that it does not speak of was not answered.
fn answers(
    scratch: &Dataset,
    name: &str,
    report: &ImportReport,
) -> anyhow::Result<Vec<Answers>> {
    let sets = LabelSets::of(scratch.root());
    let mut systems: BTreeMap<String, OfArticle> = BTreeMap::new();
    for file in sets.list()? {
        let Some(read) = sets.read(&file)? else { continue };
        let LabelName { set, doc } = file;
        // What a format says that a model claims lies in a set of that model.
        let system = set.strip_prefix('@').unwrap_or(name).to_owned();
        let lines = read.lines.into_iter().filter(|line| {
            line.annotation.layer != REVIEW && line.provenance.status != Status::Rejected
        });
        let of_article = systems.entry(system).or_default().entry(doc).or_default();
        of_article.extend(lines.map(|line| line.annotation));
    }
    let is_silent = |of_article: &OfArticle| of_article.values().all(Vec::is_empty);
    if systems.len() > 1 && systems.get(name).is_some_and(is_silent) {
        systems.remove(name);
    }
    if systems.is_empty() {
        systems.insert(name.to_owned(), OfArticle::new());
    }
    if report.articles.is_empty() {
        bail!("it speaks of no article of the dataset");
    }
    let answers = |(system, mut found): (String, OfArticle)| {
        let layers = found.values().flatten().map(|line| line.layer.clone());
        let tasks: BTreeSet<String> = layers.collect();
        let row = |doc: &Digest| Prediction {
            annotations: found.remove(doc).unwrap_or_default(),
            ..nothing(&system, *doc)
        };
        let rows = report.articles.iter().map(row).collect();
        Answers { about: of_file(system, tasks.into_iter().collect()), rows }
    };
    Ok(systems.into_iter().map(answers).collect())
}
