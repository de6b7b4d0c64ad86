//! `goldpress label export`: label files become files of other tools.

use std::path::{Path, PathBuf};

use anyhow::Context;
use goldpress_label::{
    Discontinuous, ExportError, ExportOptions, ExportReport, FORMATS, WriteOptions,
};
use goldpress_store::Dataset;
use serde_json::json;

use super::shared::{SCHEMES, end, known_set, losses, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    shared,
};

/// Write a layer set as files of another tool, with a list of what is lost
///
/// Each format has its own limits: some have no discontinuous spans, some no arguments,
/// some no fields. What has no room is listed on standard error, by feature. When that is
/// something that a person said of the text, nothing is written and the exit code is 1,
/// unless --allow-loss says that this is fine. Rejected suggestions, review marks, scores
/// and provenance are listed and never stop an export.
///
/// `brat`, `gate`, `jsonl`, `w3c` and `cas-json` write a file (or two) for each article,
/// the others one file for all.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = writable())]
    to: String,

    /// Layer set to export: a person's name, `gold`, or a system's `@name`
    #[arg(long, value_name = "SET")]
    set: String,

    /// Folder that the files go to; it is made where it is not there
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,

    /// Dataset folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    dataset: PathBuf,

    /// Only these layers; all of the schema without it
    #[arg(long = "layer", value_name = "LAYER", value_delimiter = ',')]
    layers: Vec<String>,

    /// Write even when content is lost
    #[arg(long)]
    allow_loss: bool,

    /// Also write the loss report here, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// What becomes of a span in several pieces where the format knows none: left out, one
    /// span from first to last character, or one span for each piece
    #[arg(long, value_name = "HOW", default_value = "drop",
          value_parser = ["drop", "cover", "split"])]
    discontinuous: String,

    /// What becomes of a span that does not begin and end with tokens, in formats of
    /// tokens: left out, or widened to whole ones
    #[arg(long, value_name = "HOW", default_value = "drop",
          value_parser = ["drop", "widen"])]
    misaligned: String,

    /// Lay the whole line beside each annotation, for an import to find it again
    /// (label-studio, prodigy, w3c, cas-json, gate)
    #[arg(long)]
    lossless: bool,

    /// The one layer that a flat format takes: outermost spans, the first on ties
    #[arg(long, value_name = "LAYER")]
    flat: Option<String>,

    /// Tags of a token format; iob2 without it
    #[arg(long, value_name = "SCHEME", value_parser = SCHEMES)]
    scheme: Option<String>,

    /// Spans without links, in formats that have two shapes (doccano)
    #[arg(long)]
    spans_only: bool,

    /// A key that the project calls otherwise, `label=labels` (doccano); may be repeated
    #[arg(long, value_name = "OURS=THEIRS", value_parser = shared::pair)]
    column: Vec<(String, String)>,

    /// JSON Lines instead of a binary file (spacy)
    #[arg(long)]
    jsonl: bool,
}

/// Formats that can be written.
fn writable() -> Vec<&'static str> {
    let options = WriteOptions::default();
    let writable = FORMATS.iter().filter(|format| format.capacity(&options).is_some());
    let mut names: Vec<&str> = writable.map(|format| format.name()).collect();
    names.sort_unstable();
    names
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let context = || format!("cannot export `{}`", args.set);
    let dataset = Dataset::open(&args.dataset).with_context(context)?;
    known_set(&args.dataset, &args.set).with_context(context)?;
    let options = ExportOptions {
        set: args.set.clone(),
        to: args.to.clone(),
        layers: args.layers.clone(),
        allow_loss: args.allow_loss,
        discontinuous: match args.discontinuous.as_str() {
            "cover" => Discontinuous::Cover,
            "split" => Discontinuous::Split,
            _ => Discontinuous::Drop,
        },
        writing: WriteOptions {
            lossless: args.lossless,
            widen: args.misaligned == "widen",
            scheme: args.scheme.clone(),
            flat: args.flat.clone(),
            spans_only: args.spans_only,
            jsonl: args.jsonl,
            columns: args.column.iter().cloned().collect(),
        },
    };
    match goldpress_label::export(&dataset, &args.output, &options) {
        Ok(report) => {
            account(&report, args, true, console).with_context(context)?;
            for file in &report.files {
                writeln!(console.out, "{}", args.output.join(file).display())?;
            }
            Ok(Exit::Done)
        }
        Err(ExportError::WouldLose(report)) => {
            account(&report, args, false, console).with_context(context)?;
            let error = anyhow::Error::from(ExportError::WouldLose(report));
            console.report(&error.context(context()));
            writeln!(
                console.notes,
                "\nhint: --allow-loss writes what there is room for"
            )?;
            Ok(Exit::Failed)
        }
        Err(ExportError::Usage(message)) => {
            let hint = "goldpress label export --help";
            Err(Refusal::error(message, hint)).with_context(context)
        }
        Err(ExportError::Labels(error)) => end(error, "export", context(), console),
        Err(error) => Err(error).with_context(context),
    }
}

/// What the export did, or would have done, for people and as JSON.
fn account(
    report: &ExportReport,
    args: &Args,
    written: bool,
    console: &mut Console,
) -> anyhow::Result<()> {
    let mut line = format!(
        "export {} → {}   {}, {}",
        report.format,
        args.output.display(),
        goldpress_report::counted(report.n_articles as u64, "article"),
        goldpress_report::counted(report.n_annotations, "annotation"),
    );
    if !report.lost.is_empty() {
        line.push_str(&format!("     lost   {}", losses(&report.lost)));
    }
    if !written {
        line.push_str("   nothing was written");
    }
    console.note(line)?;
    let Some(path) = &args.report else { return Ok(()) };
    save_report(path, &as_json(report, &args.output, written))
}

fn as_json(report: &ExportReport, out: &Path, written: bool) -> serde_json::Value {
    json!({
        "annotations": report.n_annotations,
        "articles": report.n_articles,
        "files": report.files,
        "format": report.format,
        "lost": report.lost,
        "output": out.display().to_string(),
        "written": written,
    })
}
