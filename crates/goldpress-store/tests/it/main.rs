//! Laws of the store.

mod labels;
