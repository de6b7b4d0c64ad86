//! `goldpress dedup`: exact and near-duplicate clusters, as data.

use anyhow::Context;
use goldpress_dataset::{Cluster, Clusters, DedupOptions};
use goldpress_report::{Align, Cell, Table};
use goldpress_store::Dataset;

use crate::{
    console::Console,
    exit::{Exit, Refusal},
    joins,
    shared::{DatasetArg, FormatArg, size},
};

/// Find exact and near-duplicate articles and write them down as clusters
///
/// Writes `dedup.parquet`, a row a document: its cluster, whether it is the one to keep
/// (the first in input order), and how similar it is to that one. Nothing is left out:
/// what becomes of copies is the matter of whoever reads the table. Bodies are compared by
/// shingles of words, by characters where a script has no spaces.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    near: NearArgs,

    /// Clusters to show, the largest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,

    #[command(flatten)]
    format: FormatArg,
}

/// What a near-duplicate is.
#[derive(Debug, clap::Args)]
pub(crate) struct NearArgs {
    /// Least share of shingles that a near-duplicate has in common with the one kept
    #[arg(long, value_name = "SHARE", default_value_t = DedupOptions::default().threshold)]
    threshold: f32,

    /// Words of a shingle
    #[arg(long, value_name = "WORDS", default_value_t = DedupOptions::default().shingle)]
    shingle: usize,

    /// Memory for the keys by which copies meet; beyond it they are sorted on disk
    #[arg(long, value_name = "BYTES", default_value = "512MiB", value_parser = size)]
    memory: usize,
}

impl NearArgs {
    /// The options that these ask for.
    fn options(&self) -> anyhow::Result<DedupOptions> {
        if !(0.0..=1.0).contains(&self.threshold) || self.shingle == 0 {
            let found = format!("{} and {} words", self.threshold, self.shingle);
            return Err(Refusal::error(
                format!(
                    "a share lies between 0 and 1 and a shingle has words, not {found}"
                ),
                "for example --threshold 0.6 --shingle 5",
            ));
        }
        Ok(DedupOptions {
            shingle: self.shingle,
            threshold: self.threshold,
            memory: self.memory,
        })
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot find duplicates in `{}`", root.display());
    let options = args.near.options().with_context(context)?;
    let dataset = Dataset::open(root).with_context(context)?;
    let mut found = joins::dedup(&dataset, &options).with_context(context)?;
    let n_shown = args.top.min(found.clusters.len());
    let shown = &mut found.clusters[..n_shown];
    goldpress_dataset::add_headlines(shown, &dataset).with_context(context)?;
    console.table(&table(shown), args.format.format)?;
    console.note(account(&found))?;
    Ok(Exit::Done)
}

fn table(clusters: &[Cluster]) -> Table {
    let mut table = Table::new(&[
        ("keeper", Align::Left),
        ("articles", Align::Right),
        ("outlets", Align::Right),
        ("least similarity", Align::Right),
        ("headline", Align::Left),
    ]);
    for cluster in clusters {
        table.push(vec![
            Cell::text(cluster.keeper.to_string()),
            Cell::count(cluster.n_articles),
            Cell::count(cluster.n_sources),
            Cell::ratio(Some(f64::from(cluster.least))),
            cluster.headline.as_ref().map_or_else(Cell::empty, Cell::text),
        ]);
    }
    table
}

/// What was found, in one line.
pub(crate) fn account(found: &Clusters) -> String {
    let (count, counted) = (goldpress_report::count, goldpress_report::counted);
    let n_kept = found.rows.iter().filter(|row| row.keeper).count() as u64;
    let n_articles = n_kept + found.n_exact + found.n_near;
    format!(
        "{}: {} kept · {} exact and {} in {}",
        counted(n_articles, "article"),
        count(n_kept),
        count(found.n_exact),
        counted(found.n_near, "near-duplicate"),
        counted(found.clusters.len() as u64, "cluster"),
    )
}
