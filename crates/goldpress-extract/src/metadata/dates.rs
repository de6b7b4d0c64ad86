//! Dates of publication and of the last change.

use std::sync::LazyLock;

use goldpress_model::{Field, FieldSource, FieldValue, Fields, Fragments, Role, Span};
use regex::Regex;

use super::head::{metas, microdata};
use super::rules::Document;
use crate::dates::{DayOrder, find_date, machine_date};
use crate::lexicon::fold;

const PUBLISHED: [&str; 22] = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published_date",
    "datepublished",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "article.published",
    "cxenseparse:recs:publishtime",
];
const MODIFIED: [&str; 8] = [
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "last-modified",
    "datemodified",
    "dcterms.modified",
    "article.updated",
    "lastmod",
];

/// Adds both dates, each from the most trusted source that states it.
pub(crate) fn read(document: &Document<'_>, fields: &mut Fields, language: &str) {
    let order = DayOrder::of_language(language);
    for field in [Field::DatePublished, Field::DateModified] {
        // What the record says is kept, made ISO; what is no date is dropped.
        for stated in fields.take(field) {
            if let Some((value, _)) = machine_date(&stated.value, order) {
                fields.add(FieldValue { value, ..stated });
            }
        }
        let (key, names, prop) = match field {
            Field::DatePublished => ("datePublished", &PUBLISHED[..], "datepublished"),
            _ => ("dateModified", &MODIFIED[..], "datemodified"),
        };
        if let Some(article) = document.article()
            && let Some(value) = document.graph.text(article, key)
            && let Some((value, _)) = machine_date(&value, order)
        {
            fields.state(field, &value, FieldSource::JsonLd);
        }
        let Some(facts) = document.facts else { continue };
        for (content, source) in metas(facts, names) {
            if let Some((value, _)) = machine_date(&content, order) {
                fields.state(field, &value, source);
                break;
            }
        }
        if let Some((value, _)) =
            microdata(facts, prop).and_then(|value| machine_date(&value, order))
        {
            fields.state(field, &value, FieldSource::Microdata);
        }
    }
    of_time_elements(document, fields, order);
    of_lines(document, fields, order);
}

/// `time` elements in the block of a byline or dateline at the head of the article.
///
/// A stamp inside a live entry is one of the entry, so only those before the first
/// paragraph count.
fn of_time_elements(document: &Document<'_>, fields: &mut Fields, order: DayOrder) {
    let Some(facts) = document.facts else { return };
    let first = document.first_paragraph();
    for time in &facts.times {
        let Some(at) = time.block.filter(|at| *at < first) else { continue };
        let Some(block) = document.blocks.get(at) else { continue };
        if !matches!(block.role, Role::Dateline | Role::Byline) {
            continue;
        }
        let line = block.span.slice(document.text);
        let Some((value, _)) = machine_date(&time.datetime, order) else { continue };
        let field =
            if says_modified(line) { Field::DateModified } else { Field::DatePublished };
        fields.state(field, &value, FieldSource::Html);
    }
}

/// Printed dates: datelines and bylines near the title, then a dateline that opens the
/// text.
fn of_lines(document: &Document<'_>, fields: &mut Fields, order: DayOrder) {
    let first = document.first_paragraph();
    let last = document.blocks.len().saturating_sub(1);
    for (at, block) in document.blocks.iter().enumerate() {
        let line = block.span.slice(document.text);
        let is_markup = block.path.is_some();
        let is_stamp = matches!(block.role, Role::Dateline | Role::Byline)
            && (at < first || !is_markup && at + 3 > last);
        let opens = block.role == Role::Paragraph && at == first;
        let head = if opens { opening(line) } else { is_stamp.then_some(line) };
        let Some(date) = head.and_then(|head| find_date(head, order)) else { continue };
        let field = if says_modified(&line[..date.range.start]) {
            Field::DateModified
        } else {
            Field::DatePublished
        };
        let start = block.span.start() + date.range.start;
        let span = Span::new(document.text, start, block.span.start() + date.range.end);
        let source = if is_markup { FieldSource::Html } else { FieldSource::Text };
        let fragments = span.map(Fragments::from).unwrap_or_default();
        fields.add(FieldValue { field, value: date.value, source, fragments });
    }
}

/// The part before the dash of `HARROW VALE, March 3, 2024 (Lowland Wire) -- The last …`.
pub(crate) fn opening(paragraph: &str) -> Option<&str> {
    static DASH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s(?:--|—|–|-)\s|\)\s?[:—–-]|\s?—").expect("a pattern of this file")
    });
    let head = &paragraph[..crate::dates::floor_boundary(paragraph, 120)];
    let dash = DASH.find(head)?;
    let head = &paragraph[..dash.start() + usize::from(dash.as_str().starts_with(')'))];
    head.chars().next().is_some_and(|c| !c.is_lowercase()).then_some(head)
}

fn says_modified(line: &str) -> bool {
    const WORDS: [&str; 18] = [
        "updated",
        "modified",
        "revised",
        "last edited",
        "aktualisiert",
        "geändert",
        "mis à jour",
        "mise à jour",
        "modifié",
        "actualizado",
        "atualizado",
        "aggiornato",
        "обновлено",
        "изменено",
        "تحديث",
        "更新",
        "bijgewerkt",
        "uppdaterad",
    ];
    const PUBLISHED: [&str; 8] = [
        "published",
        "posted",
        "veröffentlicht",
        "publié",
        "publicado",
        "опубликовано",
        "公開",
        "发布",
    ];
    let line = fold(line);
    let said = |words: &[&str]| words.iter().filter_map(|word| line.rfind(word)).max();
    // The word nearest before the date speaks of it.
    said(&WORDS) > said(&PUBLISHED)
}
