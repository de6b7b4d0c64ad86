//! `hedge-lexicon`: a list of cues, each with guards on its neighbours.
//!
//! English alone. It looks at single words, not at clauses: it cannot tell ability from
//! possibility where the neighbours do not, nor what a cue lowers. The list
//! (`hedges.toml`) is our own, written after reading the seed article, on which a score
//! is therefore contaminated.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use goldpress_model::{Annotation, Extraction, Span, layer};
use serde::Deserialize;

use crate::lexicon::HEDGES;
use crate::words::{Word, main_sentences, words_of};
use crate::{Extractor, Task, View};

/// The competitor of the hedge task.
#[derive(Debug)]
pub(crate) struct HedgeLexicon;

/// Cues that share label and guards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue {
    label: String,
    words: Vec<String>,
    #[serde(default)]
    next: Vec<String>,
    #[serde(default)]
    previous: Vec<String>,
    #[serde(default)]
    not_next: Vec<String>,
    #[serde(default)]
    not_previous: Vec<String>,
    /// Words that must not stand second after the cue.
    #[serde(default)]
    not_next2: Vec<String>,
    /// Whether the next word is part of the span: `seen to be`.
    #[serde(default)]
    with_next: bool,
    /// Whether it may begin with a capital.
    #[serde(default)]
    capital: bool,
}

struct Cues {
    cues: Vec<Cue>,
    /// First word → other words of the phrase, and the cue, longest first.
    by_word: BTreeMap<String, Vec<(Vec<String>, usize)>>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        cues: Vec<Cue>,
    }
    let cues = HEDGES.parse::<File>().cues;
    let mut by_word: BTreeMap<String, Vec<(Vec<String>, usize)>> = BTreeMap::new();
    for (at, cue) in cues.iter().enumerate() {
        for phrase in &cue.words {
            let mut words = phrase.split(' ').map(str::to_owned);
            let first = words.next().expect("no cue is empty");
            by_word.entry(first).or_default().push((words.collect(), at));
        }
    }
    for phrases in by_word.values_mut() {
        phrases.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
    }
    Cues { cues, by_word }
});

impl Extractor for HedgeLexicon {
    fn name(&self) -> &'static str {
        "hedge-lexicon"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Hedge]
    }

    fn refuses(&self, view: View<'_>) -> Option<String> {
        let lang = view.lang.split('-').next().unwrap_or_default();
        (!matches!(lang, "en" | "und" | ""))
            .then(|| format!("no list of hedges for language `{}`", view.lang))
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let mut annotations = Vec::new();
        if self.refuses(view).is_some() {
            return Extraction::default();
        }
        for sentence in main_sentences(view) {
            let words = words_of(view.text, sentence);
            let mut at = 0;
            while at < words.len() {
                let Some((label, n_words)) = cue_at(&words, at) else {
                    at += 1;
                    continue;
                };
                let last = &words[at + n_words - 1];
                if let Ok(span) = Span::new(view.text, words[at].start, last.end) {
                    annotations.push(Annotation::new(
                        view.text,
                        layer::HEDGE,
                        label,
                        span,
                    ));
                }
                at += n_words;
            }
        }
        Extraction { annotations, ..Extraction::default() }
    }
}

/// The label of the cue that begins at a word, and how many words it covers.
fn cue_at(words: &[Word<'_>], at: usize) -> Option<(&'static str, usize)> {
    let cues: &'static Cues = &CUES;
    let phrases = cues.by_word.get(&words[at].lower)?;
    phrases.iter().find_map(|(rest, number)| {
        let cue = &cues.cues[*number];
        let is_there = rest.iter().enumerate().all(|(n, word)| {
            words.get(at + 1 + n).is_some_and(|found| found.lower == *word)
        });
        let len = rest.len() + 1;
        (is_there && fits(cue, words, at, len))
            .then_some((cue.label.as_str(), len + usize::from(cue.with_next)))
    })
}

fn fits(cue: &Cue, words: &[Word<'_>], at: usize, len: usize) -> bool {
    let word = |at: Option<usize>| {
        at.and_then(|at| words.get(at)).map_or("", |word| word.lower.as_str())
    };
    let (previous, next) = (word(at.checked_sub(1)), word(Some(at + len)));
    let second = word(Some(at + len + 1));
    let holds = |list: &[String], word: &str| list.iter().any(|known| known == word);
    let is_capital = words[at].text.starts_with(char::is_uppercase);
    // `May` inside a sentence is the month, at its head mostly a wish.
    (cue.capital || !is_capital || cue.label != "modal")
        && (cue.next.is_empty() || holds(&cue.next, next))
        && (cue.previous.is_empty() || holds(&cue.previous, previous))
        && !holds(&cue.not_next, next)
        && !holds(&cue.not_previous, previous)
        && !holds(&cue.not_next2, second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldpress_model::Fields;

    fn found(text: &str) -> Vec<String> {
        let stated = Fields::new();
        let claims = HedgeLexicon.extract(View::of(text, &[], &stated)).annotations;
        claims.iter().map(|claim| format!("{} {}", claim.label, claim.text())).collect()
    }

    #[test]
    fn cues_are_found_and_their_doubles_are_not() {
        for (text, expected) in [
            ("It may be signed in May 2024.", vec!["modal may"]),
            ("It might rain, for all its might.", vec!["modal might"]),
            ("She can swim; this can be risky.", vec!["modal can"]),
            ("The potential exchange of potential energy.", vec!["adjective potential"]),
            ("He appeared in court and appears to be ill.", vec!["verb appears"]),
            (
                "Perhaps it was reportedly sold.",
                vec!["adverb Perhaps", "adverb reportedly"],
            ),
            (
                "A bus will likely come, but it is unlikely.",
                vec!["adverb likely", "adjective unlikely"],
            ),
            (
                "The prospects of a deal, as far as is known, are good.",
                vec!["noun prospects", "phrase as far as is known"],
            ),
            ("The owner is thought to be ill.", vec!["verb thought to be"]),
            ("Call as soon as possible.", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn known_mistake_ability_with_be_is_taken_for_possibility() {
        // `can be` is both; only the participle after it could tell.
        assert_eq!(found("The gate can be lifted by one man."), ["modal can"]);
    }
}
