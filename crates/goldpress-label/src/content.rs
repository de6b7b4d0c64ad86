//! What makes two annotations one.

use goldpress_model::LooseAnnotation;
use goldpress_store::json::canonical;
use serde_json::json;

/// Everything that an annotation says, but its id, its quote and its score.
pub(crate) fn content_key(annotation: &LooseAnnotation) -> String {
    let fragments: Vec<(u32, u32)> =
        annotation.fragments.iter().map(|range| (range.start, range.end)).collect();
    let LooseAnnotation { layer, label, args, attrs, .. } = annotation;
    let mut args = args.clone();
    args.values_mut().for_each(|ids| ids.sort());
    canonical(&json!([layer, label, fragments, args, attrs]))
}
