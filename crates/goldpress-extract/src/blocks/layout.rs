//! Layout: which lines of a page stand in the same place of it, and how places are akin.
//!
//! A page is not seen here as a browser shows it: a place is what element names and class
//! words of the ancestors say.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::{FixedState, RandomState};
use goldpress_model::Block;

use super::line::Line;

/// Ancestors whose class words tell one place from another.
const LEVELS: usize = 4;

/// A place in the layout: lines with the same path and the same marks of their ancestors,
/// as the paragraphs of an article are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// Share of the document's running text.
    pub(crate) share: f32,
    pub(crate) n_lines: u32,
    /// Lines of running text.
    pub(crate) n_prose: u32,
    /// Lines that are links.
    pub(crate) n_linked: u32,
    /// Whether no other place has more running text.
    pub(crate) is_main: bool,
    /// Whether an ancestor has the class words of the main place.
    pub(crate) is_like_main: bool,
    /// How its path agrees with that of the main place: equal 0, inside 1, three quarters
    /// of it 2, half 3, less 4; no path 5.
    pub(crate) kin: usize,
    /// The path down to its first `article`, hashed; 0 for none.
    pub(crate) article: u64,
    /// Class words of the nearest ancestors, hashed; 0 for none.
    ancestors: [u64; LEVELS],
}

impl Group {
    /// Whether an ancestor has the class words of the other's nearest one with any.
    pub(crate) fn is_akin(&self, other: &Group) -> bool {
        let nearest = other.ancestors.iter().find(|words| **words != 0);
        nearest.is_some_and(|words| self.ancestors.contains(words))
    }
}

/// The group of each line, and all groups. Linear in the number of lines.
pub(crate) fn groups(
    blocks: &[Block],
    lines: &[Line<'_>],
    n_words: f32,
) -> (Vec<usize>, Vec<Group>) {
    let mut ids: HashMap<(&str, [u64; LEVELS]), usize, RandomState> = HashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    let mut paths: Vec<&str> = Vec::new();
    let mut group_of = Vec::with_capacity(blocks.len());
    for (block, line) in blocks.iter().zip(lines) {
        let path = block.path.as_deref().unwrap_or_default();
        let above = path.rsplit_once('>').map_or("", |(above, _)| above);
        let ancestors = hashed(&block.marks);
        let id = *ids.entry((above, ancestors)).or_insert(groups.len());
        if id == groups.len() {
            groups.push(Group {
                ancestors,
                article: article_of(above),
                ..Group::default()
            });
            paths.push(above);
        }
        let group = &mut groups[id];
        group.share += line.good_words();
        group.n_lines += 1;
        group.n_prose += u32::from(line.is_prose());
        group.n_linked += u32::from(line.link > 0.75);
        group_of.push(id);
    }
    let main = (0..groups.len())
        .max_by(|a, b| groups[*a].share.total_cmp(&groups[*b].share).then(b.cmp(a)));
    let Some(main) = main else { return (group_of, groups) };
    let of_main = groups[main].clone();
    for (id, group) in groups.iter_mut().enumerate() {
        group.share = if n_words > 0.0 { group.share / n_words } else { 0.0 };
        group.is_main = id == main;
        group.is_like_main = group.is_akin(&of_main);
        group.kin = kin(paths[id], paths[main]);
    }
    (group_of, groups)
}

fn article_of(path: &str) -> u64 {
    let mut names = path.split('>');
    let above: Vec<&str> = names.by_ref().take_while(|name| *name != "article").collect();
    let has_one = above.iter().map(|name| name.len() + 1).sum::<usize>() < path.len() + 1;
    if has_one { FixedState::default().hash_one(above) | 1 } else { 0 }
}

/// Hashes of the class words of each ancestor, 0 for none. Words with digits are left out:
/// page builders number every element.
fn hashed(marks: &[String]) -> [u64; LEVELS] {
    let mut found = [0; LEVELS];
    let mut level: usize = 0;
    for word in marks {
        if word == "|" {
            level += 1;
        } else if (1..=LEVELS).contains(&level)
            && !word.bytes().any(|b| b.is_ascii_digit())
        {
            found[level - 1] = hash(found[level - 1], word);
        }
    }
    found
}

fn hash(before: u64, word: &str) -> u64 {
    FixedState::default().hash_one((before, word)) | 1
}

fn kin(path: &str, main: &str) -> usize {
    if path.is_empty() || main.is_empty() {
        return 5;
    }
    if path == main {
        return 0;
    }
    let common = path.split('>').zip(main.split('>')).take_while(|(a, b)| a == b).count();
    let n = main.split('>').count();
    match () {
        () if common == n => 1,
        () if common * 4 >= n * 3 => 2,
        () if common * 2 >= n => 3,
        () => 4,
    }
}

/// How a line stands among others.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Runs {
    /// Short lines in a row around it, itself among them; 0 where it is none.
    pub(crate) short: u8,
    /// Lines to the next running text above, and below.
    pub(crate) above: u8,
    pub(crate) below: u8,
}

/// The runs of all lines. Linear in their number.
pub(crate) fn runs(lines: &[Line<'_>]) -> Vec<Runs> {
    let mut runs = vec![Runs::default(); lines.len()];
    let is_short = |line: &Line<'_>| line.n_words <= 5 && !line.ends;
    let mut at = 0;
    while at < lines.len() {
        let rest = lines[at..].iter().take_while(|line| is_short(line)).count();
        let length = u8::try_from(rest).unwrap_or(u8::MAX);
        for run in &mut runs[at..at + rest] {
            run.short = length;
        }
        at += rest.max(1);
    }
    let mut since = u8::MAX;
    for (run, line) in runs.iter_mut().zip(lines) {
        since = since.saturating_add(1);
        run.above = since;
        since = if line.is_prose() { 0 } else { since };
    }
    since = u8::MAX;
    for (run, line) in runs.iter_mut().zip(lines).rev() {
        since = since.saturating_add(1);
        run.below = since;
        since = if line.is_prose() { 0 } else { since };
    }
    runs
}

/// What a line that is no running text takes from a stretch of it, in words.
const GAP: f32 = 8.0;

/// The stretch with most running text: a document's core. Linear in the number of lines.
pub(crate) fn core(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let (mut best, mut most) = (None, 0.0);
    let (mut start, mut sum) = (0, 0.0);
    for (at, line) in lines.iter().enumerate() {
        if sum <= 0.0 {
            (start, sum) = (at, 0.0);
        }
        sum += if line.is_prose() { line.good_words() } else { -GAP };
        if sum > most {
            (best, most) = (Some(start..at + 1), sum);
        }
    }
    best
}
