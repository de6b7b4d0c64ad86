//! `goldpress review`: what changed since the baseline, document by document.

mod body;
mod changes;
mod claims;
mod desk;
mod shown;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{IsTerminal, Write},
    path::Path,
};

use anyhow::Context;
use clap::ValueEnum;
use goldpress_eval::Lines;
use goldpress_model::{Digest, LooseAnnotation};
use goldpress_report::tests_of;
use goldpress_store::{
    Dataset, Run, SystemInfo,
    result::{ComparisonRow, EvalResult, MovedRow},
};

use crate::{
    config::Config,
    console::Console,
    exit::{Exit, Refusal},
    joins::{self, BaselinePlace},
    shared::{DatasetArg, Format, FormatArg},
    verbs::show,
};

use self::{
    changes::{Change, Sides, is_both_wrong},
    claims::{Claims, Rules},
    desk::Unbuffered,
    shown::Shown,
};

/// What changed since the baseline, document by document
///
/// Reads the last evaluation. Lists its tests, then the documents that moved, the worst
/// first, each as a diff of answers: `-` was there before, `+` is there now, `=` is wrong
/// both times, `gold` was found by neither. `ok` says that an answer is gold; of the others
/// stands what is wrong, and what gold has. Bodies are shown by paragraph, blocks with their
/// role, fields with their value. Where the baseline's run is not at hand, what is wrong now
/// stands alone.
///
/// On a terminal one document is shown at a time: `n` and `p` move, `o` opens the article.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Which documents
    #[arg(long, value_name = "WHICH", default_value = "worse")]
    only: Which,

    /// Only this system
    #[arg(long, value_name = "NAME")]
    system: Option<String>,

    /// Only answers with this label; may be repeated
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,

    /// Only answers with this kind of error; may be repeated
    #[arg(long, value_name = "KIND",
          value_parser = ["boundary", "label", "both", "wrong", "spurious", "missed"])]
    error: Vec<String>,

    /// At most so many documents of each system
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    /// The baseline file, where it is not that of goldpress.toml
    #[arg(long, value_name = "PATH")]
    baseline: Option<String>,

    /// All documents at once, on a terminal too
    #[arg(long)]
    list: bool,

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
    /// Those where both runs are wrong about something
    BothWrong,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot review the last evaluation of `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let result = last(root).with_context(context)?;
    let config = Config::read(root).with_context(context)?;
    let place = BaselinePlace::of(&dataset, &config, args.baseline.as_deref());
    let baseline = place.read().with_context(context)?;
    let schema = joins::schema_of(root).with_context(context)?;
    let rules = Rules::of(&schema);
    let gold = gold(&dataset, &rules).with_context(context)?;
    let lines: Lines = result.scope.parse().unwrap_or(Lines::Main);
    let mut cases = Vec::new();
    let is_known =
        |label: &&String| schema.layers.iter().any(|layer| layer.has_label(label));
    if let Some(gone) = args.label.iter().find(|label| !is_known(label)) {
        let message = format!("`{}` has no label `{gone}`", schema.id());
        return Err(Refusal::error(message, "the labels: goldpress schema"))
            .with_context(context);
    }
    let is_wanted = |comparison: &&ComparisonRow| {
        comparison.against.is_empty()
            && args.system.as_ref().is_none_or(|name| *name == comparison.system)
    };
    let compared: Vec<&ComparisonRow> =
        result.comparisons.iter().filter(is_wanted).collect();
    for comparison in &compared {
        let predictions = baseline
            .as_ref()
            .and_then(|baseline| baseline.header.systems.get(&comparison.system))
            .map(|system| system.predictions.as_str());
        let old = predictions
            .map(|hash| answers_of(&dataset, &comparison.system, hash, &rules))
            .transpose()
            .with_context(context)?
            .flatten();
        let new = scored(&dataset, &result, &comparison.system, &rules)
            .with_context(context)?;
        let (old, new) = (old.as_ref(), new.as_ref());
        let sides = Sides { rules: &rules, lines, gold: &gold, old, new };
        let mut found = cases_of(comparison, &sides, args).with_context(context)?;
        if found.len() > args.limit {
            let n_more = found.len() - args.limit;
            let name = &comparison.system;
            let n_more = goldpress_report::counted(n_more as u64, "document");
            console.note(format!("{n_more} of {name} more: --limit"))?;
            found.truncate(args.limit);
        }
        if found.is_empty() {
            let name = &comparison.system;
            console.note(format!("{name}: no document moved that way"))?;
        }
        cases.append(&mut found);
    }
    if let (true, Some(name)) = (compared.is_empty(), &args.system) {
        let names: Vec<&str> =
            result.comparisons.iter().map(|one| one.system.as_str()).collect();
        let message = format!("the last evaluation compared no `{name}`");
        let hint = format!("one of: {}", names.join(", "));
        return Err(Refusal::error(message, hint)).with_context(context);
    }
    if compared.is_empty() {
        console.note("the last evaluation had no baseline to compare with")?;
        return Ok(Exit::Done);
    }
    let texts = texts_of(&dataset, &cases).with_context(context)?;
    let shown = Shown { args, texts: &texts, colour: console.colour };
    if !matches!(args.format.format, Format::Text | Format::Md) {
        let table = shown.table(&cases);
        console.table(&table, args.format.format)?;
        return Ok(Exit::Done);
    }
    for comparison in compared {
        let table = tests_of(comparison).render(args.format.format.into());
        writeln!(console.out, "{}\n{table}", shown.heading(&comparison.system))?;
    }
    let is_desk = args.format.format == Format::Text
        && !args.list
        && std::io::stdin().is_terminal()
        && std::io::stdout().is_terminal();
    match Unbuffered::stdin().filter(|_| is_desk) {
        Some(_unbuffered) => {
            let case = |at: usize, out: &mut dyn Write| {
                Ok(write!(out, "{}", shown.case(&cases[at]))?)
            };
            let open = |at: usize, out: &mut dyn Write| {
                show::whole(&dataset, cases[at].doc, shown.colour, out)
            };
            desk::sit(cases.len(), &mut std::io::stdin(), &mut console.out, case, open)
                .with_context(context)?;
        }
        None => {
            for case in &cases {
                write!(console.out, "{}", shown.case(case))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// A layer of a document to be looked at.
struct Case {
    system: String,
    /// `worse`, `better`, `both wrong`.
    word: &'static str,
    doc: Digest,
    layer: String,
    /// The row of the evaluation, where the document moved.
    moved: Option<MovedRow>,
    /// `None` where the run that was evaluated is not here.
    changes: Option<Vec<Change>>,
    /// Whether the baseline's answers are at hand.
    has_old: bool,
}

/// The cases of one system, the worst first.
fn cases_of(
    comparison: &ComparisonRow,
    sides: &Sides<'_>,
    args: &Args,
) -> anyhow::Result<Vec<Case>> {
    let moved = |word, rows: &[MovedRow]| -> anyhow::Result<Vec<Case>> {
        let case = |row: &MovedRow| {
            let doc: Digest = row.doc_id.parse()?;
            Ok(Case {
                system: comparison.system.clone(),
                word,
                doc,
                layer: row.layer.clone(),
                moved: Some(row.clone()),
                changes: sides.changes(doc, &row.layer),
                has_old: sides.old.is_some(),
            })
        };
        rows.iter().map(case).collect()
    };
    let mut cases = match args.only {
        Which::Worse => moved("worse", &comparison.worse)?,
        Which::Better => moved("better", &comparison.better)?,
        Which::Moved => {
            let mut cases = moved("worse", &comparison.worse)?;
            cases.extend(moved("better", &comparison.better)?);
            cases
        }
        Which::BothWrong => both_wrong(comparison, sides),
    };
    for changes in cases.iter_mut().filter_map(|case| case.changes.as_mut()) {
        changes.retain(|change| {
            let is_label =
                args.label.is_empty() || args.label.contains(&change.claim.label);
            let is_error = args.error.is_empty()
                || args.error.iter().any(|kind| change.is_error(kind));
            is_label && is_error
        });
    }
    let is_filtered = !args.label.is_empty() || !args.error.is_empty();
    cases.retain(|case| {
        !is_filtered || case.changes.as_ref().is_some_and(|changes| !changes.is_empty())
    });
    Ok(cases)
}

/// Documents where both runs are wrong about something, most errors first.
fn both_wrong(comparison: &ComparisonRow, sides: &Sides<'_>) -> Vec<Case> {
    let layers: BTreeSet<&String> =
        comparison.tests.iter().map(|test| &test.layer).collect();
    let mut cases = Vec::new();
    for layer in layers {
        let docs: BTreeSet<Digest> = sides.gold.documents(layer).collect();
        for doc in docs {
            let changes = sides.changes(doc, layer);
            if changes.as_deref().is_some_and(is_both_wrong) {
                cases.push(Case {
                    system: comparison.system.clone(),
                    word: "both wrong",
                    doc,
                    layer: layer.clone(),
                    moved: None,
                    changes,
                    has_old: sides.old.is_some(),
                });
            }
        }
    }
    let n_wrong = |case: &Case| {
        let changes = case.changes.iter().flatten();
        changes.filter(|change| change.kind != changes::OK).count()
    };
    cases.sort_by_key(|case| (std::cmp::Reverse(n_wrong(case)), case.doc));
    cases
}

/// What counts of gold, with the bodies that it gives.
fn gold(dataset: &Dataset, rules: &Rules) -> anyhow::Result<Claims> {
    let mut by_doc: BTreeMap<Digest, Vec<LooseAnnotation>> = BTreeMap::new();
    for row in dataset.annotations() {
        let row = row?;
        if row.set == "gold" && row.line.provenance.status.counts() {
            by_doc.entry(row.doc_id).or_default().push(row.line.annotation);
        }
    }
    let mut gold = Claims::default();
    for (doc, all) in by_doc {
        gold.annotate(doc, &all, rules);
    }
    for (doc, body) in joins::Gold::read(dataset)?.bodies() {
        gold.put_body(doc, body);
    }
    Ok(gold)
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
    rules: &Rules,
) -> anyhow::Result<Option<Claims>> {
    for info in dataset.runs()? {
        let holds = |one: &SystemInfo| one.name == system && one.predictions == hash;
        if info.systems.iter().any(holds) {
            return read(&Run::open(dataset, &info.run_id)?, system, rules).map(Some);
        }
    }
    Ok(None)
}

/// The answers that were evaluated, if their run is still here: a newer one of the system
/// is another thing.
fn scored(
    dataset: &Dataset,
    result: &EvalResult,
    system: &str,
    rules: &Rules,
) -> anyhow::Result<Option<Claims>> {
    let scored = result.systems.iter().find(|one| one.name == system);
    let is_here =
        |name: &&str| dataset.root().join("runs").join(name).join("run.json").is_file();
    let run = scored.map(|one| one.run.as_str()).filter(is_here);
    run.map(|name| read(&Run::open(dataset, name)?, system, rules)).transpose()
}

fn read(run: &Run, system: &str, rules: &Rules) -> anyhow::Result<Claims> {
    let mut answers = Claims::default();
    for row in run.predictions() {
        let row = row?;
        if row.system == system {
            answers.answer(row, rules);
        }
    }
    Ok(answers)
}

/// The texts of the cases' documents.
fn texts_of(
    dataset: &Dataset,
    cases: &[Case],
) -> anyhow::Result<BTreeMap<Digest, String>> {
    let wanted: BTreeSet<Digest> = cases.iter().map(|case| case.doc).collect();
    let mut texts = BTreeMap::new();
    for article in dataset.keepers() {
        if texts.len() == wanted.len() {
            break;
        }
        let article = article?;
        if wanted.contains(&article.doc_id()) {
            texts.insert(article.doc_id(), article.text().to_owned());
        }
    }
    Ok(texts)
}
