//! Claims: what gold or a run says of one layer of one document, made to be compared.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::values_agree;
use goldpress_model::{
    AttrValue, CharRange, Digest, FieldClaim, FieldKind, LayerKind, LooseAnnotation,
    Prediction, Role, Schema, layer,
};

/// One claim: place, label, words, and what else scores look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Claim {
    pub(super) fragments: Vec<CharRange>,
    pub(super) label: String,
    pub(super) text: String,
    /// Attributes that decide: the value of a date, the certainty of a claim.
    pub(super) values: Vec<(&'static str, String)>,
    /// What it points to, by role: source and content of an attribution.
    pub(super) parts: Vec<(&'static str, Vec<CharRange>)>,
    /// Of a field of gold: other values that are right too.
    pub(super) alternatives: Vec<String>,
}

/// Least share that two parts have in common to agree, as `attr.joint` has it.
const PART_IOU: f64 = 0.5;

impl Claim {
    /// A claim without a place: a field, or a paragraph of a body.
    pub(super) fn placeless(label: &str, text: &str) -> Claim {
        Claim { label: label.to_owned(), text: text.to_owned(), ..Claim::default() }
    }

    /// Whether a claim is what gold has, as the scores see it.
    pub(super) fn agrees(&self, gold: &Claim, rules: &Rules) -> bool {
        if self.label != gold.label || self.fragments != gold.fragments {
            return false;
        }
        if self.fragments.is_empty() {
            let kind = rules.fields.get(&gold.label).copied().unwrap_or(FieldKind::Text);
            let right = std::iter::once(&gold.text).chain(&gold.alternatives);
            return right.into_iter().any(|right| values_agree(kind, right, &self.text));
        }
        self.values == gold.values && self.parts_agree(gold)
    }

    fn parts_agree(&self, gold: &Claim) -> bool {
        let of = |claim: &Claim, role: &str| -> BTreeSet<u32> {
            let parts = claim.parts.iter().filter(|(name, _)| *name == role);
            parts.flat_map(|(_, ranges)| ranges).flat_map(|r| r.start..r.end).collect()
        };
        let roles: BTreeSet<&str> =
            self.parts.iter().chain(&gold.parts).map(|(role, _)| *role).collect();
        roles.into_iter().all(|role| {
            let (ours, theirs) = (of(self, role), of(gold, role));
            let both = ours.intersection(&theirs).count() as f64;
            both >= PART_IOU * ours.union(&theirs).count() as f64
        })
    }
}

/// How claims of a dataset are read.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Kind of each field.
    fields: BTreeMap<String, FieldKind>,
    kinds: BTreeMap<String, LayerKind>,
}

impl Rules {
    pub(super) fn of(schema: &Schema) -> Rules {
        let layers = schema.layers.iter();
        let kinds = layers.clone().map(|layer| (layer.name.clone(), layer.kind));
        let fields = layers.filter(|layer| layer.kind == LayerKind::Field);
        let fields = fields
            .flat_map(|layer| &layer.labels)
            .filter_map(|label| Some((label.name.clone(), label.kind?)));
        Rules { fields: fields.collect(), kinds: kinds.collect() }
    }

    pub(super) fn kind(&self, layer: &str) -> Option<LayerKind> {
        self.kinds.get(layer).copied()
    }

    /// Attributes that the scores of a layer look at.
    fn values(layer: &str) -> &'static [&'static str] {
        match layer {
            layer::TIMEX => &["value"],
            layer::CLAIM => &["certainty", "polarity"],
            _ => &[],
        }
    }

    /// Roles that the scores of a layer look at.
    fn roles(&self, layer: &str) -> &'static [&'static str] {
        match (layer, self.kind(layer)) {
            (layer::ATTRIBUTION, _) => &["source", "content"],
            (_, Some(LayerKind::Relation)) => &["head", "tail"],
            _ => &[],
        }
    }
}

/// Claims by document and layer.
#[derive(Debug, Default)]
pub(super) struct Claims {
    claims: BTreeMap<(Digest, String), BTreeSet<Claim>>,
    bodies: BTreeMap<Digest, String>,
}

/// What a null value is shown as.
pub(super) const NOT_STATED: &str = "(not stated)";

impl Claims {
    /// Adds all annotations of one document, which may point at each other.
    pub(super) fn annotate(
        &mut self,
        doc: Digest,
        all: &[LooseAnnotation],
        rules: &Rules,
    ) {
        let places: BTreeMap<&str, &[CharRange]> =
            all.iter().map(|one| (one.id.as_str(), one.fragments.as_slice())).collect();
        for one in all {
            let claim = match rules.kind(&one.layer) {
                Some(LayerKind::Field) => of_field(one),
                kind => of_place(one, kind, &places, rules),
            };
            self.put(doc, &one.layer, claim);
        }
    }

    /// Adds all that a system answered.
    pub(super) fn answer(&mut self, row: Prediction, rules: &Rules) {
        let doc = row.doc_id;
        self.annotate(doc, &row.annotations, rules);
        // An answer with nothing in it is an answer too.
        self.bodies.insert(doc, row.body.unwrap_or_default());
        for (range, role) in row.blocks.into_iter().flatten() {
            let label = role.name().to_owned();
            let claim = Claim { fragments: vec![range], label, ..Claim::default() };
            self.put(doc, layer::BLOCK, claim);
        }
        for (label, claim) in row.fields.into_iter().flatten() {
            let values = match claim {
                FieldClaim::Null => vec![NOT_STATED.to_owned()],
                FieldClaim::One(value) => vec![value],
                FieldClaim::Many(values) => values,
            };
            for value in values.iter().filter(|value| !value.trim().is_empty()) {
                self.put(doc, layer::METADATA, Claim::placeless(&label, value));
            }
        }
    }

    /// Adds the body of a document.
    pub(super) fn put_body(&mut self, doc: Digest, body: &str) {
        self.bodies.insert(doc, body.to_owned());
    }

    /// The body; `None` where nobody says anything of it.
    pub(super) fn body(&self, doc: Digest) -> Option<&str> {
        self.bodies.get(&doc).map(String::as_str)
    }

    fn put(&mut self, doc: Digest, layer: &str, mut claim: Claim) {
        // What a block says is read off its place.
        if layer == layer::BLOCK {
            claim.text.clear();
        }
        self.claims.entry((doc, layer.to_owned())).or_default().insert(claim);
    }

    /// The claims of a layer of a document.
    pub(super) fn of(&self, doc: Digest, layer: &str) -> BTreeSet<Claim> {
        self.claims.get(&(doc, layer.to_owned())).cloned().unwrap_or_default()
    }

    /// Places of the article's own lines; `None` where nobody says which these are.
    pub(super) fn main(&self, doc: Digest) -> Option<Vec<CharRange>> {
        let blocks = self.claims.get(&(doc, layer::BLOCK.to_owned()))?;
        let is_main =
            |claim: &&Claim| claim.label.parse::<Role>().is_ok_and(Role::is_main);
        Some(
            blocks
                .iter()
                .filter(is_main)
                .flat_map(|claim| claim.fragments.clone())
                .collect(),
        )
    }

    /// Documents of which a layer is spoken.
    pub(super) fn documents<'c>(
        &'c self,
        layer: &'c str,
    ) -> Box<dyn Iterator<Item = Digest> + 'c> {
        if layer == goldpress_eval::CONTENT {
            return Box::new(self.bodies.keys().copied());
        }
        let of_layer = move |(_, known): &&(Digest, String)| known == layer;
        Box::new(self.claims.keys().filter(of_layer).map(|(doc, _)| *doc))
    }
}

/// A field is known by its value: it has no place.
fn of_field(one: &LooseAnnotation) -> Claim {
    let value = match one.attrs.get("value") {
        Some(AttrValue::Null) => NOT_STATED,
        Some(value) => value.as_text().unwrap_or(&one.text),
        None => &one.text,
    };
    let alternatives = match one.attrs.get("alternatives") {
        Some(AttrValue::List(others)) => others.clone(),
        _ => Vec::new(),
    };
    Claim { alternatives, ..Claim::placeless(&one.label, value) }
}

fn of_place(
    one: &LooseAnnotation,
    kind: Option<LayerKind>,
    places: &BTreeMap<&str, &[CharRange]>,
    rules: &Rules,
) -> Claim {
    let value = |name: &&'static str| {
        let value = one.attrs.get(*name)?.as_text()?;
        let case = |value: &str| match *name {
            "value" => value.trim().to_uppercase(),
            _ => value.trim().to_owned(),
        };
        Some((*name, case(value)))
    };
    let part = |role: &&'static str| {
        let targets = one.args.get(*role).into_iter().flatten();
        let mut ranges: Vec<CharRange> = targets
            .filter_map(|id| places.get(id.as_str()))
            .flat_map(|ranges| ranges.iter().copied())
            .collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        (!ranges.is_empty()).then_some((*role, ranges))
    };
    let parts: Vec<_> = rules.roles(&one.layer).iter().filter_map(part).collect();
    // Where the words of a relation stand does not matter: its ends do.
    let fragments = match kind {
        Some(LayerKind::Relation) => {
            let mut ends: Vec<CharRange> =
                parts.iter().flat_map(|(_, ranges)| ranges.clone()).collect();
            ends.sort_by_key(|range| (range.start, range.end));
            ends
        }
        _ => one.fragments.clone(),
    };
    Claim {
        fragments,
        label: one.label.clone(),
        text: one.text.clone(),
        values: Rules::values(&one.layer).iter().filter_map(value).collect(),
        parts,
        alternatives: Vec::new(),
    }
}
