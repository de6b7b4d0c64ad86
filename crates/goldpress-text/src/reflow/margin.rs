//! The margin: the column at which a text was wrapped, told by its line ends.
//!
//! A program that wraps leaves every line full: the first word of the next would not have
//! fitted. The margin is a width at which nearly all line ends are, but for those of
//! paragraphs; of lists, verse, tables and messages no width is.

use super::line_end::{Kind, LineEnd, starts_item};

/// Columns at which texts are wrapped, from newspapers' to wide terminals.
pub(super) const COLUMNS: std::ops::RangeInclusive<usize> = 26..=140;
/// Those at which most programs wrap.
const USUAL: std::ops::RangeInclusive<usize> = 60..=80;
/// Fewest full lines that show a habit.
const MIN_FULL: usize = 3;
/// Full lines below which a share of them says little.
const FEW_FULL: usize = 5;
/// Full lines that show a habit by their number, if there are no others.
const MANY_FULL: usize = 8;
/// Most lines that may stick out of a margin.
const MAX_OUTLIERS: usize = 8;
/// Lines at the front that may be a headline, a byline and a place.
pub(super) const HEAD_LINES: usize = 3;

/// How a text was wrapped.
pub(super) struct Margin {
    columns: usize,
    /// Line ends that it does not account for.
    pub(super) n_odd: usize,
    /// Whether each block is wrapped; verse in an article is not.
    is_wrapped: Vec<bool>,
}

impl Margin {
    /// The margin of a text, if nearly all of its lines keep one.
    pub(super) fn of(ends: &[LineEnd<'_>]) -> Option<Margin> {
        // Most texts are told by a look: hardly a line goes on with the sentence before.
        let n_going_on = ends.iter().filter(|end| end.goes_on()).count();
        let is_open =
            |end: &&LineEnd<'_>| !end.ends_sentence() && !starts_item(end.next, true);
        let n_open = ends.iter().filter(is_open).count();
        if n_going_on == 0 || n_going_on * 9 < n_open {
            return None;
        }
        let n_code = ends.iter().filter(|end| end.looks_like_code()).count();
        if n_code * 3 > ends.len() {
            return None;
        }
        let broken = ends.iter().filter(|end| !end.is_unbroken());
        let mut widths: Vec<usize> = broken.map(|end| end.width).collect();
        widths.sort_unstable_by_key(|width| std::cmp::Reverse(*width));
        let n_outliers = (ends.len() / 8).min(MAX_OUTLIERS);
        widths.truncate(n_outliers + 1);
        widths.dedup();
        let mut margins = widths.into_iter().filter(|width| COLUMNS.contains(width));
        margins.find_map(|columns| Margin::at(columns, ends))
    }

    fn at(columns: usize, ends: &[LineEnd<'_>]) -> Option<Margin> {
        let n_blocks = ends.last().map_or(0, |end| end.block + 1);
        let mut blocks = vec![Tally::default(); n_blocks];
        for (at, end) in ends.iter().enumerate() {
            let is_head = at < HEAD_LINES && end.block == ends[0].block;
            blocks[end.block].count(end, columns, is_head);
        }
        let is_wrapped: Vec<bool> = blocks.iter().map(Tally::fits).collect();
        let (mut all, mut wrapped) = (Tally::default(), Tally::default());
        for (block, is_wrapped) in blocks.iter().zip(&is_wrapped) {
            all.add(block);
            if *is_wrapped {
                wrapped.add(block);
            }
        }
        let is_most = wrapped.n_full * 5 >= (all.n_full + all.n_odd) * 3;
        let n_odd = all.n_odd;
        let is_wrapping = is_most && wrapped.is_prose(columns);
        is_wrapping.then_some(Margin { columns, n_odd, is_wrapped })
    }

    /// Whether a line end was put there by a program that wraps.
    pub(super) fn joins(&self, end: &LineEnd<'_>) -> bool {
        self.is_wrapped[end.block]
            && match end.kind(self.columns) {
                Kind::Full => true,
                Kind::Paragraph => false,
                // Somebody wrote in a text that was wrapped before.
                Kind::Odd => end.goes_on_small() && !end.ends_clause(),
            }
    }
}

/// Line ends of a block or a text, counted.
#[derive(Debug, Clone, Default)]
struct Tally {
    n_full: usize,
    n_odd: usize,
    /// Of the full ones: those whose next line goes on, the same by a small letter; those
    /// that end a sentence, or any clause.
    n_going_on: usize,
    n_small: usize,
    n_sentences: usize,
    n_clauses: usize,
}

impl Tally {
    fn count(&mut self, end: &LineEnd<'_>, margin: usize, is_head: bool) {
        match end.kind(margin) {
            Kind::Paragraph => {}
            Kind::Odd => self.n_odd += usize::from(!is_head || end.goes_on_small()),
            Kind::Full => {
                self.n_full += 1;
                self.n_going_on += usize::from(end.goes_on());
                self.n_small += usize::from(end.goes_on_small());
                self.n_sentences += usize::from(end.ends_sentence());
                self.n_clauses += usize::from(end.ends_clause());
            }
        }
    }

    fn add(&mut self, other: &Tally) {
        self.n_full += other.n_full;
        self.n_odd += other.n_odd;
        self.n_going_on += other.n_going_on;
        self.n_small += other.n_small;
        self.n_sentences += other.n_sentences;
        self.n_clauses += other.n_clauses;
    }

    /// Whether nearly all line ends of a block are full.
    fn fits(&self) -> bool {
        self.n_full > 0 && self.n_odd * 5 <= self.n_full + self.n_odd
    }

    /// Whether full lines are those of prose. Of wrapped lines two in three begin with a
    /// small letter; in German, which has the most capitals, one in two. A list of
    /// headlines of one length begins with capitals, and verse ends in marks.
    fn is_prose(&self, margin: usize) -> bool {
        let is_usual = USUAL.contains(&margin);
        if self.n_full < MIN_FULL {
            let all_small = self.n_small == self.n_full && self.n_clauses == 0;
            return self.n_full > 0
                && all_small
                && self.n_odd == 0
                && margin >= *USUAL.start();
        }
        let is_even = is_usual || self.n_odd * 9 <= self.n_full + self.n_odd;
        let has_few_clauses =
            is_usual || self.n_full < FEW_FULL || self.n_clauses * 5 <= self.n_full * 2;
        // Where every line is full and there are many, chance has not made them so.
        let is_sure = self.n_odd == 0 && self.n_full >= MANY_FULL;
        let share = if is_sure { 5 } else { 3 };
        is_even
            && self.n_going_on * share >= self.n_full
            && self.n_sentences * 2 <= self.n_full
            && has_few_clauses
    }
}
