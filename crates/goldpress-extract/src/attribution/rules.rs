//! `attribution-rules`: "according to X", X and a verb of saying, quotations, passives.
//!
//! English alone, sentence by sentence: it does not see that a quotation goes on in the
//! next sentence, nor who "he" is, and takes the words between the last comma and the
//! verb for the source. The verbs (`reporting.toml`) are our own list, written after
//! reading the seed article.

use std::ops::Range;
use std::sync::LazyLock;

use goldpress_model::{Annotation, AttrValue, Extraction, Fragments, Span, layer};
use serde::Deserialize;

use super::phrases::{
    addressee_end, body_end, following_source, preceding_source, trimmed,
};
use super::quotes::{quotations, quote_kind};
use super::sources::{is_named, source_type};
use crate::lexicon::REPORTING_VERBS;
use crate::words::{Word, main_sentences, words_of};
use crate::{Extractor, Task, View};

/// The competitor of the attribution task.
#[derive(Debug)]
pub(crate) struct AttributionRules;

/// The lists of `reporting.toml`.
#[derive(Deserialize)]
pub(crate) struct Reporting {
    verbs: Verbs,
    pub(crate) sources: Sources,
}

#[derive(Deserialize)]
struct Verbs {
    statement: Vec<String>,
    belief: Vec<String>,
    attitude: Vec<String>,
    needs_clause: Vec<String>,
}

/// Words that tell what kind of source a phrase names.
#[derive(Deserialize)]
pub(crate) struct Sources {
    pub(crate) government: Vec<String>,
    pub(crate) media: Vec<String>,
    pub(crate) document: Vec<String>,
    pub(crate) organisation: Vec<String>,
}

pub(crate) static REPORTING: LazyLock<Reporting> =
    LazyLock::new(|| REPORTING_VERBS.parse());

/// One attribution in a sentence; ranges count from its first byte.
struct Found {
    label: &'static str,
    cue: Range<usize>,
    source: Option<Range<usize>>,
    content: Vec<Range<usize>>,
}

/// Longest sentence that is read.
const MAX_SENTENCE_BYTES: usize = 4000;

impl Extractor for AttributionRules {
    fn name(&self) -> &'static str {
        "attribution-rules"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Attribution]
    }

    fn refuses(&self, view: View<'_>) -> Option<String> {
        let lang = view.lang.split('-').next().unwrap_or_default();
        (!matches!(lang, "en" | "und" | ""))
            .then(|| format!("no verbs of saying for language `{}`", view.lang))
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let mut annotations = Vec::new();
        if self.refuses(view).is_some() {
            return Extraction::default();
        }
        let mut number = 0;
        for sentence in main_sentences(view) {
            let slice = sentence.slice(view.text);
            // Longer ones are lists or tables, and every cue looks at the whole.
            if slice.len() > MAX_SENTENCE_BYTES {
                continue;
            }
            for found in find(slice, &words_of(slice, whole(slice))) {
                number += 1;
                annotations.extend(annotate(view.text, sentence.start(), &found, number));
            }
        }
        annotations
            .sort_by_key(|claim| claim.span().map(|span| (span.start(), span.end())));
        Extraction { annotations, ..Extraction::default() }
    }
}

fn whole(sentence: &str) -> Span {
    Span::whole(sentence).expect("a sentence is not empty")
}

/// The annotations of one attribution: cue, source, content.
fn annotate(text: &str, base: usize, found: &Found, number: usize) -> Vec<Annotation> {
    let spans = |ranges: &[Range<usize>]| {
        let spans = ranges.iter();
        let spans = spans.filter_map(|range| {
            Span::new(text, base + range.start, base + range.end).ok()
        });
        Fragments::merged(spans.collect())
    };
    let content = spans(&found.content);
    let cue = spans(std::slice::from_ref(&found.cue));
    if content.is_empty() || cue.is_empty() {
        return Vec::new();
    }
    let parts: Vec<&str> = content.spans().iter().map(|span| span.slice(text)).collect();
    let quote = quote_kind(&parts);
    let attribution = |label: &str, id: String, fragments: Fragments| {
        let mut claim = Annotation::new(text, layer::ATTRIBUTION, label, fragments);
        claim.id = id;
        claim
    };
    let mut cue = attribution(found.label, format!("A{number}"), cue);
    cue.args.insert("content".to_owned(), vec![format!("AC{number}")]);
    let mut claims = Vec::new();
    let (kind, named) = match &found.source {
        Some(range) => {
            let fragments = spans(std::slice::from_ref(range));
            let source = attribution("source", format!("AS{number}"), fragments);
            let told = (source_type(source.text()), is_named(source.text()));
            cue.args.insert("source".to_owned(), vec![source.id.clone()]);
            claims.push(source);
            told
        }
        None => ("implicit", false),
    };
    cue = cue.with_attr("source_type", kind).with_attr("quote", quote);
    cue.attrs.insert("source_named".to_owned(), AttrValue::Bool(named));
    claims.push(attribution("content", format!("AC{number}"), content));
    claims.push(cue);
    claims
}

/// The attributions of a sentence; of two that share words the first wins.
fn find(sentence: &str, words: &[Word<'_>]) -> Vec<Found> {
    let quoted = quotations(sentence);
    let mut found: Vec<Found> = Vec::new();
    for at in 0..words.len() {
        let in_quote = quoted.iter().any(|range| range.contains(&words[at].start));
        if in_quote {
            continue;
        }
        let next = according_to(sentence, words, at)
            .or_else(|| passive(sentence, words, at))
            .or_else(|| verb(sentence, words, at, &quoted));
        let is_new = |next: &Found| {
            found.iter().all(|old| {
                let parts = old.content.iter().chain(&old.source).chain([&old.cue]);
                !parts
                    .into_iter()
                    .any(|part| part.start < next.cue.end && next.cue.start < part.end)
            })
        };
        if let Some(next) = next.filter(|next| is_new(next)) {
            found.push(next);
        }
    }
    found
}

/// `According to X, content` and `content, according to X`.
fn according_to(sentence: &str, words: &[Word<'_>], at: usize) -> Option<Found> {
    let (first, second) = (&words[at], words.get(at + 1)?);
    if first.lower != "according" || second.lower != "to" {
        return None;
    }
    let third = words.get(at + 2)?;
    if matches!(third.lower.as_str(), "plan" | "plans" | "schedule") {
        return None;
    }
    let cue = first.start..second.end;
    let rest = &sentence[second.end..];
    let comma = rest.find([',', ';']).map(|comma| second.end + comma);
    let end = comma.unwrap_or_else(|| body_end(sentence));
    let source = trimmed(sentence, second.end..end)?;
    let mut content: Vec<Range<usize>> = Vec::new();
    content.extend(trimmed(sentence, 0..cue.start));
    if let Some(comma) = comma {
        content.extend(trimmed(sentence, comma + 1..body_end(sentence)));
    }
    Some(Found { label: "statement", cue, source: Some(source), content })
}

/// `is seen to be`, `are thought to`: nobody is named.
fn passive(sentence: &str, words: &[Word<'_>], at: usize) -> Option<Found> {
    const BELIEF: [&str; 7] =
        ["believed", "thought", "seen", "understood", "feared", "expected", "considered"];
    const STATEMENT: [&str; 3] = ["said", "reported", "alleged"];
    let word = |n: usize| words.get(at + n).map_or("", |word| word.lower.as_str());
    if !matches!(word(0), "is" | "are" | "was" | "were") || word(2) != "to" {
        return None;
    }
    let label = match word(1) {
        verb if BELIEF.contains(&verb) => "belief",
        verb if STATEMENT.contains(&verb) => "statement",
        _ => return None,
    };
    let last = if word(3) == "be" { at + 3 } else { at + 2 };
    let cue = words[at].start..words[last].end;
    let content = [0..cue.start, cue.end..body_end(sentence)];
    let content =
        content.into_iter().filter_map(|range| trimmed(sentence, range)).collect();
    Some(Found { label, cue, source: None, content })
}

/// A verb of saying, thinking or feeling with its source before or after it.
fn verb(
    sentence: &str,
    words: &[Word<'_>],
    at: usize,
    quoted: &[Range<usize>],
) -> Option<Found> {
    let label = label_of(&words[at].lower)?;
    // `an official who wished …` is no sentence of its own.
    let before = at.checked_sub(1).map_or("", |before| words[before].lower.as_str());
    if matches!(before, "who" | "which") {
        return None;
    }
    let cue = words[at].start..words[at].end;
    let end = body_end(sentence);
    let is_after_quote = quoted.iter().any(|quote| {
        quote.end <= cue.start
            && sentence[quote.end..cue.start].chars().all(|c| matches!(c, ' ' | ','))
    });
    if is_after_quote {
        // `“…,” said X`: the source follows.
        let source = following_source(sentence, words, at)?;
        return Some(Found {
            label,
            cue,
            source: Some(source),
            content: quoted.to_vec(),
        });
    }
    let source = preceding_source(sentence, words, at)?;
    let has_quote_before = quoted.iter().any(|quote| quote.end <= source.start);
    let after = trimmed(sentence, cue.end..end);
    let next = words.get(at + 1).map_or("", |word| word.lower.as_str());
    // `said on Sunday`, `she said.`: what is said stands before.
    let is_tail =
        after.as_ref().is_none_or(|after| is_adverbial(&sentence[after.clone()]));
    let content = if is_tail
        || has_quote_before && !quoted.iter().any(|quote| quote.start > cue.end)
    {
        let before = trimmed(sentence, 0..source.start)?;
        if !sentence[..source.start].trim_end().ends_with([',', '”', '"', '»']) {
            return None;
        }
        vec![before]
    } else {
        if REPORTING.verbs.needs_clause.contains(&words[at].lower) && !opens_clause(next)
        {
            return None;
        }
        let after = after?;
        let start = match words[at].lower.as_str() {
            "told" | "tells" | "informed" => {
                addressee_end(words, at).unwrap_or(after.start)
            }
            _ => after.start,
        };
        vec![trimmed(sentence, start..end)?]
    };
    Some(Found { label, cue, source: Some(source), content })
}

fn label_of(word: &str) -> Option<&'static str> {
    let verbs = &REPORTING.verbs;
    let lists = [
        (&verbs.statement, "statement"),
        (&verbs.belief, "belief"),
        (&verbs.attitude, "attitude"),
    ];
    lists
        .into_iter()
        .find(|(list, _)| list.iter().any(|known| known == word))
        .map(|found| found.1)
}

/// Words that begin what is said.
fn opens_clause(next: &str) -> bool {
    matches!(
        next,
        "that"
            | "whether"
            | "if"
            | "he"
            | "she"
            | "it"
            | "they"
            | "there"
            | "the"
            | "how"
            | "why"
            | "what"
            | "to"
    )
}

fn is_adverbial(after: &str) -> bool {
    let first = after.split(' ').next().unwrap_or_default().to_lowercase();
    let n_words = after.split(' ').count();
    let is_lead = matches!(
        first.as_str(),
        "on" | "in"
            | "at"
            | "yesterday"
            | "today"
            | "earlier"
            | "later"
            | "late"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "after"
            | "during"
            | "by"
    );
    is_lead && n_words <= 8
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use goldpress_model::Fields;

    /// `label(cue) source: content` of each attribution, in the order of cues.
    fn found(text: &str) -> Vec<String> {
        let stated = Fields::new();
        let claims = AttributionRules.extract(View::of(text, &[], &stated)).annotations;
        let by_id: BTreeMap<&str, &Annotation> =
            claims.iter().map(|claim| (claim.id.as_str(), claim)).collect();
        let part = |claim: &Annotation, role: &str| {
            let id = claim.args.get(role).and_then(|ids| ids.first());
            id.map_or("–", |id| by_id[id.as_str()].text()).to_owned()
        };
        let cues = claims.iter().filter(|claim| !claim.args.is_empty());
        cues.map(|cue| {
            let (source, content) = (part(cue, "source"), part(cue, "content"));
            format!("{}({}) {source}: {content}", cue.label, cue.text())
        })
        .collect()
    }

    #[test]
    fn cue_source_and_content_are_found() {
        for (text, expected) in [
            (
                "According to the BBC, islanders want a ticket.",
                "statement(According to) the BBC: islanders want a ticket",
            ),
            (
                "Islanders want a ticket, according to a study.",
                "statement(according to) a study: Islanders want a ticket",
            ),
            (
                "“It’s a good day,” said Anaïs Thôrel, who runs it.",
                "statement(said) Anaïs Thôrel: “It’s a good day,”",
            ),
            (
                "The mine will open in May, the energy office said on Sunday.",
                "statement(said) the energy office: The mine will open in May",
            ),
            (
                "It began, a U.S. official who wished to remain unnamed predicted that Kim will go.",
                "statement(predicted) a U.S. official who wished to remain unnamed: that Kim will go",
            ),
            (
                "Orlec is thought to be the home of the boat.",
                "belief(is thought to be) –: Orlec the home of the boat",
            ),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn known_mistake_an_object_before_the_verb_is_taken_for_the_source() {
        // A parser would see that the boat says nothing.
        assert_eq!(
            found("The boat he described sank."),
            ["statement(described) The boat he: sank"]
        );
    }
}
