//! Features: a page's lines as numbers, for the score that tells body from the rest.
//!
//! Every feature has a name, by which the data file `region.toml` gives its weight. What
//! only the first scores of all lines tell has its own file, `context`.

use goldpress_model::Role;

use super::cues::CueKind;
use super::line::{Line, WITHIN, within};
use super::marks::N_MARKS;
use super::page::Page;

/// Takes features one by one: number and value. Those that are 0 are left out.
pub(crate) trait Sink {
    /// Takes one more.
    fn put(&mut self, at: usize, value: f32);
}

/// The features of one line that are not 0, by number: what a fit learns from.
pub(crate) type Vector = Vec<(u16, f32)>;

impl Sink for Vector {
    fn put(&mut self, at: usize, value: f32) {
        self.push((u16::try_from(at).expect("a few hundred features"), value));
    }
}

/// The weighted sum of the features of one line.
pub(crate) struct Sum<'w> {
    pub(crate) weights: &'w [f32],
    pub(crate) total: f32,
}

impl Sink for Sum<'_> {
    fn put(&mut self, at: usize, value: f32) {
        self.total += self.weights[at] * value;
    }
}

/// Puts features one after the other, in the order of their names.
pub(crate) struct Builder<'s, S: Sink> {
    sink: &'s mut S,
    base: usize,
}

impl<'s, S: Sink> Builder<'s, S> {
    pub(crate) fn new(sink: &'s mut S) -> Builder<'s, S> {
        Builder { sink, base: 0 }
    }

    pub(crate) fn flags(&mut self, flags: impl IntoIterator<Item = bool>) {
        for flag in flags {
            if flag {
                self.sink.put(self.base, 1.0);
            }
            self.base += 1;
        }
    }

    pub(crate) fn values(&mut self, values: impl IntoIterator<Item = f32>) {
        for value in values {
            if value != 0.0 {
                self.sink.put(self.base, value);
            }
            self.base += 1;
        }
    }

    /// Leaves out so many features.
    pub(crate) fn skip(&mut self, n: usize) {
        self.base += n;
    }

    pub(crate) fn one_of(&mut self, at: usize, n: usize) {
        debug_assert!(at < n, "{at} of {n}");
        self.sink.put(self.base + at, 1.0);
        self.base += n;
    }

    fn role(&mut self, role: Option<(Role, f32)>) {
        if let Some((role, value)) = role {
            self.sink.put(self.base + role as usize, value);
        }
        self.base += Role::ALL.len();
    }
}

/// Names of a run of features: `words-0`, `words-1` …
pub(crate) fn numbered(ranges: &[(&str, usize)]) -> Vec<String> {
    let names = |(name, n): &(&str, usize)| {
        let name = (*name).to_owned();
        (0..*n).map(move |at| format!("{name}-{at}"))
    };
    ranges.iter().flat_map(names).collect()
}

/// Names of all features, in the order of their numbers.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = FLAGS.iter().map(|name| (*name).to_owned()).collect();
    names.extend(numbered(&[
        ("words", 8),
        ("link", 4),
        ("element", N_ELEMENTS),
        ("within", WITHIN.len()),
        ("mark", N_MARKS),
        ("cue", Role::ALL.len()),
        ("section", Role::ALL.len()),
        ("group", 6),
        ("around1", 4),
        ("around3", 4),
        ("around8", 4),
        ("before", 5),
        ("heading", 7),
        ("from-title", 7),
        ("kin", 6),
        ("group-lines", 4),
        ("group-prose", 4),
        ("group-linked", 4),
        ("short-run", 6),
        ("prose-above", 5),
        ("prose-below", 5),
        ("prose-lines", 5),
        ("element-words", N_ELEMENTS * 3),
        ("link-words", 12),
        ("capitals", 12),
        ("to-core", 6),
        ("past-core", 6),
        ("core-words", 6),
        ("letters-a-word", 4),
    ]));
    for offset in NEIGHBOURS {
        let side = if offset < 0 { "above" } else { "below" };
        let place = format!("{side}{}", offset.unsigned_abs());
        names.extend(numbered(&[
            (&format!("words-{place}"), 8),
            (&format!("link-{place}"), 4),
            (&format!("ends-{place}"), 1),
        ]));
    }
    names
}

/// Lines above and below that are looked at one by one.
const NEIGHBOURS: [isize; 6] = [-3, -2, -1, 1, 2, 3];
const N_ELEMENTS: usize = 15;

const FLAGS: [&str; 41] = [
    "bias",
    "ends",
    "has-comma",
    "several-sentences",
    "mostly-upper",
    "mostly-digits",
    "repeated",
    "in-stated-body",
    "not-in-stated-body",
    "is-title",
    "before-title",
    "after-title",
    "item-linked",
    "item-prose",
    "heading-linked",
    "short-in-group",
    "after-comments",
    "previous-is-prose",
    "next-is-prose",
    "between-prose",
    "in-main-group",
    "in-main-group-short",
    "like-main-marks",
    "like-main-marks-short",
    "starts-small",
    "starts-capital",
    "starts-number",
    "starts-mark",
    "ends-colon",
    "heading-before-prose",
    "heading-before-heading",
    "linked-before-linked",
    "comma-and-short",
    "has-address",
    "has-bar",
    "has-copyright",
    "has-year",
    "has-quote",
    "has-brackets",
    "in-core",
    "in-core-short",
];

/// Hands the features of one line to a sink.
pub(crate) fn of_line(
    page: &Page<'_>,
    at: usize,
    after_comments: bool,
    sink: &mut impl Sink,
) {
    let line = &page.lines[at];
    let group = &page.groups[page.group[at]];
    let mut found = Builder::new(sink);
    found.flags(flags(page, at, after_comments));
    found.one_of(word_bin(line.n_words), 8);
    found.one_of(link_bin(line.link), 4);
    found.one_of(line.element as usize, N_ELEMENTS);
    found.flags((0..WITHIN.len()).map(|bit| line.within >> bit & 1 == 1));
    found.values(line.votes);
    let cue = line
        .cue
        .map(|cue| (cue.role, if cue.kind >= CueKind::Starts { 1.0 } else { 0.5 }));
    found.role(cue);
    found.role(page.section[at].map(|role| (role, 1.0)));
    found.one_of(bin(group.share, &[0.001, 0.05, 0.15, 0.35, 0.65]), 6);
    for reach in [1, 3, 8] {
        found.one_of(bin(page.words_around(at, reach), &[10.0, 40.0, 120.0]), 4);
    }
    found.one_of(bin(page.share_before(at), &[0.001, 0.05, 0.7, 0.97]), 5);
    found.one_of(usize::from(line.heading.min(6)), 7);
    found.one_of(title_bin(page, at), 7);
    found.one_of(group.kin, 6);
    found.one_of(bin(group.n_lines as f32, &[1.5, 3.5, 10.5]), 4);
    let share = |part: u32| part as f32 / group.n_lines.max(1) as f32;
    found.one_of(bin(share(group.n_prose), &[0.01, 0.3, 0.7]), 4);
    found.one_of(bin(share(group.n_linked), &[0.01, 0.3, 0.7]), 4);
    let runs = &page.runs[at];
    found.one_of(bin(f32::from(runs.short), &[0.5, 1.5, 2.5, 4.5, 9.5]), 6);
    found.one_of(bin(f32::from(runs.above), &[1.5, 2.5, 4.5, 9.5]), 5);
    found.one_of(bin(f32::from(runs.below), &[1.5, 2.5, 4.5, 9.5]), 5);
    found.one_of(bin(page.n_prose as f32, &[1.5, 3.5, 8.5, 20.5]), 5);
    let coarse = bin(line.n_words as f32, &[4.5, 14.5]);
    found.one_of(line.element as usize * 3 + coarse, N_ELEMENTS * 3);
    found.one_of(link_bin(line.link) * 3 + coarse, 12);
    of_plain_line(page, at, coarse, &mut found);
    for offset in NEIGHBOURS {
        let other = at.checked_add_signed(offset).and_then(|at| page.lines.get(at));
        found.one_of(other.map_or(7, |line| word_bin(line.n_words)), 8);
        found.one_of(other.map_or(3, |line| link_bin(line.link)), 4);
        found.flags([other.is_some_and(|line| line.ends)]);
    }
}

fn flags(page: &Page<'_>, at: usize, after_comments: bool) -> [bool; FLAGS.len()] {
    let line = &page.lines[at];
    let group = &page.groups[page.group[at]];
    let previous = at.checked_sub(1).map(|at| &page.lines[at]);
    let next = page.lines.get(at + 1);
    let prose = |line: Option<&Line<'_>>| line.is_some_and(Line::is_prose);
    let is_item = line.is_within(within::LIST);
    let body = page.in_stated_body.as_ref().map(|body| body[at]);
    let first = line.text.chars().next().unwrap_or(' ');
    let is_short = line.n_words < 10;
    let is_plain = !page.is_markup;
    let has = |signs: &[char]| is_plain && is_short && line.text.contains(signs);
    let holds = |sign: &&str| line.text.contains(sign);
    let in_core = is_plain && page.core.contains(&at);
    [
        true,
        line.ends,
        line.n_commas > 0,
        line.n_stops > 1,
        line.upper_share > 0.6,
        line.digit_share > 0.3,
        page.repeated[at],
        body == Some(true),
        body == Some(false),
        page.title == Some(at),
        page.title.is_some_and(|title| at < title),
        page.title.is_some_and(|title| at > title),
        is_item && line.link > 0.75,
        is_item && line.is_prose(),
        line.heading > 0 && line.link > 0.75,
        is_short && group.share > 0.3,
        after_comments,
        prose(previous),
        prose(next),
        prose(previous) && prose(next),
        group.is_main,
        group.is_main && is_short,
        group.is_like_main,
        group.is_like_main && is_short,
        first.is_lowercase(),
        first.is_uppercase(),
        first.is_numeric(),
        !first.is_alphanumeric(),
        line.text.ends_with([':', '：']),
        line.heading > 0 && prose(next),
        line.heading > 0 && next.is_some_and(|next| next.heading > 0),
        line.link > 0.75 && next.is_some_and(|next| next.link > 0.75),
        line.n_commas > 0 && is_short,
        is_plain && is_short && ["://", "www.", "@"].iter().any(holds),
        has(&['|', '•', '·', '›', '»', '/']),
        has(&['©']),
        is_plain && is_short && has_year(line.text),
        has(&['"', '“', '”', '„', '«']),
        has(&['(', '[']),
        in_core,
        in_core && is_short,
    ]
}

/// What tells lines of plain texts apart; on pages, where markup tells more, it made the
/// scores of other hosts worse.
fn of_plain_line<S: Sink>(
    page: &Page<'_>,
    at: usize,
    coarse: usize,
    found: &mut Builder<'_, S>,
) {
    const N: usize = 12 + 6 + 6 + 6 + 4;
    if page.is_markup {
        found.skip(N);
        return;
    }
    let line = &page.lines[at];
    found.one_of(bin(line.capital_share, &[0.25, 0.6, 0.95]) * 3 + coarse, 12);
    let core = &page.core;
    let far = |n: usize| bin(n as f32, &[0.5, 1.5, 4.5, 12.5, 40.5]);
    found.one_of(far(core.start.saturating_sub(at)), 6);
    found.one_of(far((at + 1).saturating_sub(core.end)), 6);
    let in_core = core.contains(&at);
    found.one_of(usize::from(in_core) * 3 + coarse, 6);
    let letters = line.text.len() as f32 / line.n_words.max(1) as f32;
    found.one_of(bin(letters, &[4.5, 6.0, 9.0]), 4);
}

/// Whether four digits of this or the last century stand in the line.
fn has_year(text: &str) -> bool {
    let is_year = |run: &[u8]| {
        matches!(run, [b'1', b'9', ..] | [b'2', b'0', ..])
            && run.iter().all(u8::is_ascii_digit)
    };
    text.as_bytes().windows(4).any(is_year)
}

/// Lines between the title and this one: on it, up to 3, 10 or 40 after, more; before it;
/// no title.
fn title_bin(page: &Page<'_>, at: usize) -> usize {
    match page.title {
        None => 6,
        Some(title) if at < title => 5,
        Some(title) => bin((at - title) as f32, &[0.5, 3.5, 10.5, 40.5]),
    }
}

fn word_bin(n_words: usize) -> usize {
    [2, 5, 10, 20, 40, 80].iter().position(|most| n_words <= *most).unwrap_or(6)
}

fn link_bin(link: f32) -> usize {
    bin(link, &[0.01, 0.33, 0.75])
}

/// Number of edges that a value reaches.
pub(crate) fn bin(value: f32, edges: &[f32]) -> usize {
    edges.iter().position(|edge| value < *edge).unwrap_or(edges.len())
}

#[cfg(test)]
mod tests {
    use goldpress_model::{Block, Fields};

    use super::*;

    #[test]
    fn every_number_has_a_name() {
        let text = "Salt opens\n\nThe mine of Orlec opens, at last.";
        let blocks: Vec<Block> = goldpress_text::lines(text).map(Block::plain).collect();
        let page = Page::of(text, &blocks, None, &Fields::new());
        let mut vector = Vector::new();
        of_line(&page, 1, false, &mut vector);
        let last = vector.iter().map(|(at, _)| *at).max();
        // The last feature of all is `ends-below3`, which is 0 here; the one before it is not.
        assert_eq!(last.map(usize::from), Some(names().len() - 2), "{vector:?}");
    }
}
