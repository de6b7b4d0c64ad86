//! Dates of publication and of the last change.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use goldpress_model::{Field, FieldSource, FieldValue, Fields, Fragments, Role, Span};
use regex::Regex;

use super::head::{metas, microdata};
use super::rules::Document;
use crate::dates::{DayOrder, find_date, is_dateline, machine_date, short_date};
use crate::lexicon::fold;

const PUBLISHED: [&str; 27] = [
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
    "published",
    "published-date",
    "w-published-date",
    "publication-date",
    "datepublished-iso",
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
            if let Some(value) = agreed_date(document, &content, order) {
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
    // A date above the title may be today's, so what stands below it comes first.
    let title = document.title_index().unwrap_or(0);
    of_time_elements(document, fields, order, title..document.blocks.len());
    of_lines(document, fields, order, title..document.blocks.len());
    if fields.get(Field::DatePublished).is_none() && document.facts.is_some() {
        of_meta_lines(document, fields, order);
    }
    of_time_elements(document, fields, order, 0..title);
    of_lines(document, fields, order, 0..title);
    if fields.get(Field::DatePublished).is_none() && document.facts.is_some() {
        of_only_day(document, fields, order);
    }
}

/// The day of a page that gives no other, in `time` elements or lines that are dates, those
/// of other articles, comments and changes aside.
fn of_only_day(document: &Document<'_>, fields: &mut Fields, order: DayOrder) {
    let Some(facts) = document.facts else { return };
    let line = |at: usize| document.blocks[at].span.slice(document.text);
    let is_own = |at: &usize| {
        let block = &document.blocks[*at];
        let is_other = matches!(
            block.role,
            Role::Related | Role::Comment | Role::Ad | Role::Legal | Role::Promo
        );
        !is_other && !is_masthead(block) && !says_modified(line(*at))
    };
    let times = facts.times.iter().filter(|time| {
        time.block.is_none_or(|at| at < document.blocks.len() && is_own(&at))
    });
    let stated = times.filter_map(|time| machine_date(&time.datetime, order));
    let is_short = |at: &usize| {
        let line = line(*at);
        line.len() <= SHORT_BYTES && line.contains(char::is_numeric) && is_dateline(line)
    };
    let lines = (0..document.blocks.len()).filter(is_short).filter(is_own);
    let printed = lines.filter_map(|at| {
        let date = find_date(line(at), order).or_else(|| short_date(line(at), order))?;
        Some((date.value, date.granularity))
    });
    let days = stated.chain(printed).filter_map(|(value, _)| {
        let day = value.get(..10)?.to_owned();
        Some((day, value))
    });
    let days: BTreeMap<String, String> = days.collect();
    if let (1, Some(value)) = (days.len(), days.values().next()) {
        fields.state(Field::DatePublished, value, FieldSource::Html);
    }
}

/// A stated date; where days and months could be either way round, the way in which the
/// page prints it: `11/01/2023` beside `01.11.2023`.
fn agreed_date(document: &Document<'_>, stated: &str, order: DayOrder) -> Option<String> {
    let read = |order| machine_date(stated, order).map(|(value, _)| value);
    let value = read(order);
    let day = |value: &str| value.get(..10).map(str::to_owned);
    let others = [DayOrder::DayFirst, DayOrder::MonthFirst].map(read);
    if others[0] == others[1] {
        return value;
    }
    let printed: Vec<String> = document
        .blocks
        .iter()
        .map(|block| block.span.slice(document.text))
        .filter(|line| line.len() <= SHORT_BYTES && line.contains(char::is_numeric))
        .filter_map(|line| find_date(line, order).or_else(|| short_date(line, order)))
        .filter_map(|date| day(&date.value))
        .take(MOST_PRINTED)
        .collect();
    let is_printed =
        |value: &String| day(value).is_some_and(|day| printed.contains(&day));
    let is_agreed = value.as_ref().is_some_and(is_printed);
    let other = others.into_iter().flatten().find(is_printed).filter(|_| !is_agreed);
    other.or(value)
}

/// Longest line in bytes that is looked at for a printed date, and how many are kept.
const SHORT_BYTES: usize = 160;
const MOST_PRINTED: usize = 40;

/// Words of a line that mixes date, author, reading time and comments.
const META_WORDS: usize = 18;
/// Lines that are looked at before the title, and after the text.
const BEFORE_TITLE: usize = 4;

/// Short lines around the title and below the text that hold a date beside other things:
/// `Oct 11, 2023 2 min read`, `Stored by ann on 7 July 2019 - 18:44`, `23.09.22`.
fn of_meta_lines(document: &Document<'_>, fields: &mut Fields, order: DayOrder) {
    let blocks = document.blocks;
    let title = document.title_index();
    let text = first_text(document);
    let from = title.map_or(0, |title| title + 1);
    let between = from..text.min(from + 14);
    let before = title.map_or(0..0, |title| title.saturating_sub(BEFORE_TITLE)..title);
    let after = text.min(blocks.len())..blocks.len();
    let line = |at: usize| blocks[at].span.slice(document.text);
    let is_meta = |at: &usize| {
        let block = &blocks[*at];
        let n_words = line(*at).split_whitespace().count();
        n_words <= META_WORDS
            && !matches!(
                block.role,
                Role::Related | Role::Comment | Role::Ad | Role::Legal
            )
            && !is_masthead(block)
    };
    let read =
        |at: usize| find_date(line(at), order).or_else(|| short_date(line(at), order));
    let near = between.chain(before.rev()).filter(is_meta);
    let near = near.map(|at| (at, read(at)));
    let below = after.filter(is_meta).filter(|at| says_published(line(*at)));
    let below = below.map(|at| (at, read(at)));
    let found = near.chain(below).find_map(|(at, date)| Some((at, date?)));
    let Some((at, date)) = found else { return };
    let start = blocks[at].span.start();
    let span = Span::new(document.text, start + date.range.start, start + date.range.end);
    let fragments = span.map(Fragments::from).unwrap_or_default();
    let source = FieldSource::Html;
    fields.add(FieldValue {
        field: Field::DatePublished,
        value: date.value,
        source,
        fragments,
    });
}

/// The first paragraph that is longer than a line of dates and names.
fn first_text(document: &Document<'_>) -> usize {
    let from = document.title_index().map_or(0, |title| title + 1);
    let is_text = |block: &goldpress_model::Block| {
        let line = block.span.slice(document.text);
        let n_words = line.split_whitespace().count();
        let ends = line.ends_with(['.', '!', '?', '”', '"', '。']);
        block.role == Role::Paragraph && (n_words > META_WORDS || n_words > 8 && ends)
    };
    let found = document.blocks.iter().skip(from).position(is_text);
    found.map_or(document.first_paragraph(), |at| at + from)
}

/// Whether a block stands in the head of the page, whose date is today's.
fn is_masthead(block: &goldpress_model::Block) -> bool {
    let path = block.path.as_deref().unwrap_or_default();
    let is_in_article = path.contains("article") || path.contains("main");
    let is_in_nav = path.split('>').any(|name| name == "nav");
    let is_in_head = path.split('>').next() == Some("header");
    is_in_nav || is_in_head && !is_in_article
}

/// Words that announce the day of publication.
fn says_published(line: &str) -> bool {
    const WORDS: [&str; 24] = [
        "posted",
        "published",
        "publication date",
        "date:",
        "written on",
        "created",
        "veröffentlicht",
        "erstellt",
        "stand:",
        "datum",
        "geschrieben am",
        "publié",
        "publicado",
        "fecha",
        "pubblicato",
        "опубликовано",
        "дата",
        "opublikowano",
        "gepubliceerd",
        "geplaatst",
        "publicerad",
        "发布",
        "公開",
        "نشر",
    ];
    let line = fold(line);
    WORDS.iter().any(|word| line.contains(word))
}

/// `time` elements in the block of a byline or dateline at the head of the article.
///
/// A stamp inside a live entry is one of the entry, so only those before the first
/// paragraph count.
fn of_time_elements(
    document: &Document<'_>,
    fields: &mut Fields,
    order: DayOrder,
    places: Range<usize>,
) {
    let Some(facts) = document.facts else { return };
    let first = document.first_paragraph();
    let title = document.title_index().unwrap_or(0);
    for (nth, time) in facts.times.iter().enumerate() {
        let Some(at) = time.block.filter(|at| *at < first && places.contains(at)) else {
            continue;
        };
        let Some(block) = document.blocks.get(at) else { continue };
        let line = block.span.slice(document.text);
        let is_meta = at > title
            && !matches!(block.role, Role::Related | Role::Comment | Role::Ad)
            && !is_masthead(block)
            && line.split_whitespace().count() <= META_WORDS;
        if !matches!(block.role, Role::Dateline | Role::Byline) && !is_meta {
            continue;
        }
        let Some((value, _)) = machine_date(&time.datetime, order) else { continue };
        // Of two in one line the first is that of publication, if the line speaks of one.
        let is_first = nth == 0 || facts.times[nth - 1].block != Some(at);
        let has_next =
            facts.times.get(nth + 1).is_some_and(|next| next.block == Some(at));
        let opens = is_first && has_next && says_published(line);
        let field = match says_modified(line) && !opens {
            true => Field::DateModified,
            false => Field::DatePublished,
        };
        fields.state(field, &value, FieldSource::Html);
    }
}

/// Printed dates: datelines and bylines near the title, then a dateline that opens the
/// text.
fn of_lines(
    document: &Document<'_>,
    fields: &mut Fields,
    order: DayOrder,
    places: Range<usize>,
) {
    let first = document.first_paragraph();
    let last = document.blocks.len().saturating_sub(1);
    for (at, block) in document.blocks.iter().enumerate() {
        if !places.contains(&at) {
            continue;
        }
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
