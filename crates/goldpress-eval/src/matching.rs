//! One-to-one matching: the most pairs that any choice of partners can give.
//!
//! Taking the first partner that fits gives a number that hangs on the order of the input
//! and is too small. The number of pairs of a largest matching is unique even where the
//! matching is not.

use crate::sides::{Edge, Sides};

/// Calls `found` for each pair of a largest one-to-one matching among the eligible edges.
///
/// Which of several largest matchings it is does not hang on the order of annotations.
/// Costs one pass over the edges where both sides are flat; else at most a search through
/// the eligible edges of its neighbourhood for each gold item.
pub(crate) fn largest(
    sides: &Sides<'_>,
    eligible: impl Fn(&Edge) -> bool,
    mut found: impl FnMut(&Edge),
) {
    if sides.flat {
        // In a staircase the first eligible edge has an end that no later one has: taking
        // it never costs a pair.
        let (mut gold_free, mut predicted_free) = (0, 0);
        for edge in sides.edges.iter().filter(|edge| eligible(edge)) {
            if edge.gold >= gold_free && edge.predicted >= predicted_free {
                (gold_free, predicted_free) = (edge.gold + 1, edge.predicted + 1);
                found(edge);
            }
        }
        return;
    }
    let edges: Vec<Edge> = sides.edges.iter().filter(|e| eligible(e)).copied().collect();
    for at in augment(&edges, sides.gold.len(), sides.predicted.len()) {
        found(&edges[at]);
    }
}

const NONE: u32 = u32::MAX;

/// Indices of the edges of a largest one-to-one matching; edges are sorted by gold item.
///
/// Grows the matching by alternating paths, found breadth first.
pub(crate) fn augment(edges: &[Edge], n_gold: usize, n_predicted: usize) -> Vec<usize> {
    let mut first = vec![0_usize; n_gold + 1];
    edges.iter().for_each(|edge| first[edge.gold as usize + 1] += 1);
    (0..n_gold).for_each(|g| first[g + 1] += first[g]);
    // The edge that holds a predicted item, and the one that a gold item holds.
    let mut held_by = vec![NONE; n_predicted];
    let mut holds = vec![NONE; n_gold];
    for (at, edge) in edges.iter().enumerate() {
        let (g, p) = (edge.gold as usize, edge.predicted as usize);
        if holds[g] == NONE && held_by[p] == NONE {
            (holds[g], held_by[p]) = (at as u32, at as u32);
        }
    }
    // By predicted item: the edge by which this round's search came to it, and the round.
    let mut came_by = vec![NONE; n_predicted];
    let mut seen = vec![NONE; n_predicted];
    let mut queue: Vec<usize> = Vec::new();
    for root in 0..n_gold {
        if holds[root] != NONE || first[root] == first[root + 1] {
            continue;
        }
        queue.clear();
        queue.push(root);
        let mut head = 0;
        let mut free = None;
        'search: while head < queue.len() {
            let g = queue[head];
            head += 1;
            for (at, edge) in edges.iter().enumerate().take(first[g + 1]).skip(first[g]) {
                let p = edge.predicted as usize;
                if seen[p] == root as u32 {
                    continue;
                }
                (seen[p], came_by[p]) = (root as u32, at as u32);
                if held_by[p] == NONE {
                    free = Some(p);
                    break 'search;
                }
                queue.push(edges[held_by[p] as usize].gold as usize);
            }
        }
        // Back along the path: every gold item on it lets go of one partner for the next.
        while let Some(p) = free {
            let at = came_by[p];
            let g = edges[at as usize].gold as usize;
            let before = std::mem::replace(&mut holds[g], at);
            held_by[p] = at;
            free = (g != root).then(|| edges[before as usize].predicted as usize);
        }
    }
    let mut chosen: Vec<usize> =
        held_by.iter().filter(|&&at| at != NONE).map(|&at| at as usize).collect();
    chosen.sort_unstable();
    chosen
}

/// Number of equal elements of two sorted lists, repeats counted.
pub(crate) fn common<T: Ord>(a: &[T], b: &[T]) -> u64 {
    let (mut i, mut j, mut equal) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, equal) = (i + 1, j + 1, equal + 1),
        }
    }
    equal
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use goldpress_model::{CharRange, LooseAnnotation};

    use super::*;
    use crate::{Item, Ranges, sides::Label};

    static NOWHERE: LooseAnnotation = LooseAnnotation {
        id: String::new(),
        layer: String::new(),
        label: String::new(),
        fragments: Vec::new(),
        text: String::new(),
        args: std::collections::BTreeMap::new(),
        attrs: std::collections::BTreeMap::new(),
        score: None,
    };

    /// Tiles of ten characters, and the same moved by five: each overlaps two.
    fn tiles(n: u32, moved: u32) -> Vec<Item<'static>> {
        let item = |at: u32| {
            let start = at * 10 + moved;
            let place = Ranges::from(CharRange { start, end: start + 10 });
            Item { label: Label(0), place, source: &NOWHERE }
        };
        (0..n).map(item).collect()
    }

    #[test]
    fn work_on_flat_documents_grows_with_their_length() {
        let work = |n: u32| {
            let sides = Sides::new(tiles(n, 0), tiles(n, 5), Vec::new());
            let looked_at = Cell::new(0_u64);
            let mut pairs = 0;
            let eligible = |_: &Edge| {
                looked_at.set(looked_at.get() + 1);
                true
            };
            largest(&sides, eligible, |_| pairs += 1);
            assert_eq!(pairs, n);
            looked_at.get()
        };
        assert_eq!((work(1000), work(2000)), (1999, 3999));
    }

    #[test]
    fn a_first_come_choice_is_not_the_largest() {
        // The long gold span overlaps both predictions, the short one only the first.
        let at = |start, end| Item {
            label: Label(0),
            place: Ranges::from(CharRange { start, end }),
            source: &NOWHERE,
        };
        let gold = vec![at(0, 20), at(0, 5)];
        let sides = Sides::new(gold, vec![at(2, 4), at(10, 20)], Vec::new());
        let mut pairs = 0;
        largest(&sides, |_| true, |_| pairs += 1);
        assert_eq!(pairs, 2);
    }
}
