//! `goldpress query`: SQL over a dataset's tables.

use std::path::PathBuf;

use crate::{
    console::Console,
    exit::Exit,
    shared::{DatasetArg, FormatArg},
};

/// SQL over a dataset's tables
///
/// Tables: articles, raw, rejects, annotations, dedup, predictions, timings, counts, as far
/// as the dataset holds them; those of runs have a column `run_id`. The dialect is close to
/// that of DuckDB. Examples:
///
///     goldpress query news "SHOW TABLES"
///     goldpress query news "DESCRIBE articles"
///     goldpress query news "SUMMARIZE articles"
///     goldpress query news "SELECT lang, COUNT(*) FROM articles GROUP BY lang"
///     goldpress query news "SELECT doc_id, text FROM articles" -o texts.parquet
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

    /// Write the answer to a file: .txt, .json, .jsonl, .csv, .md or .parquet
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
}

#[cfg(feature = "dataset")]
pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    use anyhow::Context;
    use goldpress_sql::Runs;
    use goldpress_store::{Dataset, atomic};

    let context = || format!("cannot query `{}`", args.dataset.dataset.display());
    let sql = match args.sql.as_str() {
        "-" => {
            std::io::read_to_string(std::io::stdin()).context("cannot read the query")?
        }
        sql => sql.to_owned(),
    };
    let target = args.output.as_deref().map(answers::target_of).transpose()?;
    let dataset = Dataset::open(&args.dataset.dataset).with_context(context)?;
    let runs = match args.run.as_str() {
        "all" => Runs::All,
        "latest" => Runs::Latest,
        run => Runs::One(run.to_owned()),
    };
    let format = match target {
        Some((path, answers::Target::Parquet)) => {
            let bytes = answers::parquet(&dataset, &sql, &runs).with_context(context)?;
            let named = || format!("cannot write `{}`", path.display());
            atomic::write(path, &bytes).with_context(named)?;
            return Ok(Exit::Done);
        }
        Some((_, answers::Target::Text(format))) => format,
        None => args.format.format,
    };
    let answer = goldpress_sql::query(&dataset, &sql, &runs)
        .map_err(|error| crate::joins::sql_refusal(&error))
        .with_context(context)?;
    let table = answers::table(answer)?;
    match target {
        Some((path, _)) => atomic::write(path, table.render(format.into()).as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?,
        None => console.table(&table, format)?,
    }
    Ok(Exit::Done)
}

#[cfg(feature = "dataset")]
mod answers {
    use std::path::Path;

    use clap::ValueEnum;
    use goldpress_report::{Align, Cell, Table};
    use goldpress_sql::{Cell as Value, Runs, Table as Answer};
    use goldpress_store::Dataset;

    use crate::{exit::Refusal, shared::Format};

    /// What is written to a file.
    #[derive(Debug, Clone, Copy)]
    pub(super) enum Target {
        Text(Format),
        Parquet,
    }

    /// The format that a file's name asks for.
    pub(super) fn target_of(path: &Path) -> anyhow::Result<(&Path, Target)> {
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        let format = match end {
            "parquet" => Some(Target::Parquet),
            "txt" => Some(Target::Text(Format::Text)),
            end => Format::from_str(end, true).ok().map(Target::Text),
        };
        let format = format.ok_or_else(|| {
            Refusal::error(
                format!("the name of `{}` tells no format", path.display()),
                "one of: .txt, .json, .jsonl, .csv, .md, .parquet",
            )
        })?;
        Ok((path, format))
    }

    pub(super) fn parquet(
        dataset: &Dataset,
        sql: &str,
        runs: &Runs,
    ) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        goldpress_sql::query_to_parquet(dataset, sql, runs, &mut bytes)
            .map_err(|error| crate::joins::sql_refusal(&error))?;
        Ok(bytes)
    }

    /// A table to be printed, numbers on the right.
    pub(super) fn table(answer: Answer) -> anyhow::Result<Table> {
        let align = |n: usize| {
            let mut cells = answer.rows.iter().map(|row| &row[n]);
            let is_number = cells.all(|cell| {
                matches!(cell, Value::Integer(_) | Value::Float(_) | Value::Null)
            });
            if is_number && !answer.rows.is_empty() { Align::Right } else { Align::Left }
        };
        let names = answer.columns.iter().enumerate();
        let columns: Vec<(&str, Align)> =
            names.map(|(n, name)| (name.as_str(), align(n))).collect();
        let mut table = Table::new(&columns);
        for row in &answer.rows {
            let cells: Result<Vec<Cell>, _> = row
                .iter()
                .map(|cell| serde_json::to_value(cell).map(Cell::json))
                .collect();
            table.push(cells?);
        }
        Ok(table)
    }
}

#[cfg(not(feature = "dataset"))]
pub(crate) fn run(_: &Args, _: &mut Console) -> anyhow::Result<Exit> {
    Err(super::without_dataset("query"))
}
