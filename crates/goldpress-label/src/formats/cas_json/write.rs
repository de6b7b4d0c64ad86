//! Writing a CAS: the types that occur, spans by place, relations, arrays, links.

use std::{cmp::Reverse, collections::BTreeMap};

use goldpress_model::{
    AttrKind, AttrValue, CharRange, LayerKind, LayerSpec, LooseAnnotation, Schema,
};
use goldpress_store::json::canonical;
use serde_json::{Map, Value, json};

use super::TYPE;
use crate::{
    export::Page,
    formats::{WHOLE, Written},
    units::{LineEnds, Reading, Ruler, Unit},
};

/// Id of the text; annotations count on from it.
const SOFA: u64 = 1;

pub(super) fn cas(schema: &Schema, page: &Page<'_>, written: &mut Written) -> Value {
    let utf16 = Reading { unit: Unit::Utf16, line_ends: LineEnds::AsInFile };
    let mut cas = Cas {
        schema,
        ruler: Ruler::new(page.text, utf16),
        ids: BTreeMap::new(),
        structures: Vec::new(),
        arrays: Vec::new(),
        links: Vec::new(),
        members: Vec::new(),
    };
    let mut all = cas.placed(page, written);
    all.sort_by_key(|(annotation, range)| {
        let LooseAnnotation { layer, label, id, .. } = annotation;
        let is_relation = cas.is_relation(annotation);
        (is_relation, range.start, Reverse(range.end), layer, label, id)
    });
    for (n, (annotation, _)) in all.iter().enumerate() {
        cas.ids.insert(&annotation.id, SOFA + 1 + n as u64);
    }
    for (annotation, range) in &all {
        cas.put(annotation, *range);
        if let (Some(line), Some(fs)) =
            (page.whole(&annotation.id), cas.structures.last_mut())
        {
            fs[WHOLE] = json!(canonical(line));
        }
    }
    let layers = schema
        .layers
        .iter()
        .filter(|layer| all.iter().any(|(annotation, _)| annotation.layer == layer.name));
    let mut types: Map<String, Value> = layers.flat_map(types).collect();
    if all.iter().any(|(annotation, _)| page.whole(&annotation.id).is_some()) {
        let of_text = |kind: &&mut Value| kind["%SUPER_TYPE"] == "uima.tcas.Annotation";
        for kind in types.values_mut().filter(of_text) {
            kind[WHOLE] = json!({"%NAME": WHOLE, "%RANGE": "uima.cas.String"});
        }
    }
    let sofa = json!({
        "%ID": SOFA, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView",
        "mimeType": "text/plain", "sofaString": page.text,
    });
    let members = std::mem::take(&mut cas.members);
    let mut structures = vec![sofa];
    structures.extend(cas.numbered());
    json!({
        "%TYPES": types,
        "%FEATURE_STRUCTURES": structures,
        "%VIEWS": {"_InitialView": {"%SOFA": SOFA, "%MEMBERS": members}},
    })
}

struct Cas<'a> {
    schema: &'a Schema,
    ruler: Ruler,
    ids: BTreeMap<&'a str, u64>,
    structures: Vec<Value>,
    /// Arrays of texts and, after them, of links: their ids follow those of annotations.
    arrays: Vec<Array>,
    links: Vec<Value>,
    members: Vec<u64>,
}

/// An array that a feature of a structure points to.
struct Array {
    /// Index of the structure.
    of: usize,
    feature: String,
    texts: Vec<String>,
    /// Indices into the links; empty for an array of texts.
    links: Vec<usize>,
}

impl<'a> Cas<'a> {
    fn is_relation(&self, annotation: &LooseAnnotation) -> bool {
        let layer = self.schema.layer(&annotation.layer);
        layer.is_some_and(|layer| layer.kind == LayerKind::Relation)
    }

    /// Annotations with the range they are written at; a relation without evidence takes
    /// that of its tail.
    fn placed(
        &self,
        page: &'a Page<'_>,
        written: &mut Written,
    ) -> Vec<(&'a LooseAnnotation, CharRange)> {
        let all = page.lines.iter().map(|line| &line.annotation);
        let range_of = |id: &String| {
            let target = page.lines.iter().find(|line| line.annotation.id == *id)?;
            target.annotation.fragments.first().copied()
        };
        let mut placed = Vec::new();
        for annotation in all {
            let own = annotation.fragments.first().copied();
            let tail = annotation.args.get("tail").and_then(|ids| ids.first());
            let tail = tail.and_then(range_of).filter(|_| self.is_relation(annotation));
            if own.is_some() && own == tail {
                // Read back, these words are taken for those of the tail.
                written.lose("relation");
            }
            match own.or(tail) {
                Some(range) => placed.push((annotation, range)),
                None => {
                    written.lose("relation");
                    written.n_left_out += 1;
                }
            }
        }
        placed
    }

    fn put(&mut self, annotation: &'a LooseAnnotation, range: CharRange) {
        let at = self.structures.len();
        let id = self.ids[annotation.id.as_str()];
        let mut fs = json!({
            "%ID": id, "%TYPE": type_name(&annotation.layer), "@sofa": SOFA,
            "begin": self.ruler.offset(range.start), "end": self.ruler.offset(range.end),
            "label": annotation.label,
        });
        for (name, value) in &annotation.attrs {
            match value {
                AttrValue::List(texts) => self.arrays.push(Array {
                    of: at,
                    feature: name.clone(),
                    texts: texts.clone(),
                    links: Vec::new(),
                }),
                value => fs[name] = json!(value),
            }
        }
        if self.is_relation(annotation) {
            for (role, feature) in [("head", "@Governor"), ("tail", "@Dependent")] {
                let end = annotation.args.get(role).and_then(|ids| ids.first());
                let end = end.and_then(|id| self.ids.get(id.as_str()));
                fs[feature] = json!(end);
            }
        } else {
            self.put_args(at, annotation);
        }
        self.members.push(id);
        self.structures.push(fs);
    }

    fn put_args(&mut self, at: usize, annotation: &LooseAnnotation) {
        let mut links = Vec::new();
        for (role, ids) in &annotation.args {
            for target in ids.iter().filter_map(|id| self.ids.get(id.as_str())) {
                links.push(self.links.len());
                let kind = format!("{}ArgsLink", type_name(&annotation.layer));
                self.links.push(json!({"%TYPE": kind, "role": role, "@target": target}));
            }
        }
        if !links.is_empty() {
            let feature = "args".to_owned();
            self.arrays.push(Array { of: at, feature, texts: Vec::new(), links });
        }
    }

    /// Annotations, arrays of texts, arrays of links, links: numbered in this order.
    fn numbered(mut self) -> Vec<Value> {
        self.arrays.sort_by_key(|array| !array.links.is_empty());
        let first_array = SOFA + 1 + self.structures.len() as u64;
        let first_link = first_array + self.arrays.len() as u64;
        let mut arrays = Vec::new();
        for (n, array) in self.arrays.iter().enumerate() {
            let id = first_array + n as u64;
            self.structures[array.of][format!("@{}", array.feature)] = json!(id);
            let links: Vec<u64> =
                array.links.iter().map(|link| first_link + *link as u64).collect();
            arrays.push(match links.is_empty() {
                true => json!({
                    "%ID": id, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": array.texts,
                }),
                false => {
                    json!({"%ID": id, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": links})
                }
            });
        }
        for (n, link) in self.links.iter_mut().enumerate() {
            link["%ID"] = json!(first_link + n as u64);
        }
        let mut all = self.structures;
        all.extend(arrays);
        all.extend(self.links);
        all
    }
}

/// `entity` is the type `webanno.custom.Entity`.
fn type_name(layer: &str) -> String {
    let mut letters = layer.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{TYPE}{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The types that a layer needs: its own, and one for its links.
fn types(layer: &LayerSpec) -> Vec<(String, Value)> {
    let name = type_name(&layer.name);
    let feature = |name: &str, range: &str| json!({"%NAME": name, "%RANGE": range});
    let mut own = json!({"%NAME": name, "%SUPER_TYPE": "uima.tcas.Annotation"});
    own["label"] = feature("label", "uima.cas.String");
    for attr in &layer.attrs {
        let range = match (attr.kind, attr.list) {
            (_, true) => "uima.cas.String[]",
            (AttrKind::Bool, _) => "uima.cas.Boolean",
            (AttrKind::Integer, _) => "uima.cas.Integer",
            _ => "uima.cas.String",
        };
        own[&attr.name] = feature(&attr.name, range);
    }
    if layer.kind == LayerKind::Relation {
        for end in ["Governor", "Dependent"] {
            own[end] = feature(end, "uima.tcas.Annotation");
        }
        return vec![(name, own)];
    }
    if layer.args.is_empty() {
        return vec![(name, own)];
    }
    let link = format!("{name}ArgsLink");
    own["args"] = feature("args", &format!("{link}[]"));
    own["args"]["%MULTIPLE_REFERENCES_ALLOWED"] = json!(false);
    let mut links = json!({"%NAME": link, "%SUPER_TYPE": "uima.cas.TOP"});
    links["role"] = feature("role", "uima.cas.String");
    links["target"] = feature("target", "uima.tcas.Annotation");
    vec![(name, own), (link, links)]
}
