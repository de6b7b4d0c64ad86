//! Addresses: the article's own, and that of its picture.

use goldpress_model::{Field, FieldSource, Fields};
use serde_json::Value;

use super::head::{meta, microdata};
use super::rules::Document;

/// Adds `url`, `canonical_url` and `image`.
pub(crate) fn read(document: &Document<'_>, fields: &mut Fields) {
    if let Some(url) = document.url {
        fields.state(Field::Url, url, FieldSource::Record);
    }
    let Some(facts) = document.facts else { return };
    if let Some(saved) = &facts.saved_from {
        fields.state(Field::Url, saved, FieldSource::Html);
    }
    let base = fields.get(Field::Url).map(str::to_owned);
    let base = base.as_deref();
    let rel = |name: &str| {
        let is = |rel: &str| rel.split_whitespace().any(|word| word == name);
        facts.links.iter().find(|(rel, _)| is(rel)).map(|(_, href)| href.clone())
    };
    let article = document.article();
    let of_article =
        |key: &str| article.and_then(|article| address(document, article, key));
    let canonical = [
        (rel("canonical"), FieldSource::Meta),
        (meta(facts, &["og:url"]).map(|found| found.0), FieldSource::OpenGraph),
        (of_article("mainEntityOfPage"), FieldSource::JsonLd),
        (of_article("url"), FieldSource::JsonLd),
        (microdata(facts, "url"), FieldSource::Microdata),
    ];
    for (found, source) in canonical {
        if let Some(value) = found.and_then(|found| absolute(&found, base)) {
            fields.state(Field::CanonicalUrl, &value, source);
        }
    }
    let picture = meta(
        facts,
        &[
            "og:image",
            "og:image:secure_url",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
        ],
    );
    let images = [
        (of_article("image"), FieldSource::JsonLd),
        (
            picture.as_ref().map(|found| found.0.clone()),
            picture.map_or(FieldSource::Meta, |found| found.1),
        ),
        (rel("image_src"), FieldSource::Meta),
        (facts.image.clone(), FieldSource::Html),
    ];
    for (found, source) in images {
        if let Some(value) =
            found.and_then(|found| absolute(&found, base).or_else(|| relative(&found)))
        {
            fields.state(Field::Image, &value, source);
        }
    }
}

/// The address in a key: a string, an object with `url` or `@id`, the first of a list.
fn address(
    document: &Document<'_>,
    node: &super::json_ld::Node,
    key: &str,
) -> Option<String> {
    match document.graph.values(node, key).into_iter().next()? {
        Value::String(address) => Some(address.clone()),
        Value::Object(inner) => {
            let inner = document.graph.resolve(inner);
            ["url", "contentUrl", "@id"].iter().find_map(|key| match inner.get(*key)? {
                Value::String(address) => Some(address.clone()),
                Value::Array(all) => all.first()?.as_str().map(str::to_owned),
                _ => None,
            })
        }
        _ => None,
    }
}

/// An address with scheme and host; one without a host is put on the page's.
fn absolute(found: &str, base: Option<&str>) -> Option<String> {
    let found = found.trim();
    if found.starts_with("http://") || found.starts_with("https://") {
        return Some(found.to_owned());
    }
    let (scheme, rest) = base?.split_once("://")?;
    if let Some(after) = found.strip_prefix("//") {
        return Some(format!("{scheme}://{after}"));
    }
    let host = rest.split('/').next()?;
    found.starts_with('/').then(|| format!("{scheme}://{host}{found}"))
}

/// A picture may be stated relative to a page whose address nobody knows.
fn relative(found: &str) -> Option<String> {
    let found = found.trim();
    let is_data = found.starts_with("data:") || found.starts_with('#');
    (!found.is_empty() && !is_data).then(|| found.to_owned())
}
