//! Reuters-21578: newswire in SGML, many articles a file.
//!
//! It is no XML: no root, entities for control characters, and a text without a body where
//! nobody could find one. Paragraphs begin with spaces.
//!
//! # Source
//!
//! The README of the collection (Lewis, 1997), distribution 1.0.

use std::path::Path;

use goldpress_model::{Field, FieldSource, Fields, RawDocument, RejectReason};
use goldpress_text::{Declared, normalise_fragment};
use memchr::memmem;

use super::{
    Input, Reader, document, head_text,
    pieces::{Kind, Pieces},
    without_by,
};
use crate::{
    Content, Item, Options, Record, dates,
    record::{Refusal, reject},
};

const OPEN: &str = "<REUTERS";
const CLOSE: &str = "</REUTERS>";
/// Spaces that a line of a new paragraph begins with.
const INDENT: &str = "    ";
/// What every article is closed with.
const SIGNATURES: &[&str] = &["Reuter", "REUTER"];

pub(super) struct Reuters;

impl Reader for Reuters {
    fn name(&self) -> &'static str {
        "reuters"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        text.starts_with("<!doctype lewis") || text.starts_with("<reuters ")
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let kind = Kind {
            media_type: "text/sgml",
            declared: Declared::default(),
            records: &["REUTERS"],
        };
        Pieces::of(input, &kind, options, "the file has no `REUTERS`", articles)
    }
}

fn articles(text: &str, file: &RawDocument) -> Vec<Item> {
    let starts: Vec<usize> =
        memmem::find_iter(text.as_bytes(), OPEN.as_bytes()).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let articles = starts.iter().zip(ends).zip(1..).map(|((start, end), record)| {
        let piece = &text[*start..end];
        let close = piece.find(CLOSE).map(|at| at + CLOSE.len());
        let piece = &piece[..close.unwrap_or(piece.len())];
        let mut origin = file.origin.clone();
        (origin.record, origin.byte_offset) = (record, *start as u64);
        let raw = document(origin, piece.as_bytes().to_vec(), "text/sgml");
        if close.is_none() {
            let what = "the article is never closed";
            return Item::Reject(reject(&raw, RejectReason::Truncated, what));
        }
        match article(raw.clone(), piece) {
            Ok(record) => Item::Record(Box::new(record)),
            Err(why) => Item::Reject(reject(&raw, why.reason, why.detail)),
        }
    });
    articles.collect()
}

fn article(raw: RawDocument, piece: &str) -> Result<Record, Refusal> {
    let text = inner(piece, "TEXT").unwrap_or("");
    // Where nobody found the parts, all that is no part of its own is the body.
    let body = inner(text, "BODY").unwrap_or_else(|| {
        let ends = ["</DATELINE>", "</AUTHOR>", "</TITLE>"].iter();
        let ends = ends.filter_map(|end| text.find(end).map(|at| at + end.len()));
        &text[ends.max().unwrap_or(0)..]
    });
    let mut fields = Fields::new();
    let mut n_broken_fields = 0;
    let mut state = |field, value: &str| {
        fields.state(field, &normalise_fragment(value), FieldSource::Record);
    };
    if let Some(date) = inner(piece, "DATE") {
        // Some dates of the collection have rubbish around them.
        match dates::iso(&normalise_fragment(date)) {
            Some(date) => state(Field::DatePublished, &date),
            None => n_broken_fields += 1,
        }
    }
    if let Some(title) = inner(text, "TITLE") {
        state(Field::Headline, title);
    }
    if let Some(dateline) = inner(text, "DATELINE") {
        state(Field::Dateline, dateline.trim().trim_end_matches(['-', ' ']));
    }
    if let Some(author) = inner(text, "AUTHOR") {
        let author = normalise_fragment(author);
        let person = without_by(&author).split(',').next().unwrap_or("");
        state(Field::Authors, person);
    }
    for topic in ["TOPICS", "PLACES"].iter().filter_map(|name| inner(piece, name)) {
        topic
            .split("<D>")
            .skip(1)
            .filter_map(|topic| topic.split("</D>").next())
            .for_each(|topic| state(Field::Keywords, topic));
    }
    let text = paragraphs(body);
    if text.is_empty() {
        return Err(Refusal::new(RejectReason::NoText, "the article has no text"));
    }
    Ok(Record {
        stated: fields,
        preset: Some("reuters".to_owned()),
        n_broken_fields,
        ..Record::plain(raw, Content::TextField(text))
    })
}

/// What stands between the tags of an element, of which a record has one.
fn inner<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let open =
        text.find(&format!("<{name}>")).or_else(|| text.find(&format!("<{name} ")))?;
    let start = open + text[open..].find('>')? + 1;
    let len = text[start..].find(&format!("</{name}>"))?;
    Some(&text[start..start + len])
}

/// The paragraphs of a body with a blank line between two, the signature left out.
fn paragraphs(body: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    for line in body.lines() {
        let is_new = line.starts_with(INDENT) || line.trim().is_empty();
        let line = normalise_fragment(line);
        match paragraphs.last_mut() {
            Some(last) if !is_new && !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(&line);
            }
            _ => paragraphs.push(line),
        }
    }
    paragraphs.retain(|text| !text.is_empty());
    paragraphs.pop_if(|last| SIGNATURES.contains(&last.as_str()));
    if let Some(last) = paragraphs.last_mut()
        && let Some(text) = SIGNATURES.iter().find_map(|name| last.strip_suffix(name))
    {
        *last = text.trim_end().to_owned();
    }
    paragraphs.join("\n\n")
}
