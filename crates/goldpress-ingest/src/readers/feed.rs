//! Feeds: RSS 2.0 and 1.0, Atom, JSON Feed; one article an item.
//!
//! What stands in full (`content:encoded`, `content`) goes before what sums it up. A feed
//! that breaks off keeps the items before.

use std::path::Path;

use goldpress_model::{Field, FieldSource, Fields, Origin, RejectReason};
use goldpress_text::{Declared, normalise_fragment};
use quick_xml::events::Event;
use serde_json::Value;

use super::{
    Input, Reader, articles_of, document, head_text,
    jsonl::from_value,
    xml::{attribute, entity, from_root, lenient, name_of, position},
};
use crate::{
    Content, Item, Options, Record, dates,
    mapping::looks_like_markup,
    record::{Refusal, reject},
};

/// Nesting of elements inside an item that is still looked at.
const MAX_DEPTH: usize = 64;

pub(super) struct Feed;

impl Reader for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        if text.starts_with('{') {
            return text.contains("jsonfeed.org/version");
        }
        let text = from_root(&text);
        ["<rss", "<feed", "<rdf:rdf"].iter().any(|tag| text.starts_with(tag))
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let declared = Declared { http: None, markup: true };
        let nothing = "the feed has no items";
        articles_of(input, "application/xml", declared, options, nothing, |text, raw| {
            match text.trim_start().starts_with('{') {
                true => json_items(text, &raw.origin, options),
                false => xml_items(text, &raw.origin),
            }
        })
    }
}

/// The items of a JSON Feed (version 1.1).
fn json_items(text: &str, origin: &Origin, options: &Options) -> Vec<Item> {
    let parsed: Result<Value, _> = serde_json::from_str(text);
    let feed = match parsed {
        Ok(feed) => feed,
        Err(error) => {
            let raw =
                document(origin.clone(), text.as_bytes().to_vec(), "application/json");
            let what = format!("the feed is no JSON: {error}");
            return vec![Item::Reject(reject(&raw, RejectReason::BrokenRecord, what))];
        }
    };
    let items = feed.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let numbered = items.into_iter().zip(1..);
    numbered
        .map(|(item, record)| {
            let mut origin = origin.clone();
            origin.record = record;
            let raw = document(origin, item.to_string().into_bytes(), "application/json");
            let get = |key: &str| item.get(key).cloned().unwrap_or(Value::Null);
            // Under the names that the last preset knows.
            let mut mapped = serde_json::json!({
                "text": get("content_text"), "html": get("content_html"),
                "title": get("title"), "summary": get("summary"), "url": get("url"),
                "date_published": get("date_published"),
                "date_modified": get("date_modified"), "tags": get("tags"),
                "image": get("image"), "authors": match get("authors") {
                    Value::Null => get("author"),
                    authors => authors,
                },
                "publisher": feed.get("title"), "language": match get("language") {
                    Value::Null => feed.get("language").cloned().unwrap_or(Value::Null),
                    language => language,
                },
            });
            if let Some(fields) = mapped.as_object_mut() {
                fields.retain(|_, value| !value.is_null());
            }
            from_value(raw, &mapped, options)
        })
        .collect()
}

/// What an item says.
#[derive(Default)]
struct Entry {
    full: Option<String>,
    short: Option<String>,
    fields: Fields,
    n_broken: u32,
}

fn xml_items(text: &str, origin: &Origin) -> Vec<Item> {
    let mut reader = lenient(text);
    let mut walk = Walk { text, origin: Some(origin), ..Walk::default() };
    loop {
        let before = position(&reader);
        match reader.read_event() {
            Ok(Event::Eof) => return walk.items,
            Ok(event) => walk.event(event, before, position(&reader)),
            Err(error) => {
                let rest = text.get(before..).unwrap_or("").as_bytes().to_vec();
                let raw = document(walk.next_origin(before), rest, "application/xml");
                let what = format!("the feed breaks off: {error}");
                walk.items.push(Item::Reject(reject(
                    &raw,
                    RejectReason::BrokenRecord,
                    what,
                )));
                return walk.items;
            }
        }
    }
}

/// A walk through the elements of a feed.
#[derive(Default)]
struct Walk<'t> {
    text: &'t str,
    origin: Option<&'t Origin>,
    items: Vec<Item>,
    channel: Channel,
    /// Names of the open elements.
    path: Vec<String>,
    /// The open item and where it begins.
    open: Option<(usize, Entry)>,
    /// Text since the last start tag.
    value: String,
    /// Where markup of its own begins, inside an entry.
    inline: Option<usize>,
}

impl Walk<'_> {
    fn next_origin(&self, byte_offset: usize) -> Origin {
        Origin {
            file: self.origin.map(|origin| origin.file.clone()).unwrap_or_default(),
            record: self.items.len() as u64 + 1,
            byte_offset: byte_offset as u64,
        }
    }

    /// Takes an event that stands from `before` to `after`.
    fn event(&mut self, event: Event<'_>, before: usize, after: usize) {
        match event {
            Event::Start(tag) => {
                let name = name_of(tag.name().as_ref());
                if self.open.is_none() && (name == "item" || name == "entry") {
                    self.open = Some((before, Entry::default()));
                } else if let Some((_, entry)) = &mut self.open {
                    link_of(&name, &|key| attribute(&tag, key), &mut entry.fields);
                }
                let is_xhtml =
                    attribute(&tag, "type").is_some_and(|kind| kind == "xhtml");
                if is_xhtml && self.inline.is_none() {
                    self.inline = Some(after);
                }
                if self.path.len() < MAX_DEPTH {
                    self.path.push(name);
                }
                self.value.clear();
            }
            Event::Empty(tag) => {
                let name = name_of(tag.name().as_ref());
                if let Some((_, entry)) = &mut self.open {
                    link_of(&name, &|key| attribute(&tag, key), &mut entry.fields);
                }
            }
            Event::Text(piece) => self.value.push_str(&piece),
            Event::CData(piece) => self.value.push_str(&piece),
            Event::GeneralRef(name) => self.value.push_str(&entity(&name)),
            Event::End(tag) => self.end(&name_of(tag.name().as_ref()), before, after),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, before: usize, after: usize) {
        if self.path.last().is_some_and(|last| last == name) {
            self.path.pop();
        }
        let is_item = name == "item" || name == "entry";
        if is_item && let Some((start, entry)) = self.open.take() {
            let bytes = self.text.get(start..after).unwrap_or("").as_bytes().to_vec();
            let raw = document(self.next_origin(start), bytes, "application/xml");
            self.items.push(item_of(raw, entry, &self.channel));
            self.inline = None;
            return;
        }
        let is_text = name == "content" || name == "summary";
        if is_text && let Some(from) = self.inline.take() {
            self.value = self.text.get(from..before).unwrap_or("").to_owned();
        }
        let value = std::mem::take(&mut self.value);
        let parent = self.path.last().map(String::as_str).unwrap_or("");
        match &mut self.open {
            Some((_, entry)) => entry.take(name, parent, value),
            None => self.channel.take(name, parent, value),
        }
    }
}

/// What a feed says of itself.
#[derive(Default)]
struct Channel {
    title: Option<String>,
    language: Option<String>,
}

impl Channel {
    fn take(&mut self, name: &str, parent: &str, value: String) {
        let is_own = parent == "channel" || parent == "feed";
        match name {
            "title" if is_own && self.title.is_none() => self.title = Some(value),
            "language" | "dc:language" if is_own => self.language = Some(value),
            _ => {}
        }
    }
}

impl Entry {
    fn take(&mut self, name: &str, parent: &str, value: String) {
        let mut state = |field| {
            self.fields.state(field, &normalise_fragment(&value), FieldSource::Record)
        };
        match name {
            "title" if parent == "item" || parent == "entry" => {
                state(Field::Headline);
            }
            "content:encoded" | "content" => self.full = Some(value),
            "description" | "summary" => self.short = self.short.take().or(Some(value)),
            "link" if !value.trim().is_empty() => {
                state(Field::Url);
            }
            "dc:creator" => {
                state(Field::Authors);
            }
            "name" if parent == "author" => {
                state(Field::Authors);
            }
            "category" if !value.trim().is_empty() => {
                state(Field::Keywords);
            }
            // `editor@a.example (Ilse Brandauer)`: the address is no name.
            "author" if parent == "item" => {
                let person = match value.split_once('(') {
                    Some((_, person)) => person.trim_end_matches([')', ' ']),
                    None if value.contains('@') => "",
                    None => &value,
                };
                let person = normalise_fragment(person);
                self.fields.state(Field::Authors, &person, FieldSource::Record);
            }
            "pubdate" | "published" | "dc:date" | "updated" => {
                let field = match name {
                    "updated" => Field::DateModified,
                    _ => Field::DatePublished,
                };
                match dates::iso(&value) {
                    Some(date) => {
                        self.fields.state(field, &date, FieldSource::Record);
                    }
                    None => self.n_broken += 1,
                }
            }
            _ => {}
        }
    }
}

fn item_of(
    mut raw: goldpress_model::RawDocument,
    mut entry: Entry,
    channel: &Channel,
) -> Item {
    for (field, value) in
        [(Field::Publisher, &channel.title), (Field::Language, &channel.language)]
    {
        if let Some(value) = value {
            let value = normalise_fragment(value);
            entry.fields.state(field, &value, FieldSource::Record);
        }
    }
    raw.url = entry.fields.get(Field::Url).map(str::to_owned);
    let full = entry.full.filter(|text| !text.trim().is_empty());
    if full.is_some()
        && let Some(short) = &entry.short
        && !looks_like_markup(short)
    {
        let short = normalise_fragment(short);
        entry.fields.state(Field::Description, &short, FieldSource::Record);
    }
    let Some(text) = full.or(entry.short).filter(|text| !text.trim().is_empty()) else {
        let why = Refusal::new(RejectReason::NoText, "the item has no text");
        return Item::Reject(reject(&raw, why.reason, why.detail));
    };
    let is_markup = looks_like_markup(&text) || text.trim_start().starts_with('<');
    let content =
        if is_markup { Content::MarkupField(text) } else { Content::TextField(text) };
    Item::Record(Box::new(Record {
        stated: entry.fields,
        n_broken_fields: entry.n_broken,
        ..Record::plain(raw, content)
    }))
}

/// `<link rel="alternate" href="…"/>` of Atom, `<category term="…"/>`.
fn link_of(name: &str, attr: &dyn Fn(&str) -> Option<String>, fields: &mut Fields) {
    match name {
        "link" if attr("rel").is_none_or(|rel| rel == "alternate") => {
            if let Some(href) = attr("href") {
                fields.state(Field::Url, &href, FieldSource::Record);
            }
        }
        "category" => {
            if let Some(term) = attr("label").or_else(|| attr("term")) {
                let term = normalise_fragment(&term);
                fields.state(Field::Keywords, &term, FieldSource::Record);
            }
        }
        "media:content" | "enclosure" => {
            let is_picture = attr("medium").is_some_and(|kind| kind == "image")
                || attr("type").is_some_and(|kind| kind.starts_with("image/"));
            if let (true, Some(url)) = (is_picture, attr("url")) {
                fields.state(Field::Image, &url, FieldSource::Record);
            }
        }
        _ => {}
    }
}
