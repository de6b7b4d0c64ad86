//! What people decided about suggestions: it is not offered again, and it is counted.

use std::collections::{BTreeMap, BTreeSet};

use goldpress_model::{
    AttrValue, CharRange, Digest, LooseAnnotation, ProposedBy, Status, layer::REVIEW,
};
use goldpress_store::labels::LabelFile;

use crate::sets::{LabelError, LabelSets};

/// What became of one label's suggestions, and what people marked beside them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Taken as they were.
    pub accepted: u64,
    /// Taken after a change.
    pub edited: u64,
    /// Refused.
    pub rejected: u64,
    /// Marked by people where they were shown the suggestions, without one of them.
    pub added: u64,
}

/// An annotation by layer, label and place.
type Place = (String, String, Vec<CharRange>);

/// Decisions of people, by article.
#[derive(Default)]
pub(super) struct Decisions {
    /// Ids of suggestions that lines were made of.
    ids: BTreeSet<(Digest, String)>,
    /// What stands in a set already, refused or not.
    places: BTreeMap<Digest, BTreeSet<Place>>,
    verdicts: BTreeMap<(String, String), Verdicts>,
}

impl Decisions {
    /// Reads what people made of the suggestions in `set`.
    ///
    /// `by` names the sets that count; all but those of systems where it is empty.
    pub(super) fn read(
        sets: &LabelSets,
        set: &str,
        by: &[String],
    ) -> Result<Decisions, LabelError> {
        let mut decisions = Decisions::default();
        for name in sets.list()? {
            let counts = match by.is_empty() {
                true => !name.set.starts_with('@'),
                false => by.contains(&name.set),
            };
            if let Some(file) = sets.read(&name)?.filter(|_| counts) {
                decisions.add(&file, set);
            }
        }
        Ok(decisions)
    }

    fn add(&mut self, file: &LabelFile, set: &str) {
        let shown = shown(file, set);
        let places = self.places.entry(file.header.doc).or_default();
        let ours = |from: &&String| {
            from.strip_prefix(set).is_some_and(|rest| rest.starts_with('/'))
        };
        for line in &file.lines {
            let LooseAnnotation { layer, label, .. } = &line.annotation;
            if layer == REVIEW {
                continue;
            }
            places.insert(place(&line.annotation));
            let mut n_from = 0;
            for from in line.provenance.from.iter().filter(ours) {
                let id = from[set.len() + 1..].to_owned();
                self.ids.insert((file.header.doc, id));
                n_from += 1;
            }
            let verdicts =
                self.verdicts.entry((layer.clone(), label.clone())).or_default();
            let is_human = line.provenance.origin == ProposedBy::Human;
            match line.provenance.status {
                Status::Accepted if n_from > 0 => verdicts.accepted += 1,
                Status::Edited if n_from > 0 => verdicts.edited += 1,
                Status::Rejected if n_from > 0 => verdicts.rejected += 1,
                Status::Accepted | Status::Edited
                    if is_human && shown.contains(layer.as_str()) =>
                {
                    verdicts.added += 1;
                }
                _ => {}
            }
        }
    }

    /// Whether somebody decided about a claim, or marked the same.
    pub(super) fn hold(&self, doc: Digest, claim: &LooseAnnotation) -> bool {
        self.ids.contains(&(doc, claim.id.clone()))
            || self.places.get(&doc).is_some_and(|all| all.contains(&place(claim)))
    }

    pub(super) fn verdicts(&self) -> BTreeMap<(String, String), Verdicts> {
        let mut verdicts = self.verdicts.clone();
        verdicts.retain(|_, one| *one != Verdicts::default());
        verdicts
    }
}

fn place(annotation: &LooseAnnotation) -> Place {
    let LooseAnnotation { layer, label, fragments, .. } = annotation;
    (layer.clone(), label.clone(), fragments.clone())
}

/// Layers that somebody finished with the suggestions of a set in sight.
fn shown<'f>(file: &'f LabelFile, set: &str) -> BTreeSet<&'f str> {
    let reviews = file.lines.iter().map(|line| &line.annotation);
    reviews
        .filter(|review| {
            let names = review.attrs.get("suggestions");
            let named = |names: &Vec<String>| names.iter().any(|name| name == set);
            review.layer == REVIEW
                && matches!(names, Some(AttrValue::List(names)) if named(names))
        })
        .filter_map(|review| review.attrs.get("of").and_then(AttrValue::as_text))
        .collect()
}
