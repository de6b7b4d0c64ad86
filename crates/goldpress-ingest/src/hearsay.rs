//! Hearsay: what is said of a document elsewhere than in its record, by its address.
//!
//! Sitemaps of news and the page lists of web archive collections know headlines and dates
//! of pages that lie in other files. What the record or the page says itself comes first.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read},
};

use goldpress_model::{Field, FieldSource, Fields};
use serde::Deserialize;
use url::Url;

use crate::{Content, Item, Record};

/// Addresses that are remembered; what is said of more is not heard.
const MOST_ADDRESSES: usize = 100_000;
/// What an entry of a sitemap is called whose article was told of it.
const JOINED: &str = "sitemap";
/// Bytes of a page list that are read.
const MOST_LIST_BYTES: u64 = 64 << 20;

/// What is said of documents.
#[derive(Debug, Default)]
pub(crate) struct Hearsay {
    by_address: HashMap<String, Said>,
}

#[derive(Debug)]
struct Said {
    fields: Fields,
    is_told: bool,
}

impl Hearsay {
    /// What a page list of WACZ says: a line of JSON a page, with address and title.
    pub(crate) fn of_page_list(list: impl Read) -> Hearsay {
        #[derive(Deserialize)]
        struct Page {
            url: String,
            title: String,
        }
        let mut hearsay = Hearsay::default();
        for line in BufReader::new(list.take(MOST_LIST_BYTES)).split(b'\n') {
            let Ok(line) = line else { break };
            // The first line says what the list is, and has no address.
            let Ok(page) = serde_json::from_slice::<Page>(&line) else { continue };
            let mut fields = Fields::new();
            fields.state(Field::Headline, &page.title, FieldSource::Record);
            hearsay.hear(&page.url, fields);
        }
        hearsay
    }

    /// Remembers what is said of an address; what was said first stands.
    pub(crate) fn hear(&mut self, address: &str, fields: Fields) {
        if self.by_address.len() < MOST_ADDRESSES {
            let said = Said { fields, is_told: false };
            self.by_address.entry(key(address)).or_insert(said);
        }
    }

    /// An item that was told what is said of it; a record that said so itself, and was
    /// heard, holds no document and is one apart.
    pub(crate) fn told(&mut self, item: Item) -> Item {
        match item {
            Item::Record(mut record) if record.content != Content::Elsewhere => {
                self.tell(&mut record);
                Item::Record(record)
            }
            Item::Record(record)
                if record.raw.url.as_deref().is_some_and(|url| self.is_told(url)) =>
            {
                Item::Apart(JOINED.to_owned())
            }
            item => item,
        }
    }

    /// Tells a record what is said of its address.
    pub(crate) fn tell(&mut self, record: &mut Record) {
        if self.by_address.is_empty() {
            return;
        }
        let stated =
            [Field::Url, Field::CanonicalUrl].map(|field| record.stated.get(field));
        let addresses =
            record.raw.url.as_deref().into_iter().chain(stated.into_iter().flatten());
        let found = addresses.map(key).find(|key| self.by_address.contains_key(key));
        if let Some(said) = found.and_then(|key| self.by_address.get_mut(&key)) {
            said.is_told = true;
            record.hearsay = said.fields.clone();
        }
    }

    /// Whether a record was told what is said of an address.
    fn is_told(&self, address: &str) -> bool {
        self.by_address.get(&key(address)).is_some_and(|said| said.is_told)
    }
}

/// An address without what differs between links to one page.
fn key(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return address.to_owned() };
    let host = url.host_str().unwrap_or("").trim_start_matches("www.");
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{host}{}{query}", url.path().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn links_to_one_page_have_one_key() {
        for address in [
            "https://www.sound.example/a/",
            "http://sound.example/a#top",
            "HTTPS://Sound.Example/a",
        ] {
            assert_eq!(key(address), "sound.example/a", "{address}");
        }
        assert_ne!(
            key("https://sound.example/a?id=1"),
            key("https://sound.example/a?id=2")
        );
    }
}
