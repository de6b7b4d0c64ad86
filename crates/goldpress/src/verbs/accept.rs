//! `goldpress accept`: make a run the baseline.

use std::path::Path;

use anyhow::Context;
use goldpress_store::{Baseline, Dataset, atomic};

use crate::{
    config::Config,
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, BaselinePlace, Duplicates, Gold, differences},
    shared::DatasetArg,
};

/// Make the last evaluation the baseline that later ones are compared with
///
/// Moves `goldpress.baseline.new.jsonl`, which `goldpress eval` wrote, over the baseline.
/// The file holds counts for each document, so that a diff of it shows which articles
/// moved. The reason is kept in it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Why the change is wanted; kept in the baseline
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,

    /// The baseline file, where it is not that of goldpress.toml
    #[arg(long, value_name = "PATH")]
    baseline: Option<String>,

    /// Take over this system alone, and leave the others as they are
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot accept the last evaluation of `{}`", root.display());
    let because = args.because.as_deref().map(str::trim).unwrap_or_default();
    if because.is_empty() {
        let hint = "say why the change is wanted: --because \"new date rules\"";
        return Err(Refusal::error("a baseline needs a reason", hint))
            .with_context(context);
    }
    let dataset = Dataset::open(root).with_context(context)?;
    let config = Config::read(root).with_context(context)?;
    let place = BaselinePlace::of(&dataset, &config, args.baseline.as_deref());
    let new = waiting(&place, root.display()).with_context(context)?;
    if new.documents.iter().all(|document| document.n.is_empty()) {
        let message = "the last evaluation scored nothing: no later one could be worse";
        let hint = "goldpress label import --reviewed LAYER says that gold is done";
        return Err(Refusal::error(message, hint)).with_context(context);
    }
    joins::refuse_stale_gold(&dataset).with_context(context)?;
    let mut gold = Gold::read(&dataset).with_context(context)?;
    let with_copies = gold.hash.to_string();
    gold.leave_copies_out(&dataset, Duplicates::Keepers).with_context(context)?;
    if ![with_copies, gold.hash.to_string()].contains(&new.header.gold) {
        let message = "gold has changed since that evaluation";
        let hint = format!("goldpress eval {}", root.display());
        return Err(Refusal::error(message, hint)).with_context(context);
    }
    let old = place.read().with_context(context)?;
    let mut accepted = match (&args.system, old) {
        (Some(system), Some(old)) => {
            one_system(&new, old, system).with_context(context)?
        }
        (None, Some(old)) => with_the_others(new, old, console).with_context(context)?,
        (_, None) => new,
    };
    accepted.header.because = because.to_owned();
    let named = |folder: &&Path| !folder.as_os_str().is_empty();
    atomic::sweep(place.file().parent().filter(named).unwrap_or(root))
        .with_context(context)?;
    accepted.write(place.file()).with_context(context)?;
    std::fs::remove_file(place.new_file()).with_context(context)?;
    writeln!(console.out, "{}", place.file().display())?;
    Ok(Exit::Done)
}

/// What the last evaluation would make the baseline.
fn waiting(
    place: &BaselinePlace,
    root: impl std::fmt::Display,
) -> anyhow::Result<Baseline> {
    Baseline::read(&place.new_file())?.ok_or_else(|| {
        let message = format!("there is no `{}`", place.new_file().display());
        let hint = format!("goldpress eval {root} writes it, unless nothing differs");
        Refusal::error(message, hint)
    })
}

/// The new baseline with the systems of the old one that the last evaluation left out.
///
/// On other gold, or under another schema, they would not compare: then they go, and that
/// is said.
fn with_the_others(
    new: Baseline,
    old: Baseline,
    console: &mut Console,
) -> anyhow::Result<Baseline> {
    let names = old.header.systems.keys();
    let others: Vec<&str> = names
        .filter(|name| !new.header.systems.contains_key(*name))
        .map(String::as_str)
        .collect();
    if others.is_empty() {
        return Ok(new);
    }
    let others = others.join(", ");
    if !differences(&old, &new).is_empty() {
        console.note(format!(
            "the baseline no longer holds {others}: they were scored on other gold"
        ))?;
        return Ok(new);
    }
    console.note(format!("{others} stay in the baseline as they were"))?;
    let mut merged = old;
    for system in new.header.systems.keys() {
        merged = one_system(&new, merged, system)?;
    }
    Ok(merged)
}

/// The old baseline with one system taken over.
fn one_system(
    new: &Baseline,
    mut old: Baseline,
    system: &str,
) -> anyhow::Result<Baseline> {
    let Some(about) = new.header.systems.get(system) else {
        let names: Vec<&str> = new.header.systems.keys().map(String::as_str).collect();
        let message = format!("the last evaluation holds no `{system}`");
        return Err(Refusal::error(message, format!("one of: {}", names.join(", "))));
    };
    if new.header.gold != old.header.gold {
        let message = "the baseline is on other gold: one system of it would not compare";
        return Err(Refusal::error(message, "accept all systems: leave --system out"));
    }
    old.header.systems.insert(system.to_owned(), about.clone());
    old.set_rows(system, &new.rows(system));
    for (old, new) in old.documents.iter_mut().zip(&new.documents) {
        match new.o.get(system) {
            Some(outcome) => old.o.insert(system.to_owned(), *outcome),
            None => old.o.remove(system),
        };
    }
    Ok(old)
}
