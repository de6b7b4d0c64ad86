//! Titles: the headline as printed, and other titles of the same article.

use std::sync::LazyLock;

use goldpress_model::{Field, FieldSource, FieldValue, Fields, Fragments, Role, Span};
use regex::Regex;

use super::head::{meta, microdata};
use super::rules::Document;
use crate::blocks::letters;

/// Adds the headline.
///
/// What is printed wins over what the head says, since heads carry shortened and search
/// titles; the source is the most trusted one that says the same.
pub(crate) fn read_headline(document: &Document<'_>, fields: &mut Fields) {
    let stated = stated(document);
    let Some((span, is_markup)) = document.title_span() else {
        let stated = stated.into_iter().next();
        if let Some((value, source)) = stated {
            let outlet = fields.get(Field::Publisher).map(str::to_owned);
            let value = without_outlet(&value, outlet.as_deref());
            fields.state(Field::Headline, &value, source);
        }
        return;
    };
    let span = without_kicker(document.text, span, &stated);
    let value = span.slice(document.text).to_owned();
    let printed = letters(&value);
    let said = stated.iter().find(|(title, _)| letters(title) == printed);
    let printed_by = if is_markup { FieldSource::Html } else { FieldSource::Text };
    let source = said.map_or(printed_by, |(_, source)| *source);
    let fragments = Fragments::from(span);
    fields.add(FieldValue { field: Field::Headline, value, source, fragments });
}

/// The printed title without a kicker that is set in the same heading: what is left is a
/// title that the page states.
fn without_kicker(text: &str, span: Span, stated: &[(String, FieldSource)]) -> Span {
    const LONGEST: usize = 40;
    let line = span.slice(text);
    let printed = letters(line);
    let is_tail = |title: &String| {
        title.len() >= 12
            && title.len() < printed.len()
            && printed.ends_with(title.as_str())
    };
    let titles = stated.iter().map(|(title, _)| letters(title));
    let Some(title) = titles.filter(is_tail).max_by_key(String::len) else { return span };
    let starts = line.char_indices().map(|(at, _)| at).filter(|at| *at <= LONGEST);
    let start = starts.into_iter().find(|at| letters(&line[*at..]) == title);
    let Some(at) = start else { return span };
    let at = at + line[at..].len()
        - line[at..]
            .trim_start_matches(|c: char| {
                !c.is_alphanumeric()
                    && !matches!(c, '"' | '“' | '„' | '«' | '‘' | '「' | '(' | '[')
            })
            .len();
    Span::new(text, span.start() + at, span.end()).unwrap_or(span)
}

/// Titles that the page states, most trusted first.
fn stated(document: &Document<'_>) -> Vec<(String, FieldSource)> {
    let mut titles = Vec::new();
    if let Some(article) = document.article() {
        let headline =
            ["headline", "name"].iter().find_map(|key| document.graph.text(article, key));
        titles.extend(headline.map(|headline| (headline, FieldSource::JsonLd)));
    }
    let Some(facts) = document.facts else { return titles };
    titles.extend(meta(
        facts,
        &["og:title", "twitter:title", "dc.title", "citation_title", "title", "headline"],
    ));
    titles.extend(
        microdata(facts, "headline").map(|title| (title, FieldSource::Microdata)),
    );
    titles.extend(facts.title.clone().map(|title| (title, FieldSource::Html)));
    titles
}

/// `Salt opens again | The Meridian Ledger` without what follows the last bar or dash, if
/// that is the outlet or looks like one.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    const MARKS: [&str; 8] = [" | ", " - ", " – ", " — ", "｜", " » ", " :: ", " · "];
    let cut = MARKS
        .iter()
        .filter_map(|mark| title.rfind(mark).map(|at| (at, mark.len())))
        .max();
    let Some((at, len)) = cut else { return title.to_owned() };
    let (head, tail) = (&title[..at], &title[at + len..]);
    let is_outlet = outlet.is_some_and(|outlet| letters(outlet) == letters(tail));
    let n_words = |text: &str| text.split_whitespace().count();
    // `Ferry Limited (NFL) - Trade Disclosure`: a dash also stands inside titles.
    let is_bar = !title[at..at + len].contains(['-', '–', '—']);
    let least = if is_bar || n_words(tail) == 1 { 3 } else { 5 };
    let looks =
        n_words(tail) <= 4 && n_words(head) >= least && n_words(head) > n_words(tail);
    if is_outlet || looks { head.trim().to_owned() } else { title.to_owned() }
}

/// Adds another title: stated as one, or quoted in the heading of the comments.
pub(crate) fn read_alternative(document: &Document<'_>, fields: &mut Fields) {
    let headline = fields.get(Field::Headline).map(letters).unwrap_or_default();
    let field = Field::AlternativeHeadline;
    if let Some(article) = document.article()
        && let Some(value) = document.graph.text(article, "alternativeHeadline")
        && letters(&value) != headline
    {
        let fragments = document.locate(&value, &[Role::Subtitle, Role::Comment]);
        fields.add(FieldValue { field, value, source: FieldSource::JsonLd, fragments });
    }
    let comments = document.blocks.iter().filter(|block| block.role == Role::Comment);
    for block in comments.take(3) {
        let line = block.span.slice(document.text);
        let Some(quoted) = quoted_title(line) else { continue };
        let value = line[quoted.clone()].to_owned();
        if letters(&value) == headline || headline.is_empty() {
            continue;
        }
        let start = block.span.start();
        let span = Span::new(document.text, start + quoted.start, start + quoted.end);
        let source =
            if block.path.is_some() { FieldSource::Html } else { FieldSource::Text };
        let fragments = span.map(Fragments::from).unwrap_or_default();
        fields.add(FieldValue { field, value, source, fragments });
    }
}

/// Where the title stands in `One thought on “…”`.
fn quoted_title(line: &str) -> Option<std::ops::Range<usize>> {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r#"(?i)^(?:\S+ )?(?:thoughts?|comments?|repl(?:y|ies)|responses?|gedanken?|kommentare?|antworten?|réflexions?|réponses?|commentaires?|comentarios?|respuestas?|pensamientos?|комментари\p{L}*|коммент\p{L}*)\s(?:on|to|for|zu|auf|sur|à|en|sobre|к)\s["“„«‘'](.{8,})["”“»’']$"#;
        Regex::new(pattern).expect("a pattern of this file")
    });
    Some(HEADING.captures(line)?.get(1)?.range())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_of_comments_quotes_another_title() {
        let line = "4 thoughts on “Fenmoor’s war on leaf blowers”";
        let quoted = quoted_title(line).map(|range| &line[range]);
        assert_eq!(quoted, Some("Fenmoor’s war on leaf blowers"));
        assert_eq!(quoted_title("I have some thoughts on “rakes” and more"), None);
    }

    #[test]
    fn the_outlet_is_no_part_of_a_title() {
        for (title, outlet, bare) in [
            (
                "Salt mine opens again | The Meridian Ledger",
                None,
                "Salt mine opens again",
            ),
            ("Harrow Vale Courier – Region", None, "Harrow Vale Courier"),
            ("Tram – at last", Some("Ledger"), "Tram – at last"),
        ] {
            assert_eq!(without_outlet(title, outlet), bare, "{title}");
        }
    }
}
