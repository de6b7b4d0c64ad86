//! `goldpress query`: SQL over a dataset's tables.

use crate::{
    console::Console,
    exit::Exit,
    shared::{DatasetArg, FormatArg},
};

/// SQL over a dataset's tables
///
/// Tables: articles, raw, rejects, annotations, dedup, predictions, timings, counts, as far
/// as the dataset holds them; those of runs have a column `run_id`. Example:
///
///     goldpress query news "SELECT lang, count(*) AS n FROM articles GROUP BY lang"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, allow_missing_positional = true)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    /// The query; `-` reads it from standard input
    sql: String,

    /// Which runs the tables of runs are read from: `all`, `latest` or a run_id
    #[arg(long, value_name = "RUN", default_value = "all")]
    run: String,

    #[command(flatten)]
    format: FormatArg,
}

#[cfg(feature = "dataset")]
pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    use anyhow::Context;
    use goldpress_dataset::Runs;
    use goldpress_report::{Align, Cell, Table};
    use goldpress_store::Dataset;

    let context = || format!("cannot query `{}`", args.dataset.dataset.display());
    let sql = match args.sql.as_str() {
        "-" => {
            std::io::read_to_string(std::io::stdin()).context("cannot read the query")?
        }
        sql => sql.to_owned(),
    };
    let dataset = Dataset::open(&args.dataset.dataset).with_context(context)?;
    let runs = match args.run.as_str() {
        "all" => Runs::All,
        "latest" => Runs::Latest,
        run => Runs::One(run.to_owned()),
    };
    let answer = goldpress_dataset::query(&dataset, &sql, &runs)
        .map_err(|error| crate::joins::sql_refusal(&error))
        .with_context(context)?;
    let columns: Vec<(&str, Align)> =
        answer.columns.iter().map(|name| (name.as_str(), Align::Left)).collect();
    let mut table = Table::new(&columns);
    for row in answer.rows {
        let cells: Result<Vec<Cell>, _> =
            row.iter().map(|cell| serde_json::to_value(cell).map(Cell::json)).collect();
        table.push(cells?);
    }
    write!(console.out, "{}", table.render(args.format.format.into()))?;
    Ok(Exit::Done)
}

#[cfg(not(feature = "dataset"))]
pub(crate) fn run(_: &Args, _: &mut Console) -> anyhow::Result<Exit> {
    Err(super::without_dataset("query"))
}
