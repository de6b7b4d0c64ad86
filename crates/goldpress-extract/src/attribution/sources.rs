//! Sources: what kind of source a phrase names, and whether it names it.

use super::rules::REPORTING;
use crate::lexicon::fold;

/// `person`, `organisation`, `government`, `media` or `document`.
pub(crate) fn source_type(source: &str) -> &'static str {
    let folded = fold(source);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    // `an official of the ministry` is a person: the head stands before `of` and `who`.
    let head_end = words
        .iter()
        .position(|word| matches!(*word, "of" | "who" | "from" | "at" | "for" | "in"))
        .unwrap_or(words.len());
    let head = words[..head_end].join(" ");
    let is_person = [
        "official",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "minister",
        "president",
        "leader",
        "director",
        "mayor",
        "chief",
        "analyst",
        "expert",
        "he",
        "she",
        "they",
        "people",
        "sources",
        "officials",
    ];
    if is_person.iter().any(|word| head.split(' ').any(|found| found == *word)) {
        return "person";
    }
    let holds = |list: &[String]| {
        list.iter().any(|known| format!(" {head} ").contains(&format!(" {known} ")))
    };
    let kinds = &REPORTING.sources;
    match () {
        () if holds(&kinds.media) => "media",
        () if holds(&kinds.document) => "document",
        () if holds(&kinds.government) => "government",
        () if holds(&kinds.organisation) => "organisation",
        () => "person",
    }
}

/// Whether the phrase holds a name: a capital that is not its first word's, or an acronym.
pub(crate) fn is_named(source: &str) -> bool {
    let mut words = source.split_whitespace().enumerate();
    words.any(|(at, word)| {
        let is_capital = word.starts_with(char::is_uppercase);
        let common = [
            "The",
            "A",
            "An",
            "He",
            "She",
            "They",
            "It",
            "We",
            "I",
            "One",
            "Some",
            "Many",
            "Officials",
            "Police",
        ];
        is_capital && (at > 0 || !common.contains(&word)) && word != "I"
    })
}
