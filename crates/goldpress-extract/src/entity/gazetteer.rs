//! `gazetteer`: names of a list, the longest first.
//!
//! Countries, their people, capitals and a few hundred organisations of the world's news;
//! no people at all, and nothing that only one town knows. A name counts only with its
//! capitals and on word edges; "Jordan" the man is a country to it. The list
//! (`gazetteer.toml`) is our own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use goldpress_model::{Annotation, Extraction, Span, layer};
use serde::Deserialize;

use crate::lexicon::GAZETTEER;
use crate::{Extractor, Task, View};

/// A competitor of the entity task.
#[derive(Debug)]
pub(crate) struct Gazetteer;

/// What a name of the list is.
struct Entry {
    label: &'static str,
    /// Country that it is or belongs to.
    code: Option<String>,
}

struct Names {
    finder: AhoCorasick,
    entries: Vec<Entry>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        countries: BTreeMap<String, [String; 2]>,
        names: BTreeMap<String, Vec<String>>,
    }
    let file: File = GAZETTEER.parse();
    let (mut patterns, mut entries) = (Vec::new(), Vec::new());
    let mut add = |name: &str, label, code: Option<&String>| {
        // An apostrophe is printed straight or curly.
        for form in [name.to_owned(), name.replace('\'', "’")] {
            if !patterns.contains(&form) {
                patterns.push(form);
                entries.push(Entry { label, code: code.cloned() });
            }
        }
    };
    for (code, [names, people]) in &file.countries {
        names.split(';').for_each(|name| add(name, "GPE", Some(code)));
        people.split_whitespace().for_each(|name| add(name, "NORP", Some(code)));
    }
    for (label, names) in &file.names {
        let label = ["GPE", "LOC", "ORG", "NORP", "EVENT"]
            .into_iter()
            .find(|known| known == label);
        let label = label.expect("the labels of the list are known");
        names.iter().for_each(|name| add(name, label, None));
    }
    let finder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(&patterns)
        .expect("a few hundred short names");
    Names { finder, entries }
});

impl Extractor for Gazetteer {
    fn name(&self) -> &'static str {
        "gazetteer"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Entity]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let text = view.text;
        let names = &*NAMES;
        let found = names.finder.find_iter(text).filter_map(|found| {
            let before = text[..found.start()].chars().next_back();
            let after = text[found.end()..].chars().next();
            let ends_in_dot = text[..found.end()].ends_with('.');
            let goes_on = before.is_some_and(char::is_alphanumeric)
                || after.is_some_and(char::is_alphanumeric) && !ends_in_dot;
            if goes_on {
                return None;
            }
            let entry = &names.entries[found.pattern().as_usize()];
            let span = Span::new(text, found.start(), found.end()).ok()?;
            let claim = Annotation::new(text, layer::ENTITY, entry.label, span);
            let claim = claim.with_attr("mention", "NAM");
            Some(match &entry.code {
                Some(code) => claim.with_attr("code", code.as_str()),
                None => claim,
            })
        });
        Extraction { annotations: found.collect(), ..Extraction::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldpress_model::Fields;

    fn found(text: &str) -> Vec<String> {
        let stated = Fields::new();
        let claims = Gazetteer.extract(View::of(text, &[], &stated)).annotations;
        claims.iter().map(|claim| format!("{} {}", claim.label, claim.text())).collect()
    }

    #[test]
    fn names_are_found_whole_and_without_their_neighbours() {
        for (text, expected) in [
            ("North Korea-Russia talks", vec!["GPE North Korea", "GPE Russia"]),
            ("a U.S. official told the BBC", vec!["GPE U.S.", "ORG BBC"]),
            ("Russia’s Pacific port", vec!["GPE Russia", "LOC Pacific"]),
            ("Russian forces and the US", vec!["NORP Russian", "GPE US"]),
            (
                "The Hague hosts the G-20 Summit.",
                vec!["GPE The Hague", "EVENT G-20 Summit"],
            ),
            ("told us of Chadwick and USAID", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn known_mistake_a_surname_that_is_a_country_is_the_country() {
        // Only a list of people, or the words around, could tell.
        assert_eq!(found("Michael Jordan retired."), ["GPE Jordan"]);
    }
}
