//! What every extractor promises, and what single ones find.

mod contract;
