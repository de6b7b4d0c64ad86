//! Standing texts: the shingles that many articles of one outlet share.
//!
//! Counted exactly, and only over documents that share a band with another of their outlet:
//! nothing else is ever compared. The counting is sorted, in memory or on disk, so that it
//! is as sure for millions of articles as for ten.

use std::io;

use super::{groups::Groups, sketches::Sketches};

/// Documents of an outlet from which a shingle that they share is standing text.
const COMMON: usize = 10;

/// Which shingles of which outlet are standing text.
pub(super) struct Standing {
    /// Sorted keys of [`key`].
    keys: Vec<u64>,
}

impl Standing {
    /// Counts the shingles of documents that meet another of their outlet in a band.
    ///
    /// `sources` holds the outlet of each document; those of no known outlet are taken as
    /// one. Keeps up to `memory` bytes of pairs in memory.
    pub(super) fn of(
        bands: &mut Groups,
        sketches: &Sketches,
        sources: &[Option<u32>],
        memory: usize,
    ) -> io::Result<Standing> {
        let mut meets = vec![false; sources.len()];
        bands.each(&mut |_, group| {
            let mut by_source = group.to_vec();
            by_source.sort_by_key(|document| sources[*document as usize]);
            let same = |a: &u32, b: &u32| sources[*a as usize] == sources[*b as usize];
            for of_source in by_source.chunk_by(same).filter(|some| some.len() > 1) {
                of_source.iter().for_each(|document| meets[*document as usize] = true);
            }
            Ok(())
        })?;
        let mut counts = Groups::within(memory);
        for (document, _) in (0..).zip(&meets).filter(|(_, meets)| **meets) {
            for shingle in sketches.shingles(document)? {
                counts.add(key(sources[document as usize], shingle), document)?;
            }
        }
        let mut keys = Vec::new();
        counts.each(&mut |key, documents| {
            keys.extend((documents.len() >= COMMON).then_some(key));
            Ok(())
        })?;
        Ok(Standing { keys })
    }

    /// Whether a shingle is standing text of an outlet.
    pub(super) fn holds(&self, source: Option<u32>, shingle: u32) -> bool {
        self.keys.binary_search(&key(source, shingle)).is_ok()
    }
}

/// An outlet and a shingle. No outlet has the last number: there are fewer than documents.
fn key(source: Option<u32>, shingle: u32) -> u64 {
    u64::from(source.unwrap_or(u32::MAX)) << 32 | u64::from(shingle)
}
