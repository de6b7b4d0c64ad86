//! `goldpress completions` and `goldpress man`: what a shell and a pager want to know.

use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::{Cli, console::Console, exit::Exit};

/// Print the completions of a shell
///
/// For bash: `goldpress completions bash > ~/.local/share/bash-completion/completions/goldpress`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    clap_complete::generate(
        args.shell,
        &mut Cli::command(),
        "goldpress",
        &mut console.out,
    );
    Ok(Exit::Done)
}

/// Write the manual pages, one a verb, or print the first
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// Folder for `goldpress.1`, `goldpress-ingest.1` …
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn man(args: &ManArgs, console: &mut Console) -> anyhow::Result<Exit> {
    let Some(folder) = &args.output else {
        clap_mangen::Man::new(Cli::command()).render(&mut console.out)?;
        return Ok(Exit::Done);
    };
    let context = || format!("cannot write manual pages to `{}`", folder.display());
    std::fs::create_dir_all(folder).with_context(context)?;
    clap_mangen::generate_to(Cli::command(), folder).with_context(context)?;
    Ok(Exit::Done)
}
