//! The format `jsonl`: annotations without header or provenance, as people exchange them.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, LooseAnnotation};
use serde::Deserialize;

use super::wire::{in_words, ranges, without_repeats};

/// Reads a line of the exchange format: the keys of an annotation, where empty ones may
/// stand, and `start` with `end` in place of one fragment.
///
/// ```
/// use goldpress_store::labels::parse_loose;
///
/// let line = r#"{"layer":"entity","label":"ORG","start":2,"end":18,"text":"Kag̃uary Freight"}"#;
/// let annotation = parse_loose(line)?;
/// assert_eq!(annotation.fragments[0].end, 18);
/// assert_eq!(annotation.id, "");
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
///
/// No JSON object, an unknown or repeated key, a value of the wrong type, `start` without
/// `end`, or both of them beside `fragments`.
pub fn parse_loose(line: &str) -> Result<LooseAnnotation, String> {
    let loose: WireLoose = serde_json::from_str(line).map_err(in_words)?;
    let fragments = match (loose.start, loose.end) {
        (None, None) => loose.fragments,
        (Some(start), Some(end)) if loose.fragments.is_empty() => vec![(start, end)],
        (Some(_), Some(_)) => return Err("both `fragments` and `start`, `end`".into()),
        _ => return Err("`start` and `end` stand together or not at all".into()),
    };
    Ok(LooseAnnotation {
        id: loose.id,
        layer: loose.layer,
        label: loose.label,
        fragments: ranges(&fragments),
        text: loose.text,
        args: loose.args,
        attrs: loose.attrs,
        score: loose.score,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLoose {
    #[serde(default)]
    id: String,
    layer: String,
    label: String,
    #[serde(default)]
    fragments: Vec<(u32, u32)>,
    start: Option<u32>,
    end: Option<u32>,
    #[serde(default)]
    text: String,
    #[serde(default, deserialize_with = "without_repeats")]
    args: BTreeMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "without_repeats")]
    attrs: BTreeMap<String, AttrValue>,
    score: Option<f64>,
}
