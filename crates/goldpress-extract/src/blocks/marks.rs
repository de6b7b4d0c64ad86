//! Marks: what the class and id words of an element say that it is.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use foldhash::fast::{FixedState, RandomState};
use goldpress_text::CharKind;
use serde::Deserialize;

use crate::lexicon::BLOCK_MARKS;

/// What a mark says; the order is that of the arrays of votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mark {
    Content,
    Title,
    Subtitle,
    Byline,
    Dateline,
    Caption,
    Comment,
    Form,
    Nav,
    Related,
    Promo,
    Legal,
    Footer,
    Aside,
    Ad,
    List,
    Quote,
}

/// Number of kinds of marks.
pub(crate) const N_MARKS: usize = 17;

/// How strongly each kind of mark is voted for, in `0.0..=1.0`.
pub(crate) type Votes = [f32; N_MARKS];

struct Marks {
    words: HashMap<String, MarkSet, FixedState>,
    parts: Vec<(String, Mark)>,
}

/// Marks, a bit each.
type MarkSet = u32;

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        marks: BTreeMap<Mark, Lists>,
    }
    #[derive(Deserialize)]
    struct Lists {
        words: Vec<String>,
        parts: Vec<String>,
    }
    let file: File = BLOCK_MARKS.parse();
    let mut words: HashMap<String, MarkSet, FixedState> = HashMap::default();
    let mut parts = Vec::new();
    for (mark, lists) in file.marks {
        for word in lists.words {
            *words.entry(word).or_default() |= 1 << mark as u32;
        }
        parts.extend(lists.parts.into_iter().map(|part| (part, mark)));
    }
    Marks { words, parts }
});

/// Weight of the element's own words, then of its ancestors', nearest first.
const LEVELS: [f32; 5] = [1.0, 0.8, 0.6, 0.45, 0.35];

/// Remembers the votes of words, since a page repeats the same few.
#[derive(Default)]
pub(crate) struct MarkReader<'b> {
    seen: HashMap<&'b str, MarkSet, RandomState>,
}

impl<'b> MarkReader<'b> {
    /// The votes of one block's marks: the element's first, each ancestor's after a `|`.
    pub(crate) fn votes(&mut self, marks: &'b [String]) -> Votes {
        let mut votes = [0.0; N_MARKS];
        let mut level = 0;
        for word in marks {
            if word.starts_with('|') {
                level += word.chars().filter(|c| *c == '|').count();
            }
            let word = word.trim_start_matches('|');
            let Some(weight) = LEVELS.get(level) else { break };
            if word.is_empty() {
                continue;
            }
            let mut found = *self.seen.entry(word).or_insert_with(|| read(word));
            while found != 0 {
                let vote: &mut f32 = &mut votes[found.trailing_zeros() as usize];
                *vote = vote.max(*weight);
                found &= found - 1;
            }
        }
        votes
    }
}

fn read(word: &str) -> MarkSet {
    let letters = |c: char| !CharKind::of(c).is_alphabetic();
    let runs = word.split(letters).filter_map(|run| MARKS.words.get(run));
    let found = runs.fold(0, |all, marks| all | marks);
    // Joined words and words with hyphens are looked at alike.
    let is_letter = |c: &char| CharKind::of(*c).is_alphabetic();
    let joined: String = word.chars().filter(is_letter).collect();
    let holds = |(part, _): &&(String, Mark)| joined.contains(part.as_str());
    let held = MARKS.parts.iter().filter(holds);
    held.fold(found, |all, (_, mark)| all | 1 << *mark as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_element_has_the_strongest_vote() {
        let marks = ["byline", "|", "entry-content", "|", "widget"].map(String::from);
        let votes = MarkReader::default().votes(&marks);
        assert_eq!(votes[Mark::Byline as usize], 1.0);
        assert_eq!(votes[Mark::Content as usize], 0.8);
        assert_eq!(votes[Mark::Aside as usize], 0.6);
        assert_eq!(votes[Mark::Comment as usize], 0.0);
    }
}
