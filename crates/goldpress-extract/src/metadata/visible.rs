//! Fields that stand in the article's text: dateline, caption, correction, language.

use std::sync::LazyLock;

use goldpress_model::{
    Block, Field, FieldSource, FieldValue, Fields, Fragments, Role, Span,
};
use regex::Regex;

use super::dates::opening;
use super::rules::Document;
use crate::dates::{DayOrder, find_date};
use crate::lexicon::fold;

/// Adds the place that the report is filed from.
pub(crate) fn read_dateline(
    document: &Document<'_>,
    fields: &mut Fields,
    language: &str,
) {
    if let Some(article) = document.article()
        && let Some(place) = document.graph.text(article, "dateline")
    {
        fields.state(Field::Dateline, &place, FieldSource::JsonLd);
    }
    let first = document.first_paragraph();
    let order = DayOrder::of_language(language);
    for (at, block) in document.blocks.iter().enumerate().take(first + 1) {
        let line = block.span.slice(document.text);
        let place = match block.role {
            Role::Dateline => find_date(line, order).and_then(|date| {
                let before =
                    line[..date.range.start].trim_end_matches([',', ' ', '|', '-', '–']);
                is_place(before, false).then_some(before)
            }),
            Role::Paragraph if at == first => opening(line).and_then(place_of),
            _ => None,
        };
        let Some(place) = place else { continue };
        let start = block.span.start();
        let Ok(span) = Span::new(document.text, start, start + place.len()) else {
            continue;
        };
        let source = source_of(block);
        let (value, fragments) = (place.to_owned(), Fragments::from(span));
        fields.add(FieldValue { field: Field::Dateline, value, source, fragments });
    }
}

/// The place in the part before the dash; an agency, a date or capitals must vouch for it.
fn place_of(head: &str) -> Option<&str> {
    let bare = head.find('(').map_or(head, |at| &head[..at]);
    let date = find_date(bare, DayOrder::DayFirst);
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r",?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{L}*\.?\s\d{1,2}\b")
            .expect("a pattern of this file")
    });
    let cut = date.as_ref().map(|date| date.range.start);
    let cut = cut.or_else(|| DAY.find(bare).map(|day| day.start()));
    let vouched = cut.is_some() || bare.len() < head.len();
    let place = bare[..cut.unwrap_or(bare.len())].trim_end_matches([',', ' ', ':']);
    is_place(place, !vouched).then_some(place)
}

/// One to five words, each capitalised; all in capitals where nothing else vouches.
fn is_place(words: &str, must_shout: bool) -> bool {
    let n_words = words.split_whitespace().count();
    let starts = |word: &str| {
        word.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
    };
    let shouts = |word: &str| !word.chars().any(char::is_lowercase);
    let first = words.split([' ', ',']).next().unwrap_or_default();
    (1..=5).contains(&n_words)
        && words.chars().count() <= 40
        && !words
            .chars()
            .any(|c| c.is_numeric() || matches!(c, '?' | '!' | '"' | '“' | ':'))
        && words.split_whitespace().all(|word| starts(word) || word.chars().count() <= 3)
        && starts(first)
        && (!must_shout || shouts(first) && first.chars().count() > 2)
        && !is_stamp_word(&fold(first))
}

/// Words that stand before a date and are no place.
fn is_stamp_word(word: &str) -> bool {
    const WORDS: [&str; 26] = [
        "published",
        "posted",
        "updated",
        "date",
        "last",
        "on",
        "by",
        "stand",
        "veröffentlicht",
        "aktualisiert",
        "publié",
        "le",
        "mis",
        "publicado",
        "actualizado",
        "опубликовано",
        "نشر",
        "تحديث",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "reviewed",
    ];
    WORDS.contains(&word.trim_end_matches(':'))
        || word.ends_with("day")
        || word.ends_with("tag")
        || word.ends_with("di")
}

/// Adds the caption of the lead picture: the first one, if it stands before the second
/// paragraph.
pub(crate) fn read_caption(document: &Document<'_>, fields: &mut Fields) {
    let paragraphs = document
        .blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.role == Role::Paragraph);
    let second = paragraphs.map(|(at, _)| at).nth(1).unwrap_or(document.blocks.len());
    let title = document.title_index().unwrap_or(0);
    let lead = document.blocks.iter().take(second).skip(title);
    let Some(block) = lead.into_iter().find(|block| block.role == Role::Caption) else {
        return;
    };
    state_block(document, fields, Field::ImageCaption, block, 0);
}

/// Adds the text of a correction notice, without the word that announces it.
pub(crate) fn read_correction(document: &Document<'_>, fields: &mut Fields) {
    const WORDS: [&str; 21] = [
        "correction",
        "corrected",
        "amended",
        "earlier version",
        "previous version",
        "clarification",
        "korrektur",
        "korrigiert",
        "früheren version",
        "früheren fassung",
        "rectificatif",
        "version précédente",
        "corrección",
        "fe de errores",
        "versión anterior",
        "correzione",
        "correção",
        "исправлен",
        "تصحيح",
        "訂正",
        "更正",
    ];
    for block in document.blocks.iter().filter(|block| block.role == Role::Other) {
        let line = block.span.slice(document.text);
        let folded = fold(line);
        if !WORDS.iter().any(|word| folded.contains(word)) {
            continue;
        }
        let lead =
            line.find([':', '：']).filter(|at| line[..*at].split(' ').count() <= 2);
        let after = lead.map_or(0, |at| {
            line.len() - line[at..].trim_start_matches(['：', ':', ' ']).len()
        });
        let from = if after < line.len() { after } else { 0 };
        state_block(document, fields, Field::Correction, block, from);
        return;
    }
}

fn state_block(
    document: &Document<'_>,
    fields: &mut Fields,
    field: Field,
    block: &Block,
    from: usize,
) {
    let (start, end) = (block.span.start() + from, block.span.end());
    let Ok(span) = Span::new(document.text, start, end) else { return };
    let value = span.slice(document.text).to_owned();
    let source = source_of(block);
    fields.add(FieldValue { field, value, source, fragments: Fragments::from(span) });
}

pub(crate) fn source_of(block: &Block) -> FieldSource {
    if block.path.is_some() { FieldSource::Html } else { FieldSource::Text }
}
