//! `goldpress init`: scaffold a dataset folder, and its place in a repository.

mod ci;

use std::path::{Path, PathBuf};

use anyhow::Context;
use goldpress_store::atomic;

use crate::{
    config,
    console::Console,
    exit::{Exit, Refusal},
    schema_choice,
};

/// Scaffold a dataset folder with a commented goldpress.toml
///
/// Every key stands in the file with its default, commented out: take a `# ` off to
/// change a setting. A file that is there is never overwritten.
///
/// `--ci` adds a workflow for GitHub Actions that makes the articles again from the labelled
/// texts, checks labels and scores them, and a .gitignore; and says what to commit. It works
/// on a folder that has its goldpress.toml already, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Dataset folder
    #[arg(default_value = ".", value_name = "DATASET")]
    dataset: PathBuf,

    /// The annotation schema: `news@1` says what a news article is made of, `ner@1` and
    /// `spans@1` take names or spans under any label
    #[arg(long, value_name = "SCHEMA", value_parser = schema_choice::names())]
    schema: Option<String>,

    /// Also write a workflow that scores every pull request, and a .gitignore
    #[arg(long, conflicts_with = "print")]
    ci: bool,

    /// Print the file, and write nothing
    #[arg(long)]
    print: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let toml = match &args.schema {
        Some(id) => schema_choice::with_built_in(config::TEMPLATE, id),
        None => config::TEMPLATE.to_owned(),
    };
    if args.print {
        write!(console.out, "{toml}")?;
        return Ok(Exit::Done);
    }
    let context = || format!("cannot set up `{}`", args.dataset.display());
    let is_new = put(&args.dataset, &toml).with_context(context)?;
    if !is_new && !args.ci {
        let hint = "edit it, or see every key with `goldpress init --print`";
        return Err(Refusal::error(format!("`{}` is there already", config::FILE), hint))
            .with_context(context);
    }
    if is_new {
        writeln!(console.out, "{}", args.dataset.join(config::FILE).display())?;
    }
    let dataset = args.dataset.display();
    if args.ci {
        for path in ci::write(&args.dataset).with_context(context)? {
            writeln!(console.out, "{}", path.display())?;
        }
        console.note(ci::ADVICE)?;
        console.note(
            "a first baseline, in a fresh clone: the commands of the workflow, then \
             goldpress accept . --because \"first baseline\"",
        )?;
    }
    if is_new {
        console.note(format!("next: goldpress ingest FILES… -o {dataset}"))?;
    }
    Ok(Exit::Done)
}

/// Writes `goldpress.toml` where there is none; says whether it did.
pub(crate) fn scaffold(dataset: &Path) -> std::io::Result<bool> {
    put(dataset, config::TEMPLATE)
}

fn put(dataset: &Path, toml: &str) -> std::io::Result<bool> {
    let path = dataset.join(config::FILE);
    if path.exists() {
        return Ok(false);
    }
    std::fs::create_dir_all(dataset)?;
    atomic::write(&path, toml.as_bytes())?;
    Ok(true)
}
