//! Checks of the parts of an answer that are no annotations: blocks, fields, and what was
//! refused when it was read.

use goldpress_model::{CharRange, Digest, LayerKind};

use super::{Finding, Severity, Side};
use crate::{input::PredictedDocument, plan::Plan};

/// Codes that a reader of answers may have refused an annotation with.
const CODES: [&str; 11] = [
    "text-differs",
    "offset-unit",
    "out-of-range",
    "span-reversed",
    "splits-character",
    "span-empty",
    "id-duplicate",
    "id-dangling",
    "role-unknown",
    "value-invalid",
    "label-unknown",
];

/// Checks an answer against the schema and the length of the text.
///
/// Blocks that are no range of the text are set aside by whoever scores them; here they
/// are found.
pub(crate) fn check_answer(
    plan: &Plan<'_>,
    n_chars: u32,
    answer: &PredictedDocument<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut find = |code, severity, label: String, range, message: String| {
        let (side, doc_id): (Side, Digest) = (Side::Prediction, answer.doc_id);
        found.push(Finding { code, side, severity, doc_id, label, range, message });
    };
    let of_kind =
        |kind: LayerKind| plan.schema.layers.iter().filter(move |l| l.kind == kind);
    let known =
        |kind: LayerKind, name: &str| of_kind(kind).any(|layer| layer.has_label(name));
    for (range, role) in answer.blocks.iter().flatten() {
        let CharRange { start, end } = *range;
        if !known(LayerKind::Block, role) {
            let message = format!("`{role}` is no role of the schema");
            find(
                "label-unknown",
                Severity::Usage,
                (*role).to_owned(),
                Some(*range),
                message,
            );
        } else if start >= end || end > n_chars {
            let message =
                format!("block {start}..{end} is no range of {n_chars} characters");
            let role = (*role).to_owned();
            find("out-of-range", Severity::Malformed, role, Some(*range), message);
        }
    }
    for name in answer.fields.keys().filter(|name| !known(LayerKind::Field, name)) {
        let message = format!("`{name}` is no field of the schema");
        find("label-unknown", Severity::Usage, (*name).to_owned(), None, message);
    }
    for refused in answer.rejected {
        let code = CODES.iter().find(|code| **code == refused.code);
        let line = &refused.annotation;
        let label = format!("{}/{}", line.layer, line.label);
        let message = format!("`{}` was refused when the answer was read", line.text);
        let range = line.fragments.first().copied();
        find(
            code.copied().unwrap_or("malformed"),
            Severity::Malformed,
            label,
            range,
            message,
        );
    }
    found
}
