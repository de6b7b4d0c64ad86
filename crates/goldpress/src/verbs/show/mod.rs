//! `goldpress show`: one article as a person reads it, or a list of all.

mod json;
mod list;

use std::io::Write;

use anyhow::Context;
use goldpress_label::{GOLD, LabelName, LabelSets};
use goldpress_model::{Annotation, Article, CharIndex, Digest, Status, layer};
use goldpress_report::{Align, ArticleStyle, Cell, Table, article_text};
use goldpress_store::{Dataset, labels::LabelLine};

use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::{DatasetArg, FormatArg, known_layers, known_set},
};

/// Show one article as a person reads it: roles, fields, annotations
///
/// Each line of the article stands with its role in the margin. Gold is marked in the
/// text, or with `--set` what somebody labelled, or with `--system` what a system predicted
/// in its newest run. Control characters never reach the terminal.
///
/// `--list` names the articles and what is labelled in each; `--format json` gives an
/// article with its text, blocks, fields and annotations to programs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// Which article: the beginning of its doc_id, or a part of its file's name
    ///
    /// Without it, the first.
    #[arg(value_name = "ARTICLE")]
    article: Option<String>,

    /// Only annotations of these layers
    #[arg(long = "layer", value_name = "LAYER", value_delimiter = ',')]
    layers: Vec<String>,

    /// Show the labels of this set instead of gold: a person's name, or a system's `@name`
    #[arg(long, value_name = "SET")]
    set: Option<String>,

    /// Show what this system predicted instead of gold
    #[arg(long, value_name = "NAME", conflicts_with = "set")]
    system: Option<String>,

    /// Every article that fits, not the first alone
    #[arg(long)]
    all: bool,

    /// List the articles that fit instead: doc_id, file, headline, and what is labelled
    #[arg(long, conflicts_with_all = ["system", "layers", "all"])]
    list: bool,

    /// List the rejects instead: file, record, byte offset, reason
    #[arg(long, conflicts_with_all = ["article", "system", "set", "layers", "all", "list"])]
    rejects: bool,

    #[command(flatten)]
    format: FormatArg,

    /// Columns to wrap at; by default those of the terminal, 100 at the most
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot show an article of `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    if args.rejects {
        let table = rejects(&dataset).with_context(context)?;
        console.table(&table, args.format.format)?;
        return Ok(Exit::Done);
    }
    if let Some(set) = &args.set {
        known_set(root, set).with_context(context)?;
    }
    if args.list {
        let table = list::table(&dataset, args).with_context(context)?;
        console.table(&table, args.format.format)?;
        return Ok(Exit::Done);
    }
    // What a system answered may be of layers of its own.
    if !args.layers.is_empty() && args.system.is_none() {
        let schema = joins::schema_of(root).with_context(context)?;
        known_layers(&schema, &args.layers).with_context(context)?;
    }
    let shown = each(&dataset, args, console).with_context(context)?;
    if shown == 0 {
        return Err(nothing(args.article.as_deref())).with_context(context);
    }
    Ok(Exit::Done)
}

/// Shows every article that fits, or the first alone; says how many there were.
fn each(dataset: &Dataset, args: &Args, console: &mut Console) -> anyhow::Result<usize> {
    let mut out = json::Output::of(args.format.format, args.all)?;
    let mut shown = 0;
    for article in dataset.articles() {
        let article = article?;
        if !fits(&article, args.article.as_deref()) {
            continue;
        }
        match &mut out {
            Some(out) => out.put(dataset, &article, args, &mut console.out)?,
            None => {
                if shown > 0 {
                    writeln!(console.out)?;
                }
                one(dataset, &article, args, console)?;
            }
        }
        shown += 1;
        if !args.all {
            break;
        }
    }
    if let Some(out) = out {
        out.finish(&mut console.out)?;
    }
    Ok(shown)
}

/// An article with its gold, for another verb; nothing where it is not there.
pub(crate) fn whole(
    dataset: &Dataset,
    doc: Digest,
    colour: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for article in dataset.articles() {
        let article = article?;
        if article.doc_id() == doc {
            let mut marks = labelled(dataset, &article, GOLD)?;
            marks.retain(is_no_margin);
            let style = ArticleStyle { width: terminal_width(), colour };
            writeln!(out, "{}", article_text(&article, &marks, style))?;
            break;
        }
    }
    Ok(())
}

/// The margin tells roles already, and the head the fields.
fn is_no_margin(mark: &Annotation) -> bool {
    mark.layer != layer::BLOCK && mark.layer != layer::METADATA
}

fn one(
    dataset: &Dataset,
    article: &Article,
    args: &Args,
    console: &mut Console,
) -> anyhow::Result<()> {
    let mut marks = match &args.system {
        Some(system) => predicted(dataset, article, system)?,
        None => labelled(dataset, article, args.set.as_deref().unwrap_or(GOLD))?,
    };
    let wanted = |mark: &Annotation| match args.layers.as_slice() {
        [] => is_no_margin(mark),
        layers => layers.contains(&mark.layer),
    };
    marks.retain(wanted);
    let width = args.width.unwrap_or_else(terminal_width);
    let style = ArticleStyle { width, colour: console.colour };
    write!(console.out, "{}", article_text(article, &marks, style))?;
    Ok(())
}

fn fits(article: &Article, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| joins::is_meant(article, wanted))
}

fn nothing(wanted: Option<&str>) -> anyhow::Error {
    match wanted {
        Some(wanted) => Refusal::error(
            format!("no article has a doc_id or a file like `{wanted}`"),
            "every article: goldpress show DATASET --list",
        ),
        None => Refusal::error(
            "it holds no article",
            "the reasons: goldpress show DATASET --rejects",
        ),
    }
}

fn rejects(dataset: &Dataset) -> anyhow::Result<Table> {
    let mut table = Table::new(&[
        ("file", Align::Left),
        ("record", Align::Right),
        ("byte_offset", Align::Right),
        ("n_bytes", Align::Right),
        ("reason", Align::Left),
        ("detail", Align::Left),
    ]);
    let count = |n: Option<u64>| n.map_or_else(Cell::empty, Cell::count);
    for reject in dataset.rejects() {
        let reject = reject?;
        table.push(vec![
            Cell::text(reject.file),
            count(reject.record),
            count(reject.byte_offset),
            Cell::count(reject.n_bytes),
            Cell::text(reject.reason.name()),
            Cell::text(reject.detail),
        ]);
    }
    Ok(table)
}

/// What a set says of an article: its label file, else what was compiled of one that is
/// gone.
fn labelled(
    dataset: &Dataset,
    article: &Article,
    set: &str,
) -> anyhow::Result<Vec<Annotation>> {
    let name = LabelName { set: set.to_owned(), doc: article.doc_id() };
    let lines = match LabelSets::of(dataset.root()).read(&name)? {
        Some(file) => file.lines,
        None => compiled(dataset, &name)?,
    };
    let index = CharIndex::new(article.text());
    let is_shown = |line: &LabelLine| {
        let status = line.provenance.status;
        line.annotation.layer != layer::REVIEW
            && (status.counts() || status == Status::Suggested)
    };
    let marks = lines.into_iter().filter(is_shown);
    Ok(marks.map(|line| line.annotation.check(&index)).collect::<Result<_, _>>()?)
}

fn compiled(dataset: &Dataset, name: &LabelName) -> anyhow::Result<Vec<LabelLine>> {
    let mut lines = Vec::new();
    for row in dataset.annotations() {
        let row = row?;
        if row.doc_id == name.doc && row.set == name.set {
            lines.push(row.line);
        }
    }
    Ok(lines)
}

fn predicted(
    dataset: &Dataset,
    article: &Article,
    system: &str,
) -> anyhow::Result<Vec<Annotation>> {
    let index = CharIndex::new(article.text());
    let Some(run) = crate::joins::newest_run(dataset, system)? else {
        return Err(Refusal::error(
            format!("there is no run of `{system}`"),
            format!("goldpress extract {} --system {system}", dataset.root().display()),
        ));
    };
    let mut marks = Vec::new();
    for row in run.predictions() {
        let row = row?;
        if row.system == system && row.doc_id == article.doc_id() {
            // A malformed annotation has no place to be shown at.
            marks.extend(
                row.annotations.into_iter().filter_map(|one| one.check(&index).ok()),
            );
        }
    }
    Ok(marks)
}

/// Columns of the terminal, at the most 100: longer lines are hard to read.
fn terminal_width() -> usize {
    let columns =
        rustix::termios::tcgetwinsize(std::io::stdout()).map(|size| size.ws_col);
    columns
        .ok()
        .filter(|columns| *columns > 0)
        .map_or(100, |columns| usize::from(columns).min(100))
}
