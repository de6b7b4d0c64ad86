//! The `goldpress` command: raw news articles to Parquet datasets, gold annotations, and
//! verdicts on competing extractors.
//!
//! The only crate that reads arguments and environment, prints, or exits. It holds no
//! algorithm: a verb opens, calls one library, shows. What two libraries need of each
//! other is joined in [`joins`].

mod config;
mod console;
mod exit;
mod joins;
mod schema_choice;
mod shared;
mod verbs;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::{console::Console, verbs::Verb};

/// A sixth of an ingest of pages went into the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Raw news articles to Parquet datasets, gold annotations, and extractors compared
///
/// goldpress turns raw articles from any crawler into Parquet datasets, attaches gold
/// annotations to them, and tells which of several competing extractors is better, by how
/// much and how fast.
#[derive(Debug, Parser)]
#[command(version, name = "goldpress", after_help = EXIT_CODES, max_term_width = 100)]
struct Cli {
    /// Print nothing but data and errors
    #[arg(long, short, global = true)]
    quiet: bool,

    /// When to use colours: `auto` is on a terminal, unless NO_COLOR is set or TERM is dumb
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: shared::Colour,

    #[command(subcommand)]
    verb: Verb,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 internal or I/O failure, or a refused \
file; 2 usage or configuration; 3 quality regression; 4 timing regression; \
5 undecidable; 6 a check found faults.";

fn main() -> ExitCode {
    goldpress_store::hush_guarded_panics();
    // Help and errors are coloured as asked, also where the rest cannot be read.
    let colour = shared::Colour::of_arguments(std::env::args_os());
    let command = Cli::command().color(shared::clap_colours(colour));
    let matches = command.try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return shared::refuse_arguments(&error, colour).into(),
    };
    let mut console = Console::of_process(cli.quiet, cli.color);
    let end = cli.verb.run(&mut console).and_then(|exit| {
        console.out.flush()?;
        Ok(exit)
    });
    end.unwrap_or_else(|error| console.report(&error)).into()
}
