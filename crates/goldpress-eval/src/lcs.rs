//! Longest common subsequence and edit distance of two sequences of numbers, exact.
//!
//! # Source
//!
//! Bit-parallel rows of the dynamic programme, 64 cells a word: Hyyrö (2004) for the
//! subsequence, Myers (1999) in the block form of Hyyrö (2003) for the distance. Where a
//! symbol does not occur in a word of 64 and no carry comes in, the word stays as it is,
//! so that rare symbols cost only the words in which they stand.

use std::collections::HashMap;

/// Length of the longest common subsequence.
///
/// Two texts of 100,000 words take a fraction of a second; the worst case, few distinct
/// symbols, costs `a · b / 64` steps.
pub(crate) fn common_length(a: &[u32], b: &[u32]) -> u64 {
    let (head, a, b) = trimmed(a, b);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.is_empty() {
        return head;
    }
    let masks = masks(a);
    // A zero bit at `i` says that the row's value rises at cell `i`.
    let mut row = vec![u64::MAX; a.len().div_ceil(64)];
    for symbol in b {
        let Some(words) = masks.get(symbol) else { continue };
        let mut carry = false;
        let mut next = 0;
        for &(word, mask) in words {
            // Between two words with the symbol only a carry can change anything, and it
            // runs on only through words of ones.
            let mut at = next;
            while carry && at < word {
                let (sum, over) = row[at].overflowing_add(1);
                row[at] |= sum;
                carry = over;
                at += 1;
            }
            let value = row[word];
            let (sum, over) = value.overflowing_add(value & mask);
            let (sum, over_again) = sum.overflowing_add(u64::from(carry));
            row[word] = sum | (value & !mask);
            carry = over || over_again;
            next = word + 1;
        }
        while carry && next < row.len() {
            let (sum, over) = row[next].overflowing_add(1);
            row[next] |= sum;
            carry = over;
            next += 1;
        }
    }
    let unused = row.len() * 64 - a.len();
    let ones: u64 = row.iter().map(|word| u64::from(word.count_zeros())).sum();
    // Bits past the end of `a` match nothing, yet a carry may clear them.
    let last = row[row.len() - 1];
    let beyond = if unused == 0 { 0 } else { (!last >> (64 - unused)).count_ones() };
    head + ones - u64::from(beyond)
}

/// Levenshtein distance: insertions, deletions and substitutions.
pub(crate) fn edit_distance(a: &[u32], b: &[u32]) -> u64 {
    let (_, a, b) = trimmed(a, b);
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if a.is_empty() {
        return b.len() as u64;
    }
    let n_words = a.len().div_ceil(64);
    let mut dense: HashMap<u32, Vec<u64>> = HashMap::new();
    for (at, symbol) in a.iter().enumerate() {
        let mask = dense.entry(*symbol).or_insert_with(|| vec![0; n_words]);
        mask[at / 64] |= 1 << (at % 64);
    }
    let absent = vec![0; n_words];
    // Vertical differences: +1 where `up` has a bit, -1 where `down` has one.
    let (mut up, mut down) = (vec![u64::MAX; n_words], vec![0_u64; n_words]);
    let last = 1_u64 << ((a.len() - 1) % 64);
    let mut distance = a.len() as u64;
    for symbol in b {
        let masks = dense.get(symbol).unwrap_or(&absent);
        // Horizontal difference that comes in from above: +1 in the first row.
        let (mut in_up, mut in_down) = (1_u64, 0_u64);
        for word in 0..n_words {
            let (p, n, mask) = (up[word], down[word], masks[word] | in_down);
            let x = masks[word] | n;
            let d = ((mask & p).wrapping_add(p) ^ p) | mask;
            let mut h_up = n | !(d | p);
            let mut h_down = p & d;
            if word + 1 == n_words {
                distance += u64::from(h_up & last != 0);
                distance -= u64::from(h_down & last != 0);
            }
            let (out_up, out_down) = (h_up >> 63, h_down >> 63);
            h_up = h_up << 1 | in_up;
            h_down = h_down << 1 | in_down;
            up[word] = h_down | !(x | h_up);
            down[word] = h_up & x;
            (in_up, in_down) = (out_up, out_down);
        }
    }
    distance
}

/// Length of the common beginning and end, and what stands between them on both sides.
fn trimmed<'s>(a: &'s [u32], b: &'s [u32]) -> (u64, &'s [u32], &'s [u32]) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    ((head + tail) as u64, &a[..a.len() - tail], &b[..b.len() - tail])
}

/// By symbol: the words of 64 in which it stands, in order, with its bits.
fn masks(a: &[u32]) -> HashMap<u32, Vec<(usize, u64)>> {
    let mut masks: HashMap<u32, Vec<(usize, u64)>> = HashMap::new();
    for (at, symbol) in a.iter().enumerate() {
        let words = masks.entry(*symbol).or_default();
        let (word, bit) = (at / 64, 1 << (at % 64));
        match words.last_mut() {
            Some(last) if last.0 == word => last.1 |= bit,
            _ => words.push((word, bit)),
        }
    }
    masks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The textbook table.
    fn plain(a: &[u32], b: &[u32]) -> (u64, u64) {
        let (n, m) = (a.len(), b.len());
        let mut common = vec![vec![0_u64; m + 1]; n + 1];
        let mut edits = vec![vec![0_u64; m + 1]; n + 1];
        for i in 0..=n {
            for j in 0..=m {
                edits[i][j] = match (i, j) {
                    (0, j) => j as u64,
                    (i, 0) => i as u64,
                    _ => {
                        let same = a[i - 1] == b[j - 1];
                        common[i][j] = match same {
                            true => common[i - 1][j - 1] + 1,
                            false => common[i - 1][j].max(common[i][j - 1]),
                        };
                        (edits[i - 1][j - 1] + u64::from(!same))
                            .min(edits[i - 1][j] + 1)
                            .min(edits[i][j - 1] + 1)
                    }
                };
            }
        }
        (common[n][m], edits[n][m])
    }

    proptest! {
        #[test]
        fn words_of_bits_give_what_the_table_gives(
            a in prop::collection::vec(0_u32..6, 0..300),
            b in prop::collection::vec(0_u32..6, 0..300),
        ) {
            let (common, edits) = plain(&a, &b);
            prop_assert_eq!(common_length(&a, &b), common);
            prop_assert_eq!(edit_distance(&a, &b), edits);
        }
    }
}
