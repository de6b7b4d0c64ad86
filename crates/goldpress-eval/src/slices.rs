//! Slices: parts of a set of documents, each scored by the sum of its counts.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{Digest, RunOutcome};

use crate::table::Table;

/// The slice of a value that is not known.
pub const UNKNOWN: &str = "-";

/// The slice `length` of a text of that many characters.
pub fn length(n_chars: u64) -> &'static str {
    match n_chars {
        0..500 => "0–499",
        500..2000 => "500–1999",
        2000..5000 => "2000–4999",
        5000..10_000 => "5000–9999",
        _ => "10000+",
    }
}

/// The slice `date`: the month of a date that states one.
///
/// ```
/// use goldpress_eval::slices::month;
///
/// assert_eq!(month(Some("2024-05-03T07:15Z")), "2024-05");
/// assert_eq!(month(Some("2024")), "-");
/// ```
pub fn month(published: Option<&str>) -> &str {
    let is_month = |text: &&str| {
        let (year, month) = (&text.as_bytes()[..4], &text.as_bytes()[5..]);
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        digits(year) && text.as_bytes()[4] == b'-' && digits(month)
    };
    published.and_then(|date| date.get(..7)).filter(is_month).unwrap_or(UNKNOWN)
}

/// The slice `lang`: the primary subtag.
pub fn language(tag: Option<&str>) -> &str {
    let primary = tag.and_then(|tag| tag.split('-').next());
    primary.filter(|primary| !primary.is_empty()).unwrap_or(UNKNOWN)
}

/// The slice `outcome`.
pub fn outcome(outcome: RunOutcome) -> &'static str {
    match outcome {
        RunOutcome::Ok | RunOutcome::Malformed => "ok",
        _ => "failed",
    }
}

/// Cuts a table by the slices of each document; one may be in several, so that slices need
/// not sum to the whole. A document that is not named is in [`UNKNOWN`].
pub fn cut(
    table: &Table,
    of_document: &BTreeMap<Digest, BTreeSet<String>>,
) -> BTreeMap<String, Table> {
    let unknown = BTreeSet::from([UNKNOWN.to_owned()]);
    let slices = |doc: &Digest| of_document.get(doc).unwrap_or(&unknown);
    let all: BTreeSet<&String> = table.docs().iter().flat_map(slices).collect();
    all.into_iter()
        .map(|slice| (slice.clone(), table.only(|doc| slices(doc).contains(slice))))
        .collect()
}
