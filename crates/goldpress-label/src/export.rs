//! Export: label files become files of other tools, with a list of what is lost.
//!
//! Nothing is left out in silence. An export that would lose content writes nothing
//! unless it is told that this is fine.

mod reduce;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use goldpress_model::{Digest, Schema};
use goldpress_store::{
    Dataset,
    atomic::Several,
    labels::{LabelLine, order, render_line},
};
use serde_json::Value;

use crate::{
    formats::{FORMATS, Format, WHOLE, Written, column_fault},
    schema::load_schema,
    sets::{LabelError, LabelName, LabelSets},
    verify::for_each_article,
};

use self::reduce::Homes;
pub(crate) use self::reduce::is_default;
pub use self::reduce::{Capacity, Discontinuous};

/// What an export is asked to do.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// The layer set (`--set`).
    pub set: String,
    /// The format (`--to`).
    pub to: String,
    /// The layers; all of the schema where none is named.
    pub layers: Vec<String>,
    /// Whether losing content is fine.
    pub allow_loss: bool,
    /// What becomes of annotations in pieces where the format has none.
    pub discontinuous: Discontinuous,
    /// Choices that single formats have.
    pub writing: WriteOptions,
}

/// Choices that single formats have.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// Tags of a token format: `iob2` without.
    pub scheme: Option<String>,
    /// The layer of a flat format.
    pub flat: Option<String>,
    /// Spans alone, where a format has two shapes (`--spans-only`).
    pub spans_only: bool,
    /// Lines instead of a binary file (`--jsonl`).
    pub jsonl: bool,
    /// Whether a span off the edges of tokens is widened to them, not left out
    /// (`--misaligned widen`).
    pub widen: bool,
    /// Whether the whole line stands beside each annotation (`--lossless`).
    pub lossless: bool,
    /// Names of keys that a project calls otherwise: ours → theirs (`--column`).
    pub columns: BTreeMap<String, String>,
}

/// One article to be written, with the lines that its format has room for.
pub struct Page<'a> {
    /// The article.
    pub doc: Digest,
    /// Its text.
    pub text: &'a str,
    /// Annotations in canonical order.
    pub lines: Vec<LabelLine>,
    /// The whole lines by id, where they are to stand beside what the format knows.
    whole: BTreeMap<String, Value>,
    /// Whole lines without a place of their own in the format.
    homeless: Vec<Value>,
}

impl Page<'_> {
    /// Lays the whole line of an annotation into an object of the format.
    pub(crate) fn put_whole(&self, id: &str, object: &mut Value) {
        if let Some(line) = self.whole.get(id) {
            object[WHOLE] = line.clone();
        }
    }

    /// Lays whole lines into an object that speaks of the text as a whole: those that have
    /// no place of their own, and those that turned out to have none.
    pub(crate) fn put_homeless(&self, more: &[&LabelLine], object: &mut Value) {
        let more = more.iter().filter_map(|line| self.whole(&line.annotation.id));
        let lines: Vec<&Value> = self.homeless.iter().chain(more).collect();
        if !lines.is_empty() {
            object[WHOLE] = lines.into_iter().cloned().collect();
        }
    }

    /// The whole line of an annotation.
    pub(crate) fn whole(&self, id: &str) -> Option<&Value> {
        self.whole.get(id)
    }
}

/// What an export did, or would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// Name of the format.
    pub format: &'static str,
    /// Articles written.
    pub n_articles: usize,
    /// Annotations written.
    pub n_annotations: u64,
    /// What is lost, by feature: annotations, but single arguments and attributes.
    pub lost: BTreeMap<&'static str, u64>,
    /// Files written, below the folder.
    pub files: Vec<String>,
}

/// What the whole line beside an annotation keeps.
const BESIDE: [&str; 4] = ["argument", "attribute", "note", "score"];

/// A line by its id, as JSON.
fn whole_line(line: &LabelLine) -> (String, Value) {
    let spelt = serde_json::from_str(&render_line(line)).unwrap_or_default();
    (line.annotation.id.clone(), spelt)
}

/// What may be lost without a word of consent: it says nothing about the text.
const NO_CONTENT: [&str; 4] = ["provenance", "rejected", "review", "score"];

impl ExportReport {
    /// Whether anything is lost that says something about the text.
    pub fn loses_content(&self) -> bool {
        self.lost.iter().any(|(feature, n)| *n > 0 && !NO_CONTENT.contains(feature))
    }
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Something to mend in the arguments.
    #[error("{0}")]
    Usage(String),
    /// Content would be lost, and that was not asked for.
    #[error("`{}` has no room for {}", .0.format, lost(.0))]
    WouldLose(ExportReport),
    /// A file or table cannot be read or written.
    #[error(transparent)]
    Labels(#[from] LabelError),
}

fn lost(report: &ExportReport) -> String {
    let told: Vec<String> = report
        .lost
        .iter()
        .filter(|(feature, _)| !NO_CONTENT.contains(feature))
        .map(|(feature, n)| format!("{feature} {n}"))
        .collect();
    told.join(", ")
}

/// Writes a layer set of a dataset as files of another tool, below `out`.
///
/// # Errors
///
/// See [`ExportError`]; nothing is written then, save where the disk refuses.
pub fn export(
    dataset: &Dataset,
    out: &Path,
    options: &ExportOptions,
) -> Result<ExportReport, ExportError> {
    let schema = load_schema(dataset.root()).map_err(LabelError::from)?;
    export_under(&schema, dataset, out, options)
}

/// The same under a given schema.
///
/// # Errors
///
/// As [`export`].
pub fn export_under(
    schema: &Schema,
    dataset: &Dataset,
    out: &Path,
    options: &ExportOptions,
) -> Result<ExportReport, ExportError> {
    let format = chosen(options)?;
    let layers = layers(schema, options)?;
    if let Some(fault) = column_fault(format, &options.writing.columns) {
        return Err(ExportError::Usage(fault));
    }
    let Some(capacity) = format.capacity(&options.writing) else {
        let message = format!("`{}` can only be imported", format.name());
        return Err(ExportError::Usage(message));
    };
    let is_lossless = options.writing.lossless;
    if is_lossless && !format.carries_lines() {
        let message = format!("`{}` has no room for whole lines", format.name());
        return Err(ExportError::Usage(message));
    }
    let mut report = ExportReport { format: format.name(), ..ExportReport::default() };
    let mut written = Written { layers: layers.clone(), ..Written::default() };
    let closed = LabelSets::of(dataset.root()).close(schema, &[&options.set])?;
    let schema = &closed;
    let homes = match is_lossless && format.carries_rest() {
        true => Homes::BesideText,
        false => Homes::None,
    };
    each_file(dataset, &options.set, |doc, text, lines| {
        let whole = match is_lossless {
            true => lines.iter().map(whole_line).collect(),
            false => BTreeMap::new(),
        };
        let asked = (options, homes);
        let reduced = reduce::reduce(schema, &capacity, &layers, lines, asked);
        let homeless: Vec<Value> =
            reduced.homeless.iter().map(|line| whole_line(line).1).collect();
        let page = Page { doc, text, lines: reduced.lines, whole, homeless };
        report.n_articles += 1;
        report.n_annotations += (page.lines.len() + page.homeless.len()) as u64;
        for (feature, n) in reduced.lost {
            *report.lost.entry(feature).or_default() += n;
        }
        format.write(schema, &page, &options.writing, &mut written);
    })?;
    for (feature, n) in std::mem::take(&mut written.lost) {
        *report.lost.entry(feature).or_default() += n;
    }
    report.n_annotations -= written.n_left_out;
    report.lost.retain(|_, n| *n > 0);
    match is_lossless {
        true => report.lost.retain(|feature, _| !BESIDE.contains(feature)),
        false => {
            report.lost.insert("provenance", report.n_annotations);
        }
    }
    format.finish(schema, &options.writing, &mut written);
    if report.loses_content() && !options.allow_loss {
        return Err(ExportError::WouldLose(report));
    }
    report.files = written.files.keys().cloned().collect();
    put(out, written)?;
    Ok(report)
}

fn chosen(options: &ExportOptions) -> Result<&'static dyn Format, ExportError> {
    crate::formats::format(&options.to).ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
        ExportError::Usage(format!("`{}` is none of {}", options.to, known.join(", ")))
    })
}

fn layers(schema: &Schema, options: &ExportOptions) -> Result<Vec<String>, ExportError> {
    for layer in &options.layers {
        if schema.layer(layer).is_none() {
            let message = format!("`{}` has no layer `{layer}`", schema.id());
            return Err(ExportError::Usage(message));
        }
    }
    Ok(match options.layers.as_slice() {
        [] => schema.layers.iter().map(|layer| layer.name.clone()).collect(),
        layers => layers.to_vec(),
    })
}

/// Calls `act` with every label file of a set: article, text, lines in canonical order.
fn each_file(
    dataset: &Dataset,
    set: &str,
    mut act: impl FnMut(Digest, &str, Vec<LabelLine>),
) -> Result<(), ExportError> {
    let sets = LabelSets::of(dataset.root());
    let names: Vec<LabelName> =
        sets.list()?.into_iter().filter(|name| name.set == set).collect();
    if names.is_empty() {
        return Err(ExportError::Usage(format!("there is no layer set `{set}`")));
    }
    let docs = names.iter().map(|name| name.doc).collect();
    for_each_article(dataset, &docs, |article| {
        let name = LabelName { set: set.to_owned(), doc: article.doc_id() };
        if let Some(mut file) = sets.read(&name)? {
            file.lines.sort_by(order);
            act(name.doc, article.text(), file.lines);
        }
        Ok(())
    })?;
    Ok(())
}

/// Writes all files together: a sync of each of ten thousand costs more than all the rest.
fn put(out: &Path, written: Written) -> Result<(), ExportError> {
    let mut files = Several::default();
    for (name, bytes) in written.files {
        let path = out.join(name);
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        std::fs::create_dir_all(&folder).map_err(LabelError::at(&folder))?;
        files.put(&path, &bytes).map_err(LabelError::at(&path))?;
    }
    files.commit().map_err(LabelError::at(out))?;
    Ok(())
}
