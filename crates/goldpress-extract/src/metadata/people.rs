//! Authors: the people who wrote the article.

use goldpress_model::{
    Field, FieldSource, FieldValue, Fields, Fragments, PageFacts, Role, Span,
};
use serde_json::Value;

use super::head::{metas, microdata};
use super::json_ld::{Graph, Node, name_of_parts, types};
use super::rules::Document;
use crate::blocks::letters;
use crate::bylines::{clean_names, is_pseudonym, read_byline};
use crate::lexicon::fold;

/// Names of `meta` elements that hold an author, in order of trust.
const META: [&str; 13] = [
    "article:author",
    "author",
    "byl",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "og:article:author",
    "article:author_name",
    "authors",
    "cxenseparse:author",
    "dc.contributor",
];

/// Adds the authors of the first source that names any.
///
/// Organisations, addresses, the outlet's own name and those who only took the pictures
/// are no authors.
pub(crate) fn read(document: &Document<'_>, fields: &mut Fields) {
    let stated = fields.take(Field::Authors);
    let names = stated.iter().flat_map(|author| {
        let clean = clean_names(&author.value);
        let is_handle = clean.is_empty() && is_pseudonym(&author.value);
        if is_handle { vec![author.value.clone()] } else { clean }
    });
    let names = names.collect();
    if add(document, fields, names, FieldSource::Record) {
        return;
    }
    if let Some(article) = document.article() {
        let (people, others) = of_node(&document.graph, article);
        // Who is called a person may have the outlet named after them.
        for name in people {
            let fragments = document.locate(&name, &[Role::Byline]);
            let (field, source) = (Field::Authors, FieldSource::JsonLd);
            fields.add(FieldValue { field, value: name, source, fragments });
        }
        let any = fields.get(Field::Authors).is_some();
        if add(document, fields, others, FieldSource::JsonLd) || any {
            return;
        }
    }
    if let Some(facts) = document.facts {
        for name in META {
            let mut source = FieldSource::Meta;
            let mut names = Vec::new();
            for (content, from) in metas(facts, &[name]) {
                source = from;
                names.extend(clean_names(&content));
            }
            // A first name or an account: the printed byline may say more.
            let is_short = |name: &String| !name.contains(' ');
            if names.iter().all(is_short) && fuller_byline(document, fields, &names) {
                return;
            }
            if add(document, fields, names, source) {
                return;
            }
        }
        let names = of_label(facts);
        if add(document, fields, names, FieldSource::Meta) {
            return;
        }
        let names = microdata(facts, "author").map(|name| clean_names(&name));
        if add(document, fields, names.unwrap_or_default(), FieldSource::Microdata) {
            return;
        }
    }
    of_bylines(document, fields);
    if fields.get(Field::Authors).is_none() {
        of_agencies(document, fields);
    }
}

/// Takes the names of the byline where one of them is a fuller form of a stated name.
fn fuller_byline(
    document: &Document<'_>,
    fields: &mut Fields,
    stated: &[String],
) -> bool {
    let mut printed = fields.clone();
    of_bylines(document, &mut printed);
    let is_fuller = |printed: &str| {
        stated.iter().any(|name| {
            printed.split(' ').count() > 1
                && printed.split(' ').any(|word| fold(word) == fold(name))
        })
    };
    let any = printed.all(Field::Authors).any(|value| is_fuller(&value.value));
    if any {
        *fields = printed;
    }
    any
}

/// Words of those who work for an outlet: no agency.
const STAFF: [&str; 12] = [
    "staff",
    "desk",
    "team",
    "editors",
    "editorial",
    "newsroom",
    "redaktion",
    "redaction",
    "rédaction",
    "redacción",
    "admin",
    "редакция",
];

/// The organisation that the page names as its author, where it names no person: an agency.
/// The outlet itself is none.
fn of_agencies(document: &Document<'_>, fields: &mut Fields) {
    let Some(article) = document.article() else { return };
    let outlet = fields.get(Field::Publisher).map(letters).unwrap_or_default();
    for key in ["author", "creator"] {
        for value in document.graph.values(article, key) {
            let Value::Object(node) = value else { continue };
            let node = document.graph.resolve(node);
            let is_organisation = types(node).any(|kind| kind.ends_with("Organization"));
            let name = document.graph.text(node, "name").filter(|_| is_organisation);
            let Some(name) = name else { continue };
            let own = letters(&name);
            let is_outlet = own == outlet || is_in_host(document, &own);
            let is_staff = fold(&name).split(' ').any(|word| STAFF.contains(&word));
            if !is_outlet && !is_staff && name.contains(' ') && !name.contains("://") {
                fields.state(Field::Authors, &name, FieldSource::JsonLd);
            }
        }
    }
}

/// `twitter:label1` says "Written by", and `twitter:data1` by whom.
fn of_label(facts: &PageFacts) -> Vec<String> {
    const LABELS: [&str; 8] = [
        "written by",
        "author",
        "by",
        "geschrieben von",
        "verfasst von",
        "écrit par",
        "escrito por",
        "scritto da",
    ];
    let value = |name: &str| metas(facts, &[name]).next().map(|found| found.0);
    let pairs =
        [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
    let data = pairs.iter().find_map(|(label, data)| {
        let label = value(label).filter(|label| LABELS.contains(&fold(label).as_str()));
        label.and_then(|_| value(data))
    });
    data.map(|data| clean_names(&data)).unwrap_or_default()
}

/// Names that the node calls a person's, and names of which it does not say whose.
fn of_node(graph: &Graph, article: &Node) -> (Vec<String>, Vec<String>) {
    let (mut people, mut others) = (Vec::new(), Vec::new());
    for key in ["author", "creator"] {
        for value in graph.values(article, key) {
            match value {
                Value::String(name) => others.extend(clean_names(name)),
                Value::Object(node) => {
                    let node = graph.resolve(node);
                    let name = graph.text(node, "name").or_else(|| name_of_parts(node));
                    let Some(name) = name else { continue };
                    if types(node).next().is_none() {
                        others.extend(clean_names(&name));
                    } else if types(node).any(|kind| kind == "Person") {
                        let clean = clean_names(&name);
                        let is_handle = clean.is_empty() && is_pseudonym(&name);
                        people.extend(if is_handle { vec![name] } else { clean });
                    }
                }
                _ => {}
            }
        }
        if !(people.is_empty() && others.is_empty()) {
            break;
        }
    }
    (people, others)
}

/// Takes names unless they are the outlet's; says whether any was taken.
fn add(
    document: &Document<'_>,
    fields: &mut Fields,
    names: Vec<String>,
    source: FieldSource,
) -> bool {
    let outlet = fields.get(Field::Publisher).map(letters).unwrap_or_default();
    let mut any = false;
    for name in names {
        let own = letters(&name);
        if own == outlet || is_in_host(document, &own) {
            continue;
        }
        let fragments = document.locate(&name, &[Role::Byline]);
        any |= fields.add(FieldValue {
            field: Field::Authors,
            value: name,
            source,
            fragments,
        });
    }
    any
}

/// `Harrow Vale Courier` writes at `harrowvalecourier.example`.
fn is_in_host(document: &Document<'_>, name: &str) -> bool {
    let host = document.url.and_then(|url| url.split('/').nth(2)).map(letters);
    name.len() >= 8 && host.is_some_and(|host| host.contains(name))
}

fn of_bylines(document: &Document<'_>, fields: &mut Fields) {
    for block in document.blocks.iter().filter(|block| block.role == Role::Byline) {
        let line = block.span.slice(document.text);
        let Some(byline) = read_byline(line) else { continue };
        let source =
            if block.path.is_some() { FieldSource::Html } else { FieldSource::Text };
        let outlet = fields.get(Field::Publisher).map(fold);
        let mut any = false;
        for range in byline.names {
            let start = block.span.start() + range.start;
            let span = Span::new(document.text, start, block.span.start() + range.end);
            let Ok(span) = span else { continue };
            let value = span.slice(document.text).to_owned();
            if outlet.as_deref() == Some(fold(&value).as_str()) {
                continue;
            }
            let fragments = Fragments::from(span);
            any |= fields.add(FieldValue {
                field: Field::Authors,
                value,
                source,
                fragments,
            });
        }
        // The first byline with a person is the article's; later ones are of teasers.
        if any {
            return;
        }
    }
}
