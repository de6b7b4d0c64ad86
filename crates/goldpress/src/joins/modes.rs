//! Numbers of a run as other programs give them.

use std::collections::BTreeMap;

use goldpress_eval::{
    CONTENT, Scored,
    compat::{Input, Mode, SpanDocument, score_bodies, score_cells, score_spans},
    confusion,
};
use goldpress_model::{Digest, LayerKind, Prediction, Schema};
use goldpress_store::result::ModeRow;

use super::gold::Gold;

/// One system, as modes look at it.
pub(super) struct Moded<'m> {
    pub(super) system: &'m str,
    pub(super) layers: &'m [&'m str],
    pub(super) predictions: &'m [Prediction],
    /// The same as a program reads them that reads the file otherwise.
    pub(super) readings: &'m [(Mode, Vec<Prediction>)],
    pub(super) scored: &'m Scored,
    /// `main` or `all`.
    pub(super) scope: &'m str,
}

/// Rows of each mode for every layer that it can score.
pub(super) fn mode_rows(
    modes: &[Mode],
    gold: &Gold,
    Moded { system, layers, predictions, readings, scored, scope }: Moded<'_>,
    schema: &Schema,
) -> Vec<ModeRow> {
    let mut rows = Vec::new();
    for mode in modes {
        let own = readings.iter().find(|(reading, _)| reading == mode);
        let predictions = own.map_or(predictions, |(_, rows)| rows.as_slice());
        let answers: BTreeMap<Digest, &Prediction> =
            predictions.iter().map(|row| (row.doc_id, row)).collect();
        for layer in layers {
            let spec = schema.layer(layer);
            let is_of_spans = spec.is_some_and(|spec| spec.kind == LayerKind::Span);
            let fits = match mode.input() {
                Input::Bodies => *layer == CONTENT,
                Input::Spans | Input::Cells => is_of_spans,
            };
            if !fits {
                continue;
            }
            let covering =
                gold.documents.iter().filter(|one| one.covered.contains(*layer));
            let lines = match mode.input() {
                Input::Cells => {
                    let suffix = if scope == "all" { ".all" } else { "" };
                    let mut cells = confusion(&scored.table, suffix);
                    cells.retain(|cell| cell.layer == *layer);
                    if cells.is_empty() {
                        continue;
                    }
                    Ok(score_cells(&cells))
                }
                Input::Bodies => {
                    let both = covering.map(|one| {
                        let answer = answers.get(&one.doc_id);
                        let body = answer.and_then(|answer| answer.body.as_deref());
                        (one.body.text.as_str(), body.unwrap_or_default())
                    });
                    score_bodies(&both.collect::<Vec<_>>())
                }
                Input::Spans => {
                    let both = covering.map(|one| SpanDocument {
                        gold: of_layer(&one.annotations, layer),
                        predicted: answers
                            .get(&one.doc_id)
                            .map_or_else(Vec::new, |answer| {
                                of_layer(&answer.annotations, layer)
                            }),
                    });
                    let labels = spec.into_iter().flat_map(|spec| &spec.labels);
                    let labels: Vec<&str> = labels.map(|label| &*label.name).collect();
                    score_spans(*mode, &both.collect::<Vec<_>>(), &labels)
                }
            };
            let blank = || ModeRow {
                mode: mode.to_string(),
                system: system.to_owned(),
                layer: (*layer).to_owned(),
                reading: String::new(),
                label: "*".to_owned(),
                precision: None,
                recall: None,
                f1: None,
                printed: Vec::new(),
                refused: None,
            };
            match lines {
                Err(refused) => {
                    let refused = Some(refused.to_string());
                    rows.push(ModeRow { refused, ..blank() });
                }
                Ok(lines) => rows.extend(lines.into_iter().map(|line| {
                    let [precision, recall, f1] =
                        line.values.map(|value| (!value.is_nan()).then_some(value));
                    ModeRow {
                        reading: line.reading.to_owned(),
                        label: line.label,
                        precision,
                        recall,
                        f1,
                        printed: line.printed.to_vec(),
                        ..blank()
                    }
                })),
            }
        }
    }
    rows
}

fn of_layer<'a>(
    lines: &'a [goldpress_model::LooseAnnotation],
    layer: &str,
) -> Vec<&'a goldpress_model::LooseAnnotation> {
    lines.iter().filter(|line| line.layer == layer).collect()
}
