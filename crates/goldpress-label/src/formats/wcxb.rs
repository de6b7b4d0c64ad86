//! `wcxb`: ground truth of the Web Content eXtraction Benchmark, a file a page.
//!
//! Import only. Fields and the body as text; nothing has a place, so there are no offsets.
//! What is null there was looked for and is not stated.

use std::collections::BTreeMap;

use goldpress_model::{AttrValue, layer::METADATA};
use serde::Deserialize;

use serde_json::Value;

use super::{Draft, Foreign, Format, Misread, ReadOptions, Source, json_of, utf8};
use crate::units::Unit;

/// The format.
pub(super) struct Wcxb;

/// One page of the benchmark; other keys speak of how it was made.
#[derive(Deserialize)]
struct Page {
    ground_truth: Truth,
}

#[derive(Deserialize)]
struct Truth {
    title: Option<String>,
    author: Option<String>,
    publish_date: Option<String>,
    main_content: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

impl Format for Wcxb {
    fn name(&self) -> &'static str {
        "wcxb"
    }

    fn unit(&self) -> Option<Unit> {
        Some(Unit::CodePoint)
    }

    fn recognises(&self, source: &Source) -> bool {
        // A list would do as a page too: serde takes a list for the fields in order.
        let is_page = |value: &Value| value["ground_truth"].is_object();
        json_of(source).is_ok_and(|value| is_page(&value))
            && serde_json::from_slice::<Page>(&source.bytes).is_ok()
    }

    fn read(
        &self,
        source: &Source,
        _options: &ReadOptions,
    ) -> Result<Vec<Foreign>, Misread> {
        let text = utf8(&source.bytes)?;
        let page: Page = serde_json::from_str(text)
            .map_err(|error| Misread::new(error.line().max(1), error.to_string()))?;
        let Truth { title, author, publish_date, main_content, with, without } =
            page.ground_truth;
        let mut body = field("articleBody", main_content);
        for (name, snippets) in [("with", with), ("without", without)] {
            if !snippets.is_empty() {
                body.attrs.insert(name.to_owned(), AttrValue::List(snippets));
            }
        }
        let drafts = vec![
            field("headline", title),
            field("author", author),
            field("datePublished", publish_date),
            body,
        ];
        Ok(vec![Foreign { drafts, ..Foreign::default() }])
    }
}

fn field(label: &str, value: Option<String>) -> Draft {
    let value = value.filter(|value| !value.trim().is_empty());
    let value = value.map_or(AttrValue::Null, AttrValue::Text);
    Draft {
        line: 1,
        layer: Some(METADATA.to_owned()),
        label: label.to_owned(),
        attrs: BTreeMap::from([("value".to_owned(), value)]),
        ..Draft::default()
    }
}
