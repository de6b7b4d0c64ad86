//! `goldpress eval`: score runs against gold.

mod choice;
mod ending;
mod output;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use anyhow::Context;
use goldpress_eval::Lines;
use goldpress_extract::extractor;
use goldpress_label::Finding;
use goldpress_model::Schema;
use goldpress_report::Detail;
use goldpress_store::{
    Baseline, BaselineHeader, Dataset, Run,
    result::{CommonInfo, EvalResult, GoldInfo, RESULT_VERSION, Versions},
};
use jiff::Timestamp;

use self::{
    choice::ReadingArgs,
    output::{Output, Target, append_summary, render, write_outputs},
};
use crate::{
    config::{Config, Points, Share},
    console::Console,
    exit::Exit,
    joins::{
        self, Against, AskedMetric, Chosen, Cuts, Duplicates, GateList, Gates, Gold, How,
        Judged, Known, ScoredRun,
    },
    shared::{DatasetArg, SystemArg},
};

/// Score runs against gold
///
/// Takes the newest run of each system on the articles as they are now, and scores it
/// against the compiled gold: spans, block roles, body text, document fields. Every count
/// goes into `counts.parquet` of the run, every score into `reports/<eval_id>/result.json`.
///
/// Then compares with the baseline, document by document, and applies the gates: exit code
/// 3 when a quality gate fails; 5 when the question has no answer (no baseline, other gold,
/// no run, too few documents). What would be the next baseline is written beside it as
/// `goldpress.baseline.new.jsonl`; `goldpress accept` takes it over.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    systems: SystemArg,

    /// How to print: text, json, jsonl, csv, md, and for build servers junit, github, gitlab
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Output,

    /// Run the systems first
    #[arg(long)]
    extract: bool,

    /// Score this run too; may be repeated
    #[arg(long = "run", value_name = "RUN_ID")]
    runs: Vec<String>,

    /// Score answers that a program left in a file or folder: JSON Lines of the worker
    /// protocol, a Parquet table `predictions`, or any format that `label import` reads;
    /// NAME=FILE names the system; may be repeated, and stand beside --system and --run
    #[arg(long, value_name = "[NAME=]FILE")]
    predictions: Vec<String>,

    #[command(flatten)]
    reading: ReadingArgs,

    /// Score a document without an answer as an empty one
    #[arg(long, value_name = "AS", value_parser = ["empty"])]
    missing: Option<String>,

    /// Also test every pair of systems: who stands where, and whose order is chance
    #[arg(long)]
    compare: bool,

    /// Also score parts of the documents: source, lang, length, date, flaw, outcome, or a
    /// column with few values
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    by: Vec<String>,

    /// Also count by this metric, `overlap@0.75`, or give the numbers of another program,
    /// `nervaluate-1.2.1`: `help` lists all; no gate sees them; may be repeated
    #[arg(long = "metric", value_name = "NAME", value_parser = str::parse::<AskedMetric>)]
    modes: Vec<AskedMetric>,

    /// Lay `[profile.NAME.TABLE]` of goldpress.toml over `[TABLE]`
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Only documents whose gold is that of the baseline; below nine in ten no gate decides
    #[arg(long, conflicts_with = "rescore_baseline")]
    common: bool,

    /// Gates, instead of those of goldpress.toml: significant, outlet, any, margin=0.5pt,
    /// noninferior=0.5pt, doc-regressions>3, new-errors, none
    #[arg(long, value_name = "GATES", value_parser = str::parse::<GateList>)]
    fail_on: Option<GateList>,

    /// Also tell how many documents and outlets would see a difference, such as `1pt`
    #[arg(long, value_name = "POINTS", value_parser = str::parse::<Points>)]
    plan: Option<Points>,

    /// Near-copies: the keeper of each cluster of `goldpress dedup` alone is scored, or all
    #[arg(long, value_name = "WHICH", default_value = "keepers")]
    duplicates: Duplicates,

    /// Least share of the gold documents in which a scored layer must be done, `0.9` or
    /// `90%`; below, the gates are undecided
    #[arg(long, value_name = "SHARE", value_parser = str::parse::<Share>)]
    min_done: Option<Share>,

    /// The baseline: a file, or git:REF:PATH for the one at the merge base with REF
    #[arg(long, value_name = "PATH")]
    baseline: Option<String>,

    /// Score this run on today's gold and take it as the baseline
    #[arg(long, value_name = "RUN_ID", conflicts_with = "baseline")]
    rescore_baseline: Option<String>,

    /// List every finding with its first places, and every system with its verdict
    #[arg(long)]
    verbose: bool,

    /// Print the same verdicts, and end with 0 in place of 3, 4 or 5
    #[arg(long)]
    exit_zero: bool,

    /// Which part of the text is scored: `main` or `all`
    #[arg(long, value_name = "SCOPE", value_parser = str::parse::<Lines>)]
    scope: Option<Lines>,

    /// Also write the result here, by extension: .txt .json .jsonl .csv .md .html .xml
    /// (junit) .prom (gitlab), or as `FORMAT:PATH`; may be repeated
    #[arg(long, short, value_name = "PATH", value_parser = Target::parse)]
    output: Vec<Target>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot evaluate `{}`", root.display());
    let exit = step(args, console).with_context(context)?;
    let is_gate = matches!(exit, Exit::Quality | Exit::Timing | Exit::Undecidable);
    Ok(if is_gate && args.exit_zero { Exit::Done } else { exit })
}

fn step(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    if args.modes.contains(&AskedMetric::Help) {
        write!(console.out, "{}", joins::list_metrics())?;
        return Ok(Exit::Done);
    }
    let root = &args.dataset.dataset;
    let dataset = Dataset::open(root)?;
    let config = Config::read_with(root, args.profile.as_deref())?;
    let schema = joins::schema_of(root)?;
    let mut gates = Gates::of(&config, args.fail_on.as_ref(), &schema)?;
    let mut gold = match joins::fresh_gold(&dataset, console)? {
        Ok(gold) => gold,
        Err(faults) => return unsound_gold(&faults, root, console),
    };
    gates.plan(args.plan);
    let copies = gold.leave_copies_out(&dataset, args.duplicates)?;
    gates.know_documents(gold.len())?;
    let place = joins::BaselinePlace::of(&dataset, &config, args.baseline.as_deref());
    let mut old = match args.rescore_baseline {
        Some(_) => None,
        None => place.read()?,
    };
    let release = joins::BaselinePlace::read_release(&dataset, &config)?;
    let known = Known { schema: &schema, gold: &gold, baseline: old.as_ref() };
    let Some(chosen) = choice::chosen(args, &dataset, &config, &known, console)? else {
        return Ok(Exit::Undecidable);
    };
    let names: Vec<&str> = chosen.iter().map(|one| one.system.as_str()).collect();
    gates.know_systems(&names, |name| {
        config.system(name).is_some()
            || extractor(name).is_some()
            || old.as_ref().is_some_and(|old| old.header.systems.contains_key(name))
    })?;
    let common = match (args.common, &mut old) {
        (true, Some(old)) => Some(joins::keep_common(&mut gold, old)),
        _ => None,
    };
    if let Some(few) = common.filter(|common| common.documents * 10 < common.of * 9) {
        let CommonInfo { documents, of } = few;
        gates.suspend(format!("only {documents} of {of} documents have equal gold"));
    }
    let relabels = joins::relabels(&config, &schema)?;
    let tasks = joins::tasks_of(&config, &schema)?;
    let by = if args.by.is_empty() { &config.eval.by } else { &args.by };
    let cuts = Cuts::read(&dataset, &gold, by)?;
    let clusters = joins::clusters_of(&gold, &gates);
    let schema = joins::schema_in_use(&schema, &dataset, &chosen)?;
    let asked = joins::metrics_of(&args.modes);
    if asked.iter().any(|name| name.starts_with("token")) {
        gold.cut_words();
    }
    let how = How {
        lines: args.scope.unwrap_or(config.eval.scope),
        missing_as_empty: args.missing.is_some(),
        relabels: &relabels,
        tasks: &tasks,
        modes: &joins::modes_of(&args.modes),
        metrics: &asked,
        cuts: &cuts,
        clusters: &clusters,
    };
    let progress = joins::bar(console, chosen.len() as u64, "systems");
    progress.enable_steady_tick(Duration::from_millis(200));
    let each = progress.wrap_iter(chosen.iter());
    let (mut result, runs) = evaluate(&dataset, &gold, each, &schema, how)?;
    progress.finish_and_clear();
    result.common = common;
    result.gold.near_copies = copies;
    tell_uncounted(&asked, &result, console)?;
    result.asked.clone_from(&asked);
    if args.compare {
        result.standings = joins::standings_of(&gold, &runs, &schema, &gates);
    }
    let min_done = args.min_done.unwrap_or(config.eval.min_done);
    if let Some(because) = ending::too_little_done(&gold, &runs, min_done) {
        gates.suspend(because);
    }
    let stopped = runs.iter().any(|run| run.stopped);
    let new = joins::baseline_of(&gold, &result, &runs);
    if let Some(run) = &args.rescore_baseline {
        old = Some(rescored(&dataset, &gold, run, &result, &schema, how)?);
    }
    let mut judged: Vec<Judged> = Vec::new();
    let baselines = [(Against::Baseline, &old), (Against::Release, &release)];
    for (against, old) in baselines {
        let Some(old) = old.as_ref().filter(|_| !stopped) else { continue };
        let progress = joins::spinner(console, "comparing with the baseline");
        let old = (against, old);
        let compare = |run| joins::compare_system(&gold, run, &schema, old, &new, &gates);
        let seen = runs.iter().filter(|run| run.is_seen(&gold));
        judged.extend(seen.map(compare));
        progress.finish_and_clear();
    }
    result.comparisons = judged.iter().map(|one| one.row.clone()).collect();
    if let Some(old) = &old {
        joins::add_old_cells(&dataset, old, &mut result)?;
    }
    result.files = gold.files(&named(&result));
    let detail = if args.verbose { Detail::Each } else { Detail::Grouped };
    write_outputs(&args.output, root, &mut result, detail)?;
    let shown = render(&result, args.format, root, detail);
    match args.format.is_for_programs() {
        true => console.out.for_programs()?.write_all(shown.as_bytes())?,
        false => write!(console.out, "{shown}")?,
    }
    console.out.flush()?;
    if args.format == Output::Github {
        append_summary(&result)?;
    }
    if stopped {
        return ending::nothing_scored(&result, console);
    }
    if ending::tell_unseen(&gold, &runs, console)? {
        // A baseline of nothing is one that nothing can fall below.
        return Ok(if gates.are_none() { Exit::Done } else { Exit::Undecidable });
    }
    if let Some(old) = &old {
        ending::tell_gone(old, &new, console)?;
    }
    let is_same = |old: &Baseline| {
        let because = new.header.because.clone();
        let header = BaselineHeader { because, ..old.header.clone() };
        header == new.header && old.documents == new.documents
    };
    // What is waiting to be accepted speaks of all gold, never of a part.
    if common.is_none() && !old.as_ref().is_some_and(is_same) {
        place.write_new(&new)?;
    }
    ending::verdict(&gates, old.as_ref(), &new, &judged, root, console)
}

/// Names metrics that were asked for and that count nothing in the layers scored.
fn tell_uncounted(
    asked: &[String],
    result: &EvalResult,
    console: &mut Console,
) -> anyhow::Result<()> {
    let is_counted = |name: &&String| {
        let is = |row: &str| row == *name || row.strip_suffix(".all") == Some(name);
        result.scores.iter().any(|row| is(&row.metric))
    };
    for name in asked.iter().filter(|name| !is_counted(name)) {
        console.note(format!(
            "`{name}` counts nothing in the layers scored\n\n\
             hint: --metric help says which layers each metric is for"
        ))?;
    }
    Ok(())
}

/// Documents that a result names, as a place of an error or a finding or as moved.
fn named(result: &EvalResult) -> BTreeSet<String> {
    let errors = result.errors.iter().map(|error| error.doc_id.clone());
    let moved =
        result.comparisons.iter().flat_map(|one| one.worse.iter().chain(&one.better));
    let moved = moved.map(|row| row.doc_id.clone());
    let places = result.findings.iter().flat_map(|finding| &finding.places);
    let new_errors = result.comparisons.iter().flat_map(|one| &one.new_errors);
    let first =
        |place: &String| place.split([' ', ':']).next().unwrap_or_default().to_owned();
    errors.chain(moved).chain(places.chain(new_errors).map(first)).collect()
}

/// The counts of an older run on today's gold, as a baseline.
fn rescored(
    dataset: &Dataset,
    gold: &Gold,
    run_id: &str,
    result: &EvalResult,
    schema: &Schema,
    how: How<'_>,
) -> anyhow::Result<Baseline> {
    let run_id = run_id.trim_start_matches("runs/").trim_end_matches('/');
    let run = Run::open(dataset, run_id)?;
    let (modes, cuts) = (&[][..], &Cuts::default());
    let how = How { missing_as_empty: false, modes, metrics: &[], cuts, ..how };
    let names = run.info().systems.iter().map(|system| system.name.clone());
    let scored: Vec<ScoredRun> = names
        .map(|name| {
            joins::score_run(gold, &Chosen::stored(name, run.clone()), schema, how)
        })
        .collect::<Result<_, _>>()?;
    Ok(joins::baseline_of(gold, result, &scored))
}

/// Says that label files of gold hold errors: nothing can be scored against them.
fn unsound_gold(
    faults: &[Finding],
    root: &Path,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    /// Faults that are shown; `label check` lists all.
    const SHOWN: usize = 5;
    for fault in faults.iter().take(SHOWN) {
        console.note(fault.to_string())?;
    }
    console.note(format!(
        "undecided: label files changed since gold was compiled, and hold {}\n\n\
         hint: goldpress label check {}",
        goldpress_report::counted(faults.len() as u64, "error"),
        root.display()
    ))?;
    Ok(Exit::Undecidable)
}

/// Scores each run against gold.
fn evaluate<'c>(
    dataset: &Dataset,
    gold: &Gold,
    chosen: impl Iterator<Item = &'c Chosen>,
    schema: &Schema,
    how: How<'_>,
) -> anyhow::Result<(EvalResult, Vec<ScoredRun>)> {
    let started = joins::stamp(Timestamp::now());
    let mut result = EvalResult {
        goldpress_result: RESULT_VERSION,
        eval_id: format!("{started}-{}", folder_name(dataset.root())),
        versions: Versions {
            goldpress: env!("CARGO_PKG_VERSION").to_owned(),
            metrics: goldpress_eval::VERSION.to_owned(),
            norm: "norm/1".to_owned(),
            tokeniser: goldpress_text::TOKENISER.to_owned(),
        },
        gold: GoldInfo {
            hash: gold.hash.to_string(),
            schema: schema.id(),
            documents: gold.n_documents(),
            articles: dataset.manifest().n_articles,
            keepers: gold.n_keepers,
            near_copies: None,
            of: gold.len() as u64,
            open: gold.n_open(),
            without_blocks: 0,
        },
        scope: how.lines.name().to_owned(),
        split: String::new(),
        systems: Vec::new(),
        scores: Vec::new(),
        slices: Vec::new(),
        modes: Vec::new(),
        asked: Vec::new(),
        confusion: Vec::new(),
        common: None,
        findings: Vec::new(),
        errors: Vec::new(),
        comparisons: Vec::new(),
        files: BTreeMap::new(),
        standings: Vec::new(),
        machine: joins::machine(),
    };
    let mut runs = Vec::new();
    for one in chosen {
        let scored = joins::score_run(gold, one, schema, how)?;
        result.gold.without_blocks = scored.without_blocks;
        result.systems.push(scored.system.clone());
        result.scores.extend(scored.scores.iter().cloned());
        result.slices.extend(scored.slices.iter().cloned());
        result.modes.extend(scored.modes.iter().cloned());
        result.confusion.extend(scored.confusion.iter().cloned());
        result.findings.extend(scored.findings.iter().cloned());
        result.errors.extend(scored.errors.iter().cloned());
        runs.push(scored);
    }
    // Every system finds the same in gold; it is said once.
    result.findings.sort_by(|a, b| {
        (&a.severity, &a.code, &a.side).cmp(&(&b.severity, &b.code, &b.side))
    });
    result.findings.dedup();
    joins::side_by_side(&mut result.slices);
    Ok((result, runs))
}

fn folder_name(root: &Path) -> String {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = full.file_name().and_then(|name| name.to_str()).unwrap_or("dataset");
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
