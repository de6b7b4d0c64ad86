//! α_U: agreement of annotators who cut a text into units themselves.
//!
//! Spans that miss each other by a little disagree by a little, where F1 calls them plain
//! errors. Fragments are units of their own.
//!
//! # Source
//!
//! Krippendorff (1995), "On the reliability of unitizing continuous data", and (2004)
//! *Content Analysis*, chapter 11.

use std::{cmp::Reverse, collections::BTreeMap};

use goldpress_model::CharRange;

use super::{Figure, Undefined};

/// A unit of one annotator: a piece of a document with a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitSpan {
    /// Index of the document.
    pub doc: usize,
    /// Its label.
    pub label: String,
    /// Where it stands.
    pub range: CharRange,
}

/// α_U of all labels together, and of each.
#[derive(Debug, Clone, PartialEq)]
pub struct AlphaU {
    /// All labels together.
    pub alpha: Figure,
    /// By label.
    pub by_label: BTreeMap<String, LabelU>,
    /// Units left out, since a longer one of the same label and annotator covers them.
    pub n_left_out: u64,
}

/// α_U of one label, with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelU {
    /// 1 less the quotient of the two below.
    pub alpha: Figure,
    /// Disagreement found.
    pub observed: f64,
    /// Disagreement that chance would give.
    pub expected: f64,
}

/// Krippendorff's alpha for unitizing.
///
/// `lengths` are the lengths of the documents in code points; `sets` hold the units of
/// one annotator each. No gap crosses the border of a document, so their order does not
/// matter.
///
/// Takes `O(n log n)` steps for `n` units and documents.
pub fn alpha_u(lengths: &[u32], sets: &[Vec<UnitSpan>]) -> AlphaU {
    let all: Vec<usize> = (0..lengths.len()).collect();
    Unitizing::new(lengths, sets).of(&all)
}

/// Documents as annotators cut them, counted so that α_U of any selection is a sum.
pub struct Unitizing {
    labels: Vec<String>,
    n_annotators: u64,
    documents: Vec<Document>,
    /// Lengths of gaps that occur, ascending; a rank is a place in it.
    gap_lengths: Vec<u32>,
    n_left_out: u64,
}

/// One document; what nobody cut is one gap an annotator.
#[derive(Default)]
struct Document {
    length: u32,
    rank: usize,
    cuts: Vec<Cut>,
}

/// What the annotators cut out of a document under one label.
struct Cut {
    label: usize,
    /// Disagreement of all pairs of annotators.
    distance: i128,
    /// Lengths of the units.
    units: Vec<u32>,
    /// Lengths of the gaps of those who have units, and then the ranks of these lengths.
    gaps: Vec<u32>,
    gap_ranks: Vec<usize>,
    /// Annotators with units.
    n_cutters: u64,
}

impl Unitizing {
    /// Counts the units of every document and label.
    pub fn new(lengths: &[u32], sets: &[Vec<UnitSpan>]) -> Unitizing {
        let mut units: BTreeMap<(usize, &str), Vec<Vec<CharRange>>> = BTreeMap::new();
        let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
        for (annotator, set) in sets.iter().enumerate() {
            for unit in set {
                labels.insert(&unit.label, 0);
                let of_document = units
                    .entry((unit.doc, &unit.label))
                    .or_insert_with(|| vec![Vec::new(); sets.len()]);
                of_document[annotator].push(unit.range);
            }
        }
        labels.values_mut().enumerate().for_each(|(at, place)| *place = at);
        let mut documents: Vec<Document> = lengths
            .iter()
            .map(|length| Document { length: *length, ..Document::default() })
            .collect();
        let mut n_left_out = 0;
        for ((doc, label), by_annotator) in units {
            let Some(document) = documents.get_mut(doc) else { continue };
            let sections: Vec<Sections> = by_annotator
                .into_iter()
                .map(|all| {
                    let n_all = all.len();
                    let kept = apart(all);
                    n_left_out += (n_all - kept.len()) as u64;
                    Sections::of(document.length, kept)
                })
                .collect();
            document.cuts.push(Cut::of(labels[label], &sections));
        }
        let mut unitizing = Unitizing {
            labels: labels.into_keys().map(str::to_owned).collect(),
            n_annotators: sets.len() as u64,
            documents,
            gap_lengths: Vec::new(),
            n_left_out,
        };
        unitizing.rank_gaps();
        unitizing
    }

    fn rank_gaps(&mut self) {
        let mut lengths: Vec<u32> = Vec::new();
        for document in &self.documents {
            lengths.push(document.length);
            lengths.extend(document.cuts.iter().flat_map(|cut| &cut.gaps));
        }
        lengths.sort_unstable();
        lengths.dedup();
        let rank = |length: &u32| lengths.partition_point(|other| other < length);
        for document in &mut self.documents {
            document.rank = rank(&document.length);
            for cut in &mut document.cuts {
                cut.gap_ranks = cut.gaps.iter().map(rank).collect();
            }
        }
        self.gap_lengths = lengths;
    }

    /// About how many steps the value of all documents takes.
    pub fn n_steps(&self) -> u64 {
        let cuts = self.documents.iter().flat_map(|document| &document.cuts);
        let of_cuts: usize = cuts.map(|cut| cut.units.len() + cut.gaps.len()).sum();
        let of_labels = self.labels.len() * self.gap_lengths.len();
        (of_cuts + of_labels + self.documents.len()) as u64
    }

    /// α_U of a list of documents, which may name one several times.
    pub fn of(&self, docs: &[usize]) -> AlphaU {
        let mut whole: i128 = 0;
        let mut uncut = vec![0_i64; self.gap_lengths.len()];
        let mut tallies: Vec<Tally> = vec![Tally::default(); self.labels.len()];
        for tally in &mut tallies {
            tally.gaps = vec![0; self.gap_lengths.len()];
        }
        for document in docs.iter().map(|at| &self.documents[*at]) {
            whole += i128::from(document.length);
            uncut[document.rank] += self.n_annotators as i64;
            for cut in &document.cuts {
                tallies[cut.label].add(cut, document.rank);
            }
        }
        let by_label: BTreeMap<String, LabelU> = self
            .labels
            .iter()
            .zip(&tallies)
            .filter(|(_, tally)| !tally.units.is_empty())
            .map(|(label, tally)| (label.clone(), self.of_label(whole, tally, &uncut)))
            .collect();
        let observed: f64 = by_label.values().map(|label| label.observed).sum();
        let expected: f64 = by_label.values().map(|label| label.expected).sum();
        let alpha = match by_label.is_empty() {
            true => Err(Undefined::NothingMarked),
            false => quotient(observed, expected),
        };
        AlphaU { alpha, by_label, n_left_out: self.n_left_out }
    }

    fn of_label(&self, whole: i128, tally: &Tally, uncut: &[i64]) -> LabelU {
        let n_annotators = i128::from(self.n_annotators);
        let pairs = n_annotators * (n_annotators - 1);
        let observed = ratio(2 * tally.distance, pairs * whole * whole);
        // Number and sum of the gaps at least as long as the one of a rank.
        let mut longer = vec![(0_i128, 0_i128); self.gap_lengths.len() + 1];
        for (rank, length) in self.gap_lengths.iter().enumerate().rev() {
            let n = i128::from(tally.gaps[rank] + uncut[rank]);
            let (number, sum) = longer[rank + 1];
            longer[rank] = (number + n, sum + n * i128::from(*length));
        }
        let n_units: i128 = tally.units.values().map(|n| i128::from(*n)).sum();
        // Thrice the bracket of the formula, so that it stays whole.
        let (mut thrice, mut taken) = (0, 0);
        for (length, n) in &tally.units {
            let rank = self.gap_lengths.partition_point(|gap| gap < length);
            let (number, sum) = longer[rank];
            let (l, n) = (i128::from(*length), i128::from(*n));
            let places = sum - number * (l - 1);
            thrice += n
                * ((n_units - 1) * (2 * l * l * l - 3 * l * l + l) + 3 * l * l * places);
            taken += n * l * (l - 1);
        }
        let positions = n_annotators * whole * (n_annotators * whole - 1) - taken;
        let expected = ratio(2 * thrice, 3 * whole * positions);
        LabelU { alpha: quotient(observed, expected), observed, expected }
    }
}

/// Sums over documents of what was cut out under one label.
#[derive(Clone, Default)]
struct Tally {
    distance: i128,
    /// Length → units of that length.
    units: BTreeMap<u32, u64>,
    /// Gaps by rank, less those of whole documents that somebody cut.
    gaps: Vec<i64>,
}

impl Tally {
    fn add(&mut self, cut: &Cut, whole: usize) {
        self.distance += cut.distance;
        for length in &cut.units {
            *self.units.entry(*length).or_default() += 1;
        }
        for rank in &cut.gap_ranks {
            self.gaps[*rank] += 1;
        }
        self.gaps[whole] -= cut.n_cutters as i64;
    }
}

impl Cut {
    fn of(label: usize, sections: &[Sections]) -> Cut {
        let mut distance = 0;
        for (n, one) in sections.iter().enumerate() {
            let others = &sections[n + 1..];
            distance += others.iter().map(|other| one.distance(other)).sum::<i128>();
        }
        let cutters = || sections.iter().filter(|one| !one.units.is_empty());
        let lengths = |ranges: &[CharRange]| -> Vec<u32> {
            ranges.iter().map(|range| range.end - range.start).collect()
        };
        Cut {
            label,
            distance,
            units: cutters().flat_map(|one| lengths(&one.units)).collect(),
            gaps: cutters().flat_map(|one| lengths(&one.gaps)).collect(),
            gap_ranks: Vec::new(),
            n_cutters: cutters().count() as u64,
        }
    }
}

fn quotient(observed: f64, expected: f64) -> Figure {
    if expected == 0.0 { Err(Undefined::OneLabel) } else { Ok(1.0 - observed / expected) }
}

/// Units of one document, label and annotator that do not overlap: the longest are kept.
fn apart(mut all: Vec<CharRange>) -> Vec<CharRange> {
    all.sort_by_key(|range| {
        (Reverse(range.end.saturating_sub(range.start)), range.start)
    });
    let mut kept: BTreeMap<u32, CharRange> = BTreeMap::new();
    for range in all {
        // Those kept lie apart, so the last that begins before the end is the only one
        // that may meet it.
        let last = kept.range(..range.end).next_back();
        let meets = last.is_some_and(|(_, taken)| range.start < taken.end);
        if !meets && range.start < range.end {
            kept.insert(range.start, range);
        }
    }
    kept.into_values().collect()
}

/// The units of one annotator, document and label, and the gaps between them, in order.
struct Sections {
    units: Vec<CharRange>,
    gaps: Vec<CharRange>,
}

impl Sections {
    fn of(length: u32, units: Vec<CharRange>) -> Sections {
        let mut gaps = Vec::new();
        let mut from = 0;
        for unit in &units {
            if unit.start > from {
                gaps.push(CharRange { start: from, end: unit.start });
            }
            from = unit.end;
        }
        if length > from {
            gaps.push(CharRange { start: from, end: length });
        }
        Sections { units, gaps }
    }

    /// Disagreement with another annotator: boundaries apart, and units in gaps.
    fn distance(&self, other: &Sections) -> i128 {
        let mut sum = 0;
        for a in &self.units {
            let first = other.units.partition_point(|b| b.end <= a.start);
            for b in other.units[first..].iter().take_while(|b| b.start < a.end) {
                let starts = i128::from(a.start) - i128::from(b.start);
                let ends = i128::from(a.end) - i128::from(b.end);
                sum += starts * starts + ends * ends;
            }
        }
        sum + self.in_gaps_of(other) + other.in_gaps_of(self)
    }

    fn in_gaps_of(&self, other: &Sections) -> i128 {
        let is_alone = |unit: &&CharRange| {
            let next = other.gaps.partition_point(|gap| gap.start <= unit.start);
            next.checked_sub(1).is_some_and(|at| unit.end <= other.gaps[at].end)
        };
        let square = |unit: &CharRange| i128::from(unit.end - unit.start).pow(2);
        self.units.iter().filter(is_alone).map(square).sum()
    }
}

fn ratio(part: i128, whole: i128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
