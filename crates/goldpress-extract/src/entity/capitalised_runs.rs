//! `capitalised-runs`: words in capitals that stand side by side are one name.
//!
//! A foil: a system that cannot beat it has learned nothing but typography. It knows no
//! kinds of name and calls everything `ORG`; a word at the head of a sentence is a name to
//! it only where a second one follows. It sees nothing in scripts without capitals.

use goldpress_model::{Annotation, Extraction, Span, layer};

use crate::{Extractor, Task, View};

/// The foil of the entity task.
#[derive(Debug)]
pub(crate) struct CapitalisedRuns;

impl Extractor for CapitalisedRuns {
    fn name(&self) -> &'static str {
        "capitalised-runs"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Entity]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let annotations = goldpress_text::sentences(view.text)
            .flat_map(|sentence| runs(view.text, sentence))
            .map(|span| {
                Annotation::new(view.text, layer::ENTITY, "ORG", span)
                    .with_attr("mention", "NAM")
            })
            .collect();
        Extraction { annotations, ..Extraction::default() }
    }
}

/// Runs of capitalised words of one sentence that only a blank parts.
fn runs(text: &str, sentence: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    let slice = sentence.slice(text);
    let words = goldpress_text::words(slice)
        .map(|word| (sentence.start() + word.start(), sentence.start() + word.end()));
    let mut close = |run: Option<(usize, usize, usize)>| {
        let Some((start, end, n_words)) = run else { return };
        let is_first = start == first_letter(text, sentence);
        if n_words > 1 || !is_first {
            let end = end - possessive(&text[start..end]);
            found.extend(Span::new(text, start, end));
        }
    };
    for (start, end) in words {
        let is_capital = text[start..end].chars().next().is_some_and(char::is_uppercase);
        run = match run {
            Some((from, to, n)) if is_capital && &text[to..start] == " " => {
                Some((from, end, n + 1))
            }
            open => {
                close(open);
                is_capital.then_some((start, end, 1))
            }
        };
    }
    close(run);
    found
}

/// Where the words of a sentence begin, quotes and brackets passed over.
fn first_letter(text: &str, sentence: Span) -> usize {
    let slice = sentence.slice(text);
    let at = slice.find(char::is_alphanumeric).unwrap_or(0);
    sentence.start() + at
}

/// Bytes of a possessive ending, which is no part of a name.
fn possessive(name: &str) -> usize {
    ["’s", "'s"]
        .iter()
        .find(|ending| name.ends_with(**ending))
        .map_or(0, |ending| ending.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldpress_model::Fields;

    fn found(text: &str) -> Vec<String> {
        let stated = Fields::new();
        let claims = CapitalisedRuns.extract(View::of(text, &[], &stated)).annotations;
        claims.iter().map(|claim| claim.text().to_owned()).collect()
    }

    #[test]
    fn neighbours_in_capitals_are_one_name_without_possessive() {
        assert_eq!(
            found("Then Ada Lovelace left the BBC’s office."),
            ["Then Ada Lovelace", "BBC"]
        );
        assert_eq!(found("Zürich voted."), Vec::<String>::new());
    }

    #[test]
    fn known_mistake_a_month_beside_a_name_is_part_of_it() {
        // Typography alone cannot part them.
        assert_eq!(found("Last May Ada left."), ["Last May Ada"]);
    }
}
