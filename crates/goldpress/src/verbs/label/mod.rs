//! `goldpress label`: people's annotations, in and out of a dataset.

mod build;
mod carry;
mod check;
mod export;
mod import;
mod shared;

use clap::Subcommand;

use crate::{console::Console, exit::Exit};

/// Attach, check, exchange and compile people's annotations
#[derive(Debug, Subcommand)]
pub(crate) enum LabelVerb {
    Check(check::Args),
    Import(import::Args),
    Export(export::Args),
    Carry(carry::Args),
    Build(build::Args),
}

pub(crate) fn run(verb: &LabelVerb, console: &mut Console) -> anyhow::Result<Exit> {
    match verb {
        LabelVerb::Check(args) => check::run(args, console),
        LabelVerb::Import(args) => import::run(args, console),
        LabelVerb::Export(args) => export::run(args, console),
        LabelVerb::Carry(args) => carry::run(args, console),
        LabelVerb::Build(args) => build::run(args, console),
    }
}
