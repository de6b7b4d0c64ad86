//! Datasets as wholes: clusters of near-duplicates.
//!
//! Tables are read in batches, never a corpus whole.

mod dedup;

pub use self::dedup::{
    BANDS, Cluster, Clusters, DedupError, DedupOptions, PERMUTATIONS, Signature,
    add_headlines, clusters, dedup,
};
