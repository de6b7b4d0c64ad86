//! The unit of a comparison: outlets where they can tell, else documents, with the reason.

use goldpress_model::Digest;

use super::{Compared, Comparison, Test, UnitChoice, clusters, compare};
use crate::{table::Table, verdict::Verdict};

/// Outlets that a comparison needs to speak of further outlets.
pub const AUTO_SOURCES: usize = 12;

/// What was swapped and resampled, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedUnit {
    /// The outlet; else the document.
    pub by_source: bool,
    /// Outlets of the documents; those without one are outlets of their own.
    pub n_sources: usize,
    /// Why it is the document where nobody asked for it.
    pub because: Option<String>,
}

/// Compares by the unit that is asked for; under [`UnitChoice::Auto`] by outlet where at
/// least twelve are informative for every headline that moved and a loss could have been
/// significant, else by document.
///
/// `sources` are the outlets of all documents.
pub fn compare_by(
    baseline: Option<&Table>,
    current: Option<&Table>,
    how: &Comparison<'_>,
    sources: &[(Digest, Option<&str>)],
    choice: UnitChoice,
) -> (Compared, ComparedUnit) {
    let run = |choice: UnitChoice| {
        let (clusters, by_source) = clusters(sources, choice);
        let how = Comparison { clusters, ..how.clone() };
        (compare(baseline, current, &how), by_source)
    };
    let n_sources = {
        let mut keys: Vec<&String> = Vec::new();
        let (clusters, _) = clusters(sources, UnitChoice::Source);
        keys.extend(clusters.values());
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    };
    let named = sources.iter().any(|(_, source)| source.is_some());
    let unit = |by_source: bool, because: Option<String>| ComparedUnit {
        by_source: by_source && named,
        n_sources: if named { n_sources } else { 0 },
        because,
    };
    if choice != UnitChoice::Auto || !named {
        let choice = if named { choice } else { UnitChoice::Document };
        let (compared, by_source) = run(choice);
        return (compared, unit(by_source, None));
    }
    if n_sources < AUTO_SOURCES {
        let (outlets, are) = outlets(n_sources);
        let because = format!("{outlets} {are} fewer than {AUTO_SOURCES}");
        return (run(UnitChoice::Document).0, unit(false, Some(because)));
    }
    let (compared, _) = run(UnitChoice::Source);
    match compared.tests.iter().find_map(unseen) {
        None => (compared, unit(true, None)),
        Some(because) => (run(UnitChoice::Document).0, unit(false, Some(because))),
    }
}

/// `1 outlet`, `3 outlets`, and the verb that follows.
fn outlets(n: usize) -> (String, &'static str) {
    match n {
        1 => ("1 outlet".to_owned(), "is"),
        n => (format!("{n} outlets"), "are"),
    }
}

/// Why outlets cannot tell of a headline.
fn unseen(test: &Test) -> Option<String> {
    let difference = test.difference.as_ref()?;
    let is_compared = !matches!(
        test.verdict,
        Verdict::Identical | Verdict::New | Verdict::Missing | Verdict::Incomparable
    );
    if test.label != "*" || !is_compared {
        return None;
    }
    let name = format!("{}/{}", test.layer, test.metric);
    if difference.informative < AUTO_SOURCES {
        let n = difference.informative;
        return Some(format!("{name} has something to score in {}", outlets(n).0));
    }
    test.is_blind().then(|| {
        format!(
            "{} moved in {name}, and that many cannot show a loss among {} tests",
            outlets(test.n_moved).0,
            test.n_family
        )
    })
}
