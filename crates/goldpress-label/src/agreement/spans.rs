//! α_U: agreement of annotators who cut a text into units themselves.
//!
//! Spans that miss each other by a little disagree by a little, where F1 calls them plain
//! errors. Fragments are units of their own.
//!
//! # Source
//!
//! Krippendorff (1995), "On the reliability of unitizing continuous data", and (2004)
//! *Content Analysis*, chapter 11.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

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
pub fn alpha_u(lengths: &[u32], sets: &[Vec<UnitSpan>]) -> AlphaU {
    let labels: BTreeSet<&str> =
        sets.iter().flatten().map(|u| u.label.as_str()).collect();
    let mut n_left_out = 0;
    let mut by_label = BTreeMap::new();
    for label in labels {
        let mut annotators = Vec::with_capacity(sets.len());
        for set in sets {
            let (units, left_out) = apart(set.iter().filter(|unit| unit.label == label));
            n_left_out += left_out;
            annotators.push(Sections::of(lengths, units));
        }
        by_label.insert(label.to_owned(), of_label(lengths, &annotators));
    }
    let observed: f64 = by_label.values().map(|label| label.observed).sum();
    let expected: f64 = by_label.values().map(|label| label.expected).sum();
    let alpha = match by_label.is_empty() {
        true => Err(Undefined::NothingMarked),
        false => quotient(observed, expected),
    };
    AlphaU { alpha, by_label, n_left_out }
}

fn quotient(observed: f64, expected: f64) -> Figure {
    if expected == 0.0 { Err(Undefined::OneLabel) } else { Ok(1.0 - observed / expected) }
}

/// Units of one label and annotator that do not overlap: the longest are kept.
fn apart<'a>(
    units: impl Iterator<Item = &'a UnitSpan>,
) -> (Vec<(usize, CharRange)>, u64) {
    let mut all: Vec<(usize, CharRange)> =
        units.map(|unit| (unit.doc, unit.range)).collect();
    all.sort_by_key(|(doc, range)| {
        (Reverse(range.end.saturating_sub(range.start)), *doc, range.start)
    });
    let mut kept: Vec<(usize, CharRange)> = Vec::new();
    let n_all = all.len();
    for (doc, range) in all {
        let meets = |(other, taken): &(usize, CharRange)| {
            *other == doc && taken.start < range.end && range.start < taken.end
        };
        if !kept.iter().any(meets) {
            kept.push((doc, range));
        }
    }
    kept.sort();
    let n_left_out = (n_all - kept.len()) as u64;
    (kept, n_left_out)
}

/// The units of one annotator and label, and the gaps between them.
struct Sections {
    units: Vec<(usize, CharRange)>,
    gaps: Vec<(usize, CharRange)>,
}

impl Sections {
    fn of(lengths: &[u32], units: Vec<(usize, CharRange)>) -> Sections {
        let mut gaps = Vec::new();
        for (doc, length) in lengths.iter().enumerate() {
            let mut from = 0;
            for (_, unit) in units.iter().filter(|(of, _)| *of == doc) {
                if unit.start > from {
                    gaps.push((doc, CharRange { start: from, end: unit.start }));
                }
                from = unit.end;
            }
            if *length > from {
                gaps.push((doc, CharRange { start: from, end: *length }));
            }
        }
        Sections { units, gaps }
    }

    /// Disagreement with another annotator: boundaries apart, and units in gaps.
    fn distance(&self, other: &Sections) -> i128 {
        let mut sum = 0;
        for (doc, a) in &self.units {
            for (_, b) in other.units.iter().filter(|(of, _)| of == doc) {
                if a.start < b.end && b.start < a.end {
                    let starts = i128::from(a.start) - i128::from(b.start);
                    let ends = i128::from(a.end) - i128::from(b.end);
                    sum += starts * starts + ends * ends;
                }
            }
        }
        sum + self.in_gaps_of(other) + other.in_gaps_of(self)
    }

    fn in_gaps_of(&self, other: &Sections) -> i128 {
        let is_alone = |(doc, unit): &&(usize, CharRange)| {
            other.gaps.iter().any(|(of, gap)| {
                of == doc && gap.start <= unit.start && unit.end <= gap.end
            })
        };
        self.units.iter().filter(is_alone).map(|(_, unit)| length(unit).pow(2)).sum()
    }
}

fn length(range: &CharRange) -> i128 {
    i128::from(range.end) - i128::from(range.start)
}

fn of_label(lengths: &[u32], annotators: &[Sections]) -> LabelU {
    let whole: i128 = lengths.iter().map(|length| i128::from(*length)).sum();
    let n_annotators = annotators.len() as i128;
    let mut distance = 0;
    for (n, one) in annotators.iter().enumerate() {
        distance +=
            annotators[n + 1..].iter().map(|other| one.distance(other)).sum::<i128>();
    }
    let pairs = n_annotators * (n_annotators - 1);
    let observed = ratio(2 * distance, pairs * whole * whole);
    let units: Vec<i128> =
        annotators.iter().flat_map(|a| &a.units).map(|(_, unit)| length(unit)).collect();
    let mut gaps: Vec<i128> =
        annotators.iter().flat_map(|a| &a.gaps).map(|(_, gap)| length(gap)).collect();
    gaps.sort_unstable();
    let n_units = units.len() as i128;
    // Thrice the bracket of the formula, so that it stays whole.
    let thrice: i128 = units
        .iter()
        .map(|l| {
            let places: i128 = gaps[gaps.partition_point(|gap| gap < l)..]
                .iter()
                .map(|gap| gap - l + 1)
                .sum();
            (n_units - 1) * (2 * l * l * l - 3 * l * l + l) + 3 * l * l * places
        })
        .sum();
    let positions = n_annotators * whole * (n_annotators * whole - 1)
        - units.iter().map(|l| l * (l - 1)).sum::<i128>();
    let expected = ratio(2 * thrice, 3 * whole * positions);
    LabelU { alpha: quotient(observed, expected), observed, expected }
}

fn ratio(part: i128, whole: i128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
