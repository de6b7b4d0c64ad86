//! Attribution: who says what.

mod phrases;
mod quotes;
mod rules;
mod sources;

pub(crate) use rules::AttributionRules;
