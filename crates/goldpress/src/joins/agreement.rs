//! Agreement of annotators: their sets handed to the metrics and to the coefficients.
//!
//! One annotator stands in the place of gold for the F1 family, which is symmetric; what
//! has a chance term comes from the coefficients. Articles whose annotators saw
//! suggestions are counted apart: they agree with what they were shown.

mod counts;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use goldpress_eval::{Mistake, UnitChoice, clusters};
use goldpress_label::{
    LabelSets,
    agreement::{Distance, Gathered, Team, Undefined, Weights},
};
use goldpress_model::{Digest, LayerKind, LayerSpec, Schema};
use goldpress_store::Dataset;

/// What is asked of an agreement.
pub(crate) struct Asked<'a> {
    /// The schema in effect.
    pub(crate) schema: &'a Schema,
    /// The sets, at least two.
    pub(crate) sets: &'a [String],
    /// Whether only what stands in the article's own lines is compared, by the roles of
    /// gold.
    pub(crate) main_alone: bool,
    /// Whether articles labelled under several versions of the guidelines are compared.
    pub(crate) mixed_guidelines: bool,
    /// Coefficients beyond those of default: `cohen`, `scott`, `fleiss`, `bennett`.
    pub(crate) more: &'a [String],
    /// α by another distance than equal or not, beside that one.
    pub(crate) scale: Option<Distance>,
    /// Weights of Cohen's kappa.
    pub(crate) weights: Weights,
    /// Resamples of the bootstrap; 0 for no intervals of coefficients.
    pub(crate) resamples: u64,
}

/// One number, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// `strict`, `alpha_u`, `mention.alpha`.
    pub(crate) name: String,
    pub(crate) value: Result<f64, Undefined>,
    /// 95 %; `None` below six clusters, or where nothing varies.
    pub(crate) interval: Option<(f64, f64)>,
    /// Why there is no interval, where it is not for too few clusters.
    pub(crate) missing: Option<&'static str>,
    /// What it rests on, as integers: matched, of the one side, of the other.
    pub(crate) counts: Option<[u64; 3]>,
    /// Units with two values, of coefficients over units.
    pub(crate) n_units: Option<usize>,
}

/// Sets compared on one layer.
pub(crate) struct Group {
    pub(crate) layer: String,
    pub(crate) sets: Vec<String>,
    /// Whether nobody saw suggestions.
    pub(crate) is_blind: bool,
    pub(crate) n_documents: usize,
    pub(crate) n_empty: usize,
    /// Annotations of each set.
    pub(crate) n_items: Vec<u64>,
    /// Annotations in regions that one of the sets did not judge.
    pub(crate) n_left_out: u64,
    /// Spans that α_U leaves out: a longer one of the same label and set overlaps them.
    pub(crate) n_overlapping: u64,
    /// Articles left out, since their guidelines differ.
    pub(crate) n_mixed: usize,
    /// Articles left out, since not all of the sets have done the layer in them.
    pub(crate) n_partly_done: usize,
    /// Clusters of articles, and whether these are sources.
    pub(crate) clusters: (usize, bool),
    pub(crate) guidelines: BTreeSet<String>,
    pub(crate) figures: Vec<Figure>,
    /// F1 by label; `None` where nothing is marked.
    pub(crate) labels: BTreeMap<String, Option<f64>>,
    /// Units with two values that differ, by the two values; pairs of sets only.
    pub(crate) confused: BTreeMap<(String, String), u64>,
    pub(crate) disagreements: Vec<Mistake>,
    /// Findings that make F1 meaningless.
    pub(crate) faults: Vec<String>,
}

/// The articles and what every set says of them.
pub(crate) struct Agreement<'a> {
    asked: Asked<'a>,
    texts: BTreeMap<Digest, String>,
    sources: BTreeMap<Digest, Option<String>>,
    team: Team,
    /// Articles left out, since gold gives their lines no roles.
    pub(crate) n_without_roles: usize,
}

impl<'a> Agreement<'a> {
    /// Reads the sets and the texts they speak of.
    ///
    /// # Errors
    ///
    /// A label file or table cannot be read.
    pub(crate) fn read(dataset: &Dataset, asked: Asked<'a>) -> anyhow::Result<Self> {
        let mut team = Team::read(dataset, asked.sets)?;
        let n_without_roles = match asked.main_alone {
            true => team.keep_main(dataset, &layers_in_text(asked.schema))?,
            false => 0,
        };
        let wanted: BTreeSet<Digest> = team.docs().collect();
        let folder = LabelSets::of(dataset.root());
        let (mut texts, mut sources) = (BTreeMap::new(), BTreeMap::new());
        for article in dataset.keepers() {
            let article = article?;
            if wanted.contains(&article.doc_id()) {
                sources.insert(article.doc_id(), article.parts().source.clone());
                texts.insert(article.doc_id(), article.text().to_owned());
            }
        }
        // Labels may outlive their article: the text that was labelled is kept.
        for doc in wanted.into_iter().filter(|doc| !sources.contains_key(doc)) {
            if let Some(text) = folder.text(doc)? {
                texts.insert(doc, text);
            }
        }
        Ok(Agreement { asked, texts, sources, team, n_without_roles })
    }

    /// Compares the sets on one layer: all together, and every pair where there are more
    /// than two; blind articles first.
    ///
    /// # Errors
    ///
    /// A label file cannot be read, or the schema and the metrics do not fit.
    pub(crate) fn of_layer(&self, layer: &LayerSpec) -> anyhow::Result<Vec<Group>> {
        let all: Vec<usize> = (0..self.asked.sets.len()).collect();
        let pairs = pairs(&all);
        let mut groups = Vec::new();
        for is_blind in [true, false] {
            if pairs.len() > 1 {
                groups.extend(self.group(layer, &all, is_blind)?);
            }
            for (one, other) in &pairs {
                groups.extend(self.group(layer, &[*one, *other], is_blind)?);
            }
        }
        Ok(groups)
    }

    fn group(
        &self,
        layer: &LayerSpec,
        members: &[usize],
        is_blind: bool,
    ) -> anyhow::Result<Option<Group>> {
        let sets: Vec<String> =
            members.iter().map(|at| self.asked.sets[*at].clone()).collect();
        let (mut kept, mut n_mixed) = (Vec::new(), 0);
        for one in self.team.gather(members, &layer.name) {
            let known = self.texts.contains_key(&one.doc_id);
            if one.is_blind() != is_blind || !known {
                continue;
            }
            let is_mixed = guidelines(std::slice::from_ref(&one)).len() > 1;
            n_mixed += usize::from(is_mixed);
            if !is_mixed || self.asked.mixed_guidelines {
                kept.push(one);
            }
        }
        if kept.is_empty() && n_mixed == 0 {
            return Ok(None);
        }
        let places: Vec<(Digest, Option<&str>)> = kept
            .iter()
            .map(|one| {
                (one.doc_id, self.sources.get(&one.doc_id).and_then(Option::as_deref))
            })
            .collect();
        let (by_doc, by_source) = clusters(&places, UnitChoice::Auto);
        let n_clusters = by_doc.values().collect::<BTreeSet<_>>().len();
        let mut group = Group {
            layer: layer.name.clone(),
            is_blind,
            n_documents: kept.len(),
            n_empty: kept.iter().filter(|one| one.is_empty()).count(),
            n_items: (0..sets.len())
                .map(|at| {
                    kept.iter().map(|one| one.opinions[at].annotations.len() as u64).sum()
                })
                .collect(),
            n_left_out: kept.iter().map(|one| one.n_left_out).sum(),
            n_overlapping: 0,
            n_mixed,
            n_partly_done: self.team.n_partly_done(members, &layer.name),
            clusters: (n_clusters, by_source),
            guidelines: guidelines(&kept),
            figures: Vec::new(),
            labels: BTreeMap::new(),
            confused: BTreeMap::new(),
            disagreements: Vec::new(),
            faults: Vec::new(),
            sets,
        };
        self.f1(layer, members, &kept, &by_doc, &mut group)?;
        let order: BTreeMap<Digest, usize> = {
            let names: BTreeSet<&String> = by_doc.values().collect();
            let place: BTreeMap<&String, usize> =
                names.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
            by_doc.iter().map(|(doc, name)| (*doc, place[name])).collect()
        };
        let cluster = units::Clusters::of(&kept, &order, self.asked.resamples);
        let named = |name: &str| self.asked.more.iter().any(|more| more == name);
        let (scale, weights) = (self.asked.scale, self.asked.weights);
        let more = units::More { named: &named, scale, weights };
        match layer.kind {
            LayerKind::Block => {
                units::of_blocks(&kept, layer, &cluster, &more, &mut group)
            }
            LayerKind::Field => {
                units::of_fields(&kept, layer, &cluster, &more, &mut group)
            }
            kind => {
                if kind == LayerKind::Span {
                    units::alpha_u(&kept, &cluster, &mut group);
                }
                units::of_attributes(&kept, layer, &cluster, &more, &mut group);
            }
        }
        Ok(Some(group))
    }
}

/// Layers whose annotations stand in a line: roles and fields are of the whole article.
fn layers_in_text(schema: &Schema) -> Vec<&str> {
    let stands =
        |layer: &&LayerSpec| !matches!(layer.kind, LayerKind::Block | LayerKind::Field);
    schema.layers.iter().filter(stands).map(|layer| layer.name.as_str()).collect()
}

fn pairs(members: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (at, one) in members.iter().enumerate() {
        pairs.extend(members[at + 1..].iter().map(|other| (*one, *other)));
    }
    pairs
}

fn guidelines(documents: &[Gathered<'_>]) -> BTreeSet<String> {
    let opinions = documents.iter().flat_map(|one| &one.opinions);
    opinions.flat_map(|opinion| opinion.guidelines.clone()).collect()
}
