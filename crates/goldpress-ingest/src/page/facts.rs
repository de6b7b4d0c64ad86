//! Facts: what a page states about itself outside its visible text.

use goldpress_model::{PageFacts, PageTime};
use html5ever::local_name;

use super::dom::{Element, Kind, NodeId, Tree};

/// Longest value kept of an attribute, in bytes; JSON-LD is kept whole.
const VALUE_BYTES: usize = 4096;
/// Longest text kept of a microdata element, and nodes looked at for it: a whole body is
/// no value.
const MICRODATA_BYTES: usize = 400;
const MICRODATA_NODES: usize = 32;
/// Statements kept of each kind; real pages stay far below.
const MAX_FACTS: usize = 2000;

/// Gathers facts while the page is walked.
#[derive(Default)]
pub(crate) struct FactReader {
    facts: PageFacts,
}

impl FactReader {
    /// Looks at an element; gives the index of the time that it states.
    pub(crate) fn element(
        &mut self,
        tree: &Tree,
        id: NodeId,
        element: &Element,
    ) -> Option<usize> {
        let facts = &mut self.facts;
        match *element.name() {
            local_name!("html") => {
                let lang = element.attr("lang").or_else(|| element.attr("xml:lang"));
                facts.lang = lang.and_then(value);
            }
            // A `title` inside SVG names a drawing.
            local_name!("title") if facts.title.is_none() && !in_drawing(tree, id) => {
                facts.title = value(&own_text(tree, id));
            }
            local_name!("meta") => meta(facts, element),
            local_name!("link") => link(facts, element),
            local_name!("script") if is_json_ld(element) => {
                if facts.json_ld.len() < MAX_FACTS {
                    facts.json_ld.push(own_text(tree, id));
                }
            }
            local_name!("img") => picture(facts, tree, id, element),
            ref name if &**name == "amp-img" => picture(facts, tree, id, element),
            _ => {}
        }
        if *element.name() != local_name!("meta") {
            microdata(facts, tree, id, element);
        }
        if *element.name() != local_name!("time") || facts.times.len() >= MAX_FACTS {
            return None;
        }
        let datetime = value(element.attr("datetime")?)?;
        facts.times.push(PageTime { datetime, block: None });
        Some(facts.times.len() - 1)
    }

    /// Reads the address out of the comments that savers and mirrors leave.
    pub(crate) fn comment(&mut self, text: &str) {
        if self.facts.saved_from.is_none() {
            self.facts.saved_from = saved_from(text);
        }
    }

    /// Says which block holds the times with these indices.
    pub(crate) fn place(&mut self, times: &[usize], block: usize) {
        for time in times {
            self.facts.times[*time].block = Some(block);
        }
    }

    pub(crate) fn finish(self) -> PageFacts {
        self.facts
    }
}

fn meta(facts: &mut PageFacts, element: &Element) {
    let name = ["property", "name", "itemprop", "http-equiv"]
        .into_iter()
        .find_map(|attr| element.attr(attr).filter(|name| !name.trim().is_empty()));
    let content = element.attr("content").and_then(value);
    if let (Some(name), Some(content)) = (name, content)
        && facts.metas.len() < MAX_FACTS
    {
        facts.metas.push((name.trim().to_lowercase(), content));
    }
}

fn link(facts: &mut PageFacts, element: &Element) {
    let (Some(rel), Some(href)) = (element.attr("rel"), element.attr("href")) else {
        return;
    };
    let rel = rel.trim().to_lowercase();
    let loads = ["stylesheet", "preload", "prefetch", "dns-prefetch", "preconnect"];
    let is_loader = loads.contains(&rel.as_str()) || rel == "modulepreload";
    if let (false, true, Some(href)) =
        (is_loader, facts.links.len() < MAX_FACTS, value(href))
    {
        facts.links.push((rel, href));
    }
}

/// Whether a script holds structured data.
pub(crate) fn is_json_ld(element: &Element) -> bool {
    element.attr("type").is_some_and(|kind| {
        kind.trim().to_ascii_lowercase().starts_with("application/ld+json")
    })
}

/// The first picture inside an article or figure; a placeholder gives way to what it
/// stands for.
fn picture(facts: &mut PageFacts, tree: &Tree, id: NodeId, element: &Element) {
    if facts.image.is_some() || !in_article(tree, id) {
        return;
    }
    let sources = ["src", "data-src", "data-original", "data-lazy-src"];
    facts.image = sources
        .into_iter()
        .filter_map(|attr| element.attr(attr))
        .find(|src| !src.starts_with("data:"))
        .and_then(value);
}

fn in_article(tree: &Tree, id: NodeId) -> bool {
    ancestors(tree, id).any(|element| {
        matches!(*element.name(), local_name!("article") | local_name!("figure"))
    })
}

fn in_drawing(tree: &Tree, id: NodeId) -> bool {
    ancestors(tree, id).any(|element| *element.name() == local_name!("svg"))
}

fn ancestors(tree: &Tree, id: NodeId) -> impl Iterator<Item = &Element> {
    std::iter::successors(tree[id].parent, |id| tree[*id].parent)
        .filter_map(|id| tree[id].element())
}

/// `itemprop` and its value, by the rules of WHATWG HTML, "Microdata".
///
/// An item inside an item (an author, a comment) is called by its name, and its own
/// properties carry the outer one: `author`, `author.url`, so that whoever wants the
/// article's headline does not get that of a comment.
fn microdata(facts: &mut PageFacts, tree: &Tree, id: NodeId, element: &Element) {
    let Some(names) = element.attr("itemprop") else { return };
    if facts.microdata.len() >= MAX_FACTS {
        return;
    }
    let found = match element.attr("itemscope") {
        Some(_) => name_of_item(tree, id),
        None => value_of(tree, id, element),
    };
    let Some(found) = found else { return };
    let item = ancestors(tree, id).find(|element| element.attr("itemscope").is_some());
    let outer = item.and_then(|item| item.attr("itemprop"));
    for name in names.split_ascii_whitespace().take(8) {
        let name = match outer {
            Some(outer) => format!("{}.{name}", outer.trim()),
            None => name.to_owned(),
        };
        facts.microdata.push((name, found.clone()));
    }
}

fn value_of(tree: &Tree, id: NodeId, element: &Element) -> Option<String> {
    let stated = ["content", "datetime", "href", "src"]
        .into_iter()
        .find_map(|attr| element.attr(attr));
    match stated {
        Some(stated) => value(stated),
        None => short_text(tree, id).as_deref().and_then(value),
    }
}

/// The property `name` of an item, if it stands near its beginning.
fn name_of_item(tree: &Tree, id: NodeId) -> Option<String> {
    let mut todo: Vec<NodeId> = tree.children(id).take(MICRODATA_NODES).collect();
    todo.reverse();
    for _ in 0..MICRODATA_NODES {
        let id = todo.pop()?;
        let element = tree[id].element();
        if let Some(element) = element.filter(|e| e.attr("itemprop") == Some("name")) {
            return value_of(tree, id, element);
        }
        let from = todo.len();
        todo.extend(tree.children(id).take(MICRODATA_NODES));
        todo[from..].reverse();
    }
    None
}

/// The text inside an element, if it is short.
fn short_text(tree: &Tree, id: NodeId) -> Option<String> {
    let mut text = String::new();
    let mut todo = vec![id];
    for _ in 0..MICRODATA_NODES {
        let Some(id) = todo.pop() else { return Some(text) };
        if let Kind::Text(piece) = &tree[id].kind {
            text.push_str(piece);
        }
        if text.len() > MICRODATA_BYTES {
            return None;
        }
        let from = todo.len();
        todo.extend(tree.children(id).take(MICRODATA_NODES + 1));
        todo[from..].reverse();
    }
    None
}

/// The text directly inside an element.
fn own_text(tree: &Tree, id: NodeId) -> String {
    tree.children(id)
        .filter_map(|child| match &tree[child].kind {
            Kind::Text(text) => Some(&**text),
            _ => None,
        })
        .collect()
}

/// `saved from url=(0042)https://…` of browsers, `Mirrored from … by HTTrack`, `url: …` of
/// SingleFile, and wget's `Downloaded from`.
fn saved_from(comment: &str) -> Option<String> {
    let after = |key: &str| comment.split_once(key).map(|(_, rest)| rest.trim_start());
    let address = if let Some(rest) = after("saved from url=(") {
        rest.split_once(')')?.1
    } else if let Some(rest) = after("Mirrored from ") {
        rest
    } else if comment.contains("SingleFile") {
        after("url:")?
    } else {
        return None;
    };
    let address = address.split_whitespace().next()?;
    let address = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    value(&address)
}

fn value(text: &str) -> Option<String> {
    let text = text.trim();
    let mut end = text.len().min(VALUE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}
