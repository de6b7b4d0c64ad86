//! `goldpress completions` and `goldpress man`: what a shell and a pager want to know.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Command, CommandFactory, builder::PossibleValuesParser};
use clap_complete::Shell;

use crate::{Cli, console::Console, exit::Exit};

/// Print the completions of a shell
///
/// Verbs, flags, and the names of formats, presets, metrics and built-in systems.
/// For bash: `goldpress completions bash > ~/.local/share/bash-completion/completions/goldpress`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let mut command = with_names(Cli::command());
    clap_complete::generate(args.shell, &mut command, "goldpress", &mut script);
    console.out.for_programs()?.write_all(&script)?;
    Ok(Exit::Done)
}

/// Names of metrics and programs, each of which `eval --metric` reads.
fn metrics() -> Vec<&'static str> {
    let ours = goldpress_eval::METRICS.iter().filter(|metric| !metric.cells);
    let mut names: Vec<&str> = ours.map(|metric| metric.stem).collect();
    names.extend(crate::joins::PROGRAMS);
    names.push("help");
    names.sort_unstable();
    names
}

/// The command with the names that its flags take, which the verbs themselves check with
/// messages of their own.
fn with_names(command: Command) -> Command {
    let ingest = goldpress_ingest::READERS.iter().map(|reader| reader.name()).collect();
    let presets = goldpress_ingest::PRESETS.iter().map(|(name, _)| *name).collect();
    let labels: Vec<&str> =
        goldpress_label::FORMATS.iter().map(|format| format.name()).collect();
    let systems: Vec<&str> =
        goldpress_extract::EXTRACTORS.iter().map(|system| system.name()).collect();
    let layers = goldpress_label::news().layers.iter().map(|layer| layer.name.as_str());
    let layers: Vec<&'static str> = layers.collect();
    let command = command
        .mut_subcommand("ingest", |verb| {
            let verb = offer(verb, "from", ingest);
            offer(verb, "preset", presets)
        })
        .mut_subcommand("label", |verb| {
            let verb = verb.mut_subcommand("import", |verb| {
                let verb = offer(verb, "from", labels.clone());
                offer(verb, "layer", layers.clone())
            });
            verb.mut_subcommand("export", |verb| offer(verb, "to", labels.clone()))
        });
    ["extract", "eval", "show", "accept", "review"].into_iter().fold(
        command,
        |command, name| {
            command.mut_subcommand(name, |verb| {
                let verb = offer(verb, "systems", systems.clone());
                let verb = offer(verb, "system", systems.clone());
                let verb = offer(verb, "from", labels.clone());
                let verb = offer(verb, "modes", metrics());
                let verb = offer(verb, "layer", layers.clone());
                offer(verb, "layers", layers.clone())
            })
        },
    )
}

/// Lets a shell offer `names` for a flag, where the verb has it and lists no values yet.
fn offer(verb: Command, flag: &str, names: Vec<&'static str>) -> Command {
    let is_open = verb.get_arguments().any(|argument| {
        argument.get_id() == flag
            && !argument.is_positional()
            && argument.get_possible_values().is_empty()
    });
    if !is_open {
        return verb;
    }
    verb.mut_arg(flag, |argument| argument.value_parser(PossibleValuesParser::new(names)))
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
        clap_mangen::Man::new(Cli::command()).render(console.out.for_programs()?)?;
        return Ok(Exit::Done);
    };
    let context = || format!("cannot write manual pages to `{}`", folder.display());
    std::fs::create_dir_all(folder).with_context(context)?;
    clap_mangen::generate_to(Cli::command(), folder).with_context(context)?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::metrics;
    use crate::joins::AskedMetric;

    #[test]
    fn every_metric_that_is_offered_is_one() {
        for name in metrics() {
            assert!(name.parse::<AskedMetric>().is_ok(), "{name}");
        }
    }
}
