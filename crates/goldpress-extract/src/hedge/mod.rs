//! Hedges: words that lower certainty.

mod lexicon;

pub(crate) use lexicon::HedgeLexicon;
