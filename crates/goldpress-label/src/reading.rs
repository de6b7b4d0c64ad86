//! Checking bytes as they stand: a label file, or lines of the format `jsonl`.

use std::collections::BTreeSet;

use goldpress_model::{
    CharIndex, LayerKind, LooseAnnotation, ProposedBy, Provenance, Schema, Status,
};
use goldpress_store::labels::{self, LabelLine, LabelReading, LineError};

use crate::{
    checks::{Entries, Finding, Severity, TextOf, When, check_entries, check_header},
    quotes::only_place,
};

/// Checks the bytes of a label file, form and completeness.
///
/// `file` names it in findings: `ada/29530c9c….jsonl`. The header must agree with the
/// article and with `set`, the name of its folder.
pub fn check_bytes(
    schema: &Schema,
    article: &TextOf<'_>,
    set: &str,
    file: &str,
    bytes: &[u8],
) -> Vec<Finding> {
    check_reading(schema, article, set, file, &labels::read(bytes))
}

/// The same of a file that is read already.
pub(crate) fn check_reading(
    schema: &Schema,
    article: &TextOf<'_>,
    set: &str,
    file: &str,
    reading: &LabelReading,
) -> Vec<Finding> {
    let refused = |error: &LineError| {
        let code = if error.line == 1 { "header" } else { "json" };
        refusal(file, error.line, code, error.message.clone())
    };
    let mut findings: Vec<Finding> = reading.errors.iter().map(refused).collect();
    let Some(header) = &reading.header else { return findings };
    let mut headers = check_header(article, header, file);
    if headers.is_empty() && header.set != set {
        let message = format!("`set` is `{}`, the folder is `{set}`", header.set);
        headers.push(refusal(file, 1, "header", message));
    }
    if headers.is_empty() {
        let lines = reading.lines.iter().map(|(n, line)| (*n, line)).collect();
        let entries = Entries { set, lines, judged: &[], file };
        findings.extend(check_entries(schema, article, entries, When::Complete));
    } else {
        findings.extend(headers);
    }
    findings.sort_by_key(|finding| finding.line);
    findings
}

/// Checks lines of the format `jsonl` against a text, without a dataset.
///
/// Every layer that occurs counts as done, so that what is missing is found too.
///
/// ```
/// use goldpress_label::{TextOf, check_lines, news};
///
/// let text = TextOf::new("Zürich: the SNB held rates.");
/// let line = r#"{"layer":"entity","label":"ORG","start":12,"end":14,"text":"SNB"}"#;
/// let findings = check_lines(news(), &text, "gold.jsonl", line.as_bytes());
/// assert_eq!(
///     findings[0].to_string(),
///     "gold.jsonl:1: text-differs: `text` is `SNB`, the article has `SN`"
/// );
/// ```
pub fn check_lines(
    schema: &Schema,
    article: &TextOf<'_>,
    file: &str,
    jsonl: &[u8],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lines: Vec<(usize, LabelLine)> = Vec::new();
    for (n, bytes) in jsonl.split(|byte| *byte == b'\n').enumerate() {
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let parsed = std::str::from_utf8(bytes)
            .map_err(|error| format!("not UTF-8 from byte {}", error.valid_up_to()))
            .and_then(|line| labels::parse_loose(line.trim()));
        match parsed {
            Ok(mut annotation) => match place(schema, article, &mut annotation) {
                Ok(()) => lines.push((n + 1, as_accepted(annotation, n + 1))),
                Err((code, message)) => {
                    findings.push(refusal(file, n + 1, code, message))
                }
            },
            Err(message) => findings.push(refusal(file, n + 1, "json", message)),
        }
    }
    let judged: BTreeSet<&str> =
        lines.iter().map(|(_, line)| line.annotation.layer.as_str()).collect();
    let judged: Vec<&str> = judged.into_iter().collect();
    let numbered = lines.iter().map(|(n, line)| (*n, line)).collect();
    let entries = Entries { set: "", lines: numbered, judged: &judged, file };
    let complete = check_entries(schema, article, entries, When::Complete);
    // Only label files have a canonical order.
    findings.extend(complete.into_iter().filter(|finding| finding.code != "order"));
    findings.sort_by_key(|finding| finding.line);
    findings
}

/// Places a span that quotes its words and gives no offsets.
fn place(
    schema: &Schema,
    article: &TextOf<'_>,
    annotation: &mut LooseAnnotation,
) -> Result<(), (&'static str, String)> {
    let kind = schema.layer(&annotation.layer).map(|layer| layer.kind);
    let has_place = matches!(kind, Some(LayerKind::Span | LayerKind::Event));
    if has_place && annotation.fragments.is_empty() && !annotation.text.is_empty() {
        let span = only_place(article.text, &annotation.text)?;
        annotation.fragments = vec![CharIndex::new(article.text).chars(span)];
    }
    Ok(())
}

fn as_accepted(mut annotation: LooseAnnotation, line: usize) -> LabelLine {
    annotation.args.retain(|_, ids| !ids.is_empty());
    if annotation.id.is_empty() {
        // Nothing can point to a line without an id; it only must not meet another's.
        annotation.id = format!("line {line}");
    }
    let origin = ProposedBy::Imported {
        format: "jsonl".to_owned(),
        file: String::new(),
        reference: None,
    };
    let provenance = Provenance {
        status: Status::Accepted,
        origin,
        from: Vec::new(),
        was: None,
        carried: None,
        guideline: None,
        spent_ds: None,
    };
    LabelLine { annotation, provenance }
}

fn refusal(file: &str, line: usize, code: &'static str, message: String) -> Finding {
    Finding { code, severity: Severity::Error, file: file.to_owned(), line, message }
}
