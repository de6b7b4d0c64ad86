//! Laws of the store.

mod dataset;
mod labels;
