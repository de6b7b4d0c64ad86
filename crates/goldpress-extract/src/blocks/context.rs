//! Context: what the first scores of all lines of a page say about each line.
//!
//! A line alone tells little: five words may be a heading or a menu. Once every line has a
//! first score, its neighbours, the lines of the same place in the layout and the order of
//! things tell more: the second score weighs these.

use super::features::{Builder, Sink, bin, numbered};
use super::page::Page;

/// Reaches of the means over neighbours, in lines to each side.
const REACHES: [usize; 5] = [1, 2, 4, 10, 30];
/// Neighbours that are looked at one by one, but for the nearest.
const FAR: [isize; 4] = [-3, -2, 2, 3];

/// Names of all features of the context, in the order of their numbers.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = FLAGS.iter().map(|name| (*name).to_owned()).collect();
    names.extend(VALUES.iter().map(|name| (*name).to_owned()));
    names.extend(numbered(&[
        ("own", 6),
        ("group-mean", 6),
        ("around2-mean", 6),
        ("around10-mean", 6),
        ("sure-above", 5),
        ("sure-below", 5),
        ("mass-before", 6),
        ("kind-around", N_KINDS * 4),
        ("kind-group", N_KINDS * 4),
        ("kind-next", N_KINDS * 4),
        ("expected", 4),
    ]));
    names
}

const FLAGS: [&str; 6] = [
    "context-bias",
    "in-top-group",
    "between-sure",
    "after-top",
    "before-top",
    "like-top",
];
const VALUES: [&str; 14] = [
    "own-score",
    "around1",
    "around2",
    "around4",
    "around10",
    "above1",
    "below1",
    "group-score",
    "group-share",
    "around30",
    "above3",
    "above2",
    "below2",
    "below3",
];
const N_KINDS: usize = 6;

/// A line of probability above this is surely body.
const SURE: f32 = 0.8;

/// The first scores of a page, summed up.
pub(crate) struct Context<'p, 'a> {
    page: &'p Page<'a>,
    scores: &'p [f32],
    /// Probability of each line to be body.
    shares: Vec<f32>,
    /// Sums of these before each line; one more at the end.
    sums: Vec<f32>,
    /// Words of body to be expected before each line; one more at the end.
    mass: Vec<f32>,
    /// Mean probability of each group, weighted by words, and its share of all mass.
    groups: Vec<(f32, f32)>,
    /// The group with most mass, and its first and last line.
    top: usize,
    top_range: (usize, usize),
    /// Lines to the next sure one above and below.
    sure_above: Vec<u16>,
    sure_below: Vec<u16>,
}

impl<'p, 'a> Context<'p, 'a> {
    /// Sums up the first scores. Linear in the number of lines.
    pub(crate) fn of(page: &'p Page<'a>, scores: &'p [f32]) -> Context<'p, 'a> {
        let shares: Vec<f32> =
            scores.iter().map(|score| 1.0 / (1.0 + (-score).exp())).collect();
        let (mut sums, mut mass) = (vec![0.0], vec![0.0]);
        let mut of_group = vec![(0.0f32, 0.0f32); page.groups.len()];
        for (at, (share, line)) in shares.iter().zip(&page.lines).enumerate() {
            let words = line.n_words as f32 + 1.0;
            sums.push(sums[at] + share);
            mass.push(mass[at] + share * words);
            let (body, all) = &mut of_group[page.group[at]];
            *body += share * words;
            *all += words;
        }
        let total = mass[shares.len()].max(1.0);
        let top = (0..of_group.len())
            .max_by(|a, b| of_group[*a].0.total_cmp(&of_group[*b].0).then(b.cmp(a)))
            .unwrap_or(0);
        let groups = of_group
            .iter()
            .map(|(body, all)| (body / all.max(1.0), body / total))
            .collect();
        let first = page.group.iter().position(|group| *group == top).unwrap_or(0);
        let last = page.group.iter().rposition(|group| *group == top).unwrap_or(0);
        let sure: Vec<bool> = shares.iter().map(|share| *share > SURE).collect();
        let sure_above = distances(sure.iter());
        let mut sure_below = distances(sure.iter().rev());
        sure_below.reverse();
        let top_range = (first, last);
        Context {
            page,
            scores,
            shares,
            sums,
            mass,
            groups,
            top,
            top_range,
            sure_above,
            sure_below,
        }
    }

    /// Hands the features of one line to a sink.
    pub(crate) fn of_line(&self, at: usize, sink: &mut impl Sink) {
        let page = self.page;
        let group = page.group[at];
        let (group_mean, group_mass) = self.groups[group];
        let around = REACHES.map(|reach| self.around(at, reach));
        let side = |at: Option<usize>| at.and_then(|at| self.shares.get(at).copied());
        let (above, below) = (side(at.checked_sub(1)), side(Some(at + 1)));
        let total = self.mass[self.shares.len()];
        let before = self.mass[at] / total.max(1.0);
        let mut found = Builder::new(sink);
        found.flags([
            true,
            group == self.top,
            self.sure_above[at] < u16::MAX && self.sure_below[at] < u16::MAX,
            at > self.top_range.1,
            at < self.top_range.0,
            page.groups[group].is_akin(&page.groups[self.top]),
        ]);
        found.values([
            self.scores[at] / 4.0,
            around[0],
            around[1],
            around[2],
            around[3],
            above.unwrap_or(0.0),
            below.unwrap_or(0.0),
            group_mean,
            group_mass,
        ]);
        if page.is_markup {
            found.skip(1 + FAR.len());
        } else {
            found.values([around[4]]);
            found.values(
                FAR.map(|offset| side(at.checked_add_signed(offset)).unwrap_or(0.0)),
            );
        }
        let share_bin = |share: f32| bin(share, &[0.05, 0.2, 0.5, 0.8, 0.95]);
        found.one_of(share_bin(self.shares[at]), 6);
        found.one_of(share_bin(group_mean), 6);
        found.one_of(share_bin(around[1]), 6);
        found.one_of(share_bin(around[3]), 6);
        let far = |n: u16| bin(f32::from(n), &[1.5, 2.5, 5.5, 15.5]);
        found.one_of(far(self.sure_above[at]), 5);
        found.one_of(far(self.sure_below[at]), 5);
        found.one_of(bin(before, &[0.001, 0.03, 0.3, 0.9, 0.995]), 6);
        let kind = kind(page, at);
        let quarter = |share: f32| bin(share, &[0.15, 0.5, 0.85]);
        found.one_of(kind * 4 + quarter(around[1]), N_KINDS * 4);
        found.one_of(kind * 4 + quarter(group_mean), N_KINDS * 4);
        found.one_of(kind * 4 + quarter(below.unwrap_or(0.0)), N_KINDS * 4);
        found.one_of(bin(total, &[40.0, 150.0, 500.0]), 4);
    }

    /// Mean probability of the lines around one, itself left out.
    fn around(&self, at: usize, reach: usize) -> f32 {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(self.shares.len());
        let sum = self.sums[to] - self.sums[from] - self.shares[at];
        (sum / (2 * reach) as f32).clamp(0.0, 1.0)
    }
}

/// Heading, item, long or short text, short text that is linked, other.
fn kind(page: &Page<'_>, at: usize) -> usize {
    let line = &page.lines[at];
    match () {
        () if line.heading > 0 => 0,
        () if line.link > 0.75 => 1,
        () if line.is_within(super::line::within::LIST | super::line::within::TABLE) => 2,
        () if line.n_words >= 15 => 3,
        () if line.ends => 4,
        () => 5,
    }
}

/// Lines since the last sure one; `u16::MAX` where none came yet.
fn distances<'b>(sure: impl Iterator<Item = &'b bool>) -> Vec<u16> {
    let mut since = u16::MAX;
    sure.map(|is_sure| {
        if since < u16::MAX {
            since = since.saturating_add(1).min(u16::MAX - 1);
        }
        let found = since;
        if *is_sure {
            since = 0;
        }
        found
    })
    .collect()
}
