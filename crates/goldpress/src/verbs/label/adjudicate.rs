//! `goldpress label adjudicate`: several sets become one gold.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use goldpress_label::{AdjudicateOptions, AdjudicateReport, GOLD, Policy, Readiness};
use goldpress_model::Digest;
use goldpress_store::Dataset;
use serde_json::json;

use super::shared::{end, known_set, ranges, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::{DatasetArg, known_layers},
};

/// Make gold of what several annotators say
///
/// Takes articles where every set is done with the layer. What all sets hold goes to the
/// set `gold`, with a memory of the lines it came from; what was refused stands there as
/// rejected. The rest is decided by --policy, or by hand: without a policy, disagreements
/// are printed one a line, beginning with `?`. Put `+` (take) or `-` (refuse) in its place
/// and hand the file back with --decisions. A layer of an article is done in gold once
/// nothing is left to decide.
///
/// One set alone is promoted as it stands.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Layer sets to compare
    #[arg(
        long,
        value_name = "SET",
        value_delimiter = ',',
        required_unless_present = "stale"
    )]
    sets: Vec<String>,

    /// Only these layers; all of the schema without it
    #[arg(long = "layer", value_name = "LAYER", value_delimiter = ',')]
    layers: Vec<String>,

    /// What decides where sets differ: `agreed` takes only what all hold, `majority` what
    /// more than half hold, `union` what any holds
    #[arg(long, value_name = "POLICY", value_parser = ["agreed", "majority", "union"])]
    policy: Option<String>,

    /// Decisions of a person: the printed disagreements with `+` or `-` for `?`
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,

    /// Write nothing
    #[arg(long)]
    dry_run: bool,

    /// Only list gold whose inputs changed after it was made
    #[arg(long, conflicts_with_all = ["policy", "decisions", "sets"])]
    stale: bool,

    /// Also write the report here, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot adjudicate in `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    if args.stale {
        return list_stale(&dataset, context(), console);
    }
    let options = options(args, root).with_context(context)?;
    let report = match goldpress_label::adjudicate(&dataset, &options) {
        Ok(report) => report,
        Err(error) => return end(error, "adjudicate", context(), console),
    };
    account(&report, args, console)?;
    if report.n_compared == 0 && report.n_left_alone == 0 {
        let ready =
            goldpress_label::readiness(&dataset, &options).with_context(context)?;
        console.note(why_nothing(&ready, &options))?;
    }
    if let Some(path) = &args.report {
        save_report(path, &as_json(&report)).with_context(context)?;
    }
    Ok(Exit::Done)
}

fn options(args: &Args, root: &Path) -> anyhow::Result<AdjudicateOptions> {
    let schema = joins::schema_of(root)?;
    for set in &args.sets {
        known_set(root, set)?;
        if set == GOLD {
            let hint = "name the annotators' sets: --sets ada,bo";
            return Err(Refusal::error("`gold` is what adjudication writes", hint));
        }
    }
    known_layers(&schema, &args.layers)?;
    let decisions = args.decisions.as_deref().map(read_decisions).transpose()?;
    Ok(AdjudicateOptions {
        sets: args.sets.clone(),
        layers: args.layers.clone(),
        policy: args.policy.as_deref().and_then(Policy::from_name),
        decisions: decisions.unwrap_or_default(),
        dry_run: args.dry_run,
    })
}

/// Lines of `+|-|? doc_id set/id`; what follows a `#` is for people.
fn read_decisions(path: &Path) -> anyhow::Result<BTreeMap<(Digest, String), bool>> {
    const SHAPE: &str = "lines as they are printed, with `+` or `-` for `?`";
    let text = std::fs::read_to_string(path).map_err(|error| {
        Refusal::error(format!("cannot read `{}`: {error}", path.display()), SHAPE)
    })?;
    let mut decisions = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let said = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = said.split_whitespace().collect();
        let decision = match words.as_slice() {
            [] | ["?", ..] => continue,
            [mark @ ("+" | "-"), doc, line] => {
                doc.parse::<Digest>().ok().map(|doc| (doc, *line, *mark == "+"))
            }
            _ => None,
        };
        let Some((doc, line, is_taken)) = decision else {
            let (at, path) = (at + 1, path.display());
            let message = format!("line {at} of `{path}` is no decision");
            return Err(Refusal::error(message, SHAPE));
        };
        decisions.insert((doc, line.to_owned()), is_taken);
    }
    Ok(decisions)
}

fn account(
    report: &AdjudicateReport,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    for one in &report.disputed {
        let (doc, a) = (one.doc_id, &one.annotation);
        let first = one.held_by.first().map_or("", String::as_str);
        let holders: Vec<&str> =
            one.held_by.iter().filter_map(|line| line.split('/').next()).collect();
        writeln!(
            console.out,
            "? {doc} {first}  # {}/{} {} “{}” held by {}",
            a.layer,
            a.label,
            ranges(&a.fragments),
            a.text.replace('\n', " "),
            holders.join(", ")
        )?;
    }
    for (one, told) in &report.overruled {
        let (doc, a) = (one.doc_id, &one.annotation);
        let held_by = one.held_by.join(", ");
        let (layer, label, at) = (&a.layer, &a.label, ranges(&a.fragments));
        console
            .note(format!("{doc} refused: {layer}/{label} {at} of {held_by}: {told}"))?;
    }
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    let mut line = format!(
        "{} of {}: {} taken, {} refused, {} left to decide · {} done in gold",
        goldpress_report::counted(report.n_compared as u64, "article-layer pair"),
        args.sets.join(", "),
        sum(&report.taken),
        sum(&report.refused),
        report.disputed.len(),
        report.n_done,
    );
    if report.n_left_alone > 0 {
        let left =
            goldpress_report::counted(report.n_left_alone as u64, "article-layer pair");
        line.push_str(&format!(" · {left} left alone: that gold was made elsewhere"));
    }
    if args.dry_run {
        line.push_str(" · nothing was written");
    }
    console.note(line)?;
    if !report.disputed.is_empty() {
        console.note(
            "\nhint: put + or - for each ? and hand the lines back: --decisions FILE",
        )?;
    }
    Ok(())
}

/// What the sets lack for an adjudication.
fn why_nothing(ready: &Readiness, options: &AdjudicateOptions) -> String {
    let sets = options.sets.join(", ");
    let each = |counts: &BTreeMap<String, usize>| {
        let told = options
            .sets
            .iter()
            .map(|set| format!("{set} {}", counts.get(set).copied().unwrap_or_default()));
        told.collect::<Vec<_>>().join(", ")
    };
    if ready.n_shared == 0 {
        let files = each(&ready.n_files);
        return format!("nothing to adjudicate: no article is labelled by all ({files})");
    }
    let shared = goldpress_report::counted(ready.n_shared as u64, "article");
    let mut told = format!(
        "nothing to adjudicate: all of {sets} label {shared}, and no layer is done by all"
    );
    for (layer, counts) in &ready.n_done {
        told.push_str(&format!("\n  articles with {layer} done: {}", each(counts)));
    }
    told + "\n\nhint: goldpress label done ARTICLE --layer LAYER --set SET says that it was read"
}

fn list_stale(
    dataset: &Dataset,
    context: String,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let stale = match goldpress_label::stale(dataset) {
        Ok(stale) => stale,
        Err(error) => return end(error, "adjudicate", context, console),
    };
    for one in &stale {
        writeln!(console.out, "{} {} {}", one.doc_id, one.layer, one.set)?;
    }
    console.note(goldpress_report::counted(stale.len() as u64, "stale input"))?;
    Ok(Exit::Done)
}

fn as_json(report: &AdjudicateReport) -> serde_json::Value {
    let disputed = report.disputed.iter().map(|one| {
        json!({
            "doc_id": one.doc_id.to_string(),
            "fragments": one.annotation.fragments.iter()
                .map(|range| (range.start, range.end)).collect::<Vec<_>>(),
            "held_by": one.held_by,
            "label": one.annotation.label,
            "layer": one.annotation.layer,
            "text": one.annotation.text,
        })
    });
    json!({
        "compared": report.n_compared,
        "disputed": disputed.collect::<Vec<_>>(),
        "done": report.n_done,
        "left_alone": report.n_left_alone,
        "overruled": report.overruled.iter().map(|(one, told)| json!({
            "doc_id": one.doc_id.to_string(), "held_by": one.held_by,
            "label": one.annotation.label, "layer": one.annotation.layer, "rule": told,
        })).collect::<Vec<_>>(),
        "refused": report.refused,
        "taken": report.taken,
    })
}
