//! `goldpress stats`: what is in a dataset.

use crate::{
    console::Console,
    exit::Exit,
    shared::{DatasetArg, FormatArg},
};

/// What is in a dataset: languages, sources, lengths, roles, flaws, rejects
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    format: FormatArg,
}

#[cfg(feature = "dataset")]
pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    use anyhow::Context;
    use goldpress_store::Dataset;

    use crate::shared::Format;

    let root = &args.dataset.dataset;
    let context = || format!("cannot sum up `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    let stats = goldpress_sql::stats(&dataset).with_context(context)?;
    if args.format.format == Format::Json {
        serde_json::to_writer(&mut console.out, &stats)?;
        writeln!(console.out)?;
        return Ok(Exit::Done);
    }
    console.table(&tables::of(&stats), args.format.format)?;
    Ok(Exit::Done)
}

#[cfg(not(feature = "dataset"))]
pub(crate) fn run(_: &Args, _: &mut Console) -> anyhow::Result<Exit> {
    Err(super::without_dataset("stats"))
}

#[cfg(feature = "dataset")]
mod tables {
    use goldpress_report::{Align, Cell, Table};
    use goldpress_sql::{Group, Quantiles, Stats};

    /// Values shown of a column with many; the rest is one row.
    const SHOWN: usize = 12;

    /// One tidy table: what is counted, its value, how many, which share.
    pub(super) fn of(stats: &Stats) -> Table {
        let mut table = Table::new(&[
            ("what", Align::Left),
            ("value", Align::Left),
            ("n", Align::Right),
            ("share", Align::Right),
        ]);
        let articles = stats.n_articles;
        for (value, n) in [
            ("articles", articles),
            ("rejects", stats.n_rejects),
            ("duplicates", stats.n_duplicates),
        ] {
            let share = (stats.n_records > 0).then(|| n as f64 / stats.n_records as f64);
            push(&mut table, "records", value, Cell::count(n), share);
        }
        for (what, groups) in [
            ("language", &stats.languages),
            ("source", &stats.sources),
            ("year", &stats.years),
            ("format", &stats.formats),
            ("preset", &stats.presets),
            ("charset", &stats.charsets),
            ("role", &stats.roles),
            ("flaw", &stats.flaws),
            ("reject", &stats.rejects),
        ] {
            groups_of(&mut table, what, groups);
        }
        for field in &stats.fields {
            push(
                &mut table,
                "field",
                field.field,
                Cell::count(field.n),
                Some(field.share),
            );
        }
        for (what, quantiles) in [
            ("characters", &stats.chars),
            ("words", &stats.words),
            ("sentences", &stats.sentences),
        ] {
            quantiles_of(&mut table, what, quantiles.as_ref());
        }
        table
    }

    fn groups_of(table: &mut Table, what: &str, groups: &[Group]) {
        let total: u64 = groups.iter().map(|group| group.n).sum();
        let share = |n: u64| (total > 0).then(|| n as f64 / total as f64);
        for group in groups.iter().take(SHOWN) {
            let name = group.name.as_deref().unwrap_or("–");
            push(table, what, name, Cell::count(group.n), share(group.n));
        }
        let rest: u64 = groups.iter().skip(SHOWN).map(|group| group.n).sum();
        if rest > 0 {
            let name = format!("{} others", groups.len() - SHOWN);
            push(table, what, &name, Cell::count(rest), share(rest));
        }
    }

    fn quantiles_of(table: &mut Table, what: &str, quantiles: Option<&Quantiles>) {
        let Some(q) = quantiles else { return };
        for (value, n) in [
            ("min", q.min),
            ("p10", q.p10),
            ("median", q.p50),
            ("p90", q.p90),
            ("max", q.max),
        ] {
            push(table, what, value, Cell::count(n), None);
        }
    }

    fn push(table: &mut Table, what: &str, value: &str, n: Cell, share: Option<f64>) {
        let is_again = table.rows().last().is_some_and(|row| row[0].is_value(what));
        let what = if is_again { Cell::repeated(what) } else { Cell::text(what) };
        table.push(vec![what, Cell::text(value), n, Cell::ratio(share)]);
    }
}
