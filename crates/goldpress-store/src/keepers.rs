//! Keepers: the first document of every text and of every body, however many there are.
//!
//! A row is a copy where an earlier one has its text, or its body if that is not empty: so
//! the rows that are no copies have one `doc_id` each.
//!
//! The newest stand in memory; when they are many they are sorted into a file and looked
//! up there by a sparse index. A lookup costs one short read for each such file.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
};

use goldpress_model::{Article, Digest};

/// Bodies in memory: the most for which a hash map does not grow beyond 2²¹ places, some
/// 70 MB, and half as much again while they are sorted.
const FRESH: usize = 7 << 18;
/// Bytes of a body's digest and of its document's.
const ENTRY_BYTES: usize = 32;
/// Entries of a file that are read together.
const BLOCK: usize = 128;

/// Body or text → document of the first row that has it.
pub(crate) struct Keepers {
    fresh: HashMap<[u8; 16], [u8; 16]>,
    sorted: Vec<Sorted>,
    limit: usize,
}

/// Bodies in a file, sorted.
struct Sorted {
    file: File,
    n_entries: usize,
    /// The first body of every block.
    firsts: Vec<[u8; 16]>,
}

impl Keepers {
    pub(crate) fn new() -> Keepers {
        Keepers::with_limit(FRESH)
    }

    fn with_limit(limit: usize) -> Keepers {
        Keepers { fresh: HashMap::new(), sorted: Vec::new(), limit }
    }

    /// The document of which an article is a copy; of its own copies it is the keeper from
    /// now on.
    pub(crate) fn of(&mut self, article: &Article) -> io::Result<Option<Digest>> {
        let body = (!article.body().is_empty()).then(|| article.body_id());
        self.keeper(article.doc_id(), body)
    }

    fn keeper(
        &mut self,
        document: Digest,
        body: Option<Digest>,
    ) -> io::Result<Option<Digest>> {
        let id = *document.as_bytes();
        // A text that is its own body is found under its body: most plain texts are.
        let as_body = self.find(&id)?;
        if as_body == Some(id) {
            return Ok(Some(document));
        }
        if let Some(keeper) = self.find(&text_key(id))? {
            return Ok(Some(Digest::from(keeper)));
        }
        let body = body.map(|body| *body.as_bytes());
        let by_body = match body {
            Some(body) if body == id => as_body,
            Some(body) => self.find(&body)?,
            None => None,
        };
        if let Some(keeper) = by_body {
            return Ok(Some(Digest::from(keeper)));
        }
        if let Some(body) = body {
            self.insert(body, id)?;
        }
        if body != Some(id) {
            self.insert(text_key(id), id)?;
        }
        Ok(None)
    }

    fn find(&self, key: &[u8; 16]) -> io::Result<Option<[u8; 16]>> {
        if let Some(keeper) = self.fresh.get(key) {
            return Ok(Some(*keeper));
        }
        for sorted in &self.sorted {
            if let Some(keeper) = sorted.find(key)? {
                return Ok(Some(keeper));
            }
        }
        Ok(None)
    }

    fn insert(&mut self, key: [u8; 16], document: [u8; 16]) -> io::Result<()> {
        self.fresh.insert(key, document);
        if self.fresh.len() >= self.limit {
            let mut entries: Vec<_> = self.fresh.drain().collect();
            entries.sort_unstable();
            self.sorted.push(Sorted::write(&entries)?);
        }
        Ok(())
    }
}

/// The key of a text, other than that of the same text as a body.
fn text_key(id: [u8; 16]) -> [u8; 16] {
    id.map(|byte| !byte)
}

impl Sorted {
    /// Writes entries to a file that nobody else sees and that goes with the process.
    fn write(entries: &[([u8; 16], [u8; 16])]) -> io::Result<Sorted> {
        let mut writer = BufWriter::new(tempfile::tempfile()?);
        for (body, document) in entries {
            writer.write_all(body)?;
            writer.write_all(document)?;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        let firsts = entries.iter().step_by(BLOCK).map(|(body, _)| *body).collect();
        Ok(Sorted { file, n_entries: entries.len(), firsts })
    }

    fn find(&self, body: &[u8; 16]) -> io::Result<Option<[u8; 16]>> {
        let Some(block) =
            self.firsts.partition_point(|first| first <= body).checked_sub(1)
        else {
            return Ok(None);
        };
        let n = BLOCK.min(self.n_entries - block * BLOCK);
        let mut bytes = [0; BLOCK * ENTRY_BYTES];
        let bytes = &mut bytes[..n * ENTRY_BYTES];
        self.file.read_exact_at(bytes, (block * BLOCK * ENTRY_BYTES) as u64)?;
        let (entries, _) = bytes.as_chunks::<ENTRY_BYTES>();
        let found = entries.binary_search_by(|entry| entry[..16].cmp(body));
        Ok(found.ok().map(|at| entries[at][16..].try_into().expect("has sixteen bytes")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_document_of_a_body_is_found_in_memory_and_on_disk() {
        let mut keepers = Keepers::with_limit(300);
        for round in 0..3 {
            for n in 0..1000 {
                let document = digest(n + 10_000 * (round + 1));
                let first = (round > 0).then(|| digest(n + 10_000));
                let found = keepers.keeper(document, Some(digest(n)));
                assert_eq!(found.expect("can be read"), first, "{n} in round {round}");
            }
        }
        assert_eq!((keepers.sorted.len(), keepers.fresh.len()), (6, 200));
    }

    /// Rows of a text and a body by number, 0 for an empty one: whose copy each is.
    #[test]
    fn a_text_has_one_keeper_whatever_its_body() {
        let mut keepers = Keepers::with_limit(3);
        let rows = [
            ((1, 0), None),
            ((1, 0), Some(1)),
            ((2, 0), None),
            ((1, 9), Some(1)),
            ((3, 9), None),
            ((4, 9), Some(3)),
            ((5, 5), None),
            ((5, 0), Some(5)),
            ((6, 5), Some(5)),
            ((7, 8), None),
            // Its text is the body of an earlier row, its body is none.
            ((8, 0), None),
            ((8, 8), Some(8)),
            ((3, 0), Some(3)),
        ];
        for ((text, body), copy_of) in rows {
            let body = (body > 0).then(|| digest(body));
            let found = keepers.keeper(digest(text), body).expect("can be read");
            assert_eq!(found, copy_of.map(digest), "{text}");
        }
    }

    fn digest(n: u32) -> Digest {
        Digest::of(&n.to_le_bytes())
    }
}
