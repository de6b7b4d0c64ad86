//! Mistakes: what a person has to look at to see why a score is not 1.

use goldpress_model::{Digest, LayerKind};

use crate::{
    Ranges,
    metrics::{blocks, fields, relations},
    scene::Scene,
    sides::{Item, Label},
};

/// One disagreement between gold and a prediction, from the alignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The document.
    pub doc_id: Digest,
    /// The layer.
    pub layer: String,
    /// What is wrong.
    pub kind: MistakeKind,
    /// The gold side, unless nothing was there to find.
    pub gold: Option<Quoted>,
    /// The predicted side, unless nothing was predicted.
    pub predicted: Option<Quoted>,
}

/// One side of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Its label.
    pub label: String,
    /// Where it stands, in code points.
    pub place: Ranges,
    /// The words.
    pub text: String,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MistakeKind {
    /// Another beginning or end.
    Boundary,
    /// Another label.
    Label,
    /// Another boundary and another label.
    Both,
    /// Another value of a field.
    Wrong,
    /// In gold alone.
    Missed,
    /// In the prediction alone.
    Spurious,
}

impl MistakeKind {
    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            MistakeKind::Boundary => "boundary",
            MistakeKind::Label => "label",
            MistakeKind::Both => "both",
            MistakeKind::Wrong => "wrong",
            MistakeKind::Missed => "missed",
            MistakeKind::Spurious => "spurious",
        }
    }
}

/// The mistakes of one layer of one document, in the order of the text.
pub(crate) fn mistakes(scene: &Scene<'_>, layer: &str) -> Vec<Mistake> {
    let quoted = |item: &Item<'_>| Quoted {
        label: name(scene, item.label),
        place: item.place.clone(),
        text: item.source.text.clone(),
    };
    let mistake = |kind, gold: Option<&Item<'_>>, predicted: Option<&Item<'_>>| Mistake {
        doc_id: scene.gold.doc_id,
        layer: layer.to_owned(),
        kind,
        gold: gold.map(quoted),
        predicted: predicted.map(quoted),
    };
    match scene.spec.map(|spec| spec.kind) {
        Some(LayerKind::Field) => return of_fields(scene, layer),
        Some(LayerKind::Block) => return of_blocks(scene, layer),
        Some(LayerKind::Relation) => {
            // Compared by content: where the words of a relation stand does not matter.
            let (gold, predicted) = relations::unmatched(scene);
            let missed = |item| mistake(MistakeKind::Missed, Some(item), None);
            let spurious = |item| mistake(MistakeKind::Spurious, None, Some(item));
            let missed = gold.into_iter().map(missed);
            return missed.chain(predicted.into_iter().map(spurious)).collect();
        }
        _ => {}
    }
    let sides = &scene.sides;
    let (mut gold_left, mut predicted_left) =
        (vec![true; sides.gold.len()], vec![true; sides.predicted.len()]);
    let mut found = Vec::new();
    for &(g, p) in scene.alignment() {
        let (g, p) = (g as usize, p as usize);
        (gold_left[g], predicted_left[p]) = (false, false);
        let (gold, predicted) = (&sides.gold[g], &sides.predicted[p]);
        let kind = match (gold.place == predicted.place, gold.label == predicted.label) {
            (true, true) => continue,
            (false, true) => MistakeKind::Boundary,
            (true, false) => MistakeKind::Label,
            (false, false) => MistakeKind::Both,
        };
        found.push(mistake(kind, Some(gold), Some(predicted)));
    }
    for (item, _) in sides.gold.iter().zip(gold_left).filter(|pair| pair.1) {
        found.push(mistake(MistakeKind::Missed, Some(item), None));
    }
    for (item, _) in sides.predicted.iter().zip(predicted_left).filter(|pair| pair.1) {
        found.push(mistake(MistakeKind::Spurious, None, Some(item)));
    }
    let start = |mistake: &Mistake| {
        let side = mistake.gold.as_ref().or(mistake.predicted.as_ref());
        side.map(|side| (side.place.start(), side.place.end()))
    };
    found.sort_by_key(|mistake| (start(mistake), mistake.kind));
    found
}

/// Blocks of gold whose role is another, as the score has it: a system's own blocks are
/// projected onto them.
fn of_blocks(scene: &Scene<'_>, layer: &str) -> Vec<Mistake> {
    let mistake = |(at, predicted): (usize, Option<Label>)| {
        let item = &scene.sides.gold[at];
        let quoted = |label| Quoted {
            label: name(scene, label),
            place: item.place.clone(),
            text: item.source.text.clone(),
        };
        Mistake {
            doc_id: scene.gold.doc_id,
            layer: layer.to_owned(),
            kind: match predicted {
                Some(_) => MistakeKind::Label,
                None => MistakeKind::Missed,
            },
            gold: Some(quoted(item.label)),
            predicted: predicted.map(quoted),
        }
    };
    blocks::wrong(scene).into_iter().map(mistake).collect()
}

/// Values of fields that do not agree, field by field.
fn of_fields(scene: &Scene<'_>, layer: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    for field in fields::stated(scene) {
        let (_, spurious, missed) = fields::normalised(&field);
        let kind = match (spurious > 0, missed > 0) {
            (false, false) => continue,
            (true, true) => MistakeKind::Wrong,
            (false, true) => MistakeKind::Missed,
            (true, false) => MistakeKind::Spurious,
        };
        let quoted = |values: Vec<&str>| Quoted {
            label: field.spec.name.clone(),
            place: Ranges::default(),
            text: values.join(" · "),
        };
        let gold: Vec<&str> = field.gold.iter().map(|right| right[0]).collect();
        found.push(Mistake {
            doc_id: scene.gold.doc_id,
            layer: layer.to_owned(),
            kind,
            gold: (!gold.is_empty()).then(|| quoted(gold)),
            predicted: (!field.predicted.is_empty())
                .then(|| quoted(field.predicted.clone())),
        });
    }
    found
}

fn name(scene: &Scene<'_>, label: Label) -> String {
    scene.plan.name(label).into_owned()
}
