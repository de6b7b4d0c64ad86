//! Findings of the checks before scoring, as a person reads them: counted by kind, or each
//! with its places.

use std::collections::BTreeMap;

use goldpress_store::result::{EvalResult, FindingRow};

use crate::number::{count, counted, times};

/// How much a summary tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What is alike in one line: warnings by kind, systems that are identical.
    Grouped,
    /// Every finding with its first places, every system.
    Each,
}

/// What each code means, for those whose name does not say.
const CODES: &[(&str, &str)] = &[
    ("edge-punctuation", "begins or ends with punctuation"),
    ("edge-space", "begins or ends with a space"),
    ("splits-grapheme", "cuts a character that people see as one"),
    ("two-labels", "one place with two labels"),
    ("nested", "one annotation inside another"),
    ("crossing", "annotations that overlap and neither holds the other"),
    ("doc-extra", "answers for documents that are not scored"),
    ("doc-failed", "documents without a result, scored as empty answers"),
];

/// The lines below the scores.
pub(crate) fn lines(result: &EvalResult, detail: Detail) -> Vec<String> {
    if detail == Detail::Each {
        return result.findings.iter().map(|finding| each(result, finding)).collect();
    }
    let mut lines = Vec::new();
    let mut groups: BTreeMap<(&str, &str), Vec<&FindingRow>> = BTreeMap::new();
    for finding in &result.findings {
        // What keeps a number from being believed, or changed one, is never folded.
        match finding.severity.as_str() {
            "warn" | "failed" => {
                let kind = (finding.severity.as_str(), finding.code.as_str());
                groups.entry(kind).or_default().push(finding);
            }
            _ => lines.push(each(result, finding)),
        }
    }
    let is_folded = !groups.is_empty();
    for ((severity, code), group) in groups {
        let sides: Vec<String> = group
            .iter()
            .map(|one| format!("{} {}", one.side, count(one.count)))
            .collect();
        let sides = sides.join(", ");
        lines.push(match code {
            "doc-unsupported" => {
                let sides: Vec<String> = group
                    .iter()
                    .map(|one| format!("{} {}", one.side, counted(one.count, "document")))
                    .collect();
                format!(
                    "not served (in a language or of a kind that the system does not \
                     serve, scored as empty answers): {}",
                    sides.join(", ")
                )
            }
            _ => {
                let meaning = CODES.iter().find(|(known, _)| *known == code);
                let meaning =
                    meaning.map_or_else(String::new, |(_, m)| format!(" ({m})"));
                format!("{severity} {code}{meaning}: {sides}")
            }
        });
    }
    if is_folded {
        lines.push("--verbose lists each of these with its places".to_owned());
    }
    lines
}

fn each(result: &EvalResult, finding: &FindingRow) -> String {
    let first = finding.places.first().map(|place| with_file(result, place));
    format!(
        "{} {} in {}: {}, first at {}",
        finding.severity,
        finding.code,
        finding.side,
        times(finding.count),
        first.as_deref().unwrap_or("–"),
    )
}

/// A place that begins with a `doc_id`, with the file behind it.
pub(crate) fn with_file(result: &EvalResult, place: &str) -> String {
    let end = place.find([' ', ':']).unwrap_or(place.len());
    match result.files.get(&place[..end]) {
        Some(file) => format!("{} ({file}){}", &place[..end], &place[end..]),
        None => place.to_owned(),
    }
}
