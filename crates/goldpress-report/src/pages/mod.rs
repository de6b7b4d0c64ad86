//! Pages: self-contained HTML, readable with scripts and styles both blocked.

mod eval;
mod figure;

pub use eval::eval_page;
