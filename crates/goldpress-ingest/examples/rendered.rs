//! Reads files, renders every record to an article and drops it: what `ingest` costs
//! before roles, fields and Parquet. Prints the number of articles and of all records.
//!
//! ```text
//! cargo run --release -p goldpress-ingest --example rendered -- pages.warc.gz
//! ```

use std::{num::NonZeroUsize, path::PathBuf};

use goldpress_ingest::{Asked, Hands, Options, Silent, run};
use goldpress_model::{Fields, Role};

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::print_stdout, reason = "the number is what it is run for")]
fn main() -> Result<(), goldpress_ingest::IngestError> {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()].into(),
        read_fields: &|_| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
    };
    let options = Options::new(Asked {
        threads: NonZeroUsize::MIN,
        keep_raw: false,
        ..Asked::default()
    })?;
    let summary = run(&files, &options, &hands, &mut |_, _| Ok(()), &Silent)?;
    println!("{} {}", summary.articles, summary.records);
    Ok(())
}
