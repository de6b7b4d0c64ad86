//! The paired permutation test over clusters, and its step-down correction for a family.
//!
//! If neither system is better, swapping their counts in whole clusters changes nothing.
//! Ties count: `≥`, decided on exact fractions. A strict comparison turns ties into
//! evidence, which published tools have taken for significance.
//!
//! # Source
//!
//! Fisher (1935); for Monte Carlo the count plus one of Phipson and Smyth (2010); step-down
//! minP of Westfall and Young (1993), on the same masks.

use std::borrow::Borrow;

use super::{
    fraction::Distance,
    random::{Stream, word},
    ratio::{Form, Sample},
};

/// Up to this many active clusters every mask is tried.
const EXACT_CLUSTERS: usize = 16;

/// How masks are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// The seed that reports print.
    pub seed: u64,
    /// Random masks where there are too many to try all.
    pub resamples: u64,
}

impl Default for Resampling {
    /// Seed 42, 9,999 masks.
    fn default() -> Self {
        Resampling { seed: 42, resamples: 9999 }
    }
}

/// What a family of tests gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Masks, the identity among them.
    pub n_masks: u64,
    /// Whether these are all masks there are.
    pub exact: bool,
    /// Clusters in which any test has different counts.
    pub active: Vec<usize>,
    /// By test: masks that are at least as extreme as what was observed, itself included.
    pub raw: Vec<u64>,
    /// By test: the same after step-down minP.
    pub adjusted: Vec<u64>,
    /// Tests by raw count, ties in the order in which they were given.
    pub order: Vec<usize>,
    /// By test: the least adjusted count that any mask could have given it.
    pub attainable: Vec<u64>,
    /// By mask, ascending: the least count that it reaches in any test.
    least: Vec<u32>,
}

impl Family {
    /// The raw p of a test, in `0.0..=1.0` and never 0.
    pub fn p(&self, test: usize) -> f64 {
        self.raw[test] as f64 / self.n_masks as f64
    }

    /// The adjusted p of a test.
    pub fn p_adjusted(&self, test: usize) -> f64 {
        self.adjusted[test] as f64 / self.n_masks as f64
    }

    /// The smallest adjusted p that a test could have had, whatever happened: above the
    /// level nothing can be significant, and a gate that looks at it is blind.
    pub fn p_attainable(&self, test: usize) -> f64 {
        self.attainable[test] as f64 / self.n_masks as f64
    }

    /// The largest raw p that is still significant at a level in a single step; 0 where
    /// none is.
    pub fn critical(&self, alpha: f64) -> f64 {
        let n = self.n_masks as f64;
        let reached = |least: u32| self.least.partition_point(|other| *other <= least);
        let significant = |least: &&u32| reached(**least) as f64 / n <= alpha;
        self.least
            .iter()
            .filter(significant)
            .max()
            .map_or(0.0, |least| f64::from(*least) / n)
    }
}

/// Tests a family on shared masks.
///
/// Samples stand by task and label, which settles ties; all have the same clusters, in
/// byte order of their keys. Only active clusters are swapped: the others give the same to
/// every mask, so an exact p does not change.
pub fn family(samples: &[impl Borrow<Sample>], resampling: Resampling) -> Family {
    let samples: Vec<&Sample> = samples.iter().map(Borrow::borrow).collect();
    families(&[samples], resampling).remove(0)
}

/// Tests several families on the same masks, drawn over the active clusters of all; each
/// adjusts within itself.
pub fn families(groups: &[Vec<&Sample>], resampling: Resampling) -> Vec<Family> {
    let all: Vec<&Sample> = groups.iter().flatten().copied().collect();
    let active = active(&all);
    let (masks, exact) = drawn(active.len(), resampling);
    let mut distances = distances(&all, &active, &masks);
    let families = groups.iter().map(|group| {
        let rest = distances.split_off(group.len());
        let of_group = std::mem::replace(&mut distances, rest);
        test(&of_group, active.clone(), &masks, exact)
    });
    families.collect()
}

/// Tests samples of which each has clusters of its own, which no other sample has: the
/// outlets of a set, each by its documents.
pub fn family_of_parts(parts: &[Sample], resampling: Resampling) -> Family {
    let mut n_active = 0;
    let places: Vec<Vec<usize>> = parts
        .iter()
        .map(|part| {
            let of_part: Vec<usize> =
                (0..part.differs.len()).filter(|&at| part.differs[at]).collect();
            n_active += of_part.len();
            of_part
        })
        .collect();
    let (masks, exact) = drawn(n_active, resampling);
    let mut first_bit = 0;
    let of_part = |(part, places): (&Sample, &Vec<usize>)| {
        let from = first_bit;
        first_bit += places.len();
        distances_of_part(part, places, from, &masks)
    };
    let distances: Vec<Vec<Distance>> = parts.iter().zip(&places).map(of_part).collect();
    test(&distances, (0..n_active).collect(), &masks, exact)
}

/// |θ(current) − θ(baseline)| by mask, of a sample whose active clusters are the bits of a
/// mask from `from` on.
fn distances_of_part(
    part: &Sample,
    active: &[usize],
    from: usize,
    masks: &Masks,
) -> Vec<Distance> {
    let (baseline, current) =
        (Sample::totals(&part.baseline), Sample::totals(&part.current));
    let by_mask = masks.iter().map(|mask| {
        let (mut old, mut new) = (baseline.clone(), current.clone());
        for (at, &cluster) in active.iter().enumerate() {
            let bit = from + at;
            if mask[bit / 64] >> (bit % 64) & 1 == 0 {
                continue;
            }
            let rows = part.baseline[cluster].iter().zip(&part.current[cluster]);
            for ((old, new), (was, is)) in old.iter_mut().zip(&mut new).zip(rows) {
                (*old, *new) = (*old + is - was, *new + was - is);
            }
        }
        part.form.distance(&old, &new)
    });
    by_mask.collect()
}

/// The same with random masks even where all could be tried, to check the random path.
pub fn family_at_random(samples: &[Sample], resampling: Resampling) -> Family {
    let samples: Vec<&Sample> = samples.iter().collect();
    let active = active(&samples);
    let masks = masks(active.len(), resampling);
    let distances = distances(&samples, &active, &masks);
    test(&distances, active, &masks, false)
}

/// Clusters in which any sample has different counts.
fn active(samples: &[&Sample]) -> Vec<usize> {
    let n = samples.iter().map(|sample| sample.differs.len()).max().unwrap_or(0);
    (0..n).filter(|&at| samples.iter().any(|sample| sample.differs[at])).collect()
}

/// Masks of `n_words` words each; the first is the identity.
struct Masks {
    n_words: usize,
    words: Vec<u64>,
}

impl Masks {
    fn iter(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.n_words)
    }
}

/// All masks where they are few, else random ones; and whether they are all.
fn drawn(n_clusters: usize, resampling: Resampling) -> (Masks, bool) {
    match n_clusters <= EXACT_CLUSTERS {
        true => (all_masks(n_clusters), true),
        false => (masks(n_clusters, resampling), false),
    }
}

fn all_masks(n_clusters: usize) -> Masks {
    Masks { n_words: 1, words: (0..1 << n_clusters).collect() }
}

/// The identity and `resamples` random masks.
fn masks(n_clusters: usize, resampling: Resampling) -> Masks {
    let seed = Stream::Permutation.seed(resampling.seed);
    let n_words = n_clusters.div_ceil(64).max(1);
    let n = resampling.resamples * n_words as u64;
    let mut words = vec![0; n_words];
    words.extend((0..n).map(|at| word(seed, at)));
    // Bits past the last cluster swap nothing.
    let unused = n_words * 64 - n_clusters;
    for last in words.iter_mut().skip(n_words - 1).step_by(n_words) {
        *last &= u64::MAX.checked_shr(unused as u32).unwrap_or(0);
    }
    Masks { n_words, words }
}

/// The clusters that random mask `at` swaps, among `n_clusters` active ones.
pub fn swapped(n_clusters: usize, at: u64, seed: u64) -> Vec<usize> {
    let (seed, n_words) =
        (Stream::Permutation.seed(seed), n_clusters.div_ceil(64) as u64);
    let bit =
        |k: &usize| word(seed, at * n_words + (*k / 64) as u64) >> (k % 64) & 1 == 1;
    (0..n_clusters).filter(bit).collect()
}

/// Counts of a family from the distances of each test under each mask.
fn test(
    distances: &[Vec<Distance>],
    active: Vec<usize>,
    masks: &Masks,
    exact: bool,
) -> Family {
    let n_tests = distances.len();
    let n_masks = masks.iter().count() as u64;
    // By test and mask: how many masks are at least as extreme.
    let ranked: Vec<Vec<u32>> = distances.iter().map(|of_test| ranked(of_test)).collect();
    let raw: Vec<u64> = ranked.iter().map(|of_test| u64::from(of_test[0])).collect();
    let mut order: Vec<usize> = (0..n_tests).collect();
    order.sort_by_key(|&test| raw[test]);
    let mut adjusted = vec![0; n_tests];
    let mut least = vec![u32::MAX; n_masks as usize];
    for &test in order.iter().rev() {
        for (least, rank) in least.iter_mut().zip(&ranked[test]) {
            *least = (*least).min(*rank);
        }
        let reached = least.iter().filter(|rank| u64::from(**rank) <= raw[test]);
        adjusted[test] = reached.count() as u64;
    }
    let mut floor = 0;
    for &test in &order {
        floor = adjusted[test].max(floor);
        adjusted[test] = floor;
    }
    least.sort_unstable();
    let attainable = ranked.iter().map(|of_test| {
        let best = of_test.iter().copied().min().unwrap_or(u32::MAX);
        least.partition_point(|other| *other <= best) as u64
    });
    let attainable = attainable.collect();
    Family { n_masks, exact, active, raw, adjusted, order, attainable, least }
}

/// |θ(current) − θ(baseline)| by test and mask.
fn distances(samples: &[&Sample], active: &[usize], masks: &Masks) -> Vec<Vec<Distance>> {
    // All columns of all tests stand in one row a cluster, so that a mask is one run of
    // additions.
    let widths: Vec<usize> =
        samples.iter().map(|s| Sample::totals(&s.baseline).len()).collect();
    let width: usize = widths.iter().sum();
    let joined = |pick: fn(&Sample) -> &Vec<Vec<i64>>, at: usize| -> Vec<i64> {
        samples.iter().flat_map(|sample| pick(sample)[at].iter().copied()).collect()
    };
    let deltas: Vec<i64> = active
        .iter()
        .flat_map(|&at| {
            let (old, new) = (joined(|s| &s.baseline, at), joined(|s| &s.current, at));
            new.into_iter().zip(old).map(|(new, old)| new - old).collect::<Vec<i64>>()
        })
        .collect();
    let totals = |pick: fn(&Sample) -> &Vec<Vec<i64>>| -> Vec<i64> {
        samples.iter().flat_map(|sample| Sample::totals(pick(sample))).collect()
    };
    let (baseline, current) = (totals(|s| &s.baseline), totals(|s| &s.current));
    let mut distances: Vec<Vec<Distance>> = vec![Vec::new(); samples.len()];
    let mut moved = vec![0_i64; width];
    for mask in masks.iter() {
        moved.fill(0);
        for (at, word) in mask.iter().enumerate() {
            let mut bits = *word;
            while bits != 0 {
                let cluster = at * 64 + bits.trailing_zeros() as usize;
                let row = &deltas[cluster * width..(cluster + 1) * width];
                moved.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                bits &= bits - 1;
            }
        }
        let old: Vec<i64> = baseline.iter().zip(&moved).map(|(a, b)| a + b).collect();
        let new: Vec<i64> = current.iter().zip(&moved).map(|(a, b)| a - b).collect();
        let mut from = 0;
        for ((sample, width), distances) in
            samples.iter().zip(&widths).zip(&mut distances)
        {
            let to = from + width;
            distances.push(sample.form.distance(&old[from..to], &new[from..to]));
            from = to;
        }
    }
    distances
}

/// By mask: the number of masks whose distance is at least its own.
fn ranked(distances: &[Distance]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..distances.len() as u32).collect();
    let at = |mask: u32| &distances[mask as usize];
    order.sort_unstable_by(|&a, &b| at(b).compare(at(a)));
    let mut ranked = vec![0; distances.len()];
    let mut to = 0;
    for (from, &mask) in order.iter().enumerate() {
        // Means of ratios reach a little below their own value, so the run of equals is
        // looked for from each of them.
        to = to.max(from);
        while to < order.len() && at(order[to]).reaches(at(mask)) {
            to += 1;
        }
        ranked[mask as usize] = to as u32;
    }
    ranked
}

/// The p of one test alone.
pub fn p(sample: &Sample, resampling: Resampling) -> f64 {
    family(std::slice::from_ref(sample), resampling).p(0)
}

/// The p of a mean difference, every sign of which could have been the other.
pub fn sign_flip(differences: &[i64], resampling: Resampling) -> Family {
    let row = |value: i64| vec![value, 1];
    let sample = Sample {
        form: Form::Ratio,
        baseline: differences.iter().map(|_| row(0)).collect(),
        current: differences.iter().map(|value| row(*value)).collect(),
        differs: differences.iter().map(|value| *value != 0).collect(),
    };
    family(std::slice::from_ref(&sample), resampling)
}
