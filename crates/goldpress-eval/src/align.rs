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
use assign::{Gain, Kind};

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
    let gain =
        |edge: &Edge| Gain { kind: Kind::Touches, shared: narrow(edge.shared), apart: 0 };
    let mut pairs = chosen(sides, edges, gain);
    pairs.sort_unstable();
    pairs
}

/// The best one-to-one choice among edges, group by group.
fn chosen(
    sides: &Sides<'_>,
    mut edges: Vec<Edge>,
    gain: impl Fn(&Edge) -> Gain,
) -> Vec<(u32, u32)> {
    let ranks = ranks(sides);
    if edges.len() > MOST_PAIRS {
        return one_by_one(edges, &ranks, gain);
    }
    let group_of = group(sides, &mut edges);
    let mut pairs = Vec::new();
    let same =
        |a: &Edge, b: &Edge| group_of[a.gold as usize] == group_of[b.gold as usize];
    for group in edges.chunk_by(same) {
        match group {
            [edge] => pairs.push((edge.gold, edge.predicted)),
            group => pairs.extend(assign::best(group, &ranks, &gain)),
        }
    }
    pairs
}

/// Pairs that touch, above which no best alignment is looked for: the search takes time in
/// their number and that of the items.
pub(crate) const MOST_PAIRS: usize = 2_000_000;

/// The best pair, then the best of what is left, and so on: bounded in time and memory,
/// the same whatever the order of the input, and not the best of all.
fn one_by_one(
    mut edges: Vec<Edge>,
    ranks: &(Vec<u32>, Vec<u32>),
    gain: impl Fn(&Edge) -> Gain,
) -> Vec<(u32, u32)> {
    let key = |edge: &Edge| {
        let (g, p) = (ranks.0[edge.gold as usize], ranks.1[edge.predicted as usize]);
        (g.min(p), g.max(p), edge.gold, edge.predicted)
    };
    edges.sort_unstable_by(|a, b| {
        gain(b).worth().cmp(&gain(a).worth()).then_with(|| key(a).cmp(&key(b)))
    });
    let (mut gold_done, mut predicted_done) =
        (vec![false; ranks.0.len()], vec![false; ranks.1.len()]);
    let mut pairs = Vec::new();
    for edge in edges {
        let (g, p) = (edge.gold as usize, edge.predicted as usize);
        if !gold_done[g] && !predicted_done[p] {
            (gold_done[g], predicted_done[p]) = (true, true);
            pairs.push((edge.gold, edge.predicted));
        }
    }
    pairs
}

/// Characters of one text are far below 2³².
fn narrow(characters: u64) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}

/// What a pair of the alignment is worth.
fn gain(sides: &Sides<'_>, edge: &Edge) -> Gain {
    let kind = match (sides.same_place(edge), sides.same_label(edge)) {
        (true, true) => Kind::Both,
        (true, false) => Kind::Place,
        (false, true) => Kind::Label,
        (false, false) => Kind::Touches,
    };
    let (gold, predicted) = (&sides.gold_of(edge).place, &sides.predicted_of(edge).place);
    let apart = u64::from(gold.start().abs_diff(predicted.start()))
        + u64::from(gold.end().abs_diff(predicted.end()));
    Gain { kind, shared: narrow(edge.shared), apart: narrow(apart) }
}

fn worth(sides: &Sides<'_>, edge: &Edge) -> Worth {
    gain(sides, edge).worth()
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
    if !left.is_empty() {
        pairs.extend(chosen(sides, left, |edge| gain(sides, edge)));
    }
    pairs
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

/// Sorts edges by groups that share no item; gives the group of each gold item.
fn group(sides: &Sides<'_>, edges: &mut [Edge]) -> Vec<u32> {
    let n_gold = sides.gold.len();
    let mut parent: Vec<usize> = (0..n_gold + sides.predicted.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for edge in edges.iter() {
        let g = root(&mut parent, edge.gold as usize);
        let p = root(&mut parent, n_gold + edge.predicted as usize);
        parent[g.max(p)] = g.min(p);
    }
    let group_of: Vec<u32> = (0..n_gold).map(|g| root(&mut parent, g) as u32).collect();
    let key = |edge: &Edge| (group_of[edge.gold as usize], edge.gold, edge.predicted);
    edges.sort_unstable_by_key(key);
    group_of
}
