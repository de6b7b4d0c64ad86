//! How an evaluation ends: what is told last, and the exit.

use std::path::Path;

use goldpress_store::{Baseline, result::EvalResult};

use crate::{
    config::Share,
    console::Console,
    exit::Exit,
    joins::{self, Gates, Gold, Judged, ScoredRun},
};

/// Why gates cannot decide: a scored layer is done in too few of the gold documents.
pub(super) fn too_little_done(
    gold: &Gold,
    runs: &[ScoredRun],
    least: Share,
) -> Option<String> {
    let mut layers: Vec<&String> =
        runs.iter().flat_map(|run| run.primary_metrics.keys()).collect();
    layers.sort();
    layers.dedup();
    let too_few = |layer: &&String| {
        let n_done = gold.covering(layer).len() as f64;
        (n_done < least.get() * gold.len() as f64)
            .then(|| format!("{layer} is done in {n_done} of {} documents", gold.len()))
    };
    let short: Vec<String> = layers.iter().filter_map(too_few).collect();
    let least = least.get() * 100.0;
    (!short.is_empty())
        .then(|| format!("{}, and min_done is {least} %", short.join(", ")))
}

/// Says why nothing was scored.
pub(super) fn nothing_scored(
    result: &EvalResult,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let errors: Vec<_> =
        result.findings.iter().filter(|one| one.severity == "error").collect();
    let told: Vec<String> = errors
        .iter()
        .map(|one| {
            format!(
                "{} in {}: {}",
                one.code,
                one.side,
                goldpress_report::times(one.count)
            )
        })
        .collect();
    console.note(format!("undecided: nothing was scored: {}", told.join(", ")))?;
    if errors.iter().any(|one| one.code == "doc-missing") {
        console.note(
            "\nhint: --missing empty scores a document without an answer as empty",
        )?;
    }
    Ok(Exit::Undecidable)
}

/// Names the systems that no article of gold could say anything about; tells whether these
/// are all.
pub(super) fn tell_unseen(
    gold: &Gold,
    runs: &[ScoredRun],
    console: &mut Console,
) -> anyhow::Result<bool> {
    let is_unseen = |run: &&ScoredRun| !run.is_seen(gold);
    let unseen: Vec<&str> =
        runs.iter().filter(is_unseen).map(|run| run.system.name.as_str()).collect();
    let is_all = unseen.len() == runs.len();
    if !unseen.is_empty() {
        let layers: Vec<&str> = runs
            .iter()
            .filter(is_unseen)
            .flat_map(|run| run.primary_metrics.keys().map(String::as_str))
            .collect();
        let (word, layers) =
            (if is_all { "undecided" } else { "not scored" }, listed(layers));
        console.note(format!(
            "{word}: no gold document is done for {layers}, which is all that {} answer{}",
            unseen.join(", "),
            if unseen.len() == 1 { "s" } else { "" }
        ))?;
        if is_all {
            console.note(
                "\nhint: goldpress label import --reviewed LAYER says that a layer is done",
            )?;
        }
    }
    Ok(is_all)
}

fn listed(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// Names the systems of the baseline that this evaluation did not score.
pub(super) fn tell_gone(
    old: &Baseline,
    new: &Baseline,
    console: &mut Console,
) -> anyhow::Result<()> {
    let is_gone = |name: &&String| !new.header.systems.contains_key(*name);
    let gone: Vec<&str> =
        old.header.systems.keys().filter(is_gone).map(String::as_str).collect();
    if !gone.is_empty() {
        let systems = gone.join(", ");
        console
            .note(format!("not compared: {systems} of the baseline were not scored"))?;
    }
    Ok(())
}

/// How the step ends, and what to do next.
pub(super) fn verdict(
    gates: &Gates,
    old: Option<&Baseline>,
    new: &Baseline,
    judged: &[Judged],
    root: &Path,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    if gates.are_none() {
        return Ok(Exit::Done);
    }
    if let (None, Some(because)) = (old, gates.suspended()) {
        console.note(format!("undecided: {because}"))?;
        return Ok(Exit::Undecidable);
    }
    let root = root.display();
    let Some(old) = old else {
        console.note(format!(
            "undecided: there is no baseline to compare with\n\n\
             hint: goldpress accept {root} --because \"first baseline\"; \
             or only look at the scores with --fail-on none"
        ))?;
        return Ok(Exit::Undecidable);
    };
    let differs = joins::differences(old, new);
    if !differs.is_empty() {
        console.note(format!(
            "undecided: the baseline and this run do not compare\n  {}\n\n\
             hint: goldpress eval {root} --rescore-baseline RUN_ID  scores the old answers on \
             today's gold\n\
             hint: goldpress eval {root} --common  looks only at documents of equal gold\n\
             hint: goldpress accept {root} --because \"gold corrected\"  starts a new baseline",
            differs.join("\n  ")
        ))?;
        return Ok(Exit::Undecidable);
    }
    let exit = Exit::from(gates.exit(judged));
    if exit != Exit::Done {
        console.note(format!(
            "look    goldpress review {root}\naccept  goldpress accept {root} --because \"…\""
        ))?;
    }
    Ok(exit)
}
