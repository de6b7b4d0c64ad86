//! `gate`: the JSON documents of GATE and gatenlp (`bdocjs`), one annotation set a layer.
//!
//! The file says whether its offsets count code points (`p`) or UTF-16 units (`j`); it
//! quotes nothing. There are features, but neither arguments nor links.

use std::collections::BTreeMap;

use goldpress_model::{LooseAnnotation, Schema};
use serde_json::{Map, Value, json};

use super::{
    Draft, Foreign, Format, Misread, ReadOptions, Source, WHOLE, Written, attr_of,
    carrier::carry, json_of, rest,
};
use crate::{
    export::{Capacity, Page, WriteOptions},
    units::Unit,
};

/// The format.
pub(super) struct Gate;

impl Format for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        json_of(source).is_ok_and(|value| {
            value.get("annotation_sets").is_some() && value.get("offset_type").is_some()
        })
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let document = json_of(source)?;
        let refused = |what: &str| Misread::new(1, format!("there is no {what}"));
        let text = document["text"].as_str().ok_or_else(|| refused("text"))?;
        let unit = match document["offset_type"].as_str() {
            Some("p") => Unit::CodePoint,
            Some("j") => Unit::Utf16,
            _ => return Err(refused("`offset_type` of `p` or `j`")),
        };
        let sets = document["annotation_sets"].as_object();
        let sets = sets.ok_or_else(|| refused("annotation set"))?;
        let mut foreign = Foreign {
            text: Some(text.to_owned()),
            unit: Some(unit),
            ..Foreign::default()
        };
        for (layer, set) in sets {
            for annotation in set["annotations"].as_array().into_iter().flatten() {
                match draft(layer, annotation) {
                    Some(draft) => foreign.drafts.push(draft),
                    None => {
                        let message = format!("`{annotation}` is no annotation");
                        foreign.misread.push(Misread::new(1, message));
                    }
                }
            }
        }
        rest(1, document["features"].get(WHOLE), &mut foreign);
        Ok(vec![foreign])
    }

    fn carries_lines(&self) -> bool {
        true
    }

    fn capacity(&self, _options: &WriteOptions) -> Option<Capacity> {
        Some(Capacity { attrs: true, notes: true, ..Capacity::default() })
    }

    fn write(
        &self,
        schema: &Schema,
        page: &Page<'_>,
        _options: &WriteOptions,
        written: &mut Written,
    ) {
        let mut sets: Map<String, Value> = Map::new();
        let carried = carry(schema, page, written);
        for line in &carried.spans {
            let LooseAnnotation { id: own, layer, label, fragments, attrs, .. } =
                &line.annotation;
            let set = sets.entry(layer.clone()).or_insert_with(
                || json!({"name": layer, "annotations": [], "next_annid": 0}),
            );
            let id = set["next_annid"].as_u64().unwrap_or(0);
            set["next_annid"] = json!(id + 1);
            let mut annotation = json!({
                "type": label, "start": fragments[0].start, "end": fragments[0].end,
                "id": id, "features": attrs,
            });
            page.put_whole(own, &mut annotation["features"]);
            if let Some(annotations) = set["annotations"].as_array_mut() {
                annotations.push(annotation);
            }
        }
        let mut document = json!({
            "annotation_sets": sets, "text": page.text, "features": {}, "offset_type": "p",
            "name": "",
        });
        page.put_homeless(&carried.homeless, &mut document["features"]);
        written.append(&format!("{}.bdocjs", page.doc), &format!("{document}\n"));
    }
}

fn draft(layer: &str, annotation: &Value) -> Option<Draft> {
    let id = annotation.get("id")?;
    let features = annotation["features"].as_object();
    let attrs = features.into_iter().flatten().filter(|(name, _)| *name != WHOLE);
    let handle = format!("{layer}/{id}");
    let draft = Draft {
        line: 1,
        id: handle.clone(),
        reference: Some(handle),
        layer: Some(layer.to_owned()),
        label: annotation["type"].as_str()?.to_owned(),
        ranges: vec![(annotation["start"].as_i64()?, annotation["end"].as_i64()?)],
        attrs: attrs
            .map(|(name, value)| (name.clone(), attr_of(value)))
            .collect::<BTreeMap<_, _>>(),
        ..Draft::default()
    };
    Some(draft.beside(features.and_then(|features| features.get(WHOLE))))
}
