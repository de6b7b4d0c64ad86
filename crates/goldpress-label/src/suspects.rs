//! `label suspects`: where gold may be wrong, so that people look there first.
//!
//! Nothing here decides: it ranks annotations that others contradict, and articles that
//! nobody has done.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use goldpress_model::{CharRange, Digest, LooseAnnotation};
use goldpress_store::Dataset;

use crate::{
    gold::{GoldDocument, gold},
    sets::LabelError,
};

/// Others who say something of the same articles: the runs of systems, or annotators.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    /// Its name, as reports show it.
    pub name: String,
    /// What it says, by article; one that is missing was not asked.
    pub documents: BTreeMap<Digest, Vec<LooseAnnotation>>,
}

/// Why something is suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspicion {
    /// Gold has it, most others lack it.
    Lacking,
    /// Gold lacks it, most others have it.
    Missing,
    /// Nobody has done the article.
    NotDone,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// Why.
    pub suspicion: Suspicion,
    /// The article.
    pub doc_id: Digest,
    /// The annotation, as gold or the first of the others has it.
    pub annotation: Option<LooseAnnotation>,
    /// Others that contradict gold, and others that were asked.
    pub contradicting: (usize, usize),
}

/// Ranks what is suspect in a layer of gold: by share of contradictions, then by their
/// number, then by article; articles that nobody has done come last.
///
/// A span contradicts another when label or fragments differ. Only layers whose
/// annotations stand in places can be ranked.
///
/// # Errors
///
/// A label file or table cannot be read.
pub fn suspects(
    dataset: &Dataset,
    set: &str,
    layer: &str,
    voices: &[Voice],
) -> Result<Vec<Suspect>, LabelError> {
    let gold = gold(dataset, set)?;
    let mut found = Vec::new();
    let mut done = BTreeSet::new();
    for document in gold.documents.iter().filter(|d| d.covered.contains(layer)) {
        done.insert(document.doc_id);
        contradicted(document, layer, voices, &mut found);
    }
    found.sort_by_key(rank);
    let mut seen = BTreeSet::new();
    for article in dataset.keepers() {
        let doc_id = article?.doc_id();
        if !done.contains(&doc_id) && seen.insert(doc_id) {
            let suspicion = Suspicion::NotDone;
            let contradicting = (0, 0);
            found.push(Suspect { suspicion, doc_id, annotation: None, contradicting });
        }
    }
    Ok(found)
}

/// What a span must share with another to say the same.
type Said = (String, Vec<CharRange>);

fn said(annotation: &LooseAnnotation) -> Said {
    (annotation.label.clone(), annotation.fragments.clone())
}

fn contradicted(
    document: &GoldDocument,
    layer: &str,
    voices: &[Voice],
    found: &mut Vec<Suspect>,
) {
    let of_layer = |annotations: &[LooseAnnotation]| -> BTreeMap<Said, LooseAnnotation> {
        let own =
            annotations.iter().filter(|a| a.layer == layer && !a.fragments.is_empty());
        own.map(|annotation| (said(annotation), annotation.clone())).collect()
    };
    let asked: Vec<BTreeMap<Said, LooseAnnotation>> = voices
        .iter()
        .filter_map(|voice| voice.documents.get(&document.doc_id))
        .map(|annotations| of_layer(annotations))
        .collect();
    let n_asked = asked.len();
    let own = of_layer(&document.annotations);
    let unjudged = document.unannotated.get(layer).map_or(&[][..], Vec::as_slice);
    let mut others: BTreeMap<&Said, &LooseAnnotation> = BTreeMap::new();
    for voice in &asked {
        for (said, annotation) in voice {
            others.entry(said).or_insert(annotation);
        }
    }
    let all = own.iter().map(|(said, a)| (said, a, true)).chain(
        others
            .into_iter()
            .filter(|(said, _)| !own.contains_key(*said))
            .map(|(s, a)| (s, a, false)),
    );
    for (said, annotation, is_gold) in all {
        let n_holders = asked.iter().filter(|voice| voice.contains_key(said)).count();
        let n_against = if is_gold { n_asked - n_holders } else { n_holders };
        let is_judged = !said.1.iter().all(|range| {
            unjudged.iter().any(|u| u.start <= range.start && range.end <= u.end)
        });
        if n_against * 2 > n_asked && is_judged {
            found.push(Suspect {
                suspicion: if is_gold { Suspicion::Lacking } else { Suspicion::Missing },
                doc_id: document.doc_id,
                annotation: Some(annotation.clone()),
                contradicting: (n_against, n_asked),
            });
        }
    }
}

/// Higher shares first, in whole numbers: every share is a number of millionths.
fn rank(suspect: &Suspect) -> impl Ord + use<> {
    let (n, of) = suspect.contradicting;
    let share = n * 1_000_000 / of.max(1);
    let place = suspect.annotation.as_ref().map(said);
    (Reverse(share), Reverse(n), suspect.doc_id, place)
}
