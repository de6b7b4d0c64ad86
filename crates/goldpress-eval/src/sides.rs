//! The two sides of one layer of one document: gold items, predicted items, and the pairs
//! of them that share a character.

use goldpress_model::LooseAnnotation;

use crate::Ranges;

/// An annotation as metrics see it.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// Its label.
    pub label: Label,
    /// The code points that it covers.
    pub place: Ranges,
    /// The annotation itself, for attributes and arguments.
    pub source: &'a LooseAnnotation,
}

/// A label, by its place in [`Plan::labels`](crate::Plan): order is byte order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub(crate) u32);

/// A gold and a predicted item that share at least one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Index into the gold items.
    pub gold: u32,
    /// Index into the predicted items.
    pub predicted: u32,
    /// Characters in both.
    pub shared: u64,
}

/// Gold and predicted items of one layer of one document.
#[derive(Debug, Clone, Default)]
pub struct Sides<'a> {
    /// Gold items by [`Item::key`].
    pub gold: Vec<Item<'a>>,
    /// Predicted items by [`Item::key`].
    pub predicted: Vec<Item<'a>>,
    /// Labels of predicted annotations that were set aside, one an annotation.
    pub malformed: Vec<Label>,
    /// Pairs that share a character, by gold, then by predicted item.
    pub edges: Vec<Edge>,
    /// Whether items of either side neither overlap one another nor have gaps. The edges
    /// then form a staircase: an edge shares at most one of its ends with later ones.
    pub flat: bool,
}

impl Item<'_> {
    /// What orders items whatever their ids and place in the input: fragments, label,
    /// attributes. Two items with one key are the same to every metric of spans.
    pub fn key(&self) -> impl Ord + '_ {
        (&self.place, self.label, &self.source.attrs)
    }
}

impl<'a> Sides<'a> {
    /// Sorts both sides and finds the pairs that share a character.
    ///
    /// Takes `n log n` steps and one for each pair that overlaps.
    pub fn new(
        mut gold: Vec<Item<'a>>,
        mut predicted: Vec<Item<'a>>,
        malformed: Vec<Label>,
    ) -> Self {
        gold.sort_by(|a, b| a.key().cmp(&b.key()));
        predicted.sort_by(|a, b| a.key().cmp(&b.key()));
        let flat = is_flat(&gold) && is_flat(&predicted);
        let edges = edges(&gold, &predicted, flat);
        Sides { gold, predicted, malformed, edges, flat }
    }

    /// Whether the ends of an edge cover the same characters.
    pub fn same_place(&self, edge: &Edge) -> bool {
        self.gold_of(edge).place == self.predicted_of(edge).place
    }

    /// Whether the ends of an edge have one label.
    pub fn same_label(&self, edge: &Edge) -> bool {
        self.gold_of(edge).label == self.predicted_of(edge).label
    }

    /// Characters that either end of an edge covers.
    pub fn covered(&self, edge: &Edge) -> u64 {
        self.gold_of(edge).place.len() + self.predicted_of(edge).place.len() - edge.shared
    }

    /// The gold end of an edge.
    pub fn gold_of(&self, edge: &Edge) -> &Item<'a> {
        &self.gold[edge.gold as usize]
    }

    /// The predicted end of an edge.
    pub fn predicted_of(&self, edge: &Edge) -> &Item<'a> {
        &self.predicted[edge.predicted as usize]
    }
}

fn is_flat(sorted: &[Item<'_>]) -> bool {
    sorted.iter().all(|item| item.place.is_contiguous() && !item.place.is_empty())
        && sorted.windows(2).all(|pair| pair[0].place.end() <= pair[1].place.start())
}

fn edges(gold: &[Item<'_>], predicted: &[Item<'_>], flat: bool) -> Vec<Edge> {
    let edge = |g: usize, p: usize| {
        let shared = gold[g].place.shared(&predicted[p].place);
        (shared > 0).then_some(Edge { gold: g as u32, predicted: p as u32, shared })
    };
    let mut found = Vec::with_capacity(gold.len().min(predicted.len()));
    if flat {
        let mut from = 0;
        for (g, item) in gold.iter().enumerate() {
            while from < predicted.len()
                && predicted[from].place.end() <= item.place.start()
            {
                from += 1;
            }
            found.extend(
                (from..predicted.len())
                    .take_while(|&p| predicted[p].place.start() < item.place.end())
                    .filter_map(|p| edge(g, p)),
            );
        }
        return found;
    }
    // A sweep by start: each item meets those of the other side that have not ended yet.
    let (mut g, mut p) = (0, 0);
    let (mut open_gold, mut open_predicted): (Vec<usize>, Vec<usize>) =
        Default::default();
    while g < gold.len() || p < predicted.len() {
        let gold_next = p == predicted.len()
            || g < gold.len() && gold[g].place.start() <= predicted[p].place.start();
        if gold_next {
            let start = gold[g].place.start();
            open_predicted.retain(|&p| predicted[p].place.end() > start);
            found.extend(open_predicted.iter().filter_map(|&p| edge(g, p)));
            open_gold.push(g);
            g += 1;
        } else {
            let start = predicted[p].place.start();
            open_gold.retain(|&g| gold[g].place.end() > start);
            found.extend(open_gold.iter().filter_map(|&g| edge(g, p)));
            open_predicted.push(p);
            p += 1;
        }
    }
    found.sort_unstable_by_key(|edge| (edge.gold, edge.predicted));
    found
}
