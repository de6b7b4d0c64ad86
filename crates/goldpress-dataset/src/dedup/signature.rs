//! Signatures: a text's shingles in 128 numbers, of which near-copies share most.
//!
//! # Source
//!
//! Broder (1997), "On the resemblance and containment of documents": the share of equal
//! minima under random permutations estimates the Jaccard similarity of two sets. A
//! permutation is a multiplication modulo 2³² by an odd number and a shift, of the low half
//! of a shingle's hash (compare Dietzfelbinger and others, 1997).

use pulp::{Arch, Simd, WithSimd};

/// Number of permutations, and of minima in a signature.
pub const PERMUTATIONS: usize = 128;
/// Bands that a signature is cut into: two texts of similarity `s` meet in one of them
/// with probability `1 − (1 − s⁴)³²`: .9999 at .7, .87 at .5, .23 at .3.
pub const BANDS: usize = 32;
const ROWS: usize = PERMUTATIONS / BANDS;

/// The least value of every permutation over the shingles of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u32; PERMUTATIONS]);

/// Factors and summands of the permutations.
struct Permutations {
    factors: [u32; PERMUTATIONS],
    summands: [u32; PERMUTATIONS],
}

static FIXED: Permutations = permutations();

/// The permutations, from a fixed seed: signatures of any two runs can be compared.
const fn permutations() -> Permutations {
    let mut made =
        Permutations { factors: [0; PERMUTATIONS], summands: [0; PERMUTATIONS] };
    let mut state = 0x676f_6c64_7072_6573;
    let mut n = 0;
    while n < PERMUTATIONS {
        state = split_mix(state);
        // An odd factor loses no bit.
        made.factors[n] = (mixed(state) >> 32) as u32 | 1;
        state = split_mix(state);
        made.summands[n] = mixed(state) as u32;
        n += 1;
    }
    made
}

/// SplitMix64 (Steele, Lea and Flood, 2014): the next state, and the number in a state.
const fn split_mix(state: u64) -> u64 {
    state.wrapping_add(0x9e37_79b9_7f4a_7c15)
}

const fn mixed(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The minima over some shingles, compiled once for each width of vectors.
struct Least<'s> {
    shingles: &'s [u32],
}

impl WithSimd for Least<'_> {
    type Output = [u32; PERMUTATIONS];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [u32; PERMUTATIONS] {
        let mut least = [u32::MAX; PERMUTATIONS];
        for shingle in self.shingles {
            let permutations = FIXED.factors.iter().zip(&FIXED.summands);
            for (least, (factor, summand)) in least.iter_mut().zip(permutations) {
                *least =
                    (*least).min(shingle.wrapping_mul(*factor).wrapping_add(*summand));
            }
        }
        least
    }
}

impl Signature {
    /// The signature of a set of shingles; repeats change nothing. All ones for none.
    ///
    /// Costs 128 multiplications of 32 bits a shingle, as many at a time as the machine
    /// can.
    pub fn of(shingles: &[u32]) -> Signature {
        Signature(Arch::new().dispatch(Least { shingles }))
    }

    /// The estimated Jaccard similarity: a share in `0.0..=1.0` whose standard error is at
    /// most .044.
    pub fn similarity(&self, other: &Signature) -> f32 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        equal as f32 / PERMUTATIONS as f32
    }

    /// A key for each band: texts that share one are looked at more closely.
    pub fn band_keys(&self) -> impl Iterator<Item = u64> {
        self.0.chunks_exact(ROWS).zip(0_u64..).map(|(rows, band)| {
            rows.iter().fold(mixed(band + 1), |key, least| {
                mixed(split_mix(key ^ u64::from(*least)))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_minima_estimate_the_share_of_equal_shingles() {
        for percent in [10, 30, 50, 70, 90, 100] {
            let (mut off, mut squares) = (0.0, 0.0);
            for round in 0..20_u32 {
                // Sets of a thousand of which `percent` per cent of the union is shared.
                let scatter = |n: u32| (mixed(u64::from(n) + 1) >> 32) as u32;
                let base = round * 10_000;
                let shared = base..base + 10 * percent;
                let own =
                    |from: u32| base + from..base + from + (1000 - 10 * percent) / 2;
                let sketch = |set: Vec<u32>| Signature::of(&set);
                let one = sketch(shared.clone().chain(own(2000)).map(scatter).collect());
                let two = sketch(shared.chain(own(5000)).map(scatter).collect());
                let error = one.similarity(&two) - percent as f32 / 100.0;
                off += error / 20.0;
                squares += error * error / 20.0;
            }
            let share = percent as f32 / 100.0;
            let expected = (share * (1.0 - share) / PERMUTATIONS as f32).sqrt();
            assert!(off.abs() < 0.03, "{percent} %: off by {off}");
            assert!(squares.sqrt() < 1.6 * expected + 0.001, "{percent} %: {squares}");
        }
    }

    #[test]
    fn equal_signatures_share_all_bands_and_others_none() {
        let one = Signature::of(&[1, 2, 3]);
        assert!(one.band_keys().eq(Signature::of(&[3, 2, 1, 1]).band_keys()));
        let two = Signature::of(&[4, 5, 6]);
        assert!(one.band_keys().zip(two.band_keys()).all(|(a, b)| a != b));
        let mut keys: Vec<u64> = one.band_keys().collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), BANDS);
    }
}
