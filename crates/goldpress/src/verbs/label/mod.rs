//! `goldpress label`: people's annotations, in and out of a dataset.

mod adjudicate;
mod agree;
mod build;
mod carry;
mod check;
mod done;
mod export;
mod import;
mod shared;
mod suggest;
mod suspects;

use clap::Subcommand;

pub(crate) use self::shared::SCHEMES;
use crate::{console::Console, exit::Exit};

/// Attach, check, exchange and compile people's annotations
#[derive(Debug, Subcommand)]
pub(crate) enum LabelVerb {
    Check(check::Args),
    Import(import::Args),
    Done(done::Args),
    Export(export::Args),
    Suggest(suggest::Args),
    Suspects(suspects::Args),
    Carry(carry::Args),
    Agree(agree::Args),
    Adjudicate(adjudicate::Args),
    Build(build::Args),
}

pub(crate) fn run(verb: &LabelVerb, console: &mut Console) -> anyhow::Result<Exit> {
    match verb {
        LabelVerb::Check(args) => check::run(args, console),
        LabelVerb::Import(args) => import::run(args, console),
        LabelVerb::Done(args) => done::run(args, console),
        LabelVerb::Export(args) => export::run(args, console),
        LabelVerb::Suggest(args) => suggest::run(args, console),
        LabelVerb::Suspects(args) => suspects::run(args, console),
        LabelVerb::Carry(args) => carry::run(args, console),
        LabelVerb::Agree(args) => agree::run(args, console),
        LabelVerb::Adjudicate(args) => adjudicate::run(args, console),
        LabelVerb::Build(args) => build::run(args, console),
    }
}
