//! What the verbs of `goldpress label` share: how they end, count and report.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use goldpress_label::{ExitClass, ImportError, LabelError};
use goldpress_model::CharRange;
use goldpress_store::atomic;
use serde_json::Value;

pub(super) use crate::shared::known_set;
use crate::{
    console::Console,
    exit::{Exit, Refusal},
};

/// Names of tag schemes.
pub(crate) const SCHEMES: [&str; 7] =
    ["iob1", "iob2", "ioe1", "ioe2", "iobes", "bilou", "io"];

/// Ends a verb that could not do its work, with the exit code that the error asks for.
///
/// A [`goldpress_label::LabelError`] is one of the errors of an import, so that every verb
/// ends alike.
pub(super) fn end(
    error: impl Into<ImportError>,
    verb: &str,
    context: String,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let error = error.into();
    match error.exit_class() {
        ExitClass::Usage => {
            let hint = match &error {
                ImportError::Labels(LabelError::Locked { .. }) => {
                    "run the command again once that one has ended".to_owned()
                }
                _ => format!("goldpress label {verb} --help"),
            };
            Err(Refusal::error(error.to_string(), hint)).context(context)
        }
        ExitClass::Faults => {
            console.report(&anyhow::Error::from(error).context(context));
            writeln!(console.notes, "\nhint: goldpress label check lists every fault")?;
            Ok(Exit::Faults)
        }
        ExitClass::Refused => Err(error).context(context),
    }
}

/// `30..41`, or `30..34,40..41` of a span in pieces.
pub(super) fn ranges(fragments: &[CharRange]) -> String {
    let each = fragments.iter().map(|range| format!("{}..{}", range.start, range.end));
    each.collect::<Vec<_>>().join(",")
}

/// `field 1 · note 2`.
pub(super) fn losses(lost: &BTreeMap<&'static str, u64>) -> String {
    let told: Vec<String> =
        lost.iter().map(|(feature, n)| format!("{feature} {n}")).collect();
    told.join(" · ")
}

/// Writes a report as JSON, one line.
pub(super) fn save_report(path: &Path, report: &Value) -> anyhow::Result<()> {
    let text = goldpress_store::json::canonical(report) + "\n";
    atomic::write(path, text.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))
}
