//! `goldpress extract`: run systems, keep predictions.

use std::collections::BTreeMap;

use anyhow::Context;
use goldpress_extract::{
    Extractor, View,
    runner::{self, Turn},
};
use goldpress_model::{Article, Phase};
use goldpress_store::{Dataset, RUN_VERSION, RunInfo, RunWriter, SystemInfo};
use jiff::Timestamp;

use crate::{
    config::Config,
    console::Console,
    exit::Exit,
    joins::{self, Interrupt, Page},
    shared::{DatasetArg, SystemArg},
};

/// Run systems over a dataset, and keep what they predict
///
/// Each system gives one run, `runs/<run_id>/`, with its predictions, the wall and CPU
/// time of every document, and a description of the machine. Systems see articles and
/// never gold. Without a `[[system]]` in goldpress.toml, every built-in runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    systems: SystemArg,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot extract from `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let config = Config::read(root).with_context(context)?;
    let systems =
        joins::runnable(&config, &args.systems.systems).with_context(context)?;
    let runs = extract(&dataset, &systems, console).with_context(context)?;
    for run in runs {
        writeln!(console.out, "{run}")?;
    }
    Ok(Exit::Done)
}

/// Runs every system over every article; gives the ids of the runs.
///
/// A page is decoded and parsed once for all systems, outside their times. Ctrl-C leaves
/// no run.
///
/// # Errors
///
/// The dataset cannot be read, a run cannot be written, or `Interrupted`.
pub(crate) fn extract(
    dataset: &Dataset,
    systems: &[&'static dyn Extractor],
    console: &mut Console,
) -> anyhow::Result<Vec<String>> {
    let interrupt = Interrupt::watch()?;
    let started = Timestamp::now();
    let mut writers = Vec::new();
    for system in systems {
        let (run_id, writer) = joins::begin_run(dataset, started, system.name())?;
        writers.push((*system, run_id, writer));
    }
    let progress = joins::bar(console, dataset.manifest().n_articles, "articles");
    let mut is_first = true;
    joins::for_each_keeper(dataset, |article, raw| {
        let page = Page::of(&article, raw.as_ref());
        for (system, _, writer) in &mut writers {
            interrupt.check()?;
            one(*system, &article, &page, is_first, writer)?;
        }
        is_first = false;
        progress.inc(1);
        Ok(())
    })?;
    progress.finish_and_clear();
    let mut runs = Vec::new();
    for (system, run_id, writer) in writers {
        writer.finish(info(dataset, system, &run_id, started))?;
        runs.push(run_id);
    }
    Ok(runs)
}

fn one(
    system: &dyn Extractor,
    article: &Article,
    page: &Page,
    is_first: bool,
    writer: &mut RunWriter,
) -> anyhow::Result<()> {
    let is_told = system.tasks().iter().all(|task| task.is_told_fields());
    let view = page.view(article, is_told);
    let doc_id = article.doc_id();
    let mut timed = |round, phase| {
        let answer = runner::run_one(system, view);
        let turn = Turn { round, chunk: 0, phase };
        writer.push_timing(answer.timing(system.name(), doc_id, turn, bytes_in(view)))?;
        anyhow::Ok(answer)
    };
    // The first document pays for word lists and expressions that are made once: its first
    // call is kept as such, and it is asked again.
    if is_first {
        timed(0, Phase::First)?;
    }
    let answer = timed(1, Phase::Warm)?;
    writer.push(answer.prediction(system.name(), doc_id, article.text()))?;
    Ok(())
}

/// UTF-8 bytes that a system was given.
fn bytes_in(view: View<'_>) -> u64 {
    view.markup.map_or(view.text.len(), str::len) as u64
}

fn info(
    dataset: &Dataset,
    system: &dyn Extractor,
    run_id: &str,
    started: Timestamp,
) -> RunInfo {
    let tasks = system.tasks().iter().map(|task| task.name().to_owned()).collect();
    RunInfo {
        goldpress_run: RUN_VERSION,
        run_id: run_id.to_owned(),
        started_at: started.to_string(),
        goldpress: env!("CARGO_PKG_VERSION").to_owned(),
        git: None,
        articles: dataset.manifest().articles_hash(),
        systems: vec![SystemInfo {
            name: system.name().to_owned(),
            version: system.version().to_owned(),
            tasks,
            deterministic: true,
            complete: true,
            ..SystemInfo::default()
        }],
        machine: joins::machine(),
        details: BTreeMap::new(),
    }
}
