//! Answers that a program left in a file or folder, as a run like any other.

mod ids;
mod imported;
mod protocol;
mod rows;
mod silent;
mod table;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use goldpress_eval::compat::Mode;
use goldpress_label::{ImportOptions, ReadOptions, Unit, Unsaid};
use goldpress_model::{Digest, Prediction, RunOutcome};
use goldpress_store::{Dataset, RUN_VERSION, RunInfo, SystemInfo, result::FindingRow};
use jiff::Timestamp;
use serde_json::Value;

pub(crate) use self::silent::Known;
use self::{
    ids::Ids,
    imported::{Imported, imported},
    protocol::{is_protocol, protocol},
    rows::{is_rows, rows},
    table::{is_table, table},
};
use super::{begin_run, machine};
use crate::exit::Refusal;

/// Key of the details of a run whose labels were mapped while they were read: `map` and
/// `ignore` of its system are done.
const MAPPED: &str = "labels_mapped";

/// Whether the labels of a run are ours already, whatever its system calls them.
pub(crate) fn is_mapped(run: &RunInfo) -> bool {
    run.details.contains_key(MAPPED)
}

/// How a file of answers is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Foreign {
    /// Its format; found by content without.
    pub(crate) from: Option<String>,
    /// Its labels → ours.
    pub(crate) map: BTreeMap<String, String>,
    /// The same of its `[[system]]`: scoring applies and counts it, where reading does not.
    pub(crate) declared_map: BTreeMap<String, String>,
    /// Its labels that are dropped.
    pub(crate) ignore: Vec<String>,
    /// What its offsets count; found by quotes without.
    pub(crate) offset_unit: Option<Unit>,
    /// Choices of single formats.
    pub(crate) reading: ReadOptions,
    /// Tasks that the system is said to serve.
    pub(crate) tasks: Vec<String>,
    /// Programs that the answers are scored as too, and may read otherwise.
    pub(crate) modes: Vec<Mode>,
}

impl Foreign {
    /// What is mapped by flags and by the `[[system]]`, the flags first.
    fn full_map(&self) -> BTreeMap<String, String> {
        let mut map = self.declared_map.clone();
        map.extend(self.map.clone());
        map
    }

    fn import_options(&self, set: &str) -> ImportOptions {
        ImportOptions {
            set: set.to_owned(),
            from: self.from.clone(),
            map: self.full_map(),
            ignore: self.ignore.clone(),
            offset_unit: self.offset_unit,
            reading: self.reading.clone(),
            // What a system leaves unsaid is no answer of it.
            unsaid: Unsaid::Leave,
            ..ImportOptions::default()
        }
    }
}

/// A run that was made of a file, with what only the file could tell.
pub(crate) struct FileRun {
    /// The run.
    pub(crate) run_id: String,
    /// The system.
    pub(crate) system: String,
    /// Its answers as other programs read them, where that is not as they were read here.
    pub(crate) readings: Vec<(Mode, Vec<Prediction>)>,
    /// What was put right to read them.
    pub(crate) findings: Vec<FindingRow>,
}

/// Makes a run of each system of a file of answers.
///
/// Parquet is a table `predictions`, as runs hold it. JSON Lines of the worker protocol (a
/// `ready` object, then `result` objects whose `id` is the `doc_id`) are checked like live
/// answers, and so are plain rows, an object an article. Any other label format goes through
/// its importer, a folder too. `name` is what a system is called whose file does not say.
///
/// # Errors
///
/// The file cannot be read, or speaks of what the dataset does not hold.
pub(crate) fn runs_of_file(
    dataset: &Dataset,
    path: &Path,
    name: Option<&str>,
    foreign: &Foreign,
    known: &Known<'_>,
) -> anyhow::Result<Vec<FileRun>> {
    let context = || format!("cannot read answers from `{}`", path.display());
    let read = read(dataset, path, name, foreign).with_context(context)?;
    let mapped = read.is_mapped.then(|| (MAPPED.to_owned(), Value::from(true)));
    let details: BTreeMap<String, Value> = mapped.into_iter().collect();
    let mut runs = Vec::new();
    for mut answers in read.answers {
        answers.about.tasks =
            silent::tasks(&answers.about.name, &answers.about.tasks, foreign, known)
                .with_context(context)?;
        let of_system = |(mode, all): &(Mode, Vec<Answers>)| {
            let one = all.iter().find(|one| one.about.name == answers.about.name);
            one.map(|one| (*mode, one.rows.clone()))
        };
        let readings = read.readings.iter().filter_map(of_system).collect();
        let system = answers.about.name.clone();
        let run_id = write(dataset, answers, details.clone()).with_context(context)?;
        runs.push(FileRun { run_id, system, readings, findings: Vec::new() });
    }
    if let Some(first) = runs.first_mut() {
        first.findings = read.findings;
    }
    Ok(runs)
}

fn read(
    dataset: &Dataset,
    path: &Path,
    name: Option<&str>,
    foreign: &Foreign,
) -> anyhow::Result<Imported> {
    let there = fs::metadata(path).map_err(|error| {
        Refusal::error(format!("`{}`: {error}", path.display()), "check the path")
    })?;
    let bytes = if there.is_file() { fs::read(path)? } else { Vec::new() };
    // A format that is named is one of labels: the others are known by their first bytes.
    let is_named = foreign.from.is_some();
    let stem = if there.is_dir() { path.file_name() } else { path.file_stem() };
    let stem = stem.and_then(|stem| stem.to_str()).unwrap_or("answers");
    let mut ids = Ids::of(dataset);
    let mut answers = if !is_named && is_protocol(&bytes) {
        vec![protocol(&bytes, &mut ids)?]
    } else if !is_named && is_rows(&bytes) {
        vec![rows(&bytes, stem, &mut ids)?]
    } else if !is_named && is_table(path, &bytes) {
        table(path)?
    } else {
        // Importers map labels by themselves.
        return imported(dataset, path, name.unwrap_or(stem), foreign);
    };
    if let (Some(name), [only]) = (name, answers.as_mut_slice()) {
        only.rename(name);
    }
    answers.iter_mut().for_each(|answers| answers.relabel(&foreign.map));
    let (readings, findings) = (Vec::new(), Vec::new());
    Ok(Imported { answers, readings, findings, is_mapped: false })
}

/// What a file says of one system, whatever its format.
struct Answers {
    about: SystemInfo,
    rows: Vec<Prediction>,
}

impl Answers {
    fn rename(&mut self, name: &str) {
        self.about.name = name.to_owned();
        self.rows.iter_mut().for_each(|row| row.system = name.to_owned());
    }

    /// Puts our labels in the place of a file's: `PER` or `ner/PER` → `entity/PERSON`.
    fn relabel(&mut self, map: &BTreeMap<String, String>) {
        for line in self.rows.iter_mut().flat_map(|row| &mut row.annotations) {
            let full = format!("{}/{}", line.layer, line.label);
            let target = map.get(&full).or_else(|| map.get(&line.label));
            if let Some((layer, label)) = target.and_then(|target| target.split_once('/'))
            {
                (line.layer, line.label) = (layer.to_owned(), label.to_owned());
            }
        }
    }
}

/// A system of which a file tells no more than its answers.
fn of_file(name: String, tasks: Vec<String>) -> SystemInfo {
    SystemInfo { name, version: "file".to_owned(), tasks, ..complete() }
}

/// A system all of whose answers are there.
fn complete() -> SystemInfo {
    SystemInfo { deterministic: true, complete: true, ..SystemInfo::default() }
}

/// An answer with nothing in it.
fn nothing(system: &str, doc_id: Digest) -> Prediction {
    Prediction {
        system: system.to_owned(),
        doc_id,
        outcome: RunOutcome::Ok,
        retried: None,
        message: None,
        stderr: None,
        body: None,
        blocks: None,
        fields: None,
        annotations: Vec::new(),
        rejected: Vec::new(),
    }
}

fn write(
    dataset: &Dataset,
    answers: Answers,
    details: BTreeMap<String, Value>,
) -> anyhow::Result<String> {
    let started = Timestamp::now();
    let (run_id, mut writer) = begin_run(dataset, started, &answers.about.name)?;
    for row in answers.rows {
        writer.push(row)?;
    }
    writer.finish(RunInfo {
        goldpress_run: RUN_VERSION,
        run_id: run_id.clone(),
        started_at: started.to_string(),
        goldpress: env!("CARGO_PKG_VERSION").to_owned(),
        git: None,
        articles: dataset.manifest().articles_hash(),
        systems: vec![answers.about],
        machine: machine(),
        details,
    })?;
    Ok(run_id)
}
