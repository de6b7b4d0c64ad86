//! The numbers of spaCy's strings: a few are symbols, all others have a hash.
//!
//! # Source
//!
//! MurmurHash64A (Austin Appleby, public domain) over UTF-8 with seed 1, as spaCy hashes;
//! the symbols are listed in `symbols.txt`.

use std::{collections::BTreeMap, sync::OnceLock};

/// Number of a string in every vocabulary of spaCy.
pub(super) fn number(text: &str) -> u64 {
    static SYMBOLS: OnceLock<BTreeMap<&str, u64>> = OnceLock::new();
    let symbols = SYMBOLS.get_or_init(|| {
        include_str!("symbols.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(number, name)| Some((name, number.parse().ok()?)))
            .collect()
    });
    match text {
        "" => 0,
        text => symbols.get(text).copied().unwrap_or_else(|| hash(text.as_bytes())),
    }
}

/// The mixing constant of MurmurHash64A.
const MIX: u64 = 0xc6a4_a793_5bd1_e995;
/// Its shift.
const SHIFT: u32 = 47;
/// spaCy's seed.
const SEED: u64 = 1;

fn hash(bytes: &[u8]) -> u64 {
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(MIX);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let mut word = u64::from_le_bytes(*word).wrapping_mul(MIX);
        word = (word ^ (word >> SHIFT)).wrapping_mul(MIX);
        hash = (hash ^ word).wrapping_mul(MIX);
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(MIX);
    }
    hash = (hash ^ (hash >> SHIFT)).wrapping_mul(MIX);
    hash ^ (hash >> SHIFT)
}

#[cfg(test)]
mod tests {
    use super::number;

    /// From a DocBin that spaCy 3 wrote.
    #[test]
    fn numbers_are_those_of_spacy() {
        assert_eq!(number("content"), 2_176_117_690_672_942_768);
        assert_eq!(number("statement"), 13_343_511_457_034_852_349);
        assert_eq!(number("FAC"), 9_191_306_739_292_312_949);
        assert_eq!(number("ORG"), 383);
        assert_eq!(number(""), 0);
    }
}
