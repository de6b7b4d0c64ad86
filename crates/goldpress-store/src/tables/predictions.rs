//! `predictions`: one row a system and document, what the system answered.

use std::{cmp::Ordering, collections::BTreeMap};

use goldpress_model::{AttrValue, FieldClaim, LooseAnnotation, Malformed, Prediction};

use super::{FIXED, Table, says};
use crate::{
    columns::{Columns, Encoded, Layout},
    json,
    labels::{parse_loose, render_loose},
    rows::{Reason, Row},
    sorted::Ordered,
};

/// The table of predictions.
pub(crate) struct Predictions;

impl Table for Predictions {
    type Row = Prediction;
    const NAME: &'static str = "predictions";
    const VERSION: u32 = 1;

    fn columns(rows: &[Prediction]) -> Encoded {
        Columns::of(rows)
            .string("system", Layout::Name, |row| row.system.as_str())
            .string("doc_id", Layout::Key, |row| row.doc_id.to_string())
            .string("outcome", Layout::Name, |row| row.outcome.name())
            .string_opt("retried", Layout::Name, |row| {
                row.retried.map(|outcome| outcome.name())
            })
            .string_opt("message", Layout::Text, |row| row.message.as_deref())
            .string_opt("stderr", Layout::Text, |row| row.stderr.as_deref())
            .string_opt("body", Layout::Text, |row| row.body.as_deref())
            .list_opt(
                "blocks",
                |row| row.blocks.clone(),
                |blocks| {
                    blocks.range(|(range, _)| *range).string(
                        "role",
                        Layout::Name,
                        |(_, role)| role.name(),
                    )
                },
            )
            .string_opt("fields", Layout::Text, |row| row.fields.as_ref().map(fields))
            .list(
                "annotations",
                |row| row.annotations.iter().collect(),
                |items| {
                    let named = items.string_opt(
                        "id",
                        Layout::Text,
                        |says: &&LooseAnnotation| {
                            (!says.id.is_empty()).then_some(says.id.as_str())
                        },
                    );
                    says::columns(named, |says| says)
                        .number_opt("score", |says| says.score)
                },
            )
            .list(
                "rejected",
                |row| row.rejected.iter().collect(),
                |items| {
                    items
                        .string("code", Layout::Name, |refused: &&Malformed| {
                            refused.code.as_str()
                        })
                        .string("annotation", Layout::Text, |refused| {
                            render_loose(&refused.annotation)
                        })
                },
            )
            .finish()
    }

    fn row(row: &Row<'_>) -> Result<Prediction, Reason> {
        Ok(Prediction {
            system: row.owned("system")?,
            doc_id: row.parsed("doc_id")?,
            outcome: row.parsed("outcome")?,
            retried: row.parsed_opt("retried")?,
            message: row.owned_opt("message")?,
            stderr: row.owned_opt("stderr")?,
            body: row.owned_opt("body")?,
            blocks: row.list_opt("blocks", |block| {
                Ok((block.range()?, block.parsed("role")?))
            })?,
            fields: match row.string_opt("fields")? {
                Some(_) => Some(read_fields(row.json("fields")?)?),
                None => None,
            },
            annotations: row.list("annotations", says::read)?,
            rejected: row.list("rejected", |refused| {
                Ok(Malformed {
                    code: refused.owned("code")?,
                    annotation: parse_loose(refused.string("annotation")?)?,
                })
            })?,
        })
    }

    fn weight(row: &Prediction) -> usize {
        let long = [&row.message, &row.stderr, &row.body];
        let long: usize = long.into_iter().flatten().map(String::len).sum();
        let annotations: usize = row.annotations.iter().map(says::weight).sum();
        let rejected: usize =
            row.rejected.iter().map(|refused| says::weight(&refused.annotation)).sum();
        let blocks = row.blocks.as_ref().map_or(0, Vec::len) * 16;
        FIXED + long + annotations + rejected + blocks
    }
}

impl Ordered for Predictions {
    fn order(a: &Prediction, b: &Prediction) -> Ordering {
        (&a.system, a.doc_id).cmp(&(&b.system, b.doc_id))
    }
}

/// What a system answered, as canonical JSON: equal answers have equal bytes.
///
/// Messages, stderr and repetitions are left out: they may hold times and addresses.
pub(crate) fn answer(row: &Prediction) -> String {
    let blocks: Option<Vec<_>> = row.blocks.as_ref().map(|blocks| {
        blocks.iter().map(|(range, role)| (range.start, range.end, role)).collect()
    });
    let lines = |annotations: &[LooseAnnotation]| -> Vec<String> {
        annotations.iter().map(render_loose).collect()
    };
    let refused =
        |refused: &Malformed| (refused.code.clone(), render_loose(&refused.annotation));
    let rejected: Vec<_> = row.rejected.iter().map(refused).collect();
    json::canonical(&serde_json::json!({
        "annotations": lines(&row.annotations),
        "blocks": blocks,
        "body": row.body,
        "doc_id": row.doc_id,
        "fields": row.fields.as_ref().map(fields),
        "outcome": row.outcome,
        "rejected": rejected,
    }))
}

/// Label of the schema → null, a string, or a list of strings.
fn fields(fields: &BTreeMap<String, FieldClaim>) -> String {
    let values: BTreeMap<&str, AttrValue> =
        fields.iter().map(|(label, claim)| (label.as_str(), claim.into())).collect();
    json::canonical(&values)
}

fn read_fields(
    values: BTreeMap<String, AttrValue>,
) -> Result<BTreeMap<String, FieldClaim>, Reason> {
    let claim = |(label, value)| {
        let claim = match value {
            AttrValue::Null => FieldClaim::Null,
            AttrValue::Text(text) => FieldClaim::One(text),
            AttrValue::List(texts) => FieldClaim::Many(texts),
            AttrValue::Bool(_) | AttrValue::Integer(_) => {
                return Err(format!(
                    "field `{label}` is neither text nor a list of texts"
                ));
            }
        };
        Ok((label, claim))
    };
    values.into_iter().map(claim).collect()
}
