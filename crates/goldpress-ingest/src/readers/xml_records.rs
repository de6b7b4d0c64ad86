//! XML of a format that nobody described: the user names the element of one article.
//!
//! Its children and attributes are fields, mapped as those of JSON are; a child that holds
//! elements of HTML is markup.

use std::path::Path;

use goldpress_model::{Origin, RawDocument, Reject, RejectReason};
use goldpress_text::Declared;
use quick_xml::{
    Reader as XmlReader,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use super::{
    Input, Reader,
    foreign::Foreign,
    head_text,
    html::{is_element, is_page},
    jsonl::from_value,
    pieces::{Kind, Pieces},
    xml::{entity, lenient, position, record_of, root_of},
};
use crate::{Item, Options, record::reject};

/// Open elements of a record that are told apart; deeper ones are text of the last.
const MAX_DEPTH: usize = 64;

pub(super) struct XmlRecords;

impl Reader for XmlRecords {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        !is_page(head) && root_of(&head_text(head)).is_some()
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let Some(record) = &options.xml_record else {
            let reject = refused(input);
            return Box::new(std::iter::once(Item::Reject(reject)));
        };
        let nothing = format!("the document has no `{record}`");
        let kind = Kind {
            media_type: "application/xml",
            declared: Declared { http: None, markup: true },
            records: &[record],
        };
        Pieces::of(input, &kind, options, &nothing, |text, raw| {
            items(text, &raw.origin, record, options)
        })
    }
}

/// What becomes of a file of which nobody said where its articles are.
fn refused(mut input: Input<'_>) -> Reject {
    let head = input.cursor.peek().map(head_text).unwrap_or_default();
    let foreign = Foreign::of_root(root_of(&head).unwrap_or("?"));
    let what = format!("the file is {}", foreign.detail());
    Reject::of_file(&input.file, RejectReason::Unsupported, what)
}

fn items(text: &str, origin: &Origin, record: &str, options: &Options) -> Vec<Item> {
    let mut reader = lenient(text);
    let mut walk =
        Walk { text, origin, record, options, items: Vec::new(), open: Vec::new() };
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
                if walk.open.is_empty() {
                    walk.open.push(Element::at(String::new(), before, before));
                }
                walk.lost(RejectReason::BrokenRecord, &what);
                return walk.items;
            }
        }
    }
}

/// An element of a record that is being read.
struct Element {
    name: String,
    /// Where its tag and what it holds begin.
    start: usize,
    inner: usize,
    text: String,
    fields: Map<String, Value>,
    /// Whether all its children are elements of HTML, if it has any.
    is_markup: Option<bool>,
}

impl Element {
    fn at(name: String, start: usize, inner: usize) -> Element {
        let (text, fields) = (String::new(), Map::new());
        Element { name, start, inner, text, fields, is_markup: None }
    }

    /// What it says, if it holds `inner`.
    fn value(mut self, inner: &str) -> Value {
        if self.is_markup == Some(true) {
            return Value::String(inner.replace("<![CDATA[", "").replace("]]>", ""));
        }
        if self.fields.is_empty() {
            return Value::String(self.text);
        }
        if !self.text.trim().is_empty() {
            self.fields.entry("text").or_insert(Value::String(self.text));
        }
        Value::Object(self.fields)
    }

    /// Adds a child or an attribute; several of one name are a list.
    fn add(&mut self, name: String, value: Value) {
        match self.fields.get_mut(&name) {
            None => {
                self.fields.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
}

struct Walk<'t> {
    text: &'t str,
    origin: &'t Origin,
    /// Name of the elements that are one article each.
    record: &'t str,
    options: &'t Options,
    items: Vec<Item>,
    /// The open record and what is open in it.
    open: Vec<Element>,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, before: usize, reader: &XmlReader<&[u8]>) {
        match event {
            Event::Start(tag) => self.start(&tag, before, position(reader)),
            Event::Empty(tag) => {
                let depth = self.open.len();
                self.start(&tag, before, position(reader));
                if self.open.len() > depth {
                    self.end(position(reader), position(reader));
                }
            }
            Event::Text(piece) => self.write(&piece),
            Event::CData(piece) => self.write(&piece),
            Event::GeneralRef(name) => self.write(&entity(&name)),
            Event::End(tag) => {
                let name = local(tag.name().as_ref());
                // What is not open is not closed; what was left open inside is.
                if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
                    while self.open.len() > at {
                        self.end(before, position(reader));
                    }
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, before: usize, after: usize) {
        let name = local(tag.name().as_ref());
        let is_record = name.eq_ignore_ascii_case(self.record);
        if self.open.is_empty() && !is_record || self.open.len() >= MAX_DEPTH {
            return;
        }
        if let Some(outer) = self.open.last_mut() {
            let is_html = is_element(&name.to_lowercase());
            outer.is_markup = Some(outer.is_markup.unwrap_or(true) && is_html);
        }
        // A record is its fields, be they called as elements of HTML are.
        let is_markup = self.open.is_empty().then_some(false);
        let mut element = Element { is_markup, ..Element::at(name, before, after) };
        for attribute in tag.attributes().flatten() {
            let name = local(attribute.key.as_ref());
            if name != "xmlns" {
                let value = goldpress_text::normalise_fragment(&attribute.value);
                element.add(name, Value::String(value));
            }
        }
        self.open.push(element);
    }

    fn write(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    /// Closes the innermost element: what it holds ends at `before`, it at `after`.
    fn end(&mut self, before: usize, after: usize) {
        let Some(element) = self.open.pop() else { return };
        let (name, start) = (element.name.clone(), element.start);
        let inner = self.text.get(element.inner..before).unwrap_or("");
        let value = element.value(inner);
        match self.open.last_mut() {
            Some(outer) => outer.add(name, value),
            None => {
                let raw = self.raw(start, after);
                let item = from_value(raw, &value, self.options);
                self.items.push(item);
            }
        }
    }

    fn raw(&self, start: usize, end: usize) -> RawDocument {
        record_of(self.text, start..end, self.origin, self.items.len())
    }

    /// What is open is lost with the rest of the document.
    fn lost(&mut self, reason: RejectReason, what: &str) {
        if let Some(open) = self.open.first() {
            let raw = self.raw(open.start, self.text.len());
            self.items.push(Item::Reject(reject(&raw, reason, what)));
            self.open.clear();
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}
