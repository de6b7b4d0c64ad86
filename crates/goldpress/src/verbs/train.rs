//! `goldpress train`: weights of the built-in models from gold of one's own.

use std::path::PathBuf;

use anyhow::Context;
use goldpress_store::Dataset;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins::{Found, Lessons, held_out},
    shared::DatasetArg,
};

/// Fit the weights of a built-in model to gold of one's own
#[derive(Debug, clap::Subcommand)]
pub(crate) enum TrainVerb {
    Blocks(BlocksArgs),
}

/// Fit the weights that tell the body of pages and texts from the rest
///
/// Learns from every article whose gold has block roles or a body (`articleBody`), from
/// pages with their markup and from all of them as plain text, also hard-wrapped. Says how
/// well it finds the bodies of hosts that it was not fitted on, and writes the weights with
/// a head that says where they are from. `ingest` uses them where `goldpress.toml` names
/// them: `[ingest] model = "blocks.toml"`.
#[derive(Debug, clap::Args)]
pub(crate) struct BlocksArgs {
    #[command(flatten)]
    dataset: DatasetArg,

    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Parts that the hosts are dealt into for the held-out scores
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=20))]
    folds: u8,

    /// Where the articles are from, for the head of the file
    #[arg(long, value_name = "TEXT", default_value = "gold of a dataset")]
    source: String,

    /// Licence of the articles, as an SPDX expression, for the head of the file
    #[arg(long, value_name = "SPDX", default_value = "unknown")]
    licence: String,

    /// Day that the head gives, ISO 8601; without, today
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
}

/// What stands above the weights.
const ABOUT: &str = "\
# Weights of the scores that tell the lines of a body from the rest, by feature. Positive
# is body. Fitted by `goldpress train blocks`, not to be edited: a change of one feature
# means fitting all again.
";

/// The head of the file: its model card.
#[derive(Serialize)]
struct Headed {
    head: Head,
}

#[derive(Serialize)]
struct Head {
    source: String,
    licence: String,
    date: String,
    version: u32,
    /// How well bodies of hosts are found that the weights were not fitted on.
    held_out: Vec<String>,
}

pub(crate) fn run(verb: &TrainVerb, console: &mut Console) -> anyhow::Result<Exit> {
    let TrainVerb::Blocks(args) = verb;
    let root = &args.dataset.dataset;
    let context = || format!("cannot train on `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let lessons = Lessons::read(&dataset).with_context(context)?;
    if lessons.texts.is_empty() {
        let hint = "goldpress label import FILES --as gold, with blocks or bodies";
        return Err(Refusal::error("its gold has no body", hint)).with_context(context);
    }
    let n_folds = usize::from(args.folds);
    let mut scores = Vec::new();
    for (name, lessons) in [("pages", &lessons.pages), ("texts", &lessons.texts)] {
        let Found { n, words, lines } = held_out(lessons, n_folds);
        if n == 0 {
            continue;
        }
        let score = format!(
            "{name}: {n}, held out in {n_folds} folds by host: word F1 {words:.4}, line F1 {lines:.4}"
        );
        console.note(&score)?;
        scores.push(score);
    }
    let Some(path) = &args.output else { return Ok(Exit::Done) };
    let head = toml::to_string(&Headed {
        head: Head {
            source: args.source.clone(),
            licence: args.licence.clone(),
            date: args.date.clone().unwrap_or_else(today),
            version: 1,
            held_out: scores,
        },
    })?;
    let file = format!("{ABOUT}\n{head}{}", lessons.fit().render());
    goldpress_store::atomic::write(path, file.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    writeln!(console.out, "{}", path.display())?;
    Ok(Exit::Done)
}

/// The day of today, in universal time.
fn today() -> String {
    Timestamp::now().to_string().chars().take(10).collect()
}
