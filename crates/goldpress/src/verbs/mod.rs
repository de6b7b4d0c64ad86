//! The verbs, in the order in which data flows. One file a verb.

mod accept;
mod completions;
mod dedup;
mod eval;
mod extract;
mod ingest;
mod init;
mod label;
mod query;
mod review;
mod schema;
mod show;
mod stats;
mod train;
mod verify;

use clap::Subcommand;

use crate::{console::Console, exit::Exit};

/// What the command can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Init(init::Args),
    Ingest(ingest::Args),
    Dedup(dedup::Args),
    Stats(stats::Args),
    Show(show::Args),
    #[command(subcommand)]
    Label(label::LabelVerb),
    Extract(extract::Args),
    Eval(eval::Args),
    Review(review::Args),
    Accept(accept::Args),
    #[command(subcommand)]
    Train(train::TrainVerb),
    Query(query::Args),
    Verify(verify::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(completions::ManArgs),
}

impl Verb {
    /// Runs the verb.
    pub(crate) fn run(&self, console: &mut Console) -> anyhow::Result<Exit> {
        match self {
            Verb::Init(args) => init::run(args, console),
            Verb::Ingest(args) => ingest::run(args, console),
            Verb::Dedup(args) => dedup::run(args, console),
            Verb::Stats(args) => stats::run(args, console),
            Verb::Show(args) => show::run(args, console),
            Verb::Label(verb) => label::run(verb, console),
            Verb::Extract(args) => extract::run(args, console),
            Verb::Eval(args) => eval::run(args, console),
            Verb::Review(args) => review::run(args, console),
            Verb::Accept(args) => accept::run(args, console),
            Verb::Train(verb) => train::run(verb, console),
            Verb::Query(args) => query::run(args, console),
            Verb::Verify(args) => verify::run(args, console),
            Verb::Schema(args) => schema::run(args, console),
            Verb::Completions(args) => completions::run(args, console),
            Verb::Man(args) => completions::man(args, console),
        }
    }
}

/// What a verb that needs Polars says in a build without it.
#[cfg(not(feature = "dataset"))]
fn without_dataset(verb: &str) -> anyhow::Error {
    crate::exit::Refusal::error(
        format!("`goldpress {verb}` is not in this build: it was made without Polars"),
        "build all of goldpress: cargo install --path crates/goldpress --locked",
    )
}
