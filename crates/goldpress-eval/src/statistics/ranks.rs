//! Ranks with ties: an order that the data cannot support is not printed.

/// Rank of one system, and the ranks it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// One more than the number of systems that are separated above it.
    pub rank: usize,
    /// Its rank and the lowest that it may have.
    pub interval: (usize, usize),
}

/// Ranks of `n` systems from the pairs that are separated, as (better, worse).
pub fn ranks(n: usize, separated: &[(usize, usize)]) -> Vec<Rank> {
    (0..n)
        .map(|system| {
            let rank = 1 + separated.iter().filter(|pair| pair.1 == system).count();
            let below = separated.iter().filter(|pair| pair.0 == system).count();
            Rank { rank, interval: (rank, n - below) }
        })
        .collect()
}
