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

/// What a word that begins so says is a term of a taxonomy or a state of the page, and no
/// place in it: `category-der-kommentar`, `tag-newsletter`, `no-comments`.
const TERMS: [&str; 16] = [
    "category-",
    "tag-",
    "cat-",
    "topic-",
    "term-",
    "taxonomy-",
    "author-",
    "section-",
    "format-",
    "type-",
    "status-",
    "post_tag-",
    "no-",
    "has-",
    "without-",
    "hide-",
];

/// What follows it where it is a place all the same: `tag-list`, `author-name`.
const PLACES: [&str; 32] = [
    "list",
    "lists",
    "links",
    "link",
    "cloud",
    "nav",
    "menu",
    "item",
    "items",
    "label",
    "labels",
    "name",
    "title",
    "box",
    "badge",
    "wrap",
    "wrapper",
    "container",
    "header",
    "heading",
    "footer",
    "info",
    "bio",
    "byline",
    "date",
    "image",
    "content",
    "text",
    "description",
    "body",
    "group",
    "block",
];

fn is_term(word: &str) -> bool {
    let rest = TERMS.iter().find_map(|prefix| word.strip_prefix(prefix));
    rest.is_some_and(|rest| {
        !rest.split(['-', '_']).any(|part| PLACES.contains(&part.trim_end_matches('s')))
            && !PLACES.contains(&rest)
    })
}

/// Words that say that an element tells of a match as it goes, which readers' comments do
/// not: `live-match-comment`.
const LIVE: [&str; 5] = ["live", "ticker", "match", "liveblog", "commentary"];

fn read(word: &str) -> MarkSet {
    if is_term(word) {
        return 0;
    }
    let found = read_parts(word);
    let is_live = || word.split(['-', '_']).any(|part| LIVE.contains(&part));
    let comment = 1 << Mark::Comment as u32;
    if found & comment != 0 && is_live() { found & !comment } else { found }
}

fn read_parts(word: &str) -> MarkSet {
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

    #[test]
    fn terms_of_a_taxonomy_and_words_of_a_live_match_are_no_comments() {
        for word in [
            "category-der-kommentar",
            "tag-newsletter",
            "no-comments",
            "live-match-comment",
        ] {
            let marks = [word.to_owned()];
            let votes = MarkReader::default().votes(&marks);
            let sum = votes[Mark::Comment as usize] + votes[Mark::Promo as usize];
            assert_eq!(sum, 0.0, "{word}");
        }
        let votes = |word: &str| MarkReader::default().votes(&[word.to_owned()]);
        assert_eq!(votes("comment-list")[Mark::Comment as usize], 1.0);
        assert_eq!(votes("tag-list")[Mark::Nav as usize], 1.0);
    }
}
