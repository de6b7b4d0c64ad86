//! `goldpress label check`: every rule, on every label file.

use std::path::{Path, PathBuf};

use anyhow::Context;
use goldpress_label::{Finding, LabelError, Severity, TextOf};
use goldpress_store::Dataset;

use super::shared::{end, known_set};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
};

/// Check label files: form, schema, completeness
///
/// Prints `file:line: code: message`. Warnings leave the exit code at 0, an error makes
/// it 6. With `--text`, checks a file of lines without a dataset.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Dataset folder; with --text a file of lines
    #[arg(default_value = ".", value_name = "DATASET")]
    path: PathBuf,

    /// The dataset whose schema holds for a file of lines; `news@1` without it
    #[arg(long, value_name = "DIR", requires = "text")]
    dataset: Option<PathBuf>,

    /// Only this layer set
    #[arg(long, value_name = "SET")]
    set: Option<String>,

    /// The article text that the lines speak of
    #[arg(long, value_name = "TEXT", conflicts_with = "set")]
    text: Option<PathBuf>,

    /// Write files anew whose lines are out of order or oddly spaced; those with an error
    /// are left alone
    #[arg(long, conflicts_with = "text")]
    fix: bool,

    /// Do not print warnings
    #[arg(long)]
    no_warnings: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let context = || format!("cannot check `{}`", args.path.display());
    let findings = match &args.text {
        Some(text) => of_lines(args, text).with_context(context)?,
        None => match of_dataset(args, console).with_context(context)? {
            Ok(findings) => findings,
            Err(error) => return end(error, "check", context(), console),
        },
    };
    let shown =
        |finding: &&Finding| finding.severity == Severity::Error || !args.no_warnings;
    for finding in findings.iter().filter(shown) {
        writeln!(console.out, "{finding}")?;
    }
    let errors = findings.iter().filter(|one| one.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let counted = |n: usize, noun| goldpress_report::counted(n as u64, noun);
    console.note(format!(
        "{}, {}",
        counted(errors, "error"),
        counted(warnings, "warning")
    ))?;
    Ok(if errors > 0 { Exit::Faults } else { Exit::Done })
}

fn of_dataset(
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<Result<Vec<Finding>, LabelError>> {
    let dataset = Dataset::open(&args.path)?;
    let schema = joins::schema_of(&args.path)?;
    if let Some(set) = &args.set {
        known_set(&args.path, set)?;
    }
    if args.fix {
        let fixed = match goldpress_label::fix(&dataset, args.set.as_deref()) {
            Ok(fixed) => fixed,
            Err(error) => return Ok(Err(error)),
        };
        for name in fixed {
            console
                .note(format!("labels/{}/{}.jsonl: written anew", name.set, name.doc))?;
        }
    }
    Ok(goldpress_label::check_under(&schema, &dataset, args.set.as_deref()))
}

fn of_lines(args: &Args, text: &Path) -> anyhow::Result<Vec<Finding>> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| {
            let message = format!("cannot read `{}`: {error}", path.display());
            Refusal::error(
                message,
                "goldpress label check LINES.jsonl --text ARTICLE.txt",
            )
        })
    };
    let lines = read(&args.path)?;
    let text = String::from_utf8(read(text)?).context("the text is not UTF-8")?;
    let schema = match &args.dataset {
        Some(dataset) => joins::schema_of(dataset)?,
        None => goldpress_label::news().clone(),
    };
    let name = args.path.display().to_string();
    let article = TextOf::new(text.trim_end_matches('\n'));
    Ok(goldpress_label::check_lines(&schema, &article, &name, &lines))
}
