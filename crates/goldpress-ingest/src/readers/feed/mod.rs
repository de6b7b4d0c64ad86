//! Feeds: RSS 2.0 and 1.0, Atom, JSON Feed; one article an item.
//!
//! What stands in full (`content:encoded`, `content`) goes before what sums it up. A feed
//! that breaks off keeps the items before.

mod entry;
mod xml;

use std::path::Path;

use goldpress_model::{Origin, RejectReason};
use goldpress_text::Declared;
use serde_json::Value;

use self::entry::resolved;
use super::{
    Input, Reader, document, head_text,
    jsonl::from_value,
    pieces::{Kind, Pieces},
    xml::{from_root, tag_of},
};
use crate::{Item, Options, record::reject};

pub(super) struct Feed;

impl Reader for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn recognises(&self, head: &[u8], _: &Path) -> bool {
        let text = head_text(head);
        if text.starts_with('{') {
            return text.contains("jsonfeed.org/version");
        }
        let root = tag_of(from_root(&text)).map_or("", |(name, _)| name);
        ["rss", "feed", "atom:feed", "rdf:rdf"].contains(&root)
    }

    fn records<'a>(
        &self,
        input: Input<'a>,
        options: &'a Options,
    ) -> Box<dyn Iterator<Item = Item> + 'a> {
        let kind = Kind {
            media_type: "application/xml",
            declared: Declared { http: None, markup: true },
            records: &["item", "entry"],
        };
        Pieces::of(input, &kind, options, "the feed has no items", |text, raw| match text
            .trim_start()
            .starts_with('{')
        {
            true => json_items(text, &raw.origin, options),
            false => xml::items(text, &raw.origin),
        })
    }
}

/// The items of a JSON Feed (version 1.1).
fn json_items(text: &str, origin: &Origin, options: &Options) -> Vec<Item> {
    let parsed: Result<Value, _> = serde_json::from_str(text);
    let feed = match parsed {
        Ok(feed) => feed,
        Err(error) => {
            let raw =
                document(origin.clone(), text.as_bytes().to_vec(), "application/json");
            let what = format!("the feed is no JSON: {error}");
            return vec![Item::Reject(reject(&raw, RejectReason::BrokenRecord, what))];
        }
    };
    let items = feed.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let home = feed.get("home_page_url").and_then(Value::as_str);
    let home = home.and_then(|home| url::Url::parse(home).ok());
    let numbered = items.into_iter().zip(1..);
    numbered
        .map(|(item, record)| {
            let mut origin = origin.clone();
            origin.record = record;
            let raw = document(origin, item.to_string().into_bytes(), "application/json");
            let get = |key: &str| item.get(key).cloned().unwrap_or(Value::Null);
            let of_feed = |key: &str| feed.get(key).cloned().unwrap_or(Value::Null);
            let first = |values: [Value; 4]| {
                values.into_iter().find(|value| !value.is_null()).unwrap_or(Value::Null)
            };
            let address = get("url").as_str().map(|url| resolved(url, home.as_ref()));
            // Under the names that the last preset knows.
            let mut mapped = serde_json::json!({
                "text": get("content_text"), "html": get("content_html"),
                "title": get("title"), "summary": get("summary"), "url": address,
                "date_published": get("date_published"),
                "date_modified": get("date_modified"), "tags": get("tags"),
                "image": get("image"), "authors": first([
                    get("authors"), get("author"), of_feed("authors"), of_feed("author"),
                ]),
                "publisher": of_feed("title"),
                "language": first([
                    get("language"), of_feed("language"), Value::Null, Value::Null,
                ]),
            });
            if let Some(fields) = mapped.as_object_mut() {
                fields.retain(|_, value| !value.is_null());
            }
            from_value(raw, &mapped, options)
        })
        .collect()
}
