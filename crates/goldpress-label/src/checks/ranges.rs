//! Where an annotation stands: inside the text, quoting it, on whole characters, in a
//! line.

use goldpress_model::{Fragments, LayerKind, LooseAnnotation, Span, SpanError};
use goldpress_text::is_grapheme_edge;

use super::{Report, Sheet, When, sheet::Entry};

pub(super) fn check(sheet: &Sheet<'_>, report: &mut Report) {
    for entry in report.sound(sheet) {
        if let Err((code, message)) = check_place(sheet, entry) {
            match code {
                // Unicode versions move the borders of clusters; what was sound stays.
                "splits-grapheme" if sheet.when == When::Complete => {
                    report.warn(entry, code, message);
                }
                _ => report.error(entry, code, message),
            }
        }
    }
}

type Fault = (&'static str, String);

fn check_place(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Result<(), Fault> {
    let annotation = &entry.line.annotation;
    check_presence(sheet, entry)?;
    let mut spans = Vec::with_capacity(annotation.fragments.len());
    for range in &annotation.fragments {
        spans.push(sheet.index.span(*range).map_err(range_fault)?);
    }
    let fragments = Fragments::new(spans).map_err(|_| {
        ("fragments", "fragments are unsorted, overlap or touch".to_owned())
    })?;
    check_quote(sheet, annotation, &fragments)?;
    let is_region = entry.is_review();
    let is_block =
        sheet.layer_of(entry).is_some_and(|layer| layer.kind == LayerKind::Block);
    let text = sheet.article.text;
    for span in fragments.spans() {
        check_edges(text, *span, is_region)?;
        // A block that leaves its line is no block, which has a code of its own.
        if !is_region && !is_block && span.slice(text).contains('\n') {
            let range = sheet.index.chars(*span);
            let message = format!("{}..{} leaves its line", range.start, range.end);
            return Err(("line", message));
        }
    }
    Ok(())
}

/// Only fields, relations and attributions without a cue stand in no place.
fn check_presence(sheet: &Sheet<'_>, entry: &Entry<'_>) -> Result<(), Fault> {
    let annotation = &entry.line.annotation;
    let needs_place = match sheet.layer_of(entry).map(|layer| layer.kind) {
        None => entry.label() == "unannotated",
        Some(LayerKind::Field | LayerKind::Relation) => false,
        Some(LayerKind::Event) => annotation.args.is_empty(),
        Some(LayerKind::Span | LayerKind::Block) => true,
    };
    match needs_place && annotation.fragments.is_empty() {
        true => Err(("span-empty", "it stands in no place of the text".to_owned())),
        false => Ok(()),
    }
}

pub(crate) fn range_fault(error: SpanError) -> Fault {
    let code = match error {
        SpanError::Empty { .. } => "span-empty",
        SpanError::Reversed { .. } => "span-reversed",
        _ => "out-of-range",
    };
    (code, error.to_string())
}

fn check_quote(
    sheet: &Sheet<'_>,
    annotation: &LooseAnnotation,
    fragments: &Fragments,
) -> Result<(), Fault> {
    let found = fragments.quote(sheet.article.text);
    match found == annotation.text {
        true => Ok(()),
        false => {
            let quoted = &annotation.text;
            let message = format!("`text` is `{quoted}`, the article has `{found}`");
            Err(("text-differs", message))
        }
    }
}

pub(crate) fn check_edges(text: &str, span: Span, is_region: bool) -> Result<(), Fault> {
    let slice = span.slice(text);
    for edge in [span.start(), span.end()] {
        if !is_grapheme_edge(text, edge) {
            let message = format!("`{slice}` begins or ends inside a character");
            return Err(("splits-grapheme", message));
        }
    }
    if !is_region && slice.trim() != slice {
        return Err(("edge-space", format!("`{slice}` begins or ends with white space")));
    }
    Ok(())
}
