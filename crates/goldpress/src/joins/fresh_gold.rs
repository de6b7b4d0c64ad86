//! Gold as the label files have it now: compiled anew where they changed since.

use goldpress_label::{BuildError, Compiled, Finding, compiled};
use goldpress_store::Dataset;

use super::gold::{Gold, SET};
use crate::{console::Console, exit::Refusal};

/// Reads gold, after compiling it where label files or the schema changed; what was done is
/// said. Label files with errors compile to nothing: these are handed back.
///
/// # Errors
///
/// As [`Gold::read`]; and a label file or the table cannot be read or written.
pub(crate) fn fresh_gold(
    dataset: &Dataset,
    console: &mut Console,
) -> anyhow::Result<Result<Gold, Vec<Finding>>> {
    if let Some(why) = stale(dataset)? {
        match goldpress_label::build(dataset) {
            Ok(report) => console.note(format!(
                "gold is compiled anew, since {why}: {} from {}",
                goldpress_report::counted(report.n_rows(), "row"),
                goldpress_report::counted(report.n_files as u64, "label file")
            ))?,
            Err(BuildError::Faults(faults)) => return Ok(Err(faults)),
            Err(error) => return Err(error.into()),
        }
    }
    Gold::read(dataset).map(Ok)
}

/// Refuses compiled gold that is not what the label files say.
///
/// # Errors
///
/// It is not, as a refusal; or something cannot be read.
pub(crate) fn refuse_stale_gold(dataset: &Dataset) -> anyhow::Result<()> {
    match stale(dataset)? {
        None => Ok(()),
        Some(why) => {
            let hint = format!("goldpress eval {}", dataset.root().display());
            Err(Refusal::error(format!("{why} since the last evaluation"), hint))
        }
    }
}

/// Why compiled gold is not what the label files say; `None` where it is.
fn stale(dataset: &Dataset) -> anyhow::Result<Option<&'static str>> {
    Ok(match compiled(dataset, SET)? {
        Compiled::Current => None,
        Compiled::Never => Some("it was not compiled yet"),
        Compiled::Changed => Some("label files changed"),
        Compiled::OtherSchema => Some("the schema changed"),
    })
}
