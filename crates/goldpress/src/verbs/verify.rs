//! `goldpress verify`: manifest, hashes, offsets, schema versions.

use anyhow::Context;
use goldpress_report::{Align, Cell, Table};
use goldpress_store::Dataset;

use crate::{
    console::Console,
    exit::Exit,
    shared::{DatasetArg, FormatArg},
};

/// Check a dataset: manifest, hashes, offsets, schema versions
///
/// Reads every table, recomputes every hash, and checks that articles and rejects add up
/// to the records that were read. Exit code 6 when something does not hold.
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
    write!(console.out, "{}", table.render(args.format.format.into()))?;
    console.note(format!("{} faults", faults.len()))?;
    Ok(Exit::Faults)
}
