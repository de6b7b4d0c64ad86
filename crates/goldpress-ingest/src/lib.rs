//! Readers of every input format: raw documents in, articles out.

mod limits;
mod page;

pub use limits::Limits;
pub use page::{Page, RenderError, render, render_within};
