//! Prints the blocks of pages as `ingest` renders them: path, share of links, text.
//!
//! ```text
//! cargo run -p goldpress-ingest --example blocks -- page.html more.html.gz
//! ```

use std::path::PathBuf;

use goldpress_ingest::{Hands, Options, Silent, run};
use goldpress_model::{Fields, Outcome, Role};

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), goldpress_ingest::IngestError> {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let hands = Hands {
        label_blocks: &|view| vec![Role::Paragraph; view.blocks.len()].into(),
        read_fields: &|_| Fields::new(),
        cpu_time: &|| std::time::Duration::ZERO,
    };
    let mut show = |outcome, _| {
        match outcome {
            Outcome::Article(article) => {
                println!("== {} ==", article.parts().origin.file);
                for block in article.blocks() {
                    let path = block.path.as_deref().unwrap_or("-");
                    let linked = block.link_density * 100.0;
                    let text = block.span.slice(article.text());
                    println!("{path} {linked:.0} % | {text}");
                }
            }
            Outcome::Reject(reject) => {
                println!("== {}: {}, {}", reject.file, reject.reason, reject.detail);
            }
        }
        Ok(())
    };
    let summary = run(&files, &Options::default(), &hands, &mut show, &Silent)?;
    println!("{summary:#?}");
    Ok(())
}
