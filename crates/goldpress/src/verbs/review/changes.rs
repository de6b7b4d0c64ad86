//! Changes: what two runs of a system say of one layer of one document, beside gold.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    AttrValue, CharRange, Digest, FieldClaim, LooseAnnotation, Prediction, layer,
};

/// One claim, as far as two of them can be told apart: place, label, words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) fragments: Vec<CharRange>,
    pub(super) label: String,
    pub(super) text: String,
}

/// Claims by document and layer.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<(Digest, String), BTreeSet<Claim>>);

impl Claims {
    /// Adds an annotation; a field without a place is known by its value.
    pub(super) fn annotate(&mut self, doc: Digest, annotation: LooseAnnotation) {
        let is_field = annotation.layer == layer::METADATA;
        let text = match annotation.attrs.get("value").filter(|_| is_field) {
            Some(AttrValue::Null) => NOT_STATED.to_owned(),
            Some(AttrValue::Text(value)) => value.clone(),
            _ => annotation.text,
        };
        let LooseAnnotation { layer, label, fragments, .. } = annotation;
        let fragments = if is_field { Vec::new() } else { fragments };
        self.put(doc, layer, Claim { fragments, label, text });
    }

    /// Adds all that a system answered.
    pub(super) fn answer(&mut self, row: Prediction) {
        let doc = row.doc_id;
        for annotation in row.annotations {
            self.annotate(doc, annotation);
        }
        for (range, role) in row.blocks.into_iter().flatten() {
            let label = role.name().to_owned();
            let claim = Claim { fragments: vec![range], label, text: String::new() };
            self.put(doc, layer::BLOCK.to_owned(), claim);
        }
        for (label, claim) in row.fields.into_iter().flatten() {
            self.field(doc, &label, claim);
        }
    }

    fn field(&mut self, doc: Digest, label: &str, claim: FieldClaim) {
        let values = match claim {
            FieldClaim::Null => vec![NOT_STATED.to_owned()],
            FieldClaim::One(value) => vec![value],
            FieldClaim::Many(values) => values,
        };
        for text in values {
            let claim = Claim { fragments: Vec::new(), label: label.to_owned(), text };
            self.put(doc, layer::METADATA.to_owned(), claim);
        }
    }

    fn put(&mut self, doc: Digest, layer: String, mut claim: Claim) {
        // What a block says is read off its place.
        if layer == layer::BLOCK {
            claim.text.clear();
        }
        self.0.entry((doc, layer)).or_default().insert(claim);
    }

    fn of(&self, doc: Digest, layer: &str) -> BTreeSet<Claim> {
        self.0.get(&(doc, layer.to_owned())).cloned().unwrap_or_default()
    }

    /// Documents of which a layer is spoken.
    pub(super) fn documents<'c>(
        &'c self,
        layer: &'c str,
    ) -> impl Iterator<Item = Digest> + 'c {
        self.0.keys().filter(move |(_, known)| known == layer).map(|(doc, _)| *doc)
    }
}

/// What a null value is shown as.
const NOT_STATED: &str = "(not stated)";

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The baseline's run alone.
    Before,
    /// This run alone.
    Now,
    /// Both runs.
    Both,
    /// Gold, and neither run.
    Gold,
}

impl Side {
    /// The sign of a diff.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Side::Before => "-",
            Side::Now => "+",
            Side::Both => "=",
            Side::Gold => "gold",
        }
    }
}

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) side: Side,
    pub(super) claim: Claim,
    /// `ok`, or the kind of error.
    pub(super) kind: &'static str,
}

impl Change {
    /// Whether it is an error of this kind; what was found before and is no more is missed.
    pub(super) fn is_error(&self, kind: &str) -> bool {
        let is_lost = self.side == Side::Before && self.kind == OK;
        self.kind == kind || kind == MISSED && is_lost
    }
}

/// What stands beside each other.
pub(super) struct Sides<'s> {
    pub(super) gold: &'s Claims,
    /// `None` where no run holds the baseline's answers any more.
    pub(super) old: Option<&'s Claims>,
    /// `None` where the answers that were evaluated are in no run.
    pub(super) new: Option<&'s Claims>,
}

impl Sides<'_> {
    /// Everything of one layer of a document that moved or is wrong, in the order of the
    /// text; `None` where either side's answers are not at hand.
    pub(super) fn changes(&self, doc: Digest, layer: &str) -> Option<Vec<Change>> {
        let gold = self.gold.of(doc, layer);
        let (old, new) = (self.old?.of(doc, layer), self.new?.of(doc, layer));
        let mut changes = Vec::new();
        for claim in old.union(&new) {
            let side = match (old.contains(claim), new.contains(claim)) {
                (true, true) => Side::Both,
                (true, false) => Side::Before,
                (false, _) => Side::Now,
            };
            let kind = kind_of(claim, &gold);
            if side != Side::Both || kind != OK {
                changes.push(Change { side, claim: claim.clone(), kind });
            }
        }
        let answers: BTreeSet<Claim> = old.union(&new).cloned().collect();
        for claim in gold.difference(&answers) {
            changes.push(Change { side: Side::Gold, claim: claim.clone(), kind: MISSED });
        }
        changes.sort_by(|a, b| (&a.claim, a.side).cmp(&(&b.claim, b.side)));
        Some(changes)
    }
}

/// A claim that is gold.
pub(super) const OK: &str = "ok";

/// Gold that nobody claims.
const MISSED: &str = "missed";

/// Whether both runs are wrong about something, the same or each in its way.
pub(super) fn is_both_wrong(changes: &[Change]) -> bool {
    let is_wrong = |sides: [Side; 2]| {
        changes.iter().any(|change| sides.contains(&change.side) && change.kind != OK)
    };
    is_wrong([Side::Both, Side::Gold])
        || is_wrong([Side::Before; 2]) && is_wrong([Side::Now; 2])
}

/// What a claim is beside gold: equal, or at fault in label, edges, both or altogether.
fn kind_of(claim: &Claim, gold: &BTreeSet<Claim>) -> &'static str {
    if gold.contains(claim) {
        return OK;
    }
    if claim.fragments.is_empty() {
        let is_there = gold.iter().any(|other| other.label == claim.label);
        return if is_there { "wrong" } else { "spurious" };
    }
    let meets = |other: &&Claim| {
        claim.fragments.iter().any(|one| {
            other.fragments.iter().any(|two| one.start < two.end && two.start < one.end)
        })
    };
    let met: Vec<&Claim> = gold.iter().filter(meets).collect();
    match () {
        () if met.iter().any(|other| other.fragments == claim.fragments) => "label",
        () if met.iter().any(|other| other.label == claim.label) => "boundary",
        () if met.is_empty() => "spurious",
        () => "both",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(start: u32, end: u32, label: &str) -> Claim {
        let fragments = vec![CharRange { start, end }];
        Claim { fragments, label: label.to_owned(), text: String::new() }
    }

    #[test]
    fn a_claim_is_told_by_what_gold_has_in_its_place() {
        let gold = BTreeSet::from([claim(0, 5, "ORG"), claim(9, 12, "GPE")]);
        for (start, end, label, expected) in [
            (0, 5, "ORG", "ok"),
            (0, 5, "GPE", "label"),
            (1, 5, "ORG", "boundary"),
            (1, 5, "GPE", "both"),
            (5, 9, "ORG", "spurious"),
        ] {
            assert_eq!(kind_of(&claim(start, end, label), &gold), expected);
        }
    }
}
