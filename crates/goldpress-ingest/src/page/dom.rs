//! The tree of a page, as far as blocks and facts need it, with its limits built in.
//!
//! html5ever decides what the tree is; this holds it in one vector. A page over a limit
//! stops growing at once, so that no markup can make the tree larger than the limit.

use std::{
    borrow::Cow,
    cell::{Cell, Ref, RefCell},
};

use html5ever::{
    Attribute, LocalName, ParseOpts, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns, parse_document,
    tendril::{StrTendril, TendrilSink},
    tree_builder::TreeBuilderOpts,
};

use super::{RenderError, elements::Sight, facts::is_json_ld};
use crate::{Limits, limits::Budget};

/// Bytes given to the parser at a time; between two pieces the limits are looked at. A
/// piece can open so many elements at the most that formatting which the parser repeats
/// for each of them stays small.
const PIECE_BYTES: usize = 4096;

/// Bytes of markup to a node, by which room is made for them.
const NODE_BYTES: usize = 64;

/// Index of a node in its tree.
pub(crate) type NodeId = usize;

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// The document or the contents of a template.
    Root,
    Element(Element),
    Text(StrTendril),
    Comment(StrTendril),
}

#[derive(Debug)]
pub(crate) struct Element {
    name: QualName,
    attrs: Vec<Attribute>,
    /// Contents of a `template`, which are not among its children.
    contents: Option<NodeId>,
}

impl Element {
    /// Name, in lower case; names of SVG and MathML are `svg` and `math` themselves or
    /// stand below these.
    pub(crate) fn name(&self) -> &LocalName {
        &self.name.local
    }

    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|attr| *attr.name.local == *name).map(|attr| &*attr.value)
    }
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) parent: Option<NodeId>,
    pub(crate) first_child: Option<NodeId>,
    pub(crate) next: Option<NodeId>,
    prev: Option<NodeId>,
    last_child: Option<NodeId>,
    depth: usize,
}

impl Node {
    pub(crate) fn element(&self) -> Option<&Element> {
        match &self.kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }
}

/// A parsed page.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl std::ops::Index<NodeId> for Tree {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }
}

impl Tree {
    /// The document node.
    pub(crate) const ROOT: NodeId = 0;

    /// Parses a page, or stops where it goes over a limit.
    pub(crate) fn parse(
        markup: &str,
        limits: &Limits,
        budget: &Budget<'_>,
        sight: Sight,
    ) -> Result<Tree, RenderError> {
        let mut nodes = Vec::with_capacity(limits.nodes.min(markup.len() / NODE_BYTES));
        nodes.push(node(Kind::Root));
        let sink = Sink {
            nodes: RefCell::new(nodes),
            over: Cell::new(None),
            n_placed: Cell::new(0),
            max_nodes: limits.nodes,
            max_depth: limits.depth,
            opened: Cell::new(None),
        };
        // With scripting on `noscript` is opaque, as it is for a reader.
        let opts = ParseOpts {
            tree_builder: TreeBuilderOpts {
                scripting_enabled: sight == Sight::Shown,
                ..Default::default()
            },
            ..ParseOpts::default()
        };
        let mut parser = parse_document(sink, opts);
        let whole = StrTendril::from_slice(markup);
        let mut at = 0;
        while at < markup.len() {
            let mut end = markup.len().min(at + PIECE_BYTES);
            while !markup.is_char_boundary(end) {
                end += 1;
            }
            let tag_end = end_of_opaque_tag(&markup[at..end]);
            end = tag_end.map_or(end, |len| at + len);
            let len = u32::try_from(end - at).expect("a piece is small");
            let start = u32::try_from(at).expect("a record is below 4 GiB");
            parser.process(whole.subtendril(start, len));
            let sink = &parser.tokenizer.sink.sink;
            if let Some(over) = sink.over.take() {
                return Err(over);
            }
            budget.check()?;
            at = end;
            let opened = sink.opened.take().filter(|_| tag_end.is_some());
            at += opened.map_or(0, |opaque| n_unread(&markup[at..], opaque));
        }
        let sink = parser.finish();
        match sink.over.take() {
            Some(over) => Err(over),
            None => Ok(Tree { nodes: sink.nodes.into_inner() }),
        }
    }

    /// Children of a node in order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self[id].first_child, |id| self[*id].next)
    }

    /// The sibling before a node.
    pub(crate) fn previous(&self, id: NodeId) -> Option<NodeId> {
        self[id].prev
    }

    /// Takes the attribute `hidden` off an element.
    pub(crate) fn show(&mut self, id: NodeId) {
        if let Kind::Element(element) = &mut self.nodes[id].kind {
            element.attrs.retain(|attr| &*attr.name.local != "hidden");
        }
    }

    /// Moves a node to before another, which must have a parent and not be inside it.
    pub(crate) fn move_before(&mut self, id: NodeId, next: NodeId) {
        if let Some(parent) = self.nodes[next].parent.filter(|_| id != next) {
            unlink(&mut self.nodes, id);
            link(&mut self.nodes, parent, id, Some(next));
        }
    }

    /// Number of nodes, those without a place among them.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }
}

/// An element whose text is no markup, and that nobody reads.
#[derive(Clone, Copy)]
enum Opaque {
    Script,
    Style,
}

/// Where the first tag of a piece ends that may open an opaque element.
fn end_of_opaque_tag(piece: &str) -> Option<usize> {
    let bytes = piece.as_bytes();
    let is_opaque = |at: &usize| {
        let starts_with = |tag: &[u8]| {
            bytes[*at..].get(..tag.len()).is_some_and(|b| b.eq_ignore_ascii_case(tag))
        };
        starts_with(b"<script") || starts_with(b"<style")
    };
    let tag = memchr::memchr_iter(b'<', bytes).find(is_opaque)?;
    memchr::memchr(b'>', &bytes[tag..]).map(|len| tag + len + 1)
}

/// Bytes up to the end tag of an opaque element that was just opened: half of some pages.
/// 0 where the parser had better look itself.
fn n_unread(markup: &str, opaque: Opaque) -> usize {
    let name: &[u8] = match opaque {
        Opaque::Script => b"script",
        Opaque::Style => b"style",
    };
    let bytes = markup.as_bytes();
    let is_end = |at: &usize| {
        let rest = bytes[at + 2..].split_at_checked(name.len());
        rest.is_some_and(|(found, after)| {
            found.eq_ignore_ascii_case(name)
                && after.first().is_some_and(|b| b" \t\n\r\x0c/>".contains(b))
        })
    };
    let end = memchr::memmem::find_iter(bytes, "</").find(is_end);
    // Inside of `<!--` a script may hold its own end tag.
    let is_plain = |end: &usize| memchr::memmem::find(&bytes[..*end], b"<!--").is_none();
    end.filter(is_plain).unwrap_or(0)
}

fn node(kind: Kind) -> Node {
    Node {
        kind,
        parent: None,
        first_child: None,
        next: None,
        prev: None,
        last_child: None,
        depth: 0,
    }
}

/// Gives a node without a place one, before a sibling or last.
fn link(nodes: &mut [Node], parent: NodeId, child: NodeId, before: Option<NodeId>) {
    let prev = match before {
        Some(next) => nodes[next].prev.replace(child),
        None => nodes[parent].last_child.replace(child),
    };
    match prev {
        Some(prev) => nodes[prev].next = Some(child),
        None => nodes[parent].first_child = Some(child),
    }
    let node = &mut nodes[child];
    (node.parent, node.prev, node.next) = (Some(parent), prev, before);
}

/// Takes a node from its place.
fn unlink(nodes: &mut [Node], child: NodeId) {
    let node = &mut nodes[child];
    let (parent, prev, next) = (node.parent.take(), node.prev.take(), node.next.take());
    let Some(parent) = parent else { return };
    match prev {
        Some(prev) => nodes[prev].next = next,
        None => nodes[parent].first_child = next,
    }
    match next {
        Some(next) => nodes[next].prev = prev,
        None => nodes[parent].last_child = prev,
    }
}

/// Takes the tree from the parser.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    over: Cell<Option<RenderError>>,
    /// How often a node was given a place: badly nested markup moves nodes about.
    n_placed: Cell<usize>,
    max_nodes: usize,
    max_depth: usize,
    /// The opaque element that was opened, if nothing came after it.
    opened: Cell<Option<Opaque>>,
}

impl Sink {
    fn create(&self, kind: Kind) -> NodeId {
        self.opened.set(None);
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= self.max_nodes {
            self.over.set(Some(RenderError::TooManyNodes { limit: self.max_nodes }));
        }
        nodes.push(node(kind));
        nodes.len() - 1
    }

    /// Puts a node without a place between two siblings of `parent`, or at its end.
    fn place(&self, parent: NodeId, child: NodeId, before: Option<NodeId>) {
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        self.n_placed.update(|n| n + 1);
        if self.n_placed.get() > 4 * self.max_nodes {
            self.over.set(Some(RenderError::TooManyNodes { limit: self.max_nodes }));
        }
        if depth > self.max_depth {
            self.over.set(Some(RenderError::TooDeep { limit: self.max_depth }));
        }
        link(&mut nodes, parent, child, before);
        nodes[child].depth = depth;
    }

    fn remove(&self, child: NodeId) {
        unlink(&mut self.nodes.borrow_mut(), child);
    }

    fn insert(&self, parent: NodeId, child: NodeOrText<NodeId>, before: Option<NodeId>) {
        let child = match child {
            NodeOrText::AppendNode(child) => {
                self.remove(child);
                child
            }
            NodeOrText::AppendText(text) => {
                self.opened.set(None);
                let mut nodes = self.nodes.borrow_mut();
                let neighbour = match before {
                    Some(next) => nodes[next].prev,
                    None => nodes[parent].last_child,
                };
                if let Some(Kind::Text(old)) = neighbour.map(|at| &mut nodes[at].kind) {
                    old.push_tendril(&text);
                    return;
                }
                drop(nodes);
                self.create(Kind::Text(text))
            }
        };
        self.place(parent, child, before);
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        Tree::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| {
            let element = nodes[*target].element();
            &element.expect("the parser asks elements for their name").name
        })
    }

    fn create_element(
        &self,
        name: QualName,
        attrs: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let contents = flags.template.then(|| self.create(Kind::Root));
        let element = Element { name, attrs, contents };
        let opaque = match *element.name() {
            _ if element.name.ns != ns!(html) => None,
            local_name!("style") => Some(Opaque::Style),
            local_name!("script") if !is_json_ld(&element) => Some(Opaque::Script),
            _ => None,
        };
        let id = self.create(Kind::Element(element));
        self.opened.set(opaque);
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.create(Kind::Comment(text))
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> NodeId {
        self.create(Kind::Comment(data))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, child, None);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let parent = self.nodes.borrow()[*element].parent;
        match parent {
            Some(parent) => self.insert(parent, child, Some(*element)),
            None => self.append(prev_element, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let contents = match &self.nodes.borrow()[*target].kind {
            Kind::Element(element) => element.contents,
            _ => None,
        };
        contents.expect("a template has contents")
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.nodes.borrow()[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, child, Some(*sibling));
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        if let Kind::Element(element) = &mut self.nodes.borrow_mut()[*target].kind {
            for attr in attrs {
                if element.attrs.iter().all(|old| old.name != attr.name) {
                    element.attrs.push(attr);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.remove(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        loop {
            let child = self.nodes.borrow()[*node].first_child;
            let Some(child) = child else { break };
            self.remove(child);
            self.place(*new_parent, child, None);
        }
    }
}
