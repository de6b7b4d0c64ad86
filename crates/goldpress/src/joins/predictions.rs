//! Answers that a program left in a file, as a run like any other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, bail};
use goldpress_extract::Task;
use goldpress_label::{ImportOptions, NoteKind, ReadOptions};
use goldpress_model::{
    CharRange, Digest, FieldClaim, LooseAnnotation, Prediction, Role, RunOutcome,
};
use goldpress_store::{Dataset, RUN_VERSION, Run, RunInfo, SystemInfo, json, labels};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{begin_run, machine};
use crate::exit::Refusal;

/// Set name of the scratch import; it never reaches the dataset.
const SCRATCH: &str = "predictions";

/// First bytes of every Parquet file.
const PARQUET: &[u8] = b"PAR1";

/// How a foreign file is read.
#[derive(Debug, Default)]
pub(crate) struct Foreign {
    pub(crate) from: Option<String>,
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) reading: ReadOptions,
}

/// Makes a run of each system of a file of answers; gives its id and the system's name.
///
/// Parquet is a table `predictions`, as runs hold it. JSON Lines of the worker protocol (a
/// `ready` object, then `result` objects whose `id` is the `doc_id`) are checked like live
/// answers. Any other label format goes through its importer.
///
/// # Errors
///
/// The file cannot be read, or speaks of what the dataset does not hold.
pub(crate) fn runs_of_file(
    dataset: &Dataset,
    path: &Path,
    foreign: &Foreign,
) -> anyhow::Result<Vec<(String, String)>> {
    let context = || format!("cannot read answers from `{}`", path.display());
    let bytes = fs::read(path).map_err(|error| {
        Refusal::error(format!("`{}`: {error}", path.display()), "check the path")
    })?;
    let is_protocol =
        first_object(&bytes).is_some_and(|first| first.contains_key("type"));
    // Importers map labels by themselves.
    let is_ours = is_protocol || bytes.starts_with(PARQUET);
    let answers = match () {
        () if is_protocol => protocol(&bytes).map(|answers| vec![answers]),
        () if is_ours => table(path),
        () => imported(dataset, path, foreign).map(|answers| vec![answers]),
    };
    let mut answers = answers.with_context(context)?;
    if is_ours && !foreign.map.is_empty() {
        answers.iter_mut().for_each(|answers| relabel(answers, &foreign.map));
    }
    let runs = answers.into_iter().map(|answers| write(dataset, answers));
    runs.collect::<anyhow::Result<_>>().with_context(context)
}

/// What a file says, whatever its format.
struct Answers {
    about: SystemInfo,
    rows: Vec<Prediction>,
}

/// A system of which a file tells no more than its answers.
fn of_file(name: String, tasks: Vec<String>) -> SystemInfo {
    SystemInfo { name, version: "file".to_owned(), tasks, ..complete() }
}

/// A system all of whose answers are there.
fn complete() -> SystemInfo {
    SystemInfo { deterministic: true, complete: true, ..SystemInfo::default() }
}

/// Puts our labels in the place of a file's: `PER` or `ner/PER` → `entity/PERSON`.
fn relabel(answers: &mut Answers, map: &BTreeMap<String, String>) {
    for line in answers.rows.iter_mut().flat_map(|row| &mut row.annotations) {
        let full = format!("{}/{}", line.layer, line.label);
        let target = map.get(&full).or_else(|| map.get(&line.label));
        if let Some((layer, label)) = target.and_then(|target| target.split_once('/')) {
            (line.layer, line.label) = (layer.to_owned(), label.to_owned());
            if !answers.about.tasks.contains(&line.layer) {
                answers.about.tasks.push(line.layer.clone());
            }
        }
    }
}

fn first_object(bytes: &[u8]) -> Option<Map<String, Value>> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    serde_json::from_slice(line).ok()
}

/// Reads a table `predictions`. What a system serves is read off its rows.
fn table(path: &Path) -> anyhow::Result<Vec<Answers>> {
    let mut systems: BTreeMap<String, (BTreeSet<String>, Vec<Prediction>)> =
        BTreeMap::new();
    for row in Run::predictions_of(path) {
        let row = row?;
        let (tasks, rows) = systems.entry(row.system.clone()).or_default();
        tasks.extend(row.annotations.iter().map(|line| line.layer.clone()));
        for (there, task) in [
            (row.body.is_some(), Task::Content),
            (row.blocks.is_some(), Task::Blocks),
            (row.fields.is_some(), Task::Metadata),
        ] {
            if there {
                tasks.insert(task.name().to_owned());
            }
        }
        rows.push(row);
    }
    if systems.is_empty() {
        bail!("it holds no answer");
    }
    let answers =
        |(name, (tasks, rows)): (String, (BTreeSet<String>, Vec<Prediction>))| Answers {
            about: of_file(name, tasks.into_iter().collect()),
            rows,
        };
    Ok(systems.into_iter().map(answers).collect())
}

fn protocol(bytes: &[u8]) -> anyhow::Result<Answers> {
    let mut about = complete();
    let mut rows = Vec::new();
    // Only a line feed ends a line: U+2028 stands in texts.
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    for (n, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let context = || format!("line {}", n + 1);
        let message: Map<String, Value> =
            serde_json::from_slice(line).with_context(context)?;
        let word =
            |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
        match word("type") {
            "ready" => {
                about.name = word("name").to_owned();
                about.version = word("version").to_owned();
                about.config_hash = word("config_hash").to_owned();
                let tasks = message.get("tasks").and_then(Value::as_array);
                let tasks = tasks.into_iter().flatten().filter_map(Value::as_str);
                about.tasks = tasks.map(str::to_owned).collect();
                if !matches!(word("offsets"), "" | "codepoints") {
                    bail!(
                        "line {}: offsets are `{}`, and must be `codepoints`",
                        n + 1,
                        word("offsets")
                    );
                }
            }
            "result" => rows.push(result(&about.name, &message).with_context(context)?),
            "error" => rows.push(error(&about.name, &message).with_context(context)?),
            _ => {}
        }
    }
    if about.name.is_empty() || about.tasks.is_empty() {
        bail!("the first line is no `ready` object with `name` and `tasks`");
    }
    Ok(Answers { about, rows })
}

fn result(system: &str, message: &Map<String, Value>) -> anyhow::Result<Prediction> {
    let list = |key: &str| message.get(key).and_then(Value::as_array);
    let mut annotations: Vec<LooseAnnotation> = Vec::new();
    for value in list("annotations").into_iter().flatten() {
        let line = labels::parse_loose(&json::canonical(value));
        annotations.push(line.map_err(|error| anyhow::anyhow!("{error}"))?);
    }
    let block = |value: &Value| -> Option<(CharRange, Role)> {
        let number = |key: &str| value.get(key)?.as_u64()?.try_into().ok();
        let role = value.get("role")?.as_str()?.parse().ok()?;
        Some((CharRange { start: number("start")?, end: number("end")? }, role))
    };
    let blocks = list("blocks").map(|blocks| {
        let read: Option<Vec<_>> = blocks.iter().map(block).collect();
        read.context("a block needs `start`, `end` and a `role` of the schema")
    });
    let fields = message.get("fields").and_then(Value::as_object).map(|fields| {
        fields.iter().map(|(name, value)| (name.clone(), claim(value))).collect()
    });
    Ok(Prediction {
        body: message.get("body").and_then(Value::as_str).map(str::to_owned),
        blocks: blocks.transpose()?,
        fields,
        annotations,
        ..blank(system, message)?
    })
}

fn error(system: &str, message: &Map<String, Value>) -> anyhow::Result<Prediction> {
    let word = |key: &str| message.get(key).and_then(Value::as_str);
    let outcome = match word("code") {
        Some("unsupported") => RunOutcome::Unsupported,
        _ => RunOutcome::Failed,
    };
    let message = blank(system, message)?;
    Ok(Prediction { outcome, ..message })
}

fn blank(system: &str, message: &Map<String, Value>) -> anyhow::Result<Prediction> {
    let word = |key: &str| message.get(key).and_then(Value::as_str);
    let doc_id: Digest = word("id").context("an answer without `id`")?.parse()?;
    Ok(Prediction {
        system: system.to_owned(),
        doc_id,
        outcome: RunOutcome::Ok,
        retried: None,
        message: word("message").map(str::to_owned),
        stderr: None,
        body: None,
        blocks: None,
        fields: None,
        annotations: Vec::new(),
        rejected: Vec::new(),
    })
}

fn claim(value: &Value) -> FieldClaim {
    let text =
        |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Null => FieldClaim::Null,
        Value::Array(values) => FieldClaim::Many(values.iter().map(text).collect()),
        value => FieldClaim::One(text(value)),
    }
}

/// Reads a label format in a scratch folder that shows the same articles.
fn imported(
    dataset: &Dataset,
    path: &Path,
    foreign: &Foreign,
) -> anyhow::Result<Answers> {
    let folder = tempfile::tempdir()?;
    for name in ["articles", "raw", "rejects", "manifest.json", "goldpress.toml"] {
        let from = dataset.root().join(name).canonicalize();
        if let Ok(from) = from {
            std::os::unix::fs::symlink(from, folder.path().join(name))?;
        }
    }
    let scratch = Dataset::open(folder.path())?;
    let options = ImportOptions {
        set: SCRATCH.to_owned(),
        from: foreign.from.clone(),
        map: foreign.map.clone(),
        reading: foreign.reading.clone(),
        ..ImportOptions::default()
    };
    let report = goldpress_label::import(&scratch, &[path.to_owned()], &options)?;
    if let Some(note) = report.notes_of(NoteKind::Rejected).next() {
        let n = report.notes_of(NoteKind::Rejected).count();
        bail!(
            "{n} annotations cannot be read, the first in line {}: {}",
            note.line,
            note.message
        );
    }
    let name =
        path.file_stem().and_then(|name| name.to_str()).unwrap_or(SCRATCH).to_owned();
    let mut found: BTreeMap<Digest, Vec<LooseAnnotation>> =
        goldpress_label::gold(&scratch, SCRATCH)?
            .documents
            .into_iter()
            .map(|document| (document.doc_id, document.annotations))
            .collect();
    let mut tasks: Vec<String> =
        report.counts.keys().map(|(layer, _)| layer.clone()).collect();
    tasks.dedup();
    // A label file is not written for an article without a mark: it was answered with
    // nothing.
    let mut rows = Vec::new();
    for article in dataset.keepers() {
        let doc_id = article?.doc_id();
        let annotations = found.remove(&doc_id).unwrap_or_default();
        let message =
            Map::from_iter([("id".to_owned(), Value::from(doc_id.to_string()))]);
        rows.push(Prediction { annotations, ..blank(&name, &message)? });
    }
    Ok(Answers { about: of_file(name, tasks), rows })
}

fn write(dataset: &Dataset, answers: Answers) -> anyhow::Result<(String, String)> {
    let started = Timestamp::now();
    let name = answers.about.name.clone();
    let (run_id, mut writer) = begin_run(dataset, started, &name)?;
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
        details: BTreeMap::new(),
    })?;
    Ok((run_id, name))
}
