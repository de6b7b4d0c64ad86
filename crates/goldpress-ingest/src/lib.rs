//! Readers of every input format: raw documents in, articles out.
//!
//! Knows formats, never crawlers: how a crawler calls its fields is a preset, a data file.
//! It cannot say what a block does in an article or who wrote it, and has no clock: all are
//! handed in as functions ([`Hands`]). It writes nothing: outcomes go to a sink.
//!
//! # Nothing is lost
//!
//! Every record of every input becomes exactly one [`Outcome`](goldpress_model::Outcome).
//! A broken record is a reject and its neighbours are read as if it were not there.
//!
//! # Example
//!
//! ```
//! use std::time::Duration;
//!
//! use goldpress_ingest::{Hands, Input, Item, Options, READERS, ingest};
//! use goldpress_model::{Fields, Outcome, Role};
//!
//! let hands = Hands {
//!     label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()].into(),
//!     read_fields: &|_| Fields::new(),
//!     cpu_time: &|| Duration::ZERO,
//! };
//! let options = Options::default();
//! let reader = READERS.iter().find(|reader| reader.name() == "text").expect("is there");
//! let input = Input::new("düne.txt", Box::new("Düne bricht\r\n\r\n\r\nNachts.".as_bytes()));
//! let mut items = reader.records(input, &options);
//! let Some(Item::Record(record)) = items.next() else { panic!("it is a record") };
//! let Outcome::Article(article) = ingest(Ok(*record), &hands, &options) else {
//!     panic!("it is an article")
//! };
//! assert_eq!(article.text(), "Düne bricht\n\nNachts.");
//! ```

mod archive;
mod compression;
mod cursor;
mod dates;
mod explain;
mod hearsay;
mod http;
mod ingest;
mod limits;
mod mapping;
mod markup;
mod options;
mod page;
mod presets;
mod publisher;
mod readers;
mod reading;
mod record;
mod run;
mod source;
mod values;

pub use explain::{Explained, explain};
pub use ingest::{BlockView, FieldView, Given, Hands, Labels, ingest};
pub use limits::{CpuClock, Limits};
pub use mapping::mappable;
pub use options::{Asked, Options};
pub use page::{Page, RenderError, render, render_within};
pub use presets::PRESETS;
pub use readers::{HEAD_BYTES, Input, READERS, Reader};
pub use record::{Content, Item, Record};
pub use run::{Done, IngestError, Progress, Silent, Sink, Summary, run, run_after};
pub use source::{files, is_stream};
