//! `goldpress label suggest`: a system's claims become suggestions for people.

use std::path::PathBuf;

use anyhow::Context;
use goldpress_label::{SuggestOptions, SuggestReport};
use goldpress_store::Dataset;
use serde_json::{Value, json};

use super::shared::{end, known_set, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::DatasetArg,
};

/// Write what a system claimed in a run as suggestions that people decide about
///
/// They go to the set `@` and the system's name, in place of those it made before. Nothing
/// in such a set is scored or taken for gold. What somebody decided about, or marked
/// without help, is not suggested again.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Run to take; without it the newest run of --system
    #[arg(long, value_name = "RUN_ID", required_unless_present = "system")]
    run: Option<String>,

    /// Only this system of the run
    #[arg(long, value_name = "NAME")]
    system: Option<String>,

    /// Leave out claims with a score below this; claims without a score stay
    #[arg(long, value_name = "SCORE")]
    min_score: Option<f64>,

    /// Only decisions of these sets count; of all people and gold without it
    #[arg(long = "for", value_name = "SET", value_delimiter = ',')]
    decided_by: Vec<String>,

    /// Also write here what people made of the system's suggestions so far, by label, as
    /// JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot write suggestions for `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let run = run_id(args, &dataset).with_context(context)?;
    let known = args.decided_by.iter().try_for_each(|set| known_set(root, set));
    known.with_context(context)?;
    let options =
        SuggestOptions { min_score: args.min_score, decided_by: args.decided_by.clone() };
    let systems = joins::claims_of_run(&dataset, &run, args.system.as_deref())
        .with_context(context)?;
    let mut told = serde_json::Map::new();
    for (by, claims) in systems {
        let report = match goldpress_label::suggest(&dataset, &by, &claims, &options) {
            Ok(report) => report,
            Err(error) => return end(error, "suggest", context(), console),
        };
        let mut line = format!(
            "{} of {} into `{}` from `{run}`",
            goldpress_report::counted(report.n_lines, "suggestion"),
            goldpress_report::counted(report.n_articles as u64, "article"),
            report.set
        );
        for (n, what) in [
            (report.n_unsure, "below the score"),
            (report.n_refused, "refused by a rule of form"),
            (report.n_decided, "decided already"),
        ] {
            if n > 0 {
                line.push_str(&format!(" · {n} {what}"));
            }
        }
        console.note(line)?;
        told.insert(by.system, as_json(&report));
    }
    if let Some(path) = &args.report {
        save_report(path, &Value::Object(told)).with_context(context)?;
    }
    Ok(Exit::Done)
}

fn as_json(report: &SuggestReport) -> Value {
    let verdicts = report.verdicts.iter().map(|((layer, label), verdicts)| {
        let verdicts = json!({
            "accepted": verdicts.accepted, "added": verdicts.added,
            "edited": verdicts.edited, "rejected": verdicts.rejected,
        });
        (format!("{layer}/{label}"), verdicts)
    });
    json!({
        "articles": report.n_articles,
        "below_score": report.n_unsure,
        "decided": report.n_decided,
        "labels": verdicts.collect::<serde_json::Map<_, _>>(),
        "refused": report.n_refused,
        "suggestions": report.n_lines,
    })
}

/// The run that was named, else the newest of the system.
fn run_id(args: &Args, dataset: &Dataset) -> anyhow::Result<String> {
    if let Some(run) = &args.run {
        return Ok(run.clone());
    }
    let system = args.system.as_deref().unwrap_or_default();
    match joins::newest_run(dataset, system)? {
        Some(run) => Ok(run.info().run_id.clone()),
        None => {
            let root = dataset.root().display();
            Err(Refusal::error(
                format!("`{system}` has no run on these articles"),
                format!("goldpress extract {root} --system {system}"),
            ))
        }
    }
}
