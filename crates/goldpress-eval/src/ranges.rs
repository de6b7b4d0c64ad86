//! A set of code points of one text, held as disjoint runs.
//!
//! Lengths and overlaps count code points whatever unit a caller holds: an intersection
//! over union in bytes is another number and can fall on the other side of a threshold.

use std::cmp::Ordering;

use goldpress_model::CharRange;

/// Runs of code points in order, none empty, none touching the next.
///
/// Empty for what stands in no place. One run is held without an allocation, since all
/// but a few annotations have one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Ranges {
    // Invariant: `first` is `0..0` only for the empty set; `rest` goes on after it, and
    // each run starts after the end of the one before.
    first: Run,
    rest: Box<[CharRange]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Run {
    start: u32,
    end: u32,
}

impl From<CharRange> for Ranges {
    /// The set of one range; empty where the range is empty or reversed.
    fn from(range: CharRange) -> Self {
        if range.start >= range.end {
            return Ranges::default();
        }
        let first = Run { start: range.start, end: range.end };
        Ranges { first, rest: Box::default() }
    }
}

impl Ranges {
    /// Sorts ranges and joins those that overlap or touch; empty ones vanish.
    pub fn merged(ranges: impl IntoIterator<Item = CharRange>) -> Self {
        let mut all = ranges.into_iter().filter(|range| range.start < range.end);
        let Some(first) = all.next() else { return Ranges::default() };
        let Some(second) = all.next() else { return Ranges::from(first) };
        let mut sorted: Vec<CharRange> = [first, second].into_iter().chain(all).collect();
        sorted.sort_unstable();
        Ranges::from_sorted(&sorted)
    }

    /// Joins ranges that are sorted by their start.
    fn from_sorted(sorted: &[CharRange]) -> Self {
        let mut runs: Vec<CharRange> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match runs.last_mut() {
                Some(last) if last.end >= range.start => {
                    last.end = last.end.max(range.end);
                }
                _ => runs.push(*range),
            }
        }
        let Some((first, rest)) = runs.split_first() else { return Ranges::default() };
        let first = Run { start: first.start, end: first.end };
        Ranges { first, rest: rest.into() }
    }

    /// The runs in order.
    pub fn runs(&self) -> impl Iterator<Item = CharRange> {
        let Run { start, end } = self.first;
        let first = (start < end).then_some(CharRange { start, end });
        first.into_iter().chain(self.rest.iter().copied())
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.first.start == self.first.end
    }

    /// Whether it is one run, or none.
    pub fn is_contiguous(&self) -> bool {
        self.rest.is_empty()
    }

    /// Number of code points.
    pub fn len(&self) -> u64 {
        self.runs().map(|run| u64::from(run.end - run.start)).sum()
    }

    /// First code point, counted from 0; 0 for the empty set.
    pub fn start(&self) -> u32 {
        self.first.start
    }

    /// One past the last code point; 0 for the empty set.
    pub fn end(&self) -> u32 {
        self.rest.last().map_or(self.first.end, |run| run.end)
    }

    /// Number of code points in both.
    pub fn shared(&self, other: &Ranges) -> u64 {
        if self.rest.is_empty() && other.rest.is_empty() {
            let start = self.first.start.max(other.first.start);
            return u64::from(self.first.end.min(other.first.end).saturating_sub(start));
        }
        let (mut left, mut right) = (self.runs().peekable(), other.runs().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (left.peek().copied(), right.peek().copied()) {
            let start = a.start.max(b.start);
            shared += u64::from(a.end.min(b.end).saturating_sub(start));
            if a.end <= b.end {
                left.next();
            } else {
                right.next();
            }
        }
        shared
    }

    /// Whether every code point lies in `other`.
    pub fn within(&self, other: &Ranges) -> bool {
        self.shared(other) == self.len()
    }

    /// The code points of both together.
    #[must_use]
    pub fn union(&self, other: &Ranges) -> Ranges {
        Ranges::merged(self.runs().chain(other.runs()))
    }

    /// The code points in both, as a set.
    #[must_use]
    pub fn intersection(&self, other: &Ranges) -> Ranges {
        let (mut left, mut right) = (self.runs().peekable(), other.runs().peekable());
        let mut both = Vec::new();
        while let (Some(a), Some(b)) = (left.peek().copied(), right.peek().copied()) {
            let (start, end) = (a.start.max(b.start), a.end.min(b.end));
            if start < end {
                both.push(CharRange { start, end });
            }
            if a.end <= b.end {
                left.next();
            } else {
                right.next();
            }
        }
        Ranges::from_sorted(&both)
    }
}

impl Ord for Ranges {
    /// By the runs in order, as lists of numbers are ordered; the empty set first.
    fn cmp(&self, other: &Ranges) -> Ordering {
        if self.rest.is_empty() && other.rest.is_empty() {
            let key = |ranges: &Ranges| (ranges.first.start, ranges.first.end);
            return key(self).cmp(&key(other));
        }
        self.runs().cmp(other.runs())
    }
}

impl PartialOrd for Ranges {
    fn partial_cmp(&self, other: &Ranges) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[(u32, u32)]) -> Ranges {
        Ranges::merged(ranges.iter().map(|&(start, end)| CharRange { start, end }))
    }

    #[test]
    fn touching_ranges_are_one_run_and_order_never_matters() {
        assert_eq!(set(&[(4, 9), (0, 4)]), set(&[(0, 9)]));
        assert!(set(&[(3, 3)]).is_empty());
    }

    #[test]
    fn the_gap_of_a_discontinuous_set_is_no_part_of_it() {
        let split = set(&[(0, 4), (10, 14)]);
        assert_eq!(split.shared(&set(&[(4, 10)])), 0);
        assert_eq!(split.shared(&set(&[(2, 12)])), 4);
        assert_eq!(split.intersection(&set(&[(2, 12)])), set(&[(2, 4), (10, 12)]));
        assert_eq!((split.len(), split.start(), split.end()), (8, 0, 14));
    }

    #[test]
    fn ranges_are_ordered_by_their_runs() {
        let mut sets =
            [set(&[(5, 6)]), set(&[(0, 4), (9, 10)]), set(&[(0, 4)]), set(&[])];
        sets.sort();
        assert_eq!(
            sets,
            [set(&[]), set(&[(0, 4)]), set(&[(0, 4), (9, 10)]), set(&[(5, 6)])]
        );
    }
}
