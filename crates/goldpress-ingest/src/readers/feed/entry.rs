//! Entries: what an item of a feed says, and what the feed says for it.

use goldpress_model::{Field, FieldSource, Fields, RawDocument, RejectReason};
use goldpress_text::normalise_fragment;
use url::Url;

use crate::{
    Content, Item, Record, dates,
    markup::{content_of, looks_like_markup, unescaped, value_of, without_tags},
    record::reject,
};

/// Longest summary in markup that is kept as a description, in bytes: a longer one is the
/// article once more.
const MAX_SUMMARY: usize = 2000;

/// What a text construct says that it is (RFC 4287, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// Nothing is said, as in RSS.
    #[default]
    Unknown,
    Text,
    Html,
    /// A picture or another document in the place of text.
    Media,
}

impl Kind {
    /// By the attribute `type`.
    pub(super) fn of(stated: Option<&str>) -> Kind {
        let stated = stated.map(|kind| kind.trim().to_ascii_lowercase());
        match stated.as_deref() {
            None | Some("") => Kind::Unknown,
            Some("text" | "text/plain") => Kind::Text,
            Some("html" | "xhtml" | "text/html" | "application/xhtml+xml") => Kind::Html,
            Some(kind) if kind.starts_with("text/") => Kind::Unknown,
            Some(kind) if kind.contains('/') => Kind::Media,
            Some(_) => Kind::Unknown,
        }
    }

    /// A title or a name in one line.
    fn line_of(self, value: &str) -> String {
        let line = match self {
            Kind::Text | Kind::Media => value.into(),
            Kind::Unknown => value_of(value),
            // It may have been escaped once more.
            Kind::Html => value_of(&without_tags(value)).into_owned().into(),
        };
        normalise_fragment(&line)
    }

    fn content_of(self, text: String) -> Content {
        let is_bare = !text.contains('<');
        match self {
            Kind::Html if is_bare => match unescaped(&text) {
                Some(markup) => Content::MarkupField(markup),
                None => Content::TextField(text),
            },
            Kind::Html => Content::MarkupField(text),
            Kind::Text if !is_whole_markup(&text) => Content::TextField(text),
            _ => content_of(text),
        }
    }
}

/// Whether a text that is called plain is nothing but markup: it begins and ends with a tag.
fn is_whole_markup(text: &str) -> bool {
    text.trim_start().starts_with('<') && text.trim_end().ends_with('>')
}

/// What a feed says of itself.
#[derive(Default)]
pub(super) struct Channel {
    title: Option<String>,
    language: Option<String>,
    authors: Vec<String>,
    /// The page that the feed is of.
    pub(super) link: Option<Url>,
}

impl Channel {
    pub(super) fn hold(&mut self, name: &str, kind: Kind, value: &str) {
        if name == "title" && self.title.is_none() {
            self.title = Some(kind.line_of(value));
        }
    }

    pub(super) fn take(
        &mut self,
        name: &str,
        parents: &[&str],
        value: String,
        base: Option<&Url>,
    ) {
        let is_own = |parent: Option<&&str>| parent.is_some_and(|name| is_feed(name));
        match name {
            "language" | "dc:language" if is_own(parents.first()) => {
                self.language = Some(value);
            }
            "link" if is_own(parents.first()) && self.link.is_none() => {
                self.link = joined(&value, base);
            }
            "name" if parents.first() == Some(&"author") && is_own(parents.get(1)) => {
                self.authors.push(value);
            }
            _ => {}
        }
    }

    pub(super) fn link(
        &mut self,
        name: &str,
        get: &dyn Fn(&str) -> Option<String>,
        base: Option<&Url>,
    ) {
        let is_page = || get("rel").is_none_or(|rel| rel == "alternate");
        if name == "link" && self.link.is_none() && is_page() {
            self.link = get("href").and_then(|href| joined(&href, base));
        }
    }
}

fn is_feed(name: &str) -> bool {
    name == "channel" || name == "feed"
}

/// What an item says.
#[derive(Default)]
pub(super) struct Entry {
    full: Option<(Kind, String)>,
    short: Option<(Kind, String)>,
    fields: Fields,
    /// Authors of the feed that an item was taken from.
    source_authors: Vec<String>,
    /// An address that is the item's name, if it has no other.
    guid: Option<String>,
    n_broken: u32,
}

impl Entry {
    /// Takes the text of an element that may be markup.
    pub(super) fn hold(&mut self, name: &str, kind: Kind, value: String) {
        let is_empty = value.trim().is_empty();
        match name {
            "title" => self.state(Field::Headline, &kind.line_of(&value)),
            _ if is_empty || kind == Kind::Media => {}
            "content:encoded" | "content" => self.full = Some((kind, value)),
            _ => self.short = self.short.take().or(Some((kind, value))),
        }
    }

    /// Takes the text of another element.
    pub(super) fn take(
        &mut self,
        name: &str,
        parents: &[&str],
        value: String,
        base: Option<&Url>,
        is_direct: bool,
    ) {
        let is_blank = value.trim().is_empty();
        match name {
            _ if is_blank => {}
            "name" if parents.first() == Some(&"author") => {
                match parents.get(1) {
                    Some(&"source") => self.source_authors.push(value),
                    _ => self.state(Field::Authors, &normalise_fragment(&value)),
                };
            }
            _ if !is_direct => {}
            "link" => self.state(Field::Url, &resolved(&value, base)),
            "guid" if value.trim().starts_with("http") => self.guid = Some(value),
            "dc:creator" => self.state(Field::Authors, &normalise_fragment(&value)),
            "category" => self.state(Field::Keywords, &normalise_fragment(&value)),
            // `editor@a.example (Ilse Brandauer)`: the address is no name.
            "author" => {
                let person = match value.split_once('(') {
                    Some((_, person)) => person.trim_end_matches([')', ' ']),
                    None if value.contains('@') => "",
                    None => &value,
                };
                self.state(Field::Authors, &normalise_fragment(person));
            }
            "pubdate" | "published" | "dc:date" => {
                self.date(Field::DatePublished, &value)
            }
            "updated" => self.date(Field::DateModified, &value),
            _ => {}
        }
    }

    fn state(&mut self, field: Field, value: &str) {
        self.fields.state(field, value, FieldSource::Record);
    }

    fn date(&mut self, field: Field, value: &str) {
        match dates::iso(value) {
            Some(date) => self.state(field, &date),
            None => self.n_broken += 1,
        }
    }

    /// Takes what an element says by its attributes: `<link rel="alternate" href="…"/>` of
    /// Atom, `<category term="…"/>`, pictures.
    pub(super) fn link(
        &mut self,
        name: &str,
        get: &dyn Fn(&str) -> Option<String>,
        base: Option<&Url>,
        is_direct: bool,
    ) {
        match name {
            "link" if is_direct && get("rel").is_none_or(|rel| rel == "alternate") => {
                if let Some(href) = get("href") {
                    self.state(Field::Url, &resolved(&href, base));
                }
            }
            "category" if is_direct => {
                if let Some(term) = get("label").or_else(|| get("term")) {
                    self.state(Field::Keywords, &normalise_fragment(&term));
                }
            }
            "media:content" | "enclosure" => {
                let is_picture = get("medium").is_some_and(|kind| kind == "image")
                    || get("type").is_some_and(|kind| kind.starts_with("image/"));
                if let (true, Some(url)) = (is_picture, get("url")) {
                    self.state(Field::Image, &resolved(&url, base));
                }
            }
            _ => {}
        }
    }
}

/// An address, made whole by a base if it is relative; whole ones stay as written.
pub(super) fn resolved(address: &str, base: Option<&Url>) -> String {
    let address = address.trim();
    let whole = match Url::parse(address) {
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            base.and_then(|base| base.join(address).ok())
        }
        _ => None,
    };
    whole.map_or_else(|| address.to_owned(), String::from)
}

/// A base, perhaps relative to another.
pub(super) fn joined(base: &str, outer: Option<&Url>) -> Option<Url> {
    let base = base.trim();
    match outer {
        Some(outer) => outer.join(base).ok(),
        None => Url::parse(base).ok(),
    }
}

/// The item of an entry, with what its feed says where it says nothing itself.
pub(super) fn item_of(mut raw: RawDocument, mut entry: Entry, channel: &Channel) -> Item {
    for (field, value) in
        [(Field::Publisher, &channel.title), (Field::Language, &channel.language)]
    {
        if let Some(value) = value {
            entry.state(field, &normalise_fragment(value));
        }
    }
    if entry.fields.get(Field::Url).is_none()
        && let Some(guid) = entry.guid.take()
    {
        entry.state(Field::Url, guid.trim());
    }
    if entry.fields.get(Field::Authors).is_none() {
        let of_source = std::mem::take(&mut entry.source_authors);
        let authors = if of_source.is_empty() { &channel.authors } else { &of_source };
        for author in authors {
            entry.state(Field::Authors, &normalise_fragment(author));
        }
    }
    raw.url = entry.fields.get(Field::Url).map(str::to_owned);
    let full = entry.full.take();
    if full.is_some()
        && let Some((kind, short)) = &entry.short
        && (short.len() <= MAX_SUMMARY || !looks_like_markup(short))
    {
        let short = kind.line_of(short);
        entry.state(Field::Description, &short);
    }
    let Some((kind, text)) = full.or(entry.short) else {
        let what = "the item has no text";
        return Item::Reject(reject(&raw, RejectReason::NoText, what));
    };
    Item::Record(Box::new(Record {
        stated: entry.fields,
        n_broken_fields: entry.n_broken,
        ..Record::plain(raw, kind.content_of(text))
    }))
}
