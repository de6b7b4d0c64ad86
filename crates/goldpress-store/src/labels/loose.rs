//! The format `jsonl`: annotations without header or provenance, as people exchange them.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, LooseAnnotation};
use serde::{Deserialize, Serialize};

use super::wire::{in_words, pairs, ranges, without_repeats};
use crate::json;

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

/// Writes an annotation in the exchange format: canonical, empty keys left out, without
/// line end. [`parse_loose`] reads it back.
pub fn render_loose(annotation: &LooseAnnotation) -> String {
    json::canonical(&WireLoose {
        id: annotation.id.clone(),
        layer: annotation.layer.clone(),
        label: annotation.label.clone(),
        fragments: pairs(&annotation.fragments),
        start: None,
        end: None,
        text: annotation.text.clone(),
        args: annotation.args.clone(),
        attrs: annotation.attrs.clone(),
        score: annotation.score,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLoose {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    id: String,
    layer: String,
    label: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fragments: Vec<(u32, u32)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(deserialize_with = "without_repeats")]
    args: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(deserialize_with = "without_repeats")]
    attrs: BTreeMap<String, AttrValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}
