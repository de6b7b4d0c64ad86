//! The near-duplicates of made articles.

mod dedup;
mod made;
