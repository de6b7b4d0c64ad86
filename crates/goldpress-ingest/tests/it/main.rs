//! What this crate promises, one behaviour a module.

mod pages;
