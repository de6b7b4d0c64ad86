//! The alignment: which predicted item stands for which gold item, for people to look at.
//!
//! Pairs share a character. Of all one-to-one sets it is the one with the most pairs of
//! equal fragments and label, then of equal fragments, then the most pairs, then of equal
//! label, then characters shared, then the smallest distance of edges; what is still
//! equal is settled by the items' keys. Ids and input order never enter, and swapping the
//! two sides transposes it.

mod assign;

use std::ops::{Add, Sub};

use crate::sides::{Edge, Sides};

/// What a pair is worth, compared from left to right: equal fragments and label, equal
/// fragments, a pair, equal label, characters shared, minus the distance of the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Worth([i64; 6]);

impl Add for Worth {
    type Output = Worth;

    fn add(self, other: Worth) -> Worth {
        Worth(std::array::from_fn(|at| self.0[at] + other.0[at]))
    }
}

impl Sub for Worth {
    type Output = Worth;

    fn sub(self, other: Worth) -> Worth {
        Worth(std::array::from_fn(|at| self.0[at] - other.0[at]))
    }
}

/// The alignment of two sides, as indices of gold and predicted items, by gold item.
///
/// Costs one pass over the edges where both sides are flat. Else items that alone have
/// their fragments on both sides are paired at once, and an assignment is solved for each
/// group of the others that hangs together.
pub fn align(sides: &Sides<'_>) -> Vec<(u32, u32)> {
    let mut pairs = if sides.flat { staircase(sides) } else { entangled(sides) };
    pairs.sort_unstable();
    pairs
}

/// Of the largest one-to-one matchings of eligible edges the one whose pairs share the most
/// characters; ties are settled by the items' keys.
pub(crate) fn heaviest(
    sides: &Sides<'_>,
    eligible: impl Fn(&Edge) -> bool,
) -> Vec<(u32, u32)> {
    let edges: Vec<Edge> = sides.edges.iter().filter(|e| eligible(e)).copied().collect();
    let ranks = ranks(sides);
    let worth = |edge: &Edge| Worth([0, 0, 1, 0, edge.shared as i64, 0]);
    let mut pairs = Vec::new();
    for group in groups(sides, &edges) {
        pairs.extend(assign::best(&links(&group, &ranks, worth)));
    }
    pairs.sort_unstable();
    pairs
}

fn worth(sides: &Sides<'_>, edge: &Edge) -> Worth {
    let (place, label) = (sides.same_place(edge), sides.same_label(edge));
    let (gold, predicted) = (&sides.gold_of(edge).place, &sides.predicted_of(edge).place);
    let apart = gold.start().abs_diff(predicted.start());
    let apart = i64::from(apart) + i64::from(gold.end().abs_diff(predicted.end()));
    let shared = i64::try_from(edge.shared).expect("texts are far below 2^63 characters");
    Worth([
        i64::from(place && label),
        i64::from(place),
        1,
        i64::from(label),
        shared,
        -apart,
    ])
}

/// Flat sides: edges in key order, each of which shares an end only with its neighbours.
fn staircase(sides: &Sides<'_>) -> Vec<(u32, u32)> {
    let mut pairs = Vec::with_capacity(sides.edges.len());
    let touches = |a: &Edge, b: &Edge| a.gold == b.gold || a.predicted == b.predicted;
    for run in sides.edges.chunk_by(touches) {
        match run {
            [edge] => pairs.push((edge.gold, edge.predicted)),
            run => best_of_run(sides, run, &mut pairs),
        }
    }
    pairs
}

/// Chooses among edges that hang together, by dynamic programming from the last to the
/// first. A state says whether the gold (1) and the predicted end (2) of an edge are taken.
fn best_of_run(sides: &Sides<'_>, run: &[Edge], pairs: &mut Vec<(u32, u32)>) {
    let carried = |at: usize, state: usize| match run.get(at + 1) {
        Some(next) => {
            let gold = if next.gold == run[at].gold { state & 1 } else { 0 };
            gold | if next.predicted == run[at].predicted { state & 2 } else { 0 }
        }
        None => 0,
    };
    let mut best = vec![[Worth::default(); 4]; run.len() + 1];
    let take = |best: &[[Worth; 4]], at: usize, state: usize| {
        (state == 0).then(|| worth(sides, &run[at]) + best[at + 1][carried(at, 3)])
    };
    for at in (0..run.len()).rev() {
        for state in 0..4 {
            let skipped = best[at + 1][carried(at, state)];
            best[at][state] = take(&best, at, state).map_or(skipped, |w| w.max(skipped));
        }
    }
    // Edges stand in key order, so taking each that some best choice holds settles ties.
    let mut state = 0;
    for (at, edge) in run.iter().enumerate() {
        let taken = take(&best, at, state) == Some(best[at][state]);
        if taken {
            pairs.push((edge.gold, edge.predicted));
        }
        state = carried(at, if taken { 3 } else { state });
    }
}

/// Sides with nesting, crossing or gaps.
fn entangled(sides: &Sides<'_>) -> Vec<(u32, u32)> {
    let (mut gold_done, mut predicted_done) =
        (vec![false; sides.gold.len()], vec![false; sides.predicted.len()]);
    let mut pairs = Vec::new();
    for edge in sides.edges.iter().filter(|edge| alone_in_place(sides, edge)) {
        gold_done[edge.gold as usize] = true;
        predicted_done[edge.predicted as usize] = true;
        pairs.push((edge.gold, edge.predicted));
    }
    let left = |edge: &&Edge| {
        !gold_done[edge.gold as usize] && !predicted_done[edge.predicted as usize]
    };
    let left: Vec<Edge> = sides.edges.iter().filter(left).copied().collect();
    if left.is_empty() {
        return pairs;
    }
    let ranks = ranks(sides);
    for group in groups(sides, &left) {
        match group.as_slice() {
            [edge] => pairs.push((edge.gold, edge.predicted)),
            edges => {
                let links = links(edges, &ranks, |edge| worth(sides, edge));
                pairs.extend(assign::best(&links));
            }
        }
    }
    pairs
}

fn links(
    edges: &[Edge],
    ranks: &(Vec<u32>, Vec<u32>),
    worth: impl Fn(&Edge) -> Worth,
) -> Vec<assign::Link> {
    let link = |edge: &Edge| {
        let (g, p) = (ranks.0[edge.gold as usize], ranks.1[edge.predicted as usize]);
        assign::Link {
            row: edge.gold,
            column: edge.predicted,
            worth: worth(edge),
            key: (g.min(p), g.max(p)),
        }
    };
    edges.iter().map(link).collect()
}

/// Whether the ends of an edge are the only items with their fragments on either side.
///
/// Every best alignment pairs all that it can of equal fragments, so these two are a pair.
fn alone_in_place(sides: &Sides<'_>, edge: &Edge) -> bool {
    let (g, p) = (edge.gold as usize, edge.predicted as usize);
    let place = &sides.gold[g].place;
    let lone = |items: &[crate::Item<'_>], at: usize| {
        let other = |at: usize| items.get(at).is_none_or(|item| item.place != *place);
        other(at.wrapping_sub(1)) && other(at + 1)
    };
    sides.predicted[p].place == *place
        && lone(&sides.gold, g)
        && lone(&sides.predicted, p)
}

/// The rank of each gold and each predicted item by key, equal keys with equal ranks.
fn ranks(sides: &Sides<'_>) -> (Vec<u32>, Vec<u32>) {
    let mut all: Vec<(bool, usize)> = (0..sides.gold.len()).map(|g| (false, g)).collect();
    all.extend((0..sides.predicted.len()).map(|p| (true, p)));
    let item = |&(predicted, at): &(bool, usize)| {
        if predicted { &sides.predicted[at] } else { &sides.gold[at] }
    };
    all.sort_by(|a, b| item(a).key().cmp(&item(b).key()));
    let mut ranks = (vec![0; sides.gold.len()], vec![0; sides.predicted.len()]);
    let mut rank = 0;
    for (at, entry) in all.iter().enumerate() {
        if at > 0 && item(&all[at - 1]).key() < item(entry).key() {
            rank += 1;
        }
        let side = if entry.0 { &mut ranks.1 } else { &mut ranks.0 };
        side[entry.1] = rank;
    }
    ranks
}

/// Splits edges into groups that share no item.
fn groups(sides: &Sides<'_>, edges: &[Edge]) -> Vec<Vec<Edge>> {
    let n_gold = sides.gold.len();
    let mut parent: Vec<usize> = (0..n_gold + sides.predicted.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for edge in edges {
        let g = root(&mut parent, edge.gold as usize);
        let p = root(&mut parent, n_gold + edge.predicted as usize);
        parent[g.max(p)] = g.min(p);
    }
    let mut keyed: Vec<(usize, Edge)> =
        edges.iter().map(|edge| (root(&mut parent, edge.gold as usize), *edge)).collect();
    keyed.sort_by_key(|(root, edge)| (*root, edge.gold, edge.predicted));
    keyed
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| group.iter().map(|(_, edge)| *edge).collect())
        .collect()
}
