//! `goldpress review`: what changed since the baseline, document by document.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::Context;
use clap::ValueEnum;
use goldpress_model::{Digest, LooseAnnotation};
use goldpress_report::{Align, Cell, Format as ReportFormat, Table};
use goldpress_store::{
    Dataset,
    result::{ComparisonRow, EvalResult, MovedRow},
};

use crate::{
    config::Config,
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, BaselinePlace},
    shared::{DatasetArg, Format, FormatArg},
};

/// What changed since the baseline, document by document
///
/// Reads the last evaluation. For each document that moved, shows what gold says, what the
/// baseline's run answered and what this run answers: `-` was there before, `+` is there
/// now, `ok` says that it is gold. Where the baseline's run is not at hand, counts stand in.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Only documents that got worse, or better
    #[arg(long, value_name = "WHICH", default_value = "worse")]
    only: Which,

    /// Only this system
    #[arg(long, value_name = "NAME")]
    system: Option<String>,

    /// At most so many documents of each system
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    /// The baseline file, where it is not that of goldpress.toml
    #[arg(long, value_name = "PATH")]
    baseline: Option<String>,

    #[command(flatten)]
    format: FormatArg,
}

/// Which documents are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Those with a lower score
    Worse,
    /// Those with a higher score
    Better,
    /// Both
    Moved,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot review the last evaluation of `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let result = last(root).with_context(context)?;
    let config = Config::read(root).with_context(context)?;
    let place = BaselinePlace::of(&dataset, &config, args.baseline.as_deref());
    let baseline = place.read().with_context(context)?;
    let rows = dataset.annotations().with_context(context)?;
    let mut gold: Answers = BTreeMap::new();
    for row in rows.into_iter().filter(|row| row.set == "gold") {
        if row.line.provenance.status.counts() {
            gold.entry(row.doc_id).or_default().push(row.line.annotation);
        }
    }
    for comparison in &result.comparisons {
        if args.system.as_ref().is_some_and(|name| *name != comparison.system) {
            continue;
        }
        let predictions = baseline
            .as_ref()
            .and_then(|baseline| baseline.header.systems.get(&comparison.system))
            .map(|system| system.predictions.as_str());
        let old = predictions
            .map(|hash| answers_of(&dataset, &comparison.system, hash))
            .transpose()
            .with_context(context)?
            .flatten();
        let new =
            joins::newest_run(&dataset, &comparison.system).with_context(context)?;
        let new = new
            .map(|run| read(&run, &comparison.system))
            .transpose()?
            .unwrap_or_default();
        let sides = Sides { gold: &gold, old: old.as_ref(), new: &new };
        show(comparison, &sides, args, console).with_context(context)?;
    }
    if result.comparisons.is_empty() {
        console.note("the last evaluation had no baseline to compare with")?;
    }
    Ok(Exit::Done)
}

/// Annotations by document.
type Answers = BTreeMap<Digest, Vec<LooseAnnotation>>;

/// What is laid beside each other.
struct Sides<'s> {
    gold: &'s Answers,
    old: Option<&'s Answers>,
    new: &'s Answers,
}

/// The newest `result.json` of a dataset.
fn last(root: &Path) -> anyhow::Result<EvalResult> {
    let folder = root.join("reports");
    let mut found: Vec<_> = match fs::read_dir(&folder) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => Vec::new(),
    };
    found.retain(|path| path.join("result.json").is_file());
    found.sort();
    let Some(newest) = found.pop() else {
        let hint = format!("goldpress eval {}", root.display());
        return Err(Refusal::error("nothing was evaluated yet", hint));
    };
    let text = fs::read(newest.join("result.json"))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("cannot read `{}`", newest.display()))
}

/// The answers with that hash, if a run still holds them.
fn answers_of(
    dataset: &Dataset,
    system: &str,
    hash: &str,
) -> anyhow::Result<Option<Answers>> {
    for info in dataset.runs()? {
        let holds = |one: &goldpress_store::SystemInfo| {
            one.name == system && one.predictions == hash
        };
        if info.systems.iter().any(holds) {
            let run = goldpress_store::Run::open(dataset, &info.run_id)?;
            return read(&run, system).map(Some);
        }
    }
    Ok(None)
}

fn read(run: &goldpress_store::Run, system: &str) -> anyhow::Result<Answers> {
    let mut answers = Answers::new();
    for row in run.predictions() {
        let row = row?;
        if row.system == system {
            answers.insert(row.doc_id, row.annotations);
        }
    }
    Ok(answers)
}

fn show(
    comparison: &ComparisonRow,
    sides: &Sides<'_>,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    let worse = comparison.worse.iter().filter(|_| args.only != Which::Better);
    let better = comparison.better.iter().filter(|_| args.only != Which::Worse);
    let rows: Vec<(&str, &MovedRow)> = worse
        .map(|row| ("worse", row))
        .chain(better.map(|row| ("better", row)))
        .collect();
    let n = rows.len();
    for (word, row) in rows.into_iter().take(args.limit) {
        one(comparison, word, row, sides, args.format.format, console)?;
    }
    if n > args.limit {
        console.note(format!(
            "{} documents of {} more",
            n - args.limit,
            comparison.system
        ))?;
    }
    if n == 0 {
        console.note(format!("{}: no document moved that way", comparison.system))?;
    }
    Ok(())
}

fn one(
    comparison: &ComparisonRow,
    word: &str,
    row: &MovedRow,
    sides: &Sides<'_>,
    format: Format,
    console: &mut Console,
) -> anyhow::Result<()> {
    let source = row.source.as_deref().unwrap_or("–");
    let counts =
        |c: goldpress_model::Counts| format!("{}/{}/{}", c.found, c.spurious, c.missed);
    let head = format!(
        "{} {word} {} {} · {}/{} · tp/fp/fn {} → {}",
        comparison.system,
        row.doc_id,
        source,
        row.layer,
        row.metric,
        counts(row.base),
        counts(row.now)
    );
    let doc: Digest = row.doc_id.parse()?;
    let table = changes(sides, doc, &row.layer);
    match format {
        Format::Text => writeln!(console.out, "{head}")?,
        Format::Md => writeln!(console.out, "### {head}\n")?,
        _ => {}
    }
    match table {
        Some(table) => {
            write!(console.out, "{}", table.render(ReportFormat::from(format)))?
        }
        None => writeln!(console.out, "  the baseline's run is not here: counts alone")?,
    }
    if matches!(format, Format::Text | Format::Md) {
        writeln!(console.out)?;
    }
    Ok(())
}

/// What was answered before or now but not both times, in the order of the text.
fn changes(sides: &Sides<'_>, doc: Digest, layer: &str) -> Option<Table> {
    type Key = (Vec<goldpress_model::CharRange>, String, String);
    let of = |answers: &Answers| -> BTreeSet<Key> {
        let lines = answers.get(&doc).into_iter().flatten();
        let of_layer = lines.filter(|line| line.layer == layer);
        of_layer
            .map(|line| (line.fragments.clone(), line.label.clone(), line.text.clone()))
            .collect()
    };
    let (gold, old, new) = (of(sides.gold), of(sides.old?), of(sides.new));
    let mut table = Table::new(&[
        ("", Align::Left),
        ("at", Align::Right),
        ("label", Align::Left),
        ("text", Align::Left),
        ("gold", Align::Left),
    ]);
    for key in old.symmetric_difference(&new) {
        let (fragments, label, text) = key;
        let at = fragments.first().map_or(0, |range| range.start);
        table.push(vec![
            Cell::text(if old.contains(key) { "-" } else { "+" }),
            Cell::count(u64::from(at)),
            Cell::text(label),
            Cell::text(text),
            Cell::text(if gold.contains(key) { "ok" } else { "no" }),
        ]);
    }
    Some(table)
}
