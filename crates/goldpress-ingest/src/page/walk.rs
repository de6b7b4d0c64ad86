//! The walk: one pass over the tree that makes blocks and gathers facts.

use goldpress_model::{Block, Span};
use html5ever::local_name;

use super::{
    Page, RenderError,
    dom::{Element, Kind, NodeId, Tree},
    elements::{self, Sight},
    facts::FactReader,
};

/// Ancestors whose class and id words a block keeps, besides its element's own.
const MARK_ANCESTORS: usize = 4;
/// Words kept of one element: pages with thousands of utility classes exist.
const MARK_WORDS: usize = 16;
/// Longest word kept, in bytes.
const MARK_BYTES: usize = 64;
/// Elements kept of a path, the innermost.
const PATH_NAMES: usize = 48;

/// Renders a tree, as it is shown or as it is stored.
///
/// # Errors
///
/// What keeps its line ends (`pre`) has more than `most_lines` lines.
pub(crate) fn walk(
    tree: &Tree,
    sight: Sight,
    most_lines: usize,
) -> Result<Page, RenderError> {
    let mut walk = Walk {
        tree,
        sight,
        has_blocks: mark_holders_of_blocks(tree),
        page: Page::default(),
        facts: FactReader::default(),
        run: Run::default(),
        depth: 0,
        link_depth: 0,
        pre_depth: 0,
        row_depth: 0,
        lines_left: most_lines,
    };
    let mut at = Tree::ROOT;
    loop {
        let goes_in = walk.enter(at);
        if walk.lines_left == 0 {
            return Err(RenderError::TooManyLines { limit: most_lines });
        }
        if goes_in && let Some(child) = tree[at].first_child {
            at = child;
            continue;
        }
        // Leave every node that has no sibling to go on with.
        loop {
            walk.leave(at);
            if let Some(next) = tree[at].next {
                at = next;
                break;
            }
            match tree[at].parent {
                Some(parent) => at = parent,
                None => return Ok(walk.finish()),
            }
        }
    }
}

/// Which elements hold a block or a line break somewhere inside: a table row that does is
/// layout, one that does not is data.
fn mark_holders_of_blocks(tree: &Tree) -> Vec<bool> {
    let mut marked = vec![false; tree.len()];
    for id in 0..tree.len() {
        let Some(element) = tree[id].element() else { continue };
        let name = element.name();
        let is_cell = matches!(*name, local_name!("td") | local_name!("th"));
        let parts = elements::is_block(name) && !is_cell || *name == local_name!("br");
        if !parts {
            continue;
        }
        let mut above = tree[id].parent;
        while let Some(ancestor) = above.filter(|ancestor| !marked[*ancestor]) {
            marked[ancestor] = true;
            above = tree[ancestor].parent;
        }
    }
    marked
}

/// Text that will be one block.
#[derive(Default)]
struct Run {
    text: String,
    /// Characters that are not white space, and how many of them stand in links.
    n_chars: usize,
    n_link_chars: usize,
    /// The innermost element that holds all of the text so far, and its depth.
    holder: Option<(NodeId, usize)>,
    /// The shallowest depth that the walk came up to since the last text.
    shallowest: usize,
    /// Indices of the `time` elements met in it.
    times: Vec<usize>,
}

struct Walk<'t> {
    tree: &'t Tree,
    sight: Sight,
    has_blocks: Vec<bool>,
    page: Page,
    facts: FactReader,
    run: Run,
    /// Number of elements open.
    depth: usize,
    /// How many of them are links, preformatted, or table rows of data.
    link_depth: usize,
    pre_depth: usize,
    row_depth: usize,
    /// Lines that text with line ends may still have; none: there were too many.
    lines_left: usize,
}

impl Walk<'_> {
    /// Looks at a node before its children; says whether they are to be looked at.
    fn enter(&mut self, id: NodeId) -> bool {
        match &self.tree[id].kind {
            Kind::Root => true,
            Kind::Text(text) => {
                self.text(id, text);
                false
            }
            Kind::Comment(text) => {
                self.facts.comment(text);
                false
            }
            Kind::Element(element) => {
                let time = self.facts.element(self.tree, id, element);
                self.run.times.extend(time);
                let is_open = *element.name() == local_name!("head")
                    || !elements::is_hidden(element, self.sight)
                        && !self.is_unselected(id, element);
                if is_open {
                    self.open(id, element);
                }
                is_open
            }
        }
    }

    fn open(&mut self, id: NodeId, element: &Element) {
        self.depth += 1;
        let name = element.name();
        if self.parts(id, element) {
            self.flush();
        } else if matches!(*name, local_name!("td") | local_name!("th")) {
            self.space();
        }
        match *name {
            local_name!("br") => self.flush(),
            local_name!("a") => {
                // Links of a bar stand side by side without a space in the markup.
                if self.run.text.ends_with(|c: char| !c.is_whitespace())
                    && self.follows_link(id)
                {
                    self.space();
                }
                self.link_depth += usize::from(element.attr("href").is_some());
            }
            local_name!("tr") if !self.has_blocks[id] => self.row_depth += 1,
            local_name!("pre")
            | local_name!("textarea")
            | local_name!("listing")
            | local_name!("plaintext")
            | local_name!("xmp") => self.pre_depth += 1,
            _ => {}
        }
    }

    /// Undoes what `enter` did, behind the last child.
    fn leave(&mut self, id: NodeId) {
        let Some(element) = self.tree[id].element() else { return };
        let name = element.name();
        if *name == local_name!("head") {
            // Not shown, but walked for its facts.
            self.run = Run::default();
        } else if elements::is_hidden(element, self.sight)
            || self.is_unselected(id, element)
        {
            return;
        }
        if self.parts(id, element) {
            self.flush();
        }
        match *name {
            local_name!("a") => {
                self.link_depth -= usize::from(element.attr("href").is_some());
            }
            local_name!("tr") if !self.has_blocks[id] => self.row_depth -= 1,
            local_name!("pre")
            | local_name!("textarea")
            | local_name!("listing")
            | local_name!("plaintext")
            | local_name!("xmp") => self.pre_depth -= 1,
            _ => {}
        }
        self.depth -= 1;
        self.run.shallowest = self.run.shallowest.min(self.depth);
    }

    /// Whether a block ends where this element begins and ends. Cells of a row of data
    /// stand in its one block.
    fn parts(&self, id: NodeId, element: &Element) -> bool {
        let name = element.name();
        let is_cell = matches!(*name, local_name!("td") | local_name!("th"));
        let in_row = is_cell && self.row_depth > 0 && !self.has_blocks[id];
        elements::is_block(name) && !in_row
    }

    /// Of the choices of a menu a reader sees one: the selected, else the first.
    fn is_unselected(&self, id: NodeId, element: &Element) -> bool {
        if *element.name() != local_name!("option") || element.attr("selected").is_some()
        {
            return false;
        }
        let Some(parent) = self.tree[id].parent else { return false };
        self.tree[parent].first_child != Some(id)
            && !self.only_blank_before(self.tree[parent].first_child, id)
    }

    fn only_blank_before(&self, first: Option<NodeId>, id: NodeId) -> bool {
        let first_element = std::iter::successors(first, |id| self.tree[*id].next)
            .take(3)
            .find(|id| self.tree[*id].element().is_some());
        first_element == Some(id)
    }

    fn follows_link(&self, id: NodeId) -> bool {
        self.tree
            .previous(id)
            .and_then(|before| self.tree[before].element())
            .is_some_and(|before| *before.name() == local_name!("a"))
    }

    fn text(&mut self, id: NodeId, text: &str) {
        if self.pre_depth > 0 {
            let n_ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
            self.lines_left = self.lines_left.saturating_sub(n_ends);
            if self.lines_left == 0 {
                return;
            }
            let mut lines = text.split('\n');
            self.inline(id, lines.next().unwrap_or(""));
            for line in lines {
                self.flush();
                self.inline(id, line);
            }
        } else {
            self.inline(id, text);
        }
    }

    fn inline(&mut self, id: NodeId, text: &str) {
        if text.starts_with(|c: char| c.is_ascii_whitespace()) {
            self.space();
        }
        let mut words = text.split_ascii_whitespace().peekable();
        if words.peek().is_none() {
            return;
        }
        self.hold(self.tree[id].parent);
        while let Some(word) = words.next() {
            let n = word.chars().filter(|c| !c.is_whitespace()).count();
            self.run.n_chars += n;
            self.run.n_link_chars += if self.link_depth > 0 { n } else { 0 };
            self.run.text.push_str(word);
            if words.peek().is_some() || text.ends_with(|c: char| c.is_ascii_whitespace())
            {
                self.run.text.push(' ');
            }
        }
    }

    fn space(&mut self) {
        if !self.run.text.is_empty() && !self.run.text.ends_with(' ') {
            self.run.text.push(' ');
        }
    }

    /// Notes that the run has text inside `parent`: what holds all of it may be further
    /// up than before.
    fn hold(&mut self, parent: Option<NodeId>) {
        let Some(parent) = parent else { return };
        match self.run.holder {
            None => self.run.holder = Some((parent, self.depth)),
            Some((mut holder, depth)) => {
                let target = depth.min(self.run.shallowest);
                for _ in target..depth {
                    holder = self.tree[holder].parent.unwrap_or(holder);
                }
                self.run.holder = Some((holder, target));
            }
        }
        self.run.shallowest = self.depth;
    }

    /// Ends the run and makes a block of it, if it has text.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        let Some((holder, _)) = run.holder else {
            // A `time` without text belongs to no block.
            return;
        };
        let line = goldpress_text::fragment(&run.text);
        self.page.n_entities += line.n_entities;
        if line.text.is_empty() {
            return;
        }
        let block = self.page.blocks.len();
        if block > 0 {
            self.page.text.push_str("\n\n");
        }
        let start = self.page.text.len();
        self.page.text.push_str(&line.text);
        let span = Span::new(&self.page.text, start, self.page.text.len())
            .expect("the line is not empty");
        self.facts.place(&run.times, block);
        let link_density = run.n_link_chars as f32 / run.n_chars.max(1) as f32;
        let block = Block { link_density, ..self.block(holder, span) };
        self.page.blocks.push(block);
    }

    /// A block with the path, marks, heading level and container of the element that
    /// holds its text.
    fn block(&self, holder: NodeId, span: Span) -> Block {
        let owner = self.owner(holder);
        let (mut names, mut marks, mut heading, mut container) =
            (Vec::new(), Vec::new(), 0, None);
        let above = std::iter::successors(Some(owner), |id| self.tree[*id].parent);
        for (n, element) in above.filter_map(|id| self.tree[id].element()).enumerate() {
            let name = element.name();
            let is_root = matches!(*name, local_name!("html") | local_name!("body"));
            if (!is_root || n == 0) && names.len() < PATH_NAMES {
                names.push(&**name);
            }
            if n <= MARK_ANCESTORS {
                if n > 0 {
                    marks.push("|".to_owned());
                }
                add_marks(&mut marks, element);
            }
            if heading == 0 {
                heading = elements::heading_level(name);
            }
            container = container.or_else(|| elements::container(element));
        }
        while marks.last().is_some_and(|mark| mark == "|") {
            marks.pop();
        }
        names.reverse();
        Block {
            path: Some(names.join(">")),
            marks,
            heading,
            container: container.map(str::to_owned),
            ..Block::plain(span)
        }
    }

    /// The element that a block is said to be of: the paragraph around it; without one,
    /// the innermost element that holds all of its text.
    fn owner(&self, holder: NodeId) -> NodeId {
        let mut at = holder;
        loop {
            let Some(element) = self.tree[at].element() else { return holder };
            if elements::is_text_block(element.name()) {
                return at;
            }
            if elements::is_block(element.name()) {
                return holder;
            }
            match self.tree[at].parent {
                Some(parent) => at = parent,
                None => return holder,
            }
        }
    }

    fn finish(mut self) -> Page {
        self.flush();
        self.page.facts = self.facts.finish();
        self.page
    }
}

/// Class and id words of an element, in lower case.
fn add_marks(marks: &mut Vec<String>, element: &Element) {
    let attrs = [element.attr("class"), element.attr("id")];
    let words = attrs.into_iter().flatten().flat_map(str::split_ascii_whitespace);
    for word in words.filter(|word| *word != "|").take(MARK_WORDS) {
        let mut end = word.len().min(MARK_BYTES);
        while !word.is_char_boundary(end) {
            end -= 1;
        }
        marks.push(word[..end].to_lowercase());
    }
}
