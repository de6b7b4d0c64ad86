//! The head: statements in `meta` and `link` elements, and in microdata.

use goldpress_model::{FieldSource, PageFacts};
use goldpress_text::normalise_fragment;

/// The values of `meta` elements with one of the names, names in order of trust.
pub(crate) fn metas<'f>(
    facts: &'f PageFacts,
    names: &'f [&'f str],
) -> impl Iterator<Item = (String, FieldSource)> + 'f {
    names.iter().flat_map(move |name| {
        let named = facts.metas.iter().filter(move |(found, _)| found == name);
        let source = source_of(name);
        named.filter_map(move |(_, content)| {
            let content = normalise_fragment(content);
            (!content.is_empty()).then_some((content, source))
        })
    })
}

/// The first of them.
pub(crate) fn meta(facts: &PageFacts, names: &[&str]) -> Option<(String, FieldSource)> {
    metas(facts, names).next()
}

/// The first value of microdata with that `itemprop`, letter case aside.
pub(crate) fn microdata(facts: &PageFacts, name: &str) -> Option<String> {
    let mut values = facts.microdata.iter();
    let found = values.find(|(prop, _)| prop.eq_ignore_ascii_case(name))?;
    let value = normalise_fragment(&found.1);
    (!value.is_empty()).then_some(value)
}

/// OpenGraph's own names, those of its article vocabulary among them; the rest is `meta`.
fn source_of(name: &str) -> FieldSource {
    if name.starts_with("og:") || name.starts_with("article:") {
        FieldSource::OpenGraph
    } else {
        FieldSource::Meta
    }
}
