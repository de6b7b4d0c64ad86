//! Revisits: WARC records that say that a page was the same as before.
//!
//! The pages of an archive that may be meant are kept, the newest of them up to a bound,
//! by the digest and by the address that a revisit names.

use std::{
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use goldpress_model::RawDocument;

use crate::http::Headers;

/// Bytes of pages that are kept of one archive.
const KEPT_BYTES: usize = 64 << 20;

/// Pages that a later record may point to.
#[derive(Default)]
pub(super) struct Revisits {
    pages: HashMap<String, Rc<RawDocument>>,
    /// Keys in the order in which they came, each with the bytes of its page.
    order: VecDeque<(String, usize)>,
    n_bytes: usize,
}

impl Revisits {
    /// Keeps a page, if its record has a digest: others are not pointed to.
    pub(super) fn keep(&mut self, headers: &Headers, page: &RawDocument) {
        let Some(digest) = headers.get("warc-payload-digest") else { return };
        let page = Rc::new(page.clone());
        let keys = [Some(digest.to_owned()), page.url.clone()];
        for key in keys.into_iter().flatten() {
            self.n_bytes += page.bytes.len();
            self.order.push_back((key.clone(), page.bytes.len()));
            self.pages.insert(key, Rc::clone(&page));
        }
        while self.n_bytes > KEPT_BYTES
            && let Some((key, n_bytes)) = self.order.pop_front()
        {
            self.n_bytes -= n_bytes;
            // A key that came again stands further back as well.
            if !self.order.iter().any(|(other, _)| *other == key) {
                self.pages.remove(&key);
            }
        }
    }

    /// The page that a revisit points to.
    pub(super) fn find(&self, headers: &Headers) -> Option<&RawDocument> {
        let keys = ["warc-payload-digest", "warc-refers-to-target-uri"];
        let mut found = keys.iter().filter_map(|key| self.pages.get(headers.get(key)?));
        found.next().map(|page| &**page)
    }
}
