//! The trait that every built-in competitor implements, and the list of them.

use goldpress_model::Extraction;

use crate::attribution::AttributionRules;
use crate::blocks::BlocksRules;
use crate::content::{AllText, Density, Readability};
use crate::entity::{CapitalisedRuns, Gazetteer};
use crate::hedge::HedgeLexicon;
use crate::metadata::MetadataRules;
use crate::timex::{MonthNames, TimexRules};
use crate::{Task, View};

/// A system that is built in: a pure function from a view to an extraction.
///
/// Total: there is no view for which it may panic. Answers are sorted, quote the text of
/// the view, and depend on nothing else.
pub trait Extractor: Sync {
    /// Key in every stored result; it names what the system does.
    fn name(&self) -> &'static str;

    /// Rises whenever answers may change.
    fn version(&self) -> &'static str;

    /// Tasks it serves.
    fn tasks(&self) -> &'static [Task];

    /// Why it cannot serve this view at all, if so: the outcome `unsupported`.
    fn refuses(&self, _view: View<'_>) -> Option<String> {
        None
    }

    /// What it finds.
    fn extract(&self, view: View<'_>) -> Extraction;
}

/// Every built-in, by task.
pub const EXTRACTORS: &[&dyn Extractor] = &[
    &AllText,
    &Density,
    &Readability,
    &BlocksRules,
    &MetadataRules,
    &CapitalisedRuns,
    &Gazetteer,
    &MonthNames,
    &TimexRules,
    &AttributionRules,
    &HedgeLexicon,
];

/// The built-in of that name.
pub fn extractor(name: &str) -> Option<&'static dyn Extractor> {
    EXTRACTORS.iter().copied().find(|extractor| extractor.name() == name)
}

/// The built-ins that serve a task, in the order of the list.
pub fn extractors_for(task: Task) -> impl Iterator<Item = &'static dyn Extractor> {
    EXTRACTORS.iter().copied().filter(move |extractor| extractor.tasks().contains(&task))
}
