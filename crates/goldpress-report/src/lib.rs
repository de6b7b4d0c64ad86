//! Numbers to pages: tables as text, Markdown, CSV and JSON, and one HTML page.
//!
//! Reads result documents only, so a report can be redrawn years later. It scores
//! nothing, opens no dataset and writes no file: every function returns a string.
//!
//! # Hostile text
//!
//! Article text, and names of files, systems and labels are hostile: [`door`] has one
//! function for each medium, and tables and sheets pass through it by themselves.
//!
//! # Example
//!
//! ```
//! use goldpress_report::{Align, Cell, Format, Table};
//!
//! let mut table = Table::new(&[("läuft", Align::Left), ("F1", Align::Right)]);
//! table.push(vec![Cell::text("month-names"), Cell::ratio(Some(0.25))]);
//! table.push(vec![Cell::text("silent"), Cell::ratio(None)]);
//! assert_eq!(table.render(Format::Csv), "läuft,F1\nmonth-names,0.25\nsilent,\n");
//! ```

mod article;
pub mod ci;
mod comparison;
pub mod door;
mod findings;
mod kinds;
mod number;
pub mod pages;
mod scores;
mod sheet;
mod slices;
mod table;

pub use article::{ArticleStyle, article_text};
pub use comparison::tests_of;
pub use findings::Detail;
pub use number::{count, counted, duration_ms, points, rate, ratio, times};
pub use scores::{leaderboard, score_table, summary};
pub use table::{Align, Cell, Format, Table};
