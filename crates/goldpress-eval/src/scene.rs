//! One layer of one document, as metrics see it.

use std::{cell::OnceCell, collections::BTreeMap};

use goldpress_model::{LayerSpec, LooseAnnotation};

use crate::{
    Ranges,
    align::align,
    input::{GoldDocument, PredictedDocument},
    metrics::{blocks::Blocks, body::Bodies},
    plan::Plan,
    sides::{Item, Label, Sides},
};

/// Everything that a metric may look at.
#[derive(Debug)]
pub struct Scene<'a> {
    /// What is counted, and the numbers of labels.
    pub plan: &'a Plan<'a>,
    /// The layer; `None` for the body.
    pub spec: Option<&'a LayerSpec>,
    /// Gold of the document.
    pub gold: &'a GoldDocument<'a>,
    /// The answer.
    pub predicted: &'a PredictedDocument<'a>,
    /// The items that are scored.
    pub sides: Sides<'a>,
    /// Predicted annotations of the layer that were set aside.
    pub malformed: Vec<&'a LooseAnnotation>,
    /// The part of the text that is scored; `None` for all of it.
    pub window: Option<&'a Ranges>,
    /// Annotations of any layer by id.
    pub gold_ids: &'a Ids<'a>,
    /// Annotations of any layer by id.
    pub predicted_ids: &'a Ids<'a>,
    pub(crate) alignment: OnceCell<Vec<(u32, u32)>>,
    pub(crate) blocks: OnceCell<Blocks>,
    pub(crate) bodies: OnceCell<Bodies>,
}

/// Annotations of one side of a document by id.
#[derive(Debug, Default)]
pub struct Ids<'a>(pub(crate) BTreeMap<&'a str, (&'a LooseAnnotation, Ranges)>);

impl<'a> Ids<'a> {
    /// The annotation of that id, with its place.
    pub fn get(&self, id: &str) -> Option<&(&'a LooseAnnotation, Ranges)> {
        self.0.get(id)
    }

    /// What an annotation's role points to; `t0` and unknown ids are left out.
    pub fn targets<'i>(
        &'i self,
        of: &'i LooseAnnotation,
        role: &str,
    ) -> impl Iterator<Item = &'i (&'a LooseAnnotation, Ranges)> {
        of.args.get(role).into_iter().flatten().filter_map(|id| self.get(id))
    }

    /// The characters of everything that a role points to; `None` where it points nowhere.
    pub fn place(&self, of: &LooseAnnotation, role: &str) -> Option<Ranges> {
        let mut targets = self.targets(of, role);
        let first = targets.next()?.1.clone();
        Some(targets.fold(first, |all, target| all.union(&target.1)))
    }
}

impl<'a> Scene<'a> {
    /// The alignment (`align`), worked out once.
    pub fn alignment(&self) -> &[(u32, u32)] {
        self.alignment.get_or_init(|| align(&self.sides))
    }

    /// The aligned pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&Item<'a>, &Item<'a>)> {
        let pair = |&(g, p): &(u32, u32)| {
            (&self.sides.gold[g as usize], &self.sides.predicted[p as usize])
        };
        self.alignment().iter().map(pair)
    }

    /// The label of metrics that are blind to labels.
    pub fn star(&self) -> Label {
        self.plan.star()
    }

    /// The part of a place that is scored.
    pub fn clip(&self, place: &Ranges) -> Ranges {
        self.window.map_or_else(|| place.clone(), |window| place.intersection(window))
    }
}
