//! JSON-LD: the structured data of a page, found and read in spite of its mistakes.
//!
//! Pages put one object, a list or an `@graph` there, refer from one node to another by
//! `@id`, escape entities inside JSON, and break the JSON itself with raw line ends,
//! comments or commas too many.

use std::collections::BTreeMap;

use goldpress_model::PageFacts;
use goldpress_text::normalise_fragment;
use serde_json::{Map, Value};

use crate::blocks::letters;

/// A node of the graph.
pub(crate) type Node = Map<String, Value>;

/// All nodes of a page's JSON-LD.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    by_id: BTreeMap<String, usize>,
}

/// Nesting that is followed; deeper structures are no statement about the article.
const MAX_DEPTH: usize = 6;

impl Graph {
    /// Reads every block of JSON-LD that can be read.
    pub(crate) fn of(facts: &PageFacts) -> Graph {
        let mut graph = Graph::default();
        for block in &facts.json_ld {
            if let Some(value) = parse(block) {
                graph.collect(value, 0);
            }
        }
        for (at, node) in graph.nodes.iter().enumerate() {
            let id = node.get("@id").and_then(Value::as_str);
            // A mere reference has nothing but its id.
            if let Some(id) = id.filter(|_| node.len() > 1) {
                graph.by_id.entry(id.to_owned()).or_insert(at);
            }
        }
        graph
    }

    fn collect(&mut self, value: Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Array(values) => {
                for value in values {
                    self.collect(value, depth + 1);
                }
            }
            Value::Object(mut node) => {
                let graph = node.remove("@graph");
                let main = node.get("mainEntity").cloned();
                if !node.is_empty() {
                    self.nodes.push(node);
                }
                for inner in [graph, main].into_iter().flatten() {
                    self.collect(inner, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// The number of the node that speaks of the article itself.
    ///
    /// Of several the one with the page's title; updates of a live blog and members of a
    /// list are no candidates, for they are not collected.
    pub(crate) fn article(&self, title: Option<&str>) -> Option<usize> {
        let articles =
            || self.nodes.iter().enumerate().filter(|(_, node)| rank(node) > 0);
        let title = title.map(letters).filter(|title| !title.is_empty());
        let is_titled = |(_, node): &(usize, &Node)| {
            let headline = self.text(node, "headline").map(|text| letters(&text));
            headline.is_some_and(|headline| {
                title.as_ref().is_some_and(|title| {
                    headline.len() >= 8
                        && (title.starts_with(&headline)
                            || headline.starts_with(title.as_str()))
                })
            })
        };
        let best = articles().map(|(_, node)| rank(node)).max()?;
        let found = articles().find(is_titled);
        found
            .or_else(|| articles().find(|(_, node)| rank(node) == best))
            .map(|found| found.0)
    }

    /// The node with that number.
    pub(crate) fn node(&self, at: usize) -> &Node {
        &self.nodes[at]
    }

    /// The first node of one of the types.
    pub(crate) fn of_type(&self, kind: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| types(node).any(|found| found == kind))
    }

    /// What a reference by `@id` points to; anything else is itself.
    pub(crate) fn resolve<'g>(&'g self, node: &'g Node) -> &'g Node {
        let id = node.get("@id").and_then(Value::as_str);
        let target = id.and_then(|id| self.by_id.get(id)).map(|at| &self.nodes[*at]);
        match target {
            Some(target) if target.len() > node.len() => target,
            _ => node,
        }
    }

    /// The value of a key as text on one line: of an object its `name`, of a list its
    /// first.
    pub(crate) fn text(&self, node: &Node, key: &str) -> Option<String> {
        self.texts(node, key).into_iter().next()
    }

    /// All values of a key as texts.
    pub(crate) fn texts(&self, node: &Node, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        for value in self.values(node, key) {
            let text = match value {
                Value::String(text) => Some(text.as_str()),
                Value::Object(inner) => {
                    let inner = self.resolve(inner);
                    let named = ["name", "@value"]
                        .iter()
                        .find_map(|key| inner.get(*key)?.as_str())
                        .filter(|name| !name.trim().is_empty());
                    if named.is_none()
                        && let Some(name) = name_of_parts(inner)
                    {
                        found.push(name);
                        continue;
                    }
                    named.or_else(|| inner.get("url")?.as_str())
                }
                _ => None,
            };
            found.extend(text.map(normalise_fragment).filter(|text| !text.is_empty()));
        }
        found
    }

    /// The values of a key, a list laid flat.
    pub(crate) fn values<'g>(&self, node: &'g Node, key: &str) -> Vec<&'g Value> {
        let mut found = Vec::new();
        if let Some(value) = node.get(key) {
            lay_flat(value, 0, &mut found);
        }
        found
    }
}

/// The values of a list, and of lists in it.
fn lay_flat<'g>(value: &'g Value, depth: usize, found: &mut Vec<&'g Value>) {
    match value {
        Value::Null => {}
        Value::Array(values) if depth < MAX_DEPTH => {
            values.iter().for_each(|value| lay_flat(value, depth + 1, found));
        }
        value => found.push(value),
    }
}

/// The name of a person whose parts stand apart.
pub(crate) fn name_of_parts(node: &Node) -> Option<String> {
    let part = |key: &&str| node.get(*key)?.as_str().map(normalise_fragment);
    let parts: Vec<String> = ["givenName", "additionalName", "familyName"]
        .iter()
        .filter_map(part)
        .filter(|part| !part.is_empty())
        .collect();
    (parts.len() >= 2).then(|| parts.join(" "))
}

/// How surely a node is an article: 0 is not one.
fn rank(node: &Node) -> u8 {
    types(node)
        .map(|kind| match kind {
            "LiveBlogPosting" => 4,
            kind if kind.ends_with("NewsArticle") || kind == "Report" => 4,
            kind if kind.ends_with("Article") => 3,
            "BlogPosting" | "SocialMediaPosting" | "DiscussionForumPosting" => 3,
            "Review" | "Recipe" | "CreativeWork" | "ReportageNewsArticle" => 2,
            "WebPage" | "ItemPage" => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0)
}

/// The types of a node, without the vocabulary's address.
pub(crate) fn types(node: &Node) -> impl Iterator<Item = &str> {
    let values: &[Value] = match node.get("@type") {
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let name = |value: &'_ str| value.rfind(['/', '#', ':']).map_or(0, |at| at + 1);
    values.iter().filter_map(Value::as_str).map(move |value| &value[name(value)..])
}

/// Number of JSON-LD blocks of a page that cannot be read even after repair: the flaw
/// `metadata_broken`.
pub fn broken_json_ld(facts: &PageFacts) -> u32 {
    let broken = facts
        .json_ld
        .iter()
        .filter(|block| !block.trim().is_empty() && parse(block).is_none());
    u32::try_from(broken.count()).unwrap_or(u32::MAX)
}

fn parse(block: &str) -> Option<Value> {
    let block = block.trim();
    serde_json::from_str(block)
        .ok()
        .or_else(|| serde_json::from_str(&repaired(block)).ok())
}

/// Undoes what people do to JSON: comments around it, raw control characters inside
/// strings, commas before a closing bracket, a semicolon at the end.
fn repaired(block: &str) -> String {
    let block = block.replace("<![CDATA[", "").replace("]]>", "");
    let start = block.find(['{', '[']).unwrap_or(0);
    let end = block.rfind(['}', ']']).map_or(block.len(), |at| at + 1);
    let mut done = String::with_capacity(block.len());
    let mut in_string = false;
    let mut escaped = false;
    for c in block[start..end.max(start)].chars() {
        if in_string {
            done.push(if c.is_control() { ' ' } else { c });
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        if matches!(c, '}' | ']') {
            let kept = done.trim_end().trim_end_matches(',').len();
            done.truncate(kept);
        }
        in_string = c == '"';
        done.push(c);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(blocks: &[&str]) -> Graph {
        let json_ld = blocks.iter().map(|block| (*block).to_owned()).collect();
        Graph::of(&PageFacts { json_ld, ..PageFacts::default() })
    }

    #[test]
    fn references_are_followed_within_a_graph() {
        let graph = graph(&[
            r##"{"@graph":[{"@type":"Organization","@id":"#o","name":"The Ledger"},{"@type":["NewsArticle"],"headline":"Salt &amp; steel","publisher":{"@id":"#o"}}]}"##,
        ]);
        let article = graph.node(graph.article(None).expect("there is one"));
        assert_eq!(graph.text(article, "headline").as_deref(), Some("Salt & steel"));
        assert_eq!(graph.text(article, "publisher").as_deref(), Some("The Ledger"));
    }

    #[test]
    fn broken_json_is_mended_where_its_meaning_is_plain() {
        let graph =
            graph(&["<!-- {\"@type\":\"Article\",\n\"headline\":\"Two\nlines\",} -->"]);
        let article = graph.node(graph.article(None).expect("there is one"));
        assert_eq!(graph.text(article, "headline").as_deref(), Some("Two lines"));
        let json_ld = vec![r#"{"@type": "Article", "headline": "#.to_owned()];
        assert_eq!(broken_json_ld(&PageFacts { json_ld, ..PageFacts::default() }), 1);
    }

    #[test]
    fn the_article_with_the_title_of_the_page_is_the_one() {
        let graph = graph(&[
            r#"[{"@type":"NewsArticle","headline":"Another story of today"},{"@type":"Article","headline":"Cod quota cut by a third"}]"#,
        ]);
        let article = graph.article(Some("Cod quota cut by a third"));
        let article = graph.node(article.expect("there is one"));
        assert_eq!(
            graph.text(article, "headline").as_deref(),
            Some("Cod quota cut by a third")
        );
    }
}
