//! `metadata-rules`: fields from the record, the head, the markup and the words.
//!
//! For each field the most trusted source that states it wins: record, JSON-LD,
//! OpenGraph, other `meta`, microdata, elements, text. What is not stated stays empty: a
//! wrong author is worse than none. It cannot read a name from a picture, an address from
//! a script, or a date from the address of the page. Word lists: `bylines.toml`,
//! `date-words.toml`, our own.

use std::collections::BTreeMap;

use goldpress_model::{
    Block, Extraction, Field, FieldClaim, FieldSource, FieldValue, Fields, Fragments,
    PageFacts, Role, Span,
};

use super::head::{meta, metas, microdata};
use super::json_ld::{Graph, Node};
use super::{addresses, dates, people, titles, visible};
use crate::blocks::letters;
use crate::{Extractor, Task, View};

/// The competitor of the metadata task.
#[derive(Debug)]
pub(crate) struct MetadataRules;

impl Extractor for MetadataRules {
    fn name(&self) -> &'static str {
        "metadata-rules"
    }

    fn version(&self) -> &'static str {
        "2"
    }

    fn tasks(&self) -> &'static [Task] {
        &[Task::Metadata]
    }

    fn extract(&self, view: View<'_>) -> Extraction {
        let fields =
            read_fields(view.text, view.blocks, view.facts, view.stated, view.url);
        let claim = |field: Field| {
            let values: Vec<String> =
                fields.all(field).map(|found| found.value.clone()).collect();
            match values.as_slice() {
                [] => FieldClaim::Null,
                [value] if !field.is_list() => FieldClaim::One(value.clone()),
                _ => FieldClaim::Many(values),
            }
        };
        let claims: BTreeMap<Field, FieldClaim> =
            Field::ALL.iter().map(|field| (*field, claim(*field))).collect();
        Extraction { fields: Some(claims), ..Extraction::default() }
    }
}

/// An article as the readers of fields see it.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    /// Blocks with their roles.
    pub(crate) blocks: &'a [Block],
    pub(crate) facts: Option<&'a PageFacts>,
    pub(crate) url: Option<&'a str>,
    pub(crate) graph: Graph,
    /// The node of the graph that speaks of this article.
    article: Option<usize>,
}

/// Everything that the document states about itself, each value with its source and,
/// where it stands in the text, its place.
///
/// `blocks` carry the roles that a labeller gave them; `stated` is what the record said
/// and is kept, cleaned. Dates are ISO 8601 as precise as stated.
pub fn read_fields(
    text: &str,
    blocks: &[Block],
    facts: Option<&PageFacts>,
    stated: &Fields,
    url: Option<&str>,
) -> Fields {
    let graph = facts.map(Graph::of).unwrap_or_default();
    let mut document = Document { text, blocks, facts, url, graph, article: None };
    let title = document.title_span().map(|(span, _)| span.slice(text));
    let title = title.or(facts.and_then(|facts| facts.title.as_deref()));
    document.article = document.graph.article(title);
    let mut fields = stated.clone();
    read_publisher(&document, &mut fields);
    titles::read_headline(&document, &mut fields);
    titles::read_alternative(&document, &mut fields);
    read_language(&document, &mut fields);
    let language = fields.get(Field::Language).unwrap_or("und").to_owned();
    people::read(&document, &mut fields);
    dates::read(&document, &mut fields, &language);
    visible::read_dateline(&document, &mut fields, &language);
    read_section(&document, &mut fields);
    read_keywords(&document, &mut fields);
    read_description(&document, &mut fields);
    addresses::read(&document, &mut fields);
    visible::read_caption(&document, &mut fields);
    visible::read_correction(&document, &mut fields);
    fields
}

impl Document<'_> {
    /// The node of the page's structured data that speaks of this article.
    pub(crate) fn article(&self) -> Option<&Node> {
        self.article.map(|at| self.graph.node(at))
    }

    /// Index of the block that is the title.
    pub(crate) fn title_index(&self) -> Option<usize> {
        self.blocks.iter().position(|block| block.role == Role::Title)
    }

    /// The printed title, and whether it came from markup.
    pub(crate) fn title_span(&self) -> Option<(Span, bool)> {
        let block = &self.blocks[self.title_index()?];
        Some((block.span, block.path.is_some()))
    }

    /// Index of the first paragraph after the title; the number of blocks if none is.
    pub(crate) fn first_paragraph(&self) -> usize {
        let from = self.title_index().map_or(0, |title| title + 1);
        let is_text = |block: &Block| block.role == Role::Paragraph;
        let found = self.blocks.iter().skip(from).position(is_text);
        found.map_or(self.blocks.len(), |at| at + from)
    }

    /// Where a value stands in a block of one of the roles, if it stands there.
    pub(crate) fn locate(&self, value: &str, roles: &[Role]) -> Fragments {
        for block in self.blocks.iter().filter(|block| roles.contains(&block.role)) {
            let Some(at) = block.span.slice(self.text).find(value) else { continue };
            let start = block.span.start() + at;
            if let Ok(span) = Span::new(self.text, start, start + value.len()) {
                return Fragments::from(span);
            }
        }
        Fragments::none()
    }
}

fn read_publisher(document: &Document<'_>, fields: &mut Fields) {
    let is_name =
        |name: &str| !name.contains("://") && name.chars().any(char::is_alphabetic);
    if let Some(article) = document.article() {
        let name = document.graph.text(article, "publisher");
        if let Some(name) = name.filter(|name| is_name(name)) {
            fields.state(Field::Publisher, &name, FieldSource::JsonLd);
        }
    }
    let Some(facts) = document.facts else { return };
    let names = [
        "og:site_name",
        "dc.publisher",
        "citation_publisher",
        "publisher",
        "application-name",
    ];
    for (name, source) in metas(facts, &names).filter(|found| is_name(&found.0)) {
        fields.state(Field::Publisher, &name, source);
    }
    for kind in ["NewsMediaOrganization", "WebSite"] {
        let node = document.graph.of_type(kind);
        let name = node.and_then(|node| document.graph.text(node, "name"));
        if let Some(name) = name.filter(|name| is_name(name)) {
            fields.state(Field::Publisher, &name, FieldSource::JsonLd);
        }
    }
    if let Some(name) = microdata(facts, "publisher").filter(|name| name.len() < 60) {
        fields.state(Field::Publisher, &name, FieldSource::Microdata);
    }
}

/// The language as stated, else as detected.
fn read_language(document: &Document<'_>, fields: &mut Fields) {
    if let Some(facts) = document.facts {
        let article = document.article();
        let in_language =
            article.and_then(|article| document.graph.text(article, "inLanguage"));
        let stated = [
            (facts.lang.clone(), FieldSource::Html),
            (meta(facts, &["og:locale"]).map(|found| found.0), FieldSource::OpenGraph),
            (in_language, FieldSource::JsonLd),
            (
                meta(facts, &["content-language", "language", "dc.language"])
                    .map(|found| found.0),
                FieldSource::Meta,
            ),
        ];
        for (tag, source) in stated {
            if let Some(tag) = tag.as_deref().and_then(language_tag) {
                fields.state(Field::Language, &tag, source);
            }
        }
    }
    if fields.get(Field::Language).is_none() {
        let mut words = String::new();
        for block in document.blocks.iter().filter(|block| block.role.is_main()) {
            words.push_str(block.span.slice(document.text));
            words.push('\n');
            if words.len() > 4000 {
                break;
            }
        }
        let sample = if words.trim().is_empty() { document.text } else { &words };
        let cut = crate::dates::floor_boundary(sample, 6000);
        let tag = goldpress_text::language(&sample[..cut]).tag;
        fields.state(Field::Language, &tag, FieldSource::Document);
    }
}

/// A BCP 47 tag in its usual letter case: `en_GB` is `en-GB`.
fn language_tag(stated: &str) -> Option<String> {
    let stated = stated.split([',', ';', '.']).next()?.trim().replace('_', "-");
    let mut parts = stated.split('-');
    let primary = parts.next()?;
    if !(2..=3).contains(&primary.len())
        || !primary.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return None;
    }
    let mut tag = primary.to_ascii_lowercase();
    for part in parts {
        let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let part = match part.len() {
            _ if !is_word => return Some(tag),
            2 => part.to_ascii_uppercase(),
            4 => part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase(),
            3 | 5..=8 => part.to_ascii_lowercase(),
            _ => return Some(tag),
        };
        tag = format!("{tag}-{part}");
    }
    Some(tag)
}

fn read_section(document: &Document<'_>, fields: &mut Fields) {
    if let Some(article) = document.article()
        && let Some(section) = document.graph.text(article, "articleSection")
    {
        fields.state(Field::Section, &section, FieldSource::JsonLd);
    }
    let Some(facts) = document.facts else { return };
    let names = [
        "article:section",
        "og:article:section",
        "parsely-section",
        "section",
        "cxenseparse:section",
    ];
    if let Some((section, source)) =
        meta(facts, &names).filter(|found| found.0.len() < 60)
    {
        fields.state(Field::Section, &section, source);
    }
    if let Some(section) = microdata(facts, "articlesection") {
        fields.state(Field::Section, &section, FieldSource::Microdata);
    }
    if let Some(section) = last_breadcrumb(document, fields) {
        fields.state(Field::Section, &section, FieldSource::JsonLd);
    }
}

/// The last step of the breadcrumbs that is neither the home page nor the article.
fn last_breadcrumb(document: &Document<'_>, fields: &Fields) -> Option<String> {
    let list = document.graph.of_type("BreadcrumbList")?;
    let title = fields.get(Field::Headline).map(letters).unwrap_or_default();
    let outlet = fields.get(Field::Publisher).map(letters).unwrap_or_default();
    let steps = document.graph.values(list, "itemListElement");
    let mut names = steps.into_iter().rev().filter_map(|step| {
        let step = step.as_object()?;
        document.graph.text(step, "name").or_else(|| document.graph.text(step, "item"))
    });
    let is_section = |name: &String| {
        let own = letters(name);
        let is_title =
            own.len() >= 8 && (title.starts_with(&own) || own.starts_with(&title));
        let is_home = matches!(
            own.as_str(),
            "home" | "homepage" | "startseite" | "accueil" | "inicio"
        );
        !is_title && !is_home && own != outlet && name.len() < 60 && !name.contains("://")
    };
    names.find(is_section)
}

fn read_keywords(document: &Document<'_>, fields: &mut Fields) {
    if fields.get(Field::Keywords).is_some() {
        return;
    }
    let add = |fields: &mut Fields, stated: Vec<String>, source: FieldSource| {
        for tag in stated.iter().flat_map(|tags| tags.split([',', ';', '、', '،'])) {
            let tag = tag.trim();
            if tag.chars().count() <= 60 {
                fields.state(Field::Keywords, tag, source);
            }
        }
        fields.get(Field::Keywords).is_some()
    };
    if let Some(article) = document.article() {
        let tags = document.graph.texts(article, "keywords");
        if add(fields, tags, FieldSource::JsonLd) {
            return;
        }
    }
    if let Some(facts) = document.facts {
        for name in ["article:tag", "news_keywords", "parsely-tags", "keywords"] {
            let found: Vec<(String, FieldSource)> = metas(facts, &[name]).collect();
            let source = found.first().map_or(FieldSource::Meta, |found| found.1);
            if add(fields, found.into_iter().map(|found| found.0).collect(), source) {
                return;
            }
        }
    }
    let leads = [
        "tags:",
        "tagged:",
        "schlagwörter:",
        "schlagworte:",
        "etiquetas:",
        "теги:",
        "الوسوم:",
        "タグ：",
        "タグ:",
        "标签：",
        "标签:",
    ];
    for block in document.blocks.iter().filter(|block| block.role == Role::Nav) {
        let line = block.span.slice(document.text);
        let folded = line.to_lowercase();
        let Some(lead) = leads.iter().find(|lead| folded.starts_with(**lead)) else {
            continue;
        };
        let after = line
            .char_indices()
            .nth(lead.chars().count())
            .map_or("", |(at, _)| &line[at..]);
        let source = visible::source_of(block);
        if add(fields, vec![after.to_owned()], source) {
            return;
        }
    }
}

fn read_description(document: &Document<'_>, fields: &mut Fields) {
    let mut stated = Vec::new();
    if let Some(article) = document.article() {
        let text = document.graph.text(article, "description");
        stated.extend(text.map(|text| (text, FieldSource::JsonLd)));
    }
    if let Some(facts) = document.facts {
        let names =
            ["og:description", "description", "twitter:description", "dc.description"];
        stated.extend(metas(facts, &names));
        stated.extend(
            microdata(facts, "description").map(|text| (text, FieldSource::Microdata)),
        );
    }
    for (value, source) in stated {
        let fragments = document.locate(&value, &[Role::Subtitle]);
        fields.add(FieldValue { field: Field::Description, value, source, fragments });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_take_their_usual_form() {
        for (stated, tag) in [
            ("en_GB", Some("en-GB")),
            ("EN-us", Some("en-US")),
            ("zh-hans-cn", Some("zh-Hans-CN")),
            ("de", Some("de")),
            ("English", None),
            ("", None),
        ] {
            assert_eq!(language_tag(stated).as_deref(), tag, "{stated}");
        }
    }
}
