//! RSS and Atom: a walk through their elements, one article an `item` or `entry`.
//!
//! Lenient: markup that nobody escaped is taken as it stands, and what was left open is
//! closed by what holds it.

use goldpress_model::{Origin, RejectReason};
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::{
    super::{
        document,
        xml::{attribute, entity, lenient, name_of, position},
    },
    entry::{Channel, Entry, Kind, item_of, joined},
};
use crate::{Item, record::reject};

/// Nesting of elements inside an item that is still looked at.
const MAX_DEPTH: usize = 64;
/// Elements whose text may be markup.
const HELD: &[&str] = &["title", "description", "summary", "content", "content:encoded"];

/// The items of a feed in XML.
pub(super) fn items(text: &str, origin: &Origin) -> Vec<Item> {
    let mut reader = lenient(text);
    let mut walk = Walk {
        text,
        origin,
        items: Vec::new(),
        channel: Channel::default(),
        path: Vec::new(),
        entry: None,
        value: String::new(),
        held: None,
    };
    loop {
        let before = position(&reader);
        match reader.read_event() {
            Ok(Event::Eof) => return walk.items,
            Ok(event) => walk.event(event, before, position(&reader)),
            Err(error) => {
                let rest = text.get(before..).unwrap_or("").as_bytes().to_vec();
                let raw = document(walk.next_origin(before), rest, "application/xml");
                let what = format!("the feed breaks off: {error}");
                let reject = reject(&raw, RejectReason::BrokenRecord, what);
                walk.items.push(Item::Reject(reject));
                return walk.items;
            }
        }
    }
}

/// An open element.
struct Open {
    name: String,
    /// What addresses in it are relative to, where it says so.
    base: Option<Url>,
}

/// An element whose text, be it markup, is being read.
struct Held {
    /// Elements open with it.
    depth: usize,
    /// Where its text begins.
    from: usize,
    kind: Kind,
    has_elements: bool,
}

struct Walk<'t> {
    text: &'t str,
    origin: &'t Origin,
    items: Vec<Item>,
    channel: Channel,
    path: Vec<Open>,
    /// The open item, where it begins and how many elements are open with it.
    entry: Option<(usize, usize, Entry)>,
    /// Text since the last start tag that counts.
    value: String,
    held: Option<Held>,
}

impl Walk<'_> {
    fn next_origin(&self, byte_offset: usize) -> Origin {
        Origin {
            file: self.origin.file.clone(),
            record: self.items.len() as u64 + 1,
            byte_offset: byte_offset as u64,
        }
    }

    /// Takes an event that stands from `before` to `after`.
    fn event(&mut self, event: Event<'_>, before: usize, after: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, before, after),
            Event::Empty(tag) => {
                if let Some(held) = &mut self.held {
                    held.has_elements = true;
                    return;
                }
                let name = local(tag.name().as_ref());
                let base = self.base_with(&tag);
                self.link(&name, &tag, base.as_ref(), self.path.len());
            }
            Event::Text(piece) => self.value.push_str(&piece),
            Event::CData(piece) => self.value.push_str(&piece),
            Event::GeneralRef(name) => self.value.push_str(&entity(&name)),
            Event::End(tag) => self.end(&local(tag.name().as_ref()), before, after),
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, before: usize, after: usize) {
        let name = local(tag.name().as_ref());
        if let Some(held) = &mut self.held {
            held.has_elements = true;
            if self.path.len() < MAX_DEPTH {
                self.path.push(Open { name, base: None });
            }
            return;
        }
        if self.path.len() >= MAX_DEPTH {
            return;
        }
        let base = self.base_with(tag);
        self.link(&name, tag, base.as_ref(), self.path.len());
        let own = attribute(tag, "xml:base").and(base);
        let is_item = name == "item" || name == "entry";
        let is_held = HELD.contains(&name.as_str()) && self.is_direct(self.path.len());
        self.path.push(Open { name, base: own });
        let depth = self.path.len();
        if self.entry.is_none() && is_item {
            self.entry = Some((before, depth, Entry::default()));
        } else if is_held {
            let kind = Kind::of(attribute(tag, "type").as_deref());
            self.held = Some(Held { depth, from: after, kind, has_elements: false });
        }
        self.value.clear();
    }

    /// Whether an element below so many others says something of the item or the feed, not
    /// of something in it.
    fn is_direct(&self, depth: usize) -> bool {
        let parent = depth.checked_sub(1).and_then(|at| self.path.get(at));
        match (&self.entry, parent) {
            (Some((_, of_entry, _)), _) => *of_entry == depth,
            (None, Some(parent)) => parent.name == "channel" || parent.name == "feed",
            (None, None) => false,
        }
    }

    /// What addresses in an element are relative to: its own `xml:base` on those around it.
    fn base_with(&self, tag: &BytesStart<'_>) -> Option<Url> {
        let outer = self.base_at(self.path.len());
        match attribute(tag, "xml:base") {
            Some(base) => joined(&base, outer).or_else(|| outer.cloned()),
            None => outer.cloned(),
        }
    }

    /// The base of the innermost of so many open elements, or else of the feed's own page.
    fn base_at(&self, depth: usize) -> Option<&Url> {
        let open = self.path[..depth.min(self.path.len())].iter().rev();
        open.filter_map(|open| open.base.as_ref()).next().or(self.channel.link.as_ref())
    }

    /// Takes what an element says by its attributes.
    fn link(
        &mut self,
        name: &str,
        tag: &BytesStart<'_>,
        base: Option<&Url>,
        depth: usize,
    ) {
        let is_direct = self.is_direct(depth);
        let get = |key: &str| attribute(tag, key);
        match &mut self.entry {
            Some((_, _, entry)) => entry.link(name, &get, base, is_direct),
            None if is_direct => self.channel.link(name, &get, base),
            None => {}
        }
    }

    fn end(&mut self, name: &str, before: usize, after: usize) {
        // What is not open is not closed; what was left open inside is.
        let Some(at) = self.path.iter().rposition(|open| open.name == name) else {
            return;
        };
        if let Some(held) = self.held.take() {
            if at >= held.depth {
                self.held = Some(held);
                self.path.truncate(at);
                return;
            }
            self.release(&held, before);
            if at + 1 == held.depth {
                self.path.truncate(at);
                return;
            }
        }
        let is_item = self.entry.as_ref().is_some_and(|(_, depth, _)| *depth == at + 1);
        if is_item && let Some((start, _, entry)) = self.entry.take() {
            let bytes = self.text.get(start..after).unwrap_or("").as_bytes().to_vec();
            let raw = document(self.next_origin(start), bytes, "application/xml");
            self.items.push(item_of(raw, entry, &self.channel));
        } else {
            let value = std::mem::take(&mut self.value);
            let base = self.base_at(at + 1).cloned();
            let parents: Vec<&str> =
                self.path[..at].iter().rev().map(|open| open.name.as_str()).collect();
            let is_direct = self.is_direct(at);
            match &mut self.entry {
                Some((_, _, entry)) => {
                    entry.take(name, &parents, value, base.as_ref(), is_direct);
                }
                None => self.channel.take(name, &parents, value, base.as_ref()),
            }
        }
        self.path.truncate(at);
    }

    /// Takes the text of the element that is held, which ends at `before`.
    fn release(&mut self, held: &Held, before: usize) {
        let text = std::mem::take(&mut self.value);
        let (kind, text) = match held.has_elements {
            // Markup that nobody escaped, as `type="xhtml"` has it.
            true => {
                let inner = self.text.get(held.from..before).unwrap_or("");
                (Kind::Html, inner.replace("<![CDATA[", "").replace("]]>", ""))
            }
            false => (held.kind, text),
        };
        let name = self.path[held.depth - 1].name.as_str();
        match &mut self.entry {
            Some((_, _, entry)) => entry.hold(name, kind, text),
            None => self.channel.hold(name, kind, &text),
        }
    }
}

/// A name in lower case, without the prefix that Atom has in feeds of another kind.
fn local(name: &str) -> String {
    let name = name_of(name);
    match name.strip_prefix("atom:").or_else(|| name.strip_prefix("a10:")) {
        Some(local) => local.to_owned(),
        None => name,
    }
}
