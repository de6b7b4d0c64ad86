//! GitLab: a metrics report, whose values a merge request shows side by side.

use goldpress_store::result::{EvalResult, ScoreRow};

use crate::door::openmetrics;

/// Scores as OpenMetrics text: `goldpress_f1{system="…",layer="…",label="…"} 0.8711`.
///
/// The primary metric of every layer, over all labels and by label. Four decimals, since
/// GitLab compares values as strings; an undefined score has no line.
///
/// # Source
///
/// OpenMetrics 1.0: label values escape `\`, `"` and line feeds; `# EOF` ends the text.
pub fn gitlab(result: &EvalResult) -> String {
    let is_primary = |row: &&ScoreRow| {
        let primary = result.scores.iter().filter(|other| other.primary);
        let mut primary = primary.filter(|other| other.layer == row.layer);
        let is_same = |other: &ScoreRow| {
            other.metric == row.metric
                && (row.average == "label" || other.average == row.average)
        };
        primary.any(is_same)
    };
    let mut out = String::from("# TYPE goldpress_f1 gauge\n");
    let mut shares = String::new();
    for row in result.scores.iter().filter(is_primary) {
        let Some(value) = row.value() else { continue };
        let (name, into) = match row.share {
            Some(_) => ("goldpress_share", &mut shares),
            None => ("goldpress_f1", &mut out),
        };
        let (system, layer) = (openmetrics(&row.system), openmetrics(&row.layer));
        let label = openmetrics(&row.label);
        into.push_str(&format!(
            "{name}{{system=\"{system}\",layer=\"{layer}\",label=\"{label}\"}} {value:.4}\n"
        ));
    }
    if !shares.is_empty() {
        out.push_str("# TYPE goldpress_share gauge\n");
        out.push_str(&shares);
    }
    out + "# EOF\n"
}
