//! Random numbers: SplitMix64, any word of which can be had without the ones before it.
//!
//! Results therefore do not depend on the number of threads.
//!
//! # Source
//!
//! Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators".

/// Word `at` of a seed, counted from 0.
///
/// ```
/// use goldpress_eval::statistics::random::word;
///
/// assert_eq!(word(42, 0), 0xbdd7_3226_2feb_6e95);
/// ```
pub fn word(seed: u64, at: u64) -> u64 {
    let step = at.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = seed.wrapping_add(step);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What a seed is used for: uses never share a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Masks of permutation tests.
    Permutation,
    /// Resamples of the bootstrap.
    Bootstrap,
    /// The documents of a benchmark.
    Sample,
    /// The order of systems in a benchmark.
    Order,
}

impl Stream {
    /// The seed of this stream.
    pub fn seed(self, seed: u64) -> u64 {
        word(seed, self as u64)
    }
}

/// Numbers drawn one after the other from one seed.
#[derive(Debug, Clone)]
pub struct Draws {
    seed: u64,
    next: u64,
}

impl Draws {
    /// Starts at the seed's word 0.
    pub fn new(seed: u64) -> Draws {
        Draws { seed, next: 0 }
    }

    /// A number below `n`, each equally likely; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // Words in the last, incomplete run of `n` would favour small numbers.
        let reject = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let wide = u128::from(word(self.seed, self.next)) * u128::from(n);
            self.next += 1;
            if wide as u64 >= reject {
                return (wide >> 64) as u64;
            }
        }
    }

    /// Shuffles by Fisher and Yates, from the last place down.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}
