//! Documents: XML formats of news, each a data file that says where what stands.
//!
//! What a format calls its body is turned into the elements of HTML that mean the same, so
//! that one renderer makes blocks of all of them. Elements that mean nothing there leave
//! their text.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use goldpress_model::{Field, Origin, RawDocument, RejectReason};
use goldpress_text::Declared;
use quick_xml::{
    Reader as XmlReader,
    events::{BytesStart, Event},
};
use serde::Deserialize;

use super::{
    Input, Reader, head_text,
    pieces::{Kind, Pieces},
    without_by,
    xml::{attribute, entity, from_root, lenient, name_of, position, record_of},
};
use crate::{
    Content, Item, Options, Record,
    mapping::{Mapped, is_target},
    markup::looks_like_markup,
    record::{NO_TEXT, reject},
};

/// Open elements that are still told apart; deeper ones are text of the last.
const MAX_DEPTH: usize = 64;
/// Values of one place in one record that are still taken.
const MAX_VALUES: usize = 256;
/// Elements that mean in every format what they mean in HTML.
const HTML: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "td",
    "th",
    "blockquote",
    "pre",
    "br",
    "div",
    "section",
    "figure",
    "figcaption",
    "aside",
    "hr",
];

/// A format of XML, by its data file.
#[derive(Clone, Copy)]
pub(super) struct Documents {
    pub(super) name: &'static str,
    rules: &'static LazyLock<Rules>,
}

macro_rules! documents {
    ($($constant:ident = $name:literal;)*) => {
        $(pub(super) const $constant: Documents = {
            static RULES: LazyLock<Rules> = LazyLock::new(|| {
                Rules::parse(include_str!(concat!($name, ".toml")))
            });
            Documents { name: $name, rules: &RULES }
        };)*
    };
}

documents! {
    NITF = "nitf";
    NEWSML_G2 = "newsml-g2";
    TEI = "tei";
    TRAFILATURA_XML = "trafilatura-xml";
    SITEMAP = "sitemap";
}

/// Where what stands; names are local and in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[expect(dead_code, reason = "the file says what it is")]
    name: String,
    /// Elements that a document begins with.
    roots: Vec<String>,
    /// What stands in the head of a document besides, where the root is any word.
    #[serde(default)]
    mark: String,
    /// Elements that are one article each.
    records: Vec<String>,
    /// Elements whose text is not text of those around them.
    #[serde(default)]
    apart: Vec<String>,
    /// Where the text is; nowhere, if the format only says something of documents that
    /// stand elsewhere.
    body: Vec<Place>,
    /// Their elements → those of HTML.
    elements: BTreeMap<String, String>,
    /// Our fields → where theirs stand, the best first.
    fields: BTreeMap<String, Vec<Place>>,
    /// Our fields → what parts several values in one text.
    #[serde(default)]
    split: BTreeMap<String, String>,
}

/// The last names of a path, and perhaps an attribute: `docdata/date.issue/@norm`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
struct Place {
    names: Vec<String>,
    attribute: Option<String>,
}

impl From<String> for Place {
    fn from(text: String) -> Place {
        let mut names: Vec<String> = text.split('/').map(str::to_owned).collect();
        let is_attribute = |name: &mut String| name.starts_with('@');
        let attribute = names.pop_if(is_attribute).map(|name| name[1..].to_owned());
        Place { names, attribute }
    }
}

impl Place {
    fn is_at(&self, path: &[String]) -> bool {
        path.ends_with(&self.names)
    }
}

impl Rules {
    fn parse(text: &str) -> Rules {
        let rules: Rules = toml::from_str(text).expect("formats are tested");
        assert!(rules.fields.keys().all(|name| is_target(name)), "{text}");
        rules
    }
}

impl Reader for Documents {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        if !text.starts_with('<') {
            return false;
        }
        let root = from_root(&text).strip_prefix('<').unwrap_or("");
        let end = root.find(|c: char| c.is_whitespace() || "/>".contains(c));
        let root = &root[..end.unwrap_or(root.len())];
        let local = root.rsplit(':').next().unwrap_or(root);
        self.rules.roots.iter().any(|name| name == local)
            && text.contains(&self.rules.mark)
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let nothing =
            format!("the document has no `{}`", self.rules.records.join("`, `"));
        let records: Vec<&str> = self.rules.records.iter().map(String::as_str).collect();
        let kind = Kind {
            media_type: "application/xml",
            declared: Declared { http: None, markup: true },
            records: &records,
        };
        let rules = *self;
        Pieces::of(input, &kind, options, &nothing, move |text, raw| {
            rules.items(text, &raw.origin)
        })
    }
}

impl Documents {
    fn items(&self, text: &str, origin: &Origin) -> Vec<Item> {
        let mut reader = lenient(text);
        let mut walk = Walk {
            format: self,
            text,
            origin,
            items: Vec::new(),
            path: Vec::new(),
            record: None,
        };
        loop {
            let before = position(&reader);
            match reader.read_event() {
                Ok(Event::Eof) => {
                    walk.lost(RejectReason::Truncated, "the document ends in an article");
                    return walk.items;
                }
                Ok(event) => walk.event(event, before, &reader),
                Err(error) => {
                    let what = format!("the document breaks off: {error}");
                    walk.record.get_or_insert_with(|| Open::at(before, 0));
                    walk.lost(RejectReason::BrokenRecord, &what);
                    return walk.items;
                }
            }
        }
    }
}

/// A walk through the elements of a document.
struct Walk<'t> {
    format: &'t Documents,
    text: &'t str,
    origin: &'t Origin,
    items: Vec<Item>,
    /// Local names of the open elements.
    path: Vec<String>,
    record: Option<Open>,
}

/// A record that is being read.
struct Open {
    start: usize,
    /// Elements that were open when it began, and where its body did.
    depth: usize,
    body: Option<usize>,
    markup: String,
    /// Text of each open element of the record outside its body.
    texts: Vec<String>,
    /// Ours and the place's rank → what stood there.
    found: BTreeMap<(&'static str, usize), Vec<String>>,
}

impl Open {
    fn at(start: usize, depth: usize) -> Open {
        Open {
            start,
            depth,
            body: None,
            markup: String::new(),
            texts: Vec::new(),
            found: BTreeMap::new(),
        }
    }
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, before: usize, reader: &XmlReader<&[u8]>) {
        match event {
            Event::Start(tag) => self.start(&tag, before),
            Event::Empty(tag) => {
                let depth = self.path.len();
                self.start(&tag, before);
                if self.path.len() > depth {
                    self.end(position(reader));
                }
            }
            Event::Text(piece) => self.write(&piece, &piece),
            Event::CData(piece) if looks_like_markup(&piece) => {
                self.write(&piece, &piece)
            }
            Event::CData(piece) => {
                let escaped = piece.replace('&', "&amp;").replace('<', "&lt;");
                self.write(&piece, &escaped);
            }
            Event::GeneralRef(name) => {
                self.write(&entity(&name), &format!("&{};", &*name))
            }
            Event::End(tag) => {
                let name = local(tag.name().as_ref());
                // What is not open is not closed; what was left open inside is.
                if let Some(at) = self.path.iter().rposition(|open| *open == name) {
                    while self.path.len() > at {
                        self.end(position(reader));
                    }
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, before: usize) {
        if self.path.len() >= MAX_DEPTH {
            return;
        }
        let rules: &'static Rules = self.format.rules;
        self.path.push(local(tag.name().as_ref()));
        let name = self.path.last().expect("was pushed");
        if self.record.is_none() && rules.records.contains(name) {
            self.record = Some(Open::at(before, self.path.len()));
        }
        let Some(open) = &mut self.record else { return };
        open.texts.push(String::new());
        for (ours, rank, place) in places(rules) {
            let key = place.attribute.as_ref().filter(|_| place.is_at(&self.path));
            if let Some(value) = key.and_then(|key| attribute(tag, key)) {
                open.take(ours, rank, value);
            }
        }
        let is_body = |place: &Place| place.is_at(&self.path);
        if open.body.is_none() && rules.body.iter().any(is_body) {
            open.body = Some(self.path.len());
        }
        if open.body.is_some() {
            // A `rend` of TEI that names an element of HTML is that element.
            let rend =
                attribute(tag, "rend").filter(|rend| HTML.contains(&rend.as_str()));
            let mapped = rules.elements.get(name).cloned();
            let own = || HTML.contains(&name.as_str()).then(|| name.clone());
            if let Some(element) = rend.or(mapped).or_else(own) {
                let kind = attribute(tag, "type").unwrap_or_default();
                let class = format!("{name} {kind}").replace(['"', '<', '&'], "");
                open.markup.push_str(&format!("<{element} class=\"{}\">", class.trim()));
                open.texts.last_mut().expect("was pushed").push_str(&element);
            }
        }
    }

    /// Closes the innermost element, which ends at `after`.
    fn end(&mut self, after: usize) {
        let rules: &'static Rules = self.format.rules;
        let depth = self.path.len();
        let Some(open) = &mut self.record else {
            self.path.pop();
            return;
        };
        let text = open.texts.pop().unwrap_or_default();
        if let Some(body) = open.body {
            if !text.is_empty() && text != "br" && text != "hr" {
                open.markup.push_str(&format!("</{text}>"));
            }
            if body == depth {
                open.body = None;
            }
        } else {
            for (ours, rank, place) in places(rules) {
                if place.attribute.is_none() && place.is_at(&self.path) {
                    open.take(ours, rank, text.clone());
                }
            }
            let is_apart =
                self.path.last().is_some_and(|name| rules.apart.contains(name));
            if !is_apart && let Some(outer) = open.texts.last_mut() {
                outer.push_str(&text);
            }
        }
        let is_record = open.depth == depth;
        self.path.pop();
        if is_record && let Some(open) = self.record.take() {
            self.close(open, after);
        }
    }

    /// Text, as itself and as markup.
    fn write(&mut self, text: &str, markup: &str) {
        let Some(open) = &mut self.record else { return };
        match (open.body, open.texts.last_mut()) {
            (Some(_), _) => open.markup.push_str(markup),
            (None, Some(value)) => value.push_str(text),
            (None, None) => {}
        }
    }

    fn raw(&self, start: usize, end: usize) -> RawDocument {
        record_of(self.text, start..end, self.origin, self.items.len())
    }

    /// What is open is lost with the rest of the document.
    fn lost(&mut self, reason: RejectReason, what: &str) {
        if let Some(open) = self.record.take() {
            let raw = self.raw(open.start, self.text.len());
            self.items.push(Item::Reject(reject(&raw, reason, what)));
        }
    }

    fn close(&mut self, open: Open, after: usize) {
        let rules = self.format.rules;
        let mut raw = self.raw(open.start, after);
        let mut mapped = Mapped::default();
        let mut last = "";
        for ((ours, _), values) in open.found {
            // Ranks are sorted: the first that has something is the best.
            if ours == last {
                continue;
            }
            last = ours;
            let separator = rules.split.get(ours);
            let parts = values.into_iter().flat_map(|value| match separator {
                Some(by) => value.split(by.as_str()).map(str::to_owned).collect(),
                None => vec![value],
            });
            mapped.fill(ours, parts.collect());
        }
        raw.url = mapped.fields.get(Field::Url).map(str::to_owned);
        raw.fetched_at_us = mapped.fetched_at_us;
        let mut texts = open.markup.split(['<', '>']).step_by(2);
        let content = match texts.all(|text| text.trim().is_empty()) {
            false => Content::MarkupField(open.markup),
            true if rules.body.is_empty() => Content::Elsewhere,
            true => {
                let reject = reject(&raw, RejectReason::NoText, NO_TEXT);
                self.items.push(Item::Reject(reject));
                return;
            }
        };
        self.items.push(Item::Record(Box::new(Record {
            stated: mapped.fields,
            preset: Some(self.format.name.to_owned()),
            n_broken_fields: mapped.n_broken,
            ..Record::plain(raw, content)
        })));
    }
}

impl Open {
    fn take(&mut self, ours: &'static str, rank: usize, value: String) {
        let value = match ours {
            // What parted place and date is left behind.
            "dateline" => value.trim().trim_end_matches([',', '-', '–', '—', ' ']),
            _ => value.trim(),
        };
        let values = self.found.entry((ours, rank)).or_default();
        if !value.is_empty() && values.len() < MAX_VALUES {
            let person = (ours == "authors").then(|| without_by(value));
            values.push(person.unwrap_or(value).trim().to_owned());
        }
        if values.is_empty() {
            self.found.remove(&(ours, rank));
        }
    }
}

/// All places of all fields, with their rank.
fn places(
    rules: &'static Rules,
) -> impl Iterator<Item = (&'static str, usize, &'static Place)> {
    rules.fields.iter().flat_map(|(ours, places)| {
        places.iter().enumerate().map(|(rank, place)| (ours.as_str(), rank, place))
    })
}

/// A name without its prefix, in lower case.
fn local(name: &str) -> String {
    name_of(name.rsplit(':').next().unwrap_or(name))
}
