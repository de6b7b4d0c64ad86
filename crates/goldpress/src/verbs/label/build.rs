//! `goldpress label build`: label files to one table.

use std::collections::BTreeMap;

use anyhow::Context;
use goldpress_label::BuildError;
use goldpress_store::Dataset;

use crate::{console::Console, exit::Exit, shared::DatasetArg};

/// Compile checked label files into annotations.parquet
///
/// The same labels give the same bytes. An error in a label file stops the build with
/// exit code 6, and the old table stays.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dataset: DatasetArg,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<Exit> {
    let root = &args.dataset.dataset;
    let context = || format!("cannot build the labels of `{}`", root.display());
    let dataset = Dataset::open(root).with_context(context)?;
    match goldpress_label::build(&dataset) {
        Ok(report) => {
            let mut sets: BTreeMap<&str, u64> = BTreeMap::new();
            for ((set, _), n) in &report.counts {
                *sets.entry(set).or_default() += n;
            }
            let sets: Vec<String> =
                sets.iter().map(|(set, n)| format!("{set} {n}")).collect();
            let counted = goldpress_report::counted;
            console.note(format!(
                "{} from {} · {} · {}",
                counted(report.n_rows(), "row"),
                counted(report.n_files as u64, "label file"),
                sets.join(", "),
                counted(report.warnings.len() as u64, "warning"),
            ))?;
            Ok(Exit::Done)
        }
        Err(BuildError::Faults(findings)) => {
            for finding in &findings {
                writeln!(console.out, "{finding}")?;
            }
            console.note(format!(
                "{}; annotations.parquet stays as it was",
                goldpress_report::counted(findings.len() as u64, "error")
            ))?;
            Ok(Exit::Faults)
        }
        Err(error) => Err(error).with_context(context),
    }
}
