//! `goldpress verify`: manifest, hashes, offsets, schema versions.

use std::collections::BTreeMap;

use anyhow::Context;
use goldpress_report::{Align, Cell, Table};
use goldpress_store::{Dataset, Fault};
use serde_json::{Value, json};

use crate::{
    console::Console,
    exit::Exit,
    shared::{DatasetArg, Format, FormatArg},
};

/// Check a dataset: manifest, hashes, offsets, schema versions
///
/// Reads every table, recomputes every hash, and checks that articles and rejects add up
/// to the records that were read. Exit code 6 when something does not hold. With
/// `--format json` prints one object: what was verified, and every fault.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,

    #[command(flatten)]
    format: FormatArg,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let dataset = Dataset::open(root)
        .with_context(|| format!("cannot verify `{}`", root.display()))?;
    let faults = goldpress_store::verify(&dataset);
    if args.format.format == Format::Json {
        writeln!(console.out, "{:#}", as_json(&dataset, &faults))?;
        let ended = if faults.is_empty() { Exit::Done } else { Exit::Faults };
        return Ok(ended);
    }
    if faults.is_empty() {
        console.note(format!("{} holds", root.display()))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[("file", Align::Left), ("fault", Align::Left)]);
    for fault in &faults {
        table.push(vec![
            Cell::text(fault.path.display().to_string()),
            Cell::text(&fault.message),
        ]);
    }
    console.table(&table, args.format.format)?;
    console.note(goldpress_report::counted(faults.len() as u64, "fault"))?;
    Ok(Exit::Faults)
}

/// What was verified, and what does not hold.
fn as_json(dataset: &Dataset, faults: &[Fault]) -> Value {
    let manifest = dataset.manifest();
    let tables: BTreeMap<&str, Value> = manifest
        .tables
        .iter()
        .map(|(name, table)| {
            let (rows, parts) = (table.rows, table.parts.len());
            (name.as_str(), json!({"parts": parts, "rows": rows}))
        })
        .collect();
    let told = faults.iter().map(
        |fault| json!({"fault": fault.message, "file": fault.path.display().to_string()}),
    );
    json!({
        "articles": manifest.n_articles,
        "articles_hash": manifest.articles_hash(),
        "dataset": dataset.root().display().to_string(),
        "faults": told.collect::<Vec<_>>(),
        "holds": faults.is_empty(),
        "normaliser": manifest.normaliser,
        "records": manifest.n_records,
        "rejects": manifest.n_rejects,
        "tables": tables,
    })
}
