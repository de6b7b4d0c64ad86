//! Keepers: the first document of every body, however many bodies there are.
//!
//! The newest stand in memory; when they are many they are sorted into a file and looked
//! up there by a sparse index. A lookup costs one short read for each such file.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Write},
    os::unix::fs::FileExt,
};

use goldpress_model::Digest;

/// Bodies in memory: the most for which a hash map does not grow beyond 2²¹ places, some
/// 70 MB, and half as much again while they are sorted.
const FRESH: usize = 7 << 18;
/// Bytes of a body's digest and of its document's.
const ENTRY_BYTES: usize = 32;
/// Entries of a file that are read together.
const BLOCK: usize = 128;

/// Body → document of the first row that has it.
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

    /// The document that has this body already; else it is `document` from now on.
    pub(crate) fn keeper(
        &mut self,
        body: Digest,
        document: Digest,
    ) -> io::Result<Option<Digest>> {
        let body = *body.as_bytes();
        if let Some(keeper) = self.fresh.get(&body) {
            return Ok(Some(Digest::from(*keeper)));
        }
        for sorted in &self.sorted {
            if let Some(keeper) = sorted.find(&body)? {
                return Ok(Some(Digest::from(keeper)));
            }
        }
        self.fresh.insert(body, *document.as_bytes());
        if self.fresh.len() >= self.limit {
            let mut entries: Vec<_> = self.fresh.drain().collect();
            entries.sort_unstable();
            self.sorted.push(Sorted::write(&entries)?);
        }
        Ok(None)
    }
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
        let digest = |n: u32| Digest::of(&n.to_le_bytes());
        let mut keepers = Keepers::with_limit(300);
        for round in 0..3 {
            for n in 0..2000 {
                let document = digest(n + 10_000 * (round + 1));
                let first = (round > 0).then(|| digest(n + 10_000));
                let found = keepers.keeper(digest(n), document).expect("can be read");
                assert_eq!(found, first, "{n} in round {round}");
            }
        }
        assert_eq!((keepers.sorted.len(), keepers.fresh.len()), (6, 200));
    }
}
