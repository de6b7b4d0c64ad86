//! `goldpress show`: one article as a person reads it.

use std::io::Write;

use anyhow::Context;
use goldpress_model::{Annotation, Article, CharIndex, Digest, layer};
use goldpress_report::{Align, ArticleStyle, Cell, Table, article_text};
use goldpress_store::Dataset;

use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::{DatasetArg, Format, FormatArg, known_layers},
};

/// Show one article as a person reads it: roles, fields, annotations
///
/// Each line of the article stands with its role in the margin. Gold is marked in the
/// text, or with `--system` what a system predicted in its newest run. Control characters
/// never reach the terminal.
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

    /// Show what this system predicted instead of gold
    #[arg(long, value_name = "NAME")]
    system: Option<String>,

    /// Every article that fits, not the first alone
    #[arg(long)]
    all: bool,

    /// List the rejects instead: file, record, byte offset, reason
    #[arg(long, conflicts_with_all = ["article", "system", "layers", "all"])]
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
        write!(console.out, "{}", table.render(args.format.format.into()))?;
        return Ok(Exit::Done);
    }
    if args.format.format != Format::Text {
        let hint = "rows for programs: goldpress query, or the Parquet tables themselves";
        return Err(Refusal::error("an article is shown as text alone", hint))
            .with_context(context);
    }
    // What a system answered may be of layers of its own.
    if !args.layers.is_empty() && args.system.is_none() {
        let schema = joins::schema_of(root).with_context(context)?;
        known_layers(&schema, &args.layers).with_context(context)?;
    }
    let mut shown = 0;
    for article in dataset.articles() {
        let article = article.with_context(context)?;
        if !fits(&article, args.article.as_deref()) {
            continue;
        }
        if shown > 0 {
            writeln!(console.out)?;
        }
        shown += 1;
        one(&dataset, &article, args, console).with_context(context)?;
        if !args.all {
            break;
        }
    }
    if shown == 0 {
        return Err(nothing(args.article.as_deref())).with_context(context);
    }
    Ok(Exit::Done)
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
            let mut marks = gold(dataset, &article)?;
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
        None => gold(dataset, article)?,
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
    wanted.is_none_or(|wanted| {
        article.doc_id().to_string().starts_with(wanted)
            || article.parts().origin.file.contains(wanted)
    })
}

fn nothing(wanted: Option<&str>) -> anyhow::Error {
    match wanted {
        Some(wanted) => Refusal::error(
            format!("no article has a doc_id or a file like `{wanted}`"),
            "every article: goldpress show DATASET --all",
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

fn gold(dataset: &Dataset, article: &Article) -> anyhow::Result<Vec<Annotation>> {
    let index = CharIndex::new(article.text());
    let mut marks = Vec::new();
    for row in dataset.annotations() {
        let row = row?;
        let counts = row.line.provenance.status.counts();
        let is_gold = row.set == "gold" && row.line.annotation.layer != layer::REVIEW;
        if row.doc_id == article.doc_id() && is_gold && counts {
            marks.push(row.line.annotation.check(&index)?);
        }
    }
    Ok(marks)
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
