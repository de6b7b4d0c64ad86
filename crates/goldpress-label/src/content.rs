//! What makes two annotations one.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, CharRange, LooseAnnotation};

/// Everything that an annotation says, but its id, its quote and its score.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Content {
    layer: String,
    label: String,
    fragments: Vec<CharRange>,
    args: BTreeMap<String, Vec<String>>,
    attrs: BTreeMap<String, AttrValue>,
}

impl Content {
    /// The content of an annotation; the order of a role's targets says nothing.
    pub(crate) fn of(annotation: &LooseAnnotation) -> Content {
        let LooseAnnotation { layer, label, fragments, args, attrs, .. } = annotation;
        let mut args = args.clone();
        args.values_mut().for_each(|ids| ids.sort());
        Content {
            layer: layer.clone(),
            label: label.clone(),
            fragments: fragments.clone(),
            args,
            attrs: attrs.clone(),
        }
    }
}
