//! `goldpress schema`: print or write the schemas.

use std::path::PathBuf;

use anyhow::Context;
use goldpress_store::{atomic, json};

use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::DatasetArg,
};

/// Print or write the schemas
///
/// Without a name, prints the annotation schema in effect for the dataset: layers, labels
/// with guideline, example and counter-example, arguments, attributes. With `--guide`, the
/// same as a page to read. With a name, one of the file schemas that `--list` lists.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// A file schema by name
    #[arg(long, value_name = "NAME", conflicts_with = "guide")]
    file: Option<String>,

    /// List the file schemas
    #[arg(long, conflicts_with_all = ["file", "guide"])]
    list: bool,

    /// Print the guidelines as Markdown
    #[arg(long)]
    guide: bool,

    /// Write all file schemas into this folder
    #[arg(long, short, value_name = "DIR", conflicts_with_all = ["file", "guide", "list"])]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let files = joins::file_schemas();
    if args.list {
        for (name, _) in &files {
            writeln!(console.out, "{name}")?;
        }
    } else if let Some(folder) = &args.output {
        let context = || format!("cannot write schemas to `{}`", folder.display());
        std::fs::create_dir_all(folder).with_context(context)?;
        for (name, text) in &files {
            atomic::write(&folder.join(name), text.as_bytes()).with_context(context)?;
        }
        console.note(format!("{} schemas in {}", files.len(), folder.display()))?;
    } else if let Some(wanted) = &args.file {
        let found = files.iter().find(|(name, _)| name == wanted);
        let Some((_, text)) = found else {
            let message = format!("there is no file schema `{wanted}`");
            return Err(Refusal::error(message, "goldpress schema --list"));
        };
        write!(console.out, "{text}")?;
    } else {
        let schema = joins::schema_of(&args.dataset.dataset)?;
        if args.guide {
            write!(console.out, "{}", goldpress_label::schema_page(&schema))?;
        } else {
            writeln!(console.out, "{}", json::canonical(&schema))?;
        }
    }
    Ok(Exit::Done)
}
