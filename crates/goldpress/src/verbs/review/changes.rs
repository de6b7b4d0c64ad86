//! Changes: what two runs of a system say of one layer of one document, beside gold.

use std::collections::BTreeSet;

use goldpress_eval::{CONTENT, Lines};
use goldpress_model::{CharRange, Digest, LayerKind};

use super::{
    body::body_changes,
    claims::{Claim, Claims, NOT_STATED, Rules},
    shown::told,
};

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
    /// What gold has in its place, where it has another thing.
    pub(super) gold: Option<String>,
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
    pub(super) rules: &'s Rules,
    /// Which part of the text was scored.
    pub(super) lines: Lines,
    pub(super) gold: &'s Claims,
    /// `None` where no run holds the baseline's answers any more.
    pub(super) old: Option<&'s Claims>,
    /// `None` where the answers that were evaluated are in no run.
    pub(super) new: Option<&'s Claims>,
}

impl Sides<'_> {
    /// Everything of one layer of a document that moved or is wrong, in the order of the
    /// text; `None` where the answers that were evaluated are not at hand.
    ///
    /// Without the baseline's answers everything that is wrong now stands there as such.
    pub(super) fn changes(&self, doc: Digest, layer: &str) -> Option<Vec<Change>> {
        let new = self.new?;
        if layer == CONTENT {
            let body = |claims: &Claims| claims.body(doc).unwrap_or_default().to_owned();
            let (gold, new) = (body(self.gold), body(new));
            let old = self.old.map(body);
            let mut changes =
                body_changes(&gold, old.as_deref().unwrap_or_default(), &new);
            if old.is_none() {
                changes.retain(|change| change.kind != OK);
            }
            return Some(changes);
        }
        let gold = self.scored(self.gold, doc, layer);
        let old = self.old.map(|old| self.scored(old, doc, layer));
        let new = self.scored(new, doc, layer);
        Some(self.beside(layer, &gold, old.as_ref(), &new))
    }

    fn beside(
        &self,
        layer: &str,
        gold: &BTreeSet<Claim>,
        old: Option<&BTreeSet<Claim>>,
        new: &BTreeSet<Claim>,
    ) -> Vec<Change> {
        let nothing = BTreeSet::new();
        let before = old.unwrap_or(&nothing);
        let mut changes = Vec::new();
        // Gold that an answer of now stands in the place of is told beside it, once.
        let mut told_beside: BTreeSet<&Claim> = BTreeSet::new();
        let answers: BTreeSet<&Claim> = before.union(new).collect();
        for claim in &answers {
            let side = match (before.contains(claim), new.contains(claim)) {
                (true, true) => Side::Both,
                (true, false) => Side::Before,
                (false, _) => Side::Now,
            };
            let kind = kind_of(claim, gold, self.rules);
            let is_known = side == Side::Both || old.is_none();
            if !is_known || kind != OK {
                let others = expected(claim, gold);
                if side != Side::Before {
                    told_beside.extend(&others);
                }
                let gold = (kind != OK && !others.is_empty())
                    .then(|| others.iter().map(|gold| words(gold)).collect::<Vec<_>>())
                    .map(|all| all.join(", "));
                changes.push(Change { side, claim: (*claim).clone(), kind, gold });
            }
        }
        // A block that has another role is no block that nobody saw.
        let is_block = self.rules.kind(layer) == Some(LayerKind::Block);
        let is_met = |gold: &&Claim| {
            answers.iter().any(|claim| match is_block {
                true => claim.fragments == gold.fragments,
                false => claim.agrees(gold, self.rules),
            })
        };
        let is_told = |gold: &&Claim| told_beside.contains(*gold);
        for claim in gold.iter().filter(|gold| !is_met(gold) && !is_told(gold)) {
            let (side, kind) = (Side::Gold, MISSED);
            changes.push(Change { side, claim: claim.clone(), kind, gold: None });
        }
        changes.sort_by(|a, b| (&a.claim, a.side).cmp(&(&b.claim, b.side)));
        changes
    }

    /// The claims that scores look at: those in scope, roles of the gold blocks, fields
    /// that gold judges.
    fn scored(&self, claims: &Claims, doc: Digest, layer: &str) -> BTreeSet<Claim> {
        let mut all = claims.of(doc, layer);
        match self.rules.kind(layer) {
            Some(LayerKind::Block) => return projected(&self.gold.of(doc, layer), &all),
            Some(LayerKind::Field) => {
                let gold = self.gold.of(doc, layer);
                let judged: BTreeSet<&str> =
                    gold.iter().map(|claim| claim.label.as_str()).collect();
                // Saying nothing is missing the value, which gold tells.
                let is_silent = |claim: &Claim| claim.text == NOT_STATED;
                all.retain(|claim| {
                    judged.contains(claim.label.as_str())
                        && (!is_silent(claim) || gold.contains(claim))
                });
            }
            _ => {
                let main = self.gold.main(doc).filter(|_| self.lines == Lines::Main);
                if let Some(main) = main {
                    let is_main = |one: &CharRange| main.iter().any(|two| meet(one, two));
                    all.retain(|claim| claim.fragments.iter().any(is_main));
                }
            }
        }
        all
    }
}

/// Each gold block with the role that covers most of it, as the score has it.
fn projected(gold: &BTreeSet<Claim>, claims: &BTreeSet<Claim>) -> BTreeSet<Claim> {
    let role = |block: &Claim| {
        let shared = |claim: &Claim| -> u32 {
            let pairs = block.fragments.iter().flat_map(|one| {
                claim.fragments.iter().map(move |two| {
                    one.end.min(two.end).saturating_sub(one.start.max(two.start))
                })
            });
            pairs.sum()
        };
        let covering = claims.iter().map(|claim| (shared(claim), claim));
        let covering = covering.filter(|(shared, _)| *shared > 0);
        covering.max_by_key(|(shared, _)| *shared).map(|(_, claim)| claim.label.clone())
    };
    let block = |block: &Claim| Some(Claim { label: role(block)?, ..block.clone() });
    gold.iter().filter_map(block).collect()
}

/// A claim that is gold.
pub(super) const OK: &str = "ok";

/// Gold that nobody claims.
pub(super) const MISSED: &str = "missed";

/// Whether both runs are wrong about something, the same or each in its way.
pub(super) fn is_both_wrong(changes: &[Change]) -> bool {
    let is_wrong = |sides: [Side; 2]| {
        changes.iter().any(|change| sides.contains(&change.side) && change.kind != OK)
    };
    is_wrong([Side::Both, Side::Gold])
        || is_wrong([Side::Before; 2]) && is_wrong([Side::Now; 2])
}

fn meet(one: &CharRange, two: &CharRange) -> bool {
    one.start < two.end && two.start < one.end
}

/// What gold has in the place of a claim: a field's values, a span that it meets.
fn expected<'g>(claim: &Claim, gold: &'g BTreeSet<Claim>) -> Vec<&'g Claim> {
    if claim.fragments.is_empty() {
        return gold.iter().filter(|other| other.label == claim.label).collect();
    }
    let meets = |other: &&Claim| {
        claim.fragments.iter().any(|one| other.fragments.iter().any(|two| meet(one, two)))
    };
    // The one that stands there exactly, else the first that it meets.
    let exact = gold.iter().find(|other| other.fragments == claim.fragments);
    exact.or_else(|| gold.iter().find(meets)).into_iter().collect()
}

/// A claim of gold in words: a field's value, else label, words and what it says.
fn words(claim: &Claim) -> String {
    if claim.fragments.is_empty() {
        return claim.text.clone();
    }
    let words = [Some(claim.label.clone()), Some(claim.text.clone()), told(claim)];
    let words = words.into_iter().flatten().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" · ")
}

/// What a claim is beside gold: equal, or at fault in value, label, edges, both or
/// altogether.
fn kind_of(claim: &Claim, gold: &BTreeSet<Claim>, rules: &Rules) -> &'static str {
    if gold.iter().any(|other| claim.agrees(other, rules)) {
        return OK;
    }
    if claim.fragments.is_empty() {
        let is_there = gold.iter().any(|other| other.label == claim.label);
        return if is_there { "wrong" } else { "spurious" };
    }
    let meets = |other: &&Claim| {
        claim.fragments.iter().any(|one| other.fragments.iter().any(|two| meet(one, two)))
    };
    let met: Vec<&Claim> = gold.iter().filter(meets).collect();
    let same_place = |other: &&&Claim| other.fragments == claim.fragments;
    let same_label = |other: &&&Claim| other.label == claim.label;
    if met.iter().any(|other| same_place(&other) && same_label(&other)) {
        "wrong"
    } else if met.iter().any(|other| same_place(&other)) {
        "label"
    } else if met.iter().any(|other| same_label(&other)) {
        "boundary"
    } else if met.is_empty() {
        "spurious"
    } else {
        "both"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(start: u32, end: u32, label: &str) -> Claim {
        let fragments = vec![CharRange { start, end }];
        Claim { fragments, label: label.to_owned(), ..Claim::default() }
    }

    #[test]
    fn a_claim_is_told_by_what_gold_has_in_its_place() {
        let dated = |value: &str| Claim {
            values: vec![("value", value.to_owned())],
            ..claim(20, 25, "DATE")
        };
        let gold = BTreeSet::from([
            claim(0, 5, "ORG"),
            claim(9, 12, "GPE"),
            dated("2024-03-01"),
        ]);
        for (claim, expected) in [
            (claim(0, 5, "ORG"), "ok"),
            (claim(0, 5, "GPE"), "label"),
            (claim(1, 5, "ORG"), "boundary"),
            (claim(1, 5, "GPE"), "both"),
            (claim(5, 9, "ORG"), "spurious"),
            (dated("2024-03-01"), "ok"),
            (dated("2024-03-02"), "wrong"),
        ] {
            assert_eq!(kind_of(&claim, &gold, &Rules::default()), expected, "{claim:?}");
        }
    }

    #[test]
    fn a_system_s_own_blocks_are_projected_onto_those_of_gold() {
        let gold = BTreeSet::from([claim(0, 10, "paragraph"), claim(12, 30, "byline")]);
        let own = BTreeSet::from([claim(0, 4, "headline"), claim(4, 25, "paragraph")]);
        let expected =
            BTreeSet::from([claim(0, 10, "paragraph"), claim(12, 30, "paragraph")]);
        assert_eq!(projected(&gold, &own), expected);
    }
}
