//! `goldpress label check`: every rule, on every label file.

use std::path::PathBuf;

use anyhow::Context;
use goldpress_label::{Finding, Severity, TextOf};
use goldpress_store::Dataset;

use crate::{
    console::Console,
    exit::{Exit, Refusal},
};

/// Check label files: form, schema, completeness
///
/// Prints `file:line: code: message`. Warnings leave the exit code at 0, an error makes
/// it 6. With `--text`, checks a file of lines without a dataset.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Dataset folder; with --text a file of lines
    #[arg(default_value = ".", value_name = "DATASET")]
    dataset: PathBuf,

    /// Only this layer set
    #[arg(long, value_name = "SET")]
    set: Option<String>,

    /// The article text that the lines speak of
    #[arg(long, value_name = "TEXT", conflicts_with = "set")]
    text: Option<PathBuf>,

    /// Do not print warnings
    #[arg(long)]
    no_warnings: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let context = || format!("cannot check `{}`", args.dataset.display());
    let findings = match &args.text {
        Some(text) => of_lines(args, text).with_context(context)?,
        None => of_dataset(args).with_context(context)?,
    };
    let shown =
        |finding: &&Finding| finding.severity == Severity::Error || !args.no_warnings;
    for finding in findings.iter().filter(shown) {
        writeln!(console.out, "{finding}")?;
    }
    let errors = findings.iter().filter(|one| one.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    console.note(format!("{errors} errors, {warnings} warnings"))?;
    Ok(if errors > 0 { Exit::Faults } else { Exit::Done })
}

fn of_dataset(args: &Args) -> anyhow::Result<Vec<Finding>> {
    let dataset = Dataset::open(&args.dataset)?;
    Ok(goldpress_label::check(&dataset, args.set.as_deref())?)
}

fn of_lines(args: &Args, text: &PathBuf) -> anyhow::Result<Vec<Finding>> {
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| {
            let message = format!("cannot read `{}`: {error}", path.display());
            Refusal::error(
                message,
                "goldpress label check LINES.jsonl --text ARTICLE.txt",
            )
        })
    };
    let lines = read(&args.dataset)?;
    let text = String::from_utf8(read(text)?).context("the text is not UTF-8")?;
    let name = args.dataset.display().to_string();
    let article = TextOf::new(text.trim_end_matches('\n'));
    Ok(goldpress_label::check_lines(goldpress_label::news(), &article, &name, &lines))
}
