//! Attribution: who says what.

mod quotes;
mod rules;
mod sources;

pub(crate) use rules::AttributionRules;
