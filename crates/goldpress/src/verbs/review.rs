//! `goldpress review`: what changed since the baseline, document by document.

mod changes;
mod desk;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{IsTerminal, Write},
    path::Path,
};

use anstyle::AnsiColor;
use anyhow::Context;
use clap::ValueEnum;
use goldpress_model::{CharIndex, CharRange, Digest, layer};
use goldpress_report::{Align, Cell, Table, tests_of};
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
    changes::{Change, Claims, Side, Sides, is_both_wrong},
    desk::Unbuffered,
};

/// What changed since the baseline, document by document
///
/// Reads the last evaluation. Lists its tests, then the documents that moved, the worst
/// first, each as a diff of answers: `-` was there before, `+` is there now, `=` is wrong
/// both times, `gold` was found by neither. `ok` says that an answer is gold; of the others
/// stands what is wrong. Where one of the two runs is not at hand, counts stand in.
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
    let gold = gold(&dataset).with_context(context)?;
    let mut cases = Vec::new();
    let schema = joins::schema_of(root).with_context(context)?;
    let is_known =
        |label: &&String| schema.layers.iter().any(|layer| layer.has_label(label));
    if let Some(gone) = args.label.iter().find(|label| !is_known(label)) {
        let message = format!("`{}` has no label `{gone}`", schema.id());
        return Err(Refusal::error(message, "the labels: goldpress schema"))
            .with_context(context);
    }
    let is_wanted = |comparison: &&ComparisonRow| {
        args.system.as_ref().is_none_or(|name| *name == comparison.system)
    };
    let compared: Vec<&ComparisonRow> =
        result.comparisons.iter().filter(is_wanted).collect();
    for comparison in &compared {
        let predictions = baseline
            .as_ref()
            .and_then(|baseline| baseline.header.systems.get(&comparison.system))
            .map(|system| system.predictions.as_str());
        let old = predictions
            .map(|hash| answers_of(&dataset, &comparison.system, hash))
            .transpose()
            .with_context(context)?
            .flatten();
        let new = newest(&dataset, &comparison.system).with_context(context)?;
        let sides = Sides { gold: &gold, old: old.as_ref(), new: new.as_ref() };
        let mut found = cases_of(comparison, &sides, args).with_context(context)?;
        if found.len() > args.limit {
            let n_more = found.len() - args.limit;
            let name = &comparison.system;
            console.note(format!("{n_more} documents of {name} more: --limit"))?;
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
        write!(console.out, "{}", table.render(args.format.format.into()))?;
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
    /// `None` where one of the two runs is not here.
    changes: Option<Vec<Change>>,
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

/// What counts of gold.
fn gold(dataset: &Dataset) -> anyhow::Result<Claims> {
    let mut gold = Claims::default();
    for row in dataset.annotations() {
        let row = row?;
        if row.set == "gold" && row.line.provenance.status.counts() {
            gold.annotate(row.doc_id, row.line.annotation);
        }
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
) -> anyhow::Result<Option<Claims>> {
    for info in dataset.runs()? {
        let holds = |one: &SystemInfo| one.name == system && one.predictions == hash;
        if info.systems.iter().any(holds) {
            return read(&Run::open(dataset, &info.run_id)?, system).map(Some);
        }
    }
    Ok(None)
}

fn newest(dataset: &Dataset, system: &str) -> anyhow::Result<Option<Claims>> {
    let run = joins::newest_run(dataset, system)?;
    run.map(|run| read(&run, system)).transpose()
}

fn read(run: &Run, system: &str) -> anyhow::Result<Claims> {
    let mut answers = Claims::default();
    for row in run.predictions() {
        let row = row?;
        if row.system == system {
            answers.answer(row);
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

/// Characters of the text that are shown on each side of an answer.
const AROUND: usize = 30;
/// Characters that are shown of an answer: a block is a paragraph.
const INSIDE: usize = 80;

/// How cases are written.
struct Shown<'s> {
    args: &'s Args,
    texts: &'s BTreeMap<Digest, String>,
    colour: bool,
}

impl Shown<'_> {
    fn heading(&self, text: &str) -> String {
        match self.args.format.format {
            Format::Md => format!("## {text}\n"),
            _ => text.to_owned(),
        }
    }

    /// One case for people.
    fn case(&self, case: &Case) -> String {
        let mut head = format!("{} {} {}", case.system, case.word, case.doc);
        if let Some(row) = &case.moved {
            let source = row.source.as_deref().unwrap_or("–");
            let counts = |c: goldpress_model::Counts| {
                format!("{}/{}/{}", c.found, c.spurious, c.missed)
            };
            let (base, now) = (counts(row.base), counts(row.now));
            head.push_str(&format!(
                " {source} · {}/{} · tp/fp/fn {base} → {now}",
                row.layer, row.metric
            ));
        } else {
            head.push_str(&format!(" · {}", case.layer));
        }
        let is_md = self.args.format.format == Format::Md;
        let mut out = if is_md { format!("### {head}\n\n") } else { format!("{head}\n") };
        if is_md {
            out.push_str("```diff\n");
        }
        match &case.changes {
            None => out.push_str("  one of the two runs is not here: counts alone\n"),
            Some(changes) if changes.is_empty() => {
                out.push_str("  the answers are equal: attributes or arguments moved\n");
            }
            Some(changes) => {
                for change in changes {
                    out.push_str(&self.line(case, change));
                }
            }
        }
        out.push_str(if is_md { "```\n\n" } else { "\n" });
        out
    }

    /// One line of the diff: sign, kind, label, and the words where they stand.
    fn line(&self, case: &Case, change: &Change) -> String {
        let sign = change.side.sign();
        // A diff in Markdown knows signs in the first column alone.
        let lead = if change.side == Side::Gold { "!" } else { sign };
        let is_md = self.args.format.format == Format::Md;
        let sign = if is_md { lead } else { sign };
        let words = self.words(case, change);
        let line =
            format!("{sign:<4} {:<8} {:<16} {words}", change.kind, change.claim.label);
        let colour = match change.side {
            Side::Before => AnsiColor::Red,
            Side::Now => AnsiColor::Green,
            Side::Both => AnsiColor::Yellow,
            Side::Gold => AnsiColor::Cyan,
        };
        match self.colour && !is_md {
            true => {
                let style = colour.on_default();
                format!("{style}{line}{style:#}\n")
            }
            false => format!("{line}\n"),
        }
    }

    /// The words of an answer between brackets, in their line of the text.
    fn words(&self, case: &Case, change: &Change) -> String {
        let claim = &change.claim;
        let place = claim.fragments.first().zip(claim.fragments.last());
        let (Some((first, last)), Some(text)) = (place, self.texts.get(&case.doc)) else {
            return goldpress_report::visible(&claim.text);
        };
        let index = CharIndex::new(text);
        let range = CharRange { start: first.start, end: last.end };
        let Ok(span) = index.span(range) else {
            return goldpress_report::visible(&claim.text);
        };
        let before = text[..span.start()].rsplit('\n').next().unwrap_or_default();
        let after = text[span.end()..].split('\n').next().unwrap_or_default();
        let n_before = before.chars().count();
        let before: String =
            before.chars().skip(n_before.saturating_sub(AROUND)).collect();
        let words = match case.layer == layer::BLOCK {
            true => cut(span.slice(text), INSIDE),
            false => span.slice(text).to_owned(),
        };
        let cut_before = if n_before > AROUND { "…" } else { "" };
        let told = format!("{cut_before}{before}[{words}]{}", cut(after, AROUND));
        goldpress_report::visible(&told)
    }

    /// All lines of all cases, for machines.
    fn table(&self, cases: &[Case]) -> Table {
        let mut table = Table::new(&[
            ("system", Align::Left),
            ("moved", Align::Left),
            ("doc_id", Align::Left),
            ("source", Align::Left),
            ("layer", Align::Left),
            ("side", Align::Left),
            ("kind", Align::Left),
            ("label", Align::Left),
            ("start", Align::Right),
            ("end", Align::Right),
            ("text", Align::Left),
        ]);
        for case in cases {
            let source = case.moved.as_ref().and_then(|row| row.source.clone());
            for change in case.changes.iter().flatten() {
                let claim = &change.claim;
                let offset = |at: Option<u32>| {
                    at.map_or_else(Cell::empty, |at| Cell::count(u64::from(at)))
                };
                table.push(vec![
                    Cell::text(&case.system),
                    Cell::text(case.word),
                    Cell::text(case.doc.to_string()),
                    source.as_ref().map_or_else(Cell::empty, Cell::text),
                    Cell::text(&case.layer),
                    Cell::text(change.side.sign()),
                    Cell::text(change.kind),
                    Cell::text(&claim.label),
                    offset(claim.fragments.first().map(|range| range.start)),
                    offset(claim.fragments.last().map(|range| range.end)),
                    Cell::text(&claim.text),
                ]);
            }
        }
        table
    }
}

/// The beginning of a text, with a sign where it goes on.
fn cut(text: &str, n_chars: usize) -> String {
    match text.char_indices().nth(n_chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
