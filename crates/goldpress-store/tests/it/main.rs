//! Laws of the store.

mod dataset;
mod files;
mod labels;
mod laws;
mod runs;
mod schemas;
mod verify;
