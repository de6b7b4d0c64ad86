//! `goldpress label carry`: annotations follow their article when its text changes.

use std::path::{Path, PathBuf};

use anyhow::Context;
use goldpress_label::{CarryOptions, CarryReport, Pair};
use goldpress_model::Digest;
use goldpress_store::Dataset;
use serde_json::json;

use super::shared::{end, known_set, save_report};
use crate::{
    console::Console,
    exit::{Exit, Refusal},
    shared::DatasetArg,
};

/// Move annotations whose article got another text onto the new text
///
/// A label file speaks of one exact text. After another ingest, a new crawl or a newer
/// normaliser its article may have another, and `label check` says that there is none.
/// Carry finds the article again (by raw bytes, address, shared words, or --pairs), lays
/// the two texts side by side and places every annotation: `same`, `moved` and `changed`
/// are written; `unsure` goes to the set `@carry` as a suggestion; `lost` is the rest. The
/// last two are printed with their words.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Only this layer set; without it all but those of systems
    #[arg(long, value_name = "SET")]
    set: Option<String>,

    /// The dataset that held the old texts, where labels/texts/ lacks them
    #[arg(long, value_name = "DIR")]
    old: Option<PathBuf>,

    /// A file with two doc_ids a line, old and new, for articles that nothing else tells
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,

    /// End with exit code 6 when anything is unsure, lost, or without an article
    #[arg(long)]
    strict: bool,

    /// Remove label files that were carried
    #[arg(long)]
    prune: bool,

    /// Say what would be carried, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Also write the report here, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot carry the labels of `{}`", root.display());
    if let Some(set) = &args.set {
        known_set(root, set).with_context(context)?;
    }
    let pairs = args.pairs.as_deref().map(read_pairs).transpose();
    let pairs = pairs.with_context(context)?.unwrap_or_default();
    let old = args.old.as_deref().map(Dataset::open).transpose().with_context(context)?;
    let dataset = Dataset::open(root).with_context(context)?;
    let options = CarryOptions {
        set: args.set.clone(),
        old: old.as_ref(),
        pairs,
        prune: args.prune,
        dry_run: args.dry_run,
    };
    let report = match goldpress_label::carry(&dataset, &options) {
        Ok(report) => report,
        Err(error) => return end(error, "carry", context(), console),
    };
    account(&report, args, console)?;
    if let Some(path) = &args.report {
        save_report(path, &as_json(&report)).with_context(context)?;
    }
    let all_came = report.listed.is_empty() && report.unpaired.is_empty();
    Ok(if args.strict && !all_came { Exit::Faults } else { Exit::Done })
}

fn read_pairs(path: &Path) -> anyhow::Result<Vec<Pair>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        Refusal::error(message, "two doc_ids a line: the old one, then the new one")
    })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let pair = |(at, line): (usize, &str)| {
        let mut ids = line.split_whitespace().map(str::parse::<Digest>);
        match (ids.next(), ids.next(), ids.next()) {
            (Some(Ok(old)), Some(Ok(new)), None) => Ok(Pair { old, new }),
            _ => Err(Refusal::error(
                format!("line {} of `{}` is not two doc_ids", at + 1, path.display()),
                "two doc_ids a line: the old one, then the new one",
            )),
        }
    };
    lines.map(pair).collect()
}

fn account(
    report: &CarryReport,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    for one in &report.listed {
        let (set, old, id) = (&one.set, one.old, &one.id);
        let (how, label) = (one.how.name(), &one.label);
        let text = one.text.replace('\n', " ");
        writeln!(console.out, "labels/{set}/{old}.jsonl: {how}: {id} {label} “{text}”")?;
    }
    for name in &report.unpaired {
        let (set, doc) = (&name.set, name.doc);
        writeln!(
            console.out,
            "labels/{set}/{doc}.jsonl: unpaired: no article is its successor"
        )?;
    }
    for (set, doc, layer) in &report.undone {
        console.note(format!(
            "labels/{set}/{doc}.jsonl: `{layer}` is no longer done on the new text"
        ))?;
    }
    let order = ["same", "moved", "changed", "unsure", "lost"];
    let counts = order.iter().filter_map(|how| {
        let n = report.counts.get(how).filter(|n| **n > 0)?;
        Some(format!("{how} {n}"))
    });
    let mut parts = vec![goldpress_report::counted(report.n_files as u64, "label file")];
    parts.extend(counts);
    if !report.unpaired.is_empty() {
        parts.push(format!("without an article {}", report.unpaired.len()));
    }
    if args.dry_run {
        parts.push("nothing was written".to_owned());
    }
    console.note(parts.join(" · "))?;
    if report.n_files == 0 && report.unpaired.is_empty() {
        console.note(match report.n_looked_at {
            0 => "nothing to carry: there is no label file".to_owned(),
            1 => "nothing to carry: the text of its article is what was labelled"
                .to_owned(),
            n => format!("nothing to carry: the texts of all {n} are what was labelled"),
        })?;
    }
    Ok(())
}

fn as_json(report: &CarryReport) -> serde_json::Value {
    let listed = report.listed.iter().map(|one| {
        json!({
            "how": one.how.name(), "id": one.id, "label": one.label,
            "old": one.old.to_string(), "set": one.set, "text": one.text,
        })
    });
    let unpaired = report
        .unpaired
        .iter()
        .map(|name| json!({"doc": name.doc.to_string(), "set": name.set}));
    let undone = report.undone.iter().map(
        |(set, doc, layer)| json!({"doc": doc.to_string(), "layer": layer, "set": set}),
    );
    json!({
        "counts": report.counts,
        "files": report.n_files,
        "listed": listed.collect::<Vec<_>>(),
        "undone": undone.collect::<Vec<_>>(),
        "unpaired": unpaired.collect::<Vec<_>>(),
    })
}
