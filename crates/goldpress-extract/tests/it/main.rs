//! What every extractor promises, and what single ones find.

mod blocks;
mod contract;
mod seed;
mod timex;
