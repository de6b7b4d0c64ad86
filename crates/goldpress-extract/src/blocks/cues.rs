//! Cue phrases: words that tell what a line does, in any of the languages of the list.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::fast::FixedState;
use goldpress_model::Role;
use goldpress_text::is_alphanumeric;
use serde::Deserialize;

use crate::lexicon::{BLOCK_CUES, fold};

/// How much of a line a cue covers, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CueKind {
    /// Somewhere in the line.
    Holds,
    /// Its last words.
    Ends,
    /// Its first words.
    Starts,
    /// The whole line.
    Is,
}

/// A cue found in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    /// What it says the line is.
    pub(crate) role: Role,
    /// How much of the line says so.
    pub(crate) kind: CueKind,
}

/// The first two characters of a cue; one cue is a single character, `©`.
type Front = (char, Option<char>);

struct Cues {
    is: HashMap<String, Role, FixedState>,
    /// By their first two characters, longest first.
    starts: HashMap<Front, Vec<(String, Role)>, FixedState>,
    ends: Vec<(String, Role)>,
    holds: AhoCorasick,
    held: Vec<Role>,
}

#[derive(Deserialize)]
struct File {
    cues: BTreeMap<Role, BTreeMap<String, Lists>>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Lists {
    is: Vec<String>,
    starts: Vec<String>,
    ends: Vec<String>,
    holds: Vec<String>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let file: File = BLOCK_CUES.parse();
    let mut is = HashMap::default();
    let mut starts: HashMap<Front, Vec<(String, Role)>, FixedState> = HashMap::default();
    let (mut ends, mut held_words, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for (role, languages) in &file.cues {
        for lists in languages.values() {
            for cue in &lists.is {
                is.entry(key_of(&fold(cue)).to_owned()).or_insert(*role);
            }
            for cue in &lists.starts {
                // A blank at the end says that the word ends there; folding drops it.
                let blank = if cue.ends_with(' ') { " " } else { "" };
                let folded = format!("{}{blank}", strip_front(&fold(cue)));
                let first = front_of(&folded).expect("no cue is empty");
                // The longest first, so that the most particular cue wins.
                let cues = starts.entry(first).or_default();
                let at = cues.partition_point(|(cue, _)| cue.len() >= folded.len());
                cues.insert(at, (folded, *role));
            }
            ends.extend(lists.ends.iter().map(|cue| (fold(cue), *role)));
            held_words.extend(lists.holds.iter().map(|cue| fold(cue)));
            held.extend(lists.holds.iter().map(|_| *role));
        }
    }
    let holds = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(&held_words)
        .expect("a few hundred short words");
    Cues { is, starts, ends, holds, held }
});

/// Longest line in words that `starts` and `holds` are looked for in.
const MAX_WORDS: usize = 40;

/// The strongest cue of a line.
///
/// `n_words` is the length of the line. Takes one pass over a short line and none over a
/// long one, so that running text costs nothing.
pub(crate) fn cue_of(line: &str, n_words: usize) -> Option<Cue> {
    if n_words > MAX_WORDS || line.len() > 400 {
        return None;
    }
    let cues = &*CUES;
    let folded = fold(line);
    let key = key_of(&folded);
    if let Some(role) = cues.is.get(key) {
        return Some(Cue { role: *role, kind: CueKind::Is });
    }
    let front = strip_front(&folded);
    if let Some(cue) = counted(front) {
        return Some(cue);
    }
    let start = starts_of(front)
        .find(|(cue, _)| front.starts_with(cue.as_str()) && ends_word(front, cue));
    if let Some((_, role)) = start {
        return Some(Cue { role: *role, kind: CueKind::Starts });
    }
    if n_words <= 12
        && let Some((_, role)) =
            cues.ends.iter().find(|(cue, _)| key.ends_with(cue.as_str()))
    {
        return Some(Cue { role: *role, kind: CueKind::Ends });
    }
    let held = cues.holds.find_iter(folded.as_str()).find(|found| {
        let before = folded[..found.start()].chars().next_back();
        let after = folded[found.end()..].chars().next();
        let last = folded[..found.end()].chars().next_back();
        let first = folded[found.start()..].chars().next();
        !(joined(before, first) || joined(last, after))
    })?;
    Some(Cue { role: cues.held[held.pattern().as_usize()], kind: CueKind::Holds })
}

fn front_of(text: &str) -> Option<Front> {
    let mut chars = text.chars();
    Some((chars.next()?, chars.next()))
}

/// The cues that a line may start with.
fn starts_of(line: &str) -> impl Iterator<Item = &'static (String, Role)> {
    let front = front_of(line);
    let alone = front.filter(|front| front.1.is_some()).map(|front| (front.0, None));
    let lists = [front, alone].into_iter().flatten();
    lists.filter_map(|front| CUES.starts.get(&front)).flatten()
}

/// `4 thoughts on …`, `12 Kommentare`: a number before a heading of comments.
fn counted(front: &str) -> Option<Cue> {
    let rest = front.trim_start_matches(|c: char| c.is_numeric());
    if rest.len() == front.len() {
        return None;
    }
    let rest = rest.trim_start();
    let is_heading = CUES.is.get(key_of(rest)) == Some(&Role::Comment);
    let is_title = starts_of(rest)
        .any(|(cue, role)| *role == Role::Comment && rest.starts_with(cue.as_str()));
    (is_heading || is_title).then_some(Cue { role: Role::Comment, kind: CueKind::Starts })
}

/// Whether the word goes on across the edge; scripts without spaces have no such edges.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    let part = |c: Option<char>| {
        c.is_some_and(|c| is_alphanumeric(c) && !('\u{2E80}'..'\u{AC00}').contains(&c))
    };
    part(left) && part(right)
}

fn ends_word(line: &str, cue: &str) -> bool {
    !joined(cue.chars().next_back(), line[cue.len()..].chars().next())
}

fn strip_front(folded: &str) -> &str {
    folded.trim_start_matches(|c: char| {
        !(is_alphanumeric(c) || matches!(c, '©' | '(' | '[' | '【' | '▶' | '@'))
    })
}

/// Folded text without marks at its ends.
fn key_of(folded: &str) -> &str {
    let trim = |c: char| !(is_alphanumeric(c) || matches!(c, '©' | '@' | ')' | '('));
    folded.trim_matches(trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(line: &str) -> Option<(Role, CueKind)> {
        cue_of(line, line.split_whitespace().count()).map(|cue| (cue.role, cue.kind))
    }

    #[test]
    fn cues_are_found_whatever_marks_stand_around_them() {
        assert_eq!(cue("» Read more …"), Some((Role::Related, CueKind::Is)));
        assert_eq!(cue("– Advertisement –"), Some((Role::Ad, CueKind::Is)));
        assert_eq!(cue("اقرأ أيضاً: قارب خشبي"), Some((Role::Related, CueKind::Starts)));
        assert_eq!(
            cue("関連記事：灯台の猫、駅長になる"),
            Some((Role::Related, CueKind::Starts))
        );
        assert_eq!(
            cue("Get the Courier in your inbox every Friday."),
            Some((Role::Promo, CueKind::Holds))
        );
    }

    #[test]
    fn a_number_before_comments_counts_them() {
        let comment = Some((Role::Comment, CueKind::Starts));
        assert_eq!(cue("4 thoughts on “Fenmoor’s war on leaf blowers”"), comment);
        assert_eq!(cue("12 Kommentare"), comment);
        assert_eq!(cue("12 thoughts crossed her mind."), None);
    }

    #[test]
    fn a_cue_inside_a_longer_word_is_none() {
        assert_eq!(cue("Homeland security was tightened."), None);
        assert_eq!(cue("India’s march was one that anyone could join."), None);
    }
}
