//! What reports look like.

mod article;
mod eval;
mod table;
